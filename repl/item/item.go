// Package item reads the items of a request line, the words after the URL,
// and makes request bodies of them.
//
// An item is a name, a separator and a value. The leftmost separator decides,
// and where several start at the same byte the longest:
//
//	Name:value     header                      Name:@FILE    header from a file
//	Name:          leave out an inherited one  Name;         send it empty
//	name==value    query parameter             name==@FILE   parameter from a file
//	name=value     string field                name=@FILE    string from a file
//	name:=JSON     field of any JSON type      name:=@FILE   JSON from a file
//	name@FILE      file upload                 @FILE         the file is the body
//	{…} […]        the body itself, as JSON
//
// A backslash in front of one of ":;=@" in a name makes that byte a part of
// the name. A semicolon separates only at the end of the word.
//
// The name of a JSON field is a path: a[b]=x sets key b of the object a,
// a[0]=x the first element of the array a, a[]=x appends to it, and []=x or
// [0]=x make the whole body an array. \[ \] and \\ stand for themselves, and
// a[\0] is the key "0" instead of an index.
package item

import "strings"

// A Kind says what an item adds to a request.
type Kind int

// The kinds of items. The zero Kind is no item.
const (
	None         Kind = iota
	Header            // Name:value
	HeaderFile        // Name:@FILE, Value is the path
	HeaderUnset       // Name: leaves out a header that would be inherited
	HeaderEmpty       // Name; or a value that came out empty
	Param             // name==value
	ParamFile         // name==@FILE, Value is the path
	Field             // name=value
	FieldFile         // name=@FILE, Value is the path
	RawField          // name:=JSON, Value is the JSON text as typed
	RawFieldFile      // name:=@FILE, Value is the path
	Upload            // name@FILE, Value is the path
	BodyFile          // @FILE, Value is the path
	BodyText          // {…} or […], Value is the whole word
)

// An Item is one word of a request line, taken apart.
type Item struct {
	Kind  Kind
	Name  string // left of the separator, its separator escapes resolved; empty for BodyFile and BodyText
	Value string // right of the separator; for a file, its path
	Type  string // media type of an Upload or BodyFile given by ";type=…"; empty: none given
	Sep   int    // byte offset of the separator in the word; 0 for BodyText
	path  string // the name with the escapes a path needs; empty: Name serves
}

// IsField reports whether the item is a named part of a body: a field or an
// upload.
func (i Item) IsField() bool {
	switch i.Kind {
	case Field, FieldFile, RawField, RawFieldFile, Upload:
		return true
	}
	return false
}

// ValueOffset is the byte offset of the value in the word that Parse read.
func (i Item) ValueOffset() int { return i.Sep + len(i.Kind.separator()) }

// label names the item in messages without its value, which may be secret.
func (i Item) label() string {
	switch i.Kind {
	case BodyText:
		return "body"
	case BodyFile:
		return "@" + cut(i.Value)
	}
	return cut(i.Name) + i.Kind.separator()
}

// separator is the text between name and value.
func (k Kind) separator() string {
	switch k {
	case Header, HeaderUnset:
		return ":"
	case HeaderFile:
		return ":@"
	case HeaderEmpty:
		return ";"
	case Param:
		return "=="
	case ParamFile:
		return "==@"
	case Field:
		return "="
	case FieldFile:
		return "=@"
	case RawField:
		return ":="
	case RawFieldFile:
		return ":=@"
	case Upload, BodyFile:
		return "@"
	}
	return ""
}

// cut shortens a name for a message.
func cut(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
