package session

import (
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sonde/session/retry"
)

// A circumstance is one of the circumstances a malformed answer is met in.
type circumstance struct {
	method string
	open   bool // the server leaves the connection open behind it
	reused bool // the connection had carried a good answer before
	retry  bool
}

func (c circumstance) String() string {
	words := c.method
	for word, on := range map[string]bool{" open": c.open, " reused": c.reused, " retry": c.retry} {
		if on {
			words += word
		}
	}
	return words
}

// circumstances returns all that make sense for an answer.
func circumstances(o *odd) (out []circumstance) {
	methods := []string{"GET", "POST"}
	if o.method != "" {
		methods = []string{o.method}
	}
	for _, method := range methods {
		for i := range 8 {
			c := circumstance{method, i&1 != 0, i&2 != 0, i&4 != 0}
			if !c.open || !o.cut {
				out = append(out, c)
			}
		}
	}
	return out
}

// TestMalformedAnswers meets each odd answer in all circumstances. What becomes of it
// is always the same, it is never asked for again unless nothing was answered,
// and the session goes on as before.
func TestMalformedAnswers(t *testing.T) { // M1-M13
	t.Parallel()
	for _, o := range odds() {
		open, asked := atomic.Bool{}, atomic.Int32{}
		srv := serve(t, func(w io.Writer, r *received) bool {
			if r.Target == "/good" {
				reply(w, 200, "good")
				return true
			}
			asked.Add(1)
			io.WriteString(w, o.raw)
			return open.Load()
		})
		for _, c := range circumstances(&o) {
			open.Store(c.open)
			asked.Store(0)
			meet(t, srv, &o, c)
			if got := int(asked.Load()); got > mayAsk(&o, c) || got == 0 {
				t.Errorf("%s, %s: asked %d times, want at most %d", o.name, c, got, mayAsk(&o, c))
			}
		}
		srv.stop()
	}
}

// mayAsk returns how often a request may be sent: twice where a connection that
// had been idle broke before an answer began, and three times where two repeats
// were asked for.
func mayAsk(o *odd, c circumstance) int {
	switch {
	case !o.gone || c.method == "POST":
		return 1
	case c.retry:
		return 3
	case c.reused && !strings.Contains(o.text, "head is cut"):
		return 2
	}
	return 1
}

func meet(t *testing.T, srv *server, o *odd, c circumstance) {
	what := o.name + ", " + c.String()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	s := New(Options{})
	defer s.Close()
	for _, err := range []error{s.SetBase(srv.URL), s.SetAuth(Auth{Kind: "basic", User: "jdoe", Secret: "hunter22"}, ""), s.SetCookie("sid", "abc123", "")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if c.retry {
		s.Settings.Retries = []RetryRule{{Policy: retry.Policy{Total: 2, Connect: -1, Read: -1, Status: -1, On: []retry.StatusRange{{From: 500, To: 599}}}}}
	}
	if c.reused {
		do(t, s, get("/good"))
	}
	r := &Request{Method: c.method, Target: Target{Text: "/odd"}}
	if c.method == "POST" {
		r.Content = text("hello")
	}
	var saw watcher
	x, err := s.Do(ctx, r, saw.watch())
	if ctx.Err() != nil {
		t.Fatalf("%s: hangs", what)
	}
	switch o.want {
	case asRefused:
		checkRefused(t, what, o, c, x, err)
	case asIncomplete:
		checkIncomplete(t, what, o, x, err)
	default:
		checkAccepted(t, what, o, x, err, &saw)
	}
	after, err := s.Do(ctx, get("/good"), Watch{})
	if err != nil || string(after.Body.Bytes()) != "good" {
		t.Fatalf("%s: the request after it: %v", what, err)
	}
	if got := srv.last(); got.header("Authorization") == "" || got.header("Cookie") != "sid=abc123" {
		t.Errorf("%s: the request after it is\n%s", what, got.Head)
	}
	if c.open && after.Conn.Reused != (o.want == asAccepted && !o.ends) {
		t.Errorf("%s: the connection was used again: %v", what, after.Conn.Reused)
	}
	if len(s.Cookies()) != 1 {
		t.Errorf("%s: cookies %v", what, s.Cookies())
	}
}

func checkRefused(t *testing.T, what string, o *odd, c circumstance, x *Exchange, err error) {
	t.Helper()
	e, ok := err.(*Error)
	if !ok || x != nil {
		t.Errorf("%s: got %v and the error %v, want none and an error", what, x, err)
		return
	}
	want := o.text
	if c.reused && c.method == "POST" && e.Raw == nil {
		want = "not sent again because POST changes things"
	}
	if !strings.Contains(e.Error(), want) {
		t.Errorf("%s: the error is %q, want %q in it", what, e, want)
	}
	if i := strings.IndexFunc(e.Error(), func(r rune) bool { return r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 }); i >= 0 {
		t.Errorf("%s: a control character in the error %q", what, e)
	}
	if len(e.Error()) > 300 {
		t.Errorf("%s: an error of %d bytes", what, len(e.Error()))
	}
	if first := o.raw[:min(len(o.raw), 7)]; (e.Raw != nil || !o.gone) && !strings.HasPrefix(string(e.Raw), first) {
		t.Errorf("%s: what came is kept as %q", what, e.Raw)
	}
	if e.Phase != PhaseWait || e.Timeout || !e.Sent {
		t.Errorf("%s: %+v", what, e)
	}
}

func checkIncomplete(t *testing.T, what string, o *odd, x *Exchange, err error) {
	t.Helper()
	e, ok := err.(*Error)
	if !ok || x == nil {
		t.Errorf("%s: got %v and the error %v, want both", what, x, err)
		return
	}
	if !strings.Contains(e.Error(), o.text) || !strings.Contains(e.Error(), "incomplete body") {
		t.Errorf("%s: the error is %q, want %q in it", what, e, o.text)
	}
	if string(x.Body.Bytes()) != o.body || x.Err != e || e.Phase != PhaseBody || x.Status != 200 || x.Number == 0 {
		t.Errorf("%s: kept %q and %+v, want %q", what, x.Body.Bytes(), x.Err, o.body)
	}
}

func checkAccepted(t *testing.T, what string, o *odd, x *Exchange, err error, saw *watcher) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: got %v, want an answer", what, err)
		return
	}
	if string(x.Body.Bytes()) != o.body || len(x.Informational) != o.interim || x.Err != nil {
		t.Errorf("%s: body %q after %d interim answers, want %q after %d", what, x.Body.Bytes(), len(x.Informational), o.body, o.interim)
	}
	if !strings.Contains(o.raw, string(x.RawHead)) {
		t.Errorf("%s: the head is kept as %q", what, x.RawHead)
	}
	if _, rest, _ := strings.Cut(o.raw, " "); o.interim == 0 && x.Reason != strings.TrimPrefix(strings.TrimRight(rest[3:strings.IndexByte(rest, '\n')], "\r"), " ") {
		t.Errorf("%s: reason %q", what, x.Reason)
	}
	if v, found := firstValue(x.Header, o.field.Name); o.field.Name != "" && (!found || v != o.field.Value) {
		t.Errorf("%s: header %v, want %v", what, x.Header, o.field)
	}
	for _, n := range saw.notices {
		if n.Kind != NoticeWarning && n.Kind != NoticeDebug || n.Kind == NoticeWarning && (o.quiet || !strings.Contains(n.Text, o.text)) {
			t.Errorf("%s: the notice %v", what, n)
		}
	}
	if got := len(saw.of(NoticeWarning)); got == 0 && !o.quiet {
		t.Errorf("%s: no warning, want %q", what, o.text)
	}
}
