package session

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/url"
	"os"
	"strings"

	"sonde/session/proxy"
)

// A route is how connections to an origin are made, and who said so.
type route struct {
	key   poolKey
	proxy Part
	ca    Part
	lost  []Lost
}

// A poolKey is what a connection was made for: it is reused for the same only,
// so that a change of a setting holds from the next request on.
type poolKey struct {
	origin Origin
	verify string       // "" system roots, "off", or the path of a file of CAs; "" for http
	cert   string       // identifies the client certificate, "" for none
	proxy  proxy.Server // the zero value is none
	http1  bool         // HTTP/2 is not offered; false for http
}

// forwards says that a proxy is asked to pass the request on, instead of a
// connection.
func (r *route) forwards() bool {
	return r.key.proxy.Forwards(r.key.origin.Scheme)
}

// routeFor decides how a request reaches an origin: what is typed with it comes
// before the session, and the session before the environment. r and h are nil for
// a request nobody has typed yet.
func (s *Session) routeFor(r *Request, h *hop, o Origin) (route, *Error) {
	v := route{key: poolKey{origin: o}}
	if o.Scheme == "unix" {
		return v, nil
	}
	if o.Scheme == "https" {
		s.routeTLS(&v, r, h)
	}
	return v, s.routeProxy(&v, r)
}

func (s *Session) routeTLS(v *route, r *Request, h *hop) {
	k := &v.key
	k.http1 = s.Settings.HTTP1 || r != nil && r.HTTP1
	if s.Settings.Verify != "" && (s.Settings.VerifyOrigin == "" || s.Settings.VerifyOrigin == k.origin.String()) {
		k.verify = s.Settings.Verify
		v.ca = Part{Name: k.verify, Source: FromSession}
	}
	if !s.Settings.IgnoreEnv && !s.ownRoots(k.origin) {
		if path, name, ok := s.world.bundle(); ok && k.verify == "" {
			k.verify = path
			v.ca = Part{Name: path, Source: FromEnv, Detail: name}
		} else if ok {
			v.lost = append(v.lost, Lost{Kind: "ca", Part: Part{Name: path, Source: FromEnv, Detail: name}, To: FromSession})
		}
	}
	if c := s.cert; c != nil && (h == nil && c.Origin == k.origin.String() || h != nil && s.allows(h, c.Origin)) {
		k.cert = c.id
	}
}

func (s *Session) routeProxy(v *route, r *Request) *Error {
	typed := ""
	if r != nil {
		typed = r.Proxy
	}
	env, name, set, err := s.envProxy(v.key.origin)
	if err != nil && typed == "" && s.Settings.Proxy == "" {
		return &Error{Phase: PhaseProxy, Text: "the environment's " + err.Error(), Hint: "env off", Err: err} // it names the variable
	}
	chosen := ""
	for _, from := range []struct {
		text   string
		source Source
	}{{typed, FromRequest}, {s.Settings.Proxy, FromSession}} {
		switch {
		case from.text == "":
		case chosen == "":
			chosen = from.text
			v.proxy.Source = from.source
		default:
			v.lost = append(v.lost, Lost{Kind: "proxy", Part: Part{Name: maskProxy(from.text), Source: from.source}, To: v.proxy.Source})
		}
	}
	if chosen == "" && !set {
		return nil
	}
	envPart := Part{Name: env.String(), Source: FromEnv, Detail: name}
	switch {
	case chosen == "" && set:
		v.key.proxy, v.proxy = env, envPart
		return nil
	case set:
		v.lost = append(v.lost, Lost{Kind: "proxy", Part: envPart, To: v.proxy.Source})
	}
	if chosen == "off" {
		v.proxy = Part{}
		return nil
	}
	server, err := proxy.Parse(chosen)
	if err != nil {
		return &Error{Phase: PhaseRequest, Text: "proxy: " + err.Error(), Hint: "proxy off", Err: err}
	}
	v.key.proxy, v.proxy.Name = server, server.String()
	return nil
}

