package http2

import (
	"strings"

	"sonde/session/http1"
)

// A stream is the state of one exchange. Conn.mu guards what Send and a reader
// both use.
type stream struct {
	id      uint32 // 1, 3, 5 and so on
	closing bool   // the request asked for the connection to be closed
	refused bool
	reset   *EndError // why the server ended it early
	body    Body

	sending bool
	sentAll bool  // nothing more will be sent: all is, or the stream is reset
	window  int64 // bytes of DATA that may be sent on it

	ended  bool  // the server sent all of the answer
	room   int64 // bytes of DATA that may come
	unread int64 // bytes that came and were taken, but are not given back to room

	block    block // the head or trailer that is being received
	size     int   // bytes of heads and trailer so far
	lines    int   // lines of them
	interim  [][]byte
	warnings []string
	head     *http1.Head // the final one, nil until it is whole
	length   int64       // what the head says of the body, -1 if nothing
	trailer  []http1.Field
}

// Begin checks a request and gets ready for its exchange. Nothing is written;
// the error is an http1.UnfitError.
func (c *Conn) Begin(r *http1.Request) error {
	if err := check(r); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	next := stream{id: c.id + 2, window: c.peer.streamWindow, room: streamWindow, length: -1}
	if c.id == 0 {
		next.id = 1
	}
	for i := range r.Header {
		if f := &r.Header[i]; strings.EqualFold(f.Name, "Connection") && http1.HasToken(f.Value, "close") {
			next.closing = true
		}
	}
	if c.peer.goaway != nil {
		next.reset, next.refused = c.peer.goaway, true
	}
	c.stream, c.held = next, nil
	c.body.conn = c
	return nil
}

// check says what of a request HTTP/2 has no place for.
func check(r *http1.Request) error {
	if err := r.Check(); err != nil {
		return err
	}
	if r.Method != "CONNECT" && r.Target[0] != '/' && r.Target != "*" {
		return &http1.UnfitError{What: "target", Cause: "over HTTP/2 it starts with a slash, or is *"}
	}
	return nil
}

// endStream notes that the answer is whole. The caller holds c.mu.
func (c *Conn) endStream() {
	c.ended = true
	c.settle()
}

// settle tells the server that the rest of a request will not come whose answer
// is whole already, so that the connection can be used again (RFC 9113, section
// 8.1). The caller holds c.mu.
func (c *Conn) settle() {
	if c.ended && !c.sentAll && !c.sending {
		c.controls.WriteRSTStream(c.id, cancel)
		c.sentAll = true
	}
}
