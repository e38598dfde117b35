package repl

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestAsComesBack runs a line as somebody else, which ends in every way a line
// can.
func TestAsComesBack(t *testing.T) {
	for _, tt := range []struct {
		line string
		ends bool // by Ctrl-C
		want string
	}{
		{"@bob get /user | .login", false, ""},
		{"@bob get /user | .login | error", false, "query: bob"},
		{"@bob gte /user", false, "did you mean: get"},
		{"@bob get http://127.0.0.1:1/", false, "refused"},
		{"@bob get /slow?seconds=30", true, "canceled"},
		{"@bob as carol", false, ""},
		{"@bob as", false, ""},
		{"@bob @carol @dave auth dave x", false, ""},
		{"@bob logout", false, ""},
		{"@al!ce get /user", false, "no name of an identity"},
		{strings.Repeat("@bob ", 20) + "get /user", false, "too many identities"},
	} {
		sh, _, _, _ := newTestShell(t)
		typeLines(t, sh, "@bob auth bob x", "as alice", "auth alice x")
		ctx, stop := context.WithCancel(context.Background())
		if tt.ends {
			time.AfterFunc(50*time.Millisecond, stop)
		}
		err := sh.Eval(ctx, tt.line)
		stop()
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: got error %v, want %q", tt.line, err, tt.want)
		}
		if got := sh.Session.Name(); got != "alice" || len(sh.behind) != 0 {
			t.Errorf("%s: the identity is %q, and %q are to come back to", tt.line, got, sh.behind)
		}
		if a, _ := sh.Session.AuthFor(""); a.User != "alice" {
			t.Errorf("%s: the login is that of %q", tt.line, a.User)
		}
	}
}

// TestAsLine makes the answer of the one line the one at hand.
func TestAsLine(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	typeLines(t, sh, "auth jdoe x", "@bob auth bob x", "get /user | .login", "@bob get /user | .login", ".login", "again | .login", "@bob again | .login")
	if got, want := out.String(), "\"jdoe\"\n\"bob\"\n\"bob\"\n\"jdoe\"\n\"bob\"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestAsErrorPlace points into the line as it was typed.
func TestAsErrorPlace(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	for _, tt := range []struct{ line, at string }{
		{"@bob get /x a:=x", "x"},
		{"@bob get /x | nofn", "nofn"},
		{"@bob @carol get /x a:=", ""},
		{"@bob   get /x 'a", "'a"},
	} {
		err := sh.Eval(context.Background(), tt.line)
		f, ok := errors.AsType[*Failure](err)
		if !ok || f.Text != tt.line || f.Text[f.Pos:] != tt.at {
			t.Errorf("%s: got %#v", tt.line, err)
		}
	}
}

// TestAsForgets keeps the identities that are in use.
func TestAsForgets(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	typeLines(t, sh, "as bob", "as alice")
	for _, tt := range []struct {
		line, want string
		code       int
	}{
		{"as -d alice", "in use", ExitFailed},
		{"@bob as -d alice", "in use", ExitFailed},
		{"as -d bpb", "did you mean: bob", ExitFailed},
		{`as -d ""`, "the first identity stays", ExitUsage},
		{"as -d", "takes one name", ExitUsage},
		{"as -x", "starts with -", ExitUsage},
		{"as a b", "takes one name", ExitUsage},
		{"as " + strings.Repeat("x", longestName+1), "too long", ExitUsage},
		{`as "a b"`, "letters, digits", ExitUsage},
	} {
		if err := sh.Eval(context.Background(), tt.line); err == nil || !strings.Contains(err.Error(), tt.want) || exitCode(err) != tt.code {
			t.Errorf("%s: got %v, want %q with code %d", tt.line, err, tt.want, tt.code)
		}
	}
	typeLines(t, sh, "as -d bob")
	if got, want := sh.Session.Identities(), []string{"", "alice"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPromptIdentity shows the name of the identity before that of the login.
func TestPromptIdentity(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	for _, tt := range []struct{ line, want string }{
		{"auth jdoe x", "jdoe@127.0.0.1"}, {"as alice", "alice@127.0.0.1"}, {"auth root x", "alice@127.0.0.1"}, {"as", "jdoe@127.0.0.1"},
	} {
		typeLines(t, sh, tt.line)
		if got := sh.Prompt(); !strings.HasPrefix(got, tt.want) {
			t.Errorf("after %s: got %q, want %q", tt.line, got, tt.want)
		}
	}
}

// TestCompleteIdentity completes names, and the line behind one.
func TestCompleteIdentity(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	typeLines(t, sh, "as alice", "as bob", "cookie theme=dark")
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"@", []string{"@alice", "@bob"}},
		{"@al", []string{"@alice"}},
		{"as b", []string{"bob"}},
		{"@alice as", []string{"as"}},
		{"@alice as -d b", []string{"bob"}},
		{"cookie th", []string{"theme"}},
		{"@bob cookie th", []string{"theme"}},
		{"session sa", []string{"save"}},
	} {
		c := sh.Complete(tt.text, len(tt.text))
		if got := texts(c); !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
		if word := tt.text[strings.LastIndexByte(tt.text, ' ')+1:]; tt.text[c.Start:c.End] != word {
			t.Errorf("%q: replaces %q, want %q", tt.text, tt.text[c.Start:c.End], word)
		}
	}
}

// TestAsKeepsSecrets leaves the secret of a line as somebody else out of the
// history and out of errors.
func TestAsKeepsSecrets(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	for _, l := range []string{
		"@bob auth bearer s3cr3tzz", "@bob @carol auth digest jdoe s3cr3tzz", "@bob auth apikey X-Key s3cr3tzz extra",
		"@bob auth oauth2 client my-app s3cr3tzz isuer=https://h.test", "@bob X-Api-Key: s3cr3tzz", "@bob get /x X-Api-Key:s3cr3tzz a:=",
	} {
		if got := sh.redact(l); strings.Contains(got, "s3cr3t") {
			t.Errorf("%s: kept as %q", l, got)
		}
		err := sh.Eval(context.Background(), l)
		if f, ok := errors.AsType[*Failure](err); ok && strings.Contains(f.Error()+f.Hint+f.At+f.Text, "s3cr3t") {
			t.Errorf("%s: got %#v", l, f)
		}
	}
}

// TestAsLeavesNothing forgets an identity that was made for one line which did
// nothing as that one, and keeps one that has something now.
func TestAsLeavesNothing(t *testing.T) {
	for _, tt := range []struct {
		line string
		want []string
	}{
		{"@al auth a b c", []string{""}},
		{"@al get /user foo", []string{""}},
		{"@al get http://127.0.0.1:1/", []string{""}},
		{"@al gte /user", []string{""}},
		{"@al session", []string{""}},
		{"@al @bo auth", []string{""}},
		{"@al @bo auth bo x", []string{"", "bo"}},
		{"@al logout", []string{""}},
		{"@al auth al x", []string{"", "al"}},
		{"@al cookie a=b", []string{"", "al"}},
		{"@al X-A: 2", []string{"", "al"}},
		{"@al a==b", []string{"", "al"}},
		{"@al get /status/204", []string{"", "al"}},
		{"@al as carol", []string{"", "carol"}},
	} {
		sh, _, _, _ := newTestShell(t)
		typeLines(t, sh, "X-A: 1")
		sh.Eval(context.Background(), tt.line)
		if got := sh.Session.Identities(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.line, got, tt.want)
		}
		if got := sh.Session.Name(); got != "" {
			t.Errorf("%s: it stays %q", tt.line, got)
		}
	}
}
