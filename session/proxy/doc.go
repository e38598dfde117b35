// Package proxy reaches an origin through a proxy: an HTTP proxy over plain TCP
// or TLS (CONNECT, RFC 9110, section 9.3.6), or a SOCKS5 one (RFC 1928). It
// also knows which proxy the environment variables name for an origin.
//
// A [Server] says where a proxy is and how to log in to it; [Parse] reads one
// from text and [Env.For] from the environment. [Server.Dial] makes the
// connection and hands it on: to the origin itself if it is a tunnel, to the
// proxy if the request is to go there in absolute-form, which
// [Server.Forwards] tells.
//
// The login is the proxy's alone. Inside a tunnel there is none of it, since
// CONNECT carried it; only a request in absolute-form needs the field that
// [Server.Authorization] gives. No error and no String shows a password.
//
// All of it is safe for concurrent use.
package proxy
