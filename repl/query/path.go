package query

import (
	"strconv"
	"strings"

	"sonde/repl/jsontext"
)

// A path is a program that only goes down into a value: it needs no engine.
type path struct {
	root    string // variable it starts from, without $; "" is the body
	n       int    // root is the exchange $rN: its number, 0 for $r; else -1
	rootPos int    // where the variable stands in the typed text
	steps   []step
}

// step is one of .name, .[n], .[from:to] and .[].
type step struct {
	kind     stepKind
	optional bool // a ? behind it: what it does not fit gives nothing
	key      string
	from, to int
	open     [2]bool // from, to are left out
	pos      int     // where to point in the typed text
}

type stepKind uint8

const (
	stepField stepKind = iota
	stepIndex
	stepSlice
	stepEach
)

// pathParser reads a path from the tokens of a program. Anything it does not
// know is left to the engine.
type pathParser struct {
	text    string
	offsets Offsets
	list    []token
	at      int
	p       path
}

// parsePath returns the path a program is, nil if it is more than that.
func parsePath(text string, offsets Offsets) *path {
	q := pathParser{text: text, offsets: offsets, list: tokens(text), p: path{n: -1}}
	if !q.head(true) {
		return nil
	}
	for q.at < len(q.list) {
		if q.is("|") {
			q.at++
			if !q.head(false) {
				return nil
			}
			continue
		}
		if !q.suffix() {
			return nil
		}
	}
	return &q.p
}

// is reports whether the token at hand reads s, and is no part of a string.
func (q *pathParser) is(s string) bool {
	if q.at >= len(q.list) {
		return false
	}
	t := q.list[q.at]
	return t.kind != tokString && q.text[t.start:t.end] == s
}

func (q *pathParser) kind() tokenKind {
	if q.at >= len(q.list) {
		return tokNone
	}
	return q.list[q.at].kind
}

// word returns the text of the token at hand, less its first n bytes, and the
// place of what is left; it steps on.
func (q *pathParser) word(n int) (string, int) {
	t := q.list[q.at]
	q.at++
	return q.text[t.start+n : t.end], q.offsets.Typed(t.start + n)
}

// head reads what a stage begins with.
func (q *pathParser) head(first bool) bool {
	switch q.kind() {
	case tokVariable:
		return first && q.variable()
	case tokDot:
		q.at++
		if q.kind() == tokString {
			return q.quoted()
		}
		return true
	case tokField:
		return q.suffix()
	}
	return false
}

// variable reads $r.body, $rN.body or the name of a let variable.
func (q *pathParser) variable() bool {
	q.p.rootPos = q.offsets.Typed(q.list[q.at].start)
	q.p.root, _ = q.word(1)
	n, ok := exchangeNumber(q.p.root)
	if !ok {
		return q.p.root != "ENV" && q.p.root != "__loc__"
	}
	q.p.n = n
	if q.kind() != tokField {
		return false
	}
	field, _ := q.word(1)
	return field == "body"
}

// exchangeNumber tells $r, which is 0, and $rN from other variables.
func exchangeNumber(name string) (n int, ok bool) {
	if name == "r" {
		return 0, true
	}
	if len(name) < 2 || len(name) > 10 || name[0] != 'r' || name[1] == '0' {
		return 0, false
	}
	n, err := strconv.Atoi(name[1:])
	return n, err == nil && isDigitByte(name[1])
}

// suffix reads one step, or the ? behind one.
func (q *pathParser) suffix() bool {
	switch {
	case q.kind() == tokField:
		key, pos := q.word(1)
		q.p.steps = append(q.p.steps, step{kind: stepField, key: key, pos: pos})
		return true
	case q.is("?"):
		q.at++
		if n := len(q.p.steps); n > 0 {
			if q.p.steps[n-1].optional {
				return false // a second ? is a try around the whole path: the engine's
			}
			q.p.steps[n-1].optional = true
		}
		return true
	case q.kind() == tokDot:
		q.at++
		if q.kind() == tokString {
			return q.quoted()
		}
		return q.is("[") && q.bracket()
	case q.is("["):
		return q.bracket()
	}
	return false
}

func (q *pathParser) quoted() bool {
	s, pos := q.word(0)
	key, err := jsontext.Unquote([]byte(s))
	if err != nil {
		return false
	}
	q.p.steps = append(q.p.steps, step{kind: stepField, key: key, pos: pos})
	return true
}

// bracket reads [], ["key"], [n] and [from:to].
func (q *pathParser) bracket() bool {
	_, pos := q.word(0)
	if q.kind() == tokString {
		return q.quoted() && q.closes()
	}
	s := step{kind: stepEach, pos: pos}
	if q.is("]") {
		q.p.steps = append(q.p.steps, s)
		return q.closes()
	}
	if !q.is(":") {
		s.kind = stepIndex
		s.pos = q.offsets.Typed(q.list[min(q.at, len(q.list)-1)].start)
		if !q.integer(&s.from) {
			return false
		}
	} else {
		s.open[0] = true
	}
	if q.is(":") {
		q.at++
		s.kind = stepSlice
		s.open[1] = q.is("]")
		if s.open[0] && s.open[1] || !s.open[1] && !q.integer(&s.to) {
			return false
		}
	}
	q.p.steps = append(q.p.steps, s)
	return q.closes()
}

func (q *pathParser) closes() bool {
	if !q.is("]") {
		return false
	}
	q.at++
	return true
}

// integer reads a number that is exact as an int.
func (q *pathParser) integer(n *int) bool {
	sign := 1
	if q.is("-") {
		sign = -1
		q.at++
	}
	if q.kind() != tokNumber {
		return false
	}
	s, _ := q.word(0)
	if len(s) > 9 {
		return false
	}
	v, err := strconv.Atoi(s)
	*n = sign * v
	return err == nil
}

// describe spells the first n steps the short way: ".0.owner", "." for none.
// Behind a variable it begins with its name.
func (p *path) describe(n int) string {
	var s strings.Builder
	switch {
	case p.n >= 0:
		s.WriteString("$" + p.root + ".body")
	case p.root != "":
		s.WriteString("$" + p.root)
	}
	for i := range p.steps[:n] {
		s.WriteString(p.steps[i].String(s.Len() == 0))
	}
	if s.Len() == 0 {
		return "."
	}
	return s.String()
}

// String spells the step as it is typed; the first of a path needs a dot.
func (s *step) String(first bool) string {
	dot := ""
	if first {
		dot = "."
	}
	switch s.kind {
	case stepField:
		if isName(s.key) {
			return "." + s.key
		}
		return dot + "[" + string(jsontext.AppendQuote(nil, s.key)) + "]"
	case stepIndex:
		if s.from >= 0 {
			return "." + strconv.Itoa(s.from)
		}
		return dot + "[" + strconv.Itoa(s.from) + "]"
	case stepSlice:
		from, to := "", ""
		if !s.open[0] {
			from = strconv.Itoa(s.from)
		}
		if !s.open[1] {
			to = strconv.Itoa(s.to)
		}
		return dot + "[" + from + ":" + to + "]"
	}
	return dot + "[]"
}

// isName reports whether a key can be written behind a dot without quotes.
func isName(s string) bool {
	if s == "" || !isNameByte(s[0]) {
		return false
	}
	for i := range len(s) {
		if !isNameByte(s[i]) && !isDigitByte(s[i]) {
			return false
		}
	}
	return true
}
