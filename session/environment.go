package session

import (
	"runtime"

	"sonde/session/proxy"
)

// An environment is what the session may learn from around it. Variables are
// read when they are first needed, and then kept, as the process keeps them.
type environment struct {
	lookup   func(name string) (string, bool) // nil means an empty one
	home     string
	proxies  *proxy.Env // nil until asked for
	logins   netrcFile
	noLogins bool // .netrc is not used, whatever the settings say
}

func (e *environment) get(name string) string {
	if e.lookup == nil {
		return ""
	}
	value, _ := e.lookup(name)
	return value
}

// bundle returns the file of CAs that the environment names for this kind of
// program.
func (e *environment) bundle() (path, name string, ok bool) {
	for _, name := range []string{"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"} {
		if path := e.get(name); path != "" {
			return path, name, true
		}
	}
	return "", "", false
}

// envProxy returns the environment's proxy for an origin.
func (s *Session) envProxy(o Origin) (server proxy.Server, name string, ok bool, err error) {
	e := &s.world
	if s.Settings.IgnoreEnv || e.lookup == nil {
		return proxy.Server{}, "", false, nil
	}
	if e.proxies == nil {
		env := proxy.FromEnv(e.lookup)
		e.proxies = &env
	}
	return e.proxies.For(o.Scheme, o.Host, o.Port)
}

// A Variable is what the environment says to the session.
type Variable struct {
	Name, Value string // secrets in Value are masked
	Note        string // why it does not count, or counts whatever the settings say; "" if neither is so
}

// EnvVariables returns the variables of the environment that the session heeds
// unless Settings.IgnoreEnv is set, and those that crypto/x509 heeds always,
// without those that are not there.
func (s *Session) EnvVariables() []Variable {
	if s.world.lookup == nil {
		return nil
	}
	var out []Variable
	for _, v := range proxy.FromEnv(s.world.lookup).Variables() {
		out = append(out, Variable(v))
	}
	for _, name := range []string{"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"} {
		if value := s.world.get(name); value != "" {
			out = append(out, Variable{Name: name, Value: value})
		}
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" { // where the system's own store is asked
		return out
	}
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR"} {
		if value := s.world.get(name); value != "" {
			out = append(out, Variable{Name: name, Value: value, Note: "in place of the system's CAs; the TLS library heeds it whatever env says"})
		}
	}
	return out
}
