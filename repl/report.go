package repl

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sonde/repl/line"
	"sonde/repl/render"
)

// report says on Err what went wrong with a line. where is "stdin:3: " in a
// script and "" at the prompt.
func (sh *Shell) report(err error, where string) {
	if errors.Is(err, context.Canceled) {
		return
	}
	sh.out.Flush()
	f := asFailure(err, "", "")
	if f.told {
		return
	}
	render.Error(sh.Err, strings.TrimSuffix(where, ": "), f.Error(), sh.Notes)
	switch {
	case f.Text != "" && f.Pos >= 0 && f.Pos <= len(f.Text):
		text, col := line.Caret(f.Text, f.Pos)
		render.Caret(sh.Err, text, col, marks(f.At), sh.Notes)
	case f.At != "" && f.Hint == "":
		render.Hint(sh.Err, marks(f.At), sh.Notes)
	}
	if f.Hint != "" {
		render.Hint(sh.Err, marks(f.Hint), sh.Notes)
	}
}

// place is where in a script a line stands.
func place(name string, n int) string { return fmt.Sprintf("%s:%d: ", name, n) }
