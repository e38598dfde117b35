package item

import (
	"encoding/json"
	"strings"
)

// maxGap bounds how many nulls an index beyond the end of an array puts in.
const maxGap = 10000

// A nodeKind says what a node of a JSON body is.
type nodeKind int

const (
	nodeUnset  nodeKind = iota // nothing yet; null when written
	nodeText                   // JSON text, taken apart when a path enters it
	nodeObject                 // members
	nodeArray                  // items
)

// A node is one value of a JSON body while fields are put in.
type node struct {
	kind    nodeKind
	text    string // for nodeText, without blanks around it
	members []member
	items   []*node
}

// A member is one member of an object, its key as JSON text.
type member struct {
	name string
	key  string
	val  *node
}

// put sets the value that a path leads to, and makes what is missing of the
// objects and arrays on the way.
func (n *node) put(path string, steps []step, text string) *fault {
	for _, s := range steps {
		if f := n.become(path, s); f != nil {
			return f
		}
		if s.kind == stepKey {
			n = n.member(s.key)
			continue
		}
		index := s.index
		if s.kind == stepAppend {
			index = len(n.items)
		}
		if index-len(n.items) > maxGap {
			return &fault{pos: s.start + 1, msg: "an index too far beyond the end", tip: path[:s.start] + "[]=VALUE to append"}
		}
		for len(n.items) <= index {
			n.items = append(n.items, &node{})
		}
		n = n.items[index]
	}
	*n = node{kind: nodeText, text: text}
	return nil
}

// become makes n the object or array that the step s of a path needs. What n
// holds already stays; a null and what is not set yet may become either.
func (n *node) become(path string, s step) *fault {
	want := nodeArray
	if s.kind == stepKey {
		want = nodeObject
	}
	if n.kind == nodeText {
		n.open()
	}
	if n.kind == nodeUnset {
		n.kind = want
	}
	if n.kind == want {
		return nil
	}
	return conflict(path, s, n.typeName())
}

// conflict is the fault of a step into a value of another type.
func conflict(path string, s step, have string) *fault {
	at := path[:s.start]
	f := &fault{pos: s.start, msg: cut(at) + " is " + have + " already"}
	if at == "" {
		f.msg = "the body is " + have + " already"
	}
	switch {
	case have == "an array":
		f.tip = at + "[]" + bracketed(path, s) + "=VALUE for an object in it"
	case have == "an object" && s.kind == stepIndex:
		f.tip = at + `[\` + s.number(path) + "]=VALUE for a key that is a number"
	case have == "an object":
		f.tip = at + "[NAME]=VALUE"
		if at == "" {
			f.tip = "NAME[]=VALUE"
		}
	default:
		f.tip = "one of " + at + "=VALUE and " + path + "=VALUE"
	}
	return f
}

// bracketed is the step s of a path as it is written after another one.
func bracketed(path string, s step) string {
	text := path[s.start:s.end]
	if strings.HasPrefix(text, "[") {
		return text
	}
	return "[" + text + "]"
}

// number is the index of a step as typed.
func (s step) number(path string) string { return path[s.start+1 : s.end-1] }

// open takes the JSON text of an object, array or null apart by one level.
func (n *node) open() {
	switch n.text[0] {
	case '{':
		n.kind = nodeObject
		each(n.text, func(key, value string) {
			n.members = append(n.members, member{name: unquote(key), key: key, val: &node{kind: nodeText, text: value}})
		})
	case '[':
		n.kind = nodeArray
		each(n.text, func(_, value string) {
			n.items = append(n.items, &node{kind: nodeText, text: value})
		})
	case 'n':
		n.kind = nodeUnset
	}
}

// each calls visit with the texts of an object's members or an array's
// elements, whose key is empty. The text must be valid and without blanks
// around it.
func each(text string, visit func(key, value string)) {
	s := scanner{text: text, i: 1}
	for s.space(); s.i < len(text)-1; s.space() {
		var key string
		if text[0] == '{' {
			start := s.i
			s.str()
			key = text[start:s.i]
			s.space()
			s.i++ // the colon
			s.space()
		}
		start := s.i
		s.value()
		visit(key, text[start:s.i])
		s.space()
		if s.peek() == ',' {
			s.i++
		}
	}
}

// unquote is the string that a valid JSON string stands for.
func unquote(quoted string) string {
	var s string
	// The scanner has checked the text, so there is nothing to go wrong.
	_ = json.Unmarshal([]byte(quoted), &s)
	return s
}

// member is the value of an object under a key, made when it is missing. Of
// duplicates it is the last, the one most readers take.
func (n *node) member(name string) *node {
	for i := len(n.members) - 1; i >= 0; i-- {
		if n.members[i].name == name {
			return n.members[i].val
		}
	}
	val := &node{}
	n.members = append(n.members, member{name: name, key: quote(name), val: val})
	return val
}

// typeName is what n holds, for messages.
func (n *node) typeName() string {
	switch n.kind {
	case nodeObject:
		return "an object"
	case nodeArray:
		return "an array"
	case nodeUnset:
		return "null"
	}
	switch n.text[0] {
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	}
	return "a number"
}

// appendTo appends n as JSON text.
func (n *node) appendTo(dst []byte) []byte {
	switch n.kind {
	case nodeText:
		return append(dst, n.text...)
	case nodeObject:
		dst = append(dst, '{')
		for i, m := range n.members {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(dst, m.key...)
			dst = append(dst, ':')
			dst = m.val.appendTo(dst)
		}
		return append(dst, '}')
	case nodeArray:
		dst = append(dst, '[')
		for i, item := range n.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.appendTo(dst)
		}
		return append(dst, ']')
	}
	return append(dst, "null"...)
}

// quote is s as JSON text. Only what must be is escaped: quotes, backslashes
// and control characters.
func quote(s string) string {
	const hex = "0123456789abcdef"
	dst := make([]byte, 0, len(s)+2)
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c < ' ':
			dst = append(dst, `\u00`...)
			dst = append(dst, hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return string(append(dst, '"'))
}
