package http1

import (
	"bufio"
	"io"
)

// Sizes, in bytes.
const (
	readBuffer  = 16 << 10
	copyBuffer  = 128 << 10
	maxChunkEnd = 4 << 10 // bytes of one chunk-size line or of a trailer's line
)

// A Conn carries exchanges over one connection, one after the other: Begin,
// Send, Await, ReadHead, and Body to its end. A goroutine may call Send while
// another calls Await and ReadHead; nothing else may overlap.
type Conn struct {
	rw  io.ReadWriter
	br  *bufio.Reader
	out []byte // reused for the head and the start of the body
	raw []byte // reused for a head that does not fit the buffer

	limits Limits
	head   int  // bytes of the answer's heads so far
	lines  int  // lines of the answer's heads so far
	ending bool // one side said that this exchange is the last
	body   Body
}

// Limit sets the limits for the answers that follow.
func (c *Conn) Limit(l Limits) { c.limits = l }

// NewConn returns a Conn over rw, which the caller goes on to own.
func NewConn(rw io.ReadWriter) *Conn {
	return &Conn{rw: rw, br: bufio.NewReaderSize(rw, readBuffer)}
}

// Buffered returns the number of received bytes that nobody has read yet.
func (c *Conn) Buffered() int { return c.br.Buffered() }

// Await blocks until the first byte of an answer is there. Its error is the
// connection's own; io.EOF means that the server closed it.
func (c *Conn) Await() error {
	_, err := c.br.Peek(1)
	return err
}

// Reusable says whether the connection can carry another exchange: the body
// was read to its end, no side wants to close, and nothing more has come.
func (c *Conn) Reusable() bool {
	return !c.ending && c.body.state == bodyDone && c.br.Buffered() == 0
}
