package repl

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"sonde/repl/render"
	"sonde/session"
)

func TestParts(t *testing.T) {
	ms := time.Millisecond
	for _, c := range []struct {
		name string
		in   session.Timing
		want render.Parts
	}{
		{"new", session.Timing{DNS: ms, Connect: 2 * ms, Proxy: ms, TLS: 3 * ms, Send: ms, FirstByte: 10 * ms, Total: 15 * ms},
			render.Parts{DNS: ms, Connect: 2 * ms, Proxy: ms, TLS: 3 * ms, Send: ms, Wait: 2 * ms, Body: 5 * ms}},
		{"kept", session.Timing{Send: ms, FirstByte: 4 * ms, Total: 4 * ms}, render.Parts{Send: ms, Wait: 3 * ms}},
		{"answered before all was sent", session.Timing{Send: 5 * ms, FirstByte: 3 * ms, Total: 6 * ms}, render.Parts{Send: 5 * ms, Body: 3 * ms}},
		{"no answer", session.Timing{Send: ms, Total: 9 * ms}, render.Parts{Send: ms, Wait: 8 * ms}},
		{"standing clock", session.Timing{}, render.Parts{}},
	} {
		if got := parts(c.in); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestLostParts(t *testing.T) {
	ms := time.Millisecond
	for _, c := range []struct {
		phase session.Phase
		want  render.Parts
	}{
		{session.PhaseDNS, render.Parts{DNS: 8 * ms, Send: ms}},
		{session.PhaseConnect, render.Parts{Connect: 8 * ms, Send: ms}},
		{session.PhaseTLS, render.Parts{TLS: 8 * ms, Send: ms}},
		{session.PhaseWait, render.Parts{Wait: 8 * ms, Send: ms}},
	} {
		a := session.Attempt{Timing: session.Timing{Send: ms, Total: 9 * ms}, Err: &session.Error{Phase: c.phase}}
		if got := lostParts(a); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.phase, got, c.want)
		}
	}
}

func TestTimingShowsEveryRequest(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	run(t, sh, out, "retry 3 on 502 backoff 10ms", "get /flaky | .tries")
	text := run(t, sh, out, "timing")
	if n := strings.Count(text, "GET /flaky 502"); n != 2 {
		t.Errorf("got %d failed attempts, want 2:\n%s", n, text)
	}
	has(t, text, "GET /flaky 200", "pause 10 ms", "pause 20 ms", "new connection", "same connection", "total")
	text = run(t, sh, out, "get /moved | empty", "timing")
	has(t, text, "GET /moved 301 Moved Permanently", "GET /user 401 Unauthorized")
	if again := run(t, sh, out, "timing 2"); again != text {
		t.Errorf("timing 2:\n%s\nwant:\n%s", again, text)
	}
	rows := strings.SplitAfter(run(t, sh, out, "timing all"), "\n")
	if len(rows) < 2 || !strings.HasSuffix(rows[0], "new ×3\n") && !strings.HasSuffix(rows[0], "same ×3\n") || !strings.HasSuffix(rows[1], "same ×2\n") {
		t.Errorf("got %q", rows)
	}
}

// TestTimingUnreachable has a redirect to where nobody listens.
func TestTimingUnreachable(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	sh, out, _ := shellOn(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+gone.Addr().String()+"/there", http.StatusFound)
	})
	failing(t, sh, "get /x")
	has(t, run(t, sh, out, "timing"), "GET /x 302 Found · new connection", "/there no answer · no connection")
	has(t, run(t, sh, out, "timing all"), "failed")
}

func TestTimingMistakes(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	for text, code := range map[string]int{"timing": ExitFailed, "timing all": ExitFailed, "timing x": ExitUsage, "timing 1 2": ExitUsage, "request 0": ExitUsage} {
		if f := failing(t, sh, text); f.Code != code {
			t.Errorf("%s: got code %d (%v), want %d", text, f.Code, f, code)
		}
	}
	run(t, sh, out, "get /user | empty")
	if f := failing(t, sh, "timing 7"); f.Code != ExitFailed || f.Op != "timing" {
		t.Errorf("got %+v", f)
	}
}
