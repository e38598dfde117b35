package jsontext

import "bytes"

// Skip returns the offset just after the value that starts at b[i]; blanks
// may stand before it. Brackets must match and strings must end, nothing else
// is checked inside an object or array. The error is a [*SyntaxError].
func Skip(b []byte, i int) (int, error) {
	i = Blank(b, i)
	if i >= len(b) {
		return i, unexpected(b, i, i, "a value")
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		return skipContainer(b, i)
	}
	return skipScalar(b, i)
}

// skipString returns the offset after the string that opens at b[i].
func skipString(b []byte, i int) (int, error) {
	for j := i + 1; ; {
		k := bytes.IndexByte(b[j:], '"')
		if k < 0 {
			return len(b), fault(i, "string without its closing quote")
		}
		j += k + 1
		if b[j-2] != '\\' || !escaped(b, i+1, j-1) {
			return j, nil
		}
	}
}

// escaped reports whether an odd number of backslashes stands before b[end],
// looking back no further than start.
func escaped(b []byte, start, end int) bool {
	n := 0
	for j := end - 1; j >= start && b[j] == '\\'; j-- {
		n++
	}
	return n%2 == 1
}

// skipScalar returns the offset after the number or literal at b[i].
func skipScalar(b []byte, i int) (int, error) {
	switch KindOf(b[i]) {
	case Number:
		j := i + 1
		for j < len(b) && scanClass[b[j]] == isDigit {
			j++
		}
		return j, nil
	case Bool, Null:
		for _, word := range [...]string{"true", "false", "null"} {
			if hasPrefix(b[i:], word) {
				return i + len(word), nil
			}
		}
	}
	return i, unexpected(b, i, i, "a value")
}

// Classes of bytes as a scan sees them: those that may stand in a number, the
// ones that change the structure, and the rest.
const (
	isOther = iota
	isDigit
	isQuote
	isOpen
	isClose
)

var scanClass = [256]uint8{
	'"': isQuote, '{': isOpen, '[': isOpen, '}': isClose, ']': isClose,
	'0': isDigit, '1': isDigit, '2': isDigit, '3': isDigit, '4': isDigit,
	'5': isDigit, '6': isDigit, '7': isDigit, '8': isDigit, '9': isDigit,
	'-': isDigit, '+': isDigit, '.': isDigit, 'e': isDigit, 'E': isDigit,
}

// skipContainer returns the offset after the object or array that opens at
// b[i]. It looks at structure only, so that whole bodies pass at memory speed.
func skipContainer(b []byte, i int) (int, error) {
	var open nest
	start := i
	for i < len(b) {
		switch scanClass[b[i]] {
		case isQuote:
			k := bytes.IndexByte(b[i+1:], '"')
			if k >= 0 && b[i+k] != '\\' {
				i += k + 2
				continue
			}
			end, err := skipString(b, i)
			if err != nil {
				return end, err
			}
			i = end
			continue
		case isOpen:
			if !open.push(b[i] == '{') {
				return i, fault(i, "nested deeper than 10,000 levels")
			}
		case isClose:
			if open.pop() != (b[i] == '}') {
				return i, fault(i, "bracket that closes another kind")
			}
			if open.depth == 0 {
				return i + 1, nil
			}
		}
		i++
	}
	return i, fault(start, "text ends inside the "+KindOf(b[start]).String()+" that opens")
}

// nest is the stack of open brackets, one bit each: set for an object. The
// bits of depths beyond 64 are parked in more.
type nest struct {
	bits  uint64
	depth int
	more  []uint64
}

func (n *nest) push(object bool) bool {
	if n.depth >= MaxDepth {
		return false
	}
	if n.depth&63 == 0 && n.depth > 0 {
		n.more = append(n.more, n.bits)
	}
	n.bits <<= 1
	if object {
		n.bits |= 1
	}
	n.depth++
	return true
}

// pop reports whether what closes was an object; the stack is not empty.
func (n *nest) pop() bool {
	object := n.bits&1 == 1
	n.bits >>= 1
	n.depth--
	if n.depth&63 == 0 && n.depth > 0 {
		n.bits = n.more[len(n.more)-1]
		n.more = n.more[:len(n.more)-1]
	}
	return object
}
