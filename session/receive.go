package session

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"sonde/session/http1"
	"sonde/session/neterr"
)

// readBody reads the final answer's body into the exchange, decoded.
func (d *doing) readBody(x *Exchange, head *http1.Head) *Error {
	raw := d.link.Body()
	d.limitBody(raw, head)
	in, coded, err := d.decoded(x, raw)
	if err != nil {
		return err
	}
	k := sink{body: x.Body, to: d.r.SaveTo, length: raw.Length(), limit: d.bodyLimit(coded), over: d.s.Settings.SpillOver}
	if coded {
		k.length = -1
	}
	if err := k.start(int64(d.link.Buffered())); err != nil {
		return spillError(err)
	}
	failed := d.receive(x, raw, in, &k)
	k.finish()
	x.WireSize, x.Trailer = raw.Received(), raw.Trailer()
	if failed == nil && x.Status == 400 && d.hop.url.Scheme == "http" {
		d.tellTLSPort(x)
	}
	return failed
}

// limitBody sets until when the body may take. One that is here already needs
// no limit, and an event stream is exempt.
func (d *doing) limitBody(raw incoming, head *http1.Head) {
	if raw.Length() >= 0 && raw.Length() <= int64(d.link.Buffered()) {
		return
	}
	until := d.total
	if isStream(head.Header) {
		until = time.Time{}
	}
	d.link.limit(until, until)
}

func (d *doing) bodyLimit(coded bool) int64 {
	limit := d.s.Settings.MaxDecoded
	if !coded {
		limit = 0
	}
	if m := d.s.Settings.MaxBody; m > 0 && d.r.SaveTo == nil && (limit <= 0 || m < limit) {
		limit = m
	}
	return limit
}

// receive reads until the end of the body, a limit, or a failure.
func (d *doing) receive(x *Exchange, raw incoming, in io.Reader, k *sink) *Error {
	for {
		if moved, err := d.transfer(raw, k); err != nil {
			return err
		} else if moved {
			continue
		}
		p, full := k.space()
		if full {
			return d.overLimit(x, raw, in, k)
		}
		n, err := in.Read(p)
		if n > 0 {
			k.took(n)
			if e := d.hand(x, raw, k, p[:n]); e != nil {
				return e
			}
		}
		if err == io.EOF {
			return d.drainCoded(raw, in)
		}
		if err != nil {
			return d.incomplete(raw, k, err)
		}
	}
}

// transfer moves the next part of a large body past our memory into the file
// it is saved in, where nobody else wants to see it.
func (d *doing) transfer(raw incoming, k *sink) (moved bool, failed *Error) {
	const step = 8 << 20
	file, ok := k.to.(*os.File)
	if !ok || k.keep || k.length < 0 || k.limit > 0 || d.watch.Body != nil || d.link.info.TLSVersion != "" {
		return false, nil
	}
	n, moved, err := raw.Transfer(file, d.link.wire.Conn, step)
	k.body.size += n
	if n > 0 && d.watch.Received != nil {
		d.watch.Received(raw.Received(), raw.Length())
	}
	var path *fs.PathError
	switch {
	case err == nil:
		return moved, nil
	case neterr.Gone(err): // which the file puts its own name to
		err = &http1.IncompleteError{Got: raw.Received(), Want: raw.Length(), Cause: "the connection broke", Err: io.ErrUnexpectedEOF}
	case errors.As(err, &path) && !errors.Is(err, os.ErrDeadlineExceeded):
		return false, &Error{Phase: PhaseSave, Text: "saving the body: " + fileCause(err), Err: err, Sent: true}
	}
	return false, d.incomplete(raw, k, err)
}

// hand gives what came to those who want it.
func (d *doing) hand(x *Exchange, raw incoming, k *sink, p []byte) *Error {
	if moved, err := k.crossed(); err != nil {
		return spillError(err)
	} else if !moved && k.to != nil {
		if _, err := k.to.Write(p); err != nil {
			return &Error{Phase: PhaseSave, Text: "saving the body: " + fileCause(err), Err: err, Sent: true}
		}
	}
	if d.watch.Body != nil {
		if err := d.watch.Body(x, p); err != nil {
			return d.handed(err)
		}
	}
	if d.watch.Received != nil {
		d.watch.Received(raw.Received(), raw.Length())
	}
	return nil
}

// spillError words what is wrong with the place of temporary files.
func spillError(err error) *Error {
	return &Error{Phase: PhaseSave, Text: "keeping the body in a temporary file: " + fileCause(err), Hint: "get URL > FILE", Err: err, Sent: true}
}

// handed wraps an error of a Watch.
func (d *doing) handed(err error) *Error {
	if d.ctx.Err() != nil {
		return d.fail(PhaseBody, err)
	}
	return &Error{Phase: PhaseSave, Text: err.Error(), Err: err, Sent: true}
}

// overLimit cuts the body, unless it happens to end right at the limit.
func (d *doing) overLimit(x *Exchange, raw incoming, in io.Reader, k *sink) *Error {
	var one [1]byte
	for {
		n, err := in.Read(one[:])
		if n == 0 && err == nil {
			continue
		}
		if n == 0 && err == io.EOF {
			return d.drainCoded(raw, in)
		}
		if n == 0 {
			return d.incomplete(raw, k, err)
		}
		x.Truncated = true
		text := fmt.Sprintf("the body was truncated at %d MiB", k.limit>>20)
		if k.limit < 1<<20 {
			text = fmt.Sprintf("the body was truncated at %d bytes", k.limit)
		}
		hint := "set max-decoded off"
		if x.Coding == "" {
			hint = "get URL > FILE"
		}
		d.notice(Notice{Kind: NoticeTruncated, Text: text, Hint: hint})
		return nil
	}
}

// drainCoded reads what a decoder left unread, such as the last chunk.
func (d *doing) drainCoded(raw incoming, in io.Reader) *Error {
	if in == io.Reader(raw) {
		return nil
	}
	buf := make([]byte, 512)
	for range 128 {
		if _, err := raw.Read(buf); err != nil {
			if err == io.EOF {
				return nil
			}
			return d.fail(PhaseBody, err)
		}
	}
	return nil // too much of it; the connection is not used again
}

// incomplete says why a body ended early. What came of it is kept.
func (d *doing) incomplete(raw incoming, k *sink, err error) *Error {
	if d.ctx.Err() != nil || isTimeout(err) {
		return d.fail(PhaseBody, err)
	}
	e := &Error{Phase: PhaseBody, Host: d.hop.trail.now.hostPort(), Sent: true, Err: err}
	var cut *http1.IncompleteError
	if errors.As(err, &cut) {
		e.Text = cut.Error()
		return e
	}
	cause := strings.TrimPrefix(err.Error(), "gzip: ")
	if errors.Is(err, io.ErrUnexpectedEOF) {
		cause = "it ends in the middle"
	}
	e.Text = fmt.Sprintf("incomplete body after %d decoded bytes: %s", k.body.size, cause)
	return e
}

// tellTLSPort recognises how servers answer plain http at a TLS port.
func (d *doing) tellTLSPort(x *Exchange) {
	const longest = 1 << 10
	if x.Body.Len() > longest {
		return
	}
	text := string(x.Body.Bytes())
	if strings.Contains(text, "HTTPS server") || strings.Contains(text, "HTTPS port") {
		o := d.hop.trail.now
		host := o.hostPort()
		o.Scheme = "https"
		d.notice(Notice{Kind: NoticeWarning, Text: host + " speaks TLS at this port, and was asked over plain http", Hint: o.String()})
	}
}
