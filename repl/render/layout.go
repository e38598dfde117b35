package render

import "sonde/repl/text"

// picture returns how many columns a picture may have. Below 40 there is nothing
// to see, above 200 the eye loses the row.
func (s *Style) picture() int {
	if s.Width <= 0 {
		return 80
	}
	return min(max(s.Width, 40), 200)
}

// blanks appends n blanks.
func (l *line) blanks(n int) {
	for range n {
		l.buf = append(l.buf, ' ')
	}
}

// fill appends s n times in the given attribute.
func (l *line) fill(attr []byte, s string, n int) {
	if n <= 0 {
		return
	}
	l.buf = append(l.buf, attr...)
	for range n {
		l.buf = append(l.buf, s...)
	}
	if len(attr) > 0 {
		l.buf = append(l.buf, l.paint.off...)
	}
}

// right appends s, cleaned already, at the right of so many cells.
func (l *line) right(attr []byte, s string, cells int) {
	l.blanks(cells - text.Width(s))
	l.add(attr, s)
}

// left appends s, cleaned already, at the left of so many cells.
func (l *line) left(attr []byte, s string, cells int) {
	l.add(attr, s)
	l.blanks(cells - text.Width(s))
}

// A chip is a few words of one line that stay together.
type chip struct {
	attr []byte
	text string
}

// flow appends chips with so many blanks before each line and so many between
// two, and breaks the line before what does not fit.
func (l *line) flow(chips []chip, indent, between int) {
	used := 0
	for _, c := range chips {
		s := text.Cut(c.text, l.picture()-indent)
		w := text.Width(s)
		switch {
		case used == 0:
			l.blanks(indent)
			used = indent
		case used+between+w > l.picture():
			l.buf = append(l.buf, '\n')
			l.blanks(indent)
			used = indent
		default:
			l.blanks(between)
			used += between
		}
		l.add(c.attr, s)
		used += w
	}
	if used > 0 {
		l.buf = append(l.buf, '\n')
	}
}
