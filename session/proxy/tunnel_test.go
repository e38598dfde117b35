package proxy

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

const getHello = "GET / HTTP/1.1\r\nHost: o.test\r\nConnection: close\r\n\r\n"

// TestTunnelLogin has the login of the proxy in CONNECT and nothing of the
// proxy inside of the tunnel, whatever the schemes of both. // R11
func TestTunnelLogin(t *testing.T) {
	for _, scheme := range []string{"http", "https"} {
		for _, https := range []bool{false, true} {
			target, trust := origin(t, https)
			var serverTLS, clientTLS *tls.Config
			if scheme == "https" {
				serverTLS, clientTLS = certificate(t)
			}
			l := listen(t, serverTLS, tunnels)
			conn, _, err := dial(t, l.server(scheme, "user", "CANARY"), target, Options{
				Tunnel: true, UserAgent: "sonde/1",
				TLS: func(string) (*tls.Config, error) { return clientTLS, nil },
			})
			if err != nil {
				t.Fatalf("%s proxy: %v", scheme, err)
			}
			if https {
				conn = tls.Client(conn, trust)
			}
			if body := get(t, conn, getHello); body != "hello" {
				t.Errorf("%s proxy: got the body %q; want hello and no field of the proxy", scheme, body)
			}
			conn.Close()
			l.Close()
			l.work.Wait()
			want := "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nUser-Agent: sonde/1\r\n" +
				"Proxy-Authorization: Basic dXNlcjpDQU5BUlk=\r\n\r\n"
			notes := l.notes()
			if len(notes) != 2 || notes[0] != want {
				t.Fatalf("%s proxy: got %q; want %q and what the tunnel carried", scheme, notes, want)
			}
			if inside := notes[1]; strings.Contains(inside, "dXNlcjpDQU5BUlk=") || strings.Contains(inside, "Proxy") {
				t.Errorf("%s proxy: the tunnel carried %q; want nothing of the proxy", scheme, inside)
			} else if !https && inside != getHello {
				t.Errorf("%s proxy: the tunnel carried %q; want %q", scheme, inside, getHello)
			}
		}
	}
}

func TestTunnelWithoutLogin(t *testing.T) {
	l := listen(t, nil, answers("HTTP/1.0 200\r\n\r\n", false))
	if _, _, err := dial(t, l.server("http", "", ""), "[2001:db8::1]:443", Options{Tunnel: true}); err != nil {
		t.Fatal(err)
	}
	want := "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n"
	if notes := l.notes(); len(notes) != 1 || notes[0] != want {
		t.Errorf("got %q; want %q", notes, want)
	}
}

