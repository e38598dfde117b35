package render

import (
	"bytes"

	"sonde/repl/text"
)

// firm stands for a blank that no row is broken at. It cannot be in a line
// otherwise: for a screen, control characters are escaped.
const firm = '\x00'

// hang is how far the further rows of a broken line stand in.
const hang = 2

// wrap breaks a line that is too long for the screen at its blanks. What is to be
// typed stays in one row, so that it can be copied. A terminal would break it
// anywhere.
func (l *line) wrap() {
	defer func() { l.buf = bytes.ReplaceAll(l.buf, []byte{firm}, []byte{' '}) }()
	if !l.Wrap || len(l.buf) <= l.Width {
		return
	}
	out := make([]byte, 0, len(l.buf)+16)
	col, blanks := 0, 0
	for rest := l.buf; len(rest) > 0; {
		word := rest[:wordEnd(rest)]
		rest = rest[len(word):]
		w := drawnWidth(word)
		need := w
		if string(bytes.TrimLeft(word, "\x1b[0123456789m")) == "·" { // which begins a row, but does not end one
			if next := bytes.TrimLeft(rest, " "); len(next) > 0 {
				need += 1 + drawnWidth(next[:wordEnd(next)])
			}
		}
		if col+blanks+need > l.Width && col > hang {
			out = append(out, '\n')
			col, blanks = 0, hang
		}
		out = append(out, "                "[:min(blanks, 16)]...)
		out = append(out, word...)
		col, blanks = col+blanks+w, 0
		for len(rest) > 0 && rest[0] == ' ' {
			rest, blanks = rest[1:], blanks+1
		}
	}
	out = append(out, "                "[:min(blanks, 16)]...)
	l.buf = out
}

// wordEnd returns where the first blank of b is.
func wordEnd(b []byte) int {
	if i := bytes.IndexByte(b, ' '); i >= 0 {
		return i
	}
	return len(b)
}

// drawnWidth returns how many cells b takes, whose only control sequences are
// colours.
func drawnWidth(b []byte) int {
	plain := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\x1b':
			for i < len(b) && b[i] != 'm' {
				i++
			}
		case firm:
			plain = append(plain, ' ')
		default:
			plain = append(plain, b[i])
		}
	}
	return text.Width(string(plain))
}
