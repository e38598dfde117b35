package repl

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"sonde/repl/line"
	"sonde/repl/near"
	"sonde/repl/query"
	"sonde/repl/render"
	"sonde/session"
	"sonde/session/secret"
)

// Options are what a Shell is given; the zero value of a field means what its
// comment says.
type Options struct {
	Session *session.Session
	Out     io.Writer                        // results and bodies
	Err     io.Writer                        // status lines in a pipe, notices, hints, errors
	Style   *render.Style                    // how Out looks
	Notes   *render.Style                    // how Err looks
	Env     func(name string) (string, bool) // environment; nil: empty
	Now     func() time.Time                 // clock; nil: time.Now

	// Screen says that a person reads Out on a terminal: answers are shown with
	// status line and headers, long bodies only in their head, hints are given.
	Screen bool
	// Live says that a line on Err can be drawn over, for countdowns.
	Live bool
	// Print says which parts of each answer are printed, HTTPie's letters; ""
	// is "hb" on a screen and "b" elsewhere.
	Print   string
	NoPrint bool // nothing of answers is printed, whatever Print says
	Raw     bool // string results without quotes
	Fail    bool // an unexamined 4xx or 5xx stops at the next request
	Quiet   bool // no notices and no status lines on Err
	Verbose bool // request heads too

	// Keyring is where keyring:NAME is read; nil: nowhere.
	Keyring Keyring
	// Saved is where `session save` keeps sessions; nil: nowhere.
	Saved SavedSessions
	// SavedAs is the name the session is saved under at the end; "": it is not.
	SavedAs string
	// AskSecret asks a person for something nobody sees; nil: nobody to ask.
	AskSecret func(prompt string) (string, error)
	// SecretNote is added to the question for a password, for the practice API.
	SecretNote string
	// Size is the screen's size in columns and rows, asked before each drawing;
	// nil: unknown.
	Size func() (cols, rows int)
	// History is what `history` lists and Interact adds to; nil: none is kept.
	History History
	// Command makes a process of a shell command line, with no streams set; nil:
	// `!` is refused.
	Command func(ctx context.Context, text string) *exec.Cmd
	// Before is called before each line that may take its time; nil: nobody wants
	// to know.
	Before func()
	// Disturbed is called after another program had the screen; nil: nobody
	// wants to know.
	Disturbed func()
	// In is the standard input of shell commands; nil: none.
	In io.Reader
	// Interrupt derives the context of one line typed at the prompt, done when
	// the person presses Ctrl-C; nil: nothing interrupts.
	Interrupt func(context.Context) (context.Context, context.CancelFunc)
	// Version is what `help` names.
	Version string
}

// History is where typed lines are kept, without their secrets.
type History interface {
	Add(entry string) error
	Entries(most int) []string
}

// A Shell evaluates lines against one session. It is one conversation: not for
// use by two goroutines at once.
type Shell struct {
	Options
	out   *output
	table []*Command
	knows line.Knows

	vars    map[string]query.Value
	docs    docs
	print   string
	hinted  map[string]int // hints given, by their id
	failing []verdict      // answers of 4xx and 5xx nobody has looked at
	expects struct{ run, failed int }
	hidden  int      // names given to secrets that were asked for again
	behind  []string // identities that an @NAME line under way comes back to
	paths   pathMemory
	bases   []string // those there were, for completion
	after   afterHook

	lastRequest *session.Request // what `again` sends; nil before the first
	leave       bool             // `exit` was typed
	checked     checkedNames     // what the lines --check has seen bind
	scripted    bool             // lines come from a script: what nobody examines decides its exit code
	depth       int              // of `source` in `source`
}

// A verdict is an answer that makes a script end with 4 or 5 unless its status
// is examined.
type verdict struct{ number, status int }

