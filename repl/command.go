package repl

import (
	"context"
	"strings"

	"sonde/repl/line"
)

// A Command is one word a person can type, and all the program knows about it:
// help, usage errors, did-you-mean and completion are made of this value alone.
type Command struct {
	Name    string // "header"
	Args    string // synopsis of the arguments only: "[NAME:VALUE]"
	Short   string // one line for the list; lower case, no full stop
	Long    string // more for `help NAME`; optional
	Example string // a transcript: "> " lines are typed, the others are what stdout shows
	Group   Group

	// Answers says that it ends with an answer, so that | and > may follow.
	Answers bool
	// Settles says that it changes settings and does nothing else, so that
	// --check may run it.
	Settles bool
	// Words are the fixed words its first argument may be, for completion.
	Words []string
	// Complete are the candidates for the last of the words typed behind the command,
	// which may be empty; nil: there are only Words.
	Complete func(sh *Shell, words []string) []Candidate
	// Check says what is wrong with the words whatever the state of the session, and
	// does nothing else: it reads no file, asks nobody and sends nothing. It comes
	// before Run, and is all that --check does. nil: Run takes any words, or none
	// where Args is "".
	Check func(sh *Shell, c Call) error
	// Run does it. The words of the line are in c.
	Run func(ctx context.Context, sh *Shell, c Call) error
}

// Group is the heading a command is listed under in help.
type Group int

// The groups, in the order help shows them.
const (
	GroupRequest Group = iota
	GroupSession
	GroupAnswer
	GroupShell
)

// String is the heading.
func (g Group) String() string {
	switch g {
	case GroupRequest:
		return "requests"
	case GroupSession:
		return "the session"
	case GroupAnswer:
		return "the answer at hand"
	default:
		return "the shell"
	}
}

// A Call is one use of a command: its words with every {{PROGRAM}} already
// replaced, and the parsed line for commands that take the rest of it.
type Call struct {
	Command *Command
	Args    []string
	Line    line.Line
	// Rest is the text after the command word for commands that take it whole.
	Rest    string
	RestPos int
}

// check judges the words of a call, see [Command.Check].
func (c Call) check(sh *Shell) error {
	switch {
	case c.Command.Args == "" && len(c.Line.Words) > 0:
		return c.usage("takes no words")
	case c.Command.Check != nil:
		return c.Command.Check(sh, c)
	}
	return nil
}

// oneWord is the check of a command that takes one word; what says which.
func oneWord(what string) func(*Shell, Call) error {
	return func(_ *Shell, c Call) error {
		if len(c.Args) != 1 {
			return c.usage("takes one " + what)
		}
		return nil
	}
}

// oneNumber is the check of a command that takes the number of an answer, or
// nothing.
func oneNumber(_ *Shell, c Call) error {
	_, err := c.answerNumber()
	return err
}

// usage is the error for a call with the wrong words.
func (c Call) usage(cause string) error {
	return &Failure{
		Op: c.Command.Name, Msg: cause, Code: ExitUsage,
		Hint: "`" + c.Command.Synopsis() + "`",
	}
}

// Synopsis is the command as it is typed: "auth [USER [SECRET]]".
func (c *Command) Synopsis() string {
	return strings.TrimRight(c.Name+" "+c.Args, " ")
}

// lookup finds a command by its name; nil means there is none.
func (sh *Shell) lookup(name string) *Command {
	for _, c := range sh.table {
		if c.Name == name {
			return c
		}
	}
	return nil
}