// TestForward has the connection end at the proxy, with nothing sent.
func TestForward(t *testing.T) {
	for _, scheme := range []string{"http", "https"} {
		var serverTLS, clientTLS *tls.Config
		if scheme == "https" {
			serverTLS, clientTLS = certificate(t)
		}
		l := listen(t, serverTLS, answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", false))
		hosts := []string{}
		conn, _, err := dial(t, l.server(scheme, "user", "CANARY"), "o.test:80", Options{
			TLS: func(host string) (*tls.Config, error) { hosts = append(hosts, host); return clientTLS, nil },
		})
		if err != nil {
			t.Fatalf("%s proxy: %v", scheme, err)
		}
		const request = "GET http://o.test/ HTTP/1.1\r\nHost: o.test\r\n\r\n"
		if body := get(t, conn, request); body != "hi" {
			t.Errorf("%s proxy: got the body %q; want hi", scheme, body)
		}
		if notes := l.notes(); notes[0] != request {
			t.Errorf("%s proxy: got %q; want %q", scheme, notes[0], request)
		}
		if scheme == "https" && (len(hosts) != 1 || hosts[0] != "127.0.0.1") {
			t.Errorf("the TLS configuration was asked for %q; want 127.0.0.1 once", hosts)
		}
		if tcp, ok := conn.(*net.TCPConn); scheme == "http" && !ok {
			t.Errorf("got a %T; want the dialler's own %T", conn, tcp)
		}
	}
}

func TestTunnelRefused(t *testing.T) {
	login := `HTTP/1.1 407 Proxy Authentication Required` + "\r\n"
	tests := []struct {
		name, answer   string
		user, password string
		status         int
		text, hint     string // PLACE stands for the proxy's host:port
	}{
		{"no login", login + "Proxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n", "", "",
			407, "the proxy wants a login (407 Proxy Authentication Required)", "proxy http://USER:PASSWORD@PLACE"},
		{"wrong login", login + "Content-Length: 0\r\n\r\n", "u", "CANARY",
			407, "the proxy does not take the login (407 Proxy Authentication Required)", "proxy http://USER:PASSWORD@PLACE"},
		{"other login", login + "Proxy-Authenticate: Negotiate\r\nproxy-authenticate: NTLM\r\n\r\n", "", "",
			407, "the proxy wants a login of another kind than Basic: Negotiate, NTLM (407 Proxy Authentication Required)", ""},
		{"Basic among others", login + "Proxy-Authenticate: Digest realm=\"a\", qop=auth, basic realm=\"b\"\r\n\r\n", "", "",
			407, "the proxy wants a login (407 Proxy Authentication Required)", "proxy http://USER:PASSWORD@PLACE"},
		{"body", "HTTP/1.1 403 Forbidden\r\nContent-Length: 16\r\n\r\nnot\x1b[31m\n on me!more", "", "",
			403, "CONNECT o.test:443: 403 Forbidden: not\x1b[31m on me!", ""},
		{"no length", "HTTP/1.1 503 Busy\r\n\r\nlater", "", "", 503, "CONNECT o.test:443: 503 Busy: later", ""},
		{"chunks", "HTTP/1.1 502\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\ngone\r\n0\r\n\r\n", "", "", 502, "CONNECT o.test:443: 502: gone", ""},
		{"coded", "HTTP/1.1 502 Bad\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b", "", "", 502, "CONNECT o.test:443: 502 Bad", ""},
		{"redirect", "HTTP/1.1 302 Found\r\nLocation: http://evil.test/\r\nContent-Length: 0\r\n\r\n", "", "",
			302, "CONNECT o.test:443: 302 Found", ""},
		{"interim before", "HTTP/1.1 103 Hint\r\nA: b\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "", "", 404, "CONNECT o.test:443: 404 No", ""},
		{"echo", "HTTP/1.1 400 CANARY\r\n\r\nyou sent u:CANARY as Basic dTpDQU5BUlk= and dTpDQU5", "u", "CANARY",
			400, "CONNECT o.test:443: 400 ••••••••: you sent u:•••••••• as Basic •••••••• and ••••••••", ""},
		{"long", "HTTP/1.1 500 No\r\n\r\n" + strings.Repeat("ab ", 2000), "", "",
			500, "CONNECT o.test:443: 500 No: " + strings.Repeat("ab ", 53) + "a…", ""},
	}
	for _, test := range tests {
		l := listen(t, nil, answers(test.answer, false))
		e := dialError(t, l.server("http", test.user, test.password), "o.test:443", Options{Tunnel: true})
		hint := strings.ReplaceAll(test.hint, "PLACE", l.Addr().String())
		if e.Text != test.text || e.Hint != hint || e.Status != test.status || e.Phase != PhaseProxy || e.Proxy != l.Addr().String() {
			t.Errorf("%s: got %#v; want status %d, text %q, hint %q", test.name, e, test.status, test.text, hint)
		}
	}
}

func TestTunnelHostileAnswers(t *testing.T) {
	line := "HTTP/1.1 200 OK\r\n"
	tests := []struct{ name, answer, want string }{
		{"nothing", "", "the proxy closed the connection without an answer"},
		{"cut", line + "A: b\r\n", "the answer's head is cut: HTTP/1.1 200 OK A: b"},
		{"cut after an interim", "HTTP/1.1 100 Go\r\n\r\n", "the answer's head is cut"},
		{"other protocol", "SSH-2.0-OpenSSH\r\n", "the answer is not HTTP: SSH-2.0-OpenSSH"},
		{"HTTP/2", "\x00\x00\x00\x04\x00\x00\x00\x00\x00", "the answer is not HTTP: \x00\x00\x00\x04"},
		{"TLS alert", "\x15\x03\x01\x00\x02\x02\x46", "this port speaks TLS, not plain http"},
		{"no status", "HTTP/1.1 OK\r\n\r\n", "the answer's status line is malformed"},
		{"long status", "HTTP/1.1 2000 OK\r\n\r\n", "the answer's status line is malformed"},
		{"status 0", "HTTP/1.1 099 OK\r\n\r\n", "the answer's status line is malformed"},
		{"blank before the colon", line + "A : b\r\n\r\n", "a header field of the answer is malformed"},
		{"no colon", line + "AB\r\n\r\n", "a header field of the answer is malformed"},
		{"101", "HTTP/1.1 101 Switching\r\n\r\n", "the proxy switched protocols"},
		{"endless field", line + "A: " + strings.Repeat("x", maxHead), "the answer's head is larger than 64 KiB"},
		{"endless fields", line + strings.Repeat("A: b\r\n", maxHead/6), "the answer's head is larger than 64 KiB"},
		{"endless interim", strings.Repeat("HTTP/1.1 100 Go\r\n\r\n", maxHead/10), "the answer's head is larger than 64 KiB"},
	}
	for _, test := range tests {
		l := listen(t, nil, answers(test.answer, true))
		e := dialError(t, l.server("http", "u", "CANARY"), "o.test:443", Options{Tunnel: true})
		if !strings.Contains(e.Text, test.want) || e.Timeout || strings.ContainsAny(e.Text, "\r\n\x15") || len(e.Text) > 300 {
			t.Errorf("%s: got %q; want %q", test.name, e.Error(), test.want)
		}
	}
}

// TestTunnelKeepsBytesBehindHead has what a proxy sends right behind its head, and
// so out of the tunnel, read before the rest.
func TestTunnelKeepsBytesBehindHead(t *testing.T) {
	l := listen(t, nil, func(_ *listener, conn net.Conn) {
		readHead(bufio.NewReader(conn))
		io.WriteString(conn, "HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK\r\n\r\nGARB")
		io.ReadFull(conn, make([]byte, 1))
		io.WriteString(conn, "AGE")
	})
	conn, _, err := dial(t, l.server("http", "", ""), "o.test:443", Options{Tunnel: true})
	if err != nil {
		t.Fatal(err)
	}
	start := make([]byte, 3)
	io.ReadFull(conn, start)
	conn.Write([]byte("x"))
	rest, err := io.ReadAll(conn)
	if got := string(start) + string(rest); got != "GARBAGE" || err != nil {
		t.Errorf("got %q, %v; want GARBAGE", got, err)
	}
}

// TestTunnelHeadByteByByte has a head that comes slowly read as one that comes
// at once.
func TestTunnelHeadByteByByte(t *testing.T) {
	for _, end := range []string{"\r\n", "\n"} {
		l := listen(t, nil, func(_ *listener, conn net.Conn) {
			readHead(bufio.NewReader(conn))
			for _, c := range []byte("HTTP/1.1 200 OK" + end + "A: b" + end + " c" + end + end) {
				conn.Write([]byte{c})
			}
			io.WriteString(conn, "inside")
		})
		conn, _, err := dial(t, l.server("http", "", ""), "o.test:443", Options{Tunnel: true})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(conn); string(got) != "inside" || err != nil {
			t.Errorf("lines that end in %q: got %q, %v from the tunnel; want inside", end, got, err)
		}
	}
}

// TestTunnelRefusesBadText has nothing on the wire that could be a second line.
func TestTunnelRefusesBadText(t *testing.T) {
	l := listen(t, nil, tunnels)
	tests := []struct{ target, agent string }{
		{"o.test", ""}, {"o.test:", ""}, {"o.test:0", ""}, {":443", ""}, {"o.test:443x", ""}, {"o.test:99999", ""},
		{"o.test\r\nEvil: 1:443", ""}, {"o test:443", ""}, {"u@o.test:443", ""}, {"o.test/:443", ""},
		{"o.test:443", "sonde\r\nEvil: 1"}, {"o.test:443", "a\x00b"},
	}
	for _, test := range tests {
		e := dialError(t, l.server("http", "", ""), test.target, Options{Tunnel: true, UserAgent: test.agent})
		if e.Phase != PhaseProxy {
			t.Errorf("%q, %q: got %#v; want an error of the phase proxy", test.target, test.agent, e)
		}
	}
	for _, head := range l.notes() {
		if head != "" {
			t.Errorf("the proxy got %q; want nothing", head)
		}
	}
}

// FuzzReadAnswer checks that a head is cut where it ends, however its bytes
// come, and that what the standard library reads as success is read so here.
func FuzzReadAnswer(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\n\r\nrest", "HTTP/1.0 407 No\nA: b\n c\n\n", "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200\r\n\r\n",
		"HTTP/1.1 200 OK\r\n\n", "HTTP/1.1 200 OK\n\r\nx", "\r\n\r\n", "HTTP/1.1 101 x\r\n\r\n", "HTTP/1.1 204 x\r\nA:\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := readAnswer(strings.NewReader(string(b)))
		slow, slowErr := readAnswer(oneByOne{strings.NewReader(string(b))})
		if (err == nil) != (slowErr == nil) {
			t.Fatalf("%q: read at once gives %v, byte by byte %v", b, err, slowErr)
		}
		if err != nil {
			return
		}
		if !strings.HasSuffix(string(b), string(a.rest)) || slow.status != a.status || len(slow.rest) != 0 || a.status < 200 || a.status > 999 {
			t.Fatalf("%q: got %+v at once, %+v byte by byte", b, a, slow)
		}
		if head := b[:len(b)-len(a.rest)]; !strings.HasSuffix(string(head), "\n") {
			t.Fatalf("%q: the head is %q; want it to end with a line", b, head)
		}
		r := bufio.NewReader(strings.NewReader(string(b)))
		for {
			theirs, err := http.ReadResponse(r, &http.Request{Method: "CONNECT"})
			if err != nil {
				return // they are stricter about fields
			}
			if theirs.StatusCode >= 200 {
				if theirs.StatusCode != a.status {
					t.Fatalf("%q: got status %d; net/http reads %d", b, a.status, theirs.StatusCode)
				}
				return
			}
		}
	})
}

// oneByOne reads no more than one byte at a time.
type oneByOne struct{ r io.Reader }

func (o oneByOne) Read(p []byte) (int, error) { return o.r.Read(p[:min(len(p), 1)]) }