// New makes a shell.
func New(o Options) *Shell {
	if o.Env == nil {
		o.Env = func(string) (string, bool) { return "", false }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	sh := &Shell{
		Options: o,
		out:     newOutput(o.Out),
		table:   commands(),
		vars:    map[string]query.Value{},
		hinted:  map[string]int{},
		print:   o.Print,
	}
	if sh.print == "" {
		sh.print = "b"
		if o.Screen {
			sh.print = "hb"
		}
		if o.Verbose && o.Screen {
			sh.print = "HBhb"
		}
	}
	if o.NoPrint {
		sh.print = ""
	}
	sh.knows = line.Knows{
		Command:  func(name string) bool { return sh.lookup(name) != nil },
		Function: query.IsFunction,
		Program:  query.Complete,
		Bound:    sh.boundWord,
	}
	return sh
}

// bound reports whether name is a variable.
func (sh *Shell) bound(name string) bool {
	_, ok := sh.vars[name]
	return ok
}

// boundWord reports whether $name in a request word means something, so that it
// does not go out as it stands: a variable, or an answer there is.
func (sh *Shell) boundWord(name string) bool {
	n, isAnswer := strings.CutPrefix(name, "r")
	if !isAnswer || sh.bound(name) || sh.Session.Current() == nil {
		return sh.bound(name)
	}
	_, err := strconv.ParseUint(n, 10, 31)
	return n == "" || err == nil
}

// Parse takes a line apart as Eval does, and runs nothing.
func (sh *Shell) Parse(text string) (line.Line, error) {
	k := sh.knows
	k.HasBase = sh.Session.Settings.Base != ""
	return line.Parse(text, k)
}

// Incomplete reports whether text asks for another line, and the line that ends
// it if it has to be a certain one.
func (sh *Shell) Incomplete(text string) (until string, more bool) {
	_, err := sh.Parse(text)
	if e, ok := errors.AsType[*line.SyntaxError](err); ok && e.Incomplete {
		return e.Until, true
	}
	return "", false
}

// Done reports whether `exit` was typed.
func (sh *Shell) Done() bool { return sh.leave }

// Eval runs one line. What it prints is flushed when it returns. The error is a
// *Failure, or ctx's.
func (sh *Shell) Eval(ctx context.Context, text string) error {
	sh.out.begin()
	sh.out.until(ctx)
	err := sh.eval(ctx, text)
	if e := sh.out.Flush(); err == nil && e != nil {
		err = failed("write", e.Error(), "")
	}
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, context.Canceled) { // Ctrl-C at a hidden question
		return context.Canceled
	}
	return sh.mask(asFailure(err, "", text), text)
}

func (sh *Shell) eval(ctx context.Context, text string) error {
	if secret.HasMask(text) {
		var err error
		defer sh.forgetHidden()
		if text, err = sh.askAgain(text); err != nil {
			return err
		}
	}
	ln, err := sh.Parse(text)
	if err != nil {
		return sh.unknown(err, text)
	}
	if ln.Kind == line.Empty || ln.Kind == line.Comment {
		return nil
	}
	if sh.Before != nil && ln.Name != "exit" {
		sh.Before()
	}
	switch ln.Kind {
	case line.Query:
		return sh.query(ctx, ln)
	case line.Request:
		return sh.request(ctx, ln)
	case line.Header, line.Param:
		return sh.sticky(ctx, ln)
	case line.Shell:
		return sh.shell(ctx, ln.Shell, nil)
	case line.Identity:
		return sh.evalAs(ctx, ln)
	}
	return sh.command(ctx, ln)
}

// command runs a word of the table.
func (sh *Shell) command(ctx context.Context, ln line.Line) error {
	c := sh.call(ln)
	if c.Command == nil {
		return misused("", "no command "+ln.Name, "")
	}
	if (len(ln.Stages) > 0 || ln.Out != nil) && !c.Command.Answers {
		return misused(ln.Name, "it has no answer to hand on with | or >", "`"+c.Command.Synopsis()+"`")
	}
	for _, w := range ln.Words {
		s, err := sh.expandWord(ctx, ln, w)
		if err != nil {
			return err
		}
		c.Args = append(c.Args, s.text)
	}
	err := c.check(sh)
	if err == nil {
		err = c.Command.Run(ctx, sh, c)
	}
	return commandFailure(err, ln)
}

