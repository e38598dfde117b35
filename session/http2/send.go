package http2

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	h2 "golang.org/x/net/http2"

	"sonde/session/http1"
)

const cancel = h2.ErrCodeCancel

// Send writes the request that Begin was given. The head and the start of the
// body go out in one write. The error is an http1.SourceError, what Before
// returned, or the connection's own.
//
// Send ends early, without an error, when nobody wants the rest of the body: the
// answer is whole, or it is an error (status 400 or more), or the server ended
// the exchange. ReadHead then tells. r.Sent was told how much went out.
func (c *Conn) Send(r *http1.Request) error {
	if !c.startSending() {
		return nil
	}
	defer c.stopSending()
	end := r.Body == nil || r.Length == 0
	c.appendHead(r, end)
	switch {
	case r.Body == nil:
		if err := c.write(c.out); err != nil {
			return err
		}
		c.allSent()
		return nil
	case end:
		if err := c.flush(r, 0); err != nil {
			return err
		}
		c.allSent()
		return nil
	}
	return c.sendBody(r)
}

// startSending says whether there is a point in it.
func (c *Conn) startSending() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sending = c.reset == nil
	return c.sending
}

func (c *Conn) stopSending() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sending = false
	c.settle()
	c.flushControl()
}

func (c *Conn) allSent() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sentAll = true
}

// sendBody sends what is in c.out and a body.
func (c *Conn) sendBody(r *http1.Request) error {
	for sent := int64(0); ; {
		block, last, err := c.readBlock(r, sent)
		if err != nil {
			return &http1.SourceError{Err: err}
		}
		if len(block) == 0 && last {
			c.appendData(nil, true)
		}
		over, err := c.sendBlock(r, block, sent, last)
		if err != nil || over {
			return err
		}
		if last {
			c.allSent()
			return nil
		}
		sent += int64(len(block))
	}
}

// readBlock reads the next part of a request's body: as much as there is room
// for if its length is known, else what its reader has.
func (c *Conn) readBlock(r *http1.Request, sent int64) (block []byte, last bool, err error) {
	size := int64(copyBuffer)
	if r.Length >= 0 {
		size = min(size, r.Length-sent)
	}
	if int64(cap(c.stage)) < size {
		c.stage = make([]byte, size)
	}
	block = c.stage[:size]
	if r.Length < 0 {
		n, err := r.Body.Read(block)
		if err == io.EOF {
			return block[:n], true, nil
		}
		return block[:n], false, err
	}
	n, err := io.ReadFull(r.Body, block)
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		err = fmt.Errorf("%w: %d of %d bytes", http1.ErrLength, sent+int64(n), r.Length)
	case err == nil:
		last = sent+int64(n) == r.Length
	}
	return block[:n], last, err
}

// sendBlock sends what is in c.out and a part of the body in DATA frames, as
// the server's windows allow. over says that nobody wants it any more.
func (c *Conn) sendBlock(r *http1.Request, block []byte, sent int64, last bool) (over bool, err error) {
	for {
		for n := c.reserve(len(block)); n > 0; n = c.reserve(len(block)) {
			c.appendData(block[:n], last && n == len(block))
			block, sent = block[n:], sent+int64(n)
		}
		if len(c.out) > 0 {
			if err := c.flush(r, sent); err != nil {
				return false, err
			}
		}
		if len(block) == 0 {
			return !last && c.noMore(), nil
		}
		if over, err := c.awaitWindow(); over || err != nil {
			return over, err
		}
	}
}

// reserve returns how many bytes the next DATA frame may have, at most n, and
// takes them off the windows.
func (c *Conn) reserve(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	room := max(0, min(int64(n), int64(c.peer.frame), c.peer.window, c.window))
	c.peer.window -= room
	c.window -= room
	if room > 0 {
		c.chatter.n = 0
	}
	return int(room)
}

// appendData appends a DATA frame to c.out.
func (c *Conn) appendData(p []byte, end bool) {
	flags := h2.Flags(0)
	if end {
		flags = h2.FlagDataEndStream
	}
	n := len(p)
	c.out = append(c.out, byte(n>>16), byte(n>>8), byte(n), byte(h2.FrameData), byte(flags))
	c.out = binary.BigEndian.AppendUint32(c.out, c.id)
	c.out = append(c.out, p...)
}

// flush writes c.out and empties it.
func (c *Conn) flush(r *http1.Request, sent int64) error {
	if r.Before != nil {
		if err := r.Before(); err != nil {
			return err
		}
	}
	if err := c.write(c.out); err != nil {
		return err
	}
	c.out = c.out[:0]
	if r.Sent != nil {
		r.Sent(sent)
	}
	return nil
}

// awaitWindow waits until the server lets more be sent, or over says that
// nobody wants it.
func (c *Conn) awaitWindow() (over bool, err error) {
	late := false
	if c.patience > 0 {
		defer time.AfterFunc(c.patience, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			late = true
			c.turn.Broadcast()
		}).Stop()
	}
	open := false
	err = c.until(func() bool {
		over, open = c.unwanted(), min(c.peer.window, c.window) > 0
		return over || open || late
	})
	if err == nil && !over && !open {
		err = os.ErrDeadlineExceeded
	}
	return over, err
}

func (c *Conn) noMore() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unwanted()
}

// unwanted says that nobody wants the rest of a request. The caller holds c.mu.
func (c *Conn) unwanted() bool {
	if _, bad := errors.AsType[*violation](c.err); bad {
		return true
	}
	return c.ended || c.reset != nil || c.head != nil && c.head.Status >= 400
}
