package session

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// serveUnix starts a server at a unix socket; its URL is that of the socket.
func serveUnix(t *testing.T, answer func(io.Writer, *received) bool) *server {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no unix sockets")
	}
	dir, err := os.MkdirTemp("", "s") // as the path of a socket has to be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "x.sock")
	ln, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	srv := &server{ln: ln, URL: "unix:" + path}
	srv.attend(t, func(c net.Conn, n int) { srv.handle(c, n, answer) })
	return srv
}

// TestUnixSocket speaks plain http to a socket, as base and as a target, past
// every proxy.
func TestUnixSocket(t *testing.T) {
	srv := serveUnix(t, func(w io.Writer, r *received) bool {
		switch r.Target {
		case "/set":
			reply(w, 200, "", "Set-Cookie: sid=s1; Path=/")
		case "/moved":
			reply(w, 302, "", "Location: /end?x=1")
		default:
			reply(w, 200, r.Target)
		}
		return true
	})
	s := New(Options{Env: envOf(map[string]string{"ALL_PROXY": "http://127.0.0.1:1"})})
	defer s.Close()
	s.Settings.Proxy = "http://127.0.0.1:1"
	if err := s.SetBase(srv.URL + ":/v1"); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ target, want string }{
		{"/containers/json?all=1", "/v1/containers/json?all=1"},
		{srv.URL, "/"},
		{srv.URL + ":/other", "/other"},
		{"unix://" + strings.TrimPrefix(srv.URL, "unix:") + ":/slashes", "/slashes"},
	} {
		x := do(t, s, get(tt.target))
		if got := string(x.Body.Bytes()); got != tt.want || srv.last().header("Host") != "localhost" || x.Conn.Proxy != "" {
			t.Errorf("%s: the server got %q as %q, through %q; want %q", tt.target, got, srv.last().header("Host"), x.Conn.Proxy, tt.want)
		}
		if !strings.HasPrefix(x.Sent.URL, srv.URL+":/") {
			t.Errorf("%s: URL %s", tt.target, x.Sent.URL)
		}
	}
	do(t, s, get(srv.URL+":/set"))
	if x := do(t, s, get(srv.URL+":/moved")); len(x.Hops) != 1 || srv.last().Target != "/end?x=1" || srv.last().header("Cookie") != "sid=s1" {
		t.Errorf("redirected to %s with %q after %d hops", srv.last().Target, srv.last().header("Cookie"), len(x.Hops))
	}
	if srv.opened() != 1 || s.Stats().Reused == 0 {
		t.Errorf("%d connections, %+v", srv.opened(), s.Stats())
	}
}

// TestUnixSocketIsAnOrigin keeps credentials and cookies of one socket from
// another, and from this machine's ports.
func TestUnixSocketIsAnOrigin(t *testing.T) {
	a := serveUnix(t, func(w io.Writer, r *received) bool { reply(w, 200, "", "Set-Cookie: sid=s1; Path=/"); return true })
	b, port := serveUnix(t, ok), serve(t, ok)
	s := New(Options{})
	defer s.Close()
	if err := s.SetBase(a.URL); err != nil {
		t.Fatal(err)
	}
	if err := s.SetAuth(Auth{Kind: "bearer", Secret: "token-of-a"}, ""); err != nil {
		t.Fatal(err)
	}
	s.Settings.Headers = []Header{{Name: "X-Api-Key", Value: "key-of-a"}}
	do(t, s, get("/1"))
	do(t, s, get("/2"))
	if r := a.last(); r.header("Authorization") != "Bearer token-of-a" || r.header("X-Api-Key") != "key-of-a" || r.header("Cookie") != "sid=s1" {
		t.Errorf("a got\n%s", r.Head)
	}
	localhost := strings.Replace(port.URL, "127.0.0.1", "localhost", 1)
	for _, other := range []*server{b, port} {
		url := other.URL
		if other == port {
			url = localhost // which is the name the socket is asked by
		}
		do(t, s, get(url))
		for _, secret := range []string{"token-of-a", "key-of-a", "sid=s1"} {
			if r := other.last(); strings.Contains(r.Head, secret) {
				t.Errorf("%s got\n%s", url, r.Head)
			}
		}
	}
}

// TestNobodyLeadsToASocket: what is typed may name a socket, what a server says
// may not.
func TestNobodyLeadsToASocket(t *testing.T) { // R20
	socket := serveUnix(t, ok)
	for _, spelled := range []string{socket.URL, socket.URL + ":/x", strings.Replace(socket.URL, "unix:", "UNIX:", 1), strings.Replace(socket.URL, "unix:", "unix://", 1) + ":/x"} {
		srv := serve(t, redirect(302, spelled))
		s := based(t, srv)
		x, e := fails(t, s, get("/"))
		if x == nil || x.Status != 302 || e.Phase != PhaseRedirect {
			t.Errorf("redirect to %s: got %v, %+v", spelled, x, e)
		}
		contains(t, "redirect", e.Error(), "socket")
		_, e = fails(t, s, &Request{Method: "GET", Target: Target{Text: spelled, FromQuery: true}})
		if e.Phase != PhaseURL {
			t.Errorf("%s of a body: got %+v", spelled, e)
		}
		contains(t, "of a body", e.Error(), "socket")
	}
	if socket.opened() != 0 {
		t.Errorf("the socket got %d connections", socket.opened())
	}
}

// TestSocketMissing names the socket and what is wrong with it.
func TestSocketMissing(t *testing.T) {
	gone := serveUnix(t, ok)
	path := strings.TrimPrefix(gone.URL, "unix:")
	for _, tt := range []struct{ url, want string }{
		{"unix:" + path + ".none:/x", "no such socket"},
		{"unix:" + filepath.Dir(path) + ":/x", ""},
		{"unix:" + path + strings.Repeat("x", 200) + ":/x", ""},
	} {
		_, e := fails(t, New(Options{}), get(tt.url))
		contains(t, tt.url, e.Error(), strings.TrimSuffix(tt.url, ":/x"), tt.want)
		if e.Phase != PhaseConnect || e.Sent {
			t.Errorf("%s: got %+v", tt.url, e)
		}
	}
}
