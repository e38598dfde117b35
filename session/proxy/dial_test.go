package proxy

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func TestDialNoSuchHost(t *testing.T) {
	s := Server{Scheme: "http", Host: "no..such", Port: "3128", User: "u", Password: "CANARY"}
	e := dialError(t, s, "o.test:443", Options{Tunnel: true})
	if e.Phase != PhaseDNS || e.Error() != "proxy no..such:3128: no such host" || e.Hint != "proxy off" {
		t.Errorf("got %#v; want no such host in the phase proxy dns", e)
	}
	var dns *net.DNSError
	if !errors.As(e, &dns) {
		t.Errorf("got the cause %v; want a net.DNSError", e.Err)
	}
}

func TestDialConnectionRefused(t *testing.T) {
	l := listen(t, nil, tunnels)
	l.Close()
	for _, scheme := range []string{"http", "https", "socks5", "socks5h"} {
		e := dialError(t, l.server(scheme, "u", "CANARY"), "127.0.0.1:443", Options{Tunnel: true})
		if e.Phase != PhaseConnect || e.Text != "connection refused" || e.Hint == "" {
			t.Errorf("%s: got %#v; want connection refused in the phase proxy connect", scheme, e)
		}
	}
}

func TestDialTLSErrors(t *testing.T) {
	serverTLS, clientTLS := certificate(t)
	secure, plain := listen(t, serverTLS, tunnels), listen(t, nil, func(_ *listener, conn net.Conn) {
		conn.Read(make([]byte, 2048))
		io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
	})
	closing := listen(t, nil, func(*listener, net.Conn) {})
	wrong := clientTLS.Clone()
	wrong.ServerName = "other.test"
	failing := errors.New("no such file")
	tests := []struct {
		name       string
		proxy      Server
		config     *tls.Config
		configErr  error
		text, hint string
	}{
		{"unknown issuer", secure.server("https", "u", "CANARY"), nil, nil, "certificate: ", "verify CA.pem"},
		{"wrong name", secure.server("https", "u", "CANARY"), wrong, nil, "the certificate is not for 127.0.0.1", ""},
		{"plain", plain.server("https", "u", "CANARY"), clientTLS, nil, "no TLS at this port", "proxy http://USER:PASSWORD@" + plain.Addr().String()},
		{"plain, no login", plain.server("https", "", ""), clientTLS, nil, "no TLS at this port", "proxy http://" + plain.Addr().String()},
		{"closes", closing.server("https", "", ""), clientTLS, nil, "the proxy closed the connection in the TLS handshake", ""},
		{"no configuration", secure.server("https", "", ""), nil, failing, "no such file", ""},
	}
	for _, test := range tests {
		e := dialError(t, test.proxy, "o.test:443", Options{
			TLS: func(string) (*tls.Config, error) { return test.config, test.configErr },
		})
		if e.Phase != PhaseTLS || !strings.Contains(e.Text, test.text) || e.Hint != test.hint || strings.Contains(e.Error(), "CANARY") {
			t.Errorf("%s: got %#v; want %q, hint %q, in the phase proxy tls", test.name, e, test.text, test.hint)
		}
		if test.configErr != nil && !errors.Is(e, test.configErr) {
			t.Errorf("%s: got the cause %v; want %v", test.name, e.Err, test.configErr)
		}
	}
}

// TestDialTLSOffersHTTP1 has an https proxy never answer in HTTP/2, and the
// caller's configuration untouched.
func TestDialTLSOffersHTTP1(t *testing.T) {
	serverTLS, clientTLS := certificate(t)
	serverTLS.NextProtos = []string{"h2", "http/1.1"}
	clientTLS.NextProtos = []string{"h2", "http/1.1"}
	l := listen(t, serverTLS, answers("", false))
	conn, _, err := dial(t, l.server("https", "", ""), "", Options{TLS: func(string) (*tls.Config, error) { return clientTLS, nil }})
	if err != nil {
		t.Fatal(err)
	}
	if got := conn.(*tls.Conn).ConnectionState().NegotiatedProtocol; got != "http/1.1" {
		t.Errorf("got the protocol %q; want http/1.1", got)
	}
	if clientTLS.ServerName != "" || len(clientTLS.NextProtos) != 2 {
		t.Errorf("the configuration is now %q, %q; want it untouched", clientTLS.ServerName, clientTLS.NextProtos)
	}
}

