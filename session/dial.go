package session

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"strings"
	"time"

	"sonde/session/neterr"
	"sonde/session/proxy"
)

// A dialing is one connection being made.
type dialing struct {
	s     *Session
	ctx   context.Context
	key   poolKey
	cost  Timing
	asked bool // the server wanted a client certificate
}

// dial makes a connection of a route.
func (s *Session) dial(ctx context.Context, key poolKey) (*link, *Error) {
	d := dialing{s: s, ctx: ctx, key: key}
	var config *tls.Config
	if key.origin.Scheme == "https" {
		var err *Error
		if config, err = s.tlsConfig(key); err != nil {
			return nil, err
		}
	}
	conn, err := d.connect()
	if err != nil {
		return nil, err
	}
	wire := &meter{Conn: conn}
	limits := s.headLimits()
	var l *link
	if config == nil {
		l = newLink(key, wire, wire, false, limits)
	} else {
		client, err := d.handshake(wire, config)
		if err != nil {
			conn.Close()
			return nil, err
		}
		state := client.ConnectionState()
		l = newLink(key, wire, client, state.NegotiatedProtocol == "h2", limits)
		l.describe(state)
	}
	s.lastConn++
	s.pool.stats.Opened++
	l.cost = d.cost
	l.info.ID, l.info.Remote, l.info.Identity = s.lastConn, remoteOf(conn), s.Name()
	if !key.proxy.IsZero() {
		l.info.Proxy, _ = splitProxy(key.proxy.String())
	}
	return l, nil
}

// connect makes what is under TLS: a connection to the origin itself, to its
// socket, or to a proxy that leads there.
func (d *dialing) connect() (net.Conn, *Error) {
	if !d.key.proxy.IsZero() {
		return d.throughProxy(d.ctx)
	}
	start := d.s.now()
	var lookup time.Duration
	var lookupStart time.Time
	ctx := httptrace.WithClientTrace(d.ctx, &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { lookupStart = d.s.now() },
		DNSDone:  func(httptrace.DNSDoneInfo) { lookup = d.s.now().Sub(lookupStart) },
	})
	o := d.key.origin
	network, addr := "tcp", net.JoinHostPort(o.Host, o.Port)
	if o.Scheme == "unix" {
		network, addr = "unix", o.Host
	}
	conn, err := d.s.dialFunc()(ctx, network, addr)
	if err != nil {
		return nil, d.s.dialError(d.ctx, o, err)
	}
	d.cost.DNS, d.cost.Connect = lookup, d.s.now().Sub(start)-lookup
	return conn, nil
}

// handshake makes TLS over a connection.
func (d *dialing) handshake(wire net.Conn, config *tls.Config) (*tls.Conn, *Error) {
	start := d.s.now()
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		d.asked = true
		if c := d.s.cert; c != nil && d.key.cert == c.id {
			return &c.pair, nil
		}
		return new(tls.Certificate), nil // none
	}
	client := tls.Client(wire, config)
	if err := client.HandshakeContext(d.ctx); err != nil {
		return nil, d.s.tlsError(d.ctx, d.key, err, d.asked)
	}
	d.cost.TLS = d.s.now().Sub(start)
	return client, nil
}

func remoteOf(conn net.Conn) string {
	if addr := conn.RemoteAddr(); addr != nil {
		return addr.String()
	}
	return ""
}

// dialFunc returns how connections are made. The usual way knows that every
// name under localhost is this machine (RFC 6761, section 6.3).
func (s *Session) dialFunc() func(ctx context.Context, network, addr string) (net.Conn, error) {
	if s.options.Dial != nil {
		return s.options.Dial
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(addr)
		if err == nil && strings.HasSuffix(strings.TrimSuffix(host, "."), ".localhost") {
			addr = net.JoinHostPort("localhost", port)
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
}

// proxyError words what a proxy did not do.
func (d *dialing) proxyError(err error) *Error {
	p := d.key.proxy
	e := &Error{Phase: PhaseProxy, Host: "proxy " + net.JoinHostPort(p.Host, p.Port), Hint: "proxy off", Err: err}
	var failed *proxy.Error
	switch {
	case d.s.ended(d.ctx, e, err):
	case errors.As(err, &failed):
		e.Text = failed.Text
		if failed.Hint != "" {
			e.Hint = failed.Hint
		}
	default:
		e.Text = neterr.Cause(err)
	}
	return e
}
