package session

import (
	"context"
	"io"
	"strings"
	"time"

	"sonde/session/http1"
	"sonde/session/neterr"
)

// largeBody is from where on an upload is watched for an early answer.
const largeBody = 64 << 10

// roundTrip sends the prepared request and reads the answer's head. What a
// dropped connection lost it repeats, if that is safe.
func (d *doing) roundTrip() (*http1.Head, *Error) {
	body, err := d.openBody()
	if err != nil {
		return nil, err
	}
	for again := false; ; again = true {
		d.began, d.timer, d.bodySent, d.final = d.s.now(), Timing{}, 0, ""
		if err := d.connect(again); err != nil {
			d.unread(body)
			d.attempt().Err = err
			return nil, err
		}
		before := d.link.wire.wrote.Load()
		d.s.requests++
		head, phase, cause := d.exchangeHeads(body)
		closeBody(body)
		last := d.attempt()
		if cause == nil {
			last.Proto, last.Status, last.Reason, last.Header, last.RawHead = head.Proto, head.Status, head.Reason, head.Header, head.Raw
			return head, nil
		}
		failed := d.fail(phase, cause)
		failed.Sent = d.link.wire.wrote.Load() > before && !d.link.refused()
		last.Err = failed
		gone := (neterr.Gone(cause) && failed.Raw == nil && d.link.info.Reused || d.link.refused()) && d.ctx.Err() == nil // a new one is not
		d.release(false)
		if !gone || again {
			return nil, failed
		}
		if body, err = d.reopen(failed); err != nil {
			last.Err = err
			return nil, err
		}
		d.why = AttemptDropped
	}
}

// attempt notes the attempt that has come to its end.
func (d *doing) attempt() *Attempt {
	d.timer.Total = d.s.now().Sub(d.began) // so far: all there is of one that fails
	d.facts = d.sentFacts()
	a := Attempt{Sent: d.facts, Timing: d.timer, Hop: len(d.hops), Waited: d.waited, Why: d.why}
	if d.link != nil {
		a.Conn = d.link.info
	}
	d.waited, d.why = 0, AttemptFirst
	d.attempts = append(d.attempts, a)
	return &d.attempts[len(d.attempts)-1]
}

// openBody opens the request's body before anything is sent.
func (d *doing) openBody() (io.ReadCloser, *Error) {
	if body := d.body; body != nil || d.sent.Content == nil {
		d.body = nil
		return body, nil
	}
	body, err := d.sent.Content.Open()
	if err != nil {
		return nil, &Error{Phase: PhaseRequest, Text: "request body: " + err.Error(), Err: err}
	}
	return body, nil
}

// unread closes a body that nothing was read of, or keeps it for the next
// attempt if there is no other way to have it again.
func (d *doing) unread(body io.ReadCloser) {
	if c := d.sent.Content; c != nil && !c.Again {
		d.body = body
		return
	}
	closeBody(body)
}

func closeBody(body io.ReadCloser) {
	if body != nil {
		body.Close()
	}
}

// reopen decides whether a request may be repeated that got no answer on a
// reused connection, and opens its body again.
func (d *doing) reopen(failed *Error) (io.ReadCloser, *Error) {
	host, method := failed.Host, d.sent.Method
	if c := d.sent.Content; c != nil && !c.Again {
		failed.Text = "connection dropped while the request was sent"
		d.final = "; not sent again because its body was a stream that cannot be rewound"
		return nil, failed
	}
	if failed.Sent && method != "GET" && method != "HEAD" && method != "OPTIONS" {
		failed.Text = "connection dropped after the request was sent; " + host + " may have acted on it"
		d.final = "; not sent again because " + method + " changes things"
		return nil, failed
	}
	if failed.Sent && d.r.NoRetry {
		failed.Text = "connection dropped after the request was sent"
		d.final = "; not sent again, as asked"
		return nil, failed
	}
	body, err := d.openBody()
	if err != nil {
		return nil, err
	}
	d.s.pool.stats.Dropped++
	if failed.Sent {
		d.tries.Total, d.tries.Read = d.tries.Total+1, d.tries.Read+1 // a repeat like any other
		d.notice(Notice{Kind: NoticeResent, Text: "sent twice: " + host + " closed the connection after the request went out"})
	} else if d.sent.Proto == protoHTTP2 {
		d.notice(Notice{Kind: NoticeDropped, Text: host + " had not looked at the request when it ended the connection; a new one was made. Nothing was lost."})
	} else {
		d.tellDropped(host)
	}
	return body, nil
}

func (d *doing) tellDropped(host string) {
	d.notice(Notice{Kind: NoticeDropped, Text: host + " had closed the idle connection; a new one was made. Nothing was lost."})
}

