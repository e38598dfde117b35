package query

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An Error is a program that does not compile, or that failed on its input.
// Its texts may hold parts of what a server sent: whoever shows them cleans
// them first.
type Error struct {
	Op      string // what failed, "query"
	Pos     int    // byte offset into the program as typed; -1: nowhere in particular
	Msg     string // what is wrong, lower case, without a full stop
	Hint    string // something to type instead; empty if there is nothing
	Compile bool   // wrong whatever the input is
}

// Error gives operation and message, not the hint.
func (e *Error) Error() string { return e.Op + ": " + e.Msg }

// op is the word every error of this package begins with.
const op = "query"

// maxShown bounds, in bytes, what of a value is repeated in a message.
const maxShown = 60

func compileError(pos int, msg, hint string) *Error {
	return &Error{Op: op, Pos: pos, Msg: msg, Hint: hint, Compile: true}
}

func runError(msg, hint string) *Error {
	return &Error{Op: op, Pos: -1, Msg: msg, Hint: hint}
}

// cut shortens s to about n bytes, never inside a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("…")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// grouped writes n with commas between the thousands.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// runtimeError turns what the engine says of a failure into an Error. A step
// that did not fit is looked for in the path the program begins with.
func (p *Program) runtimeError(err error, in *Doc) *Error {
	msg := rephrase(err.Error())
	e := runError(cut(msg, 4*maxShown), "")
	misfit := strings.HasPrefix(msg, "expected a") || strings.HasPrefix(msg, ".[]")
	if misfit && p.input {
		if found := p.leadingMisfit(in); found != nil {
			return found
		}
	}
	switch {
	case strings.HasPrefix(msg, "expected an object"):
		e.Pos = p.only(tokField, 1)
	case strings.HasPrefix(msg, ".[]"):
		e.Pos = p.only(tokOpen, 0)
	case strings.HasPrefix(msg, "invalid path") && p.assigns():
		e.Hint = "== to compare"
	}
	return e
}

// assigns reports whether the program has a plain =, which is often meant as
// ==.
func (p *Program) assigns() bool {
	around := " " + p.source + " "
	for _, t := range tokens(p.source) {
		if t.kind == tokOp && p.source[t.start:t.end] == "=" &&
			!strings.ContainsRune("=!<>|+-*/%", rune(around[t.start])) && around[t.end+1] != '=' {
			return true
		}
	}
	return false
}

// leadingMisfit follows the path a program begins with, if it does, and
// returns where that does not fit the body: .name | length, map(.name).
func (p *Program) leadingMisfit(in *Doc) *Error {
	text := p.source
	if strings.HasPrefix(text, "map(") {
		text = mapAsPath(text, 0)
	}
	var lead *path
	for _, t := range append(tokens(text), token{start: len(text), end: len(text)}) {
		if word := text[t.start:t.end]; word == "|" || word == ")" || t.kind == tokNone {
			next := parsePath(text[:t.start], p.offsets)
			if next == nil {
				break
			}
			lead = next
		}
	}
	if lead == nil || lead.root != "" {
		return nil
	}
	var e *Error
	w := &walker{ctx: context.Background(), p: lead, emit: func(Value) bool { return true }}
	if err := w.runDoc(in); errors.As(err, &e) && e.Pos >= 0 {
		return e
	}
	return nil
}

// only returns the place of the one token of that kind in the program, moved
// by skip, and -1 if there are several or none: the engine does not say which
// of several steps failed.
func (p *Program) only(kind tokenKind, skip int) int {
	pos := -1
	for _, t := range tokens(p.source) {
		if t.kind != kind {
			continue
		}
		if pos >= 0 {
			return -1
		}
		pos = t.start + skip
	}
	if pos < 0 {
		return -1
	}
	return p.offsets.Typed(pos)
}

// rephrase puts the engine's messages as ours are: operation, object, cause.
func rephrase(msg string) string {
	if v, ok := strings.CutPrefix(msg, "cannot iterate over: "); ok {
		return ".[]: expected an object or a list, got " + v
	}
	if v, ok := strings.CutPrefix(msg, "expected an object but got: "); ok {
		return "expected an object, got " + v
	}
	if v, ok := strings.CutPrefix(msg, "expected an array but got: "); ok {
		return "expected a list, got " + v
	}
	if rest, ok := strings.CutPrefix(msg, "cannot "); ok {
		verb, values, _ := strings.Cut(rest, ": ")
		return verb + ": not defined for " + values
	}
	msg = strings.Replace(msg, " cannot be applied to: ", ": not defined for ", 1)
	return strings.Replace(msg, " cannot be applied to ", ": not defined for ", 1)
}
