package repl

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

func TestBench(t *testing.T) {
	sh, out, notes, _ := newTestShell(t)
	sh.Quiet = false
	sh.after.text = "status"
	run(t, sh, out, "auth jdoe x", "get /status/204")
	before := sh.Session.Stats()
	text := run(t, sh, out, "bench 20 get /user")
	has(t, text, "answers      min   median", "kept connection       20 ", "new connection        20 ", "making the connection: TCP ")
	st := sh.Session.Stats()
	if n := st.Requests - before.Requests; n != 41 {
		t.Errorf("sent %d requests, want 41", n)
	}
	if n := st.Opened - before.Opened; n != 20 {
		t.Errorf("opened %d connections, want 20", n)
	}
	if x := sh.Session.Current(); x.Number != 2 || x.Sent.Target != "/user" || x.Body.Len() == 0 {
		t.Errorf("the answer at hand is %d %s of %d bytes, want 2 /user", x.Number, x.Sent.Target, x.Body.Len())
	}
	has(t, notes.String(), "[2] GET /user 200 OK")
	if strings.Contains(text, "failed") || strings.Contains(text, "\n200\n") {
		t.Errorf("got:\n%s", text)
	}
	run(t, sh, out, "after off")
	if got := run(t, sh, out, "again | .login"); got != "\"jdoe\"\n" {
		t.Errorf("again: got %q", got)
	}
	run(t, sh, out, "bench 1")
	if x := sh.Session.Current(); x.Number != 4 {
		t.Errorf("the last request again: number %d, want 4", x.Number)
	}
}

func TestBenchOverTLS(t *testing.T) {
	sh, out, _ := secureShell(t)
	run(t, sh, out, "auth jdoe x")
	text := run(t, sh, out, "bench 10 get /user")
	has(t, text, "kept connection", "new connection", "making the connection: TCP ", ", TLS ")
	if x := sh.Session.Last(); x == nil || x.Number != 1 || x.Proto != "HTTP/2" || x.Conn.TLSVersion == "" {
		t.Errorf("got %+v", x)
	}
}

func TestBenchAsOther(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	run(t, sh, out, "auth jdoe x", "@alice auth alice x", "bench 2 @alice get /user")
	if got := run(t, sh, out, ".login"); got != "\"alice\"\n" || sh.Session.Name() != "" {
		t.Errorf("got %s as %q", got, sh.Session.Name())
	}
}

func TestBenchChanges(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	f := failing(t, sh, "bench 2 post /echo a=1")
	if f.Code != ExitUsage || f.Msg != "it would send POST 5 times" || f.Hint != "`bench 2 post /echo a=1 --yes`" {
		t.Errorf("got %+v", f)
	}
	if n := sh.Session.Stats().Requests; n != 0 {
		t.Errorf("sent %d requests", n)
	}
	run(t, sh, out, "bench 2 post /echo a=1 --yes")
	if f := failing(t, sh, "bench 2"); f.Code != ExitUsage {
		t.Errorf("got %+v", f)
	}
	run(t, sh, out, "bench 2 --yes", "bench 2 post /echo --yes <<END\n{\"a\": 1}\nEND")
	if n := sh.Session.Stats().Requests; n != 15 {
		t.Errorf("sent %d requests, want 15", n)
	}
	if got := run(t, sh, out, ".json.a"); got != "1\n" {
		t.Errorf("got %s", got)
	}
}

func TestBenchMistakes(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	for text, want := range map[string]string{
		"bench":                       "bench: a number from 1 to 100000 comes first",
		"bench 0 get /x":              "bench: a number from 1 to 100000 comes first",
		"bench 100001 get /x":         "bench: a number from 1 to 100000 comes first",
		"bench get /x":                "bench: a number from 1 to 100000 comes first",
		"bench 2 get /x | .a":         "bench: its answers are not handed on with | or >",
		"bench 2 get /x > f":          "bench: its answers are not handed on with | or >",
		"bench 2 status":              "bench: only a request can be measured",
		"bench 2 get /x --dry-run":    "bench: with --dry-run nothing is sent that could be measured",
		"bench 2 get /x foo":          "get: no item: foo",
		"bench 2 @a:b get /x":         `bench: "a:b" is no identity here`,
		"bench 2 gte /x":              `no command "gte"; did you mean: get`,
		"bench 2 @a get /x {\"a\":}]": "line: unexpected ]",
	} {
		f := failing(t, sh, text)
		if f.Code != ExitUsage || f.Error() != want && !strings.HasPrefix(want, "line") {
			t.Errorf("%s: got %d %q, want %q", text, f.Code, f, want)
		}
		if f.Text != "" && f.Text != text {
			t.Errorf("%s: it points into %q", text, f.Text)
		}
	}
	if f := failing(t, sh, "bench 2"); f.Code != ExitFailed {
		t.Errorf("got %+v", f)
	}
	if n := sh.Session.Stats().Requests; n != 0 {
		t.Errorf("sent %d requests", n)
	}
}

