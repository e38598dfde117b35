package session

import (
	"context"
	"crypto/x509"
	"net"
	"slices"
	"time"

	"sonde/session/coding"
	"sonde/session/secret"
)

// Options are the surroundings of a session. The zero value is the real world.
type Options struct {
	Now       func() time.Time                                                  // nil means time.Now; measures times and expires cookies
	Dial      func(ctx context.Context, network, addr string) (net.Conn, error) // nil means a net.Dialer
	UserAgent string                                                            // "" means "sonde"
	Roots     *x509.CertPool                                                    // nil means the system's
	RootsFor  func(origin string) *x509.CertPool                                // roots for some origins only; nil, or a nil result, means Roots
	Env       func(name string) (string, bool)                                  // the environment, see Settings.IgnoreEnv; nil means an empty one
	Home      string                                                            // the user's directory, where .netrc is; "" means there is none
}

// A Session is one conversation: settings, credentials, cookies, open
// connections, and the exchanges so far. Make one with [New]. It is not safe
// for concurrent use.
type Session struct {
	Settings Settings
	Secrets  *secret.Set // every secret the session was given; the caller may add its own

	identity // who the session is now

	options  Options
	past     Stats               // of identities that are forgotten
	others   map[string]identity // by name, without the current one; nil until there is a second
	log      exchanges
	failed   *Exchange // see Failed
	requests int
	lastConn int // number of the last connection made
	decoders coding.Decoders
	world    environment

	known      map[string]struct{} // what was added to Secrets by remember
	parsed     *URL                // Settings.Base as parsed, see base
	parsedFrom string
}

// New returns a session with [DefaultSettings] and no base.
func New(o Options) *Session {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.UserAgent == "" {
		o.UserAgent = "sonde"
	}
	return &Session{Settings: DefaultSettings(), Secrets: &secret.Set{}, options: o, world: environment{lookup: o.Env, home: o.Home}}
}

// SetBase makes the URL, which may lack its scheme, the session's base and
// clears Dir. Userinfo in it becomes basic auth for its origin. "" removes the
// base. The error is of phase [PhaseURL].
func (s *Session) SetBase(text string) error {
	if text == "" {
		s.Settings.Base, s.Settings.Dir = "", ""
		return nil
	}
	u, err := parseBase(text)
	if err != nil {
		return err
	}
	s.Settings.Base, s.Settings.Dir = u.base(), ""
	if user, password, ok := u.Userinfo(); ok {
		return s.SetAuth(Auth{Kind: "basic", User: user, Secret: password}, u.Origin().String())
	}
	return nil
}

// remember makes a secret value known to s.Secrets, once. One that is the user's
// name as well is none: to mask it wherever that name stands would tell it.
func (s *Session) remember(user, value string) {
	if value == user {
		return
	}
	key := user + "\x00" + value
	if _, ok := s.known[key]; ok || s.Secrets == nil {
		return
	}
	if s.known == nil {
		s.known = make(map[string]struct{})
	}
	s.known[key] = struct{}{}
	s.Secrets.AddPair(user, value)
}

// baseOrigin returns the origin of the base, or the zero Origin without one.
func (s *Session) baseOrigin() Origin {
	if s.Settings.Base == "" {
		return Origin{}
	}
	u, err := s.base()
	if err != nil || u == nil {
		return Origin{}
	}
	return u.Origin()
}

// now returns the time by the session's clock.
func (s *Session) now() time.Time { return s.options.Now() }

// CloseIdle closes every open connection of the current identity. The next
// request makes a new one.
func (s *Session) CloseIdle() { s.pool.closeAll() }

// Close closes every open connection and removes what is in temporary files.
// The session can still be used; bodies in such files are gone.
func (s *Session) Close() error {
	s.CloseIdle()
	for _, other := range s.others {
		other.pool.closeAll()
	}
	for _, x := range s.log.list {
		x.Body.discard()
	}
	return nil
}

// Stats counts what a session did, under all its identities.
type Stats struct {
	Requests int           // sent, redirects and repeats included
	Opened   int           // connections made
	Reused   int           // requests on a connection that had carried one before
	Dropped  int           // idle connections found closed by the server
	Open     int           // connections open now
	Saved    time.Duration // handshake time saved by reuse
}

// Stats returns the counts since the session was made.
func (s *Session) Stats() Stats {
	st := s.past
	st.add(s.pool.stats)
	st.Open = s.pool.open()
	for _, other := range s.others {
		st.add(other.pool.stats)
		st.Open += other.pool.open()
	}
	st.Requests = s.requests
	return st
}

// add counts what a pool did.
func (st *Stats) add(more Stats) {
	st.Opened += more.Opened
	st.Reused += more.Reused
	st.Dropped += more.Dropped
	st.Saved += more.Saved
}

// Forgotten counts what [Session.Logout] forgot.
type Forgotten struct {
	Auths, Cookies, Headers, Params int
	Certificates                    int // client certificates
	Proxies                         int // whose URL held a password
	Connections                     int // closed
}

// Logout forgets every credential, cookie, secret header and secret parameter
// of the current identity, and closes its connections. Exchanges are kept. What
// the servers remember is not undone.
func (s *Session) Logout() Forgotten {
	f := s.forgetSecrets()
	f.Connections = s.pool.open()
	s.CloseIdle()
	return f
}

// ForgetAll makes room for a session that is loaded: it forgets what Logout does
// for all identities, and these but the first. The connections of the first are
// kept, as are exchanges; without has the names of those that are gone.
func (s *Session) ForgetAll() (f Forgotten, without []string) {
	for _, name := range s.Identities() {
		s.As(name)
		g := s.forgetSecrets()
		f.Auths, f.Cookies, f.Headers, f.Params = f.Auths+g.Auths, f.Cookies+g.Cookies, f.Headers+g.Headers, f.Params+g.Params
		f.Certificates, f.Proxies = f.Certificates+g.Certificates, f.Proxies+g.Proxies
	}
	s.As("")
	for name, other := range s.others {
		f.Connections += other.pool.open()
		without = append(without, name)
	}
	slices.Sort(without)
	for _, name := range without {
		s.Forget(name)
	}
	return f, without
}

// forgetSecrets is Logout, but for the connections.
func (s *Session) forgetSecrets() Forgotten {
	f := Forgotten{Auths: s.creds.clear(), Cookies: s.ClearCookies()}
	f.Headers = len(s.Settings.Headers)
	s.Settings.Headers = s.withoutSecretHeaders(s.Settings.Headers)
	f.Headers -= len(s.Settings.Headers)
	f.Params = len(s.Settings.Params)
	s.Settings.Params = s.withoutSecretParams(s.Settings.Params)
	f.Params -= len(s.Settings.Params)
	if s.cert != nil {
		s.cert = nil
		f.Certificates = 1
	}
	if _, masked := splitProxy(s.Settings.Proxy); masked {
		s.Settings.Proxy = ""
		f.Proxies = 1
	}
	return f
}

func (s *Session) withoutSecretHeaders(in []Header) (out []Header) {
	for _, h := range in {
		if !s.secretHeader(h) {
			out = append(out, h)
		}
	}
	return out
}

func (s *Session) withoutSecretParams(in []Param) (out []Param) {
	for _, p := range in {
		if !s.secretParam(p) {
			out = append(out, p)
		}
	}
	return out
}
