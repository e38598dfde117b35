package query

import "github.com/itchyny/gojq"

// NeedsInput reports whether the program may look at its input, the body.
// status == 200 does not.
func (p *Program) NeedsInput() bool {
	if p.path != nil {
		return p.path.root == ""
	}
	return p.input
}

// Subject is the left side of the program if all of it is one comparison: what
// a failed expectation is about.
func (p *Program) Subject() (string, bool) {
	q, err := gojq.Parse(p.source)
	if err != nil {
		return "", false
	}
	for q.Term != nil && q.Term.Type == gojq.TermTypeQuery && len(q.Term.SuffixList) == 0 && q.FuncDefs == nil {
		q = q.Term.Query
	}
	switch q.Op {
	case gojq.OpEq, gojq.OpNe, gojq.OpGt, gojq.OpLt, gojq.OpGe, gojq.OpLe:
		return q.Left.String(), q.FuncDefs == nil
	}
	return "", false
}
