package session

import (
	"net/netip"
	"strings"

	"sonde/session/secret"
)

// A URL is an absolute http or https URL, ready to be sent: every part is
// percent-encoded where it must be. Compared with net/url it keeps the
// encoding it was given and checks the host.
type URL struct {
	Scheme   string // "http", "https", or "unix" for http over a unix socket
	Host     string // lower case, ASCII; an IPv6 address is without brackets; of unix the path of the socket
	Port     string // never empty, but for unix
	Path     string // begins with a slash
	Query    string // without the question mark
	HasQuery bool   // there is a question mark, even if Query is empty
	Fragment string // kept for display, never sent
	user     *userinfo
}

type userinfo struct{ name, password string }

// Origin returns the scheme, host and port.
func (u *URL) Origin() Origin { return Origin{u.Scheme, u.Host, u.Port} }

// Userinfo returns the decoded user name and password of the URL as typed.
func (u *URL) Userinfo() (name, password string, ok bool) {
	if u.user == nil {
		return "", "", false
	}
	return u.user.name, u.user.password, true
}

// RequestTarget returns the path and query as they are sent (origin-form,
// RFC 9112, section 3.2.1).
func (u *URL) RequestTarget() string {
	if !u.HasQuery {
		return u.Path
	}
	return u.Path + "?" + u.Query
}

// String returns the URL without userinfo.
func (u *URL) String() string {
	s := u.Origin().String()
	if u.Scheme == "unix" {
		s += ":"
	}
	s += u.RequestTarget()
	if u.Fragment != "" {
		s += "#" + u.Fragment
	}
	return s
}

// parseURL parses an absolute URL. With lenient, characters that may not stand
// in a URL are percent-encoded instead of refused, but not in the host.
func parseURL(text string, lenient bool) (*URL, error) {
	if !lenient {
		if err := checkTyped(text); err != nil {
			return nil, err
		}
	}
	if isUnix(text) {
		return parseUnix(text)
	}
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return nil, urlError(text, "no scheme", "https://"+strings.TrimLeft(text, ":/"))
	}
	u := &URL{Scheme: strings.ToLower(scheme)}
	if defaultPort(u.Scheme) == "" {
		return nil, urlError(text, "only http and https can be asked, not "+quote(u.Scheme), "")
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	if err := u.setAuthority(text, rest[:end]); err != nil {
		return nil, err
	}
	u.setRest(rest[end:])
	return u, nil
}

// isUnix says that a URL leads to a unix socket.
func isUnix(text string) bool {
	const scheme = "unix:"
	return len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme)
}

// parseUnix parses unix:SOCKET and unix:SOCKET:/PATH, as other servers and
// clients write it; unix://SOCKET is the same.
func parseUnix(text string) (*URL, error) {
	rest := text[len("unix:"):]
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		rest = after
	}
	socket, path := rest, ""
	if i := strings.Index(rest, ":/"); i >= 0 {
		socket, path = rest[:i], rest[i+1:]
	}
	if socket == "" || strings.ContainsAny(socket, "?#") {
		return nil, urlError(text, "no path of a socket", "unix:/run/x.sock:/path")
	}
	u := &URL{Scheme: "unix", Host: socket}
	u.setRest(path)
	return u, nil
}

// setRest sets path, query and fragment from text, which is empty or starts
// with a slash, a question mark or a number sign.
func (u *URL) setRest(text string) {
	path, query, hasQuery, fragment := splitPath(text)
	u.Path = removeDotSegments(encodePath(path))
	if u.Path == "" {
		u.Path = "/"
	}
	u.Query, u.HasQuery = encodeQuery(query), hasQuery
	u.Fragment = encodeQuery(fragment)
}

// splitPath cuts a URL's end into its parts (RFC 3986, section 3).
func splitPath(text string) (path, query string, hasQuery bool, fragment string) {
	text, fragment, _ = strings.Cut(text, "#")
	path, query, hasQuery = strings.Cut(text, "?")
	return path, query, hasQuery, fragment
}

