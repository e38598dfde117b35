package http2

import (
	"encoding/binary"
	"errors"
	"time"

	h2 "golang.org/x/net/http2"
)

// A peer is what the server told about itself.
type peer struct {
	told         bool  // its first SETTINGS came
	window       int64 // bytes of DATA the connection may still send
	streamWindow int64 // what each new stream may send
	frame        int   // payload of the largest frame it takes
	table        uint32
	tableLow     uint32 // the least it was since it was last told to the encoder
	goaway       *EndError
}

// A header is that of a frame (RFC 9113, section 4.1).
type header struct {
	length int
	kind   h2.FrameType
	flags  h2.Flags
	stream uint32
}

func parseHeader(b []byte) header {
	return header{
		length: int(b[0])<<16 | int(b[1])<<8 | int(b[2]),
		kind:   h2.FrameType(b[3]), flags: h2.Flags(b[4]),
		stream: binary.BigEndian.Uint32(b[5:]) & largestWindow,
	}
}

// take takes a frame off the connection, whole, or a part of a DATA frame.
// Until then, whatever came of it stays in the buffer.
func (c *Conn) take() error {
	if c.data.open() {
		return c.hold()
	}
	b, err := c.br.Peek(frameHeader)
	if len(b) > 0 && !c.peer.told && (b[0] != 0 || len(b) > 3 && h2.FrameType(b[3]) != h2.FrameSettings) {
		b, _ = c.br.Peek(c.br.Buffered())
		return &violation{h2.ErrCodeProtocol, "the answer is not HTTP/2", append([]byte(nil), b...)}
	}
	if err != nil {
		return err
	}
	h := parseHeader(b)
	if h.length > maxFrame {
		return &violation{code: h2.ErrCodeFrameSize, cause: "the server sent a frame larger than it may"}
	}
	if h.kind == h2.FrameData {
		return c.openData(h)
	}
	if _, err := c.br.Peek(frameHeader + h.length); err != nil {
		return err
	}
	f, err := c.in.ReadFrame()
	if err != nil {
		return c.malformed(h, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.chatter.count(); err != nil {
		return err
	}
	return c.handle(f)
}

// wholeFrame says that a frame is in the buffer and can be taken without waiting.
func (c *Conn) wholeFrame() bool {
	n := c.br.Buffered()
	if n < frameHeader {
		return false
	}
	b, _ := c.br.Peek(frameHeader)
	return n >= frameHeader+parseHeader(b).length
}

// malformed says what the Framer found wrong.
func (c *Conn) malformed(h header, err error) error {
	v := &violation{code: h2.ErrCodeProtocol}
	if e, ok := errors.AsType[h2.ConnectionError](err); ok {
		v.code = h2.ErrCode(e)
	} else if e, ok := errors.AsType[h2.StreamError](err); ok {
		v.code = e.Code
	}
	v.cause = "the server sent a malformed or misplaced " + h.kind.String() + " frame (" + v.code.String() + ")"
	return v
}

// A chatter counts frames that bring an exchange no further. Many of them in a
// short time are an attack that keeps a client busy (CVE-2019-9512, -9515,
// -9518, and others).
type chatter struct {
	n     int
	since time.Time
}

// count counts one.
func (t *chatter) count() error {
	const (
		most = 1000
		slow = time.Minute // a thousand keep-alive pings in a quiet stream of events take longer
	)
	if t.n == 0 {
		t.since = time.Now()
	}
	if t.n++; t.n <= most {
		return nil
	}
	if time.Since(t.since) > slow {
		t.n = 0
		return nil
	}
	return &violation{code: h2.ErrCodeEnhanceYourCalm, cause: "the server sent more than 1000 control frames in a row"}
}

// handle does what a frame says. The caller holds c.mu.
func (c *Conn) handle(f h2.Frame) error {
	switch f := f.(type) {
	case *h2.SettingsFrame:
		return c.settings(f)
	case *h2.HeadersFrame:
		return c.openBlock(f)
	case *h2.ContinuationFrame:
		return c.addBlock(f.HeaderBlockFragment(), f.HeadersEnded())
	case *h2.WindowUpdateFrame:
		return c.widen(f.StreamID, int64(f.Increment))
	case *h2.PingFrame:
		if !f.IsAck() {
			c.controls.WritePing(true, f.Data)
		}
	case *h2.RSTStreamFrame:
		return c.resetBy(f)
	case *h2.GoAwayFrame:
		c.goAway(f)
	case *h2.PushPromiseFrame:
		return broke("the server pushed an answer, which it was told not to do")
	}
	return nil
}

// settings takes over what the server wants (RFC 9113, section 6.5).
func (c *Conn) settings(f *h2.SettingsFrame) error {
	if f.IsAck() {
		return nil
	}
	c.peer.told = true
	err := f.ForeachSetting(func(s h2.Setting) error {
		if err := s.Valid(); err != nil || s.ID == h2.SettingEnablePush && s.Val != 0 {
			return broke("the server sent a setting out of range")
		}
		switch s.ID {
		case h2.SettingInitialWindowSize:
			more := int64(s.Val) - c.peer.streamWindow
			c.peer.streamWindow += more
			return grow(&c.window, more)
		case h2.SettingMaxFrameSize:
			c.peer.frame = int(s.Val)
		case h2.SettingHeaderTableSize:
			c.peer.table = min(s.Val, hpackTable)
			c.peer.tableLow = min(c.peer.tableLow, c.peer.table)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.controls.WriteSettingsAck()
}

// widen lets more of the request's body be sent (RFC 9113, section 6.9).
func (c *Conn) widen(stream uint32, more int64) error {
	switch {
	case stream == 0:
		return grow(&c.peer.window, more)
	case stream == c.id:
		return grow(&c.window, more)
	}
	return c.known(stream, h2.FrameWindowUpdate)
}

// grow adds to a window of the server's, which has a limit.
func grow(window *int64, more int64) error {
	if *window += more; *window > largestWindow {
		return &violation{code: h2.ErrCodeFlowControl, cause: "the server let more be sent than HTTP/2 can count"}
	}
	return nil
}

// known lets a frame pass that is late for an exchange before this one.
func (c *Conn) known(stream uint32, kind h2.FrameType) error {
	if stream > c.id || stream%2 == 0 {
		return broke("the server sent %s for an exchange that does not exist", kind)
	}
	return nil
}

// resetBy ends the exchange the way the server wants it. A whole answer stands:
// a server may not care for the rest of a request (RFC 9113, section 8.1).
func (c *Conn) resetBy(f *h2.RSTStreamFrame) error {
	if f.StreamID != c.id {
		return c.known(f.StreamID, h2.FrameRSTStream)
	}
	c.sentAll = true // there is nobody to send to
	if c.ended || c.reset != nil {
		return nil
	}
	c.reset = &EndError{Code: uint32(f.ErrCode)}
	c.refused = f.ErrCode == h2.ErrCodeRefusedStream && c.head == nil
	return nil
}

// goAway notes that this exchange is the last one, or even too late (RFC 9113,
// section 6.8).
func (c *Conn) goAway(f *h2.GoAwayFrame) {
	c.peer.goaway = &EndError{Code: uint32(f.ErrCode), Conn: true, Debug: string(f.DebugData())}
	if f.LastStreamID < c.id && !c.ended && c.reset == nil {
		c.reset, c.refused = c.peer.goaway, c.head == nil
	}
}
