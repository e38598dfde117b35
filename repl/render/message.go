package render

import (
	"io"
	"strings"
)

// unmark returns s without marks.
func unmark(s string) string {
	if !strings.ContainsAny(s, "‹›") {
		return s
	}
	return strings.NewReplacer("‹", "", "›", "").Replace(s)
}

// Hint writes "hint: " and the text, dim but for what stands in ‹marks›, which is
// what to type. The marks are these two brackets:
//
//	hint: log in with: ‹auth jdoe›
//
// The marks themselves are not drawn.
func Hint(w io.Writer, s string, st *Style) error { return marked(w, "hint: "+s, st) }

// Notice writes a line of the program's own, dim but for ‹marks›.
func Notice(w io.Writer, s string, st *Style) error { return marked(w, s, st) }

// Note writes a line about what was not shown, in square brackets, dim but for
// ‹marks›.
func Note(w io.Writer, s string, st *Style) error { return marked(w, "[ "+s+" ]", st) }

func marked(w io.Writer, s string, st *Style) error {
	l := newLine(st)
	l.marked(s)
	l.wrap()
	return l.end(w)
}

// marked appends s, dim but for ‹marks›.
func (l *line) marked(s string) {
	s = l.clean(s)
	for s != "" {
		before, rest, found := strings.Cut(s, "‹")
		if before != "" {
			l.add(l.paint.dim, unmark(before))
		}
		if !found {
			break
		}
		bright, after, _ := strings.Cut(rest, "›")
		bright = unmark(bright)
		if l.Wrap {
			bright = strings.ReplaceAll(bright, " ", string(firm))
		}
		l.add(nil, bright)
		s = after
	}
}

// Warning writes "warning:" in red and the text as [Notice] does.
func Warning(w io.Writer, s string, st *Style) error {
	l := newLine(st)
	l.add(l.paint.bad, "warning:")
	l.buf = append(l.buf, ' ')
	l.marked(s)
	l.wrap()
	return l.end(w)
}

// Error writes an error: the prefix (a command, "query", "stdin:9") and a colon in
// red, then the message. Without a prefix the message stands alone.
func Error(w io.Writer, prefix, msg string, st *Style) error {
	l := newLine(st)
	if prefix != "" {
		l.outside(l.paint.bad, prefix+":")
		l.buf = append(l.buf, ' ')
	}
	l.outside(nil, msg)
	l.wrap()
	return l.end(w)
}
