package session

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http/httptrace"
	"os"
	"strings"
	"time"
)

// dial makes a connection to the origin of key.
func (s *Session) dial(ctx context.Context, key poolKey) (*link, *Error) {
	var config *tls.Config
	if key.origin.Scheme == "https" {
		var err *Error
		if config, err = s.tlsConfig(key); err != nil {
			return nil, err
		}
	}
	start := s.now()
	var lookup time.Duration
	var lookupStart time.Time
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { lookupStart = s.now() },
		DNSDone:  func(httptrace.DNSDoneInfo) { lookup = s.now().Sub(lookupStart) },
	})
	conn, err := s.dialFunc()(traced, "tcp", net.JoinHostPort(key.origin.Host, key.origin.Port))
	if err != nil {
		return nil, s.dialError(ctx, key.origin, err)
	}
	connected := s.now()
	wire := &meter{Conn: conn}
	var l *link
	cost := Timing{DNS: lookup, Connect: connected.Sub(start) - lookup}
	if config != nil {
		asked := false
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			asked = true
			return new(tls.Certificate), nil // none
		}
		client := tls.Client(wire, config)
		if err := client.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, s.tlsError(ctx, key, err, asked)
		}
		cost.TLS = s.now().Sub(connected)
		l = newLink(key, wire, client)
		l.describe(client.ConnectionState())
	} else {
		l = newLink(key, wire, wire)
	}
	s.pool.lastID++
	s.pool.stats.Opened++
	l.cost, l.info.ID, l.info.Remote = cost, s.pool.lastID, remoteOf(conn)
	return l, nil
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
	if s.pool.dialer != nil {
		return s.pool.dialer
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(addr)
		if err == nil && strings.HasSuffix(strings.TrimSuffix(host, "."), ".localhost") {
			addr = net.JoinHostPort("localhost", port)
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
}

// tlsConfig returns the TLS settings for a connection.
func (s *Session) tlsConfig(key poolKey) (*tls.Config, *Error) {
	c := &tls.Config{
		ServerName: strings.TrimSuffix(key.origin.Host, "."),
		NextProtos: []string{"http/1.1"},
		RootCAs:    s.pool.roots,
	}
	switch key.verify {
	case "":
	case "off":
		c.InsecureSkipVerify = true
	default:
		pem, err := os.ReadFile(key.verify)
		if err != nil {
			return nil, &Error{Phase: PhaseTLS, Text: "verify " + quote(key.verify) + ": " + fileCause(err), Hint: "verify on", Err: err}
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, &Error{Phase: PhaseTLS, Text: "verify " + quote(key.verify) + ": no certificate in PEM form in it", Hint: "verify on"}
		}
	}
	return c, nil
}

// keyFor returns what a connection for a request to an origin must have been
// made for.
func (s *Session) keyFor(o Origin) poolKey {
	key := poolKey{origin: o}
	if o.Scheme == "https" && (s.Settings.VerifyOrigin == "" || s.Settings.VerifyOrigin == o.String()) {
		key.verify = s.Settings.Verify
	}
	return key
}
