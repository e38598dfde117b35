package proxy

import (
	"encoding/base64"
	"net"
	"net/url"
	"strings"
)

// mask stands in the place of a password.
const mask = "••••••••"

// A Server is a proxy: where it is, how it is spoken to, and the login for it.
// The zero Server is none. Servers can be compared and be keys of a map; two
// with different logins are different, so that connections made with one login
// are not shared with the other.
type Server struct {
	Scheme   string // "http", "https", "socks5" (names are looked up here) or "socks5h" (by the proxy)
	Host     string // lower case, ASCII; an IPv6 address is without brackets
	Port     string // decimal, never empty
	User     string // "" with an empty Password: no login
	Password string
}

// IsZero says that there is no proxy.
func (s Server) IsZero() bool { return s == Server{} }

// Address returns the proxy's host:port, an IPv6 address in brackets.
func (s Server) Address() string { return net.JoinHostPort(s.Host, s.Port) }

// String returns the proxy as a URL with its port, and with a mask in place of
// the password: "http://user:••••••••@host:3128". The zero Server gives "".
func (s Server) String() string {
	if s.IsZero() {
		return ""
	}
	login := ""
	if s.hasLogin() {
		login = url.User(s.User).String()
		if s.Password != "" {
			login += ":" + mask
		}
		login += "@"
	}
	return s.Scheme + "://" + login + s.place()
}

// Authorization returns the value of the Proxy-Authorization field that a
// request in absolute-form must carry: Basic (RFC 7617) with the login in
// UTF-8. ok is false if there is no login, or the proxy is a SOCKS5 one, whose
// login goes no other way than by [Server.Dial].
func (s Server) Authorization() (value string, ok bool) {
	if !s.hasLogin() || s.socks() {
		return "", false
	}
	return "Basic " + s.basic(), true
}

// Forwards says that a request for a URL of scheme is sent to the proxy itself,
// in absolute-form (RFC 9112, section 3.2.2) and with [Server.Authorization].
// Where it is false, [Options].Tunnel must be set and the request is one to the
// origin, in origin-form and without a word about the proxy.
func (s Server) Forwards(scheme string) bool { return scheme == "http" && !s.socks() && !s.IsZero() }

func (s Server) hasLogin() bool { return s.User != "" || s.Password != "" }

func (s Server) socks() bool { return s.Scheme == "socks5" || s.Scheme == "socks5h" }

func (s Server) basic() string {
	return base64.StdEncoding.EncodeToString([]byte(s.User + ":" + s.Password))
}

// place returns the address as it stands in a URL, where the percent sign
// before an IPv6 zone is encoded (RFC 6874).
func (s Server) place() string { return strings.Replace(s.Address(), "%", "%25", 1) }

// example returns the URL of the same place with another scheme for a hint,
// with words in place of a login.
func (s Server) example(scheme string, login bool) string {
	who := ""
	if login {
		who = "USER:PASSWORD@"
	}
	return "proxy " + scheme + "://" + who + s.place()
}
