package proxy

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/proxy"

	"sonde/session/neterr"
)

// dialSOCKS connects to the target through a SOCKS5 proxy. If the target's name
// is looked up here, its addresses are tried in turn as long as the proxy says
// that it cannot reach the one before.
func (d *dialing) dialSOCKS(ctx context.Context) (net.Conn, *Error) {
	targets, err := d.socksTargets(ctx)
	if err != nil {
		return nil, err
	}
	for i, target := range targets {
		conn, err := d.connect(ctx)
		if err != nil {
			return nil, err
		}
		start := d.o.Now()
		failure := d.socksConnect(ctx, conn, target)
		d.timing.Proxy += d.o.Now().Sub(start)
		if failure == nil {
			return conn, nil
		}
		if i == len(targets)-1 || !unreachable(failure) {
			return nil, d.socksError(ctx, failure)
		}
	}
	return nil, d.fail(ctx, PhaseTargetDNS, nil, "no address for the target", "")
}

// socksTargets returns what the proxy is asked for, as host:port.
func (d *dialing) socksTargets(ctx context.Context) ([]string, *Error) {
	const most = 4
	host, port, _ := net.SplitHostPort(d.target)
	if _, err := netip.ParseAddr(host); err == nil || d.Scheme == "socks5h" {
		return []string{d.target}, nil
	}
	name := host
	if strings.HasSuffix(strings.TrimSuffix(host, "."), ".localhost") {
		name = "localhost" // RFC 6761, section 6.3
	}
	start := d.o.Now()
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	d.timing.DNS += d.o.Now().Sub(start)
	if err != nil {
		hint := d.example("socks5h", d.hasLogin())
		var dns *net.DNSError
		if errors.As(err, &dns) && dns.IsNotFound {
			return nil, d.fail(ctx, PhaseTargetDNS, err, "no such host: "+host, hint)
		}
		return nil, d.fail(ctx, PhaseTargetDNS, err, "name lookup of "+host+": "+neterr.Cause(err), hint)
	}
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
	}
	// What this machine can reach says nothing about the proxy. IPv4 is what
	// nearly all of them can.
	slices.SortStableFunc(addrs, func(a, b netip.Addr) int { return a.BitLen() - b.BitLen() })
	var targets []string
	for _, addr := range addrs[:min(len(addrs), most)] {
		targets = append(targets, net.JoinHostPort(addr.String(), port))
	}
	return targets, nil
}

// socksConnect asks the proxy at the other end of conn for a target (RFC 1928).
// It closes conn if that comes to nothing.
func (d *dialing) socksConnect(ctx context.Context, conn net.Conn, target string) error {
	var login *proxy.Auth
	if d.hasLogin() {
		login = &proxy.Auth{User: d.User, Password: d.Password}
	}
	dialer, err := proxy.SOCKS5("tcp", d.Address(), login, dialed{conn})
	if err != nil {
		conn.Close()
		return err
	}
	// The connection it returns is only conn with an address added.
	_, err = dialer.(proxy.ContextDialer).DialContext(ctx, "tcp", target)
	return err
}

// dialed is a proxy.ContextDialer that has the connection already.
type dialed struct{ conn net.Conn }

// Dial returns the connection.
func (d dialed) Dial(string, string) (net.Conn, error) { return d.conn, nil }

// DialContext returns the connection.
func (d dialed) DialContext(context.Context, string, string) (net.Conn, error) { return d.conn, nil }

// unreachable says that the proxy answered that it cannot reach an address:
// another may do.
func unreachable(err error) bool {
	switch reply(err) {
	case "network unreachable", "host unreachable", "connection refused", "address type not supported":
		return true
	}
	return false
}

// reply returns the library's words for the reply of the proxy (RFC 1928, section
// 6), or "" if there was none.
func reply(err error) string {
	text, ok := strings.CutPrefix(neterr.Cause(err), "unknown error ")
	if !ok {
		return ""
	}
	return text
}

// socksError says in words why a SOCKS5 proxy gives no connection.
func (d *dialing) socksError(ctx context.Context, err error) *Error {
	text, hint := neterr.Cause(err), ""
	switch said := reply(err); {
	case said == "connection not allowed by ruleset":
		text = "the proxy's rules do not allow " + d.target
	case said == "connection refused":
		text = d.target + " refused the proxy's connection"
	case said == "general SOCKS server failure":
		text = "general failure of the proxy"
	case said == "network unreachable", said == "host unreachable":
		text = said + " from the proxy: " + d.target
	case said == "address type not supported" && d.Scheme == "socks5h":
		text, hint = "the proxy looks up no names", d.example("socks5", d.hasLogin())
	case said != "":
		text = "the proxy answered: " + said
	case text == "no acceptable authentication methods" && !d.hasLogin():
		text, hint = "the proxy wants a login", d.example(d.Scheme, true)
	case text == "no acceptable authentication methods":
		text = "the proxy takes no login by user and password"
	case text == "username/password authentication failed":
		text, hint = "the proxy does not take the login", d.example(d.Scheme, true)
	case strings.HasPrefix(text, "unexpected protocol version"):
		text, hint = "the answer is not SOCKS5; it may be an http proxy", d.example("http", d.hasLogin())
	case neterr.Gone(err):
		text = "the proxy closed the connection without an answer"
	}
	return d.fail(ctx, PhaseProxy, err, "SOCKS5: "+text, hint)
}
