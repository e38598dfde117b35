package line

import (
	"strings"
	"testing"
)

// functions stand for the jq functions a program knows.
func isFunction(s string) bool {
	switch s {
	case "keys", "map", "length", "if", "def", "status", "first", "not", "env":
		return true
	}
	return false
}

func isCommand(s string) bool {
	switch s {
	case "first", "auth", "header", "base", "save", "again", "set", "ask", "history", "let", "expect",
		"jq", "each", "until", "table", "after", "bench", "curl":
		return true
	}
	return false
}

// Programs that isProgram is too simple for: one in a string of another, and a
// bracket in a comment.
const (
	interpolated = `"\("}}" + "x")"`
	commented    = "[.a # }}\n]"
)

// isProgram stands for jq: brackets match, and no operator or keyword is left
// waiting for its other side.
func isProgram(s string) bool {
	s = strings.TrimSpace(s)
	if s == interpolated || s == commented {
		return true
	}
	for _, tail := range []string{"|", "+", ",", " do", "nope"} {
		if strings.HasSuffix(s, tail) {
			return false
		}
	}
	depth, inString := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case inString && s[i] == '\\':
			i++
		case s[i] == '"':
			inString = !inString
		case inString:
		case strings.IndexByte("([{", s[i]) >= 0:
			depth++
		case strings.IndexByte(")]}", s[i]) >= 0:
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return s != "" && depth == 0 && !inString
}

func known() Knows {
	return Knows{
		Command:  isCommand,
		Function: isFunction,
		Program:  isProgram,
		Bound:    func(s string) bool { return s == "it" || s == "token" },
		HasBase:  true,
	}
}

// show writes parts so that a test can compare them: programs in <>, with ~ in
// JSON and ' in a string of it.
func show(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		switch {
		case !p.IsProgram:
			b.WriteString(p.Text)
		case p.Context == ContextJSONValue:
			b.WriteString("<~" + p.Program + ">")
		case p.Context == ContextJSONString:
			b.WriteString("<'" + p.Program + ">")
		default:
			b.WriteString("<" + p.Program + ">")
		}
	}
	return b.String()
}

// summary writes all of a line but its text and offsets.
func summary(ln Line) string {
	kinds := [...]string{"empty", "comment", "query", "request", "header", "param", "shell", "command", "identity"}
	out := []string{kinds[ln.Kind]}
	add := func(s string) { out = append(out, s) }
	if ln.Name != "" {
		add(ln.Name)
	}
	if ln.Target != nil {
		add("url=" + show(ln.Target.Parts))
	}
	if ln.TargetProgram != nil {
		add("urljq=" + ln.TargetProgram.Text)
	}
	for _, w := range ln.Words {
		add("[" + show(w.Parts) + "]")
	}
	if ln.Rest != nil {
		add("rest=" + show(ln.Rest.Parts))
	}
	if ln.Program != nil {
		add(program("jq=", *ln.Program))
	}
	for _, s := range ln.Stages {
		switch s.Kind {
		case StageQuery:
			add(program("|", s.Program))
		case StageSave:
			add("|save " + show(s.File.Parts))
		case StageShell:
			add("|!" + s.Shell)
		}
	}
	if ln.Out != nil {
		add(map[bool]string{false: ">", true: ">>"}[ln.Out.Append] + show(ln.Out.File.Parts))
	}
	if ln.Heredoc != nil {
		add("<<" + show(ln.Heredoc.Parts))
	}
	if ln.Kind == Shell {
		add("!" + ln.Shell)
	}
	return strings.Join(out, " ")
}

func program(prefix string, p Program) string {
	if p.Raw {
		prefix += "-r "
	}
	return prefix + p.Text
}

type lineTest struct{ text, want string }

func runLines(t *testing.T, k Knows, tests []lineTest) {
	t.Helper()
	for _, tt := range tests {
		ln, err := Parse(tt.text, k)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.text, err)
			continue
		}
		if got := summary(ln); got != tt.want {
			t.Errorf("Parse(%q)\n got %s\nwant %s", tt.text, got, tt.want)
		}
		checkOffsets(t, tt.text, ln)
	}
}

// checkOffsets checks that everything in a line stands where it says.
func checkOffsets(t *testing.T, text string, ln Line) {
	t.Helper()
	at := func(what, s string, pos int) {
		t.Helper()
		if pos < 0 || pos+len(s) > len(text) {
			t.Errorf("%q: %s %q at %d is outside the text", text, what, s, pos)
			return
		}
		got := text[pos : pos+len(s)]
		if got != s && !strings.Contains(got, "\\\n") && !strings.Contains(got, "\\\r\n") {
			t.Errorf("%q: %s says %q stands at %d, there is %q", text, what, s, pos, got)
		}
	}
	parts := func(what string, from, to int, ps []Part) {
		t.Helper()
		if from > to || from < 0 || to > len(text) {
			t.Errorf("%q: %s spans %d to %d of %d", text, what, from, to, len(text))
			return
		}
		for _, p := range ps {
			if p.Pos < from || p.Pos > to {
				t.Errorf("%q: %s spans %d to %d, a part is at %d", text, what, from, to, p.Pos)
			}
			switch {
			case p.IsProgram:
				at(what, p.Program, p.Pos)
			case text[p.Pos] != '\\':
				at(what, p.Text, p.Pos)
			}
		}
	}
	word := func(what string, w *Word) {
		t.Helper()
		if w != nil {
			parts(what, w.Pos, w.End, w.Parts)
		}
	}
	template := func(what string, tm *Template) {
		t.Helper()
		if tm != nil {
			parts(what, tm.Pos, tm.End, tm.Parts)
		}
	}
	if ln.Pos < 0 || ln.Pos > len(text) {
		t.Errorf("%q: Pos is %d", text, ln.Pos)
	}
	word("target", ln.Target)
	for i := range ln.Words {
		word("word", &ln.Words[i])
	}
	template("rest", ln.Rest)
	template("heredoc", ln.Heredoc)
	for _, p := range []*Program{ln.Program, ln.TargetProgram} {
		if p != nil {
			at("program", p.Text, p.Pos)
		}
	}
	for _, s := range ln.Stages {
		at("stage", s.Program.Text, s.Program.Pos)
		at("shell stage", s.Shell, s.Pos)
		word("file", s.File)
	}
	if ln.Out != nil {
		word("out", &ln.Out.File)
	}
	at("shell", ln.Shell, ln.ShellPos)
}

type errorTest struct {
	text, at, msg string // at: the text that the error points to starts so
}

func runErrors(t *testing.T, k Knows, tests []errorTest) {
	t.Helper()
	for _, tt := range tests {
		_, err := Parse(tt.text, k)
		e, ok := err.(*SyntaxError)
		if !ok {
			t.Errorf("Parse(%q): got error %v, want one with %q", tt.text, err, tt.msg)
			continue
		}
		if !strings.Contains(e.Msg+" "+e.Hint, tt.msg) {
			t.Errorf("Parse(%q): got %q, hint %q; want %q in it", tt.text, e.Msg, e.Hint, tt.msg)
		}
		if e.Incomplete {
			t.Errorf("Parse(%q): %v asks for more", tt.text, e)
		}
		if rest := tt.text[e.Pos:]; !strings.HasPrefix(rest, tt.at) || tt.at == "" && rest != "" {
			t.Errorf("Parse(%q): %q points to %q, want %q", tt.text, e.Msg, rest, tt.at)
		}
	}
}
