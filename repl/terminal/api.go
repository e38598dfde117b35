package terminal

import (
	"errors"
	"os"
)

// ErrInterrupt is returned when the person typed Ctrl-C. What was typed is
// dropped and the cursor stands at the start of a new row.
var ErrInterrupt = errors.New("interrupted")

// A Config says where keys come from, where the prompt is drawn, and what the
// editor asks of the program around it. In and Out are required; a nil func
// means the editor does without that feature.
type Config struct {
	In  *os.File // where keys come from; a terminal
	Out *os.File // where the prompt is drawn; a terminal, usually stderr

	// Complete proposes what could stand at pos, a byte offset into text.
	// It runs while the person waits.
	Complete func(text string, pos int) Completions

	// Incomplete reports whether text needs further lines, so that Enter
	// starts a new one instead of handing the text over.
	Incomplete func(text string) bool

	// Continuation is drawn in front of every line of the text but the
	// first. Like a prompt it may hold SGR escapes.
	Continuation string

	// Env looks up an environment variable, "" when it is not set.
	Env func(string) string

	// Painter colours the text as it is typed. Texts above 16 KiB are
	// drawn plain without asking it.
	Painter func(text string) []Span
}

// A Span gives the bytes Start to End of a text a style. Spans are in
// ascending order and do not overlap; bytes in no span are drawn plain.
type Span struct {
	Start, End int
	Style      string // parameters of an SGR escape, such as "1;32"
}

// Completions is the answer to one Tab: any candidate may replace the bytes
// Start to End of the text. No candidates means nothing fits.
type Completions struct {
	Start, End int
	Candidates []Candidate
}

// A Candidate is one way to complete.
type Candidate struct {
	Text        string // what is inserted
	Show        string // what the menu lists; "" means Text
	Description string // shown dim beside it; optional
	Space       bool   // a blank follows once it is chosen
}
