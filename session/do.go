package session

import (
	"context"
	"io"
	"slices"
	"time"

	"sonde/session/http1"
	"sonde/session/retry"
	"sonde/session/secret"
)

// doing is the state of one call of Do.
type doing struct {
	s     *Session
	ctx   context.Context
	r     *Request
	watch Watch

	start time.Time     // by the session's clock
	limit time.Duration // from start to the end of the body, 0 for none
	total time.Time     // when that is over, zero for none

	hop   *hop
	sent  *Prepared
	facts *Sent         // of the last attempt
	body  io.ReadCloser // that can be opened only once, while nothing of it was read; nil if there is none
	link  *link
	stop  func() bool // ends the watch over ctx, nil if there is none
	timer Timing      // of the request under way
	began time.Time   // of the request under way

	hops     []Hop
	attempts []Attempt
	tries    retry.Tries
	waited   time.Duration // before the attempt that is next
	why      AttemptReason // there is another attempt
	final    string        // why the failed request is not sent again, for the end of its error; "" if there is nothing to say
	cookies  []SetCookie
	told     bool // credentials were kept back and that was said
	bodySent int64
}

// Do sends a request, follows redirects, reads the body, and remembers the
// exchange. The error is an [*Error]. The exchange is not nil whenever the
// head of an answer came, even if there is an error: the body may be
// incomplete, a redirect may lead nowhere, or what was to be tried again failed.
//
// Ending ctx ends the request within milliseconds, whatever it is doing; its
// connection is closed, the session and its other connections go on.
func (s *Session) Do(ctx context.Context, r *Request, w Watch) (*Exchange, error) {
	d := &doing{s: s, ctx: ctx, r: r, watch: w, start: s.now(), limit: s.Settings.Timeout}
	if r.Timeout > 0 {
		d.limit = r.Timeout
	}
	if d.limit > 0 {
		d.total = time.Now().Add(d.limit)
	}
	x, err := d.run()
	if !r.Unkept {
		s.failed = d.answerless(x, err)
	}
	if err != nil {
		return x, err
	}
	return x, nil
}

// answerless returns what is known of a request that got no answer, nil if it
// got one or never went out.
func (d *doing) answerless(x *Exchange, err *Error) *Exchange {
	if x != nil || err == nil || len(d.attempts) == 0 {
		return nil
	}
	last := d.attempts[len(d.attempts)-1]
	return &Exchange{Sent: last.Sent, Attempts: d.attempts, Hops: d.hops, Timing: last.Timing, Conn: last.Conn, Body: &Body{},
		Time: d.start, Elapsed: d.s.now().Sub(d.start), SetCookies: d.cookies, Err: err}
}

// Failed returns the last request if it got no answer at all: an exchange with
// number and status 0, which is not among those that are kept. It is nil if the
// last request was answered, or another answer was chosen since.
func (s *Session) Failed() *Exchange { return s.failed }

func (d *doing) run() (*Exchange, *Error) {
	var err error
	if d.hop, err = d.s.firstHop(d.r); err != nil {
		return nil, asError(err)
	}
	if err := d.ctx.Err(); err != nil {
		return nil, &Error{Phase: PhaseRequest, Text: "canceled", Err: err}
	}
	for {
		head, failed := d.request()
		if failed != nil {
			return d.lastAnswer(failed), failed
		}
		next, failed := d.redirect(head)
		if next == nil {
			return d.finish(head, failed)
		}
		d.leave(head)
		d.hop = next
		d.tries.Redirected()
	}
}

// request sends the request of a hop, as often as it takes: the answer's head
// is the one that stands.
func (d *doing) request() (*http1.Head, *Error) {
	defer func() {
		closeBody(d.body)
		d.body = nil
	}()
	for {
		if err := d.prepare(); err != nil {
			return nil, err
		}
		if len(d.hops) == 0 && len(d.attempts) == 0 {
			d.s.bind(d.hop.trail.first)
			d.rememberTyped()
		}
		d.tellWithheld()
		d.tellNetrc()
		head, failed := d.roundTrip()
		if head != nil {
			d.cookies = append(d.cookies, d.s.storeCookies(head.Header, d.hop.url, d.sent.host, d.s.now(), d.notice)...)
		}
		again, stopped := d.repeat(head, failed)
		if stopped != nil {
			return nil, stopped
		}
		if !again {
			return head, d.worded(failed)
		}
	}
}

// prepare puts the request together, with a token that has not expired.
func (d *doing) prepare() *Error {
	var err error
	if d.sent, err = d.s.build(d.r, d.hop); err != nil {
		return asError(err)
	}
	renewed, failed := d.freshToken()
	if !renewed || failed != nil {
		return failed
	}
	d.sent, err = d.s.build(d.r, d.hop)
	if err != nil {
		return asError(err)
	}
	return nil
}

// worded completes the failure that stands. Nil stays nil.
func (d *doing) worded(failed *Error) *Error {
	if failed == nil {
		return nil
	}
	failed.Text += d.final
	if len(d.hops) > 0 && d.ctx.Err() == nil {
		failed.Text, failed.Hint = failed.Text+" (redirected to "+shortURL(d.hop.url)+")", "--no-follow"
	}
	return failed
}

