package repl

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"sonde/session"
)

// typeLines runs lines that have to work.
func typeLines(t *testing.T, sh *Shell, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if err := sh.Eval(context.Background(), l); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
	}
}

// TestAuthAsks compares the questions for the secrets that are not typed.
func TestAuthAsks(t *testing.T) {
	sh, _, _, api := newTestShell(t)
	asked := ""
	sh.AskSecret = func(prompt string) (string, error) {
		asked = prompt
		return "sesame", nil
	}
	sh.SecretNote = "(any will do here)"
	for _, tt := range []struct{ line, want string }{
		{"auth jdoe", "password for jdoe at $URL (any will do here): "},
		{"auth digest jdoe", "password for jdoe at $URL (any will do here): "},
		{"auth bearer", "token at $URL (any will do here): "},
		{"auth bearer for https://h.test", "token at https://h.test: "},
		{"auth apikey X-Api-Key", "key X-Api-Key at $URL (any will do here): "},
		{"auth apikey api_key==", "key api_key at $URL (any will do here): "},
		{"auth oauth2 client my-app issuer=$URL", "client secret of my-app at $URL: "},
		{"auth oauth2 client my-app ask issuer=$URL", "client secret of my-app at $URL: "},
	} {
		asked = ""
		typeLines(t, sh, strings.ReplaceAll(tt.line, "$URL", api.URL()))
		if want := strings.ReplaceAll(tt.want, "$URL", api.URL()); asked != want {
			t.Errorf("%s: asked %q, want %q", tt.line, asked, want)
		}
	}
}

// TestAuthAskEnds leaves the login as it was when nothing is typed.
func TestAuthAskEnds(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	typeLines(t, sh, "auth jdoe x")
	for _, tt := range []struct {
		answer error
		want   string
	}{
		{io.EOF, "auth: no secret was typed"},
		{context.Canceled, context.Canceled.Error()},
	} {
		sh.AskSecret = func(string) (string, error) { return "", tt.answer }
		err := sh.Eval(context.Background(), "auth alice")
		if err == nil || err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
	if a, _ := sh.Session.AuthFor(""); a.User != "jdoe" {
		t.Errorf("the login is that of %q", a.User)
	}
}

// entries is a keyring that holds what a test says.
type entries map[string]string

// errNoEntry says what to type, as the system's keyring does.
type errNoEntry struct{}

func (errNoEntry) Error() string { return "no such entry" }
func (errNoEntry) Hint() string  { return "store it" }

func (e entries) Get(_ context.Context, name string) (string, error) {
	if v, ok := e[name]; ok {
		return v, nil
	}
	return "", errNoEntry{}
}

func TestAuthKeyring(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	err := sh.Eval(context.Background(), "auth bearer keyring:work")
	if f, ok := errors.AsType[*Failure](err); !ok || f.Code != ExitFailed || !strings.Contains(f.Hint, "env:NAME") {
		t.Errorf("without a keyring: got %#v", err)
	}
	sh.Keyring = entries{"work": "sesame"}
	typeLines(t, sh, "auth bearer keyring:work")
	if a, _ := sh.Session.AuthFor(""); a.Secret != "sesame" {
		t.Errorf("the token is %q", a.Secret)
	}
	err = sh.Eval(context.Background(), "auth bearer keyring:home")
	if f, ok := errors.AsType[*Failure](err); !ok || f.Hint != "`! store it`" {
		t.Errorf("without the entry: got %#v", err)
	}
}

// TestAuthOAuthCode logs in as a browser would let it: the address that is shown
// is opened, and what it leads to is followed.
func TestAuthOAuthCode(t *testing.T) {
	sh, out, _, api := newTestShell(t)
	opened := make(chan string, 1)
	sh.Err = lineWatcher{opened, api.URL() + "/oauth/authorize?"}
	done := make(chan error, 1)
	go func() {
		browser := session.New(session.Options{})
		defer browser.Close()
		_, err := browser.Do(context.Background(), &session.Request{Method: "GET", Target: session.Target{Text: <-opened}}, session.Watch{})
		done <- err
	}()
	typeLines(t, sh, "auth oauth2 code my-app issuer="+api.URL(), "get /user | .login", "auth")
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := out.String(); !strings.HasPrefix(got, "\"jdoe\"\nOAuth 2.0 my-app ") || !strings.Contains(got, "renewed by itself") {
		t.Errorf("got %q", got)
	}
}

// A lineWatcher hands on the line written that starts as it says.
type lineWatcher struct {
	found chan<- string
	start string
}

func (w lineWatcher) Write(p []byte) (int, error) {
	if strings.HasPrefix(string(p), w.start) {
		w.found <- strings.TrimSpace(string(p))
	}
	return len(p), nil
}

// TestAuthOAuthCtrlC waits for a person who does not come, and is ended; the login
// there was is still there.
func TestAuthOAuthCtrlC(t *testing.T) {
	for _, grant := range []struct{ name, shown string }{
		{"device", "waiting for it until "}, {"code", "waiting for it;"},
	} {
		sh, _, _, api := newTestShell(t)
		typeLines(t, sh, "auth alice x")
		shown := make(chan string, 1)
		sh.Err = lineWatcher{shown, grant.shown}
		ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
		go func() {
			<-shown
			stop()
		}()
		err := sh.Eval(ctx, "auth oauth2 "+grant.name+" my-app issuer="+api.URL())
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", grant.name, err)
		}
		if a, _ := sh.Session.AuthFor(""); a.User != "alice" {
			t.Errorf("%s: the login is that of %q", grant.name, a.User)
		}
		stop()
	}
}

// TestAuthShowsExpiry says of a token what becomes of it.
func TestAuthShowsExpiry(t *testing.T) {
	sh, out, _, api := newTestShell(t)
	typeLines(t, sh, "auth oauth2 client my-app x issuer="+api.URL())
	for _, tt := range []struct {
		later time.Duration
		want  string
	}{
		{time.Minute, " · expires in 5"}, {2 * time.Hour, " · expired, renewed by itself"},
	} {
		sh.Now = func() time.Time { return time.Now().Add(tt.later) }
		out.Reset()
		typeLines(t, sh, "auth")
		if !strings.Contains(out.String(), tt.want) {
			t.Errorf("got %q, want %q in it", out.String(), tt.want)
		}
	}
}

// TestAuthOffNames tells where there is a login if there is none here.
func TestAuthOffNames(t *testing.T) {
	sh, _, notes, _ := newTestShell(t)
	sh.Quiet = false
	typeLines(t, sh, "auth bearer x for https://h.test", "auth off")
	if want := "auth off for https://h.test"; !strings.Contains(notes.String(), want) {
		t.Errorf("got %q, want %q in it", notes.String(), want)
	}
}
