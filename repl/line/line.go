package line

import "strings"

// Knows is what the parser is told because it cannot know it by itself. A nil
// function answers no to everything.
type Knows struct {
	// Command reports whether name is a command word of the program. It is asked
	// with the word as typed; command words are lower case.
	Command func(name string) bool
	// Function reports whether name is a jq keyword or the name of a function
	// that queries can call.
	Function func(name string) bool
	// Program reports whether text is a complete jq program. It decides where a
	// {{program}} ends and which "do" parts a program from a line.
	Program func(text string) bool
	// Bound reports whether name, without its $, is a variable that has a value.
	// A request word that contains such a $name is refused.
	Bound func(name string) bool
	// HasBase says that a base URL is set, so that a first word like
	// api.example.com is no host.
	HasBase bool
}

func ask(f func(string) bool, s string) bool { return f != nil && f(s) }

// A Kind is what a line does.
type Kind int

// The kinds of lines.
const (
	Empty    Kind = iota // nothing but blanks
	Comment              // # and the rest
	Query                // a jq program over the last body
	Request              // METHOD URL ITEM…, or a bare URL
	Header               // Name:value for every request from now on
	Param                // name==value for every request from now on
	Shell                // ! and a shell command
	Command              // a command word of the program
	Identity             // @NAME LINE
)

// A Line is one line taken apart. Offsets count bytes of Text. Fields a kind of
// line has no use for are zero.
type Line struct {
	Text string // as typed, with all the lines it goes on over
	Kind Kind
	Pos  int // of the first word; of the end if there is none

	// Name is the command word of a Command, the method in upper case of a
	// Request, the name of a Header or Param as typed, the NAME of an Identity.
	Name string
	// Method says that the method of a Request was typed; a bare URL is a GET.
	Method bool

	Target        *Word    // URL word of a Request; nil if a program gives it
	TargetProgram *Program // program that gives the URL of a Request; nil if a word does
	Words         []Word   // items and flags of a Request after the URL; arguments of a Command

	// Rest is the value of a Header (no parts: drop it) or Param; the text after
	// the word of a Command for which TakesRest holds, and the LINE of an
	// Identity, both as one literal part. Text[Rest.Pos:Rest.End] is what was
	// typed.
	Rest *Template

	// Program is that of a Query, or of the command jq; nil if there is none.
	Program *Program
	Stages  []Stage   // what follows the first pipe, in order: at most a program and then a file or a shell command
	Out     *Out      // > FILE; nil for none
	Heredoc *Template // body given by <<WORD; nil for none

	Shell    string // Kind Shell: the shell command
	ShellPos int    // offset of Shell
}

// A Program is jq text in a line. Where it continues on a next line after a
// backslash, Text has a blank for the backslash, so that offsets agree.
type Program struct {
	Text string
	Pos  int  // offset of Text
	Raw  bool // -r stood before it: strings are printed without quotes
}

// A StageKind is what a part of a line behind a pipe does.
type StageKind int

// The kinds of stages.
const (
	StageQuery StageKind = iota // a jq program over what comes in
	StageSave                   // writes what comes in to a file
	StageShell                  // gives what comes in to a shell command
)

// A Stage is a part of a line behind a pipe.
type Stage struct {
	Kind    StageKind
	Program Program // StageQuery
	File    *Word   // StageSave
	Shell   string  // StageShell: the command, to the end of the line
	Pos     int     // of the program, the word save, or the shell command
}

// An Out is the file that a body is written to instead of being printed.
type Out struct {
	Append bool // >>
	File   Word
}

// A Word is a run of text between blanks.
type Word struct {
	Pos, End int    // Text[Pos:End] is the word as typed
	Parts    []Part // what it says, without quotes; none for the empty word
	Quoted   bool   // a quote or a backslash is in it
	JSON     bool   // its text opens with { or [ and is no path of an item like [0]=x
}

// Literal is the text of a word that has no {{program}}; false if it has one.
func (w Word) Literal() (string, bool) { return literal(w.Parts) }

// A Part is literal text or a program whose result takes its place.
//
// Byte i of a literal Text stands at Pos+i, but for the text of an escape in
// double quotes, which is a part of its own.
type Part struct {
	Text      string // literal
	Program   string // jq text without the blanks around it
	IsProgram bool
	Escaped   bool // Text stood behind a backslash outside quotes: no separator of an item
	Pos       int  // offset of Text or Program
	Context   Context
}

// A Context is where a program stands, which decides how its result is written.
type Context int

// The contexts.
const (
	ContextPlain      Context = iota // in a word or in text
	ContextJSONValue                 // in JSON, where a value belongs
	ContextJSONString                // in JSON, inside a string
)

// A Template is text with programs in it that is not split into words.
type Template struct {
	Pos, End int
	Parts    []Part
	JSON     bool // a heredoc that opens with { or [
}

// Literal is the text of a template that has no {{program}}; false if it has one.
func (t Template) Literal() (string, bool) { return literal(t.Parts) }

func literal(parts []Part) (string, bool) {
	if len(parts) == 1 && !parts[0].IsProgram {
		return parts[0].Text, true
	}
	var b strings.Builder
	for _, p := range parts {
		if p.IsProgram {
			return "", false
		}
		b.WriteString(p.Text)
	}
	return b.String(), true
}
