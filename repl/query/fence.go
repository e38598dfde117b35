package query

import (
	"strings"

	"github.com/itchyny/gojq"
)

// The engine compares, sorts and prints values by recursion, and a stack that
// overflows ends the whole program. Bodies are never deeper than
// jsontext.MaxDepth, but a program with a loop can build what is. The watch on
// the heap, too, looks only now and then, and a string that is doubled in a
// loop fills the memory between two looks. So in a program with a loop the
// values that go into such functions and operators are measured first.

// fences are the places of a program where that is to be done.
type fences struct {
	calls   []*gojq.Term  // functions that walk their input and arguments
	texts   []*gojq.Term  // functions that make a text or list as large as their input
	joins   []*gojq.Term  // join(x), whose result depends on both
	values  []*gojq.Query // operands that are walked
	terms   []*gojq.Query // operands that are put together
	pieces  []*gojq.Query // values written into strings
	times   []*gojq.Query // products, which may be of a string
	updates []*gojq.Query // += and *=, to be written out
	paths   []*gojq.Query
}

const (
	// recursive are the functions that walk a whole value, or the values that
	// their arguments give.
	recursive = " IN INDEX bsearch contains group_by index indices inside max max_by " +
		"min min_by rindex sort sort_by unique unique_by "

	// writing are those that make one text or list of all that is in a value.
	writing = " add ascii_downcase ascii_upcase explode flatten format fromjson implode split tojson tostring "
)

// call notes a function of the engine that needs a fence.
func (f *fences) call(t *gojq.Term) {
	switch name := t.Func.Name; {
	case strings.Contains(recursive, " "+name+" "):
		f.calls = append(f.calls, t)
	case strings.Contains(writing, " "+name+" "):
		f.texts = append(f.texts, t)
	case name == "join" && len(t.Func.Args) == 1:
		f.joins = append(f.joins, t)
	case (name == "setpath" || name == "getpath" || name == "delpaths") && len(t.Func.Args) > 0:
		f.paths = append(f.paths, t.Func.Args[0])
	}
}

// operator notes an operator whose two sides are walked or put together.
func (f *fences) operator(q *gojq.Query) {
	switch q.Op {
	case gojq.OpEq, gojq.OpNe, gojq.OpGt, gojq.OpLt, gojq.OpGe, gojq.OpLe, gojq.OpSub:
		f.values = append(f.values, q.Left, q.Right)
	case gojq.OpAdd:
		f.terms = append(f.terms, q.Left, q.Right)
	case gojq.OpMul:
		f.times = append(f.times, q)
	case gojq.OpUpdateSub:
		f.values = append(f.values, q.Right)
	case gojq.OpUpdateAdd, gojq.OpUpdateMul:
		f.updates = append(f.updates, q)
	}
}

// format notes what a string or a format turns into text.
func (f *fences) format(t *gojq.Term) {
	if t.Str == nil {
		f.texts = append(f.texts, t)
		return
	}
	for _, q := range t.Str.Queries {
		if q.Term != nil && q.Term.Type == gojq.TermTypeQuery {
			f.pieces = append(f.pieces, q.Term.Query)
		}
	}
}

// build puts the fences up; but for the length of paths and of products only
// if loops may make values large. hidden begins the names of our variables.
func (f *fences) build(loops bool, hidden string) {
	for _, q := range f.paths {
		fence(q, "_short")
	}
	left, right := hidden+"l", hidden+"r"
	for _, q := range f.updates {
		f.writeOut(q, right)
	}
	if !loops && len(f.times) == 0 {
		return
	}
	// What a fence stands around is rewritten before it.
	for _, q := range f.times {
		product(q, left, right)
	}
	for _, q := range f.values {
		fence(q, "_shallow")
	}
	for _, q := range f.terms {
		fence(q, "_slim")
	}
	for _, q := range f.pieces {
		fence(q, "_write")
	}
	for _, t := range f.calls {
		fenceCall(t, "_shallow")
	}
	for _, t := range f.texts {
		fenceText(t)
	}
	for _, t := range f.joins {
		joined(t, right)
	}
}

// fenceText puts the fence before a function that makes one text or list.
func fenceText(t *gojq.Term) {
	if t.Func != nil {
		switch t.Func.Name {
		case "explode", "fromjson", "split":
			fenceCall(t, "_brief")
			return
		case "add":
			if len(t.Func.Args) > 0 {
				addOf(t)
			} else {
				fenceCall(t, "_sum")
			}
			return
		}
	}
	fenceCall(t, "_write")
}

// writeOut makes L += R into R as $r | L |= . + $r, which is how the engine
// takes it, so that the sum has its fence.
func (f *fences) writeOut(q *gojq.Query, right string) {
	op := gojq.OpAdd
	if q.Op == gojq.OpUpdateMul {
		op = gojq.OpMul
	}
	sum := &gojq.Query{Left: identity(), Op: op, Right: callOf(right)}
	f.operator(sum)
	update := &gojq.Query{Left: q.Left, Op: gojq.OpModify, Right: sum}
	*q = *bindAs(q.Right, right, update)
}

// product measures what L * R makes before it is made; the engine, too, takes
// the right side first.
func product(q *gojq.Query, left, right string) {
	check := callOf("_product", callOf(left), callOf(right))
	times := &gojq.Query{Left: callOf(left), Op: gojq.OpMul, Right: callOf(right)}
	*q = *bindAs(q.Right, right, bindAs(q.Left, left, pipe(check, times)))
}

// joined measures what join(x) makes before it is made.
func joined(t *gojq.Term, right string) {
	call := &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: "join", Args: []*gojq.Query{callOf(right)}}}}
	q := bindAs(t.Func.Args[0], right, pipe(callOf("_joint", callOf(right)), call))
	*t = gojq.Term{Type: gojq.TermTypeQuery, Query: q, SuffixList: t.SuffixList}
}

// addOf makes add(f) into add of a list, whose fence comes first.
func addOf(t *gojq.Term) {
	list := &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeArray, Array: &gojq.Array{Query: t.Func.Args[0]}}}
	*t = gojq.Term{
		Type:       gojq.TermTypeQuery,
		Query:      pipe(list, pipe(callOf("_sum"), callOf("add"))),
		SuffixList: t.SuffixList,
	}
}

// fenceCall makes name | f(args | name) of f(args).
func fenceCall(t *gojq.Term, name string) {
	if t.Func != nil {
		for _, q := range t.Func.Args {
			fence(q, name)
		}
	}
	inner := *t
	inner.SuffixList = nil
	*t = gojq.Term{
		Type:       gojq.TermTypeQuery,
		Query:      pipe(callOf(name), &gojq.Query{Term: &inner}),
		SuffixList: t.SuffixList,
	}
}

// fence makes q | name of q.
func fence(q *gojq.Query, name string) {
	inner := *q
	*q = *pipe(&inner, callOf(name))
}

func pipe(left, right *gojq.Query) *gojq.Query {
	return &gojq.Query{Left: left, Op: gojq.OpPipe, Right: right}
}

// bindAs makes q as $name | body.
func bindAs(q *gojq.Query, name string, body *gojq.Query) *gojq.Query {
	return &gojq.Query{Left: q, Op: gojq.OpPipe, Patterns: []*gojq.Pattern{{Name: name}}, Right: body}
}

func identity() *gojq.Query {
	return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeIdentity}}
}

// callOf makes a call of a function, or the mention of a variable.
func callOf(name string, args ...*gojq.Query) *gojq.Query {
	return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: name, Args: args}}}
}
