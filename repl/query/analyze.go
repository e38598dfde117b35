package query

import (
	"strings"

	"github.com/itchyny/gojq"
)

// An analysis walks the tree of a program once, before the engine compiles
// it. It finds what of the outside the program mentions, puts a variable in
// the place of each mention, and notes the names of keys.
type analysis struct {
	names  func(string) bool // the let variables there are
	hidden string            // how our own variables begin; nothing else in the program does
	vars   []binding
	status []int

	constructed []string // keys of object constructions, in order
	indexed     []string // keys of steps
	loops       bool     // values may grow without bound
	defines     bool     // there are functions of the program's own
	deep        fences
	err         *Error
	place       func(kind tokenKind, word string) int // where a word stands in the typed text
}

// A binding is a variable of the compiled program and what it stands for.
type binding struct {
	name  string // with $
	kind  bindingKind
	n     int    // bindView: the exchange, 0 for the current one
	word  string // bindLet, bindEnv: its name; bindPart: the part
	parts []part // bindView: those mentioned; nil for all
}

type bindingKind uint8

const (
	bindLet   bindingKind = iota
	bindEnv               // one variable of the environment
	bindView              // $r, $rN
	bindPart              // a function that looks at the current exchange
	bindScope             // the scope itself, for functions with an argument
)

// scope is what is defined around a place: variables with their $, functions
// with their number of arguments.
type scope struct {
	name  string
	arity int
	up    *scope
}

func (s *scope) has(name string, arity int) bool {
	for ; s != nil; s = s.up {
		if s.name == name && s.arity == arity {
			return true
		}
	}
	return false
}

// with adds the variables of patterns.
func (s *scope) with(patterns []*gojq.Pattern) *scope {
	for _, p := range patterns {
		if p.Name != "" {
			s = &scope{name: p.Name, up: s}
		}
		s = s.with(p.Array)
		for _, o := range p.Object {
			if strings.HasPrefix(o.Key, "$") {
				s = &scope{name: o.Key, up: s}
			}
			if o.Val != nil {
				s = s.with([]*gojq.Pattern{o.Val})
			}
		}
	}
	return s
}

func (a *analysis) query(q *gojq.Query, s *scope) {
	if q == nil || a.err != nil {
		return
	}
	for _, def := range q.FuncDefs {
		a.loops, a.defines = true, true
		s = &scope{name: def.Name, arity: len(def.Args), up: s}
		inner := s
		for _, arg := range def.Args {
			inner = &scope{name: arg, up: inner}
			if strings.HasPrefix(arg, "$") {
				inner = &scope{name: arg[1:], up: inner}
			}
		}
		a.query(def.Body, inner)
	}
	if q.Term != nil {
		a.term(q.Term, s)
		return
	}
	a.pipedStatus(q, s)
	a.deep.operator(q)
	a.query(q.Left, s)
	if len(q.Patterns) > 0 {
		s = s.with(q.Patterns)
		a.patterns(q.Patterns, s)
	}
	a.query(q.Right, s)
}

// patterns walks the programs inside destructuring patterns.
func (a *analysis) patterns(list []*gojq.Pattern, s *scope) {
	for _, p := range list {
		a.patterns(p.Array, s)
		for _, o := range p.Object {
			a.str(o.KeyString, s)
			a.query(o.KeyQuery, s)
			if o.Val != nil {
				a.patterns([]*gojq.Pattern{o.Val}, s)
			}
		}
	}
}

func (a *analysis) term(t *gojq.Term, s *scope) {
	switch t.Type {
	case gojq.TermTypeIndex:
		a.index(t.Index, s)
	case gojq.TermTypeFunc:
		a.call(t, s)
	case gojq.TermTypeObject:
		a.object(t.Object, s)
	case gojq.TermTypeArray:
		a.query(t.Array.Query, s)
	case gojq.TermTypeUnary:
		a.term(t.Unary.Term, s)
	case gojq.TermTypeFormat, gojq.TermTypeString:
		a.knownFormat(t.Format)
		a.deep.format(t)
		a.str(t.Str, s)
	case gojq.TermTypeIf:
		a.branches(t.If, s)
	case gojq.TermTypeTry:
		a.query(t.Try.Body, s)
		a.query(t.Try.Catch, s)
	case gojq.TermTypeReduce:
		r := t.Reduce
		a.loop(r.Query, r.Patterns, r.Start, s, r.Update, nil)
	case gojq.TermTypeForeach:
		f := t.Foreach
		a.loop(f.Query, f.Patterns, f.Start, s, f.Update, f.Extract)
	case gojq.TermTypeLabel:
		a.query(t.Label.Body, s)
	case gojq.TermTypeQuery:
		a.query(t.Query, s)
	}
	for _, suffix := range t.SuffixList {
		a.index(suffix.Index, s)
	}
}

func (a *analysis) loop(source *gojq.Query, patterns []*gojq.Pattern, start *gojq.Query, s *scope, inner ...*gojq.Query) {
	a.loops = true
	a.query(source, s)
	a.query(start, s)
	s = s.with(patterns)
	a.patterns(patterns, s)
	for _, q := range inner {
		a.query(q, s)
	}
}

func (a *analysis) branches(e *gojq.If, s *scope) {
	a.query(e.Cond, s)
	a.query(e.Then, s)
	for _, elif := range e.Elif {
		a.query(elif.Cond, s)
		a.query(elif.Then, s)
	}
	a.query(e.Else, s)
}

func (a *analysis) index(x *gojq.Index, s *scope) {
	if x == nil {
		return
	}
	if key, ok := literalKey(x); ok {
		a.indexed = append(a.indexed, key)
	}
	a.str(x.Str, s)
	a.query(x.Start, s)
	a.query(x.End, s)
}

func (a *analysis) str(x *gojq.String, s *scope) {
	if x == nil {
		return
	}
	for _, q := range x.Queries {
		a.query(q, s)
	}
}

func (a *analysis) object(o *gojq.Object, s *scope) {
	for _, kv := range o.KeyVals {
		if strings.HasPrefix(kv.Key, "$") {
			a.constructed = append(a.constructed, kv.Key[1:])
			// {$x} names a variable without a term to rewrite: make one.
			t := &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: kv.Key}}
			if kv.Val == nil {
				kv.Key, kv.Val = kv.Key[1:], &gojq.Query{Term: t}
			} else {
				a.call(t, s)
			}
		} else if kv.Key != "" {
			a.constructed = append(a.constructed, kv.Key)
		}
		if kv.KeyString != nil && kv.KeyString.Queries == nil {
			a.constructed = append(a.constructed, kv.KeyString.Str)
		}
		a.str(kv.KeyString, s)
		a.query(kv.KeyQuery, s)
		a.query(kv.Val, s)
	}
}

// literalKey returns the key of .name, ."name" and .["name"].
func literalKey(x *gojq.Index) (string, bool) {
	switch {
	case x == nil || x.IsSlice:
		return "", false
	case x.Name != "":
		return x.Name, true
	case x.Str != nil:
		return x.Str.Str, x.Str.Queries == nil
	}
	if q := x.Start; q != nil && q.Term != nil && q.Term.Type == gojq.TermTypeString && len(q.Term.SuffixList) == 0 {
		return q.Term.Str.Str, q.Term.Str.Queries == nil
	}
	return "", false
}
