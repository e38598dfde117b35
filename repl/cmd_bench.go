package repl

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sonde/repl/line"
	"sonde/session"
)

// mostBench is how many requests of each kind `bench` sends at most.
const mostBench = 100_000

func benchCommands() []*Command {
	return []*Command{{
		Name: "bench", Args: "N [REQUEST] [--yes]", Group: GroupRequest,
		Short: "send a request N times on a kept connection, and N times with a new one each",
		Long: "What is compared is what the session saves: first come N requests on one\n" +
			"connection, one after the other, then N that each make their own. One before\n" +
			"them is not counted. A time is from the start of a request to the end of its\n" +
			"body. Answers other than 2xx count as failed. Without REQUEST it is the last one\n" +
			"again. Nothing is repeated by `retry` or run by `after`, and of the answers only\n" +
			"the last is kept. A request that changes things is sent with --yes only.",
		Run: runBench,
	}}
}

func runBench(ctx context.Context, sh *Shell, c Call) error {
	b, err := sh.benchArgs(c)
	if err != nil {
		return err
	}
	here := sh.Session.Name()
	defer sh.Session.As(here)
	for _, name := range b.as {
		if err := sh.become(name, "@"+name); err != nil {
			return err
		}
	}
	r, err := sh.benchRequest(ctx, c, b)
	if err != nil {
		return err
	}
	if err := b.allowed(c, r.Method); err != nil {
		return err
	}
	if err := sh.stopOnFailing(); err != nil {
		return err
	}
	last := *r
	sh.lastRequest = &last
	return sh.bench(ctx, r, b.n)
}

// benchCall is a bench line taken apart.
type benchCall struct {
	n    int
	ln   *line.Line // the request; nil: the last one again
	text string     // what ln is of
	as   []string   // identities that stand before it
	yes  bool       // a request that changes things is meant
}

// benchArgs reads `N [REQUEST] [--yes]`.
func (sh *Shell) benchArgs(c Call) (b benchCall, err error) {
	rest := c.Rest
	at := strings.IndexAny(rest+" ", " \t\n")
	if b.n, err = strconv.Atoi(rest[:at]); err != nil || b.n < 1 || b.n > mostBench {
		return b, c.usage(fmt.Sprintf("a number from 1 to %d comes first", mostBench))
	}
	switch strings.TrimSpace(rest[at:]) {
	case "":
		return b, nil
	case "--yes":
		b.yes = true
		return b, nil
	}
	// blanks for what stands before it, so that places in it are places in the rest
	b.text = strings.Repeat(" ", at) + rest[at:]
	ln, err := sh.Parse(b.text)
	for err == nil && ln.Kind == line.Identity {
		if cause := badIdentity(ln.Name); cause != "" || len(b.as) == deepestAs {
			return b, misused("bench", quoteWord(ln.Name)+" is no identity here", "`bench 10 @alice get /user`")
		}
		b.as = append(b.as, ln.Name)
		ln, err = sh.Parse(strings.Repeat(" ", ln.Rest.Pos) + b.text[ln.Rest.Pos:])
	}
	switch {
	case err != nil:
		return b, within(sh.unknown(err, b.text), c.Line, b.text)
	case ln.Kind != line.Request:
		return b, misused("bench", "only a request can be measured", "`bench 10 get /user`")
	case len(ln.Stages) > 0 || ln.Out != nil:
		return b, misused("bench", "its answers are not handed on with | or >", "`"+c.Command.Synopsis()+"`")
	}
	ln.Text = b.text
	ln.Words = slices.DeleteFunc(ln.Words, func(w line.Word) bool {
		s, literal := w.Literal()
		yes := literal && s == "--yes" && !w.Quoted
		b.yes = b.yes || yes
		return yes
	})
	b.ln = &ln
	return b, nil
}

// benchRequest is the request to measure.
func (sh *Shell) benchRequest(ctx context.Context, c Call, b benchCall) (*session.Request, error) {
	if b.ln == nil {
		if sh.lastRequest == nil {
			return nil, failed("bench", "nothing was sent yet", "`bench 10 get /`")
		}
		r := *sh.lastRequest
		return &r, sendable(&r)
	}
	d, err := sh.draft(ctx, *b.ln)
	if err != nil {
		return nil, within(err, c.Line, b.text)
	}
	if d.dryRun {
		return nil, misused("bench", "with --dry-run nothing is sent that could be measured", "")
	}
	sh.paths.add(d.req.Target.Text)
	return &d.req, sendable(&d.req)
}

// sendable says why a request cannot be sent more than once.
func sendable(r *session.Request) error {
	if k := r.Content; k != nil && !k.Again {
		return failed("bench", "the body comes from a stream and can be sent once only", "")
	}
	return nil
}

// allowed asks for the word that a request is meant which changes things.
func (b benchCall) allowed(c Call, method string) error {
	if b.yes || slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, method) {
		return nil
	}
	typed := c.Line.Text
	if strings.ContainsAny(typed, "\n`") {
		typed = fmt.Sprintf("bench %d REQUEST", b.n)
	}
	return misused("bench", fmt.Sprintf("it would send %s %d times", method, 2*b.n+1),
		"`"+strings.TrimRight(typed, " \t")+" --yes`")
}

// checkBench finds what is wrong with a bench line whatever the data.
func (sh *Shell) checkBench(c Call) error {
	b, err := sh.benchArgs(c)
	if err != nil || b.ln == nil {
		return err
	}
	if err := b.allowed(c, b.ln.Name); err != nil {
		return err
	}
	return within(sh.checkLine(*b.ln), c.Line, b.text)
}
