package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptrace"
	"strconv"
	"strings"
	"time"

	"sonde/session/neterr"
)

// A Dialer makes a connection to addr, a host:port, as [net.Dialer.DialContext]
// does. Its error should be or wrap a [net.DNSError] if the name is why.
type Dialer func(ctx context.Context, network, addr string) (net.Conn, error)

// Options are how a connection through a proxy is made. The zero Options will
// do for an origin that the proxy forwards to.
type Options struct {
	// Tunnel asks the proxy to connect to the target and to pass on bytes both
	// ways. Without it the connection ends at the proxy. A SOCKS5 proxy always
	// tunnels.
	Tunnel bool

	// Dial connects to the proxy. nil is a net.Dialer.
	Dial Dialer

	// TLS returns the configuration for the handshake with an https proxy of
	// that host name or address. Its ServerName is the host if it is empty, and
	// it offers HTTP/1.1 only whatever its NextProtos. nil, the func or what it
	// returns, is the zero Config.
	TLS func(host string) (*tls.Config, error)

	// UserAgent is sent with CONNECT unless it is empty.
	UserAgent string

	// Now is the clock of [Timing]. nil is time.Now.
	Now func() time.Time
}

// Timing is where the time went; what did not happen took none. The parts do
// not overlap.
type Timing struct {
	DNS     time.Duration // looking up the proxy's name, or the target's for socks5
	Connect time.Duration // making the TCP connection to the proxy
	Proxy   time.Duration // TLS with the proxy, and asking it for the target
}

// Dial connects to target, a host:port without brackets but around an IPv6
// address, through the proxy. The Timing is valid even with an error, which is
// an [Error] always. The end of the context ends Dial at once; it has no effect
// on a connection that was returned. The caller closes the connection.
//
// Without [Options].Tunnel, target is not used for an http or https proxy. The
// connection is the one the Dialer made or a *tls.Conn over it, unless a proxy
// sent bytes right behind its answer to CONNECT: then it is one that reads
// those first.
func (s Server) Dial(ctx context.Context, target string, o Options) (net.Conn, Timing, error) {
	d := &dialing{Server: s, o: o, target: target}
	if o.Dial == nil {
		d.o.Dial = new(net.Dialer).DialContext
	}
	if o.Now == nil {
		d.o.Now = time.Now
	}
	conn, err := d.dial(ctx)
	if err != nil {
		return nil, d.timing, err
	}
	return conn, d.timing, nil
}

// dialing is one call of Dial.
type dialing struct {
	Server
	o      Options
	target string
	timing Timing
}

func (d *dialing) dial(ctx context.Context) (net.Conn, *Error) {
	tunnel := d.o.Tunnel || d.socks()
	if tunnel && !isHostPort(d.target) {
		return nil, d.fail(ctx, PhaseProxy, nil, "the target is not HOST:PORT", "")
	}
	if d.socks() {
		return d.dialSOCKS(ctx)
	}
	wire, err := d.connect(ctx)
	if err != nil {
		return nil, err
	}
	if d.Scheme != "https" && !tunnel {
		return wire, nil // nothing is asked of the proxy yet
	}
	start := d.o.Now()
	defer func() { d.timing.Proxy += d.o.Now().Sub(start) }()
	conn := wire
	if d.Scheme == "https" {
		if conn, err = d.handshake(ctx, wire); err != nil {
			wire.Close()
			return nil, err
		}
	}
	if !tunnel {
		return conn, nil
	}
	through, err := d.openTunnel(ctx, conn)
	if err != nil {
		wire.Close() // not conn, whose goodbye might have to wait
		return nil, err
	}
	return through, nil
}

// isHostPort says that nothing in a target can end the line it is sent in.
func isHostPort(target string) bool {
	for _, c := range []byte(target) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`/\?#@"<>`, c) >= 0 {
			return false
		}
	}
	host, port, err := net.SplitHostPort(target)
	number, portErr := strconv.ParseUint(port, 10, 16)
	return err == nil && portErr == nil && host != "" && number != 0
}

// connect makes the TCP connection to the proxy.
func (d *dialing) connect(ctx context.Context) (net.Conn, *Error) {
	start := d.o.Now()
	var lookupStart time.Time
	var lookup time.Duration
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { lookupStart = d.o.Now() },
		DNSDone:  func(httptrace.DNSDoneInfo) { lookup = d.o.Now().Sub(lookupStart) },
	})
	conn, err := d.o.Dial(traced, "tcp", d.Address())
	d.timing.DNS += lookup
	d.timing.Connect += d.o.Now().Sub(start) - lookup
	if err != nil {
		return nil, d.connectError(ctx, err)
	}
	return conn, nil
}

// handshake makes the TLS connection to an https proxy.
func (d *dialing) handshake(ctx context.Context, wire net.Conn) (net.Conn, *Error) {
	var config *tls.Config
	if d.o.TLS != nil {
		var err error
		if config, err = d.o.TLS(d.Host); err != nil {
			return nil, d.fail(ctx, PhaseTLS, err, err.Error(), "")
		}
	}
	config = config.Clone()
	if config == nil {
		config = new(tls.Config)
	}
	if config.ServerName == "" {
		config.ServerName = strings.TrimSuffix(d.Host, ".")
	}
	config.NextProtos = []string{"http/1.1"}
	conn := tls.Client(wire, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		return nil, d.tlsError(ctx, err)
	}
	return conn, nil
}

func (d *dialing) tlsError(ctx context.Context, err error) *Error {
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		name        x509.HostnameError
	)
	text, hint := "", ""
	switch {
	case errors.As(err, &record):
		text, hint = "no TLS at this port; it may be a plain http proxy", d.example("http", d.hasLogin())
	case errors.As(err, &name):
		text = "the certificate is not for " + d.Host
	case errors.As(err, &certificate):
		text, hint = "certificate: "+strings.TrimPrefix(certificate.Err.Error(), "x509: "), "verify CA.pem"
	case neterr.Gone(err):
		text = "the proxy closed the connection in the TLS handshake"
	default:
		text = "TLS handshake: " + strings.TrimPrefix(strings.TrimPrefix(neterr.Cause(err), "remote error: "), "tls: ")
	}
	return d.fail(ctx, PhaseTLS, err, clean(text), hint)
}

// interrupt ends all reads and writes of conn when the context ends. It must be
// stopped; the context has ended and conn is no longer fit for use if stop
// returns false.
func interrupt(ctx context.Context, conn net.Conn) (stop func() bool) {
	return context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
}
