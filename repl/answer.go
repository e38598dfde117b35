package repl

import (
	"context"
	"io"
	"strings"

	"sonde/repl/line"
	"sonde/repl/render"
	"sonde/session"
)

// early is how much of a body is waited for before anything is drawn: a short
// answer gets its size and time in the status line, a long one is drawn as it
// comes.
const early = 64 << 10

// answer draws one answer while it arrives.
type answer struct {
	sh    *Shell
	ctx   context.Context
	parts string // HTTPie's letters, "" draws nothing
	began bool
	held  int64
	body  *render.BodyWriter
	cut   session.Notice // that the body was cut; zero: it was not
	wait  *render.Live   // the countdown to the next attempt; nil: there was none
}

// send does a request, draws the answer and runs the stages of its line.
func (sh *Shell) send(ctx context.Context, ln line.Line, r *session.Request) error {
	again := *r
	sh.lastRequest = &again
	a := &answer{sh: sh, ctx: ctx, parts: sh.print}
	if len(ln.Stages) > 0 || ln.Out != nil {
		a.parts = ""
	}
	file, err := sh.outFile(ctx, ln)
	if err != nil {
		return err
	}
	if file != nil {
		r.SaveTo = file
	}
	x, err := sh.Session.Do(ctx, r, session.Watch{Body: a.received, Notice: a.notice, Waiting: a.waiting})
	a.endWait()
	switch {
	case err == nil:
		if err = a.end(x); err == nil && x.Truncated {
			err = failed("", a.cut.Text, "`"+a.cut.Hint+"`")
		}
	case x != nil && x.Number > 0 && ctx.Err() == nil:
		a.end(x) // what came is shown, and marked as not all; the error comes after it
	case a.began:
		a.close(x)
	}
	if file != nil {
		if e := file.finish(err == nil); err == nil {
			err = e
		}
	}
	if err != nil {
		if x != nil && x.Number > 0 {
			sh.remember(x)
		}
		return asFailure(err, strings.ToLower(ln.Name), ln.Text)
	}
	sh.remember(x)
	if len(ln.Stages) > 0 {
		err = sh.stages(ctx, ln, x, nil)
	}
	if err == nil {
		sh.answerHint(x)
	}
	sh.out.Flush() // whoever waits for the line behind it has the answer
	if e := sh.hook(ctx, x); err == nil {
		err = e
	}
	return err
}

// notice shows what the session says, but for that the body was cut: that is why
// the line fails.
func (a *answer) notice(n session.Notice) {
	if n.Kind == session.NoticeTruncated {
		a.cut = n
		return
	}
	a.sh.sessionNotice(n)
}

// waiting shows how long it is until the request is sent again.
func (a *answer) waiting(w session.Waiting) {
	sh := a.sh
	if sh.Quiet {
		return
	}
	if a.wait == nil {
		sh.out.Flush()
		a.wait = render.NewLive(sh.Err, sh.Live, sh.Notes)
	}
	a.wait.Countdown(render.Retry{
		Code: w.Status, Reason: sh.Session.Secrets.Mask(w.Reason), Next: w.Attempt, Of: w.Of, Pause: w.Total,
	}, w.Left)
	if w.Left <= 0 {
		a.endWait()
	}
}

// endWait leaves the countdown standing.
func (a *answer) endWait() {
	if a.wait != nil {
		a.wait.End()
		a.wait = nil
	}
}

// remember notes an answer that ends a script with 4 or 5 unless it is examined.
func (sh *Shell) remember(x *session.Exchange) {
	if x.Status >= statusError && sh.scripted {
		sh.failing = append(sh.failing, verdict{x.Number, x.Status})
	}
}

// received is called with every piece of a body.
func (a *answer) received(x *session.Exchange, p []byte) error {
	if a.parts == "" {
		return a.ctx.Err()
	}
	stream := isStream(x)
	switch {
	case a.began:
		if err := a.draw(p); err != nil {
			return err
		}
	case !stream && a.held+int64(len(p)) < early:
		a.held += int64(len(p))
		return nil
	default:
		a.begin(x, false)
		if err := copyBody(x, drawing{a}); err != nil {
			return err
		}
	}
	if stream {
		return a.sh.out.Flush()
	}
	return nil
}

// isStream reports whether an answer's body is of events or lines that mean
// something one by one, as they come.
func isStream(x *session.Exchange) bool {
	ct, _ := x.HeaderValue("Content-Type")
	return strings.HasPrefix(ct, "text/event-stream") || strings.HasPrefix(ct, "application/x-ndjson")
}

// drawing is the answer's body as a writer.
type drawing struct{ a *answer }

var _ io.Writer = drawing{}

// Write draws p.
func (d drawing) Write(p []byte) (int, error) {
	return len(p), d.a.draw(p)
}

// draw hands bytes to the screen in pieces, so that Ctrl-C is seen between them.
func (a *answer) draw(p []byte) error {
	for len(p) > 0 && a.body != nil {
		if err := a.ctx.Err(); err != nil {
			return err
		}
		n := min(len(p), early)
		if _, err := a.body.Write(p[:n]); err != nil {
			return err
		}
		p = p[n:]
	}
	return a.ctx.Err()
}

