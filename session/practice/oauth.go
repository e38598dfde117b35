package practice

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What the values of the authorization server begin with.
const (
	accessPrefix  = "pat_"
	refreshPrefix = "prt_"
	codePrefix    = "pac_"
	devicePrefix  = "pdc_"
)

// How long what is issued lives.
const (
	accessLife = 3600 * time.Second
	codeLife   = time.Minute
	deviceLife = 10 * time.Minute
)

// oauth is what the authorization server has issued. Everybody it asks says
// yes, in the name of jdoe.
type oauth struct {
	access  ledger[accessToken]
	refresh ledger[refreshToken]
	codes   ledger[authorization]
	devices ledger[deviceLogin]
}

func newOAuth() oauth {
	return oauth{
		access:  ledger[accessToken]{prefix: accessPrefix},
		refresh: ledger[refreshToken]{prefix: refreshPrefix},
		codes:   ledger[authorization]{prefix: codePrefix},
		devices: ledger[deviceLogin]{prefix: devicePrefix},
	}
}

// consent is one yes; all tokens that come from it are revoked together, when
// one of them was used twice (RFC 6749, section 10.4).
type consent struct{ revoked bool }

type accessToken struct {
	from    *consent
	expires time.Time
}

type refreshToken struct {
	from   *consent
	client string
	scope  string
	used   bool
}

// issued finds the login of an access token from here.
func (s *Server) issued(token string) (login string, c credentials) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.state.oauth.access.find(token)
	switch {
	case t == nil || t.from.revoked:
		return "", unknownToken
	case !s.now().Before(t.expires):
		return "", expiredToken
	}
	return mainLogin, goodCredentials
}

// tokenAnswer is what a client gets (RFC 6749, section 5.1).
type tokenAnswer struct {
	Access  string `json:"access_token"`
	Type    string `json:"token_type"`
	Expires int    `json:"expires_in"` // seconds
	Refresh string `json:"refresh_token,omitempty"`
	Scope   string `json:"scope,omitempty"`
}

// refusal is what it gets otherwise (RFC 6749, section 5.2). nil is none.
type refusal struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

