package http2

import (
	"fmt"

	h2 "golang.org/x/net/http2"

	"sonde/session/http1"
)

// CodeHTTP11Required is the code of an [EndError] with which a server asks for
// the same request over HTTP/1.1 (RFC 9113, section 7).
const CodeHTTP11Required = uint32(h2.ErrCodeHTTP11Required)

// An EndError says that the server ended an exchange, or announced the end of
// the connection, with one of HTTP/2's codes.
type EndError struct {
	Code  uint32 // RFC 9113, section 7
	Conn  bool   // the connection (GOAWAY), not only the exchange (RST_STREAM)
	Debug string // what the server added to a GOAWAY; may hold any byte
}

// Error says what the server ended and what its code means, and quotes what it
// added.
func (e *EndError) Error() string {
	text := "the server ended the exchange: "
	if e.Conn {
		text = "the server is closing the connection: "
	}
	text += codeWords(h2.ErrCode(e.Code))
	if e.Debug != "" {
		text += ", " + http1.Clip(e.Debug)
	}
	return text
}

// codeWords returns what an error code means, with its name.
func codeWords(code h2.ErrCode) string {
	words := ""
	switch code {
	case h2.ErrCodeNo:
		words = "no fault"
	case h2.ErrCodeProtocol:
		words = "it says this client broke the protocol"
	case h2.ErrCodeInternal:
		words = "a fault inside the server"
	case h2.ErrCodeFlowControl:
		words = "it says this client sent more than it may"
	case h2.ErrCodeSettingsTimeout:
		words = "it waited too long for its settings to be acknowledged"
	case h2.ErrCodeStreamClosed:
		words = "it got something after the end of the request"
	case h2.ErrCodeFrameSize:
		words = "it got a frame of a wrong size"
	case h2.ErrCodeRefusedStream:
		words = "refused without being processed"
	case h2.ErrCodeCancel:
		words = "canceled"
	case h2.ErrCodeCompression:
		words = "it could not read the compressed headers"
	case h2.ErrCodeConnect:
		words = "the tunnel broke"
	case h2.ErrCodeEnhanceYourCalm:
		words = "it is asked too much of"
	case h2.ErrCodeInadequateSecurity:
		words = "the TLS in use is too weak for it"
	case h2.ErrCodeHTTP11Required:
		words = "it wants HTTP/1.1 for this"
	default:
		return fmt.Sprintf("code %d", uint32(code))
	}
	return words + " (" + code.String() + ")"
}

// A violation is something received that HTTP/2 does not allow. It ends the
// connection.
type violation struct {
	code  h2.ErrCode
	cause string
	raw   []byte // of the head, if that is at fault
}

// Error returns the cause.
func (v *violation) Error() string { return v.cause }

// broke returns a violation that is the server's fault in general.
func broke(format string, args ...any) error {
	return &violation{code: h2.ErrCodeProtocol, cause: fmt.Sprintf(format, args...)}
}
