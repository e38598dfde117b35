package item

import (
	"strconv"
	"strings"
)

// maxSteps bounds how deep a name may nest; readers of JSON have limits too.
const maxSteps = 1000

// A stepKind says how a step of a path goes down.
type stepKind int

const (
	stepKey    stepKind = iota // name or [name]: a key of an object
	stepIndex                  // [3]: an element of an array
	stepAppend                 // []: a new element at the end of an array
)

// A step is one part of a field's path.
type step struct {
	kind       stepKind
	key        string // for stepKey
	index      int    // for stepIndex
	start, end int    // bytes of the path it was read from
}

// A fault is a place in a text and what is wrong there.
type fault struct {
	pos int
	msg string
	tip string // something to type instead; empty: none
}

// parsePath reads the name of a JSON field as a path. Its steps are at least
// one.
func parsePath(path string) ([]step, *fault) {
	var steps []step
	i := 0
	if !strings.HasPrefix(path, "[") {
		key, _, next := pathText(path, 0)
		steps = append(steps, step{kind: stepKey, key: key, end: next})
		i = next
	}
	for i < len(path) {
		if path[i] != '[' {
			return nil, stray(path, i)
		}
		s, f := bracketStep(path, i)
		if f != nil {
			return nil, f
		}
		if i == 0 && s.kind == stepKey {
			return nil, &fault{pos: 1, msg: "a name that starts with [ needs a number or ] there", tip: path[1:s.end-1] + path[s.end:] + "=VALUE"}
		}
		if len(steps) == maxSteps {
			return nil, &fault{pos: i, msg: "nested deeper than " + strconv.Itoa(maxSteps)}
		}
		steps = append(steps, s)
		i = s.end
	}
	return steps, nil
}

// stray is the fault of a byte that follows a complete step and opens none.
func stray(path string, i int) *fault {
	if path[i] == ']' {
		return &fault{pos: i, msg: "a ] without its [", tip: path[:i] + `\] for the character itself`}
	}
	_, _, next := pathText(path, i)
	return &fault{pos: i, msg: "text between ] and the next [", tip: path[:i] + "[" + path[i:next] + "]=VALUE"}
}

// bracketStep reads the step whose [ is at offset i.
func bracketStep(path string, i int) (step, *fault) {
	key, number, next := pathText(path, i+1)
	s := step{kind: stepKey, key: key, start: i, end: next + 1}
	if next == len(path) {
		return s, &fault{pos: i, msg: "a [ without its ]", tip: path + "]=VALUE"}
	}
	if path[next] == '[' {
		return s, &fault{pos: next, msg: "a [ inside of [ ]", tip: path[:next] + `\[ for the character itself`}
	}
	if next == i+1 {
		s.kind = stepAppend
		return s, nil
	}
	if !number {
		return s, nil
	}
	s.kind = stepIndex
	n, err := strconv.Atoi(key)
	switch {
	case err != nil:
		return s, &fault{pos: i + 1, msg: "an index out of range"}
	case n < 0:
		return s, &fault{pos: i + 1, msg: "a negative index", tip: path[:i] + "[]=VALUE to append"}
	}
	s.index = n
	return s, nil
}

// pathText reads the text at offset i up to an unescaped bracket or the end,
// resolves its escapes and tells whether it is a number, an index if it stands
// in brackets. A backslash before a number makes text of it.
func pathText(path string, i int) (text string, number bool, next int) {
	var b strings.Builder
	escaped := false
	for i < len(path) && path[i] != '[' && path[i] != ']' {
		if path[i] == '\\' && i+1 < len(path) {
			c := path[i+1]
			if c == '[' || c == ']' || c == '\\' || isSeparator(c) {
				escaped = true
			} else {
				b.WriteByte('\\')
			}
			i++
		}
		b.WriteByte(path[i])
		i++
	}
	text = b.String()
	if escaped {
		return text, false, i
	}
	if strings.HasPrefix(text, `\`) && isNumber(text[1:]) {
		return text[1:], false, i
	}
	return text, isNumber(text), i
}

// isNumber reports whether s is decimal digits, with or without a minus.
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}