// setAuthority sets userinfo, host and port. whole is the URL for messages.
func (u *URL) setAuthority(whole, text string) error {
	if strings.Contains(text, `\`) {
		return urlError(whole, "a backslash before the path", "")
	}
	host := text
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		if strings.IndexByte(text, '@') != at {
			return urlError(whole, "two @ before the path; write the one in a name or password as %40", "")
		}
		name, password, _ := strings.Cut(text[:at], ":")
		u.user = &userinfo{unescape(name), unescape(password)}
		if hasControl(u.user.name) || hasControl(u.user.password) {
			return urlError(whole, "a control character in the name or password", "")
		}
		host = text[at+1:]
	}
	host, port, err := splitHostPort(whole, host)
	if err != nil {
		return err
	}
	if u.Port = port; port == "" {
		u.Port = defaultPort(u.Scheme)
	}
	u.Host, err = normalHost(whole, host)
	return err
}

func splitHostPort(whole, text string) (host, port string, err error) {
	if strings.HasPrefix(text, "[") {
		end := strings.IndexByte(text, ']')
		if end < 0 {
			return "", "", urlError(whole, "no ] after the address", "")
		}
		addr, err := netip.ParseAddr(text[1:end])
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			return "", "", urlError(whole, quote(text[1:end])+" is no IPv6 address", "")
		}
		host, text = addr.String(), text[end+1:]
		if text == "" {
			return host, "", nil
		}
		if text[0] != ':' {
			return "", "", urlError(whole, "text between ] and the path", "")
		}
		port = text[1:]
	} else {
		host, port, _ = strings.Cut(text, ":")
		if strings.Contains(port, ":") {
			hint := ""
			if addr, err := netip.ParseAddr(text); err == nil && addr.Is6() {
				hint = "http://[" + text + "]/"
			}
			return "", "", urlError(whole, "an IPv6 address needs brackets", hint)
		}
	}
	if port == "" {
		return host, "", nil
	}
	n := 0
	for i := range len(port) {
		if port[i] < '0' || port[i] > '9' || n > 65535 {
			return "", "", urlError(whole, quote(port)+" is no port", "")
		}
		n = n*10 + int(port[i]-'0')
	}
	if n == 0 || n > 65535 {
		return "", "", urlError(whole, quote(port)+" is no port (1 to 65535)", "")
	}
	return host, strings.TrimLeft(port, "0"), nil
}

// resolve returns what a reference means where u is the URL it was found at
// (RFC 3986, section 5.2). A reference without a fragment keeps that of u
// (RFC 9110, section 10.2.2). Userinfo in it is dropped: a server does not
// hand out the user's credentials.
func (u *URL) resolve(ref string) (*URL, error) {
	if scheme, ok := schemeOf(ref); ok {
		if isUnix(ref) {
			return u.sameSocket(ref)
		}
		switch hasHost := strings.HasPrefix(ref[len(scheme):], "://"); {
		case !hasHost && strings.EqualFold(scheme, u.Scheme): // as browsers read it
			return u.resolve(ref[len(scheme)+1:])
		case !hasHost && defaultPort(strings.ToLower(scheme)) != "":
			return nil, urlError(ref, "no // and host behind the scheme", "")
		case !hasHost:
			return nil, urlError(ref, "only http and https can be asked, not "+quote(scheme), "")
		}
		v, err := parseURL(ref, true)
		return u.adopt(v), err
	}
	if strings.HasPrefix(ref, "//") && u.Scheme != "unix" {
		v, err := parseURL(u.Scheme+":"+ref, true)
		return u.adopt(v), err
	}
	v := *u
	v.user = nil
	path, query, hasQuery, fragment := splitPath(ref)
	if strings.Contains(ref, "#") {
		v.Fragment = encodeQuery(fragment)
	}
	switch {
	case path == "" && !hasQuery:
		return &v, nil
	case path == "":
	case path[0] == '/':
		v.Path = removeDotSegments(encodePath(path))
	default:
		v.Path = removeDotSegments(u.Path[:strings.LastIndexByte(u.Path, '/')+1] + encodePath(path))
	}
	v.Query, v.HasQuery = encodeQuery(query), hasQuery
	return &v, nil
}

// sameSocket returns the URL of a reference to a unix socket, which has to be the
// one that u is of: no server leads to others of this machine.
func (u *URL) sameSocket(ref string) (*URL, error) {
	v, err := parseUnix(ref)
	if err != nil {
		return nil, err
	}
	if u.Origin() != v.Origin() {
		return nil, urlError(ref, "a server does not lead to a socket of this machine", "")
	}
	return u.adopt(v), nil
}

func (u *URL) adopt(v *URL) *URL {
	if v != nil {
		v.user = nil
		if v.Fragment == "" {
			v.Fragment = u.Fragment
		}
	}
	return v
}

// schemeOf returns the scheme a reference starts with, if it has one.
func schemeOf(text string) (string, bool) {
	for i := range len(text) {
		switch c := text[i]; {
		case c == ':':
			return text[:i], i > 0
		case 'a' <= c|0x20 && c|0x20 <= 'z':
		case i > 0 && ('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return "", false
		}
	}
	return "", false
}

// urlError returns an Error about a URL, whose password it does not repeat.
func urlError(text, cause, hint string) *Error {
	return &Error{Phase: PhaseURL, Text: "url " + quote(secret.URL(text)) + ": " + cause, Hint: hint}
}
