package repl

import (
	"context"
	"errors"
	"strings"

	"sonde/repl/line"
	"sonde/repl/query"
	"sonde/session"
)

// Exit codes of a script.
const (
	ExitOK      = 0
	ExitFailed  = 1 // network, TLS, timeout, file, a query that fails while running, expect
	ExitUsage   = 2 // text that is wrong whatever the data
	ExitClient  = 4 // an answer was 4xx and nobody looked at its status
	ExitServer  = 5 // an answer was 5xx and nobody looked at its status
	ExitSignal  = 130
	statusError = 400
)

// A Failure is why a line did not do what it says.
type Failure struct {
	Op   string // the command or what was tried: "get /user", "query"; may be empty
	Msg  string // the cause, lower case
	Hint string // something to type, in backticks or ‹marks›; optional
	Code int    // ExitFailed or ExitUsage

	// Text and Pos point at the spot: Text is the line as typed, Pos a byte
	// offset into it, At what stands behind the caret. Text "" means no caret.
	Text string
	Pos  int
	At   string

	told bool // it was reported already, where it happened
}

// Error is the operation and the cause.
func (f *Failure) Error() string {
	if f.Op == "" {
		return f.Msg
	}
	return f.Op + ": " + f.Msg
}

// failed makes a run-time failure of an operation.
func failed(op, msg, hint string) error {
	return &Failure{Op: op, Msg: msg, Hint: hint, Code: ExitFailed}
}

// misused makes a failure of text that is wrong whatever the data.
func misused(op, msg, hint string) error {
	return &Failure{Op: op, Msg: msg, Hint: hint, Code: ExitUsage}
}

// exitCode is the code a script ends with after err.
func exitCode(err error) int {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f.Code
	}
	if errors.Is(err, context.Canceled) {
		return ExitSignal
	}
	return ExitFailed
}

// asFailure gives any error of a line its operation, cause, hint and caret.
func asFailure(err error, op, text string) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	if e, ok := errors.AsType[*line.SyntaxError](err); ok {
		return &Failure{Op: "line", Msg: e.Msg, At: e.Hint, Text: text, Pos: e.Pos, Code: ExitUsage}
	}
	if e, ok := errors.AsType[*session.Error](err); ok {
		return sessionFailure(e, op)
	}
	return &Failure{Op: op, Msg: err.Error(), Code: exitCode(err)}
}

// commandFailure makes any error of a command its failure; nil stays nil. What the
// session says names the command already.
func commandFailure(err error, ln line.Line) error {
	if _, ok := errors.AsType[*Failure](err); err == nil || ok || errors.Is(err, context.Canceled) {
		return err
	}
	f := asFailure(err, ln.Name, ln.Text)
	if rest, ok := strings.CutPrefix(f.Msg, f.Op); ok && (strings.HasPrefix(rest, ": ") || strings.HasPrefix(rest, " ")) {
		f.Msg = strings.TrimLeft(rest, ": ")
	}
	return f
}

// sessionFailure words an error of the session. One that was found before
// anything was sent, in the text of the URL or of a header, is a usage error.
func sessionFailure(e *session.Error, op string) *Failure {
	code := ExitFailed
	if e.Phase == "url" || e.Phase == "request" {
		code = ExitUsage
	}
	return &Failure{Op: op, Msg: e.Error(), Hint: toType(e.Hint), Code: code}
}

// queryFailure places an error of a program that starts at pos of text.
func queryFailure(err error, text string, pos int) error {
	e, ok := errors.AsType[*query.Error](err)
	if err == nil {
		return nil
	}
	if !ok {
		return err
	}
	f := &Failure{Op: "query", Msg: e.Msg, Hint: e.Hint, Code: ExitFailed}
	if e.Compile {
		f.Code = ExitUsage
	}
	if e.Op != "" {
		f.Op = e.Op
	}
	if e.Pos >= 0 && pos >= 0 {
		f.Text, f.Pos, f.At, f.Hint = text, pos+e.Pos, e.Hint, ""
	}
	return f
}
