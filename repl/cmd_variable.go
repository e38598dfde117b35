package repl

import (
	"context"
	"maps"
	"slices"
	"strings"

	"sonde/repl/line"
	"sonde/repl/near"
	"sonde/repl/query"
	"sonde/session/secret"
)

func variableCommands() []*Command {
	return []*Command{
		{
			Name: "let", Args: "[NAME = PROGRAM | NAME = REQUEST]", Group: GroupAnswer,
			Short:   "name a result: $NAME in queries, {{NAME}} in other lines",
			Long:    "A request gives its result: `let t = post /login user=x | .token`.",
			Example: "> let n = 1 + 1\n> $n\n2\n> let who = get /users/jdoe | .login\n> $who\n\"jdoe\"",
			Run:     runLet,
		},
		{
			Name: "unset", Args: "NAME", Group: GroupAnswer,
			Short:    "forget a variable",
			Example:  "> let n = 1\n> unset n",
			Complete: completeVariable,
			Check:    oneWord("name"),
			Run:      runUnset,
		},
		{
			Name: "expect", Args: "PROGRAM", Group: GroupAnswer,
			Short:   "fail unless every result of the program is true",
			Long:    "In a script an answer of 4xx or 5xx ends with exit code 4 or 5 unless an\n`expect` looks at its `status`.",
			Example: "> get /status/404 | .status\n\"404\"\n> expect status == 404",
			Run:     runExpect,
		},
	}
}

func runLet(ctx context.Context, sh *Shell, c Call) error {
	text := strings.TrimSpace(c.Rest)
	if text == "" {
		return sh.showVariables()
	}
	name, rest, err := c.letName(c.Rest)
	if err != nil {
		return err
	}
	pos := c.RestPos + len(c.Rest) - len(rest)
	v, err := sh.letValue(ctx, c, rest, pos)
	if err != nil {
		return err
	}
	sh.vars[name] = v
	if s, ok := v.Str(); ok && (secret.Field(name) || takenSecret(rest, v)) {
		sh.Session.Secrets.Add(s)
	}
	return nil
}

// letName takes `NAME = REST` apart.
func (c Call) letName(text string) (name, rest string, err error) {
	name, rest, ok := strings.Cut(text, "=")
	name = strings.TrimPrefix(strings.TrimSpace(name), "$")
	switch {
	case !ok || strings.TrimSpace(rest) == "":
		return "", "", c.usage("= stands between name and program")
	case !isName(name):
		return "", "", c.usage(quoteWord(name) + " is no name; letters, digits and _ make one")
	case name == "ENV":
		return "", "", c.usage("$ENV is the environment")
	case isAnswerName(name):
		return "", "", c.usage("$" + name + " is an answer")
	}
	return name, rest, nil
}

// letValue is the single result of a program or of a request.
func (sh *Shell) letValue(ctx context.Context, c Call, text string, pos int) (query.Value, error) {
	p := line.Program{Text: text, Pos: pos}
	if ln, err := sh.Parse(text); err == nil && ln.Kind == line.Request {
		inner, err := sh.requestValueLine(ctx, ln)
		if err != nil {
			return query.Value{}, err
		}
		return sh.single(ctx, c, inner, text)
	} else if err != nil && startsWithMethod(text) {
		return query.Value{}, err
	}
	return sh.single(ctx, c, p, c.Line.Text)
}

// requestValueLine sends a request and gives the program its result comes from.
func (sh *Shell) requestValueLine(ctx context.Context, ln line.Line) (line.Program, error) {
	p := line.Program{Text: "."}
	for _, st := range ln.Stages {
		if st.Kind != line.StageQuery {
			return p, misused("let", "a stage that is not jq gives no result", "`let NAME = get /x | .a`")
		}
		p = st.Program
	}
	quiet := ln
	quiet.Stages = []line.Stage{{Kind: line.StageQuery, Program: line.Program{Text: "empty"}}}
	return p, sh.request(ctx, quiet)
}

// single is the one result of a program.
func (sh *Shell) single(ctx context.Context, c Call, p line.Program, text string) (query.Value, error) {
	vs, err := sh.results(ctx, p, text, 2)
	if err != nil {
		return query.Value{}, err
	}
	switch len(vs) {
	case 0:
		return query.Value{}, failed(c.Command.Name, "the program has no result", "")
	case 1:
		return vs[0], nil
	}
	return query.Value{}, failed(c.Command.Name, "the program has several results; a variable holds one", "`let NAME = [PROGRAM]`")
}