// has reports whether a part of answers is to be printed.
func (a *answer) has(part byte) bool { return strings.IndexByte(a.parts, part) >= 0 }

// begin prints what stands before the body. done says that all of it is here.
func (a *answer) begin(x *session.Exchange, done bool) {
	a.began = true
	sh := a.sh
	if a.has('H') || a.has('B') {
		sh.requestParts(sh.out, sh.Style, x, a.has('H'), a.has('B'))
		sh.out.begin()
	} else if sh.Verbose && !sh.Screen {
		sh.requestParts(sh.Err, sh.Notes, x, true, true)
	}
	if a.has('h') {
		if sh.Screen || sh.Style.Colour {
			render.Status(sh.out, statusLine(x, done), sh.Style)
		} else {
			render.Response(sh.out, render.ResponseHead{Proto: x.Proto, Code: x.Status, Reason: x.Reason}, sh.Style)
		}
		render.Headers(sh.out, fields(x.Header), sh.Style)
		sh.out.WriteString("\n")
	} else if done {
		sh.summary(x)
	}
	if a.has('b') {
		a.body = sh.bodyWriter(x, sh.headLines(x))
	}
}

// end prints the rest of an answer that has come whole.
func (a *answer) end(x *session.Exchange) error {
	if a.parts == "" {
		if !a.sh.Screen || x.Status >= statusError {
			a.sh.summary(x)
		}
		return nil
	}
	if !a.began {
		a.begin(x, true)
		if a.has('b') {
			if err := copyBody(x, drawing{a}); err != nil {
				return err
			}
		}
	} else if !a.has('h') {
		a.sh.summary(x)
	}
	return a.close(x)
}

func (a *answer) close(x *session.Exchange) error {
	if a.body != nil {
		if err := a.body.Close(); err != nil {
			return err
		}
	}
	if a.has('m') {
		a.sh.out.begin()
		a.sh.timingLine(x)
	}
	return nil
}

// bodyWriter draws the body of x on Out; lines 0 draws all of it.
func (sh *Shell) bodyWriter(x *session.Exchange, lines int) *render.BodyWriter {
	ct, _ := x.HeaderValue("Content-Type")
	return render.NewBody(sh.out, render.BodyInfo{ContentType: ct, Length: x.Body.Len()}, sh.Style,
		render.Limits{Lines: lines, Note: func(s render.Shown) string { return cutNote(s, x.Err != nil) }})
}

// headLines is how many lines of a body are drawn at a prompt: what leaves the
// status line and the next prompt in sight; 0 is all.
func (sh *Shell) headLines(x *session.Exchange) int {
	if !sh.Screen || sh.Size == nil || isStream(x) {
		return 0
	}
	_, rows := sh.Size()
	if rows <= 0 {
		return 0
	}
	return max(rows-len(x.Header)-5, 12)
}

// fields hands headers to the renderer.
func fields(fs []session.Field) []render.Field {
	out := make([]render.Field, len(fs))
	for i, f := range fs {
		out[i] = render.Field(f)
	}
	return out
}

// statusLine is what the status line says of an exchange.
func statusLine(x *session.Exchange, done bool) render.StatusLine {
	s := render.StatusLine{
		Number: x.Number, Proto: x.Proto, Code: x.Status, Reason: x.Reason,
		Size: x.Body.Len(), Elapsed: x.Elapsed, Attempts: attempts(x),
		New: !x.Conn.Reused, DNS: x.Timing.DNS, TCP: x.Timing.Connect, TLS: x.Timing.TLS,
		Saved: x.Conn.Saved,
	}
	if !done {
		s.Size, s.Elapsed, s.FirstByte = announced(x), x.Timing.FirstByte, true
	}
	s.Incomplete = x.Truncated || x.Err != nil && x.Err.Phase == session.PhaseBody
	if x.Err != nil && !s.Incomplete { // the redirect it was could not be followed
		s.Attempts = 0
	}
	return s
}

// attempts is how often the last request of an exchange was sent, not counting
// what it took to log in.
func attempts(x *session.Exchange) int {
	n := 0
	for _, a := range x.Attempts {
		if a.Hop == len(x.Hops) && a.Why != session.AttemptChallenge && a.Why != session.AttemptToken {
			n++
		}
	}
	return n
}

// summary is the status line of an answer on Err, where Out has none.
func (sh *Shell) summary(x *session.Exchange) {
	if sh.Quiet {
		return
	}
	sh.out.Flush()
	if sh.Screen {
		render.Status(sh.Err, statusLine(x, true), sh.Notes)
		return
	}
	render.Summary(sh.Err, x.Sent.Method, sh.maskURL(x.Sent.Target), statusLine(x, true), sh.Notes)
}

// drawBody draws the body of an exchange again, all of it.
func (sh *Shell) drawBody(ctx context.Context, x *session.Exchange) error {
	a := &answer{sh: sh, ctx: ctx, parts: "b", began: true}
	a.body = sh.bodyWriter(x, 0)
	if err := copyBody(x, drawing{a}); err != nil {
		return err
	}
	return a.close(x)
}
