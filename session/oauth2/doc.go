// Package oauth2 gets access tokens from an authorization server and renews
// them (RFC 6749). Three grants are known by a word each: "client", where a
// program speaks for itself (RFC 6749 section 4.4); "device", where a person
// confirms a code on whatever screen is at hand (RFC 8628); and "code", where a
// browser on this machine brings the answer back to a listener on the loopback
// interface (RFC 8252), bound to the login by PKCE (RFC 7636). Where the
// endpoints are is asked of the issuer (RFC 8414, OpenID Connect Discovery).
//
// The package sends nothing by itself. Each function is handed a [Do], so that
// the TLS settings, proxies and limits of whoever calls it hold for these
// requests too, and a clock. Endpoints must be https, except on the loopback
// interface: what is sent to them is worth a login.
//
// The functions are safe for concurrent use if the [Do] they are given is.
package oauth2

import (
	"context"
	"net/url"
)

// A Request is what a [Do] is asked to send.
type Request struct {
	Method string      // GET or POST
	URL    string      // absolute; https, or http to this machine
	Header [][2]string // names and values, in order; may hold a client secret
	Form   url.Values  // the body, as application/x-www-form-urlencoded; nil: no body
}

// A Response is what a server answered.
type Response struct {
	Status int
	Header func(name string) string // the first value of a field, "" if there is none; nil: no fields
	Body   []byte                   // decoded, and cut by the Do at a size it finds fit
}

// A Do sends one request and returns the answer, whatever its status. It adds
// Content-Type and Content-Length where there is a Form, no credentials of its
// own, and does not follow the redirect of a POST: its form holds secrets. The
// error is for a request that got no whole answer.
type Do func(ctx context.Context, r Request) (Response, error)
