package http1

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

type bodyState int

const (
	bodyUnread bodyState = iota // no head was read yet, or the body is not at its end
	bodyDone
	bodyBroken
)

type framing int

const (
	byLength framing = iota
	byChunks
	byClose
)

// A Body reads the body of one answer, without its framing. Reads into a
// buffer of 16 KiB or more go straight to the connection. The error at the end
// is io.EOF, or an [IncompleteError].
type Body struct {
	conn    *Conn
	framing framing
	state   bodyState
	err     error
	left    int64 // bytes left of the body, or of the chunk
	length  int64
	got     int64
	inside  bool // a chunk was read whose line end was not
	trailer []Field
}

// An IncompleteError says that a body ended before its end.
type IncompleteError struct {
	Got, Want int64 // bytes; Want is -1 if the body did not tell
	Cause     string
	Err       error // io.ErrUnexpectedEOF, or the connection's own
}

// Error says how much came, of how much, and why no more.
func (e *IncompleteError) Error() string {
	if e.Want >= 0 {
		return fmt.Sprintf("incomplete body, %d of %d bytes: %s", e.Got, e.Want, e.Cause)
	}
	return fmt.Sprintf("incomplete body after %d bytes: %s", e.Got, e.Cause)
}

// Unwrap returns Err.
func (e *IncompleteError) Unwrap() error { return e.Err }

// Body returns the reader of the body whose head [Conn.ReadHead] returned last.
// It is valid until the next Send.
func (c *Conn) Body() *Body { return &c.body }

// Length returns the body's length in bytes, -1 if it is not told in advance.
func (b *Body) Length() int64 { return b.length }

// Received returns the number of bytes of the body read so far.
func (b *Body) Received() int64 { return b.got }

// Trailer returns the fields after a chunked body, once it is read.
func (b *Body) Trailer() []Field { return b.trailer }

func (b *Body) finish(state bodyState, err error) {
	b.state, b.err, b.left = state, err, 0
}

// Read reads from the body.
func (b *Body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	if b.framing == byChunks && b.left == 0 {
		if err := b.nextChunk(); err != nil {
			return 0, err
		}
	}
	if b.framing != byClose && int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.conn.br.Read(p)
	b.got += int64(n)
	if b.framing == byClose {
		return b.untilClose(n, err)
	}
	b.left -= int64(n)
	switch {
	case err != nil:
		return n, b.cut(err)
	case b.left > 0:
	case b.framing == byLength:
		b.finish(bodyDone, io.EOF)
	default:
		b.inside = true // its line end may come later; what is here goes out now
	}
	return n, nil
}

func (b *Body) untilClose(n int, err error) (int, error) {
	switch {
	case err == io.EOF:
		b.finish(bodyDone, io.EOF)
		if n == 0 {
			return 0, io.EOF
		}
	case err != nil:
		return n, b.cut(err)
	}
	return n, nil
}

// cut ends the body where the connection ended.
func (b *Body) cut(err error) error {
	cause := "the connection broke"
	if err == io.EOF {
		cause = "the server closed the connection"
	}
	return b.broken(cause, unexpected(err))
}

func (b *Body) broken(cause string, err error) error {
	b.finish(bodyBroken, &IncompleteError{Got: b.got, Want: b.length, Cause: cause, Err: err})
	return b.err
}

// nextChunk reads a chunk-size line, and after the last chunk the trailer
// (RFC 9112, section 7.1).
func (b *Body) nextChunk() error {
	if b.inside {
		if err := b.chunkEnd(); err != nil {
			return err
		}
		b.inside = false
	}
	line, err := b.line()
	if err != nil {
		return err
	}
	size, _, _ := bytes.Cut(line, []byte(";")) // extensions mean nothing to us
	size = bytes.TrimRight(size, " \t")
	n, perr := strconv.ParseUint(string(size), 16, 63)
	if perr != nil || len(size) > 16 || size[0] == '+' || bytes.IndexByte(size, '_') >= 0 {
		return b.broken("a malformed chunk size, "+Clip(line), io.ErrUnexpectedEOF)
	}
	if n == 0 {
		return b.readTrailer()
	}
	b.left = int64(n)
	return nil
}

// chunkEnd reads the line end after a chunk's data.
func (b *Body) chunkEnd() error {
	line, err := b.line()
	if err != nil {
		return err
	}
	if len(line) != 0 {
		return b.broken("a chunk longer than its size", io.ErrUnexpectedEOF)
	}
	return nil
}

func (b *Body) readTrailer() error {
	most := b.conn.limits.Usual()
	left := most.Head
	for range most.Lines {
		line, err := b.line()
		if err != nil {
			return err
		}
		if left -= len(line) + len("\r\n"); left < 0 {
			return b.broken("a trailer larger than "+most.head(), io.ErrUnexpectedEOF)
		}
		if len(line) == 0 {
			b.finish(bodyDone, io.EOF)
			return io.EOF
		}
		f, _, cause := parseField(string(line))
		if cause != "" {
			return b.broken("in the trailer: "+cause, io.ErrUnexpectedEOF)
		}
		b.trailer = append(b.trailer, f)
	}
	return b.broken("an endless trailer", io.ErrUnexpectedEOF)
}

// line reads one line of framing, without its CR LF.
func (b *Body) line() ([]byte, error) {
	line, err := b.conn.br.ReadSlice('\n')
	switch {
	case len(line) > maxChunkEnd || errors.Is(err, bufio.ErrBufferFull):
		return nil, b.broken("a chunk line of more than 4 KiB", io.ErrUnexpectedEOF)
	case err != nil:
		return nil, b.cut(err)
	case !bytes.HasSuffix(line, []byte("\r\n")):
		return nil, b.broken("a chunk line that ends without CR", io.ErrUnexpectedEOF)
	}
	return line[:len(line)-2], nil
}
