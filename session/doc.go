// Package session is a conversation with HTTP servers that remembers: what
// Python's requests.Session keeps (base URL, headers, parameters, credentials,
// cookies, proxies, certificates, open connections), together with every exchange
// as it went over the wire, numbered from 1.
//
// A request is described by a [Request] in the user's terms. [Session.Prepare]
// turns it into the exact bytes that would go, without a network;
// [Session.Do] sends those same bytes and follows redirects. What Prepare cannot
// show is what only the wire tells: the answer to a login challenge, a token that
// has to be fetched first, HTTP/2 before there is a connection that speaks it,
// and what a proxy is asked before it makes a tunnel.
//
// Three rules run through the package:
//
//   - A credential (auth, a secret header or parameter, a cookie set by hand,
//     a Cookie header typed for one request) goes only to the [Origin] it was
//     given for. Scheme, host and port must all be equal; the one exception is
//     a redirect from http on port 80 to https on port 443 of the same host.
//   - A request that changes something is never sent twice unasked. What can
//     safely be repeated is, and a [Notice] says so.
//   - The head of an answer is kept as it was received: order, case, repeated
//     fields, reason phrase.
//
// # Identities, routes, repeats
//
// Credentials, cookies, headers, parameters, a client certificate and the
// connections belong to an identity, of which a session has one to begin with;
// [Session.As] changes it. A connection is reused for its identity and route
// only: origin, proxy, certificate, CAs and version of HTTP. So a setting that
// changes holds from the next request on.
//
// What comes before what: the request, then the session, then the environment.
// [Sent] says for each part who set it, and who lost.
//
// A request is repeated by a [RetryRule], after a 401 that asks for a digest
// login or follows from an expired token, and without either where a kept
// connection was gone and repeating is safe. Every try is an [Attempt].
//
// # Order of header fields
//
// Host, User-Agent, Accept-Encoding, Accept, then the session's headers in the
// order typed, then the request's in the order typed, then Authorization,
// Cookie, Proxy-Authorization, Content-Type and Content-Length (or
// Transfer-Encoding). A header that overrides another stands in the place of the
// one it overrides. HTTP/2 has the same order behind its pseudo-header, with the
// names in lower case and without Host.
//
// A Session is one conversation and is not safe for concurrent use.
package session
