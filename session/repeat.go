package session

import (
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"sonde/session/http1"
	"sonde/session/http2"
	"sonde/session/neterr"
	"sonde/session/proxy"
	"sonde/session/retry"
)

// repeat decides whether the request is sent again after an answer or a
// failure, and waits if that is to be later. The error is why the wait ended
// early.
func (d *doing) repeat(head *http1.Head, failed *Error) (again bool, stopped *Error) {
	if d.ctx.Err() != nil {
		return false, nil
	}
	if head != nil && d.answerChallenge(head) {
		return d.anew(head, AttemptChallenge, 0), nil
	}
	if head != nil && d.renewToken(head) {
		return d.anew(head, AttemptToken, 0), nil
	}
	rule, ok := d.s.ruleFor(d.hop.url)
	if !ok || d.r.NoRetry {
		return false, nil
	}
	o, ok := d.outcome(head, failed)
	if !ok {
		return false, nil
	}
	decision := rule.Next(&d.tries, o, d.s.now(), rand.Float64)
	if decision.Note != "" {
		d.notice(Notice{Kind: NoticeRetry, Text: decision.Note})
	}
	if !decision.Again {
		if decision.Why != "" {
			if d.tries.Total > 0 {
				d.final = "" // it was, until now
			}
			d.notice(Notice{Kind: NoticeRetry, Text: "not sent again: " + decision.Why})
		}
		return false, nil
	}
	w := Waiting{Left: decision.Wait, Total: decision.Wait, Attempt: d.tries.Total + 1, Server: decision.FromServer}
	if head != nil {
		w.Status, w.Reason = head.Status, head.Reason
	} else {
		w.Reason = failed.Error()
	}
	if rule.Total >= 0 {
		w.Of = rule.Total + 1
	}
	d.anew(head, AttemptRetry, decision.Wait)
	if err := d.pause(w); err != nil {
		return false, err
	}
	if d.limit > 0 {
		d.total = time.Now().Add(d.limit) // each attempt has it to itself
	}
	return true, nil
}

// anew lets go of an answer that is not the last, but for what is worth keeping
// of it.
func (d *doing) anew(head *http1.Head, why AttemptReason, wait time.Duration) bool {
	d.why, d.waited = why, wait
	if head == nil {
		return true
	}
	body, whole := d.drain()
	last := &d.attempts[len(d.attempts)-1]
	d.timer.Total = d.s.now().Sub(d.began)
	last.Timing, last.Body = d.timer, body
	d.release(whole)
	return true
}

// ruleFor returns the rule for a URL, that of the longest prefix.
func (s *Session) ruleFor(u *URL) (p retry.Policy, ok bool) {
	longest := -1
	for _, r := range s.Settings.Retries {
		if len(r.Prefix) > longest && (r.Prefix == "" || strings.HasPrefix(u.String(), r.Prefix)) {
			longest, p, ok = len(r.Prefix), r.Policy, true
		}
	}
	return p, ok
}

// outcome words what happened for the rule. ok is false for failures that
// another try would not change.
func (d *doing) outcome(head *http1.Head, failed *Error) (o retry.Outcome, ok bool) {
	o.Method, o.BodyAgain = d.sent.Method, d.sent.Content == nil || d.sent.Content.Again
	_, o.HasIdempotencyKey = firstValue(d.sent.Header, "Idempotency-Key")
	if head != nil {
		o.Kind, o.Status = retry.Answered, head.Status
		o.RetryAfter, _ = firstValue(head.Header, "Retry-After")
		return o, true
	}
	switch failed.Phase {
	case PhaseDNS, PhaseConnect, PhaseProxy:
		o.Kind = retry.ConnectFailed
		o.BodyAgain = true // not one byte of it was read
		var said *proxy.Error
		final := errors.As(failed.Err, &said) && said.Status > 0 && said.Status < 500
		return o, !isNoHost(failed) && !final
	case PhaseTLS:
		o.Kind = retry.ConnectFailed
		return o, failed.Timeout || neterr.Gone(failed.Err)
	case PhaseSend, PhaseWait:
		o.Kind = retry.ReadFailed
		if !failed.Sent {
			o.Kind = retry.ConnectFailed
		}
		return o, failed.Timeout || neterr.Gone(failed.Err) || endedByServer(failed.Err)
	}
	return o, false
}

// endedByServer says that an HTTP/2 server gave up a request, and may do better
// next time.
func endedByServer(err error) bool {
	var end *http2.EndError
	return errors.As(err, &end) && !needsHTTP1(err)
}

// pause waits until it is time for the next attempt.
func (d *doing) pause(w Waiting) *Error {
	const step = 100 * time.Millisecond
	end := time.Now().Add(w.Total)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		if d.watch.Waiting != nil {
			d.watch.Waiting(w)
		}
		if w.Left <= 0 {
			return nil
		}
		timer.Reset(min(w.Left, step))
		select {
		case <-timer.C:
		case <-d.ctx.Done():
			return &Error{Phase: PhaseWait, Host: d.hop.trail.now.hostPort(), Text: "canceled while waiting to try again", Sent: true, Err: d.ctx.Err()}
		}
		w.Left = max(time.Until(end), 0)
	}
}
