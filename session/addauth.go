package session

import (
	"strings"

	"sonde/session/digest"
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
	claimed := false
	for i := len(s.creds.list) - 1; i >= 0; i-- {
		a := &s.creds.list[i] // a later one is not bound yet, but newer
		if !s.allows(h, a.Origin) || claimed && a.Auth.carrier() == "Authorization" {
			continue
		}
		from := FromAuth
		if a.Auth.Source != 0 {
			from = a.Auth.Source
		}
		free := l.open(a.Auth.carrier())
		if a.Auth.Kind != "digest" {
			if f, ok := a.Auth.header(); ok {
				s.addLogin(l, f, from)
			}
		} else if err := s.addDigest(p, l, h, &a.Auth, from); err != nil {
			return err
		}
		if free && a.Auth.carrier() == "Authorization" {
			claimed, p.login = true, claim{token: a.Auth.oauth, digest: a.Auth.digest, user: a.Auth.User}
		}
	}
	if f, ok := s.netrcFor(h, ""); ok && !(claimed && l.open("Authorization")) {
		s.addLogin(l, f, FromNetrc)
	}
	return nil
}

// A claim is what of a request's credentials can change while it is under way.
type claim struct {
	token  *grant        // of oauth2, else nil
	digest *digest.State // of digest, else nil
	user   string
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
