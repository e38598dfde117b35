package repl

import (
	"context"
	"errors"
	"strings"

	"sonde/repl/line"
	"sonde/session"
)

// An afterHook is the line that runs after every answer.
type afterHook struct {
	text    string // as typed; "" is none
	running bool   // what it sends has no line run after it
}

func afterCommands() []*Command {
	return []*Command{{
		Name: "after", Args: "[LINE | off]", Group: GroupSession,
		Short: "run a line after every answer: a query, an expect, a request, any line",
		Long: "It sees the answer as the answer at hand, which it stays when the line has sent\n" +
			"requests of its own; after those nothing is run, and nothing during `bench`.\n" +
			"Where the line fails, the one that got the answer has failed.",
		Example: "> after status\n> get /users/jdoe | .login\n\"jdoe\"\n200\n> after\nstatus\n> after off",
		Words:   []string{"off"},
		Run:     runAfter,
	}}
}

func runAfter(_ context.Context, sh *Shell, c Call) error {
	text := strings.TrimSpace(c.Rest)
	switch text {
	case "":
		if sh.after.text == "" {
			sh.notice("nothing is run after an answer; for example: ‹after status›")
			return nil
		}
		_, err := sh.out.WriteString(sh.shown(sh.redact(sh.after.text)) + "\n")
		return err
	case "off":
		sh.after.text = ""
		return nil
	}
	if sh.hidden > 0 {
		return misused("after", "a secret was left out of the line; it is needed again at every answer",
			"`let NAME = …` first, then {{NAME}} in its place")
	}
	if err := sh.vet(c, c.Rest); err != nil {
		return err
	}
	sh.after.text = text
	return nil
}

// vet finds what is wrong with a line behind a command's word before it is run
// later, when other names may be bound. Text ends where the rest of the call's
// line ends.
func (sh *Shell) vet(c Call, text string) error {
	before := sh.checked
	sh.checked.more = true
	defer func() { sh.checked = before }()
	return sh.checkBehind(c.Line, text, sh.vetLine)
}

// vetLine is vet for one that is parsed.
func (sh *Shell) vetLine(ln line.Line) error {
	if err := sh.checkPrograms(ln); err != nil {
		return err
	}
	switch {
	case ln.Kind == line.Request:
		return sh.checkRequest(ln)
	case ln.Kind == line.Identity:
		return sh.checkAs(ln, sh.vetLine)
	case ln.Kind != line.Command:
		return nil
	}
	// the words of a command are no matter of the data either, but a command that
	// settles something would do it, and so would the lines of a file
	if c := sh.lookup(ln.Name); c.Settles || ln.Name == "source" {
		return sh.checkWords(ln)
	}
	return sh.checkCommand(ln)
}

// hook runs the line that belongs after every answer, and makes x the answer at
// hand again.
func (sh *Shell) hook(ctx context.Context, x *session.Exchange) error {
	h := &sh.after
	if h.text == "" || h.running || ctx.Err() != nil {
		return nil
	}
	h.running = true
	text, last := h.text, sh.lastRequest
	defer func() {
		h.running = false
		sh.lastRequest = last
		sh.Session.Use(x.Number) // it may have been forgotten meanwhile, which is no matter
	}()
	sh.out.begin()
	err := sh.eval(ctx, text)
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	f := sh.mask(asFailure(sh.unknown(err, text), "", text), text)
	f.Op = strings.TrimSuffix("after: "+f.Op, ": ")
	if strings.Contains(f.Text, "\n") { // its lines are not those of the script
		f.Text = ""
	}
	return f
}

// afterRows are what `session` says of it.
func (sh *Shell) afterRows() [][]string {
	if sh.after.text == "" {
		return nil
	}
	return [][]string{{"after", sh.redact(sh.after.text)}}
}
