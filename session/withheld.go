package session

import (
	"slices"
	"strings"
)

// withheld says what did not go with a request because it belongs elsewhere.
type withheld struct {
	names    []string // "Authorization", "X-Api-Key", "cookie sid"
	from, to Origin
}

// withheldFrom finds out what a request does without: after a redirect what
// went to the first origin, else what the base's origin would have got.
func (s *Session) withheldFrom(r *Request, h *hop) withheld {
	w := withheld{from: h.trail.first, to: h.trail.now}
	if h.redirect {
		if !h.trail.home() {
			w.names = s.secretsOf(w.from.String(), r)
			if h.user != nil {
				w.names = appendNew(w.names, "Authorization")
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
	w.names = s.secretsOf(w.from.String(), nil)
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

// secretsOf names the credentials that go to an origin: the session's and, if
// r is not nil, those typed with a request.
func (s *Session) secretsOf(origin string, r *Request) (names []string) {
	for _, a := range s.creds.list {
		if a.Origin == origin {
			names = appendNew(names, a.Auth.carrier())
		}
	}
	for _, h := range s.Settings.Headers {
		if h.Origin == origin && s.secretHeader(h) {
			names = appendNew(names, h.Name)
		}
	}
	for _, p := range s.Settings.Params {
		if p.Origin == origin && s.secretParam(p) {
			names = appendNew(names, p.Name)
		}
	}
	for _, c := range s.jar.list {
		if c.HandSet && c.Origin == origin {
			names = appendNew(names, "cookie "+c.Name)
		}
	}
	if r == nil {
		return names
	}
	for _, e := range r.Headers {
		if !e.Remove && s.secretEdit(e) {
			names = appendNew(names, e.Name)
		}
	}
	return names
}

func appendNew(names []string, name string) []string {
	if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
		return names
	}
	return append(names, name)
}

// notice puts it into words. ok is false if nothing was withheld.
func (w *withheld) notice() (n Notice, ok bool) {
	if len(w.names) == 0 {
		return n, false
	}
	why := w.to.String() + " is another origin"
	if w.from.Scheme == "https" && w.to.Scheme == "http" && w.from.Host == w.to.Host {
		why = w.to.String() + " is a downgrade from https"
	}
	verb := " stays"
	if len(w.names) > 1 {
		verb = " stay"
	}
	n = Notice{Kind: NoticeCredentials, Text: why + ": " + strings.Join(w.names, ", ") + verb + " at " + w.from.String()}
	switch name := w.names[0]; {
	case strings.EqualFold(name, "Authorization"):
		n.Hint = "auth USER for " + w.to.String()
	case strings.HasPrefix(name, "cookie "): // nothing sends it there; one is set for that base
	default:
		n.Hint = name + ":VALUE for " + w.to.String()
	}
	return n, true
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
	w := withheld{names: s.secretsOf(from.String(), nil), from: from, to: to}
	return w.notice()
}
