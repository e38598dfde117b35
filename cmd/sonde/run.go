package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"sonde/repl"
	"sonde/repl/render"
	"sonde/repl/terminal"
	"sonde/session"
	"sonde/session/practice"
)

// run is the program: it wires the parts together and returns the exit code.
func run(e env) int {
	if code, ok := subcommand(e); ok {
		return code
	}
	o, err := parseFlags(e.args)
	if err != nil {
		return e.fail(err, "sonde --help")
	}
	switch {
	case o.version:
		return e.write("sonde " + version + "\n")
	case o.help:
		return e.write(usage())
	}
	p := &program{env: e, options: o}
	defer p.close()
	return p.run()
}

// write writes a text that was asked for.
func (e env) write(text string) int {
	if _, err := io.WriteString(e.out, text); err != nil {
		return e.fail(err, "")
	}
	return repl.ExitOK
}

// fail reports what kept the program from starting.
func (e env) fail(err error, hint string) int {
	fmt.Fprintln(e.err, "sonde: "+err.Error())
	if hint != "" {
		fmt.Fprintln(e.err, "hint: "+hint)
	}
	if _, ok := errors.AsType[usageError](err); ok {
		return repl.ExitUsage
	}
	return repl.ExitFailed
}

// program is one run of sonde with everything it opened.
type program struct {
	env
	options
	session  *session.Session
	shell    *repl.Shell
	saved    *savedSessions
	demo     *practice.Server
	terminal *terminal.Terminal
	signals  *signals
}

func (p *program) close() {
	if p.signals != nil {
		p.signals.stop()
	}
	if p.terminal != nil {
		p.terminal.Close()
	}
	if p.session != nil {
		p.session.Close()
	}
	if p.demo != nil {
		p.demo.Close()
	}
}

func (p *program) run() int {
	p.session = session.New(session.Options{
		Now: p.now, UserAgent: "sonde/" + version, Env: p.lookup, Home: p.home(), RootsFor: p.practiceRoots,
	})
	p.saved = p.savedSessions()
	if err := p.setUp(); err != nil {
		hint := ""
		if e, ok := errors.AsType[*session.Error](err); ok {
			hint = strings.ReplaceAll(e.Hint, "`", "")
			err = usageError{err.Error()}
		}
		return p.fail(err, hint)
	}
	before := p.session.Settings.HTTP1
	p.session.Settings.HTTP1 = before || p.http1
	p.signals = newSignals(p.leave)
	interactive := !p.scripted() && terminal.IsTerminal(p.in)
	if err := p.makeShell(interactive || p.stay); err != nil {
		return p.fail(err, "")
	}
	code := p.converse(p.signals.ctx, interactive)
	if p.options.session != "" && !p.check {
		if p.http1 { // the flag is for this run
			p.session.Settings.HTTP1 = before
		}
		if err := p.saveSession(); err != nil && code == repl.ExitOK {
			return p.fail(err, "")
		}
	}
	return code
}

// home is the user's directory, "" if the environment names none.
func (e env) home() string {
	if goos == "windows" {
		return e.get("USERPROFILE")
	}
	return e.get("HOME")
}

// practiceRoots vouches for the practice API, whose certificate is made by this
// very process, and for nobody else.
func (p *program) practiceRoots(origin string) *x509.CertPool {
	if p.demo == nil || origin != p.demo.TLSURL() {
		return nil
	}
	return p.demo.Roots()
}

// setUp gives the session what the command line says.
func (p *program) setUp() error {
	if p.options.session != "" {
		if err := p.loadSession(); err != nil {
			return err
		}
	}
	if p.options.demo {
		s, err := practice.Start(practice.Options{Now: p.now})
		if err != nil {
			return err
		}
		p.demo = s
		if p.base == "" {
			p.base = s.URL()
		}
	}
	if p.base == "" {
		return nil
	}
	return p.session.SetBase(p.base)
}

