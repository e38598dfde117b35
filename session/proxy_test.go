package session

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A relay is a proxy of every kind in one: it passes bytes on after CONNECT or
// SOCKS5, and answers itself what it is asked to forward.
type relay struct {
	*server
	name, port string
	tls        *tls.Config // nil for none
	refuse     string      // the answer to CONNECT, "" for one that connects
	stall      chan bool   // not nil: nothing is answered before it is closed

	mu    sync.Mutex
	asked []string // each request's first line and login, or SOCKS5's login and address
}

func newRelay(t testing.TB, name string, change func(*relay)) *relay {
	t.Helper()
	p := &relay{server: listening(t), name: name}
	_, p.port, _ = net.SplitHostPort(p.ln.Addr().String())
	if change != nil {
		change(p)
	}
	p.attend(t, func(conn net.Conn, _ int) {
		if p.tls != nil {
			conn = tls.Server(conn, p.tls)
			defer conn.Close()
		}
		p.serve(conn)
	})
	return p
}

// url returns the relay as a proxy of a kind, with a login unless it is empty.
func (p *relay) url(scheme, login string) string {
	if login != "" {
		login += "@"
	}
	return scheme + "://" + login + "proxy.test:" + p.port
}

func (p *relay) note(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, line)
}

func (p *relay) notes() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

func (p *relay) serve(conn net.Conn) {
	br := bufio.NewReader(conn)
	first, err := br.Peek(1)
	if err != nil {
		return
	}
	if p.stall != nil {
		<-p.stall
		return
	}
	if first[0] == 5 {
		p.socks(br, conn)
		return
	}
	for {
		r, err := readRequest(br)
		if err != nil {
			return
		}
		p.note(r.Method + " " + r.Target + " " + r.header("Proxy-Authorization"))
		switch {
		case r.Method != "CONNECT":
			reply(conn, 200, "forwarded by "+p.name)
		case p.refuse != "":
			io.WriteString(conn, p.refuse)
		default:
			io.WriteString(conn, "HTTP/1.1 200 Connected\r\n\r\n")
			pass(br, conn, r.Target)
			return
		}
	}
}

// socks takes any login, and names only (RFC 1928, RFC 1929).
func (p *relay) socks(br *bufio.Reader, conn net.Conn) {
	read := func(n byte) string {
		b := make([]byte, n)
		io.ReadFull(br, b)
		return string(b)
	}
	login := ""
	if methods := read(read(2)[1]); strings.Contains(methods, "\x02") {
		io.WriteString(conn, "\x05\x02")
		login = read(read(2)[1])
		login += ":" + read(read(1)[0])
		io.WriteString(conn, "\x01\x00")
	} else {
		io.WriteString(conn, "\x05\x00")
	}
	read(4) // a name follows
	host := read(read(1)[0])
	port := read(2)
	target := fmt.Sprint(host, ":", int(port[0])<<8|int(port[1]))
	p.note("SOCKS " + target + " " + login)
	io.WriteString(conn, "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
	pass(br, conn, target)
}

// pass copies bytes both ways between a client and a port of this machine.
func pass(br *bufio.Reader, conn net.Conn, target string) {
	_, port, _ := net.SplitHostPort(target)
	onward, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		return
	}
	defer onward.Close()
	var back sync.WaitGroup
	back.Go(func() {
		io.Copy(conn, onward)
		conn.Close()
	})
	io.Copy(onward, br)
	onward.Close()
	back.Wait()
}

// proxied starts an http, an HTTP/1.1 and an HTTP/2 server that answer with what
// they got of fields about proxies, and returns their URLs.
func proxied(t *testing.T, root *keeper) (urls map[string]string) {
	answer := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "origin ", r.Header["Proxy-Authorization"], r.Header["Proxy-Connection"])
	}
	plain := serve(t, func(w io.Writer, r *received) bool { reply(w, 200, "origin [] []"); return true })
	_, port, _ := net.SplitHostPort(plain.ln.Addr().String())
	old := serveModern(t, serves(root.issue(t, ecKey(t), nil)), false, http.HandlerFunc(answer))
	modern := serveModern(t, serves(root.issue(t, ecKey(t), nil)), true, http.HandlerFunc(answer))
	return map[string]string{"http": "http://" + zooHost + ":" + port + "/", "https": old.url(zooHost), "HTTP/2": modern.url(zooHost)}
}

