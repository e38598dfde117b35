package main

import (
	"context"
	"errors"
	"fmt"

	"sonde/history"
	"sonde/repl"
	"sonde/repl/terminal"
)

// historyShown is how many earlier lines can be recalled.
const historyShown = 10000

// interact is the prompt, until the person leaves.
func (p *program) interact(ctx context.Context) int {
	ed, err := p.editor()
	if err != nil {
		return p.fail(err, "")
	}
	p.signals.atPrompt()
	if !p.quiet {
		p.greet()
	}
	if err := p.shell.Interact(ctx, ed); err != nil && ctx.Err() == nil {
		return p.fail(err, "")
	}
	return p.signals.code()
}

// greet says where the person is and what to try first.
func (p *program) greet() {
	if p.demo == nil {
		if p.base == "" && p.session.Settings.Base == "" {
			fmt.Fprintf(p.err, "sonde %s · try: base https://api.example.com   practice: sonde --demo   all: help   leave: exit\n\n", version)
		}
		return
	}
	fmt.Fprintf(p.err, "sonde %s · practice API at %s · all on this machine\n", version, p.demo.URL())
	fmt.Fprintf(p.err, "try: get /user     then: auth jdoe     leave: exit\n\n")
}

// editor is the line editor, or a plain reader where the terminal has no cursor
// to move.
func (p *program) editor() (repl.Editor, error) {
	log := p.openHistory()
	if !terminal.Usable(p.in, p.err, p.get) {
		r := terminal.NewPlainReader(p.in, p.err)
		r.Continuation, r.Incomplete = continuation, p.incomplete
		return plainEditor{r}, nil
	}
	t, err := terminal.Open(terminal.Config{
		In: p.in, Out: p.err, Env: p.get,
		Continuation: continuation,
		Complete:     p.complete,
		Incomplete:   p.incomplete,
	})
	if err != nil {
		return nil, err
	}
	p.terminal = t
	if log != nil {
		t.SetHistory(log.Entries(historyShown))
	}
	return promptEditor{t}, nil
}

// continuation is the prompt of a line that goes on.
const continuation = "… "

// incomplete reports whether a line asks for another.
func (p *program) incomplete(text string) bool {
	_, more := p.shell.Incomplete(text)
	return more
}

// openHistory opens the file of earlier lines; what is wrong with it is a
// warning and never an end.
func (p *program) openHistory() *history.Log {
	path, err := history.DefaultPath(p.get, goos)
	if err != nil {
		fmt.Fprintln(p.err, "sonde: history is not kept: "+err.Error())
		return nil
	}
	log, err := history.Open(path)
	if err != nil {
		fmt.Fprintln(p.err, "sonde: history is not kept: "+err.Error())
		return nil
	}
	for _, w := range log.Warnings() {
		fmt.Fprintln(p.err, "sonde: "+w)
	}
	p.shell.History = log
	return log
}

// complete hands the shell's completions to the editor.
func (p *program) complete(text string, pos int) terminal.Completions {
	c := p.shell.Complete(text, pos)
	out := terminal.Completions{Start: c.Start, End: c.End}
	for _, k := range c.Candidates {
		out.Candidates = append(out.Candidates, terminal.Candidate{Text: k.Text, Description: k.Description, Space: k.Space})
	}
	return out
}

// askSecret asks for something nobody sees, at the prompt's own terminal or, in
// a script, at the one that controls the process.
func (p *program) askSecret(prompt string) (string, error) {
	var s string
	var err error
	if p.terminal != nil {
		s, err = p.terminal.ReadSecret(prompt)
	} else {
		s, err = askTTY(prompt)
	}
	if errors.Is(err, terminal.ErrInterrupt) {
		return "", context.Canceled
	}
	return s, err
}

// promptEditor is the line editor as the shell knows it.
type promptEditor struct{ t *terminal.Terminal }

// ReadLine is repl.Editor's.
func (e promptEditor) ReadLine(prompt string) (string, error) {
	return interruptible(e.t.ReadLine(prompt))
}

// AddHistory is repl.Editor's.
func (e promptEditor) AddHistory(entry string) { e.t.AddHistory(entry) }

// plainEditor reads lines where nothing can be edited.
type plainEditor struct{ r *terminal.PlainReader }

// ReadLine is repl.Editor's.
func (e plainEditor) ReadLine(prompt string) (string, error) {
	return interruptible(e.r.ReadLine(prompt))
}

// AddHistory does nothing: no line is recalled where none can be edited.
func (e plainEditor) AddHistory(string) {}

// interruptible is what an editor read, with Ctrl-C as the shell knows it.
func interruptible(s string, err error) (string, error) {
	if errors.Is(err, terminal.ErrInterrupt) {
		err = repl.ErrInterrupt
	}
	return s, err
}