// connect finds or makes a connection for the request. With fresh it makes one.
func (d *doing) connect(fresh bool) *Error {
	s := d.s
	key := d.sent.route.key
	var closed, odd int
	d.link = nil
	if !fresh {
		d.link, closed, odd = s.pool.take(key)
	}
	if d.link != nil {
		s.pool.reused(d.link)
		d.link.Limit(s.headLimits()) // which may have been others before
	} else {
		ctx, cancel := d.connectLimit()
		l, err := s.dial(ctx, key)
		cancel()
		if err != nil {
			return err
		}
		d.link = l
		d.timer.DNS, d.timer.Connect, d.timer.Proxy, d.timer.TLS = l.cost.DNS, l.cost.Connect, l.cost.Proxy, l.cost.TLS
	}
	d.speak()
	if closed > 0 {
		d.tellDropped(key.origin.hostPort())
	}
	if odd > 0 {
		d.notice(Notice{Kind: NoticeDebug, Text: key.origin.hostPort() + " had sent something on the idle connection that nobody asked for; a new one was made"})
	}
	d.tellTLS(key)
	d.guard()
	return nil
}

// connectLimit returns the context for making a connection.
func (d *doing) connectLimit() (context.Context, context.CancelFunc) {
	limit := d.s.Settings.ConnectTimeout
	if !d.total.IsZero() {
		if left := time.Until(d.total); limit <= 0 || left < limit {
			return context.WithDeadlineCause(d.ctx, d.total, limitError(d.limit))
		}
	}
	if limit <= 0 {
		return d.ctx, func() {}
	}
	return context.WithTimeoutCause(d.ctx, limit, limitError(limit))
}

func (d *doing) tellTLS(key poolKey) {
	if key.verify == "off" {
		d.notice(Notice{Kind: NoticeTLS, Text: "the certificate of " + key.origin.hostPort() + " was not checked", Hint: "verify on"})
	}
	if d.link.weak != "" && !d.link.info.Reused {
		d.notice(Notice{Kind: NoticeTLS, Text: key.origin.hostPort() + ": " + d.link.weak})
	}
}

// guard makes the end of the context end what the connection does.
func (d *doing) guard() {
	d.stop = nil
	if d.ctx.Done() != nil {
		d.stop = context.AfterFunc(d.ctx, d.link.cancel)
	}
}

// release ends the use of the connection; it is kept for later if it can be.
func (d *doing) release(keep bool) {
	l := d.link
	d.link = nil
	if l == nil {
		return
	}
	if d.stop != nil && !d.stop() {
		keep = false
	}
	if keep && l.reusable() {
		d.s.pool.put(l)
		return
	}
	l.close()
}

// firstByte returns until when the answer must begin.
func (d *doing) firstByte() time.Time {
	return d.sooner(d.s.Settings.FirstByteTimeout)
}

// sooner returns the end of a limit that starts now, or the end of the whole
// request if that is sooner; zero if there is no limit.
func (d *doing) sooner(limit time.Duration) time.Time {
	if limit <= 0 {
		return d.total
	}
	if t := time.Now().Add(limit); d.total.IsZero() || t.Before(d.total) {
		return t
	}
	return d.total
}

// exchangeHeads sends the request and reads the answer's head.
func (d *doing) exchangeHeads(body io.ReadCloser) (*http1.Head, Phase, error) {
	out := &http1.Request{Method: d.sent.Method, Target: d.sent.Target, Header: d.sent.Header}
	if d.sent.Proto == protoHTTP2 {
		out.Header = d.sent.plain.Header
	}
	if body != nil {
		out.Body, out.Length = body, d.sent.Content.Length
		if d.sent.Chunked {
			out.Length = -1
		}
		out.Sent = d.progress
	}
	if err := d.link.Begin(out); err != nil {
		return nil, PhaseRequest, err
	}
	start := d.s.now()
	if body != nil && (out.Length < 0 || out.Length > largeBody) {
		return d.upload(out, start)
	}
	t := d.firstByte()
	d.link.limit(t, t)
	err := d.link.Send(out)
	sent := d.s.now()
	d.timer.Send = sent.Sub(start)
	if err != nil && !neterr.Gone(err) {
		return nil, PhaseSend, err
	}
	if waitErr := d.link.Await(); waitErr != nil {
		if err != nil {
			return nil, PhaseSend, err
		}
		return nil, PhaseWait, waitErr
	}
	d.timer.FirstByte = d.s.now().Sub(d.began)
	head, err := d.link.ReadHead(d.sent.Method)
	return head, PhaseWait, err
}

func (d *doing) progress(n int64) {
	d.bodySent = n
	if d.watch.Sent != nil {
		d.watch.Sent(n, d.sent.Content.Length)
	}
}

// isStream says that an answer goes on for as long as there is news.
func isStream(header []Field) bool {
	kind, _ := firstValue(header, "Content-Type")
	kind, _, _ = strings.Cut(kind, ";")
	switch strings.ToLower(trimBlanks(kind)) {
	case "text/event-stream", "application/x-ndjson":
		return true
	}
	return false
}