// refuse answers with a refusal: 401 if the client is at fault, else 400.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, no *refusal) {
	status := http.StatusBadRequest
	if no.Code == "invalid_client" {
		status = http.StatusUnauthorized
		if r.Header.Get("Authorization") != "" {
			w.Header()["WWW-Authenticate"] = []string{`Basic realm="practice"`}
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	s.reply(w, r, status, no)
}

// A tokenRequest is a request of a client that has said who it is.
type tokenRequest struct {
	form   url.Values
	client string
	secret string // "" is a public client
	life   time.Duration
}

// clientRequest reads a form and who sends it, from the Authorization header
// or from the form (RFC 6749, section 2.3.1). Any client is known; the secret
// "wrong" is. If ok is false, the answer is given.
func (s *Server) clientRequest(w http.ResponseWriter, r *http.Request) (t tokenRequest, ok bool) {
	body, ok := s.payload(w, r)
	if !ok {
		return t, false
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || mediaType(r) != "application/x-www-form-urlencoded" {
		s.refuse(w, r, &refusal{"invalid_request", "the body must be a form, application/x-www-form-urlencoded"})
		return t, false
	}
	for name, values := range form {
		if len(values) > 1 {
			s.refuse(w, r, &refusal{"invalid_request", "more than one " + strconv.Quote(name)})
			return t, false
		}
	}
	t = tokenRequest{form: form, client: form.Get("client_id"), secret: form.Get("client_secret"), life: accessLife}
	if r.Header.Get("Authorization") != "" {
		user, password, basic := r.BasicAuth()
		if form.Has("client_secret") {
			s.refuse(w, r, &refusal{"invalid_request", "the client secret in two places"})
			return t, false
		}
		if !basic || t.client != "" && t.client != unescape(user) {
			s.refuse(w, r, &refusal{"invalid_client", "the Authorization header must be Basic and of the same client"})
			return t, false
		}
		t.client, t.secret = unescape(user), unescape(password)
	}
	if t.client == "" || t.secret == wrong {
		s.refuse(w, r, &refusal{"invalid_client", "no client_id, or a wrong secret"})
		return t, false
	}
	return t, true
}

// lifetime reads how long tokens are to live, which is for lessons about
// tokens that end: form field lifetime, or parameter expires, in seconds.
func (t *tokenRequest) lifetime(query url.Values) *refusal {
	text := t.form.Get("lifetime")
	if text == "" {
		text = query.Get("expires")
	}
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 86400 {
		return &refusal{"invalid_request", "lifetime must be a whole number of seconds from 1 to 86400"}
	}
	t.life = time.Duration(n) * time.Second
	return nil
}

// token is the token endpoint (RFC 6749, section 3.2).
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	t, ok := s.clientRequest(w, r)
	if !ok {
		return
	}
	no := t.lifetime(r.URL.Query())
	var answer tokenAnswer
	if no == nil {
		s.mu.Lock()
		answer, no = s.state.oauth.grant(t, s.now())
		s.mu.Unlock()
	}
	if no != nil {
		s.refuse(w, r, no)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	s.reply(w, r, http.StatusOK, answer)
}

// Grant types with long names.
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

func grantTypes() []string {
	return []string{"authorization_code", "client_credentials", "refresh_token", deviceGrant}
}

// grant gives tokens, or says why not. The caller holds Server.mu.
func (o *oauth) grant(t tokenRequest, now time.Time) (tokenAnswer, *refusal) {
	switch t.form.Get("grant_type") {
	case "client_credentials":
		if t.secret == "" {
			return tokenAnswer{}, &refusal{"invalid_client", "this grant wants a client secret"}
		}
		return o.issue(t, new(consent), t.form.Get("scope"), false, now), nil
	case "authorization_code":
		return o.redeemCode(t, now)
	case deviceGrant:
		return o.pollDevice(t, now)
	case "refresh_token":
		return o.renew(t, now)
	case "":
		return tokenAnswer{}, &refusal{"invalid_request", "grant_type is missing"}
	}
	return tokenAnswer{}, &refusal{"unsupported_grant_type", "grant_type must be one of " + strings.Join(grantTypes(), ", ")}
}

func (o *oauth) issue(t tokenRequest, from *consent, scope string, renewable bool, now time.Time) tokenAnswer {
	a := tokenAnswer{
		Access:  o.access.add(&accessToken{from: from, expires: now.Add(t.life)}),
		Type:    "Bearer",
		Expires: int(t.life / time.Second),
		Scope:   scope,
	}
	if renewable {
		a.Refresh = o.refresh.add(&refreshToken{from: from, client: t.client, scope: scope})
	}
	return a
}

// renew gives a new pair for a refresh token, which is good for one time. Who
// comes with it again shows that two have it, and nobody keeps what came of it
// (RFC 9700, section 4.14.2).
func (o *oauth) renew(t tokenRequest, now time.Time) (tokenAnswer, *refusal) {
	old := o.refresh.find(t.form.Get("refresh_token"))
	if old == nil || old.client != t.client || old.from.revoked {
		return tokenAnswer{}, &refusal{"invalid_grant", "the refresh token is not valid"}
	}
	if old.used {
		old.from.revoked = true
		return tokenAnswer{}, &refusal{"invalid_grant", "the refresh token was used before; all tokens that came of it are revoked"}
	}
	scope := old.scope
	if narrow := t.form.Get("scope"); narrow != "" {
		had := strings.Fields(old.scope)
		for _, part := range strings.Fields(narrow) {
			if !slices.Contains(had, part) {
				return tokenAnswer{}, &refusal{"invalid_scope", "more than was granted"}
			}
		}
		scope = narrow
	}
	old.used = true
	return o.issue(t, old.from, scope, true, now), nil
}
