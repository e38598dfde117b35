package jsontext

// indentSkip is where counting without drawing stands.
type indentSkip struct {
	on     bool
	depth  int
	str    bool // inside a string
	esc    bool // after a backslash
	scalar bool // inside a number or literal at the top
	first  bool // the container whose elements are counted has none so far
}

// count passes over b and goes on counting values and elements, without checking.
func (x *Indenter) count(b []byte) {
	s := &x.skip
	if !s.on {
		*s = indentSkip{on: true, depth: len(x.stack), str: x.state == indentInString, esc: x.esc == 1,
			first:  (x.state == indentFirst || x.state == indentFirstKey) && len(x.stack) == 1 && x.values == 1,
			scalar: len(x.stack) == 0 && (x.state == indentInNumber || x.state == indentInLiteral)}
	}
	x.offset += int64(len(b))
	for i := 0; i < len(b); i++ {
		switch {
		case s.esc:
			s.esc = false
		case s.str:
			i += indentPlain(b[i:])
			if i < len(b) {
				s.esc, s.str = b[i] == '\\', b[i] != '"'
			}
		default:
			x.countByte(b[i])
		}
	}
}

// countByte counts by one byte outside of strings.
func (x *Indenter) countByte(c byte) {
	s := &x.skip
	switch c {
	case ' ', '\t', '\n', '\r':
		s.scalar = false
		return
	case ',':
		if s.depth == 1 && x.values == 1 {
			x.items++
		}
		return
	case '}', ']':
		s.depth, s.first = max(s.depth-1, 0), false
		return
	}
	if s.first {
		s.first = false
		x.items++
	}
	if s.depth == 0 && !s.scalar {
		x.values++
	}
	s.scalar = false
	switch c {
	case '"':
		s.str = true
	case '{', '[':
		s.depth++
	default:
		s.scalar = s.depth == 0
	}
}
