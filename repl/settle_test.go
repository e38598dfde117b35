package repl

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestEmptyPassword takes Enter for an empty password, and says so; what is sent
// for itself may not be empty.
func TestEmptyPassword(t *testing.T) {
	sh, _, notes, _ := newTestShell(t)
	sh.Quiet = false
	sh.AskSecret = func(string) (string, error) { return "", nil }
	for _, tt := range []struct{ line, kind, want string }{
		{"auth jdoe", "basic", "the password for jdoe is empty"},
		{"auth digest alice", "digest", "the password for alice is empty"},
		{"auth bearer", "digest", "auth: the token is empty"},
		{"auth apikey X-Key", "digest", "auth: the key X-Key is empty"},
	} {
		notes.Reset()
		if err := sh.Eval(context.Background(), tt.line); err != nil {
			notes.WriteString(err.Error())
		}
		a, _ := sh.Session.AuthFor("")
		if !strings.Contains(notes.String(), tt.want) || a.Kind != tt.kind || a.Secret != "" {
			t.Errorf("%s: got a %s login and %q, want %s and %q", tt.line, a.Kind, notes, tt.kind, tt.want)
		}
	}
}

// TestDefaultsComeBack undoes what was set for time limits and redirects.
func TestDefaultsComeBack(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	want := sh.Session.Settings
	typeLines(t, sh, "timeout 5s connect 1s", "set first-byte-timeout 2s", "timeout off", "redirects off", "redirects on")
	if got := sh.Session.Settings; got.Timeout != want.Timeout || got.ConnectTimeout != want.ConnectTimeout ||
		got.FirstByteTimeout != want.FirstByteTimeout || got.Redirects != want.Redirects {
		t.Errorf("got %+v, want %+v", got, want)
	}
	typeLines(t, sh, "timeout 5s connect 1s")
	if got := sh.Session.Settings; got.Timeout != 5*time.Second || got.ConnectTimeout != time.Second {
		t.Errorf("got %v and %v", got.Timeout, got.ConnectTimeout)
	}
}

// TestHeaderReference says what to type where a header's value reads like the
// place of a secret.
func TestHeaderReference(t *testing.T) {
	sh, _, notes, _ := newTestShell(t)
	sh.Quiet = false
	typeLines(t, sh, "X-Custom: env:TK")
	if want := "env:TK goes out as it stands; for what the environment has: X-Custom: {{$ENV.TK}}\n"; notes.String() != want {
		t.Errorf("got %q, want %q", notes, want)
	}
}

// TestHelpWords has help for the lines that start with no command, and a line to
// type for words that are nothing.
func TestHelpWords(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	for _, tt := range []struct{ line, want string }{
		{"help @NAME", "as [NAME | -d NAME]\n"}, {"help @alice", "as [NAME | -d NAME]\n"}, {"help Name:value", "header [NAME:VALUE"},
		{"help name==value", "param [NAME==VALUE"}, {"help oauth2", "a program for itself"}, {"help auth oauth2", "a program for itself"},
		{"help GET", "get URL"}, {"help auth", "auth [["}, {"help Requests", "The session keeps"}, {"help keys", "keys is a function"},
	} {
		out.Reset()
		typeLines(t, sh, tt.line)
		if !strings.HasPrefix(out.String(), tt.want) {
			t.Errorf("%s: got %q, want it to start with %q", tt.line, out, tt.want)
		}
	}
	for line, want := range map[string]string{"help atuh": "`help auth`", "help pst": "`help post` · `help put`", "help zzzz": "`help`"} {
		if f := failing(t, sh, line); f.Hint != want || f.Code != ExitUsage {
			t.Errorf("%s: got hint %s and code %d, want %s", line, f.Hint, f.Code, want)
		}
	}
}
