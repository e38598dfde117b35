package repl

import (
	"strings"

	"sonde/repl/line"
)

// checkInner checks the line that stands in another, behind `after` or `bench N`.
func (sh *Shell) checkInner(cmd *Command, ln line.Line) error {
	c := Call{Command: cmd, Line: ln}
	c.Rest, _ = ln.Rest.Literal()
	if ln.Name == "bench" {
		return sh.checkBench(c)
	}
	if text := strings.TrimSpace(c.Rest); text == "" || text == "off" {
		return nil
	}
	return sh.vet(c, c.Rest)
}

// checkNumber checks the words of a command that takes the number of an answer.
func checkNumber(cmd *Command, ln line.Line) error {
	c := Call{Command: cmd, Line: ln}
	for _, w := range ln.Words {
		s, _ := w.Literal()
		c.Args = append(c.Args, s)
	}
	if ln.Name == "timing" {
		_, _, err := timingArgs(c)
		return err
	}
	_, err := c.answerNumber()
	return err
}

// innerStart is the offset of the line that stands in another at the prompt, one
// that is still being typed: behind `after`, `bench N` and `@NAME`. 0: there
// is none.
func innerStart(text string) int {
	at := 0
	next := func() string {
		at += len(text[at:]) - len(strings.TrimLeft(text[at:], " \t"))
		word := text[at:]
		if end := strings.IndexAny(word, " \t\n"); end >= 0 {
			word = word[:end]
		}
		at += len(word)
		return word
	}
	switch first := next(); {
	case first == "after", strings.HasPrefix(first, "@"):
	case first == "bench":
		next()
	default:
		return 0
	}
	if at == len(text) { // that word may go on
		return 0
	}
	return at + 1
}

// completeInner completes a line that stands in another from byte at on.
func (sh *Shell) completeInner(text string, at, pos int) Completion {
	c := sh.Complete(text[at:pos], pos-at)
	word := strings.TrimLeft(text[at:pos], " \t")
	if strings.HasPrefix(strings.TrimLeft(text, " \t"), "after") && word != "" {
		c.Candidates = appendIf(c.Candidates, word, "off", "nothing is run any more", false)
	}
	c.Start, c.End = c.Start+at, c.End+at
	return c
}
