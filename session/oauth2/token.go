package oauth2

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A Token is what a login gives. It is secret as a whole.
type Token struct {
	Access  string        // goes behind "Bearer " in Authorization (RFC 6750)
	Refresh string        // gets the next token; "" if there is none
	Type    string        // "Bearer"
	Scope   string        // what it is good for, separated by blanks; "" if nobody said
	Expires time.Time     // zero: the server did not tell
	Life    time.Duration // how long it lasts from when it was given; 0: the server did not tell
}

// margin is how long before its end a token is taken to be over: a request
// takes time, and clocks differ.
const margin = 30 * time.Second

// Valid says that the token can be sent: there is one, and it lasts 30 seconds
// from now at the least, or half its life if that is less, as far as is known.
// The zero Token is not valid.
func (t Token) Valid(now time.Time) bool {
	left := margin
	if t.Life > 0 {
		left = min(margin, t.Life/2)
	}
	return t.Access != "" && (t.Expires.IsZero() || now.Add(left).Before(t.Expires))
}

// ClientCredentials gets a token for the client itself (RFC 6749 section 4.4).
// now is the clock Expires is counted from. The error is an [*Error], or that
// of do behind the endpoint's name.
func (c Config) ClientCredentials(ctx context.Context, do Do, now func() time.Time) (Token, error) {
	f := c.form("client_credentials")
	add(f, "scope", c.Scope)
	add(f, "audience", c.Audience)
	return c.token(ctx, do, now, f)
}

// Refresh gets the token after t (RFC 6749 section 6). The new one keeps the
// refresh token and the scope of t where the server sends none. A client grant
// without a refresh token asks anew instead. The error is as that of
// [Config.ClientCredentials]; one whose Code is invalid_grant says that the
// person has to log in again.
func (c Config) Refresh(ctx context.Context, do Do, now func() time.Time, t Token) (Token, error) {
	if t.Refresh == "" {
		if c.Grant == GrantClient {
			return c.ClientCredentials(ctx, do, now)
		}
		return Token{}, errors.New("no refresh token came with the login")
	}
	f := c.form("refresh_token")
	f.Set("refresh_token", t.Refresh)
	if t.Scope != "" {
		c.Scope = t.Scope // what no answer names is what there was
	}
	next, err := c.token(ctx, do, now, f)
	if err == nil && next.Refresh == "" {
		next.Refresh = t.Refresh
	}
	return next, err
}

// An issued is the answer of RFC 6749 section 5.1.
type issued struct {
	Access  string          `json:"access_token"`
	Refresh string          `json:"refresh_token"`
	Type    string          `json:"token_type"`
	Scope   json.RawMessage `json:"scope"`
	Expires json.RawMessage `json:"expires_in"`
}

// token sends a token request and makes a Token of the answer.
func (c Config) token(ctx context.Context, do Do, now func() time.Time, f url.Values) (Token, error) {
	// From before the request: late by the time it took is on the safe side.
	start := now()
	var got issued
	if err := c.post(ctx, do, tokenEndpoint, c.TokenURL, f, &got); err != nil {
		return Token{}, err
	}
	switch {
	case got.Access == "":
		return Token{}, &Error{Endpoint: tokenEndpoint, Description: "the answer has no access_token"}
	case !strings.EqualFold(got.Type, "Bearer"):
		return Token{}, &Error{Endpoint: tokenEndpoint, Description: "token_type is " + strconv.Quote(clean(got.Type, 40)) + ", not Bearer"}
	case !visible(got.Access) || !visible(got.Refresh):
		return Token{}, &Error{Endpoint: tokenEndpoint, Description: "a character in the token that no header can hold"}
	}
	t := Token{Access: got.Access, Refresh: got.Refresh, Type: "Bearer", Scope: scopeText(got.Scope)}
	if t.Scope == "" {
		t.Scope = c.Scope
	}
	if d := seconds(got.Expires); d > 0 {
		t.Expires, t.Life = start.Add(d), d
	}
	return t, nil
}

// visible says that a string is of the characters RFC 6749 appendix A allows in
// a token.
func visible(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// scopeText reads a scope. The RFC has a string; some servers send an array.
func scopeText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return strings.Join(list, " ")
	}
	return ""
}

// seconds reads a number of seconds, which some servers put in a string. It is
// 0 for what is no number, and a year for what is more.
func seconds(raw json.RawMessage) time.Duration {
	n, err := strconv.ParseFloat(string(bytes.Trim(raw, `"`)), 64)
	if err != nil && n == 0 || n != n {
		return 0
	}
	const year = 365 * 24 * 60 * 60
	return time.Duration(max(0, min(n, year)) * float64(time.Second))
}
