package line

import (
	"fmt"
	"strings"
)

// A SyntaxError says what is wrong with a text, where, and whether more text
// could make it right. All errors of this package are of this type.
type SyntaxError struct {
	Pos  int    // byte offset into the text, 0 to its length
	Msg  string // what is wrong; one line
	Hint string // something to type instead; "" for none

	// Unknown is the first word of a line that starts with no command, request,
	// query or setting; "" for every other error. The caller knows its commands
	// and can add the nearest of them.
	Unknown string

	// Incomplete says that the text breaks off inside a quote, a bracket, a
	// {{program}}, a heredoc or after a final backslash: a prompt asks for the
	// next line, a script that ends here is wrong.
	Incomplete bool
	// Until is the word that has to follow as a line of its own when the text
	// breaks off inside a heredoc; "" otherwise.
	Until string
}

// Error is the message without the place.
func (e *SyntaxError) Error() string { return e.Msg }

// asError keeps a nil *SyntaxError from becoming an error that is not nil.
func (e *SyntaxError) asError() error {
	if e == nil {
		return nil
	}
	return e
}

// failAt makes an error about the byte at pos.
func failAt(pos int, hint, format string, args ...any) *SyntaxError {
	return &SyntaxError{Pos: pos, Hint: hint, Msg: fmt.Sprintf(format, args...)}
}

// open makes an error about something that starts at pos and does not end. More
// text may help unless the parser reads a part that cannot grow.
func (p *parser) open(pos int, hint, format string, args ...any) *SyntaxError {
	e := failAt(pos, hint, format, args...)
	e.Incomplete = !p.closed
	return e
}

// Caret gives the physical line of text in which the byte at pos stands, without
// its line end, and the number of bytes before pos in it. An offset outside the
// text counts as the nearest one inside.
func Caret(text string, pos int) (line string, col int) {
	pos = min(max(pos, 0), len(text))
	start := strings.LastIndexByte(text[:pos], '\n') + 1
	end := len(text)
	if i := strings.IndexByte(text[pos:], '\n'); i >= 0 {
		end = pos + i
	}
	line = strings.TrimSuffix(text[start:end], "\r")
	return line, min(pos-start, len(line))
}

// clip shortens a word for a message.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