// TestProxyKinds goes through every kind of proxy to every kind of origin: the
// login is told to the proxy, and to nobody else.
func TestProxyKinds(t *testing.T) { // R11
	root := newKeeper(t, "Zoo Root", ecKey(t))
	const basicLogin = "Basic amU6cEBzcw==" // je:p@ss
	for origin, url := range proxied(t, root) {
		for _, kind := range []string{"http", "https", "socks5h"} {
			name := kind + " to " + origin
			p := newRelay(t, "p", func(p *relay) {
				if kind == "https" {
					p.tls = serves(root.issue(t, ecKey(t), named("proxy.test")))
				}
			})
			s := zooSession(t, Options{Roots: root.pool()})
			s.Settings.Proxy = p.url(kind, "je:p%40ss")
			for i := range 2 {
				x := do(t, s, get(url))
				body, asked := "origin [] []", "CONNECT "+strings.TrimSuffix(url[strings.Index(url, "//")+2:], "/")+" "+basicLogin
				forwards := origin == "http" && kind != "socks5h"
				switch {
				case forwards:
					body, asked = "forwarded by p", "GET "+url+" "+basicLogin
				case kind == "socks5h":
					asked = "SOCKS " + strings.Fields(asked)[1] + " je:p@ss"
				}
				want := slices.Repeat([]string{asked}, 1)
				if forwards && i == 1 {
					want = append(want, asked)
				}
				if got := p.notes(); string(x.Body.Bytes()) != body || !slices.Equal(got, want) {
					t.Errorf("%s: got %q, and the proxy %q; want %q and %q", name, x.Body.Bytes(), got, body, want)
				}
				bare := p.url(kind, "")
				if x.Conn.Proxy != bare || x.Sent.Proxy.Source != FromSession || x.Conn.Reused != (i == 1) || (x.Proto == "HTTP/2") != (origin == "HTTP/2") {
					t.Errorf("%s: got %+v by %+v over %s", name, x.Conn, x.Sent.Proxy, x.Proto)
				}
				if strings.Contains(fmt.Sprint(x.Sent.Proxy, x.Conn), "p@ss") || strings.Contains(fmt.Sprint(x.Sent.Proxy, x.Conn), "p%40ss") {
					t.Errorf("%s: the password shows in %+v", name, x.Sent.Proxy)
				}
				if cost := x.Timing.Proxy > 0; cost != (i == 0 && (!forwards || kind == "https")) {
					t.Errorf("%s, request %d: got %+v", name, i+1, x.Timing)
				}
			}
			if p.opened() != 1 {
				t.Errorf("%s: %d connections to the proxy, want 1", name, p.opened())
			}
		}
	}
}

