package session

import (
	"strings"

	"sonde/session/http1"
)

// addAuth adds who the request is from: the userinfo of the URL, or else the
// login the session has for where we are, or else what .netrc has for the host.
// What is typed as a header comes before all of them.
func (s *Session) addAuth(p *Prepared, l *fieldList, h *hop) error {
	if h.user != nil && h.trail.home() {
		if f, ok := s.netrcFor(h, h.user.name); ok && h.user.password == "" {
			s.addLogin(l, f, FromNetrc)
		}
		s.addLogin(l, Field{Name: "Authorization", Value: basic(h.user.name, h.user.password)}, FromURL)
	}
	for i := len(s.creds.list) - 1; i >= 0; i-- {
		a := &s.creds.list[i] // a later one is not bound yet, but newer
		if !s.allows(h, a.Origin) {
			continue
		}
		from := FromAuth
		if a.Auth.Source != 0 {
			from = a.Auth.Source
		}
		if a.Auth.Kind == "digest" {
			if err := s.addDigest(p, l, h, &a.Auth, from); err != nil {
				return err
			}
			continue
		}
		if f, ok := a.Auth.header(); ok {
			s.addLogin(l, f, from)
		}
	}
	if f, ok := s.netrcFor(h, ""); ok {
		s.addLogin(l, f, FromNetrc)
	}
	return nil
}

// addLogin adds a field that says who the request is from, or notes that
// somebody else said so.
func (s *Session) addLogin(l *fieldList, f Field, from Source) {
	if l.open(f.Name) {
		l.put(f.Name, f.Value, from, true)
		return
	}
	to := FromRequest
	if i := l.index(f.Name); i >= 0 {
		to = l.sources[i]
	}
	l.lost = append(l.lost, Lost{Kind: "auth", Part: Part{Name: f.Name, Value: f.Value, Secret: true, Source: from}, To: to})
}

// carrier names the field or parameter that carries a login.
func (a *Auth) carrier() string {
	if a.Kind == "apikey" {
		return strings.TrimSuffix(a.User, "==")
	}
	return "Authorization"
}

// challenged returns the digest login that answers a 401, nil if none does.
func (d *doing) challenged(head *http1.Head) *Auth {
	if head.Status != 401 || d.hop.answered {
		return nil
	}
	for i := len(d.s.creds.list) - 1; i >= 0; i-- {
		if a := &d.s.creds.list[i]; a.Auth.Kind == "digest" && d.s.allows(d.hop, a.Origin) {
			return &a.Auth
		}
	}
	return nil
}
