package http1

import (
	"io"
	"strconv"
	"strings"
)

// frame finds out how the body of an answer ends (RFC 9112, section 6.3).
func (c *Conn) frame(method string, h *Head) error {
	c.body = Body{conn: c, framing: byLength}
	length, chunked, coded, err := h.framing()
	if err != nil {
		return err
	}
	if c.closes(h) {
		c.ending = true
	}
	b := &c.body
	switch {
	case method == "HEAD" || h.Status == 204 || h.Status == 304:
		b.finish(bodyDone, io.EOF)
	case chunked:
		b.framing, b.length = byChunks, -1
		if length >= 0 {
			h.warn("the answer has both Content-Length and Transfer-Encoding; chunks are read")
			c.ending = true
		}
	case coded:
		return &HeadError{Cause: "a transfer coding other than chunked", Raw: h.Raw}
	case length < 0:
		b.framing, b.length, b.left = byClose, -1, 0
		c.ending = true
	default:
		b.length, b.left = length, length
		if length == 0 {
			b.finish(bodyDone, io.EOF)
		}
	}
	return nil
}

// framing reads the fields that tell the body's end. length is -1 if none does.
func (h *Head) framing() (length int64, chunked, coded bool, err error) {
	length = -1
	codings := 0
	for i := range h.Header {
		f := &h.Header[i]
		switch {
		case len(f.Name) == len("Content-Length") && strings.EqualFold(f.Name, "Content-Length"):
			if length, err = h.contentLength(f.Value, length); err != nil {
				return 0, false, false, err
			}
		case len(f.Name) == len("Transfer-Encoding") && strings.EqualFold(f.Name, "Transfer-Encoding"):
			codings++
			chunked = codings == 1 && strings.EqualFold(f.Value, "chunked")
			coded = !chunked
		}
	}
	if coded {
		return 0, false, true, &HeadError{Cause: "a transfer coding other than chunked alone", Raw: h.Raw}
	}
	return length, chunked, coded, nil
}

// contentLength reads one Content-Length field, which may repeat the same
// number but not contradict one before it.
func (h *Head) contentLength(value string, before int64) (int64, error) {
	for part := range strings.SplitSeq(value, ",") {
		part = trimBlanks(part)
		n, err := strconv.ParseUint(part, 10, 63)
		if err != nil || part[0] == '+' {
			return 0, &HeadError{Cause: "the Content-Length " + Clip(value) + " is no number of bytes", Raw: h.Raw}
		}
		if before >= 0 && before != int64(n) {
			return 0, &HeadError{Cause: "two different Content-Lengths", Raw: h.Raw}
		}
		before = int64(n)
	}
	return before, nil
}

// closes says that the server will close the connection after this answer.
func (c *Conn) closes(h *Head) bool {
	keep := h.Proto != "HTTP/1.0"
	for i := range h.Header {
		f := &h.Header[i]
		if len(f.Name) != len("Connection") || !strings.EqualFold(f.Name, "Connection") {
			continue
		}
		if HasToken(f.Value, "close") {
			return true
		}
		if HasToken(f.Value, "keep-alive") {
			keep = true
		}
	}
	return !keep
}
