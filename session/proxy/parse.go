package proxy

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// Parse reads a proxy from text: a URL without a path, such as
// "http://user:password@host:3128", or no more than "host:3128" or "host", which
// stand for http. What is percent-encoded in user and password is decoded. A
// port that is not given is 80 for http, 443 for https and 1080 for SOCKS5; 80
// is what Python's requests takes for http, where curl takes 1080.
//
// The error is an [Error] of [PhaseProxy] that says what is wrong and repeats
// nothing of the text, since any part of it may be a misplaced password.
func Parse(text string) (Server, error) {
	for _, c := range []byte(text) {
		if c < ' ' || c == 0x7f {
			return Server{}, textError("a control character in the proxy's URL")
		}
	}
	scheme, authority := splitScheme(text)
	s := Server{Scheme: scheme}
	switch scheme {
	case "http", "https", "socks5", "socks5h":
	default:
		return Server{}, textError("a proxy's URL begins with http, https, socks5 or socks5h")
	}
	if i := strings.IndexAny(authority, "/?#"); i >= 0 {
		if strings.Contains(authority[i:], "@") {
			return Server{}, textError("in a proxy's user and password / ? # are written %2F %3F %23")
		}
		if authority[i:] != "/" {
			return Server{}, textError("a proxy's URL has no path, query or fragment")
		}
		authority = authority[:i]
	}
	place := authority
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		place = authority[i+1:]
		if err := s.parseLogin(authority[:i]); err != nil {
			return Server{}, err
		}
	}
	if err := s.parsePlace(place); err != nil {
		return Server{}, err
	}
	return s, nil
}

func textError(text string) error {
	return &Error{Phase: PhaseProxy, Text: text, Hint: "proxy http://HOST:PORT"}
}

// splitScheme cuts a scheme off; "://" after what can be none belongs to a
// password.
func splitScheme(text string) (scheme, rest string) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || strings.ContainsAny(scheme, ":@/?#[") {
		return "http", text
	}
	return strings.ToLower(scheme), rest
}

// parseLogin reads the user information (RFC 3986, section 3.2.1).
func (s *Server) parseLogin(text string) error {
	user, password, _ := strings.Cut(text, ":")
	var userErr, passwordErr error
	s.User, userErr = url.PathUnescape(user)
	s.Password, passwordErr = url.PathUnescape(password)
	if userErr != nil || passwordErr != nil {
		return textError("in a proxy's user and password % is written %25")
	}
	for _, c := range []byte(s.User + s.Password) {
		if c < ' ' || c == 0x7f {
			return textError("a control character in the proxy's user or password")
		}
	}
	switch {
	case !s.socks() && strings.Contains(s.User, ":"):
		return textError("a proxy's user has no colon in it") // RFC 7617, section 2
	case s.socks() && s.User == "" && s.Password != "":
		return textError("a SOCKS5 login has a user") // RFC 1929, section 2
	case s.socks() && max(len(s.User), len(s.Password)) > 255:
		return textError("user and password of a SOCKS5 login have at most 255 bytes each")
	}
	return nil
}

// parsePlace reads host and port.
func (s *Server) parsePlace(text string) error {
	host, port := text, ""
	switch i := strings.LastIndexByte(text, ':'); {
	case strings.HasPrefix(text, "["):
		end := strings.IndexByte(text, ']')
		if end < 0 || end+1 < len(text) && text[end+1] != ':' {
			return textError("a proxy's IPv6 address is written [ADDRESS]:PORT")
		}
		host, port = text[:end+1], strings.TrimPrefix(text[end+1:], ":")
	case i >= 0 && strings.IndexByte(text, ':') != i:
		return textError("a proxy is HOST:PORT, an IPv6 address among them [ADDRESS]:PORT")
	case i >= 0:
		host, port = text[:i], text[i+1:]
	}
	if port == "" {
		port = defaultPort(s.Scheme)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return textError("the proxy's port is no number from 1 to 65535")
	}
	s.Port = strconv.FormatUint(number, 10)
	s.Host, err = parseHost(host)
	return err
}

func defaultPort(scheme string) string {
	switch scheme {
	case "http":
		return "80"
	case "https":
		return "443"
	}
	return "1080"
}

// parseHost returns a host name or address in the form it is dialled in.
func parseHost(text string) (string, error) {
	if inner, ok := strings.CutPrefix(text, "["); ok {
		inner = strings.Replace(strings.TrimSuffix(inner, "]"), "%25", "%", 1) // a zone, RFC 6874
		addr, err := netip.ParseAddr(inner)
		if err != nil || !addr.Is6() || !isUnreserved(addr.Zone()) {
			return "", textError("no IPv6 address in the brackets of the proxy's URL")
		}
		return addr.String(), nil
	}
	host := strings.ToLower(text)
	for _, r := range host {
		plain := 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '.' || r == '_'
		if r < 0x80 && !plain {
			return "", textError("a character in the proxy's host that no host has")
		}
		if r >= 0x80 {
			ascii, err := idna.Lookup.ToASCII(host)
			if err != nil {
				return "", textError("the proxy's host is no host name")
			}
			host = ascii
			break
		}
	}
	switch {
	case host == "":
		return "", textError("no host in the proxy's URL")
	case host[0] == '.' || strings.Contains(host, "..") || len(host) > 254:
		return "", textError("the proxy's host is no host name")
	}
	return host, nil
}

// isUnreserved says that a text has only bytes that stand for themselves in a
// URL (RFC 3986, section 2.3).
func isUnreserved(text string) bool {
	for _, c := range []byte(text) {
		alphanumeric := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
		if !alphanumeric && strings.IndexByte("-._~", c) < 0 {
			return false
		}
	}
	return true
}
