package repl

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestAfter(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	for _, c := range []struct{ after, line, want string }{
		{"status", "get /users/jdoe | .login", "\"jdoe\"\n200\n"},
		{".status", "get /status/404 | empty", "\"404\"\n"},
		{"expect status == 204", "get /status/204", ""},
		{"let seen = status", "get /status/204", ""},
		{"$seen", "again | empty", "204\n"},
		{"get /users/jdoe | .login", "get /status/204", "\"jdoe\"\n"},
		{"@other get /users/jdoe | .id", "get /status/204", "1140460\n"},
		{"get /status/404", "let v = get /users/jdoe | .login", "{\"message\":\"Not Found\",\"status\":\"404\"}\n"},
		{"off", "get /users/jdoe | .login", "\"jdoe\"\n"},
	} {
		run(t, sh, out, "after "+c.after)
		if got := run(t, sh, out, c.line); strings.TrimSpace(got) != strings.TrimSpace(c.want) {
			t.Errorf("after %s; %s: got %q, want %q", c.after, c.line, got, c.want)
		}
	}
	if got := run(t, sh, out, "$v"); got != "\"jdoe\"\n" {
		t.Errorf("what after sent has become the value of let: %s", got)
	}
}

// TestAfterKeepsAnswerAtHand sends a request after each answer: the answers stay
// what was asked for, and `again` is the person's own request.
func TestAfterKeepsAnswerAtHand(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	run(t, sh, out, "after get /status/204", "get /users/jdoe | empty")
	if got := run(t, sh, out, ".login"); got != "\"jdoe\"\n" {
		t.Errorf("got %s", got)
	}
	if got := run(t, sh, out, "again | .login"); got != "\"jdoe\"\n" {
		t.Errorf("got %s", got)
	}
	if n := sh.Session.Stats().Requests; n != 4 {
		t.Errorf("sent %d requests, want 4: after what it sends itself nothing is run", n)
	}
}

func TestAfterFails(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	run(t, sh, out, "after expect status == 200", "get /users/jdoe | empty")
	f := failing(t, sh, "get /status/404 | empty")
	if f.Error() != "after: expect status == 200: got 404" || f.Code != ExitFailed {
		t.Errorf("got %d %v", f.Code, f)
	}
	if sh.after.running {
		t.Error("it is still running")
	}
	run(t, sh, out, "after .status")
	if f := failing(t, sh, "get /users/jdoe | .a.b.c | error"); strings.HasPrefix(f.Error(), "after") {
		t.Errorf("got %v, want what went wrong first", f)
	}
}

// TestAfterIsChecked tells mistakes when the line is given, and runs nothing of
// it.
func TestAfterIsChecked(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	for text, want := range map[string]string{
		"after .a | nofn":           "query: no function \"nofn\"",
		"after expct 1":             `no command "expct"; did you mean: expect`,
		"after get /x foo":          "get: no item: foo",
		"after timing zz":           `timing: "zz" is no number of an answer`,
		"after expect nofn":         "query: no function \"nofn\"",
		"after bench 5 post /x":     "bench: it would send POST 11 times",
		"after @a get /x foo":       "get: no item: foo",
		"after after .a | nofn":     "query: no function \"nofn\"",
		"after let x = get /x | no": "query: no function \"no\"",
	} {
		if f := failing(t, sh, text); f.Error() != want || f.Code != ExitUsage {
			t.Errorf("%s: got %d %q, want %q", text, f.Code, f, want)
		} else if !strings.HasSuffix(text, f.Text) {
			t.Errorf("%s: it points into %q", text, f.Text)
		}
	}
	run(t, sh, out, "after set raw on", "after X-Trace: 1", "after get /x/{{not_yet}}")
	if sh.Raw || len(sh.Session.Settings.Headers) != 0 || sh.Session.Stats().Requests != 0 {
		t.Error("it was run when it was given")
	}
}

func TestAfterHidesSecrets(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	run(t, sh, out, "after get /users/jdoe Authorization:'Bearer sesame'")
	for _, l := range []string{"after", "session"} {
		text := run(t, sh, out, l)
		has(t, text, "Authorization:'Bearer ••••••••'")
		if strings.Contains(text, "sesame") {
			t.Errorf("%s: got %s", l, text)
		}
	}
}

func TestAfterAskedAgain(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	sh.AskSecret = func(string) (string, error) { return "sesame", nil }
	if f := failing(t, sh, "after auth bearer ••••••••"); f.Code != ExitUsage || sh.after.text != "" {
		t.Errorf("got %v, and %q is kept", f, sh.after.text)
	}
}

func TestAfterCancelled(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	run(t, sh, out, "after get /slow")
	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, stop)
	if err := sh.Eval(ctx, "get /status/204"); err != context.Canceled {
		t.Errorf("got %v, want it cancelled", err)
	}
	if sh.after.running {
		t.Error("the line behind after is still running")
	}
}
