package query

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/itchyny/gojq"
)

const (
	// MaxText is the longest program, in bytes. The engine's parser and
	// compiler recurse; at this size they stay far from the end of the stack.
	MaxText = 64 << 10

	// maxNesting is how many brackets may be open at once.
	maxNesting = 1000
)

// A Program is a compiled jq program. It may be run any number of times, also
// at the same time.
type Program struct {
	source  string // with the shorthand expanded
	offsets Offsets

	path *path // set if the program is only a path; then there is no code
	fast *fast // set if the bytes may answer it without the code

	code    *gojq.Code
	vars    []binding
	status  []int
	input   bool // it may look at its input
	deep    bool // its results may be nested without bound
	headers bool

	construct map[string]bool
	mention   map[string]int
}

// Compile reads a program. names tells which let variables there are, without
// their $; nil means none. $r, $r1 … and $ENV.NAME need no telling. The error
// is an [*Error] whose Pos is a place in text.
func Compile(text string, names func(string) bool) (p *Program, err error) {
	if err := check(text); err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, compileError(-1, "the engine gave up: "+cut(fmt.Sprint(r), 2*maxShown), "")
		}
	}()
	p = &Program{}
	p.source, p.offsets = ExpandOffsets(text)
	if p.path = parsePath(p.source, p.offsets); p.path != nil {
		return p.known(names)
	}
	q, err := gojq.Parse(p.source)
	if err != nil {
		return nil, p.parseError(text, err)
	}
	if len(q.Imports) > 0 || q.Meta != nil {
		return nil, compileError(p.find(tokIdent, "import", "include", "module"), "modules: a query reads no files", "")
	}
	a := &analysis{names: names, hidden: hiddenPrefix(p.source), place: func(kind tokenKind, word string) int {
		return p.find(kind, word)
	}}
	a.query(q, nil)
	if a.err != nil {
		return nil, p.withFileHint(text, a.err)
	}
	p.adopt(q, a)
	a.deep.build(a.loops, a.hidden)
	if p.code, err = gojq.Compile(q, options(p.vars)...); err != nil {
		return nil, p.withFileHint(text, p.compileError(err, names))
	}
	if !a.defines && len(a.vars) == 0 {
		p.fast = parseFast(p.source, p.offsets)
	}
	return p, nil
}

// check refuses text the parser must not see.
func check(text string) error {
	if len(text) > MaxText {
		return compileError(-1, "query too long: "+grouped(int64(len(text)))+" bytes, the limit is "+grouped(MaxText), "")
	}
	if i := strings.IndexByte(text, 0); i >= 0 {
		return compileError(i, "NUL character", "")
	}
	s := scanner{text: text}
	for t := s.next(); t.kind != tokNone; t = s.next() {
		if s.deep > maxNesting {
			return compileError(t.start, "more than "+grouped(maxNesting)+" brackets open at once", "")
		}
	}
	return nil
}

// known checks the variable a path starts from.
func (p *Program) known(names func(string) bool) (*Program, error) {
	if p.path.root != "" && p.path.n < 0 && (names == nil || !names(p.path.root)) {
		return nil, undefined(p.path.root, p.path.rootPos)
	}
	return p, nil
}

// adopt takes over what the analysis found, while the tree is still as it
// was typed but for our variables.
func (p *Program) adopt(q *gojq.Query, a *analysis) {
	p.vars, p.status, p.deep = a.vars, a.status, a.loops
	p.input = a.defines || usesInput(q)
	p.headers = q.Term != nil && q.Term.Type == gojq.TermTypeFunc && len(q.Term.SuffixList) == 0 &&
		len(q.FuncDefs) == 0 && len(a.vars) == 1 && a.vars[0].kind == bindPart && a.vars[0].word == "headers" &&
		q.Term.Func.Name == a.vars[0].name
	p.construct = make(map[string]bool, len(a.constructed))
	p.mention = make(map[string]int, len(a.constructed)+len(a.indexed))
	for _, k := range a.constructed {
		p.construct[k] = true
	}
	// What match gives has an order of its own, too.
	for _, k := range slices.Concat(a.constructed, a.indexed, []string{"offset", "length", "string", "name", "captures"}) {
		if _, ok := p.mention[k]; !ok {
			p.mention[k] = len(p.mention)
		}
	}
}

// constructs reports whether the program names the key in an object it makes.
func (p *Program) constructs(key string) bool { return p != nil && p.construct[key] }

// mentions tells where among the keys the program names this one comes.
func (p *Program) mentions(key string) (int, bool) {
	if p == nil {
		return 0, false
	}
	n, ok := p.mention[key]
	return n, ok
}

// hiddenPrefix returns a start for names of variables that the text does not
// contain.
func hiddenPrefix(text string) string {
	name := "$_v"
	for strings.Contains(text, name[1:]) {
		name += "v"
	}
	return name
}

// options tells the engine our variables and functions.
func options(vars []binding) []gojq.CompilerOption {
	names := make([]string, len(vars))
	for i, v := range vars {
		names[i] = v.name
	}
	same := func(v any, _ []any) any { return v }
	return []gojq.CompilerOption{
		gojq.WithVariables(names),
		gojq.WithFunction("debug", 0, 0, same),
		gojq.WithFunction("stderr", 0, 0, same),
		gojq.WithFunction("_shallow", 0, 0, shallow),
		gojq.WithFunction("_short", 0, 0, short),
		gojq.WithFunction("_slim", 0, 0, slim),
		gojq.WithFunction("_write", 0, 0, writable),
		gojq.WithFunction("_sum", 0, 0, summable),
		gojq.WithFunction("_brief", 0, 0, brief),
		gojq.WithFunction("_product", 2, 2, checkProduct),
		gojq.WithFunction("_joint", 1, 1, checkJoin),
		gojq.WithFunction("_header", 2, 2, callHeader),
		gojq.WithFunction("_cookie", 2, 2, callCookie),
	}
}

// callHeader is header(name): args are the scope and the name.
func callHeader(_ any, args []any) any {
	s, ok := args[0].(*Scope)
	name, text := args[1].(string)
	switch {
	case !text:
		return errors.New("header: the name must be a string")
	case !ok || s.Current == nil:
		return errors.New("header: " + noAnswer)
	}
	return header(s.Current.Header, name)
}

// callCookie is cookie(name).
func callCookie(_ any, args []any) any {
	s, ok := args[0].(*Scope)
	name, text := args[1].(string)
	if !text {
		return errors.New("cookie: the name must be a string")
	}
	if !ok || s.Cookie == nil {
		return nil
	}
	if v, ok := s.Cookie(name); ok {
		return v
	}
	return nil
}

const noAnswer = "no answer yet"

// Complete reports whether text is a program by itself, the shorthand
// included. Names in it need not exist.
func Complete(text string) bool {
	if strings.TrimSpace(text) == "" || check(text) != nil {
		return false
	}
	source, offsets := ExpandOffsets(text)
	if parsePath(source, offsets) != nil {
		return true
	}
	_, err := gojq.Parse(source)
	return err == nil
}

// IsPath reports whether the program only goes down into a value, like
// .items[0].name, and so gives pieces of the body as received.
func (p *Program) IsPath() bool { return p.path != nil }

// StatusOf lists the exchanges whose status the program looks at: 0 for the
// current one, by the function status or $r.status, N for $rN.status.
func (p *Program) StatusOf() []int { return p.status }

// HeadersOnly reports whether the program is just the word headers, whose
// result is meant to be drawn as headers are.
func (p *Program) HeadersOnly() bool { return p.headers }