// asError returns the Error that err is.
func asError(err error) *Error {
	if e, ok := err.(*Error); ok {
		return e
	}
	return &Error{Phase: PhaseRequest, Text: err.Error(), Err: err}
}

func (d *doing) notice(n Notice) {
	if d.watch.Notice != nil {
		d.watch.Notice(n)
	}
}

// rememberTyped makes the secrets of the request's own line known.
func (d *doing) rememberTyped() {
	for _, e := range d.r.Headers {
		if !e.Remove && (e.Secret || secret.Name(e.Name)) {
			d.s.rememberField(e.Name, e.Value)
		}
	}
	for _, p := range d.r.Params {
		if !p.Remove && (p.Secret || secret.Param(p.Name)) {
			d.s.remember("", p.Value)
		}
	}
	if name, password, ok := d.hop.url.Userinfo(); ok {
		d.s.remember(name, password)
	}
}

// tellNetrc says, once for each state of the file, that .netrc is not as it
// should be.
func (d *doing) tellNetrc() {
	n := &d.s.world.logins
	if n.told || n.err == nil && n.warning == "" {
		return
	}
	n.told = true
	text := n.warning
	if n.err != nil {
		text = "not used: " + n.err.Error()
	}
	d.notice(Notice{Kind: NoticeWarning, Text: text})
}

func (d *doing) tellWithheld() {
	if d.told {
		return
	}
	if n, ok := d.sent.withheld.notice(); ok {
		d.told = true
		d.notice(n)
	}
}

// exchange returns the exchange as far as it is known when a head has come.
func (d *doing) exchange(head *http1.Head) *Exchange {
	return &Exchange{
		Sent:  d.facts,
		Proto: head.Proto, Status: head.Status, Reason: head.Reason,
		Header: head.Header, RawHead: head.Raw, Informational: head.Informational,
		Body: &Body{}, Hops: d.hops, Attempts: d.attempts,
		Timing: d.timer, Conn: d.link.info, Time: d.start, SetCookies: d.cookies,
	}
}

// sentFacts returns what is to be remembered of the request under way.
func (d *doing) sentFacts() *Sent {
	p := d.sent
	return &Sent{Method: p.Method, URL: p.URL.String(), Target: p.Target, Proto: p.Proto, Header: p.Header, Secret: p.Secret, Sources: p.Sources,
		Content: p.Content, BodySize: d.bodySent, Origins: p.Origins}
}

// finish reads the final answer's body. failed is why a redirect was not
// followed, nil if there was nothing to follow.
func (d *doing) finish(head *http1.Head, failed *Error) (*Exchange, *Error) {
	x := d.exchange(head)
	if !d.r.Unkept {
		d.s.log.add(x, d.s.Settings.KeepAnswers)
	}
	for _, odd := range head.Warnings {
		d.notice(Notice{Kind: NoticeWarning, Text: odd})
	}
	var err *Error
	if d.watch.Head != nil {
		if e := d.watch.Head(x); e != nil {
			err = d.handed(e)
		}
	}
	if err == nil {
		err = d.readBody(x, head)
	}
	now := d.s.now()
	x.Timing.Total, x.Elapsed = now.Sub(d.began), now.Sub(d.start)
	x.Attempts[len(x.Attempts)-1].Timing = x.Timing
	d.release(err == nil && !x.Truncated)
	if err == nil {
		err = failed
	}
	x.Err = err
	if !d.r.Unkept {
		d.s.log.settle(x, d.s.Settings.KeepBytes)
	}
	return x, err
}

// lastAnswer makes the last answer that came the one that stands when nothing
// came of what followed: the redirect it was led nowhere, or it was to be asked
// again. It returns nil if there was none.
func (d *doing) lastAnswer(err *Error) *Exchange {
	for i, last := range slices.Backward(d.attempts) {
		if last.Status == 0 {
			continue
		}
		x := &Exchange{
			Sent: last.Sent, Proto: last.Proto, Status: last.Status, Reason: last.Reason, Header: last.Header, RawHead: last.RawHead,
			Body: plainBody(last), Hops: d.hops[:min(last.Hop, len(d.hops))], Attempts: d.attempts, Timing: last.Timing, Conn: d.attempts[i].Conn,
			Time: d.start, Elapsed: d.s.now().Sub(d.start), SetCookies: d.cookies, Err: err,
		}
		if !d.r.Unkept {
			d.s.log.add(x, d.s.Settings.KeepAnswers)
		}
		return x
	}
	return nil
}

// plainBody returns the body of an answer that was let go, as far as it was read.
// A coded one is not decoded: it is no answer anybody asked for.
func plainBody(a Attempt) *Body {
	if _, coded := firstValue(a.Header, "Content-Encoding"); coded || len(a.Body) == 0 {
		return &Body{}
	}
	return &Body{parts: [][]byte{a.Body}, size: int64(len(a.Body))}
}
