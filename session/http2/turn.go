package http2

import (
	"errors"
	"io"
	"net"
	"os"

	h2 "golang.org/x/net/http2"
)

// until reads frames, or lets another goroutine do so, until done says that
// there is what the caller wants. done is called with c.mu held.
func (c *Conn) until(done func() bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !done() {
		if err := c.over(); err != nil {
			return err
		}
		if c.reading {
			c.turn.Wait()
			continue
		}
		c.reading = true
		c.mu.Unlock()
		err := c.step()
		c.mu.Lock()
		c.reading = false
		c.turn.Broadcast()
		if err != nil && !done() {
			return err
		}
	}
	return nil
}

// advance takes one step for a caller that nobody else overlaps with.
func (c *Conn) advance() error {
	c.mu.Lock()
	err := c.over()
	c.mu.Unlock()
	if err != nil {
		return err
	}
	return c.step()
}

// over returns why nothing more of this answer will come, nil if it may. The
// caller holds c.mu.
func (c *Conn) over() error {
	if c.reset != nil {
		return c.reset
	}
	return c.err
}

// step takes one frame, or a part of a DATA frame, off the connection, and
// writes what there is to say about it. The caller has the turn to read.
func (c *Conn) step() error {
	err := c.take()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flushControl()
	if err == nil && len(c.control) > mostControl {
		err = &violation{code: h2.ErrCodeEnhanceYourCalm, cause: "the server asks for replies and does not read them"}
	}
	if err != nil {
		err = c.note(err)
		c.flushControl()
	}
	return err
}

// mostControl is how many bytes of control frames may wait to be written.
const mostControl = 64 << 10

// note keeps an error that is for good, which a deadline is not, and returns
// what to tell the caller. The caller holds c.mu.
func (c *Conn) note(err error) error {
	if isTimeout(err) {
		return err
	}
	bad, ok := errors.AsType[*violation](err)
	switch {
	case ok:
		c.controls.WriteGoAway(0, bad.code, nil)
	case c.peer.goaway != nil && c.peer.goaway.Code != uint32(h2.ErrCodeNo):
		err = c.peer.goaway
	case c.br.Buffered() > 0 || c.block.open || c.data.open():
		err = unexpected(err)
	}
	if c.err == nil {
		c.err = err
	}
	return err
}

// flushControl writes what is in c.control, unless someone else is writing, who
// then does. Reading goes on if it cannot be written: the answer may well be on
// its way. The caller holds c.mu, which is let go meanwhile.
func (c *Conn) flushControl() {
	if c.broken != nil {
		c.control = c.control[:0]
	}
	for len(c.control) > 0 && c.greeted && !c.writing {
		p := c.control
		c.control = c.spare[:0]
		c.put(p)
		c.spare = p
	}
}

// write writes p when it is its turn, and then what others want to be written.
func (c *Conn) write(p []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.writing {
		c.turn.Wait()
	}
	c.greeted = true
	c.put(p)
	err := c.broken
	c.flushControl()
	return err
}

// put writes p. After an error, even a deadline, nobody knows how much of a
// frame is out, so there is no writing any more. The caller holds c.mu, which
// is let go meanwhile.
func (c *Conn) put(p []byte) {
	if c.broken != nil {
		return
	}
	c.writing = true
	c.mu.Unlock()
	_, err := c.rw.Write(p)
	c.mu.Lock()
	c.writing = false
	c.broken = err
	c.turn.Broadcast()
}

func isTimeout(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout() || errors.Is(err, os.ErrDeadlineExceeded)
}

// unexpected makes a clean end of the connection the end of something unfinished.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