// silent are proxies that stop answering at some point, by what they do until
// then. Each calls reached when it is there.
func silent(reached func()) []struct {
	name, scheme string
	phase        Phase
	serve        func(*listener, net.Conn)
} {
	wait := func(conn net.Conn) { reached(); io.Copy(io.Discard, conn) }
	started := func(_ *listener, conn net.Conn) {
		conn.Read(make([]byte, 1))
		wait(conn)
	}
	answering := func(bytes string) func(*listener, net.Conn) {
		return func(_ *listener, conn net.Conn) {
			readHead(bufio.NewReader(conn))
			io.WriteString(conn, bytes)
			wait(conn)
		}
	}
	afterHello := func(answer []byte) func(*listener, net.Conn) {
		return func(_ *listener, conn net.Conn) {
			io.ReadFull(conn, make([]byte, 3))
			conn.Write(answer)
			wait(conn)
		}
	}
	return []struct {
		name, scheme string
		phase        Phase
		serve        func(*listener, net.Conn)
	}{
		{"no answer", "http", PhaseProxy, answering("")},
		{"half a head", "http", PhaseProxy, answering("HTTP/1.1 200 OK\r\nA: ")},
		{"interim only", "http", PhaseProxy, answering("HTTP/1.1 100 Go\r\n\r\n")},
		{"no TLS answer", "https", PhaseTLS, started},
		{"no SOCKS answer", "socks5h", PhaseProxy, started},
		{"no SOCKS reply", "socks5h", PhaseProxy, afterHello([]byte{5, 0})},
		{"half a SOCKS reply", "socks5", PhaseProxy, afterHello([]byte{5, 0, 5, 0})},
	}
}

func TestDialCanceled(t *testing.T) {
	reached := make(chan struct{}, 1)
	for _, test := range silent(func() { reached <- struct{}{} }) {
		l := listen(t, nil, test.serve)
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			<-reached
			cancel()
		}()
		conn, _, err := l.server(test.scheme, "", "").Dial(ctx, "127.0.0.1:443", Options{Tunnel: true})
		var e *Error
		if !errors.As(err, &e) || conn != nil || !errors.Is(err, context.Canceled) || e.Text != "canceled" || e.Timeout || e.Phase != test.phase {
			t.Errorf("%s: got %#v; want canceled in the phase %s", test.name, err, test.phase)
		}
		cancel()
	}
}

func TestDialTimeout(t *testing.T) {
	for _, test := range silent(func() {}) {
		l := listen(t, nil, test.serve)
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
		_, _, err := l.server(test.scheme, "", "").Dial(ctx, "127.0.0.1:443", Options{Tunnel: true})
		var e *Error
		if !errors.As(err, &e) || !e.Timeout || !strings.HasPrefix(e.Text, "no answer in time (") {
			t.Errorf("%s: got %#v; want a timeout", test.name, err)
		}
		cancel()
	}
}

// TestDialEndsBeforeIt has a context that has ended already connect nowhere.
func TestDialEndsBeforeIt(t *testing.T) {
	l := listen(t, nil, tunnels)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, scheme := range []string{"http", "socks5h"} {
		if _, _, err := l.server(scheme, "", "").Dial(ctx, "o.test:443", Options{Tunnel: true}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v; want canceled", scheme, err)
		}
	}
}

