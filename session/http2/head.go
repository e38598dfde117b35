package http2

import (
	"bytes"
	"strconv"
	"strings"

	h2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"sonde/session/http1"
)

// A block is a field block (RFC 9113, section 4.3) that is being received: a
// head, or a trailer.
type block struct {
	open   bool
	last   bool // it ends the answer
	packed int  // bytes of it before decompression
	status string
	fields []http1.Field
	odd    []string // warnings
	fault  string   // what is wrong with it, "" if nothing
}

// openBlock takes a HEADERS frame. The caller holds c.mu.
func (c *Conn) openBlock(f *h2.HeadersFrame) error {
	if f.StreamID != c.id || c.ended {
		return broke("the server sent a head that belongs to no request")
	}
	c.block = block{open: true, last: f.StreamEnded()}
	return c.addBlock(f.HeaderBlockFragment(), f.HeadersEnded())
}

// addBlock takes one frame's part of a field block. Everything is limited on the
// way: what is packed, what is unpacked, and, as these frames count as chatter
// until the block ends, their number. The caller holds c.mu.
func (c *Conn) addBlock(part []byte, whole bool) error {
	b := &c.block
	b.packed += len(part)
	if cause := c.limits.Exceeded(b.packed, 0); cause != "" {
		return c.bad(cause)
	}
	_, err := c.dec.Write(part)
	if err == nil && whole {
		err = c.dec.Close()
	}
	if err != nil {
		return &violation{h2.ErrCodeCompression, "the answer's head is not compressed as it must be", b.render()}
	}
	if b.fault != "" {
		return c.bad(b.fault)
	}
	if !whole {
		return nil
	}
	b.open = false
	c.chatter.n = 0
	return c.closeBlock()
}

// bad returns the violation of a malformed block.
func (c *Conn) bad(cause string) error {
	if c.head != nil {
		return broke("in the trailer: %s", cause)
	}
	return &violation{h2.ErrCodeProtocol, cause, c.block.render()}
}

// field takes one decoded field from hpack.
func (c *Conn) field(f hpack.HeaderField) {
	b := &c.block
	if b.fault != "" {
		return
	}
	c.lines++
	c.size += len(f.Name) + len(f.Value) + len(": \r\n")
	over := c.limits.Exceeded(c.size, c.lines)
	switch {
	case over != "":
		b.fault = over
	case strings.HasPrefix(f.Name, ":"):
		b.fault = b.pseudo(f, c.head != nil)
	default:
		b.fault = b.add(f)
	}
}

// pseudo takes a pseudo-header field; an answer has one (RFC 9113, section 8.3.2).
func (b *block) pseudo(f hpack.HeaderField, trailer bool) (fault string) {
	switch {
	case trailer || f.Name != ":status":
		return "a pseudo-header that has no place there, " + http1.Clip(f.Name)
	case b.status != "":
		return "the :status more than once"
	case len(b.fields) > 0:
		return "the :status after other fields"
	case len(f.Value) != 3 || f.Value[0] < '1' || !digits(f.Value):
		return "the :status " + http1.Clip(f.Value) + " is no status code"
	}
	b.status = f.Value
	return ""
}

// closeBlock does what a whole block says. The caller holds c.mu.
func (c *Conn) closeBlock() error {
	b := &c.block
	if c.head != nil {
		if !b.last {
			return broke("the server sent a second head")
		}
		c.trailer = b.fields
		c.endStream()
		return nil
	}
	status, _ := strconv.Atoi(b.status)
	switch {
	case b.status == "":
		return c.bad("the answer's head has no :status")
	case status == 101:
		return c.bad("switched protocols, which HTTP/2 has no way to do")
	case status < 200 && b.last:
		return c.bad("the answer ends with an interim head")
	}
	raw := b.render()
	c.warnings = append(c.warnings, b.odd...)
	if status < 200 {
		c.interim = append(c.interim, raw)
		return nil
	}
	length, fault := contentLength(b.fields)
	if fault != "" {
		return c.bad(fault)
	}
	c.length = length
	c.head = &http1.Head{
		Proto: proto, Status: status, Header: b.fields,
		Raw: raw, Informational: c.interim, Warnings: c.warnings,
	}
	if b.last {
		c.endStream()
	}
	return nil
}

// render returns the head as text in the form of HTTP/1.1. What was received is
// compressed, and this is what it means, in the same order and case.
func (b *block) render() []byte {
	n := len("HTTP/2 200\r\n\r\n")
	for i := range b.fields {
		n += len(b.fields[i].Name) + len(b.fields[i].Value) + len(": \r\n")
	}
	var out bytes.Buffer
	out.Grow(n)
	out.WriteString(proto)
	if b.status != "" {
		out.WriteByte(' ')
		out.WriteString(b.status)
	}
	out.WriteString("\r\n")
	for i := range b.fields {
		out.WriteString(b.fields[i].Name)
		out.WriteString(": ")
		out.WriteString(b.fields[i].Value)
		out.WriteString("\r\n")
	}
	out.WriteString("\r\n")
	return out.Bytes()
}
