package query

import (
	"slices"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"

	"sonde/repl/near"
)

// knownFormat checks the name of a format, which the engine would do only when
// it gets there. The empty name is that of a plain string.
func (a *analysis) knownFormat(name string) {
	const formats = "@text @json @html @uri @urid @csv @tsv @sh @base64 @base64d"
	list := strings.Fields(formats)
	if name == "" || slices.Contains(list, name) {
		return
	}
	a.err = compileError(a.place(tokFormat, name), "no format "+name, strings.Join(near.Names(name, list), "   "))
}

// call looks at a function or variable and rewrites it if it is ours.
func (a *analysis) call(t *gojq.Term, s *scope) {
	f := t.Func
	if !s.has(f.Name, len(f.Args)) {
		switch {
		case strings.HasPrefix(f.Name, "$"):
			a.variable(t)
		case f.Name == "header" && len(f.Args) == 1, f.Name == "cookie" && len(f.Args) == 1:
			name := a.bind(binding{kind: bindScope})
			view := &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: name}}}
			t.Func = &gojq.Func{Name: "_" + f.Name, Args: append([]*gojq.Query{view}, f.Args...)}
		case len(f.Args) == 0 && isPart(f.Name):
			if f.Name == "status" {
				a.looksAtStatus(0)
			}
			f.Name = a.bind(binding{kind: bindPart, word: f.Name})
		case strings.Contains(refused, " "+f.Name+" "):
			a.err = compileError(a.place(tokIdent, f.Name), f.Name+": a query sees the answer and nothing else", "")
		default:
			a.loops = a.loops || strings.Contains(growing, " "+f.Name+" ")
			a.deep.call(t)
		}
	}
	for _, q := range f.Args {
		a.query(q, s)
	}
}

// growing are the functions that can nest a value deeper at each turn.
const growing = " fromstream recurse repeat setpath until walk while "

func isPart(name string) bool {
	switch name {
	case "status", "reason", "headers", "elapsed", "url", "links", "cookies":
		return true
	}
	return false
}

// variable binds a variable the program does not define itself.
func (a *analysis) variable(t *gojq.Term) {
	name := t.Func.Name[1:]
	key, keyed := "", false
	if len(t.SuffixList) > 0 {
		key, keyed = literalKey(t.SuffixList[0].Index)
	}
	if name == "ENV" {
		if keyed {
			t.Func.Name = a.bind(binding{kind: bindEnv, word: key})
			t.SuffixList = t.SuffixList[1:]
		}
		return
	}
	if n, ok := exchangeNumber(name); ok {
		b := binding{name: t.Func.Name, kind: bindView, n: n}
		if keyed {
			b.parts = []part{part(key)}
			if key == "status" {
				a.looksAtStatus(n)
			}
		}
		a.bind(b)
		return
	}
	if a.names == nil || !a.names(name) {
		a.err = undefined(name, a.place(tokVariable, t.Func.Name))
		return
	}
	a.bind(binding{name: t.Func.Name, kind: bindLet, word: name})
}

func undefined(name string, pos int) *Error {
	return compileError(pos, "no variable $"+name, "let "+name+" = …")
}

// bind adds b unless it is there, and returns the name of its variable.
func (a *analysis) bind(b binding) string {
	for i := range a.vars {
		v := &a.vars[i]
		if v.kind != b.kind || v.n != b.n || v.word != b.word {
			continue
		}
		if b.parts == nil {
			v.parts = nil
		} else if v.parts != nil {
			v.parts = append(v.parts, b.parts...)
		}
		return v.name
	}
	if b.name == "" {
		b.name = a.hidden + strconv.Itoa(len(a.vars))
	}
	a.vars = append(a.vars, b)
	return b.name
}

func (a *analysis) looksAtStatus(n int) {
	if !slices.Contains(a.status, n) {
		a.status = append(a.status, n)
	}
}

// pipedStatus finds $r | .status, which looks at a status as $r.status does.
func (a *analysis) pipedStatus(q *gojq.Query, s *scope) {
	if q.Op != gojq.OpPipe || len(q.Patterns) > 0 || q.Left == nil || q.Left.Term == nil || q.Right == nil {
		return
	}
	left := q.Left.Term
	if left.Type != gojq.TermTypeFunc || len(left.SuffixList) > 0 || s.has(left.Func.Name, 0) {
		return
	}
	n, ok := exchangeNumber(strings.TrimPrefix(left.Func.Name, "$"))
	if !ok || !strings.HasPrefix(left.Func.Name, "$") {
		return
	}
	right := q.Right
	for right.Term == nil && right.Left != nil {
		right = right.Left
	}
	if right.Term != nil && right.Term.Type == gojq.TermTypeIndex && right.Term.Index.Name == "status" {
		a.looksAtStatus(n)
	}
}
