package session

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sonde/session/secret"
)

// Cookies returns the cookies the session holds, in the order first set.
func (s *Session) Cookies() []Cookie {
	s.jar.expire(s.now())
	return slices.Clone(s.jar.list)
}

// CheckCookie says what is wrong with a cookie that is to be set by hand: what no
// server could read back (RFC 6265, section 4.2.1).
func CheckCookie(name, value string) error {
	wrong := func(text string) error {
		return &Error{Phase: PhaseRequest, Text: "cookie " + quote(name) + ": " + text, Hint: "cookie NAME=VALUE"}
	}
	switch i := strings.IndexAny(name, "=;, \t"); {
	case name == "":
		return wrong("a cookie has a name")
	case hasControl(name):
		return wrong("a control character in the name")
	case i >= 0:
		return wrong(quote(name[i:i+1]) + " in the name")
	case strings.Contains(value, ";"):
		return wrong("a semicolon in the value, which ends it")
	case hasControl(value):
		return wrong("a control character in the value")
	case trimBlanks(value) != value:
		return wrong("a blank at an end of the value")
	}
	return nil
}

// SetCookie adds a cookie that goes to one origin only, in place of an earlier
// one that was set by hand, and before those of that name the server set.
// origin "" means the base's, and without a base that of the next request.
func (s *Session) SetCookie(name, value, origin string) error {
	if err := CheckCookie(name, value); err != nil {
		return err
	}
	origin, err := s.originFor(origin)
	if err != nil {
		return err
	}
	s.remember("", value)
	c := Cookie{Name: name, Value: value, Path: "/", HostOnly: true, HandSet: true, Origin: origin}
	if origin != "" {
		o, err := OriginOf(origin)
		if err != nil {
			return err
		}
		c.Domain, c.Secure = o.Host, o.Scheme == "https"
	}
	s.jar.setByHand(c)
	return nil
}

func (j *jar) setByHand(c Cookie) {
	i := slices.IndexFunc(j.list, func(o Cookie) bool { return o.HandSet && o.Name == c.Name && o.Origin == c.Origin })
	if i >= 0 {
		j.list[i] = c
		return
	}
	j.list = append(j.list, c)
}

// bind gives the cookies that were set by hand without an origin theirs.
func (j *jar) bind(first Origin) {
	for i := range j.list {
		if c := &j.list[i]; c.HandSet && c.Origin == "" {
			c.Origin, c.Domain, c.Secure = first.String(), first.Host, first.Scheme == "https"
		}
	}
}

// DeleteCookie forgets every cookie of that name and returns how many there
// were.
func (s *Session) DeleteCookie(name string) int {
	n := len(s.jar.list)
	s.jar.list = slices.DeleteFunc(s.jar.list, func(c Cookie) bool { return c.Name == name })
	return n - len(s.jar.list)
}

// ClearCookies forgets every cookie and returns how many there were.
func (s *Session) ClearCookies() int {
	n := len(s.jar.list)
	s.jar.list = nil
	return n
}

// CookieFor returns the value of a cookie as it would go to the base and Dir.
// Of several with that name it is the one that would be sent first.
func (s *Session) CookieFor(name string) (string, bool) {
	u, err := s.Resolve(Target{})
	if err != nil {
		return "", false
	}
	for _, c := range s.cookiesFor(u, "", nil) {
		if c.Name == name {
			return c.Value, true
		}
	}
	return "", false
}

// CookieHeader returns the Cookie header that a request to a URL would carry,
// "" for none. The error is that of [Session.Resolve].
func (s *Session) CookieHeader(rawURL string) (string, error) {
	u, err := s.Resolve(Target{Text: rawURL})
	if err != nil {
		return "", err
	}
	return cookieHeader(s.cookiesFor(u, "", nil)), nil
}

// cookiesFor returns the cookies for a request to u. host is that of a Host
// header, "" for the URL's own. allows decides by their origin about cookies
// set by hand; nil means those of the URL's origin.
func (s *Session) cookiesFor(u *URL, host string, allows func(origin string) bool) []Cookie {
	if len(s.jar.list) == 0 {
		return nil
	}
	to := cookieHostOf(u, host)
	if allows == nil {
		allows = func(origin string) bool { return origin == to.origin }
	}
	return s.jar.matching(to, s.now(), allows)
}

func cookieHostOf(u *URL, host string) cookieHost {
	at := cookieHost{host: u.Host, secure: u.Scheme == "https", local: isLoopback(u.Host), path: u.Path, origin: u.Origin().String()}
	if host != "" {
		if name, _, err := splitHostPort(host, strings.ToLower(host)); err == nil {
			at.host, at.local = name, isLoopback(name)
		}
	}
	return at
}

// storeCookies takes what an answer from u sets, and tells about what it does
// not take.
func (s *Session) storeCookies(header []Field, u *URL, host string, now time.Time, notice func(Notice)) (set []SetCookie) {
	var at cookieHost
	most := s.Settings.MaxCookies
	if most <= 0 {
		most = maxSetCookies
	}
	for i := range header {
		if len(header[i].Name) != len("Set-Cookie") || !strings.EqualFold(header[i].Name, "Set-Cookie") {
			continue
		}
		if at.host == "" {
			at = cookieHostOf(u, host)
		}
		if len(set) >= most {
			notice(Notice{Kind: NoticeCookie, Text: fmt.Sprintf("more than %d cookies in one answer; the others are not kept", most)})
			return set
		}
		c := parseSetCookie(header[i].Value, at, now)
		if c.Refused == "" {
			var old string
			old, c.Refused = s.jar.put(c, at)
			s.rememberCookie(&c, old)
		}
		if c.Refused != "" {
			notice(Notice{Kind: NoticeCookie, Text: "cookie " + quote(c.Name) + " refused: " + c.Refused})
		}
		set = append(set, c)
	}
	return set
}

// rememberCookie keeps the value of a cookie that looks like a login known as
// a secret for as long as the session holds it.
func (s *Session) rememberCookie(c *SetCookie, old string) {
	const guessable = 8 // a shorter value is a setting more often than a secret
	if s.Secrets == nil || old == c.Value || !(c.HttpOnly || secret.Name(c.Name) || secret.Field(c.Name)) {
		return
	}
	if len(old) >= guessable {
		s.Secrets.Remove(old)
	}
	if len(c.Value) >= guessable && c.Refused == "" && !c.Removed {
		s.Secrets.Add(c.Value)
	}
}