// leave ends the process at once, the terminal as it was found.
func (p *program) leave(code int) {
	if p.terminal != nil {
		p.terminal.Restore()
	}
	os.Exit(code)
}

// makeShell decides, once, what kind of place each stream is.
func (p *program) makeShell(prompting bool) error {
	outTerminal := terminal.IsTerminal(p.out)
	errTerminal := terminal.IsTerminal(p.err)
	colour, err := render.ColourWanted(p.color, p.lookup, outTerminal)
	if err != nil {
		return usageError{err.Error()}
	}
	notes, err := render.ColourWanted(p.color, p.lookup, errTerminal)
	if err != nil {
		return usageError{err.Error()}
	}
	size := func() (int, int) { return terminal.Size(p.out) }
	cols, errCols := 0, 0
	if outTerminal {
		cols, _ = size()
	}
	if errTerminal {
		errCols, _ = terminal.Size(p.err)
	}
	o := repl.Options{
		Session: p.session,
		Out:     p.out, Err: p.err, In: p.in,
		Style:  render.NewStyle(render.Options{Colour: colour, Pretty: colour || outTerminal, Screen: outTerminal, Wrap: outTerminal, Width: cols}),
		Notes:  render.NewStyle(render.Options{Colour: notes && (errTerminal || p.color != "always"), Screen: true, Wrap: errTerminal, Width: errCols}),
		Env:    p.lookup,
		Now:    p.now,
		Screen: outTerminal, Live: errTerminal && p.get("TERM") != "dumb", Print: p.print, NoPrint: p.noPrint, Raw: p.raw, Fail: p.failing,
		Quiet: p.quiet, Verbose: p.verbose,
		Keyring: p.saved.ring, Saved: p.saved, SavedAs: p.options.session,
		AskSecret: p.askSecret,
		Command:   shellCommand,
		Disturbed: func() {
			if p.terminal != nil {
				p.terminal.Disturbed()
			}
		},
		Interrupt: p.signals.line,
		Before:    p.signals.listen,
		Version:   version,
	}
	if outTerminal && prompting {
		o.Size = size
	}
	if p.demo != nil {
		o.SecretNote = "(any will do here)"
	}
	if !prompting && !canAsk() {
		o.AskSecret = nil
	}
	p.shell = repl.New(o)
	return nil
}

// converse runs the scripts there are, and the prompt if there is one.
func (p *program) converse(ctx context.Context, interactive bool) int {
	if interactive {
		return p.interact(ctx)
	}
	code := p.runScripts(ctx)
	if p.stay && code != repl.ExitSignal && !p.shell.Done() {
		if terminal.IsTerminal(p.in) {
			return p.interact(ctx)
		}
		fmt.Fprintln(p.err, "sonde: -i: stdin is no terminal")
	}
	if code == repl.ExitOK {
		code = p.shell.ExitCode()
	}
	if c := p.signals.code(); c != 0 {
		return c
	}
	return code
}

// runScripts runs -f and -c in the order given, or stdin.
func (p *program) runScripts(ctx context.Context) int {
	if !p.scripted() {
		return p.shell.RunScripts(ctx, []repl.Script{p.script("stdin", p.in)})
	}
	var all []repl.Script
	typed := 0 // lines of -c so far
	for _, s := range p.sources {
		switch {
		case s.line:
			one := p.script("-c", strings.NewReader(s.text))
			one.Past = typed
			all = append(all, one)
			typed += 1 + strings.Count(strings.TrimSuffix(s.text, "\n"), "\n")
		case s.file == "-":
			all = append(all, p.script("stdin", p.in))
		default:
			f, err := os.Open(s.file)
			if err != nil {
				return p.fail(err, "")
			}
			defer f.Close()
			all = append(all, p.script(s.file, f))
		}
	}
	return p.shell.RunScripts(ctx, all)
}

func (p *program) script(name string, r io.Reader) repl.Script {
	return repl.Script{Name: name, In: idleReader{r, p.signals}, KeepGoing: p.keepGoing, Check: p.check}
}
