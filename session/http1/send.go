package http1

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A Request is what [Conn.Send] sends. The fields of Header go out as they
// are; one of them must frame the body, if there is one: Content-Length with
// Length, or Transfer-Encoding: chunked if Length is -1.
type Request struct {
	Method, Target string
	Header         []Field
	Body           io.Reader     // nil means none
	Length         int64         // of Body in bytes; -1 means unknown
	Sent           func(n int64) // told how much of Body is sent; nil means nobody wants to know
	Before         func() error  // called before each write of a request with a body; nil means nothing is to be done; an error ends the sending
}

// A SourceError says that the request's own body could not be read or did not
// have the length it claimed. The connection is useless.
type SourceError struct{ Err error }

// Error says that it is the request's body, and the cause.
func (e *SourceError) Error() string { return "request body: " + e.Err.Error() }

// Unwrap returns the error of the body's reader.
func (e *SourceError) Unwrap() error { return e.Err }

// ErrLength is the cause in a SourceError when a body ends before its length.
var ErrLength = errors.New("shorter than its Content-Length")

// AppendHead appends the request line and the fields, as they go over the
// wire, with the empty line. It does not check them.
func AppendHead(dst []byte, method, target string, header []Field) []byte {
	dst = append(dst, method...)
	dst = append(dst, ' ')
	dst = append(dst, target...)
	dst = append(dst, " HTTP/1.1\r\n"...)
	for i := range header {
		dst = append(dst, header[i].Name...)
		dst = append(dst, ": "...)
		dst = append(dst, header[i].Value...)
		dst = append(dst, '\r', '\n')
	}
	return append(dst, '\r', '\n')
}

// Check returns an [UnfitError] if the request cannot be sent as it is.
func (r *Request) Check() error {
	if err := CheckMethod(r.Method); err != nil {
		return err
	}
	if err := CheckTarget(r.Target); err != nil {
		return err
	}
	for i := range r.Header {
		if err := CheckField(r.Header[i].Name, r.Header[i].Value); err != nil {
			return err
		}
	}
	return nil
}

// Begin checks a request and gets ready for its exchange. Nothing is written;
// the error is an [UnfitError].
func (c *Conn) Begin(r *Request) error {
	if err := r.Check(); err != nil {
		return err
	}
	c.head, c.lines, c.body.state = 0, 0, bodyUnread
	c.ending = false
	for i := range r.Header {
		f := &r.Header[i]
		if len(f.Name) == len("Connection") && strings.EqualFold(f.Name, "Connection") && HasToken(f.Value, "close") {
			c.ending = true
		}
	}
	return nil
}

// Send writes the request that Begin was given. The head and the start of the
// body go out in one write. The error is a [SourceError], what Before
// returned, or the connection's own.
func (c *Conn) Send(r *Request) error {
	c.out = AppendHead(c.out[:0], r.Method, r.Target, r.Header)
	switch {
	case r.Body == nil:
		_, err := c.rw.Write(c.out)
		return err
	case r.Length < 0:
		return c.sendChunked(r)
	}
	return c.sendLength(r)
}

// sendLength sends what is in c.out and a body of known length.
func (c *Conn) sendLength(r *Request) error {
	for sent := int64(0); ; {
		head := len(c.out)
		c.room(min(copyBuffer, int(min(r.Length-sent, copyBuffer))+head))
		n, err := io.ReadFull(r.Body, c.out[head:min(int64(cap(c.out)), int64(head)+r.Length-sent)])
		c.out = c.out[:head+n]
		sent += int64(n)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return &SourceError{err}
		}
		if err != nil && sent < r.Length {
			return &SourceError{fmt.Errorf("%w: %d of %d bytes", ErrLength, sent, r.Length)}
		}
		if err := c.flush(r, sent); err != nil {
			return err
		}
		if sent == r.Length {
			return nil
		}
	}
}

// sendChunked sends what is in c.out and a body of unknown length, each block
// read as one chunk (RFC 9112, section 7.1).
func (c *Conn) sendChunked(r *Request) error {
	const sizeLine = len("0001fff0\r\n")
	for sent := int64(0); ; {
		head := len(c.out)
		c.room(max(copyBuffer, head+readBuffer))
		n, err := r.Body.Read(c.out[head+sizeLine : cap(c.out)-len("\r\n0\r\n\r\n")])
		c.out = c.out[:head]
		if n > 0 {
			size := strconv.FormatInt(int64(n), 16)
			c.out = append(c.out, "00000000"[len(size):]...)
			c.out = append(c.out, size...)
			c.out = append(c.out, "\r\n"...)
			c.out = append(c.out[:head+sizeLine+n], "\r\n"...)
			sent += int64(n)
		}
		if err == io.EOF {
			c.out = append(c.out, "0\r\n\r\n"...)
		} else if err != nil {
			return &SourceError{err}
		}
		if len(c.out) > 0 {
			if err := c.flush(r, sent); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// room makes c.out at least n bytes large, its content kept.
func (c *Conn) room(n int) {
	if cap(c.out) < n {
		c.out = append(make([]byte, 0, n), c.out...)
	}
	c.out = c.out[:cap(c.out)]
}

// flush writes c.out and empties it.
func (c *Conn) flush(r *Request, sent int64) error {
	if r.Before != nil {
		if err := r.Before(); err != nil {
			return err
		}
	}
	if _, err := c.rw.Write(c.out); err != nil {
		return err
	}
	c.out = c.out[:0]
	if r.Sent != nil {
		r.Sent(sent)
	}
	return nil
}
