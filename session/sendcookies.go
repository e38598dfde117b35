package session

import (
	"slices"
	"strings"
)

// addCookies adds the Cookie header. One typed for the request replaces the
// session's cookies; after a redirect on the same origin it is joined by those
// that were set on the way and by others of the session, which win.
func (s *Session) addCookies(l *fieldList, p *Prepared, r *Request, h *hop) {
	typed := l.index("Cookie")
	if !l.open("Cookie") && (typed < 0 || !h.redirect) {
		return
	}
	cookies := s.cookiesFor(h.url, p.host, func(origin string) bool { return s.allows(h, origin) })
	value := cookieHeader(cookies)
	switch {
	case typed < 0 && value != "":
		l.put("Cookie", value, byDefault, true)
	case typed >= 0:
		l.fields[typed].Value = joinCookies(l.fields[typed].Value, cookies, value)
	}
}

// joinCookies returns the typed pairs whose names are not among the cookies,
// and then the cookies.
func joinCookies(typed string, cookies []Cookie, value string) string {
	var pairs []string
	for pair := range strings.SplitSeq(typed, ";") {
		name, _, _ := strings.Cut(trimBlanks(pair), "=")
		if !slices.ContainsFunc(cookies, func(c Cookie) bool { return c.Name == name }) {
			pairs = append(pairs, trimBlanks(pair))
		}
	}
	if value != "" {
		pairs = append(pairs, value)
	}
	return strings.Join(pairs, "; ")
}
