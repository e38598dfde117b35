package http2

import (
	"slices"

	h2 "golang.org/x/net/http2"
)

// A dataFrame is the rest of the DATA frame that is being read (RFC 9113,
// section 6.1).
type dataFrame struct {
	left int // bytes of content
	pad  int // bytes of padding after it
	end  bool
}

func (d *dataFrame) open() bool { return d.left > 0 || d.pad > 0 }

// openData takes the start of a DATA frame, up to its content.
func (c *Conn) openData(h header) error {
	if h.stream != c.id || c.ended || c.head == nil || c.block.open {
		return broke("the server sent a body where none may be")
	}
	skip, pad := frameHeader, 0
	if h.flags.Has(h2.FlagDataPadded) {
		b, err := c.br.Peek(frameHeader + min(h.length, 1))
		if err != nil {
			return err
		}
		if h.length == 0 || int(b[frameHeader]) >= h.length {
			return broke("the server sent a DATA frame with more padding than it has room for")
		}
		skip, pad = skip+1, int(b[frameHeader])
	}
	if int64(h.length) > c.room {
		return &violation{code: h2.ErrCodeFlowControl, cause: "the server sent more of the body than it may"}
	}
	c.br.Discard(skip)
	c.data = dataFrame{left: h.length + frameHeader - skip - pad, pad: pad, end: h.flags.Has(h2.FlagDataEndStream)}

	c.mu.Lock()
	defer c.mu.Unlock()
	c.room -= int64(h.length)
	c.used(h.length - c.data.left)
	if c.data.left > 0 {
		c.chatter.n = 0
	} else if err := c.chatter.count(); err != nil && !c.data.end {
		return err
	}
	c.closeData()
	return nil
}

// closeData notes the end of the body if this frame was its last and is read.
// The caller holds c.mu.
func (c *Conn) closeData() {
	if c.data.end && !c.data.open() {
		c.data.end = false
		c.endStream()
	}
}

// used counts bytes of DATA frames that their reader took, and lets the server
// send as many again, not for every few of them. The caller holds c.mu.
func (c *Conn) used(n int) {
	c.owed += int64(n)
	c.unread += int64(n)
	if c.owed >= connWindow/2 {
		c.controls.WriteWindowUpdate(0, uint32(c.owed))
		c.owed = 0
	}
	if c.unread >= streamWindow/2 && !c.ended && !c.data.end {
		c.controls.WriteWindowUpdate(c.id, uint32(c.unread))
		c.room += c.unread
		c.unread = 0
	}
}

// hold takes what has come of a DATA frame and keeps it for the body's reader,
// or drops its padding. What it can amount to is limited by the window.
func (c *Conn) hold() error {
	if c.data.left == 0 {
		n, err := c.br.Discard(c.data.pad)
		c.data.pad -= n
		c.mu.Lock()
		defer c.mu.Unlock()
		c.closeData()
		return err
	}
	c.held = slices.Grow(c.held, c.data.left)
	n, err := c.br.Read(c.held[len(c.held) : len(c.held)+c.data.left])
	c.held = c.held[:len(c.held)+n]
	c.data.left -= n
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeData()
	return err
}

// read reads from the part of the body that is here or on its way in the frame
// that has begun. p is not empty.
func (c *Conn) read(p []byte) (n int, err error) {
	if len(c.held) > 0 {
		n = copy(p, c.held)
		if c.held = c.held[n:]; len(c.held) == 0 {
			c.held = nil
		}
	} else {
		n, err = c.br.Read(p[:min(len(p), c.data.left)])
		c.data.left -= n
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.used(n)
	c.closeData()
	if err != nil {
		err = c.note(err)
	}
	c.flushControl()
	return n, err
}
