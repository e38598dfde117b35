// Package http2 speaks HTTP/2 (RFC 9113) over one connection, as a client that
// has one exchange at a time.
//
// A [Conn] has the methods of an http1.Conn, with the same meaning, and takes
// its place where a server prefers HTTP/2. It keeps the same promises: fields in
// the order they came, every interim head, what is malformed is an error and
// never a guess. Requests and heads are http1's types.
//
// There is no goroutine behind a Conn. Whoever waits for something reads the
// connection meanwhile, one frame at a time, and does what that frame asks for;
// if two wait, one reads and the other is told. So a deadline on the connection
// ends whatever is being done, and an idle connection costs nothing.
//
// A deadline may come in the middle of a frame, and [Conn.Probe] goes on after
// one. Therefore no frame is taken from the buffer before all of it is there:
// then the Framer of golang.org/x/net, which could not resume, reads it without
// waiting. DATA frames are the exception, as HTTP/2 would otherwise cost every
// body a copy: their few bytes of framing are read here and their content goes
// from the buffer to its reader.
package http2

import (
	"bufio"
	"bytes"
	"errors"
	"math"
	"net"
	"sync"
	"time"

	h2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"sonde/session/http1"
)

// Sizes, in bytes.
const (
	frameHeader   = 9        // section 4.1
	maxFrame      = 16 << 10 // payload of a frame that everybody has to take, section 4.2
	readBuffer    = 32 << 10 // has room for a whole frame
	copyBuffer    = 128 << 10
	firstWindow   = 1<<16 - 1 // of a connection and of a stream, until told otherwise, section 6.9.2
	largestWindow = 1<<31 - 1
	streamWindow  = 4 << 20 // what one answer may send ahead of its reader
	connWindow    = 1 << 30 // with one stream at a time, that stream's window is the limit
	hpackTable    = 4 << 10 // section 6.5.2
)

// A Conn carries exchanges over one connection, one after the other: Begin,
// Send, Await, ReadHead, and Body to its end. A goroutine may call Send while
// another calls Await and ReadHead; nothing else may overlap.
type Conn struct {
	rw       net.Conn
	scheme   string
	patience time.Duration
	limits   http1.Limits

	// These belong to whoever has the turn to read.
	br   *bufio.Reader
	in   *h2.Framer
	dec  *hpack.Decoder
	data dataFrame
	held []byte // of the body: came while Send was reading

	// These belong to Send.
	out    []byte // what the next write writes
	frame  *h2.Framer
	enc    *hpack.Encoder
	packed bytes.Buffer // what enc wrote
	stage  []byte       // a part of the request's body

	mu       sync.Mutex
	turn     sync.Cond // somebody read a frame, or has written
	reading  bool
	writing  bool
	greeted  bool   // the preface is out
	control  []byte // frames to write when nobody else does
	controls *h2.Framer
	spare    []byte // the next control
	err      error  // nothing more can be read
	broken   error  // nothing more can be written

	peer    peer
	chatter chatter
	owed    int64 // what of the connection's receive window was used and not given back
	stream
}

// NewConn returns a Conn over rw, which the caller goes on to own and may set
// deadlines on. On rw nothing has been read or written but a TLS handshake that
// agreed on "h2". scheme, "https" or "http", is told to the server. Nothing is
// written before the first Send.
func NewConn(rw net.Conn, scheme string) *Conn {
	c := &Conn{rw: rw, scheme: scheme, br: bufio.NewReaderSize(rw, readBuffer)}
	c.turn.L = &c.mu
	c.controls = h2.NewFramer(appender{&c.control}, nil)
	c.in = h2.NewFramer(nil, c.br)
	c.in.SetMaxReadFrameSize(maxFrame)
	c.dec = hpack.NewDecoder(hpackTable, c.field)
	c.frame = h2.NewFramer(appender{&c.out}, nil)
	c.enc = hpack.NewEncoder(&c.packed)
	c.peer = peer{window: firstWindow, streamWindow: firstWindow, frame: maxFrame, table: hpackTable, tableLow: hpackTable}
	return c
}

// An appender is an io.Writer that appends.
type appender struct{ to *[]byte }

