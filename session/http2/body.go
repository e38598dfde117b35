package http2

import (
	"io"

	"sonde/session/http1"
)

type bodyState int

const (
	bodyUnread bodyState = iota // no head was read yet, or the body is not at its end
	bodyDone
	bodyBroken
)

// A Body reads the body of one answer, without its framing. The error at the
// end is io.EOF, or an http1.IncompleteError.
type Body struct {
	conn   *Conn
	state  bodyState
	err    error
	length int64
	got    int64
}

// start makes the body ready after its head. The caller holds conn.mu.
func (b *Body) start(method string, status int, length int64) {
	b.length = length
	if method == "HEAD" || status == 204 || status == 304 {
		b.length = 0
	}
	if b.conn.ended && b.length <= 0 && !b.here() {
		b.length = 0
		b.finish(bodyDone, io.EOF)
	}
}

// Length returns the body's length in bytes, -1 if it is not told in advance.
func (b *Body) Length() int64 { return b.length }

// Received returns the number of bytes of the body read so far.
func (b *Body) Received() int64 { return b.got }

// Trailer returns the fields after the body, once it is read.
func (b *Body) Trailer() []http1.Field {
	if b.state != bodyDone {
		return nil
	}
	return b.conn.trailer
}

// Transfer moves nothing, and ok is false: what comes over HTTP/2 is in frames,
// which no file could take as they are. Read is the way.
func (b *Body) Transfer(io.ReaderFrom, io.Reader, int64) (n int64, ok bool, err error) {
	return 0, false, nil
}

func (b *Body) finish(state bodyState, err error) { b.state, b.err = state, err }

// here says that bytes of the body can be read or are on their way in a frame.
func (b *Body) here() bool { return len(b.conn.held) > 0 || b.conn.data.left > 0 }

// Read reads from the body. When all bytes of a body of known length are read,
// it waits for the server to say that this was all, even if p is empty.
func (b *Body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if len(p) == 0 && b.got != b.length {
		return 0, nil
	}
	for !b.here() {
		if b.conn.ended {
			return 0, b.end()
		}
		if err := b.conn.advance(); err != nil {
			return 0, b.cut(err)
		}
	}
	if b.length >= 0 {
		if b.got == b.length {
			return 0, b.broken("the server sent more than that", io.ErrUnexpectedEOF)
		}
		p = p[:min(int64(len(p)), b.length-b.got)]
	}
	n, err := b.conn.read(p)
	b.got += int64(n)
	if err != nil {
		return n, b.cut(err)
	}
	if b.conn.ended && !b.here() {
		if err := b.end(); err != io.EOF {
			return n, err
		}
	}
	return n, nil
}

// end ends the body where the server said it ends.
func (b *Body) end() error {
	if b.length >= 0 && b.got < b.length {
		return b.broken("the server ended it there", io.ErrUnexpectedEOF)
	}
	b.finish(bodyDone, io.EOF)
	return io.EOF
}

// cut ends the body where the connection or the exchange ended.
func (b *Body) cut(err error) error {
	switch e := err.(type) {
	case *violation:
		return b.broken(e.cause, io.ErrUnexpectedEOF)
	case *EndError:
		return b.broken(e.Error(), io.ErrUnexpectedEOF)
	}
	cause := "the connection broke"
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		cause = "the server closed the connection"
	}
	return b.broken(cause, unexpected(err))
}

func (b *Body) broken(cause string, err error) error {
	b.finish(bodyBroken, &http1.IncompleteError{Got: b.got, Want: b.length, Cause: cause, Err: err})
	return b.err
}
