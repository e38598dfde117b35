package session

import (
	"strings"
	"time"

	"sonde/session/http1"
)

// A Field is one header or trailer field, in the case it was sent or received.
type Field = http1.Field

// An Exchange is one request and its answer. Its number never changes. An
// Exchange is complete when [Session.Do] returns and must not be changed.
type Exchange struct {
	Number int
	Sent   *Sent // the request that got this answer: the last one, after redirects; never nil

	Proto         string // "HTTP/1.1", as received
	Status        int
	Reason        string // as received, may hold control characters; "" if there was none
	Header        []Field
	RawHead       []byte   // the final head as received, with its empty line
	Informational [][]byte // the heads of interim answers (1xx), in order
	Trailer       []Field

	Body      *Body  // decoded; never nil
	WireSize  int64  // bytes of the body on the wire: without chunk framing, before decoding
	Coding    string // content codings removed, as "gzip"; "" means none
	Truncated bool   // the body was cut at MaxDecoded or MaxBody

	Hops     []Hop     // the redirects before this answer, oldest first
	Attempts []Attempt // every request that was tried on a connection, the last one included
	Timing   Timing    // of the last request
	Elapsed  time.Duration
	Conn     ConnInfo
	Time     time.Time // when Do began

	SetCookies []SetCookie // cookies this answer and its redirects set, removed or tried to
	Err        *Error      // why the exchange is not whole: body incomplete, redirect not followed; nil if it is

	// Examined is for the caller: nothing in this package reads or sets it.
	Examined bool
}

// Sent is a request as it went over the wire.
type Sent struct {
	Method   string
	URL      string // without userinfo, with the fragment that was not sent
	Target   string // the request-target (RFC 9112, section 3.2)
	Header   []Field
	Proto    string   // "HTTP/1.1" or "HTTP/2"
	Secret   []bool   // Secret[i] says that the value of Header[i] is not to be shown
	Sources  []Source // Sources[i] says who set Header[i]
	Content  *Content // nil means no body
	BodySize int64    // bytes of the body that were sent, before chunk framing
	Origins
}

// A Hop is one redirect that was followed.
type Hop struct {
	Sent    *Sent // never nil
	Proto   string
	Status  int
	Reason  string
	Header  []Field
	RawHead []byte
	Body    []byte // what of it was read, undecoded; at most 64 KiB
	Timing  Timing
	Conn    ConnInfo
}

// An Attempt is one try to send a request on one connection.
type Attempt struct {
	Sent    *Sent // never nil
	Conn    ConnInfo
	Timing  Timing
	Hop     int           // how many redirects came before it
	Waited  time.Duration // before it, see [RetryRule]
	Why     AttemptReason
	Proto   string
	Status  int // 0 if no head came
	Reason  string
	Header  []Field
	RawHead []byte
	Body    []byte // what of it was read, undecoded, if another attempt followed; at most 64 KiB
	Err     *Error // nil if a head came
}

// An AttemptReason says why there was another attempt.
type AttemptReason uint8

// The reasons.
const (
	AttemptFirst     AttemptReason = iota // it is the first of its request
	AttemptDropped                        // the connection of the one before was gone, and repeating it was safe
	AttemptRetry                          // a [RetryRule] repeats it
	AttemptChallenge                      // the server asked for a login, which is sent now
	AttemptToken                          // the server did not take the token, and there is a new one
)

// Timing is how long the parts of one request took. A part that did not
// happen, such as the DNS lookup on a reused connection, is 0.
type Timing struct {
	DNS       time.Duration // name lookup
	Connect   time.Duration // TCP handshake
	Proxy     time.Duration // what a proxy was asked before it passed bytes on
	TLS       time.Duration // TLS handshake
	Send      time.Duration // writing the request
	FirstByte time.Duration // from the start of this request to the answer's first byte
	Total     time.Duration // from the start of this request to the body's end
}

// ConnInfo identifies the connection of a request.
type ConnInfo struct {
	ID         int           // from 1, in the order opened in this session; 0 means none was opened
	Reused     bool          // it had carried a request before
	Remote     string        // address and port
	Identity   string        // whose it is, see [Session.As]
	Proxy      string        // URL of the proxy it goes through, without its login; "" means none
	TLSVersion string        // "TLS 1.3"; "" without TLS
	TLSCipher  string        // "TLS_AES_128_GCM_SHA256"; "" without TLS
	Saved      time.Duration // handshake time that reusing it saved; 0 on a new connection
}

// HeaderValue returns the value of the answer's header field of that name,
// whatever its case; several are joined with ", " (RFC 9110, section 5.3).
func (x *Exchange) HeaderValue(name string) (string, bool) {
	return fieldValue(x.Header, name)
}

func fieldValue(fields []Field, name string) (value string, ok bool) {
	for i := range fields {
		if !strings.EqualFold(fields[i].Name, name) {
			continue
		}
		if ok {
			value += ", " + fields[i].Value
			continue
		}
		value, ok = fields[i].Value, true
	}
	return value, ok
}
