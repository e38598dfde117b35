package query

import (
	"errors"
	"slices"
	"strings"

	"github.com/itchyny/gojq"

	"sonde/repl/near"
)

// find returns where the first token of that kind that reads as one of words
// stands in the typed text, -1 if there is none.
func (p *Program) find(kind tokenKind, words ...string) int {
	for _, t := range tokens(p.source) {
		if t.kind == kind && slices.Contains(words, p.source[t.start:t.end]) {
			return p.offsets.Typed(t.start)
		}
	}
	return -1
}

// parseError tells where the parser stopped and what it may have been.
func (p *Program) parseError(text string, err error) *Error {
	var parse *gojq.ParseError
	if !errors.As(err, &parse) {
		return compileError(-1, err.Error(), "")
	}
	msg := err.Error()
	at := max(parse.Offset-len(parse.Token), 0)
	switch {
	case msg == "unexpected EOF":
		at, msg = len(p.source), "the program ends too early"
	case msg == "unterminated string literal":
		at, msg = p.openString(), "string without its closing quote"
	case strings.HasPrefix(msg, "unexpected token"):
		msg = "unexpected " + quoted(parse.Token)
	case strings.HasPrefix(msg, "invalid token"):
		msg = "unexpected " + quoted(parse.Token)
	}
	e := compileError(min(p.offsets.Typed(at), len(text)), msg, p.slip(at, parse.Token))
	return p.withFileHint(text, e)
}

func quoted(token string) string { return `"` + cut(token, maxShown) + `"` }

// openString returns where the string begins that has no end.
func (p *Program) openString() int {
	at := len(p.source)
	for _, t := range tokens(p.source) {
		if t.kind == tokString && p.source[t.start] == '"' {
			at = t.start
		}
	}
	return at
}

// slip knows what people coming from other languages write.
func (p *Program) slip(at int, token string) string {
	rest := p.source[at:]
	switch {
	case strings.HasPrefix(rest, "&&"), strings.HasPrefix(rest, "&"):
		return "A and B"
	case strings.HasPrefix(rest, "||"), token == "|" && at > 0 && p.source[at-1] == '|':
		return "A or B"
	case strings.HasPrefix(rest, "'"):
		return `"…" for a string`
	case strings.HasPrefix(rest, "!"):
		return "… | not"
	case strings.HasPrefix(rest, "*]"), token == "*" && strings.HasPrefix(rest, "*"):
		return ".[] for every element"
	case token == "$" || strings.HasPrefix(rest, "$."):
		return strings.TrimPrefix(cut(rest, maxShown), "$")
	}
	return ""
}

// compileError puts what the engine's compiler says as ours, with a place.
func (p *Program) compileError(err error, names func(string) bool) *Error {
	msg := err.Error()
	if call, ok := strings.CutPrefix(msg, "function not defined: "); ok {
		return p.unknownFunction(call, names)
	}
	if name, ok := strings.CutPrefix(msg, "variable not defined: "); ok {
		return undefined(strings.TrimPrefix(name, "$"), p.find(tokVariable, name))
	}
	if name, ok := strings.CutPrefix(msg, "label not defined: "); ok {
		return compileError(p.find(tokVariable, name), "no label "+name, "label "+name+" | …")
	}
	if strings.HasPrefix(msg, "missing query") {
		return compileError(p.offsets.Typed(len(p.source)), "the program ends too early", ".")
	}
	return compileError(-1, cut(msg, 4*maxShown), "")
}

// unknownFunction tells a name that is nowhere from a wrong number of
// arguments; call is name/number. A variable is often typed without its $.
func (p *Program) unknownFunction(call string, names func(string) bool) *Error {
	name, n, _ := strings.Cut(call, "/")
	pos := p.find(tokIdent, name)
	if list := arities(name); list != nil {
		return compileError(pos, name+": takes "+arguments(list)+", "+n+" given", usage(name, list[0]))
	}
	if _, ok := exchangeNumber(name); n == "0" && (ok || names != nil && names(name)) {
		return compileError(pos, "no function "+quoted(name), "$"+name)
	}
	hints := near.Names(name, Functions())
	if n == "0" && isName(name) {
		hints = append(hints, "."+name+" for the key")
	}
	return compileError(pos, "no function "+quoted(name), strings.Join(hints, "   "))
}

func arguments(list []string) string {
	s := strings.Join(list, " or ")
	switch s {
	case "0":
		return "no argument"
	case "1":
		return "1 argument"
	}
	return s + " arguments"
}

func usage(name, n string) string {
	switch n {
	case "0":
		return name
	case "1":
		return name + "(…)"
	}
	return name + "(…; …)"
}

// withFileHint adds, to a program that does not compile and ends in what
// looks like a redirection, how a result goes to a file.
func (p *Program) withFileHint(text string, e *Error) *Error {
	i := strings.LastIndexByte(text, '>')
	if i < 0 {
		return e
	}
	file := strings.TrimSpace(text[i+1:])
	if file == "" || strings.ContainsAny(file, " \t()[]{}\"'$|,;") || isDigitByte(file[0]) || file[0] == '.' && !strings.ContainsAny(file, "/") {
		return e
	}
	e.Hint = "| save " + cut(file, maxShown)
	return e
}