// TestProxyPrecedence asks who of request, session and environment decides, and
// who is said to have lost.
func TestProxyPrecedence(t *testing.T) {
	typed, sticky, env := newRelay(t, "request", nil), newRelay(t, "session", nil), newRelay(t, "environment", nil)
	direct := serve(t, func(w io.Writer, r *received) bool { reply(w, 200, "direct"); return true })
	_, port, _ := net.SplitHostPort(direct.ln.Addr().String())
	far := "http://far.test:" + port + "/"
	on := func(p *relay) string { return p.url("http", "") }
	for _, tt := range []struct {
		name, request, session string
		env                    map[string]string
		ignore                 bool
		url, want              string // want is who answered
		source                 Source
		detail, lost           string
	}{
		{name: "none", want: "direct"},
		{name: "environment", env: map[string]string{"HTTP_PROXY": on(env)}, want: "environment", source: FromEnv, detail: "HTTP_PROXY"},
		{name: "lower case first", env: map[string]string{"HTTP_PROXY": on(sticky), "http_proxy": on(env)}, want: "environment", source: FromEnv, detail: "http_proxy"},
		{name: "for all", env: map[string]string{"ALL_PROXY": on(env)}, want: "environment", source: FromEnv, detail: "ALL_PROXY"},
		{name: "for https only", env: map[string]string{"HTTPS_PROXY": on(env)}, want: "direct"},
		{name: "env off", env: map[string]string{"HTTP_PROXY": on(env)}, ignore: true, want: "direct"},
		{name: "excepted", env: map[string]string{"HTTP_PROXY": on(env), "NO_PROXY": "near.test, .test"}, want: "direct"},
		{name: "not for loopback", env: map[string]string{"HTTP_PROXY": on(env)}, url: direct.URL, want: "direct"},
		{name: "session", session: on(sticky), want: "session", source: FromSession},
		{name: "session for loopback too", session: on(sticky), url: direct.URL, want: "session", source: FromSession},
		{name: "session before environment", session: on(sticky), env: map[string]string{"HTTP_PROXY": on(env)}, want: "session", source: FromSession, lost: "environment"},
		{name: "session off", session: "off", env: map[string]string{"HTTP_PROXY": on(env)}, want: "direct", lost: "environment"},
		{name: "request before both", request: on(typed), session: on(sticky), env: map[string]string{"HTTP_PROXY": on(env)}, want: "request", source: FromRequest, lost: "session environment"},
		{name: "request off", request: "off", session: on(sticky), env: map[string]string{"HTTP_PROXY": on(env)}, want: "direct", lost: "session environment"},
	} {
		s := zooSession(t, Options{Env: envOf(tt.env)})
		s.Settings.Proxy, s.Settings.IgnoreEnv = tt.session, tt.ignore
		r := get(far)
		if tt.url != "" {
			r = get(tt.url)
		}
		r.Proxy = tt.request
		x := do(t, s, r)
		if got := strings.TrimPrefix(string(x.Body.Bytes()), "forwarded by "); got != tt.want {
			t.Errorf("%s: %s answered, want %s", tt.name, got, tt.want)
		}
		if p := x.Sent.Proxy; p.Source != tt.source || p.Detail != tt.detail || (p.Name == "") != (tt.want == "direct") {
			t.Errorf("%s: got %+v", tt.name, p)
		}
		var lost []string
		for _, l := range x.Sent.Lost {
			lost = append(lost, map[Source]string{FromSession: "session", FromEnv: "environment"}[l.Source])
			if l.Kind != "proxy" || l.Name == "" {
				t.Errorf("%s: lost %+v", tt.name, l)
			}
		}
		if got := strings.Join(lost, " "); got != tt.lost {
			t.Errorf("%s: lost %q, want %q", tt.name, got, tt.lost)
		}
	}
}

// TestProxyChangeMakesConnection never sends over a connection that goes through
// another proxy, or was opened with another login.
func TestProxyChangeMakesConnection(t *testing.T) {
	root := newKeeper(t, "Zoo Root", ecKey(t))
	url := proxied(t, root)["https"]
	a, b := newRelay(t, "a", nil), newRelay(t, "b", nil)
	s := zooSession(t, Options{Roots: root.pool()})
	for i, proxy := range []string{a.url("http", ""), b.url("http", ""), a.url("http", "ann:1"), a.url("http", "ann:2"), a.url("socks5h", ""), "off"} {
		s.Settings.Proxy = proxy
		if x := do(t, s, get(url)); x.Conn.Reused || (x.Conn.Proxy == "") != (proxy == "off") {
			t.Errorf("change %d: got %+v", i+1, x.Conn)
		}
		if x := do(t, s, get(url)); !x.Conn.Reused {
			t.Errorf("change %d: the second request made a connection too", i+1)
		}
	}
	if len(a.notes()) != 4 || len(b.notes()) != 1 {
		t.Errorf("the proxies were asked %q and %q", a.notes(), b.notes())
	}
}

