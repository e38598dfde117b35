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

// nearest gives up to three of the words most like the one typed.
func nearest(word string, words []string) []string {
	best := max(1, len(word)/3)
	var out []string
	for limit := 0; limit <= best && len(out) < 3; limit++ {
		for _, w := range words {
			if distance(word, w) == limit && len(out) < 3 {
				out = append(out, w)
			}
		}
	}
	if len(out) == 0 && len(word) >= 2 {
		for _, w := range words {
			if strings.HasPrefix(w, word) && len(out) < 3 {
				out = append(out, w)
			}
		}
	}
	return out
}

// distance is the number of letters to insert, drop, change or swap with their
// neighbour to get from a to b (optimal string alignment).
func distance(a, b string) int {
	prev2 := make([]int, len(b)+1)
	prev := make([]int, len(b)+1)
	cur := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
