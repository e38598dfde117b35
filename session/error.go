package session

import (
	"context"
	"errors"
)

// A Phase is the part of an exchange in which something went wrong.
type Phase string

// The phases, in order.
const (
	PhaseURL      Phase = "url"      // the target makes no URL
	PhaseAuth     Phase = "auth"     // getting a token
	PhaseRequest  Phase = "request"  // a header, the method or the body is not fit to be sent
	PhaseDNS      Phase = "dns"      // looking up the host name
	PhaseConnect  Phase = "connect"  // making the TCP connection
	PhaseProxy    Phase = "proxy"    // reaching the origin through a proxy
	PhaseTLS      Phase = "tls"      // the TLS handshake, with the check of the certificate
	PhaseSend     Phase = "send"     // writing the request
	PhaseWait     Phase = "wait"     // from the request's end to the end of the answer's head
	PhaseBody     Phase = "body"     // reading or decoding the answer's body
	PhaseRedirect Phase = "redirect" // following a redirect
	PhaseSave     Phase = "save"     // handing the body to SaveTo or to a Watch
)

// An Error is why a request was not sent or has no whole answer. Its text has
// no secrets, but may have control characters a server sent.
type Error struct {
	Phase   Phase
	Host    string // the host, with its port where that is not the scheme's own; "" if none is involved
	Text    string // the cause in words
	Hint    string // something to type, on a line of its own if there are several, in `backticks` if words stand around it; "" if there is nothing
	Raw     []byte // what came instead of a head, nil if nothing did
	Timeout bool   // a time limit of the settings or the request was reached
	Sent    bool   // the server may have acted on the request
	Err     error  // the underlying error, may be nil
}

// Error returns the host, if there is one, and the cause.
func (e *Error) Error() string {
	if e.Host == "" {
		return e.Text
	}
	return e.Host + ": " + e.Text
}

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// Canceled says that the context of [Session.Do] ended the exchange.
func (e *Error) Canceled() bool { return errors.Is(e.Err, context.Canceled) }
