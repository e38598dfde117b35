package proxy

import (
	"context"
	"errors"
	"net"

	"sonde/session/neterr"
)

// A Phase is the part of reaching an origin through a proxy in which something
// went wrong.
type Phase string

// The phases, in order.
const (
	PhaseTargetDNS Phase = "dns"           // looking up the origin's name, which only socks5 does here
	PhaseDNS       Phase = "proxy dns"     // looking up the proxy's name
	PhaseConnect   Phase = "proxy connect" // making the TCP connection to the proxy
	PhaseTLS       Phase = "proxy tls"     // the TLS handshake with an https proxy
	PhaseProxy     Phase = "proxy"         // asking the proxy for the origin, and what a proxy is given as
)

// An Error is why there is no connection through a proxy, or why a text names
// none. No part of it has the proxy's password.
type Error struct {
	Phase   Phase
	Proxy   string // the proxy as host:port; "" if the text that should name it is at fault
	Text    string // the cause in words; it may have control characters a proxy sent
	Hint    string // something to type, "" if there is nothing
	Status  int    // the status code of the proxy's answer to CONNECT, 0 if there was none
	Timeout bool   // the context's deadline or the system's own limit was reached
	Err     error  // the underlying error, nil if an answer or a text is at fault
}

// Error returns the proxy, if it is known, and the cause.
func (e *Error) Error() string {
	if e.Proxy == "" {
		return e.Text
	}
	return "proxy " + e.Proxy + ": " + e.Text
}

// Unwrap returns the underlying error: the context's if its end is the cause.
func (e *Error) Unwrap() error { return e.Err }

// fail makes the error of a phase. If the context's end or a time limit is why,
// that is what it says; otherwise it says text.
func (s Server) fail(ctx context.Context, phase Phase, err error, text, hint string) *Error {
	e := &Error{Phase: phase, Proxy: s.Address(), Text: text, Hint: hint, Err: err}
	var limit net.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		e.Text, e.Hint, e.Err = "canceled", "", ctx.Err()
	case ctx.Err() != nil:
		e.Timeout, e.Text, e.Hint, e.Err = true, "no answer in time ("+doing(phase)+")", "", ctx.Err()
	case errors.As(err, &limit) && limit.Timeout():
		e.Timeout, e.Text, e.Hint = true, "no answer in time ("+doing(phase)+")", ""
	}
	return e
}

func doing(p Phase) string {
	switch p {
	case PhaseTargetDNS:
		return "looking up the origin's name"
	case PhaseDNS:
		return "looking up the proxy's name"
	case PhaseConnect:
		return "connecting to the proxy"
	case PhaseTLS:
		return "TLS handshake with the proxy"
	}
	return "waiting for the proxy"
}

// connectError says in words why there is no TCP connection to the proxy.
func (s Server) connectError(ctx context.Context, err error) *Error {
	const hint = "proxy off"
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return s.fail(ctx, PhaseDNS, err, "no such host", hint)
	case dns != nil:
		return s.fail(ctx, PhaseDNS, err, "name lookup: "+dns.Err, hint)
	case neterr.Refused(err):
		return s.fail(ctx, PhaseConnect, err, "connection refused", hint)
	case neterr.NoRoute(err):
		return s.fail(ctx, PhaseConnect, err, "no route to it", hint)
	}
	return s.fail(ctx, PhaseConnect, err, neterr.Cause(err), hint)
}