// CheckProxy returns an error unless the text is "off" or the URL of a proxy,
// and makes its password known to s.Secrets.
func (s *Session) CheckProxy(text string) error {
	if text == "off" {
		return nil
	}
	server, err := proxy.Parse(text)
	if err != nil {
		return &Error{Phase: PhaseRequest, Text: "proxy: " + err.Error(), Hint: "proxy http://HOST:PORT", Err: err}
	}
	if server.Password != "" {
		s.remember(server.User, server.Password)
	}
	return nil
}

// ProxyText returns the session's proxy as it may be shown.
func (s *Session) ProxyText() string { return maskProxy(s.Settings.Proxy) }

// maskProxy returns the URL of a proxy without its password.
func maskProxy(text string) string {
	if server, err := proxy.Parse(text); err == nil && text != "off" {
		return server.String()
	}
	return text
}

// splitProxy returns the URL of a proxy without its login, and whether it had
// one.
func splitProxy(text string) (bare string, had bool) {
	server, err := proxy.Parse(text)
	if err != nil || text == "" || text == "off" || server.User == "" && server.Password == "" {
		return text, false
	}
	u := url.URL{Scheme: server.Scheme, Host: net.JoinHostPort(server.Host, server.Port)}
	return u.String(), true
}

// Via tells how a request to an origin would go: its proxy and whom its
// certificate has to be signed by, see [Origins], and who was overridden. The
// error is of phase [PhaseURL], [PhaseRequest] or, for a proxy of the environment,
// [PhaseProxy].
func (s *Session) Via(origin string) (proxy, ca Part, lost []Lost, err error) {
	o, err := OriginOf(origin)
	if err != nil {
		return Part{}, Part{}, nil, err
	}
	v, failed := s.routeFor(nil, nil, o)
	if failed != nil {
		return Part{}, Part{}, nil, failed
	}
	return v.proxy, v.ca, v.lost, nil
}

// tlsConfig returns the TLS settings for connections of a route.
func (s *Session) tlsConfig(key poolKey) (*tls.Config, *Error) {
	c := &tls.Config{
		ServerName: strings.TrimSuffix(key.origin.Host, "."),
		NextProtos: []string{"h2", "http/1.1"},
		RootCAs:    s.options.Roots,
	}
	if key.http1 {
		c.NextProtos = c.NextProtos[1:]
	}
	if s.ownRoots(key.origin) {
		c.RootCAs = s.options.RootsFor(key.origin.String())
	}
	switch key.verify {
	case "":
		return c, nil
	case "off":
		c.InsecureSkipVerify = true
		return c, nil
	}
	pool, err := readRoots(key.verify)
	if err != nil && key.verify != s.Settings.Verify {
		err.Hint = "env off" // nothing was set that could be taken back
	}
	c.RootCAs = pool
	return c, err
}

// ownRoots says that there are roots for this origin alone.
func (s *Session) ownRoots(o Origin) bool {
	return s.options.RootsFor != nil && s.options.RootsFor(o.String()) != nil
}

// HasOwnRoots says that the certificate of an origin is checked against roots that
// are for this origin alone, see [Options], unless Settings.Verify names others.
func (s *Session) HasOwnRoots(origin string) bool {
	o, err := OriginOf(origin)
	return err == nil && o.Scheme == "https" && s.ownRoots(o)
}

// CheckVerify returns an error unless a file has CA certificates in it, as
// Settings.Verify wants it.
func (s *Session) CheckVerify(path string) error {
	if _, err := readRoots(path); err != nil {
		return err
	}
	return nil
}

// readRoots reads a file of CA certificates.
func readRoots(path string) (*x509.CertPool, *Error) {
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, &Error{Phase: PhaseTLS, Text: "verify " + quote(path) + ": " + fileCause(err), Hint: "verify on", Err: err}
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, &Error{Phase: PhaseTLS, Text: "verify " + quote(path) + ": no certificate in PEM form in it", Hint: "verify on"}
	}
	return pool, nil
}