// Write appends p.
func (a appender) Write(p []byte) (int, error) {
	*a.to = append(*a.to, p...)
	return len(p), nil
}

const proto = "HTTP/2"

// Limit sets the limits for the answers that follow. The server is told, as a
// hint, the one that holds at the first Send.
func (c *Conn) Limit(l http1.Limits) { c.limits = l }

// listSize is the size of a head that the server is told (RFC 9113, section
// 6.5.2, SETTINGS_MAX_HEADER_LIST_SIZE).
func (c *Conn) listSize() uint32 {
	return uint32(min(int64(c.limits.Usual().Head), math.MaxUint32))
}

// LimitWait sets how long Send may wait at a stretch for the server to let more
// of a body be sent, 0 for no limit. Such a wait is no write, which a deadline
// could end. It ends with os.ErrDeadlineExceeded. If no other goroutine is
// reading, Send is, and the read deadline is what counts.
func (c *Conn) LimitWait(d time.Duration) { c.patience = d }

// Await blocks until something of an answer is there, which may be malformed.
// Its error is the connection's own, io.EOF meaning that the server closed it,
// or an [EndError].
func (c *Conn) Await() error {
	err := c.until(func() bool { return c.head != nil || len(c.interim) > 0 || c.block.open })
	if _, ok := errors.AsType[*violation](err); ok {
		return nil
	}
	return err
}

// ReadHead waits for interim heads and the final head of the answer to a
// request with that method, and makes [Conn.Body] ready. Its error is an
// http1.HeadError, an [EndError], or the connection's own if nothing came.
func (c *Conn) ReadHead(method string) (*http1.Head, error) {
	err := c.until(func() bool { return c.head != nil })
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		return nil, c.headError(err)
	}
	c.body.start(method, c.head.Status, c.length)
	return c.head, nil
}

func (c *Conn) headError(err error) error {
	bad, ok := errors.AsType[*violation](err)
	switch {
	case ok:
		return &http1.HeadError{Cause: bad.cause, Raw: bad.raw}
	case c.block.open && !isTimeout(err):
		return &http1.HeadError{Cause: "the answer's head is cut", Raw: c.block.render(), Err: unexpected(err)}
	}
	return err
}

// Body returns the reader of the body whose head [Conn.ReadHead] returned last.
// It is valid until the next Begin.
func (c *Conn) Body() *Body { return &c.body }

// Buffered returns how many bytes of the body can be read without waiting, if
// they are its last ones, else 0.
func (c *Conn) Buffered() int {
	if c.data.open() || len(c.held) > 0 {
		return 0
	}
	b, _ := c.br.Peek(min(c.br.Buffered(), frameHeader))
	if len(b) < frameHeader {
		return 0
	}
	h := parseHeader(b)
	if h.kind != h2.FrameData || h.flags != h2.FlagDataEndStream || h.stream != c.id || c.br.Buffered() < frameHeader+h.length {
		return 0
	}
	return h.length
}

// Reusable says whether the connection can carry another exchange: both sides
// have ended this one in order, and the server has not announced that it will
// close the connection.
func (c *Conn) Reusable() bool {
	if c.closing || c.body.state != bodyDone {
		return false
	}
	for c.wholeFrame() {
		if c.advance() != nil {
			return false
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err == nil && c.broken == nil && c.peer.goaway == nil && c.sentAll && c.id < largestWindow-2
}

// Refused says, after a failure, that the server has not processed the request
// and never will: repeating it on another connection is safe whatever its
// method (RFC 9113, section 8.7).
func (c *Conn) Refused() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refused
}

// Probe does what an idle server asked for, such as answering its pings, and
// returns nil if the connection can still carry an exchange. The caller has set
// a read deadline, which Probe waits for. The error is an [EndError] if the
// server has announced that it will close the connection, io.EOF if it did,
// or says what came that nobody asked for.
func (c *Conn) Probe() error {
	for {
		switch err := c.advance(); {
		case err == nil:
		case isTimeout(err):
			return c.announced()
		default:
			return err
		}
	}
}

// announced returns what a GOAWAY said, nil if there was none.
func (c *Conn) announced() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.peer.goaway == nil {
		return nil
	}
	return c.peer.goaway
}
