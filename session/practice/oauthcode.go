package practice

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"time"
)

// authorization is what a code stands for.
type authorization struct {
	from      *consent
	client    string
	redirect  string
	scope     string
	challenge string // the hash of the verifier (RFC 7636)
	expires   time.Time
	used      bool
}

// authorize is the authorization endpoint (RFC 6749, section 4.1.1), which
// agrees without asking. Only programs on this machine are sent anything (RFC
// 8252, section 7.3), and only with a proof key.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	to, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || to.Scheme != "http" || !loopback(to.Hostname()) || to.Fragment != "" || to.User != nil {
		s.problem(w, r, http.StatusBadRequest, "redirect_uri must be an http URL of this machine, such as http://127.0.0.1:PORT/")
		return
	}
	if q.Get("client_id") == "" {
		s.problem(w, r, http.StatusBadRequest, "client_id is missing")
		return
	}
	answer := to.Query()
	if state := q.Get("state"); state != "" {
		answer.Set("state", state)
	}
	answer.Set("iss", s.base(r)) // RFC 9207
	if no := codeRefusal(q); no != nil {
		answer.Set("error", no.Code)
		answer.Set("error_description", no.Description)
	} else {
		a := &authorization{
			from: new(consent), client: q.Get("client_id"), redirect: q.Get("redirect_uri"), scope: q.Get("scope"),
			challenge: q.Get("code_challenge"), expires: s.now().Add(codeLife),
		}
		s.mu.Lock()
		answer.Set("code", s.state.oauth.codes.add(a))
		s.mu.Unlock()
	}
	to.RawQuery = answer.Encode()
	w.Header().Set("Cache-Control", "no-store")
	s.sendTo(w, r, http.StatusFound, to.String())
}

// codeRefusal says what is wrong with a request for a code, nil for nothing.
func codeRefusal(q url.Values) *refusal {
	switch {
	case q.Get("response_type") != "code":
		return &refusal{"unsupported_response_type", "response_type must be code"}
	case q.Get("code_challenge_method") != "S256":
		return &refusal{"invalid_request", "code_challenge_method must be S256"}
	case len(q.Get("code_challenge")) != base64.RawURLEncoding.EncodedLen(sha256.Size):
		return &refusal{"invalid_request", "code_challenge must be a SHA-256 in base64url without padding"}
	}
	return nil
}

// redeemCode gives tokens for a code. One that comes twice takes back what the
// first time gave (RFC 6749, section 4.1.2).
func (o *oauth) redeemCode(t tokenRequest, now time.Time) (tokenAnswer, *refusal) {
	no := func(why string) (tokenAnswer, *refusal) { return tokenAnswer{}, &refusal{"invalid_grant", why} }
	a := o.codes.find(t.form.Get("code"))
	if a == nil {
		return no("the code is not valid")
	}
	if a.used {
		a.from.revoked = true
		return no("the code was used before; the tokens it gave are revoked")
	}
	sum := sha256.Sum256([]byte(t.form.Get("code_verifier")))
	switch {
	case a.client != t.client:
		return no("the code belongs to another client")
	case a.redirect != t.form.Get("redirect_uri"):
		return no("redirect_uri is not the one the code was asked for with")
	case !now.Before(a.expires):
		return no("the code expired")
	case base64.RawURLEncoding.EncodeToString(sum[:]) != a.challenge:
		return no("code_verifier does not fit the code_challenge")
	}
	a.used = true
	return o.issue(t, a.from, a.scope, true, now), nil
}

// metadata describes the authorization server (RFC 8414). It is no OpenID
// provider, though it answers at the address of one, where many clients look
// first: it signs nothing and has no keys.
func (s *Server) metadata(w http.ResponseWriter, r *http.Request) {
	base := s.base(r)
	s.reply(w, r, http.StatusOK, struct {
		Issuer        string   `json:"issuer"`
		Authorization string   `json:"authorization_endpoint"`
		Token         string   `json:"token_endpoint"`
		Device        string   `json:"device_authorization_endpoint"`
		Responses     []string `json:"response_types_supported"`
		Grants        []string `json:"grant_types_supported"`
		Challenges    []string `json:"code_challenge_methods_supported"`
		ClientAuth    []string `json:"token_endpoint_auth_methods_supported"`
		TellsIssuer   bool     `json:"authorization_response_iss_parameter_supported"`
	}{base, base + "/oauth/authorize", base + "/oauth/token", base + "/oauth/device", []string{"code"}, grantTypes(),
		[]string{"S256"}, []string{"client_secret_basic", "client_secret_post", "none"}, true})
}
