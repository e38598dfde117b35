package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sonde/repl/render"
	"sonde/session"
)

const (
	hopeless     = 3                      // failures in a row after which nobody is there
	progressTick = 100 * time.Millisecond // between two drawings of how far it is
)

// benchRun is a bench under way.
type benchRun struct {
	sh   *Shell
	ctx  context.Context
	req  session.Request
	n    int
	last *session.Exchange // the newest answer; nil before the first

	live  *render.Live // how far it is; nil: nobody sees it
	drawn time.Time    // when that was drawn
}

// A benchSeries is one of the two rows of requests that are compared.
type benchSeries struct {
	render.Sample
	fresh  bool // a new connection for each
	opened int  // connections made
	costs  []session.Timing
	odd    int    // answers that were not 2xx
	status string // of the first of them
	broken int    // requests without a whole answer
	cause  error  // of the first of them
}

// bench measures a request and shows the result.
func (sh *Shell) bench(ctx context.Context, r *session.Request, n int) error {
	b := &benchRun{sh: sh, ctx: ctx, req: *r, n: n}
	b.req.NoRetry, b.req.Unkept = true, true
	if sh.Live && !sh.Quiet {
		b.live = render.NewLive(sh.Err, true, sh.Notes)
	}
	x, err := sh.Session.Do(ctx, &b.req, session.Watch{Notice: sh.sessionNotice})
	if err != nil {
		sh.Session.Drop(x)
		return asFailure(err, "bench", "")
	}
	b.last = x
	series := []*benchSeries{
		{Sample: render.Sample{Name: "kept connection"}},
		{Sample: render.Sample{Name: "new connection"}, fresh: true},
	}
	for _, s := range series {
		if err = b.run(s); err != nil {
			break
		}
	}
	b.endProgress()
	sh.Session.Keep(b.last)
	sh.remember(b.last)
	sh.out.until(context.WithoutCancel(ctx)) // what came is shown after Ctrl-C too
	if e := b.show(series); err == nil {
		err = e
	}
	sh.summary(b.last)
	if err == nil {
		err = brokenError(series)
	}
	return err
}

// run sends the requests of a series. The error is the context's.
func (b *benchRun) run(s *benchSeries) error {
	inRow := 0
	opened := b.sh.Session.Stats().Opened
	defer func() { s.opened = b.sh.Session.Stats().Opened - opened }()
	for i := range b.n {
		b.progress(s, i)
		if s.fresh {
			b.sh.Session.CloseIdle()
		}
		x, err := b.sh.Session.Do(b.ctx, &b.req, session.Watch{})
		if x != nil {
			b.sh.Session.Drop(b.last)
			b.last = x
		}
		if err == nil {
			s.count(x)
			inRow = 0
			continue
		}
		if b.ctx.Err() != nil {
			return b.ctx.Err()
		}
		s.Failed++
		if s.broken++; s.cause == nil {
			s.cause = err
		}
		if inRow++; inRow == hopeless {
			return nil
		}
	}
	return nil
}

// count adds a whole answer.
func (s *benchSeries) count(x *session.Exchange) {
	if x.Status < 200 || x.Status > 299 {
		s.Failed++
		if s.odd++; s.status == "" {
			s.status = strings.TrimRight(fmt.Sprintf("%d %s", x.Status, x.Reason), " ")
		}
		return
	}
	s.Times = append(s.Times, x.Elapsed)
	var cost session.Timing
	for _, a := range x.Attempts {
		if !a.Conn.Reused {
			cost.DNS += a.Timing.DNS
			cost.Connect += a.Timing.Connect
			cost.Proxy += a.Timing.Proxy
			cost.TLS += a.Timing.TLS
		}
	}
	s.costs = append(s.costs, cost)
}

// progress draws how far it is, not so often that it takes time itself.
func (b *benchRun) progress(s *benchSeries, done int) {
	if b.live == nil {
		return
	}
	now := b.sh.Now()
	if !b.drawn.IsZero() && now.Sub(b.drawn) < progressTick {
		return
	}
	if b.drawn.IsZero() {
		b.sh.out.Flush()
	}
	b.drawn = now
	b.live.Show(fmt.Sprintf("%s: %d of %d", s.Name, done, b.n))
}

// endProgress takes the line away again.
func (b *benchRun) endProgress() {
	if !b.drawn.IsZero() {
		b.live.Show("")
	}
}

// show draws the figures, and says what they do not.
func (b *benchRun) show(series []*benchSeries) error {
	var samples []render.Sample
	for _, s := range series {
		if len(s.Times)+s.Failed > 0 {
			samples = append(samples, s.Sample)
		}
	}
	if err := render.Bench(b.sh.out, samples, b.sh.pictureStyle()); err != nil {
		return err
	}
	for _, s := range series {
		for _, text := range b.remarks(s) {
			if _, err := b.sh.out.WriteString(b.sh.shown(b.sh.Session.Secrets.Mask(text)) + "\n"); err != nil {
				return err
			}
		}
	}
	return nil
}

// remarks are what has to be known of a series to read its figures.
func (b *benchRun) remarks(s *benchSeries) []string {
	var out []string
	sent := len(s.Times) + s.Failed
	if !s.fresh && s.opened > 0 {
		out = append(out, fmt.Sprintf("the server did not keep it: %d of %s on the kept connection had to make a new one",
			s.opened, plural(sent, "request")))
	}
	if cost := s.costText(); s.fresh && cost != "" {
		out = append(out, "making the connection: "+cost+" (median)")
	}
	if s.odd > 0 {
		out = append(out, fmt.Sprintf("%s: %d of %s not 2xx; the first was %s", s.Name, s.odd, plural(sent, "answer"), s.status))
	}
	if s.broken > 0 && sent < b.n {
		out = append(out, fmt.Sprintf("%s: given up after %d failures in a row", s.Name, hopeless))
	}
	return out
}

// costText is what the connections of a series took to make, each part of it.
func (s *benchSeries) costText() string {
	var parts []string
	for _, p := range [...]struct {
		name string
		of   func(session.Timing) time.Duration
	}{
		{"DNS", func(t session.Timing) time.Duration { return t.DNS }},
		{"TCP", func(t session.Timing) time.Duration { return t.Connect }},
		{"proxy", func(t session.Timing) time.Duration { return t.Proxy }},
		{"TLS", func(t session.Timing) time.Duration { return t.TLS }},
	} {
		times := make([]time.Duration, len(s.costs))
		for i, t := range s.costs {
			times[i] = p.of(t)
		}
		slices.Sort(times)
		if d := render.Quantile(times, 0.5); d > 0 {
			parts = append(parts, p.name+" "+timeText(d))
		}
	}
	return strings.Join(parts, ", ")
}

// brokenError is why requests had no answer, nil if all had one.
func brokenError(series []*benchSeries) error {
	n, sent := 0, 0
	var first error
	for _, s := range series {
		n += s.broken
		sent += len(s.Times) + s.Failed
		if first == nil {
			first = s.cause
		}
	}
	if n == 0 {
		return nil
	}
	f := *asFailure(first, "bench", "")
	f.Msg = fmt.Sprintf("%d of %s had no answer; the first: %s", n, plural(sent, "request"), f.Msg)
	return &f
}
