package session

import (
	"context"
	"net/url"
	"time"

	"sonde/session/http1"
	"sonde/session/oauth2"
)

// A grant is where the token of an oauth2 login came from and how a new one is
// had.
type grant struct {
	config oauth2.Config
	token  oauth2.Token
}

// OAuthTell is told what a person has to do for a grant.
type OAuthTell struct {
	Device func(oauth2.Prompt) // where to type which code
	Code   func(url string)    // what to open in a browser
}

// AuthorizeOAuth gets a token as config says and makes it the login for an
// origin, as [Session.SetAuth] does. It may take as long as a person needs in a
// browser; the end of ctx ends it. Requests to the authorization server go under
// the session's settings, but carry nothing else of it and are not exchanges.
func (s *Session) AuthorizeOAuth(ctx context.Context, config oauth2.Config, origin string, tell OAuthTell) error {
	s.remember("", config.ClientSecret)
	do := s.tokenDo()
	config, err := config.Complete(ctx, do)
	if err != nil {
		return oauthError(err)
	}
	var token oauth2.Token
	switch config.Grant {
	case oauth2.GrantDevice:
		token, err = config.Device(ctx, do, s.now, tell.Device)
	case oauth2.GrantCode:
		token, err = config.Code(ctx, do, s.now, tell.Code)
	default:
		token, err = config.ClientCredentials(ctx, do, s.now)
	}
	if err != nil {
		return oauthError(err)
	}
	g := &grant{config: config, token: token}
	s.rememberToken(token)
	return s.SetAuth(Auth{Kind: "oauth2", User: config.ClientID, Secret: token.Access, oauth: g}, origin)
}

func (s *Session) rememberToken(t oauth2.Token) {
	s.remember("", t.Access)
	if t.Refresh != "" {
		s.remember("", t.Refresh)
	}
}

func oauthError(err error) error {
	e := &Error{Phase: PhaseAuth, Text: "oauth2: " + err.Error(), Err: err}
	switch failed := err.(type) {
	case *oauth2.Error:
		e.Hint = failed.Hint
	case *oauth2.UsageError:
		e.Phase, e.Hint = PhaseRequest, failed.Hint
	}
	return e
}

// tokenDo returns how the authorization server is asked: by a session of its
// own with the settings of this one, so that nothing else of this one goes along.
func (s *Session) tokenDo() oauth2.Do {
	o := s.options
	asking := New(o)
	asking.Secrets = s.Secrets
	asking.Settings = s.Settings.Clone()
	asking.Settings.Base, asking.Settings.Dir = "", ""
	asking.Settings.Headers, asking.Settings.Params, asking.Settings.Retries = nil, nil, nil
	asking.Settings.Redirects = 0
	asking.Settings.MaxBody, asking.Settings.SpillOver = 1<<20, 0
	asking.world.noLogins = true
	return func(ctx context.Context, r oauth2.Request) (oauth2.Response, error) {
		defer asking.CloseIdle()
		x, err := asking.Do(ctx, tokenRequest(r), Watch{})
		if err != nil {
			return oauth2.Response{}, err
		}
		return oauth2.Response{Status: x.Status, Header: func(name string) string { v, _ := x.HeaderValue(name); return v }, Body: x.Body.Bytes()}, nil
	}
}

func tokenRequest(r oauth2.Request) *Request {
	out := &Request{Method: r.Method, Target: Target{Text: r.URL}, Unkept: true}
	for _, h := range r.Header {
		out.Headers = append(out.Headers, HeaderEdit{Name: h[0], Value: h[1]})
	}
	if r.Form != nil {
		out.Content = formContent(r.Form)
	}
	return out
}

func formContent(form url.Values) *Content {
	return BytesContent("application/x-www-form-urlencoded", []byte(form.Encode()))
}

// freshToken gets a new token before the old one is sent in vain, and says whether
// there is one.
func (d *doing) freshToken() (renewed bool, failed *Error) {
	g := d.sent.login.token
	if g == nil || g.token.Expires.IsZero() || g.token.Valid(d.s.now()) {
		return false, nil
	}
	if err := d.s.renew(d.ctx, g); err != nil {
		e := asError(oauthError(err))
		if e.Hint == "" {
			e.Hint = g.config.Line()
		}
		return false, e
	}
	d.notice(Notice{Kind: NoticeChallenge, Text: "the token had expired; there is a new one"})
	return true, nil
}

// renew gets a new token, by the refresh token if there is one.
func (s *Session) renew(ctx context.Context, g *grant) error {
	token, err := g.config.Refresh(ctx, s.tokenDo(), s.now, g.token)
	if err != nil {
		return err
	}
	g.token = token
	s.rememberToken(token)
	return nil
}

// renewToken gets a new token when the server does not take the one it was
// sent, once for each request. What it had not taken it has not acted on.
func (d *doing) renewToken(head *http1.Head) bool {
	g := d.sent.login.token
	if head.Status != 401 || d.hop.answered || g == nil || g.token.Refresh == "" || d.sent.Content != nil && !d.sent.Content.Again {
		return false
	}
	d.hop.answered = true
	if err := d.s.renew(d.ctx, g); err != nil {
		d.notice(Notice{Kind: NoticeWarning, Text: "the server does not take the token, and there is no new one: " + err.Error()})
		return false
	}
	d.notice(Notice{Kind: NoticeChallenge, Text: "the server did not take the token; there is a new one"})
	return true
}

// OAuthExpires returns when the token of an oauth2 login expires, zero if that is
// not known, and whether a new one can be had without a person.
func (a Auth) OAuthExpires() (at time.Time, renewable bool) {
	if a.oauth == nil {
		return time.Time{}, false
	}
	return a.oauth.token.Expires, a.oauth.token.Refresh != "" || a.oauth.config.Grant == oauth2.GrantClient
}
