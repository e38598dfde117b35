package render

import (
	"io"
	"strings"

	"sonde/repl/text"
)

// Caret writes the line of s that holds the byte offset col and below it a caret
// with a message:
//
//	.name
//	 ^ pick one first: .0.name
//
// Both lines are indented by two blanks. A long line is cut so that the caret's
// neighbourhood is seen. An offset outside of s points at the nearest end. The
// message may have ‹marks›.
func Caret(w io.Writer, s string, col int, msg string, st *Style) error {
	l := newLine(st)
	before, after := caretLine(s, col)
	room := 76 // of 80 columns, for a pipe
	if l.Width > 0 {
		room = max(l.Width-4, 8)
	}
	if limit := room * 2 / 3; text.Width(before) > limit {
		before = "…" + cutLeft(before, limit-1)
	}
	at := text.Width(before)
	l.buf = append(l.buf, "  "...)
	l.buf = append(l.buf, before...)
	l.buf = append(l.buf, text.Cut(after, room-at+1)...)
	l.buf = append(l.buf, "\n  "...)
	l.buf = append(l.buf, strings.Repeat(" ", at)...)
	l.add(l.paint.bad, "^")
	msg = unmark(text.Clean(msg))
	switch {
	case msg == "":
	case at+len("^ ")+text.Width(msg) <= room:
		l.buf = append(l.buf, ' ')
		l.add(nil, msg)
	default: // below, broken at words
		for row := range text.Wrap(msg, room) {
			l.buf = append(l.buf, "\n  "...)
			l.add(nil, row)
		}
	}
	return l.end(w)
}

// caretLine returns the cleaned text before and after col on col's line.
func caretLine(s string, col int) (before, after string) {
	col = min(max(col, 0), len(s))
	start := strings.LastIndexByte(s[:col], '\n') + 1
	end := len(s)
	if n := strings.IndexByte(s[col:], '\n'); n >= 0 {
		end = col + n
	}
	return text.Clean(s[start:col]), text.Clean(s[col:end])
}

// cutLeft returns the end of s that is at most cols cells wide.
func cutLeft(s string, cols int) string {
	over := text.Width(s) - cols
	if over <= 0 {
		return s
	}
	n := 0
	for cluster, w := range text.Clusters(s) {
		if over <= 0 && w > 0 {
			break
		}
		n, over = n+len(cluster), over-w
	}
	return s[n:]
}
