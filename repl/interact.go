package repl

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"

	"sonde/session/secret"
)

// An Editor is where interactive lines come from. ReadLine returns io.EOF when
// the person leaves, and [ErrInterrupt] when they drop the line with Ctrl-C.
type Editor interface {
	ReadLine(prompt string) (string, error)
	// AddHistory makes a line recallable.
	AddHistory(entry string)
}

// ErrInterrupt is what an [Editor] returns for Ctrl-C at the prompt.
var ErrInterrupt = errors.New("interrupted")

// Interact reads lines and runs them until the person leaves. Errors are
// reported and the conversation goes on. ctx ends it from outside.
func (sh *Shell) Interact(ctx context.Context, ed Editor) error {
	sh.scripted = false
	for !sh.leave && ctx.Err() == nil {
		text, err := ed.ReadLine(sh.Prompt())
		if errors.Is(err, ErrInterrupt) {
			continue
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		sh.keep(ed, text)
		sh.runTyped(ctx, text)
	}
	return nil
}

// runTyped runs one typed line; Ctrl-C ends it and nothing else.
func (sh *Shell) runTyped(ctx context.Context, text string) {
	if sh.Interrupt != nil {
		var stop context.CancelFunc
		ctx, stop = sh.Interrupt(ctx)
		defer stop()
	}
	err := sh.evalLines(ctx, text)
	if err == nil {
		return
	}
	if errors.Is(err, context.Canceled) {
		sh.out.Flush()
		io.WriteString(sh.Err, "\n") // behind what was drawn, and the ^C of the terminal
		sh.notice("stopped")
		return
	}
	sh.report(err, "")
}

// evalLines runs what was typed: one line, or several that were pasted, up to the
// first that fails.
func (sh *Shell) evalLines(ctx context.Context, text string) error {
	if !strings.Contains(text, "\n") {
		return sh.Eval(ctx, text)
	}
	in := &lines{r: bufio.NewReader(strings.NewReader(text))}
	for {
		one, err := sh.nextLine(in)
		if one == "" && err != nil {
			return nil
		}
		if err := sh.Eval(ctx, one); err != nil || sh.leave {
			return err
		}
	}
}

// keep adds a line to the history and to recall, without its secrets. A line
// that starts with a blank is not kept.
func (sh *Shell) keep(ed Editor, text string) {
	if text[0] == ' ' || text[0] == '\t' {
		return
	}
	text = sh.redact(text)
	ed.AddHistory(text)
	if sh.History == nil {
		return
	}
	if err := sh.History.Add(text); err != nil {
		sh.notice("history is not kept: " + err.Error())
		sh.History = nil
	}
}

// Prompt is who is asking whom, and where: `jdoe@api.github.com/repos> `.
func (sh *Shell) Prompt() string {
	s := sh.Session
	_, host, _ := strings.Cut(s.Settings.Base, "://")
	host, _, _ = strings.Cut(host, "/")
	if host == "" {
		host = "sonde"
	}
	p := host
	if s.Settings.Dir != "" {
		p += "/" + s.Settings.Dir
	}
	who := s.Name()
	if who == "" {
		who = s.Identity()
	}
	if who != "" {
		p = who + "@" + p
	}
	return secret.MaskShapes(p) + "> "
}
