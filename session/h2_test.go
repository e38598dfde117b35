package session

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// A modern is net/http's server with TLS.
type modern struct {
	*http.Server
	addr     string
	port     string
	requests atomic.Int64
	opened   atomic.Int64

	mu    sync.Mutex
	conns []net.Conn
}

// serveModern starts a server that offers HTTP/2 if h2 says so.
func serveModern(t testing.TB, config *tls.Config, h2 bool, handler http.Handler) *modern {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &modern{addr: ln.Addr().String()}
	_, m.port, _ = net.SplitHostPort(m.addr)
	m.Server = &http.Server{TLSConfig: config, ErrorLog: log.New(io.Discard, "", 0), Protocols: new(http.Protocols)}
	m.Protocols.SetHTTP1(true)
	m.Protocols.SetHTTP2(h2)
	m.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateNew {
			m.opened.Add(1)
			m.mu.Lock()
			m.conns = append(m.conns, c)
			m.mu.Unlock()
		}
	}
	m.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.requests.Add(1)
		handler.ServeHTTP(w, r)
	})
	done := make(chan error, 1)
	go func() { done <- m.ServeTLS(ln, "", "") }()
	t.Cleanup(func() {
		m.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("server: %v", err)
		}
	})
	return m
}

// url returns the server's URL under a name, with a slash at its end.
func (m *modern) url(host string) string { return "https://" + host + ":" + m.port + "/" }

// dropAll closes every connection from the server's side.
func (m *modern) dropAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.conns {
		c.(*tls.Conn).NetConn().Close()
	}
}

// modernPair starts a server that speaks both versions of HTTP and returns a
// session that has it as its base.
func modernPair(t testing.TB, handler http.HandlerFunc) (*modern, *Session) {
	t.Helper()
	root := newKeeper(t, "Zoo Root", ecKey(t))
	m := serveModern(t, serves(root.issue(t, ecKey(t), nil)), true, handler)
	s := zooSession(t, Options{Roots: root.pool()})
	if err := s.SetBase(m.url(zooHost)); err != nil {
		t.Fatal(err)
	}
	return m, s
}

// TestVersionOffered speaks HTTP/2 where both sides can, unless it was said not
// to, and never uses a connection for the other version.
func TestVersionOffered(t *testing.T) {
	m, s := modernPair(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) })
	for i, tt := range []struct {
		session, request bool
		want             string
		reused           bool
	}{
		{want: "HTTP/2"},
		{want: "HTTP/2", reused: true},
		{session: true, want: "HTTP/1.1"},
		{request: true, want: "HTTP/1.1", reused: true},
		{want: "HTTP/2", reused: true},
	} {
		r := get("/")
		s.Settings.HTTP1, r.HTTP1 = tt.session, tt.request
		x := do(t, s, r)
		if x.Proto != tt.want || x.Sent.Proto != tt.want || !strings.HasPrefix(string(x.Body.Bytes()), tt.want) || x.Conn.Reused != tt.reused {
			t.Errorf("request %d: got %s, sent %s, the server saw %s, reused %v; want %s, %v", i+1, x.Proto, x.Sent.Proto, x.Body.Bytes(), x.Conn.Reused, tt.want, tt.reused)
		}
	}
	if m.opened.Load() != 2 {
		t.Errorf("%d connections, want 2", m.opened.Load())
	}
}

// TestManyOverOneConnection makes one handshake for a hundred requests, and says
// what that saved.
func TestManyOverOneConnection(t *testing.T) {
	m, s := modernPair(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprint(w, r.Method, r.URL.Path, string(body))
	})
	for i := range 100 {
		r := get(fmt.Sprint("/", i))
		if i%2 == 1 {
			r.Method, r.Content = "POST", text(fmt.Sprint("body ", i))
		}
		x := do(t, s, r)
		want := fmt.Sprint("GET/", i)
		if i%2 == 1 {
			want = fmt.Sprint("POST/", i, "body ", i)
		}
		if string(x.Body.Bytes()) != want || x.Conn.ID != 1 || x.Conn.Reused != (i > 0) {
			t.Fatalf("request %d: got %q over %+v", i, x.Body.Bytes(), x.Conn)
		}
		first := i == 0
		if (x.Timing.Connect > 0) != first || (x.Timing.TLS > 0) != first || (x.Conn.Saved > 0) == first || x.Timing.FirstByte <= 0 || x.Timing.FirstByte > x.Timing.Total {
			t.Errorf("request %d: got %+v, saved %v", i, x.Timing, x.Conn.Saved)
		}
	}
	if st := s.Stats(); m.opened.Load() != 1 || st.Opened != 1 || st.Reused != 99 || st.Requests != 100 || st.Saved <= 0 {
		t.Errorf("%d connections, %+v", m.opened.Load(), st)
	}
}

// A journal notes what a server sees of requests, the same for both versions.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	j.mu.Lock()
	j.lines = append(j.lines, fmt.Sprintf("%s %s auth=%q cookie=%q key=%q type=%q accept=%q %q", r.Method, r.URL, r.Header.Get("Authorization"),
		r.Header.Get("Cookie"), r.Header.Get("X-Api-Key"), r.Header.Get("Content-Type"), r.Header.Get("Accept"), body))
	j.mu.Unlock()
	switch r.URL.Path {
	case "/login":
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "s1", Path: "/", Secure: true, HttpOnly: true})
		http.Redirect(w, r, "/home", http.StatusSeeOther)
	case "/again":
		http.Redirect(w, r, "/kept?q=1", http.StatusTemporaryRedirect)
	case "/away":
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
	case "/loop":
		http.Redirect(w, r, "/loop", http.StatusFound)
	case "/gzip":
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, "unpacked")
		z.Close()
	case "/early":
		w.Header().Set("Link", "</style.css>")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusNoContent)
	case "/trailer":
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "body")
		w.Header().Set("X-Sum", "42")
	case "/missing":
		http.Error(w, "not here", http.StatusNotFound)
	default:
		fmt.Fprintf(w, "%s of %d", r.URL.Path, len(body))
	}
}

