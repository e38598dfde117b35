package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
)

// A Keyring is where the system keeps secrets. An error of Get may have a method
// Hint, which returns what to type in a system shell.
type Keyring interface {
	Get(ctx context.Context, name string) (string, error)
}

// A question asks for a secret that was not typed.
type question struct {
	what    string // "password for jdoe"
	instead string // what to type where there is nobody to ask
	filled  bool   // an empty answer is an error
}

// typed returns the i-th word of a call. It is false for one that is not there or
// has a {{}} in it: what an answer put there names no keyword, file or command.
func (c Call) typed(i int) (string, bool) {
	if i >= len(c.Line.Words) {
		return "", false
	}
	return c.Line.Words[i].Literal()
}

// question asks for the secret of a login.
func (l login) question() question {
	switch l.kind {
	case "bearer":
		return question{what: "token", instead: "auth bearer env:NAME", filled: true}
	case "apikey":
		return question{what: "key " + strings.TrimSuffix(l.user, "=="), instead: "auth apikey " + l.user + " env:NAME", filled: true}
	}
	return question{what: "password for " + l.user, instead: "auth " + l.kind + " " + l.user + " env:NAME"}
}

// credential is the secret that a login's words are or refer to; it is asked for
// if there is none. A password may be empty, what is sent for itself may not.
func (sh *Shell) credential(ctx context.Context, l login) (word string, err error) {
	q := l.question()
	switch {
	case l.at < 0:
		return l.password, nil
	case l.at > 0:
		word, err = sh.secretWord(ctx, l)
	default:
		word, err = sh.ask(q, l.origin)
	}
	switch {
	case err != nil || word != "":
		return word, err
	case q.filled:
		return "", misused("auth", "the "+q.what+" is empty", "`"+q.instead+"`")
	}
	sh.notice("the " + q.what + " is empty")
	return word, nil
}

// secretWord is the secret that a word of a login is or refers to.
func (sh *Shell) secretWord(ctx context.Context, l login) (string, error) {
	if text, literal := l.typed(l.at); literal {
		return sh.secretFrom(ctx, text)
	}
	return l.args[l.at], nil
}

// ask asks for a secret where nobody can read it.
func (sh *Shell) ask(q question, origin string) (string, error) {
	if sh.AskSecret == nil {
		return "", misused("auth", "no terminal to ask for the secret at", "`"+q.instead+"`")
	}
	note := ""
	if sh.SecretNote != "" && origin == "" {
		note = " " + sh.SecretNote
	}
	word, err := sh.AskSecret(q.what + " at " + sh.originText(origin) + note + ": ")
	if err == io.EOF {
		return "", failed("auth", "no secret was typed", "")
	}
	return word, err
}

// secretFrom reads a secret where its reference says it is. A word that is none
// is the secret itself.
func (sh *Shell) secretFrom(ctx context.Context, word string) (string, error) {
	from, name, ok := strings.Cut(word, ":")
	if !ok {
		return word, nil
	}
	switch from {
	case "env":
		v, ok := sh.Env(name)
		if !ok {
			return "", misused("auth", "the environment has no "+quoteWord(name), "export it before sonde starts")
		}
		return v, nil
	case "file":
		b, err := os.ReadFile(name)
		if err != nil {
			return "", failed("auth", err.Error(), "")
		}
		return strings.TrimRight(string(b), "\r\n"), nil
	case "run":
		return sh.secretFromCommand(ctx, name)
	case "keyring":
		return sh.secretFromKeyring(ctx, name)
	}
	return word, nil
}

func (sh *Shell) secretFromCommand(ctx context.Context, text string) (string, error) {
	if sh.Command == nil {
		return "", failed("auth", "commands are not run here", "")
	}
	if sh.Disturbed != nil {
		defer sh.Disturbed()
	}
	cmd := sh.Command(ctx, text)
	cmd.Stderr = sh.Err
	cmd.WaitDelay = childGrace
	b, err := cmd.Output()
	if err != nil {
		err = shellError(ctx, text, err)
		if f, ok := errors.AsType[*Failure](err); ok {
			return "", failed("auth", "run:"+text+": "+f.Msg, "")
		}
		return "", err
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}

func (sh *Shell) secretFromKeyring(ctx context.Context, name string) (string, error) {
	const instead = "`env:NAME`, `file:PATH` or `run:COMMAND`"
	if sh.Keyring == nil {
		return "", failed("auth", "no keyring is read here", instead)
	}
	word, err := sh.Keyring.Get(ctx, name)
	if err == nil {
		return word, nil
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	hint := instead
	if h := hintOf(err); h != "" {
		hint = "`! " + h + "`"
	}
	return "", failed("auth", err.Error(), hint)
}

// hintOf is what an error says is to be typed, "" if it says nothing.
func hintOf(err error) string {
	h, ok := errors.AsType[interface {
		error
		Hint() string
	}](err)
	if !ok {
		return ""
	}
	return h.Hint()
}
