package item

import (
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deep JSON typed or read may nest.
const maxDepth = 10000

// CheckJSON tells what keeps text from being one JSON value (RFC 8259), nil
// for nothing; it is an *Error whose Pos is an offset into text. NaN and
// Infinity are no JSON.
func CheckJSON(text string) error {
	if f := checkJSON(text); f != nil {
		return &Error{Item: Item{Kind: BodyText}, Pos: f.pos, Msg: f.msg, Tip: f.tip}
	}
	return nil
}

// checkJSON is the first fault of a text that should be one JSON value.
func checkJSON(text string) *fault {
	if i := invalidUTF8(text); i >= 0 {
		return &fault{pos: i, msg: "not UTF-8 text"}
	}
	s := scanner{text: text}
	s.space()
	if f := s.value(); f != nil {
		return f
	}
	s.space()
	if s.i < len(text) {
		return &fault{pos: s.i, msg: "text after the end of the JSON value"}
	}
	return nil
}

// invalidUTF8 is the offset of the first byte that is no UTF-8, -1 for none.
func invalidUTF8(text string) int {
	if utf8.ValidString(text) {
		return -1
	}
	for i, r := range text {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(text[i:]); n == 1 {
				return i
			}
		}
	}
	return -1
}

// A scanner goes through JSON text without recursion, so that depth costs a
// byte a level and no stack.
type scanner struct {
	text string
	i    int
	open []byte // the closing brackets to come, outermost first
}

// value goes past the value at the scanner's place.
func (s *scanner) value() *fault {
	for {
		opened, f := s.begin()
		if f != nil {
			return f
		}
		if opened {
			continue
		}
		more, f := s.finish()
		if f != nil || !more {
			return f
		}
	}
}

// begin goes past a scalar, an empty object or array, or the opening of one
// up to its first value; opened tells that a value is due.
func (s *scanner) begin() (opened bool, f *fault) {
	switch c := s.peek(); c {
	case '{', '[':
		if len(s.open) == maxDepth {
			return false, s.fault("nested too deep", "")
		}
		s.i++
		s.space()
		end := c + 2 // '{' and '}' are two apart, and so are '[' and ']'
		if s.peek() == end {
			s.i++
			return false, nil
		}
		s.open = append(s.open, end)
		if c == '{' {
			return true, s.key()
		}
		return true, nil
	case '"':
		return false, s.str()
	default:
		return false, s.scalar()
	}
}

// finish goes past closing brackets and the comma after a value; more tells
// that another value is due.
func (s *scanner) finish() (more bool, f *fault) {
	for len(s.open) > 0 {
		s.space()
		end := s.open[len(s.open)-1]
		switch s.peek() {
		case end:
			s.open = s.open[:len(s.open)-1]
			s.i++
		case ',':
			comma := s.i
			s.i++
			s.space()
			if s.peek() == end {
				return false, &fault{pos: comma, msg: "a comma before " + string(end), tip: "leave the last comma out"}
			}
			if end == '}' {
				return true, s.key()
			}
			return true, nil
		default:
			return false, s.fault("a comma or "+string(end)+" is missing", "")
		}
	}
	return false, nil
}

// key goes past the key of a member, its colon and the blanks after it.
func (s *scanner) key() *fault {
	if s.peek() != '"' {
		return s.fault("a key in double quotes is missing", `{"name": "value"}`)
	}
	if f := s.str(); f != nil {
		return f
	}
	s.space()
	if s.peek() != ':' {
		return s.fault("a colon after the key is missing", "")
	}
	s.i++
	s.space()
	return nil
}

// str goes past a string.
func (s *scanner) str() *fault {
	start := s.i
	for s.i++; s.i < len(s.text); s.i++ {
		switch c := s.text[s.i]; {
		case c == '"':
			s.i++
			return nil
		case c < ' ':
			return s.fault("a control character in a string", `\n for a new line, \t for a tab`)
		case c == '\\':
			if n := escapeLen(s.text[s.i:]); n > 0 {
				s.i += n - 1
			} else {
				return s.fault("an unknown escape in a string", `\\ for a backslash`)
			}
		}
	}
	return &fault{pos: start, msg: "a string without its closing quote"}
}

// escapeLen is the length of the escape that text starts with, 0 for none
// that JSON knows.
func escapeLen(text string) int {
	if len(text) < 2 {
		return 0
	}
	if strings.IndexByte(`"\/bfnrt`, text[1]) >= 0 {
		return 2
	}
	if text[1] != 'u' || len(text) < 6 {
		return 0
	}
	for _, c := range []byte(text[2:6]) {
		if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return 0
		}
	}
	return 6
}

// scalar goes past a number, true, false or null.
func (s *scanner) scalar() *fault {
	if s.i == len(s.text) {
		return s.fault("a JSON value is missing", "")
	}
	rest := s.text[s.i:]
	word := rest[:wordLen(rest)]
	switch word {
	case "true", "false", "null":
		s.i += len(word)
		return nil
	case "NaN", "Infinity", "-Infinity", "-NaN":
		return s.fault(word+" is no JSON number", "null")
	case "True", "False":
		return s.fault(word+" is no JSON", strings.ToLower(word))
	case "None", "undefined", "nil":
		return s.fault(word+" is no JSON", "null")
	}
	if rest[0] == '\'' {
		return s.fault("JSON strings take double quotes", `"text"`)
	}
	if rest[0] != '-' && !isDigit(rest[0]) {
		return s.fault("not JSON", "")
	}
	n := numberLen(rest)
	if n != len(word) {
		return &fault{pos: s.i + n, msg: "not a JSON number"}
	}
	s.i += n
	return nil
}

// space goes past blanks.
func (s *scanner) space() {
	for s.i < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.i]) >= 0 {
		s.i++
	}
}

// peek is the byte at the scanner's place, 0 at the end.
func (s *scanner) peek() byte {
	if s.i < len(s.text) {
		return s.text[s.i]
	}
	return 0
}

// fault is a fault at the scanner's place.
func (s *scanner) fault(msg, tip string) *fault {
	if s.i >= len(s.text) {
		msg = "the JSON ends too early: " + msg
	}
	return &fault{pos: s.i, msg: msg, tip: tip}
}
