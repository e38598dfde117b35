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

// checkBehind checks the line that stands at the end of another one, ln, and places
// its error there.
func (sh *Shell) checkBehind(ln line.Line, text string, check func(line.Line) error) error {
	inner, err := sh.Parse(text)
	if err == nil {
		err = check(inner)
	}
	return within(sh.unknown(err, text), ln, text)
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
