package session

import (
	"slices"
	"strings"
)

// withheld says what did not go with a request because it belongs elsewhere.
type withheld struct {
	list     []stayed
	from, to Origin
}

// withheldFrom finds out what a request does without: after a redirect what
// went to the first origin, else what the base's origin would have got.
func (s *Session) withheldFrom(r *Request, h *hop) withheld {
	w := withheld{from: h.trail.first, to: h.trail.now}
	if h.redirect {
		if !h.trail.home() {
			w.list = s.secretsOf(w.from.String(), r)
			if h.user != nil {
				w.list = appendNew(w.list, stayed{"Authorization", "auth USER"})
			}
		}
		return w
	}
	if len(s.creds.list) == 0 && len(s.Settings.Headers) == 0 && len(s.Settings.Params) == 0 && len(s.jar.list) == 0 {
		return w
	}
	if w.from = s.homeOrigin(); w.from.IsZero() || w.from == w.to || s.creds.index(w.to.String()) >= 0 {
		return w
	}
	w.list = s.secretsOf(w.from.String(), nil)
	return w
}

// homeOrigin returns the base's origin, and without a base the one that got
// the last credentials.
func (s *Session) homeOrigin() Origin {
	if o := s.baseOrigin(); !o.IsZero() || s.Settings.Base != "" {
		return o
	}
	for _, a := range slices.Backward(s.creds.list) {
		if o, err := OriginOf(a.Origin); err == nil && a.Origin != "" {
			return o
		}
	}
	for _, h := range slices.Backward(s.Settings.Headers) {
		if h.Origin != "" {
			if o, err := OriginOf(h.Origin); err == nil {
				return o
			}
		}
	}
	return Origin{}
}

// A stayed is a credential that did not go along: as a notice names it, and what
// to type for the other origin to get one, without its "for ORIGIN".
type stayed struct {
	name string // "Authorization", "X-Api-Key", "cookie sid"
	line string // "" if nothing that is typed would send it there
}

// secretsOf are the credentials that go to an origin: the session's and, if
// r is not nil, those typed with a request that was redirected.
func (s *Session) secretsOf(origin string, r *Request) (all []stayed) {
	for _, a := range s.creds.list {
		if a.Origin == origin {
			all = appendNew(all, stayed{a.Auth.carrier(), a.Auth.line()})
		}
	}
	login := len(all) > 0
	for _, h := range s.Settings.Headers {
		if h.Origin == origin && s.secretHeader(h) {
			all = appendNew(all, stayed{h.Name, h.Name + ":VALUE"})
		}
	}
	for _, p := range s.Settings.Params {
		if p.Origin == origin && s.secretParam(p) {
			all = appendNew(all, stayed{p.Name, paramLine(p.Name, r != nil, login)})
		}
	}
	for _, c := range s.jar.list {
		if c.HandSet && c.Origin == origin {
			all = appendNew(all, stayed{"cookie " + c.Name, "cookie " + c.Name + "=VALUE"})
		}
	}
	if r == nil {
		return all
	}
	for _, e := range r.Headers {
		if !e.Remove && s.secretEdit(e) {
			all = appendNew(all, stayed{e.Name, e.Name + ":VALUE"})
		}
	}
	return all
}

// paramLine is what is typed for an origin to get a secret parameter. A redirect
// takes none of the session's along but a key; and that would take the place of a
// login.
func paramLine(name string, redirect, login bool) string {
	switch {
	case !redirect:
		return "param " + name + "==VALUE"
	case !login:
		return "auth apikey " + name + "=="
	}
	return ""
}

// line is what is typed to give a login of this kind, capitals for what is not
// known or not shown.
func (a *Auth) line() string {
	switch a.Kind {
	case "bearer":
		return "auth bearer"
	case "digest":
		return "auth digest USER"
	case "apikey":
		return "auth apikey " + a.User
	case "oauth2":
		if a.oauth != nil {
			return a.oauth.config.Line()
		}
		return "auth bearer" // a token from elsewhere
	}
	return "auth USER"
}

func appendNew(all []stayed, one stayed) []stayed {
	if slices.ContainsFunc(all, func(o stayed) bool { return strings.EqualFold(o.name, one.name) }) {
		return all
	}
	return append(all, one)
}

// notice puts it into words. ok is false if nothing was withheld.
func (w *withheld) notice() (n Notice, ok bool) {
	if len(w.list) == 0 {
		return n, false
	}
	why := w.to.String() + " is another origin"
	if w.from.Scheme == "https" && w.to.Scheme == "http" && w.from.Host == w.to.Host {
		why = w.to.String() + " is a downgrade from https"
	}
	verb := " stays"
	if len(w.list) > 1 {
		verb = " stay"
	}
	var names, lines []string
	for _, one := range w.list {
		names = append(names, one.name)
		if one.line != "" {
			lines = append(lines, one.line+" for "+w.to.String())
		}
	}
	return Notice{
		Kind: NoticeCredentials,
		Text: why + ": " + strings.Join(names, ", ") + verb + " at " + w.from.String(),
		Hint: strings.Join(lines, "\n"),
	}, true
}

// Withheld returns the notice that a request to an origin would give because
// credentials of the current base stay at home; ok is false if none do. For
// use before the base changes.
func (s *Session) Withheld(origin string) (n Notice, ok bool) {
	to, err := OriginOf(origin)
	from := s.homeOrigin()
	if err != nil || from.IsZero() || from == to || s.creds.index(to.String()) >= 0 {
		return n, false
	}
	w := withheld{list: s.secretsOf(from.String(), nil), from: from, to: to}
	return w.notice()
}
