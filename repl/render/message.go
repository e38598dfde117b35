package render

import (
	"io"
	"strings"
)

// Mark returns s marked as something to type: Hint, Notice and Note draw it bright.
// The marks are the brackets ‹ and ›, which may also be written in the text.
func Mark(s string) string { return "‹" + unmark(s) + "›" }

func unmark(s string) string {
	if !strings.ContainsAny(s, "‹›") {
		return s
	}
	return strings.NewReplacer("‹", "", "›", "").Replace(s)
}

// Hint writes "hint: " and the text, dim but for what stands in ‹marks›, which is
// what to type:
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
		l.add(nil, unmark(bright))
		s = after
	}
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
	return l.end(w)
}