// call is the use of a command, without its words.
func (sh *Shell) call(ln line.Line) Call {
	c := Call{Command: sh.lookup(ln.Name), Line: ln}
	if ln.Rest != nil {
		c.Rest, _ = ln.Rest.Literal()
		c.RestPos = ln.Rest.Pos
	}
	return c
}

// unknown adds the nearest words to an error about a first word that is nothing.
func (sh *Shell) unknown(err error, text string) error {
	e, ok := errors.AsType[*line.SyntaxError](err)
	if !ok || e.Unknown == "" {
		return err
	}
	words := append(sh.names(), "get", "post", "put", "patch", "delete", "head", "options", "send")
	like := near.Names(e.Unknown, words)
	if len(like) == 0 {
		like = near.Names(e.Unknown, query.Functions())
	}
	msg := "no command " + quoteWord(e.Unknown)
	if meant := elsewhere(e.Unknown); meant != "" {
		return misused("", msg, "`"+meant+"`")
	}
	if len(like) > 0 {
		msg += "; did you mean: " + strings.Join(like, ", ")
	}
	return misused("", msg, e.Hint)
}

// elsewhere is what a word of another program is called here.
func elsewhere(word string) string {
	switch word {
	case "quit", "q", ":q", "bye":
		return "exit"
	case "http", "https", "curl", "wget":
		return "get URL"
	case "login":
		return "auth USER"
	case "ls", "?":
		return "help"
	}
	return ""
}

// names are the command words.
func (sh *Shell) names() []string {
	out := make([]string, 0, len(sh.table))
	for _, c := range sh.table {
		out = append(out, c.Name)
	}
	return out
}

// quoteWord shows a word in a message, cut short.
func quoteWord(s string) string {
	r := []rune(s)
	if len(r) > 40 {
		r = append(r[:40], '…')
	}
	return `"` + string(r) + `"`
}

// mask takes the secrets out of what an error says: those the session knows, and
// those of the line that went wrong, which it may never have come to know.
func (sh *Shell) mask(f *Failure, text string) *Failure {
	c := *f
	var typed secret.Set // in all the forms a message may have them in
	// a line that ends in for lacks an origin, which is what the error is about
	values := slices.DeleteFunc(secret.Values(text), func(v string) bool { return v == "for" })
	for _, v := range values {
		typed.Add(v)
		typed.Add(strings.ReplaceAll(v, `\`, "")) // as it was typed, and as it was meant
	}
	for _, s := range []*string{&c.Op, &c.Msg, &c.Hint, &c.At} {
		for _, v := range values {
			if len(v) >= leastSecret {
				*s = strings.ReplaceAll(*s, v, secret.Mask)
			}
		}
		*s = maskHint(*s, func(text string) string { return sh.Session.Secrets.Mask(typed.Mask(text)) })
	}
	if sh.redact(c.Text) != c.Text {
		// the caret would stand under something else
		c.Text = ""
		if c.Hint == "" {
			c.Hint = c.At
		}
	}
	return &c
}

// maskHint masks a text that may hold a line to be typed, in which the word
// PASSWORD of a URL stands for one.
func maskHint(text string, mask func(string) string) string {
	const place = ":PASSWORD@"
	parts := strings.Split(text, place)
	for i := range parts {
		parts[i] = mask(parts[i])
	}
	return strings.Join(parts, place)
}

// leastSecret is the length from which a secret is looked for inside a message;
// a shorter one would take half of its words with it.
const leastSecret = 3

// redact is a line as it may be kept or shown: without its secrets.
func (sh *Shell) redact(text string) string {
	return sh.Session.Secrets.Mask(secret.Line(text))
}
