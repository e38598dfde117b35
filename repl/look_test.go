package repl

import (
	"bytes"
	"net"
	"net/http"
	"strings"
	"testing"

	"sonde/repl/render"
	"sonde/session"
	"sonde/session/practice"
)

// run types lines, none of which may fail, and returns what the last one shows.
func run(t *testing.T, sh *Shell, out *bytes.Buffer, lines ...string) string {
	t.Helper()
	for _, l := range lines {
		out.Reset()
		if err := sh.Eval(t.Context(), l); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
	}
	return out.String()
}

// failing types a line that has to fail.
func failing(t *testing.T, sh *Shell, text string) *Failure {
	t.Helper()
	err := sh.Eval(t.Context(), text)
	f, ok := err.(*Failure)
	if !ok {
		t.Fatalf("%s: got %v, want a failure", text, err)
	}
	return f
}

// has fails unless text holds every one of the parts.
func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("no %q in:\n%s", p, text)
		}
	}
}

// shellOn is a shell whose base is a server of its own.
func shellOn(t *testing.T, h http.HandlerFunc) (sh *Shell, out, notes *bytes.Buffer) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: h}
	done := make(chan struct{})
	go func() { defer close(done); srv.Serve(ln) }()
	t.Cleanup(func() { srv.Close(); <-done })
	s := session.New(session.Options{})
	t.Cleanup(func() { s.Close() })
	if err := s.SetBase("http://" + ln.Addr().String()); err != nil {
		t.Fatal(err)
	}
	out, notes = new(bytes.Buffer), new(bytes.Buffer)
	plain := render.NewStyle(render.Options{})
	return New(Options{Session: s, Out: out, Err: notes, Style: plain, Notes: plain}), out, notes
}

// secureShell is a shell on the practice API over TLS.
func secureShell(t *testing.T) (sh *Shell, out, notes *bytes.Buffer) {
	t.Helper()
	api, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { api.Close() })
	s := session.New(session.Options{Roots: api.Roots()})
	t.Cleanup(func() { s.Close() })
	if err := s.SetBase(api.TLSURL()); err != nil {
		t.Fatal(err)
	}
	out, notes = new(bytes.Buffer), new(bytes.Buffer)
	plain := render.NewStyle(render.Options{})
	sh = New(Options{Session: s, Out: out, Err: notes, Style: plain, Notes: plain, Screen: true})
	sh.print = ""
	return sh, out, notes
}