// TestDialConnOutlivesContext has the context without effect on a connection
// that was returned.
func TestDialConnOutlivesContext(t *testing.T) {
	target, _ := origin(t, false)
	tests := []struct {
		scheme string
		serve  func(*listener, net.Conn)
	}{{"http", tunnels}, {"socks5h", socksServer{}.serve}}
	for _, test := range tests {
		l := listen(t, nil, test.serve)
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		conn, _, err := l.server(test.scheme, "", "").Dial(ctx, target, Options{Tunnel: true})
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		io.WriteString(conn, getHello)
		if got, err := io.ReadAll(conn); err != nil || !strings.HasSuffix(string(got), "hello") {
			t.Errorf("%s: got %q, %v; want an answer", test.scheme, got, err)
		}
		conn.Close()
	}
}

// TestDialTiming counts the readings of a clock that goes on by a second with
// each.
func TestDialTiming(t *testing.T) {
	serverTLS, clientTLS := certificate(t)
	now := time.Unix(0, 0)
	clock := func() time.Time { now = now.Add(time.Second); return now }
	o := Options{Tunnel: true, Now: clock, TLS: func(string) (*tls.Config, error) { return clientTLS, nil }}
	tests := []struct {
		name   string
		proxy  Server
		target string
		tunnel bool
		want   Timing
	}{
		{"http", listen(t, nil, answers("HTTP/1.1 200 OK\r\n\r\n", false)).server("http", "", ""), "o.test:443", true, Timing{Connect: time.Second, Proxy: time.Second}},
		{"refused", listen(t, nil, answers("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", false)).server("http", "", ""), "o.test:443", true, Timing{Connect: time.Second, Proxy: time.Second}},
		{"https", listen(t, serverTLS, answers("", false)).server("https", "", ""), "", false, Timing{Connect: time.Second, Proxy: time.Second}},
		{"socks5h", listen(t, nil, socksServer{reply: 1}.serve).server("socks5h", "", ""), "o.test:443", true, Timing{Connect: time.Second, Proxy: time.Second}},
		{"socks5", listen(t, nil, socksServer{reply: 1}.serve).server("socks5", "", ""), "localhost:443", true, Timing{DNS: time.Second, Connect: time.Second, Proxy: time.Second}},
	}
	for _, test := range tests {
		o.Tunnel = test.tunnel
		if _, got, _ := dial(t, test.proxy, test.target, o); got != test.want {
			t.Errorf("%s: got %+v; want %+v", test.name, got, test.want)
		}
	}
	named := tests[0].proxy
	named.Host = "localhost"
	o.Tunnel = true
	if _, got, err := dial(t, named, "o.test:443", o); err != nil || got.DNS != time.Second || got.Connect <= 0 {
		t.Errorf("a proxy with a name: got %+v, %v; want a time for its lookup", got, err)
	}
}

// TestDialUsesDialer has every connection made by the Dialer that was given.
func TestDialUsesDialer(t *testing.T) {
	target, _ := origin(t, false)
	for _, scheme := range []string{"http", "socks5", "socks5h"} {
		serve := tunnels
		if scheme != "http" {
			serve = socksServer{}.serve
		}
		l := listen(t, nil, serve)
		s := l.server(scheme, "", "")
		s.Host = "proxy.test"
		var dialled []string
		conn, _, err := dial(t, s, target, Options{Tunnel: true, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			dialled = append(dialled, network+" "+addr)
			return new(net.Dialer).DialContext(ctx, network, l.Addr().String())
		}})
		if err != nil {
			t.Fatal(err)
		}
		if want := "tcp proxy.test:" + l.port(); len(dialled) != 1 || dialled[0] != want {
			t.Errorf("%s: dialled %q; want %q once", scheme, dialled, want)
		}
		if _, ok := conn.(*net.TCPConn); !ok {
			t.Errorf("%s: got a %T; want the dialler's own connection", scheme, conn)
		}
		if body := get(t, conn, getHello); body != "hello" {
			t.Errorf("%s: got %q; want hello", scheme, body)
		}
		conn.Close()
	}
}