// TestProxyRefuses says what the proxy said, and never goes around it. Only what
// may pass is tried again.
func TestProxyRefuses(t *testing.T) {
	root := newKeeper(t, "Zoo Root", ecKey(t))
	c := newCage(t, serves(root.issue(t, ecKey(t), nil)))
	for _, tt := range []struct {
		answer string
		want   []string
		tries  int
	}{
		{"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n", []string{"407"}, 1},
		{"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", []string{"403"}, 1},
		{"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", []string{"502"}, 3},
		{"SSH-2.0-OpenSSH_9.6\r\n", []string{"not HTTP"}, 3},
	} {
		p := newRelay(t, "p", func(p *relay) { p.refuse = tt.answer })
		s := zooSession(t, Options{Roots: root.pool()})
		s.Settings.Proxy = p.url("http", "")
		s.Settings.Retries = []RetryRule{{Policy: persistent(2)}}
		x, e := fails(t, s, &Request{Method: "POST", Target: Target{Text: c.url(zooHost)}, Content: text("body")})
		contains(t, tt.answer, e.Error(), append(tt.want, "proxy.test:"+p.port)...)
		if x != nil || e.Phase != PhaseProxy || e.Sent || e.Hint == "" || c.opened() != 0 {
			t.Errorf("%q: got %+v; %d connections reached the origin", tt.answer, e, c.opened())
		}
		if n := len(p.notes()); n != tt.tries {
			t.Errorf("%q: the proxy was asked %d times, want %d", tt.answer, n, tt.tries)
		}
	}
}

// TestCancelAtProxy ends the wait for a proxy that says nothing.
func TestCancelAtProxy(t *testing.T) {
	for _, kind := range []string{"http", "socks5h"} {
		stall := make(chan bool)
		p := newRelay(t, "p", func(p *relay) { p.stall = stall })
		s := zooSession(t, Options{})
		s.Settings.Proxy = p.url(kind, "")
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(30*time.Millisecond, cancel)
		_, err := s.Do(ctx, get("https://"+zooHost), Watch{})
		var e *Error
		if !errors.As(err, &e) || !e.Canceled() || e.Phase != PhaseProxy || e.Sent {
			t.Errorf("%s: got %+v", kind, err)
		}
		close(stall)
	}
}

// TestProxyAcrossRedirects chooses the way anew for each hop.
func TestProxyAcrossRedirects(t *testing.T) {
	root := newKeeper(t, "Zoo Root", ecKey(t))
	secure := newCage(t, serves(root.issue(t, ecKey(t), nil)))
	p := newRelay(t, "p", nil)
	near := serve(t, redirect(302, secure.url(zooHost)))
	_, port, _ := net.SplitHostPort(near.ln.Addr().String())
	s := zooSession(t, Options{Roots: root.pool(), Env: envOf(map[string]string{"ALL_PROXY": p.url("http", "je:secret"), "NO_PROXY": "near.test"})})
	x := do(t, s, get("http://near.test:"+port))
	if len(x.Hops) != 1 || x.Hops[0].Conn.Proxy != "" || x.Conn.Proxy == "" || x.Sent.Proxy.Detail != "ALL_PROXY" {
		t.Errorf("got %+v, then %+v by %+v", x.Hops[0].Conn, x.Conn, x.Sent.Proxy)
	}
	if got := p.notes(); len(got) != 1 || !strings.HasPrefix(got[0], "CONNECT "+zooHost) {
		t.Errorf("the proxy was asked %q", got)
	}
	for _, r := range append(near.all(), secure.all()...) {
		if strings.Contains(r.Head, "Proxy-") || strings.Contains(r.Head, "amU6c2VjcmV0") {
			t.Errorf("an origin got\n%s", r.Head)
		}
	}
}
