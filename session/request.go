package session

import (
	"bytes"
	"io"
	"time"
)

// A Request is one request in the user's terms, before the session's settings
// are merged into it. Method and Target are all it needs.
type Request struct {
	Method  string // as sent; methods are case-sensitive (RFC 9110, section 9.1)
	Target  Target
	Headers []HeaderEdit  // in the order typed; they win over the session's
	Params  []ParamEdit   // in the order typed; they win over the session's
	Content *Content      // nil means no body; POST, PUT and PATCH then send Content-Length: 0
	Timeout time.Duration // until the end of the body; 0 means the settings'

	NoFollow bool      // a redirect is the answer
	NoRetry  bool      // what the server may have seen is not sent again, not even where that is safe
	Unkept   bool      // the exchange gets no number and is not remembered, see [Session.Keep]
	Proxy    string    // instead of the session's, see Settings.Proxy; "" means the session's
	HTTP1    bool      // HTTP/2 is not offered
	Accept   string    // default Accept value; "" means */*, or one that prefers JSON when Content is JSON
	SaveTo   io.Writer // nil keeps the body in memory; else decoded bytes are written here as they come, see [Body]
}

// A Target is the URL of a request as it was typed.
type Target struct {
	Text string // see [Session.Resolve]

	// FromQuery says that Text is a URL that came out of a body. It is then a
	// reference (RFC 3986, section 4.1) resolved against the base's origin
	// instead of being appended to the base's path, and characters that would
	// be refused when typed are percent-encoded.
	FromQuery bool
}

// A HeaderEdit changes the header of one request. Names match whatever their
// case. A name may be given several times; all are sent.
type HeaderEdit struct {
	Name, Value string
	Remove      bool // leave out an inherited or default header
	Empty       bool // send it with an empty value
	Secret      bool // goes to the request's own origin only and is masked
}

// A ParamEdit changes the query parameters of one request. Names are
// case-sensitive. A name may be given several times; all are sent.
type ParamEdit struct {
	Name, Value string
	Remove      bool // leave out an inherited parameter
	Secret      bool // masked when shown
}

// Content is the body of a request.
type Content struct {
	Type   string                        // Content-Type; "" sends none
	Length int64                         // in bytes; -1 means unknown and sends it chunked
	Open   func() (io.ReadCloser, error) // the bytes from their start
	Again  bool                          // Open may be called more than once, so the body can be sent again
	Show   func() []byte                 // the bytes if they are at hand, nil if streamed; Show itself may be nil
}

// BytesContent returns a body that is at hand.
func BytesContent(mediaType string, body []byte) *Content {
	return &Content{
		Type: mediaType, Length: int64(len(body)), Again: true,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil },
		Show: func() []byte { return body },
	}
}
