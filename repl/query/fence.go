package query

import (
	"strings"

	"github.com/itchyny/gojq"

	"sonde/repl/jsontext"
)

// The engine compares, sorts and prints values by recursion, and a stack that
// overflows ends the whole program. Bodies are never deeper than
// jsontext.MaxDepth, but a program with a loop can build what is. In such a
// program the values that go into a recursive function are measured first.

// fences are the places of a program where that is to be done.
type fences struct {
	calls  []*gojq.Term
	values []*gojq.Query
	paths  []*gojq.Query
}

// recursive are the functions that walk a whole value, or the values that
// their arguments give.
const recursive = " IN INDEX bsearch contains flatten group_by index indices inside max max_by " +
	"min min_by rindex sort sort_by tojson tostring unique unique_by "

// call notes a function of the engine that needs a fence.
func (f *fences) call(t *gojq.Term) {
	switch name := t.Func.Name; {
	case strings.Contains(recursive, " "+name+" "):
		f.calls = append(f.calls, t)
	case (name == "setpath" || name == "getpath" || name == "delpaths") && len(t.Func.Args) > 0:
		f.paths = append(f.paths, t.Func.Args[0])
	}
}

// operator notes an operator whose two sides are walked.
func (f *fences) operator(q *gojq.Query) {
	switch q.Op {
	case gojq.OpEq, gojq.OpNe, gojq.OpGt, gojq.OpLt, gojq.OpGe, gojq.OpLe, gojq.OpSub, gojq.OpMul:
		f.values = append(f.values, q.Left, q.Right)
	case gojq.OpUpdateSub, gojq.OpUpdateMul:
		f.values = append(f.values, q.Right)
	}
}

// format notes what a string or a format turns into text.
func (f *fences) format(t *gojq.Term) {
	if t.Str == nil {
		f.calls = append(f.calls, t)
		return
	}
	for _, q := range t.Str.Queries {
		if q.Term != nil && q.Term.Type == gojq.TermTypeQuery {
			f.values = append(f.values, q.Term.Query)
		}
	}
}

// build puts the fences up: those for values only if loops may make them deep.
func (f *fences) build(loops bool) {
	for _, q := range f.paths {
		fence(q, "_short")
	}
	if !loops {
		return
	}
	for _, q := range f.values {
		fence(q, "_shallow")
	}
	for _, t := range f.calls {
		if t.Func != nil {
			for _, q := range t.Func.Args {
				fence(q, "_shallow")
			}
		}
		inner := *t
		inner.SuffixList = nil
		*t = gojq.Term{
			Type:       gojq.TermTypeQuery,
			Query:      &gojq.Query{Left: callOf("_shallow"), Op: gojq.OpPipe, Right: &gojq.Query{Term: &inner}},
			SuffixList: t.SuffixList,
		}
	}
}

// fence makes q | name of q.
func fence(q *gojq.Query, name string) {
	inner := *q
	*q = gojq.Query{Left: &inner, Op: gojq.OpPipe, Right: callOf(name)}
}

func callOf(name string) *gojq.Query {
	return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: name}}}
}

// shallow passes v on unless it is nested too deep.
func shallow(v any, _ []any) any {
	if tooDeep(v, jsontext.MaxDepth) {
		return errDeep
	}
	return v
}

const errDeep = signal("value nested deeper than 10,000 levels")

// tooDeep reports whether v has more than n levels.
func tooDeep(v any, n int) bool {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if n == 0 || tooDeep(e, n-1) {
				return true
			}
		}
		return n == 0
	case map[string]any:
		for _, e := range v {
			if n == 0 || tooDeep(e, n-1) {
				return true
			}
		}
		return n == 0
	}
	return false
}

// short passes a path, or a list of paths, on unless one has too many steps.
func short(v any, _ []any) any {
	list, _ := v.([]any)
	if len(list) > jsontext.MaxDepth && !listOfLists(list) {
		return errLong
	}
	for _, p := range list {
		if steps, ok := p.([]any); ok && len(steps) > jsontext.MaxDepth {
			return errLong
		}
	}
	return v
}

const errLong = signal("path of more than 10,000 steps")

func listOfLists(list []any) bool {
	_, ok := list[0].([]any)
	return ok
}
