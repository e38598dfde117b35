package session

import "time"

// A Watch is told what happens while [Session.Do] runs, on the goroutine that
// called Do. Functions that are nil are not called. An error from Head or Body
// ends the exchange and its connection; Do returns it wrapped.
type Watch struct {
	Head     func(x *Exchange) error           // the final answer's head is in and x.Number is set
	Body     func(x *Exchange, p []byte) error // decoded bytes as they come; p is only valid during the call
	Sent     func(n, total int64)              // bytes of the request's body sent so far; total is -1 when unknown
	Received func(n, total int64)              // bytes of the answer's body received so far, before decoding; total is -1 when unknown
	Notice   func(n Notice)                    // something a person should know
	Waiting  func(w Waiting)                   // the request is repeated after a while: when the wait starts, ten times a second, and with Left 0 when it is over
}

// A Waiting is a pause before a request is sent again.
type Waiting struct {
	Status  int    // of the answer that is not taken, 0 if there was none
	Reason  string // its reason phrase, or what went wrong; control characters as received
	Left    time.Duration
	Total   time.Duration
	Attempt int  // number of the attempt that follows, from 2
	Of      int  // how many there can be; 0 means that is not limited
	Server  bool // the server asked for the length of the wait (Retry-After)
}

// A Notice is one thing a person should know about a request that went on.
type Notice struct {
	Kind NoticeKind
	Text string // a sentence or two, secrets left out, control characters as received
	Hint string // something to type, on a line of its own if there are several; "" if there is nothing
}

// A NoticeKind says what a [Notice] is about.
type NoticeKind int

// The kinds of notices.
const (
	NoticeWarning     NoticeKind = iota // the answer breaks a rule but was accepted
	NoticeRedirect                      // a redirect is followed
	NoticeDropped                       // an idle connection was gone and has been replaced
	NoticeResent                        // the request went out twice
	NoticeCredentials                   // credentials were kept back from another origin; Hint says how to give some
	NoticeMethod                        // a redirect changed the method or dropped the body
	NoticeCookie                        // a cookie was refused
	NoticeTLS                           // the certificate was not checked, or is weak
	NoticeTruncated                     // the body was cut at a limit
	NoticeRetry                         // why a request is not repeated (any more)
	NoticeChallenge                     // the server asked for a login, which is sent now
	NoticeDebug                         // worth knowing only when looking for a fault
)
