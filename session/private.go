package session

import (
	"encoding/json"
	"errors"
	"fmt"

	"sonde/session/oauth2"
)

// private is what Save leaves out, for a place that keeps secrets.
type private struct {
	Version    int               `json:"version"`
	Proxy      string            `json:"proxy,omitempty"`
	Identities []privateIdentity `json:"identities"`
}

type privateIdentity struct {
	Name    string        `json:"name,omitempty"`
	Auths   []privateAuth `json:"auths,omitempty"`
	Cookies []Cookie      `json:"cookies,omitempty"`
	Headers []Header      `json:"headers,omitempty"`
	Params  []Param       `json:"params,omitempty"`
	Cert    *ClientCert   `json:"cert,omitempty"`
}

type privateAuth struct {
	Origin string         `json:"origin"`
	Kind   string         `json:"kind"`
	User   string         `json:"user,omitempty"`
	Secret string         `json:"secret"`
	OAuth  *oauth2.Config `json:"oauth,omitempty"`
	Client string         `json:"client_secret,omitempty"`
	Token  *oauth2.Token  `json:"token,omitempty"`
}

// Private returns as JSON what [Session.Save] leaves out: credentials, cookies,
// secret headers and parameters of all identities, and the paths of client
// certificates. It is nil if there is nothing of the kind. It is for the system's
// keyring and for no file.
func (s *Session) Private() ([]byte, error) {
	out := private{Version: fileVersion}
	if _, had := splitProxy(s.Settings.Proxy); had {
		out.Proxy = s.Settings.Proxy
	}
	some := out.Proxy != ""
	current := s.identity
	current.headers, current.params = s.Settings.Headers, s.Settings.Params
	for _, name := range s.Identities() {
		id := current
		if name != current.name {
			id = s.others[name]
		}
		p := s.privateIdentity(id)
		some = some || p.Name != "" || len(p.Auths)+len(p.Cookies)+len(p.Headers)+len(p.Params) > 0 || p.Cert != nil
		out.Identities = append(out.Identities, p)
	}
	if !some {
		return nil, nil
	}
	return json.Marshal(out)
}

func (s *Session) privateIdentity(id identity) privateIdentity {
	p := privateIdentity{Name: id.name}
	for _, a := range id.creds.list {
		kept := privateAuth{Origin: a.Origin, Kind: a.Auth.Kind, User: a.Auth.User, Secret: a.Auth.Secret}
		if g := a.Auth.oauth; g != nil {
			kept.OAuth, kept.Client, kept.Token, kept.Secret = &g.config, g.config.ClientSecret, &g.token, g.token.Access
		}
		p.Auths = append(p.Auths, kept)
	}
	id.jar.expire(s.now())
	p.Cookies = append(p.Cookies, id.jar.list...)
	for _, h := range id.headers {
		if s.secretHeader(h) || id.name != s.Name() {
			p.Headers = append(p.Headers, h)
		}
	}
	for _, v := range id.params {
		if s.secretParam(v) || id.name != s.Name() {
			p.Params = append(p.Params, v)
		}
	}
	if id.cert != nil {
		p.Cert = &id.cert.ClientCert
	}
	return p
}

// Restore adds what [Session.Private] returned to the session: to settings that
// were loaded before. What does not fit is left out, and the error names it.
func (s *Session) Restore(b []byte) error {
	var in private
	if err := json.Unmarshal(b, &in); err != nil {
		return fmt.Errorf("secrets of the saved session: %w", err)
	}
	if in.Version != fileVersion {
		return fmt.Errorf("secrets of the saved session: version %d, this program knows %d", in.Version, fileVersion)
	}
	if in.Proxy != "" {
		if err := s.CheckProxy(in.Proxy); err != nil {
			return err
		}
		s.Settings.Proxy = in.Proxy
	}
	here := s.Name()
	defer s.As(here)
	var all []error
	for _, p := range in.Identities {
		if s.As(p.Name) { // its headers and parameters are all in p
			s.Settings.Headers, s.Settings.Params = nil, nil
		}
		all = append(all, s.restoreIdentity(p)...)
	}
	return errors.Join(all...)
}

func (s *Session) restoreIdentity(p privateIdentity) (wrong []error) {
	note := func(err error) {
		if err != nil {
			wrong = append(wrong, err)
		}
	}
	for _, h := range p.Headers {
		note(s.SetHeader(h))
	}
	for _, v := range p.Params {
		note(s.SetParam(v))
	}
	for _, a := range p.Auths {
		auth := Auth{Kind: a.Kind, User: a.User, Secret: a.Secret}
		if a.OAuth != nil && a.Token != nil {
			config := *a.OAuth
			config.ClientSecret = a.Client
			auth.oauth = &grant{config: config, token: *a.Token}
			s.remember("", a.Client)
			s.rememberToken(*a.Token)
		}
		note(s.SetAuth(auth, a.Origin))
	}
	for i := range p.Cookies {
		s.jar.restore(p.Cookies[i])
		s.rememberCookie(&SetCookie{Cookie: p.Cookies[i]}, "")
	}
	if p.Cert != nil {
		note(s.SetCert(p.Cert.Cert, p.Cert.Key, p.Cert.Origin))
	}
	return wrong
}
