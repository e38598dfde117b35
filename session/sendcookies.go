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
	cookies := s.cookiesFor(h.url, p.host, func(origin string) bool { return s.allows(h, origin) })
	if len(cookies) == 0 {
		return
	}
	value := cookieHeader(cookies)
	switch {
	case typed < 0 && !l.open("Cookie"):
		for _, c := range cookieParts(cookies) {
			l.lost = append(l.lost, Lost{Kind: "cookie", Part: c, To: FromRequest})
		}
	case typed < 0 && value != "":
		l.put("Cookie", value, FromDefault, true)
		p.Cookies = cookieParts(cookies)
	case typed >= 0 && h.redirect:
		l.fields[typed].Value = joinCookies(l.fields[typed].Value, cookies, value)
		p.Cookies = append([]Part{{Name: "Cookie", Value: l.fields[typed].Value, Secret: true, Source: l.sources[typed]}}, cookieParts(cookies)...)
	case typed >= 0:
		for _, c := range cookieParts(cookies) {
			l.lost = append(l.lost, Lost{Kind: "cookie", Part: c, To: l.sources[typed]})
		}
	}
}

func cookieParts(cookies []Cookie) (out []Part) {
	for _, c := range cookies {
		from := FromServer
		if c.HandSet {
			from = FromSession
		}
		out = append(out, Part{Name: c.Name, Value: c.Value, Secret: true, Source: from})
	}
	return out
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