func startsWithMethod(text string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return slices.Contains([]string{"get", "post", "put", "patch", "delete", "head", "options", "send"}, strings.ToLower(word))
}

// isName reports whether s can stand after $ in jq.
func isName(s string) bool {
	for i, c := range s {
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// isAnswerName reports whether $name is an answer: r, r1, r2 …
func isAnswerName(s string) bool {
	rest, ok := strings.CutPrefix(s, "r")
	return ok && strings.Trim(rest, "0123456789") == ""
}

func (sh *Shell) showVariables() error {
	names := make([]string, 0, len(sh.vars))
	for n := range sh.vars {
		names = append(names, n)
	}
	slices.Sort(names)
	var rows [][]string
	for _, n := range names {
		v := sh.vars[n]
		text := sh.Session.Secrets.Mask(string(v.AppendJSON(nil)))
		if secret.Field(n) {
			text = secret.Mask
		}
		rows = append(rows, []string{"$" + n, cutText(text, 60)})
	}
	if rows == nil {
		sh.notice("no variables; set one with: ‹let NAME = PROGRAM›")
		return nil
	}
	return sh.rows(rows)
}

func runUnset(_ context.Context, sh *Shell, c Call) error {
	name := strings.TrimPrefix(c.Args[0], "$")
	if _, ok := sh.vars[name]; !ok {
		return sh.noVariable(name)
	}
	delete(sh.vars, name)
	return nil
}

// noVariable is the error for a name that no variable has.
func (sh *Shell) noVariable(name string) error {
	text := "no variable " + quoteWord(name)
	if like := near.Names(name, slices.Collect(maps.Keys(sh.vars))); len(like) > 0 {
		text += "; did you mean: " + strings.Join(like, ", ")
	}
	return failed("unset", text, "`let` lists them")
}

func runExpect(ctx context.Context, sh *Shell, c Call) error {
	p := line.Program{Text: c.Rest, Pos: c.RestPos}
	text := strings.TrimSpace(c.Rest)
	if text == "" {
		return c.usage("a program is wanted")
	}
	prog, err := sh.compile(p, c.Line.Text)
	if err != nil {
		return err
	}
	sh.examine(prog)
	sh.expects.run++
	var vs []query.Value
	err = sh.run(ctx, prog, p, c.Line.Text, func(v query.Value) error {
		vs = append(vs, v)
		return nil
	})
	if err != nil {
		sh.expects.failed++
		return err
	}
	bad := len(vs) == 0
	for _, v := range vs {
		bad = bad || !v.Truthy()
	}
	if !bad {
		return nil
	}
	sh.expects.failed++
	return failed("expect "+text, sh.got(ctx, prog, vs), "")
}

// examine takes the answers whose status a program looks at off the list of
// those that make a script end with 4 or 5.
func (sh *Shell) examine(p *query.Program) {
	for _, n := range p.StatusOf() {
		if n == 0 {
			if x := sh.Session.Current(); x != nil {
				n = x.Number
			}
		}
		sh.failing = slices.DeleteFunc(sh.failing, func(v verdict) bool { return v.number == n })
	}
}

// got says what a failed expectation saw: the left side of a comparison, since
// that the whole is false is known.
func (sh *Shell) got(ctx context.Context, prog *query.Program, vs []query.Value) string {
	if len(vs) == 0 {
		return "got no result"
	}
	if left, ok := prog.Subject(); ok {
		if got, err := sh.results(ctx, line.Program{Text: left, Pos: -1}, "", 1); err == nil && len(got) == 1 {
			return "got " + cutText(string(got[0].AppendJSON(nil)), 60)
		}
	}
	return "got " + cutText(describeValues(vs), 60)
}

// describeValues are results as JSON, one after another.
func describeValues(vs []query.Value) string {
	var parts []string
	for _, v := range vs {
		parts = append(parts, string(v.AppendJSON(nil)))
	}
	return strings.Join(parts, ", ")
}

// describe says how many results there were, and what a single one was.
func describe(vs []query.Value) string {
	switch len(vs) {
	case 0:
		return "there is no result"
	case 1:
		return "it is " + cutText(string(vs[0].AppendJSON(nil)), 40)
	}
	return "there are several results"
}

// cutText shortens a text for a message.
func cutText(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}