// TestSameOverBothVersions has the same conversation over HTTP/1.1 and HTTP/2.
// Neither the servers nor the session see a difference in what it means.
func TestSameOverBothVersions(t *testing.T) {
	var logs, outcomes [2]string
	for version := range 2 {
		var home, foreign journal
		root := newKeeper(t, "Zoo Root", ecKey(t))
		a := serveModern(t, serves(root.issue(t, ecKey(t), nil)), true, &home)
		b := serveModern(t, serves(root.issue(t, ecKey(t), nil)), true, &foreign)
		s := zooSession(t, Options{Roots: root.pool()})
		s.Settings.HTTP1, s.Settings.Redirects = version == 0, 3
		if err := errors.Join(s.SetBase(a.url(zooHost)), s.SetAuth(Auth{Kind: "basic", User: "jdoe", Secret: "secret"}, "")); err != nil {
			t.Fatal(err)
		}
		s.Settings.Headers = []Header{{Name: "X-Api-Key", Value: "k"}}
		var out strings.Builder
		for _, r := range []*Request{
			{Method: "POST", Target: Target{Text: "/login"}, Content: BytesContent("application/json", []byte(`{"user":"jdoe"}`))},
			{Method: "PUT", Target: Target{Text: "/again"}, Content: text("the body")},
			get("/away?to=" + b.url(zooHost) + "there"),
			get("/loop"), get("/gzip"), get("/early"), get("/trailer"), get("/missing"),
			{Method: "HEAD", Target: Target{Text: "/head"}},
			{Method: "DELETE", Target: Target{Text: "/delete"}},
			{Method: "POST", Target: Target{Text: "/empty"}},
			{Method: "PATCH", Target: Target{Text: "/chunked"}, Content: &Content{Length: -1, Again: true, Open: text("pieces").Open}},
		} {
			x, err := s.Do(context.Background(), r, Watch{})
			if x == nil {
				t.Fatalf("%s: %v", r.Target.Text, err)
			}
			if want := []string{"HTTP/1.1", "HTTP/2"}[version]; x.Proto != want {
				t.Errorf("%s: got %s, want %s", r.Target.Text, x.Proto, want)
			}
			fmt.Fprintf(&out, "%s %s: %d %q, %d hops, %d interim, trailer %d, %v\n", x.Sent.Method, x.Sent.URL, x.Status, x.Body.Bytes(), len(x.Hops), len(x.Informational), len(x.Trailer), err)
		}
		fmt.Fprintf(&out, "%d cookies, %d requests", len(s.Cookies()), s.Stats().Requests)
		for i, port := range []string{a.port, b.port} { // the only things that differ
			outcomes[version] = strings.ReplaceAll(out.String(), port, fmt.Sprint("PORT", i))
			out.Reset()
			out.WriteString(outcomes[version])
			home.lines = strings.Split(strings.ReplaceAll(strings.Join(home.lines, "\n"), port, fmt.Sprint("PORT", i)), "\n")
		}
		logs[version] = strings.Join(home.lines, "\n") + "\nelsewhere:\n" + strings.Join(foreign.lines, "\n")
		if elsewhere := strings.Join(foreign.lines, "\n"); len(foreign.lines) != 1 || strings.Contains(elsewhere, "amRvZTpzZWNyZXQ=") || !strings.Contains(elsewhere, `key=""`) {
			t.Errorf("the other origin got %s", elsewhere)
		}
	}
	if logs[0] != logs[1] {
		t.Errorf("the servers saw over HTTP/1.1\n%s\nand over HTTP/2\n%s", logs[0], logs[1])
	}
	if outcomes[0] != outcomes[1] {
		t.Errorf("the session saw over HTTP/1.1\n%s\nand over HTTP/2\n%s", outcomes[0], outcomes[1])
	}
	contains(t, "log", logs[1], "POST /login", `"{\"user\":\"jdoe\"}"`, "sid=s1", "amRvZTpzZWNyZXQ=", "PUT /kept?q=1", `"the body"`, `"pieces"`)
	contains(t, "outcome", outcomes[1], `/gzip: 200 "unpacked"`, "/early: 204", "1 interim", "trailer 1", "exceeded 3 redirects", "1 cookies")
}

// TestHeadLimitsOverBothVersions changes the limits of heads while a connection
// is open: they hold for the next answer, whatever version of HTTP it comes in.
func TestHeadLimitsOverBothVersions(t *testing.T) { // L4
	_, s := modernPair(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Large", strings.Repeat("x", 2000))
		for range 20 {
			w.Header().Add("X-Many", "y")
		}
	})
	for _, http1 := range []bool{true, false} {
		s.Settings.HTTP1 = http1
		for _, tt := range []struct {
			head, lines int
			want        string
		}{
			{0, 0, ""},
			{1 << 10, 0, "the answer's head is larger than 1 KiB"},
			{4 << 10, 50, ""},
			{4 << 10, 10, "the answer's head has more than 10 lines"},
			{4 << 10, 50, ""},
		} {
			s.Settings.MaxHead, s.Settings.MaxLines = tt.head, tt.lines
			_, err := s.Do(context.Background(), get("/"), Watch{})
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("http1 %v, limits %d, %d: got %v, want %q", http1, tt.head, tt.lines, err, tt.want)
			}
		}
	}
}
