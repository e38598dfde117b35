package proxy

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"testing"
)

func TestSOCKS(t *testing.T) {
	target, trust := origin(t, true)
	_, port, _ := net.SplitHostPort(target)
	tests := []struct {
		scheme, user, host string
		want               []string
	}{
		{"socks5", "", "127.0.0.1", []string{"IPv4 127.0.0.1:" + port}},
		{"socks5", "", "localhost", []string{"IPv4 127.0.0.1:" + port}},
		{"socks5", "", "api.localhost", []string{"IPv4 127.0.0.1:" + port}},
		{"socks5h", "", "localhost", []string{"name localhost:" + port}},
		{"socks5h", "", "127.0.0.1", []string{"IPv4 127.0.0.1:" + port}},
		{"socks5", "user", "127.0.0.1", []string{"login user:p@ss word", "IPv4 127.0.0.1:" + port}},
		{"socks5h", "user", "localhost", []string{"login user:p@ss word", "name localhost:" + port}},
	}
	for _, test := range tests {
		password := ""
		if test.user != "" {
			password = "p@ss word"
		}
		l := listen(t, nil, socksServer{user: test.user, password: password}.serve)
		// Tunnel is left out: a SOCKS5 proxy always does.
		conn, _, err := dial(t, l.server(test.scheme, test.user, password), net.JoinHostPort(test.host, port), Options{})
		if err != nil {
			t.Errorf("%s to %s: %v", test.scheme, test.host, err)
			continue
		}
		if body := get(t, tls.Client(conn, trust), getHello); body != "hello" {
			t.Errorf("%s to %s: got %q; want hello", test.scheme, test.host, body)
		}
		if got := l.notes(); len(got) < len(test.want) || strings.Join(got[:len(test.want)], "|") != strings.Join(test.want, "|") {
			t.Errorf("%s to %s: the proxy saw %q; want %q", test.scheme, test.host, got, test.want)
		}
		conn.Close()
	}
}

func TestSOCKSErrors(t *testing.T) {
	const target = "192.0.2.1:443"
	replies := func(code byte) func(*listener, net.Conn) { return socksServer{reply: code}.serve }
	locked := socksServer{user: "user", password: "other"}.serve
	raw := func(bytes string) func(*listener, net.Conn) {
		return func(_ *listener, conn net.Conn) {
			conn.Read(make([]byte, 64))
			conn.Write([]byte(bytes))
		}
	}
	tests := []struct {
		name       string
		serve      func(*listener, net.Conn)
		scheme     string
		login      bool
		text, hint string // PLACE stands for the proxy's host:port
	}{
		{"general", replies(1), "socks5", false, "general failure of the proxy", ""},
		{"rules", replies(2), "socks5", false, "the proxy's rules do not allow " + target, ""},
		{"network", replies(3), "socks5", false, "network unreachable from the proxy: " + target, ""},
		{"host", replies(4), "socks5", false, "host unreachable from the proxy: " + target, ""},
		{"refused", replies(5), "socks5", false, target + " refused the proxy's connection", ""},
		{"TTL", replies(6), "socks5", false, "the proxy answered: TTL expired", ""},
		{"command", replies(7), "socks5", false, "the proxy answered: command not supported", ""},
		{"no names", replies(8), "socks5h", false, "the proxy looks up no names", "proxy socks5://PLACE"},
		{"unknown", replies(99), "socks5", false, "the proxy answered: unknown code: 99", ""},
		{"login wanted", locked, "socks5h", false, "the proxy wants a login", "proxy socks5h://USER:PASSWORD@PLACE"},
		{"login refused", locked, "socks5", true, "the proxy does not take the login", "proxy socks5://USER:PASSWORD@PLACE"},
		{"no method", raw("\x05\xff"), "socks5", true, "the proxy takes no login by user and password", ""},
		{"http proxy", raw("HTTP/1.1 400 Bad Request\r\n\r\n"), "socks5", true, "the answer is not SOCKS5; it may be an http proxy", "proxy http://USER:PASSWORD@PLACE"},
		{"closes", raw(""), "socks5", false, "the proxy closed the connection without an answer", ""},
		{"cut", raw("\x05"), "socks5", false, "the proxy closed the connection without an answer", ""},
		{"address type", raw("\x05\x00\x05\x00\x00\x09"), "socks5", false, "unknown address type 9", ""},
	}
	for _, test := range tests {
		l := listen(t, nil, test.serve)
		s := l.server(test.scheme, "", "")
		if test.login {
			s.User, s.Password = "user", "CANARY"
		}
		e := dialError(t, s, target, Options{})
		hint := strings.ReplaceAll(test.hint, "PLACE", l.Addr().String())
		if e.Text != "SOCKS5: "+test.text || e.Hint != hint || e.Phase != PhaseProxy || e.Status != 0 {
			t.Errorf("%s: got %q, hint %q, phase %s; want %q, hint %q", test.name, e.Text, e.Hint, e.Phase, "SOCKS5: "+test.text, hint)
		}
		if strings.Contains(e.Error(), "CANARY") {
			t.Errorf("%s: the password is in %q", test.name, e.Error())
		}
	}
}

func TestSOCKSNoSuchTarget(t *testing.T) {
	l := listen(t, nil, socksServer{}.serve)
	e := dialError(t, l.server("socks5", "u", "CANARY"), "no..such:443", Options{})
	if e.Phase != PhaseTargetDNS || e.Text != "no such host: no..such" || e.Hint != "proxy socks5h://USER:PASSWORD@"+l.Addr().String() {
		t.Errorf("got %#v; want no such host in the phase dns", e)
	}
	if got := l.notes(); len(got) != 0 {
		t.Errorf("the proxy saw %q; want nothing", got)
	}
}

// TestSOCKSTriesEveryAddress has a proxy that reaches none of a name's addresses
// asked for each, IPv4 first, and one that forbids the first not asked again.
func TestSOCKSTriesEveryAddress(t *testing.T) {
	addrs, err := net.DefaultResolver.LookupNetIP(context.Background(), "ip", "localhost")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		reply byte
		want  int
	}{{4, min(len(addrs), 4)}, {2, 1}}
	for _, test := range tests {
		l := listen(t, nil, socksServer{reply: test.reply}.serve)
		dialError(t, l.server("socks5", "", ""), "localhost:443", Options{})
		got := l.notes()
		if len(got) != test.want || !strings.HasPrefix(got[0], "IPv4 127.0.0.1:443") {
			t.Errorf("reply %d: the proxy was asked for %q; want %d addresses of %v", test.reply, got, test.want, addrs)
		}
	}
}