// TestBenchCaret points at the word that is wrong.
func TestBenchCaret(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	const text = "bench 2 @a get /x foo"
	if f := failing(t, sh, text); f.Text != text || f.Pos != strings.Index(text, "foo") {
		t.Errorf("got %d of %q", f.Pos, f.Text)
	}
}

func TestBenchOddAnswers(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	sh.scripted = true
	text := run(t, sh, out, "bench 3 get /status/404")
	has(t, text, "failed", "kept connection: 3 of 3 answers not 2xx; the first was 404 Not Found")
	if len(sh.failing) != 1 {
		t.Errorf("got %v, want the last answer to count", sh.failing)
	}
}

// TestBenchNotKept has a server that closes the connection after every answer.
func TestBenchNotKept(t *testing.T) {
	sh, out, _ := shellOn(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		io.WriteString(w, "x")
	})
	has(t, run(t, sh, out, "bench 5 get /x"), "the server did not keep it: 5 of 5 requests on the kept connection had to make a new one")
}

// TestBenchBroken has a server that answers three times and then hangs up.
func TestBenchBroken(t *testing.T) {
	var n atomic.Int32
	sh, out, _ := shellOn(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) > 3 {
			panic(http.ErrAbortHandler)
		}
		io.WriteString(w, "x")
	})
	f := failing(t, sh, "bench 50 get /x")
	if f.Code != ExitFailed || !strings.HasPrefix(f.Msg, "6 of 8 requests had no answer; the first: ") {
		t.Errorf("got %d %v", f.Code, f)
	}
	has(t, out.String(), "kept connection: given up after 3 failures in a row", "new connection: given up")
	if x := sh.Session.Last(); x == nil || x.Number != 1 || x.Status != 200 {
		t.Errorf("got %+v, want the last answer there was", x)
	}
}

func TestBenchNobodyThere(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	f := failing(t, sh, "bench 5 get http://127.0.0.1:1/")
	if f.Code != ExitFailed || !strings.Contains(f.Msg, "connection refused") || out.Len() > 0 || sh.Session.Last() != nil {
		t.Errorf("got %d %v and %q", f.Code, f, out)
	}
}

// TestBenchStopped shows what came until it was stopped.
func TestBenchStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var n atomic.Int32
	sh, out, _ := shellOn(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == 5 {
			stop()
			<-r.Context().Done()
		}
		io.WriteString(w, "x")
	})
	if err := sh.Eval(ctx, "bench 100 get /x"); err != context.Canceled {
		t.Fatalf("got %v", err)
	}
	has(t, out.String(), "kept connection        3 ")
	if strings.Contains(out.String(), "new connection ") {
		t.Errorf("what was not begun is shown:\n%s", out)
	}
}

func TestCompleteInnerLine(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	run(t, sh, out, "get /users/jdoe | empty")
	for _, c := range []struct {
		text, want string
		start      int
	}{
		{"bench 10 ge", "get", 9},
		{"bench 10 get /us", "/users/jdoe", 13},
		{"after exp", "expect", 6},
		{"after of", "off", 6},
		{"after .log", "login", 7},
		{"after bench 3 get /us", "/users/jdoe", 18},
		{"timing a", "all", 7},
	} {
		got := sh.Complete(c.text, len(c.text))
		found := false
		for _, k := range got.Candidates {
			found = found || k.Text == c.want
		}
		if !found || got.Start != c.start || got.End != len(c.text) {
			t.Errorf("%q: got %d–%d %v, want %d and %s", c.text, got.Start, got.End, got.Candidates, c.start, c.want)
		}
	}
}
