package session

// A Watch is told what happens while [Session.Do] runs, on the goroutine that
// called Do. Functions that are nil are not called. An error from Head or Body
// ends the exchange and its connection; Do returns it wrapped.
type Watch struct {
	Head     func(x *Exchange) error           // the final answer's head is in and x.Number is set
	Body     func(x *Exchange, p []byte) error // decoded bytes as they come; p is only valid during the call
	Sent     func(n, total int64)              // bytes of the request's body sent so far; total is -1 when unknown
	Received func(n, total int64)              // bytes of the answer's body received so far, before decoding; total is -1 when unknown
	Notice   func(n Notice)                    // something a person should know
}

// A Notice is one thing a person should know about a request that went on.
type Notice struct {
	Kind NoticeKind
	Text string // a sentence or two, secrets left out, control characters as received
	Hint string // something to type, "" if there is nothing
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
	NoticeDebug                         // worth knowing only when looking for a fault
)
