// Package jsontext works on JSON as the bytes it came in.
//
// A server's answer is read many more times than it is decoded: drawn on the
// screen, asked for one field, completed from. Here one value is found inside
// another without building anything ([Skip], [Field], [Index], [Each]), so
// that a result is a piece of the body exactly as received: big integers,
// 1.10, escapes, duplicate keys and key order are as the server wrote them.
//
// Where a tree is needed after all, [Decode] makes one for a jq engine:
// strings share the memory of the body and the order of keys is kept beside
// it in an [Order].
//
// Only [Decode] checks the whole grammar of RFC 8259. The functions that look
// for a piece check what they walk through: that brackets match, strings end
// and members are separated.
package jsontext

import "strconv"

// MaxDepth is how many objects and arrays may be open at once, as in
// encoding/json. Deeper text is an error: no one writes it by hand, and
// walking it would cost stack.
const MaxDepth = 10_000

// A SyntaxError is JSON text that is not JSON.
type SyntaxError struct {
	Offset int64  // bytes before the spot, from the start of the text
	Msg    string // what is wrong there: lower case, no full stop
}

// Error gives the message and the place.
func (e *SyntaxError) Error() string {
	return e.Msg + " at byte " + strconv.FormatInt(e.Offset, 10)
}

// A Kind is what sort of value a text is. The zero Kind is no value.
type Kind uint8

// The kinds of RFC 8259 section 3, with true and false as one.
const (
	Invalid Kind = iota
	Null
	Bool
	Number
	String
	List
	Object
)

// String names the kind in the words shown to people: "list", not "array".
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "boolean"
	case Number:
		return "number"
	case String:
		return "string"
	case List:
		return "list"
	case Object:
		return "object"
	}
	return "nothing"
}

// KindOf tells the kind of a value from its first byte, which does not mean
// that the rest of it is right.
func KindOf(c byte) Kind {
	switch {
	case c == '{':
		return Object
	case c == '[':
		return List
	case c == '"':
		return String
	case c == '-', '0' <= c && c <= '9':
		return Number
	case c == 't', c == 'f':
		return Bool
	case c == 'n':
		return Null
	}
	return Invalid
}

// Blank returns the offset of the first byte at or after i that is not JSON
// white space, len(b) if there is none.
func Blank(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// Opening looks at how a text begins and reports what is known never to be
// JSON: nothing at all, a byte order mark, the )]}' some servers send against
// script inclusion, markup. It returns nil when the text may be JSON. The
// error is a [*SyntaxError].
func Opening(b []byte) error {
	i := Blank(b, 0)
	rest := b[i:]
	switch {
	case len(rest) == 0 && i == 0:
		return fault(0, "empty text")
	case len(rest) == 0:
		return fault(0, "only blanks")
	case hasPrefix(b, "\xef\xbb\xbf"):
		return fault(0, "byte order mark before the JSON")
	case hasPrefix(rest, ")]}'"):
		return fault(i, ")]}' before the JSON, a guard against script inclusion")
	case rest[0] == '<':
		return fault(i, "begins with <, which is markup")
	case KindOf(rest[0]) == Invalid:
		return unexpected(rest, 0, i, "a value")
	}
	return nil
}

func hasPrefix(b []byte, s string) bool {
	return len(b) >= len(s) && string(b[:len(s)]) == s
}

func fault(i int, msg string) error {
	return &SyntaxError{Offset: int64(i), Msg: msg}
}

// unexpected describes the byte b[i], shown as being at offset at, where want
// should have stood.
func unexpected(b []byte, i, at int, want string) error {
	if i >= len(b) {
		return fault(at, "text ends where "+want+" was expected")
	}
	return fault(at, "unexpected "+strconv.QuoteRune(firstRune(b[i:]))+" where "+want+" was expected")
}

func firstRune(b []byte) rune {
	for _, r := range string(b[:min(4, len(b))]) {
		return r
	}
	return 0
}
