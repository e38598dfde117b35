package repl

import (
	"context"
	"strconv"
	"strings"
	"time"

	"sonde/repl/render"
	"sonde/session"
)

func timingCommands() []*Command {
	return []*Command{{
		Name: "timing", Args: "[N | all]", Group: GroupAnswer,
		Short: "where the time went: of the answer at hand, of answer N, of all of them",
		Long: "Each request that was sent for the answer has its own rows: redirects, repeats\n" +
			"and logins, with the pauses between them. `wait` is from the end of the request\n" +
			"to the first byte of the answer. A connection that was kept has no DNS, TCP and\n" +
			"TLS; `timing all` shows a line for each answer, so that one sees which were these.",
		Words:    []string{"all"},
		Check:    func(_ *Shell, c Call) error { _, _, err := timingArgs(c); return err },
		Complete: completeNumber,
		Run:      runTiming,
	}}
}

func runTiming(_ context.Context, sh *Shell, c Call) error {
	n, all, err := timingArgs(c)
	if err != nil {
		return err
	}
	if all {
		return sh.plot()
	}
	x, err := sh.exchangeAt(c, n)
	if err != nil {
		return err
	}
	return render.Waterfall(sh.out, sh.waterfall(x), sh.pictureStyle())
}

// timingArgs reads the words of `timing`; n 0 is the answer at hand.
func timingArgs(c Call) (n int, all bool, err error) {
	if len(c.Args) == 1 && c.Args[0] == "all" {
		return 0, true, nil
	}
	n, err = c.answerNumber()
	return n, false, err
}

// answerNumber reads the only word of a command that takes the number of an
// answer, as 3 or $r3; without one it is 0.
func (c Call) answerNumber() (int, error) {
	switch len(c.Args) {
	case 0:
		return 0, nil
	case 1:
		n, err := strconv.Atoi(strings.TrimPrefix(c.Args[0], "$r"))
		if err == nil && n > 0 {
			return n, nil
		}
		return 0, c.usage(quoteWord(c.Args[0]) + " is no number of an answer")
	}
	return 0, c.usage("takes one word")
}

// exchangeAt is the exchange of a number, 0 being the one at hand or, if it came
// after that, the one that got no answer.
func (sh *Shell) exchangeAt(c Call, n int) (*session.Exchange, error) {
	if n > 0 {
		x, err := sh.Session.At(n)
		if err != nil {
			return nil, failed(c.Command.Name, err.Error(), "`responses`")
		}
		return x, nil
	}
	if x := sh.Session.Failed(); x != nil {
		sh.notice("the last request got no answer: " + x.Err.Error())
		return x, nil
	}
	x := sh.Session.Current()
	if x == nil {
		return nil, failed(c.Command.Name, "there is no answer yet", "`get /`")
	}
	return x, nil
}

// pictureStyle is the style of Out with the width the screen has now.
func (sh *Shell) pictureStyle() *render.Style {
	st := *sh.Style
	if sh.Size != nil {
		if cols, _ := sh.Size(); cols > 0 {
			st.Width = cols
		}
	}
	return &st
}

// waterfall is a row for every request that was sent for an answer.
func (sh *Shell) waterfall(x *session.Exchange) []render.WaterfallRow {
	rows := make([]render.WaterfallRow, len(x.Attempts))
	for i, a := range x.Attempts {
		rows[i] = render.WaterfallRow{
			Request: a.Sent.Method + " " + sh.shownURL(a.Sent.URL),
			Code:    a.Status, Reason: sh.Session.Secrets.Mask(a.Reason),
			New: !a.Conn.Reused, Pause: a.Waited, Parts: parts(a.Timing),
		}
		if a.Err != nil {
			rows[i].Parts = lostParts(a)
		}
		if a.Conn.ID == 0 {
			rows[i].Source = "no connection"
		}
	}
	return rows
}

// parts splits the time of a request into what came after each other.
func parts(t session.Timing) render.Parts {
	p := render.Parts{DNS: t.DNS, Connect: t.Connect, Proxy: t.Proxy, TLS: t.TLS, Send: t.Send}
	first := t.FirstByte
	if first == 0 { // no answer began
		first = t.Total
	}
	p.Wait = max(first-p.Sum(), 0)
	p.Body = max(t.Total-first, 0)
	return p
}

// lostParts is parts for a request without an answer: how long it took belongs to
// what it did not get past.
func lostParts(a session.Attempt) render.Parts {
	p := parts(a.Timing)
	to := &p.Wait
	switch a.Err.Phase {
	case session.PhaseDNS:
		to = &p.DNS
	case session.PhaseConnect:
		to = &p.Connect
	case session.PhaseProxy:
		to = &p.Proxy
	case session.PhaseTLS:
		to = &p.TLS
	case session.PhaseSend:
		to = &p.Send
	}
	spent := p.Wait
	p.Wait = 0
	*to += spent
	return p
}

// plot draws a line for every answer that is kept.
func (sh *Shell) plot() error {
	all := sh.Session.Exchanges()
	if len(all) == 0 {
		return failed("timing", "there is no answer yet", "`get /`")
	}
	rows := make([]render.PlotRow, len(all))
	for i, x := range all {
		rows[i] = render.PlotRow{
			Number: x.Number, Label: x.Sent.Method + " " + sh.shownURL(x.Sent.URL),
			Parts: parts(x.Timing), Total: x.Elapsed, New: !x.Conn.Reused,
			Attempts: len(x.Attempts), Failed: x.Err != nil,
		}
		// putting a request together takes a moment too, which is no earlier request
		if sum := rows[i].Parts.Sum(); len(x.Attempts) == 1 && x.Elapsed-sum < time.Millisecond {
			rows[i].Total = sum
		}
	}
	return render.Plot(sh.out, rows, sh.pictureStyle())
}
