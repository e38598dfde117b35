package query

import (
	"strings"

	"github.com/itchyny/gojq"
)

// usesInput reports whether a program, after its analysis, may look at its
// input. status == 200 does not, so it runs whatever the body is, and once.
// In doubt the answer is yes.
func usesInput(q *gojq.Query) bool {
	if q == nil {
		return false
	}
	if q.Term != nil {
		return termUsesInput(q.Term)
	}
	switch {
	case q.Left == nil || q.Right == nil:
		return true
	case q.Op == gojq.OpPipe && len(q.Patterns) == 0:
		return usesInput(q.Left) // what follows sees its results
	}
	return usesInput(q.Left) || usesInput(q.Right)
}

func termUsesInput(t *gojq.Term) bool {
	for _, s := range t.SuffixList {
		if x := s.Index; x != nil && (stringUsesInput(x.Str) || usesInput(x.Start) || usesInput(x.End)) {
			return true
		}
	}
	switch t.Type {
	case gojq.TermTypeNull, gojq.TermTypeTrue, gojq.TermTypeFalse, gojq.TermTypeNumber, gojq.TermTypeBreak:
		return false
	case gojq.TermTypeString:
		return stringUsesInput(t.Str)
	case gojq.TermTypeFunc:
		return callUsesInput(t.Func)
	case gojq.TermTypeArray:
		return usesInput(t.Array.Query)
	case gojq.TermTypeObject:
		return objectUsesInput(t.Object)
	case gojq.TermTypeUnary:
		return termUsesInput(t.Unary.Term)
	case gojq.TermTypeQuery:
		return usesInput(t.Query)
	case gojq.TermTypeTry:
		return usesInput(t.Try.Body)
	case gojq.TermTypeLabel:
		return usesInput(t.Label.Body)
	case gojq.TermTypeIf:
		return ifUsesInput(t.If)
	case gojq.TermTypeReduce:
		return usesInput(t.Reduce.Query) || usesInput(t.Reduce.Start)
	case gojq.TermTypeForeach:
		return usesInput(t.Foreach.Query) || usesInput(t.Foreach.Start)
	case gojq.TermTypeFormat:
		return t.Str == nil || stringUsesInput(t.Str)
	}
	return true
}

func stringUsesInput(s *gojq.String) bool {
	if s == nil {
		return false
	}
	for _, q := range s.Queries {
		if usesInput(q) {
			return true
		}
	}
	return false
}

// callUsesInput knows the functions that look at their arguments only.
func callUsesInput(f *gojq.Func) bool {
	switch f.Name {
	case "now", "empty", "env", "infinite", "nan", "builtins", "_header", "_cookie", "range", "halt":
	default:
		if !strings.HasPrefix(f.Name, "$") {
			return true
		}
	}
	for _, q := range f.Args {
		if usesInput(q) {
			return true
		}
	}
	return false
}

func objectUsesInput(o *gojq.Object) bool {
	for _, kv := range o.KeyVals {
		if kv.Val == nil && !strings.HasPrefix(kv.Key, "$") {
			return true // {name} is {name: .name}
		}
		if stringUsesInput(kv.KeyString) || usesInput(kv.KeyQuery) || usesInput(kv.Val) {
			return true
		}
	}
	return false
}

func ifUsesInput(e *gojq.If) bool {
	if e.Else == nil || usesInput(e.Cond) || usesInput(e.Then) || usesInput(e.Else) {
		return true
	}
	for _, elif := range e.Elif {
		if usesInput(elif.Cond) || usesInput(elif.Then) {
			return true
		}
	}
	return false
}
