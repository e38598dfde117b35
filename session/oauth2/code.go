package oauth2

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"time"
)

// callbackPath is the path of the redirect URI.
const callbackPath = "/callback"

// patience is how long a browser may take.
const patience = 5 * time.Minute

// Code gets a token that a person confirms in a browser on this machine: the
// authorization code grant (RFC 6749 section 4.1) with PKCE (RFC 7636), the
// answer coming in on the loopback interface (RFC 8252). The redirect URI is
// http://127.0.0.1:PORT/callback with a port that is free just then: a server
// that has redirect URIs registered has to let the port vary (RFC 8252 section
// 7.3). tell is called once, with the address to open, and must return. Only an
// answer with the state of this login counts; what else comes in is turned away,
// and waiting goes on for five minutes or until ctx is done, which ends it at
// once. The listener is closed when Code returns. The error is an [*Error], that
// of ctx, that of do, or that of listening.
func (c Config) Code(ctx context.Context, do Do, now func() time.Time, tell func(address string)) (Token, error) {
	if _, cause := secureURL(c.AuthURL); cause != "" {
		return Token{}, &Error{Endpoint: authEndpoint, Description: "unfit URL: " + cause}
	}
	state, verifier := rand.Text(), newVerifier()
	l, err := listen(ctx, state)
	if err != nil {
		return Token{}, fmt.Errorf("listener for the browser: %w", err)
	}
	defer l.close()
	tell(c.authorization(l.redirect, state, challenge(verifier)))
	answer, err := l.wait(ctx, patience)
	if err != nil {
		return Token{}, err
	}
	code, err := c.accept(answer)
	if err != nil {
		return Token{}, err
	}
	f := c.form("authorization_code")
	f.Set("code", code)
	f.Set("redirect_uri", l.redirect)
	f.Set("code_verifier", verifier)
	return c.token(ctx, do, now, f)
}

// authorization returns the address the browser is sent to. What AuthURL has of
// parameters stays (RFC 6749 section 3.1).
func (c Config) authorization(redirect, state, challenge string) string {
	f := url.Values{
		"response_type": {"code"}, "client_id": {c.ClientID}, "redirect_uri": {redirect}, "state": {state},
		"code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	add(f, "scope", c.Scope)
	add(f, "audience", c.Audience)
	add(f, "resource", c.Resource)
	u, _ := url.Parse(c.AuthURL) // was parsed before
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += f.Encode()
	return u.String()
}

// accept takes the code out of an answer whose state was right, or the error it
// is. An answer by another issuer is the mix-up that RFC 9207 is against.
func (c Config) accept(answer url.Values) (code string, err error) {
	e := &Error{Endpoint: authEndpoint}
	iss, named := answer.Get("iss"), answer.Has("iss")
	switch {
	case named && c.Issuer != "" && iss != c.Issuer:
		e.Description = "the answer is from the issuer " + iss + ", not from " + c.Issuer
	case !named && c.RequireIss:
		e.Description = "the answer does not name its issuer"
	case answer.Has("error"):
		e.Code, e.Description, e.URI = answer.Get("error"), answer.Get("error_description"), answer.Get("error_uri")
	case answer.Get("code") == "":
		e.Description = "the answer has an empty code"
	default:
		return answer.Get("code"), nil
	}
	e.hide([]string{answer.Get("code"), answer.Get("state")})
	return "", e.tidy()
}

// newVerifier returns a code verifier of 256 bits in 43 characters (RFC 7636
// section 4.1).
func newVerifier() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// challenge returns the S256 challenge for a verifier (RFC 7636 section 4.2).
func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
