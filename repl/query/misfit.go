package query

import (
	"strconv"
	"unicode/utf8"

	"sonde/repl/jsontext"
)

// misfit says that step k needs want, what is there instead, and how to go on
// from that.
func (w *walker) misfit(n node, k int, want string) *Error {
	s := &w.p.steps[k]
	if s.optional {
		return &Error{Op: op, Pos: s.pos} // nobody will see it
	}
	whose := w.p.describe(k)
	if whose == "." {
		whose = "the body"
	}
	msg := s.String(true) + ": expected " + want + ", " + whose + " is " + w.what(n)
	return &Error{Op: op, Pos: s.pos, Msg: msg, Hint: w.wayOn(n, k)}
}

// what describes a value: "a list of 30", "the number 1.10".
func (w *walker) what(n node) string {
	switch kind := n.kind(); kind {
	case jsontext.Null:
		return "null"
	case jsontext.Object:
		return "an object"
	case jsontext.List:
		count, err := jsontext.Length(n.b, n.start)
		if err != nil {
			return "a list"
		}
		return "a list of " + strconv.Itoa(count)
	default:
		end, err := jsontext.Skip(n.b, n.start)
		if err != nil {
			return "a " + kind.String()
		}
		raw := n.b[n.start:end]
		if !utf8.Valid(raw[:min(len(raw), maxShown)]) {
			return "a " + kind.String()
		}
		return "the " + kind.String() + " " + cut(string(raw[:min(len(raw), 2*maxShown)]), maxShown)
	}
}

// wayOn gives the path to type instead, where the kind found allows one.
func (w *walker) wayOn(n node, k int) string {
	s := &w.p.steps[k]
	prefix := w.p.describe(k)
	root := prefix == "."
	if root {
		prefix = ""
	}
	rest := ""
	for i := k; i < len(w.p.steps); i++ {
		rest += w.p.steps[i].String(false)
	}
	switch {
	case s.kind == stepField && n.kind() == jsontext.List:
		if _, _, ok, err := jsontext.Index(n.b, n.start, 0); !ok || err != nil {
			return ""
		}
		each := "[]"
		if root {
			each = ".[]"
		}
		return "pick one first: " + prefix + ".0" + rest + "   each: " + prefix + each + rest
	case s.kind == stepIndex && n.kind() == jsontext.Object:
		return "by name: " + prefix + firstKey(n) + "   its names: " + w.p.describe(k) + " | keys"
	}
	return ""
}

func firstKey(n node) string {
	first := ".NAME"
	_, err := jsontext.Each(n.b, n.start, func(key []byte, _, _ int) bool {
		if k, err := jsontext.Unquote(key); err == nil {
			first = (&step{kind: stepField, key: k}).String(true)
		}
		return false
	})
	if err != nil {
		return ".NAME"
	}
	return cut(first, maxShown)
}
