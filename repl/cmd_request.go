package repl

import (
	"context"
	"io"
	"strings"

	"sonde/repl/render"
	"sonde/session"
	"sonde/session/secret"
)

func requestCommands() []*Command {
	return []*Command{
		{
			Name: "again", Group: GroupRequest, Answers: true,
			Short: "send the last request once more",
			Run:   runAgain,
		},
		{
			Name: "request", Group: GroupRequest,
			Short: "show the last request as it was sent, secrets masked",
			Run:   runRequest,
		},
	}
}

func runAgain(ctx context.Context, sh *Shell, c Call) error {
	if len(c.Args) > 0 {
		return c.usage("takes no words")
	}
	if sh.lastRequest == nil {
		return failed("again", "nothing was sent yet", "`get /`")
	}
	if k := sh.lastRequest.Content; k != nil && !k.Again {
		return failed("again", "the body of the last request came from a stream and is gone", "")
	}
	if err := sh.stopOnFailing(); err != nil {
		return err
	}
	r := *sh.lastRequest
	return sh.send(ctx, c.Line, &r)
}

func runRequest(ctx context.Context, sh *Shell, c Call) error {
	if len(c.Args) > 0 {
		return c.usage("takes no words")
	}
	x := sh.Session.Current()
	if x == nil {
		return errNoAnswer()
	}
	sh.requestParts(x, true, true)
	return nil
}

// dryRun prints the exact request that would go, secrets masked.
func (sh *Shell) dryRun(r *session.Request) error {
	p, err := sh.Session.Prepare(r)
	if err != nil {
		return err
	}
	if _, err := sh.out.Write(sh.clean(p.AppendHead(nil, true))); err != nil {
		return err
	}
	return sh.sentBody(p.Content)
}

// requestParts prints what was sent for an exchange.
func (sh *Shell) requestParts(x *session.Exchange, head, body bool) {
	if head {
		shown := fields(x.Sent.Header)
		for i := range shown {
			if i < len(x.Sent.Secret) && x.Sent.Secret[i] {
				shown[i].Value = secret.Header(shown[i].Name, shown[i].Value)
			}
		}
		render.Request(sh.out, render.RequestHead{Method: x.Sent.Method, Target: secret.URL(x.Sent.Target),
			Proto: "HTTP/1.1", Fields: shown}, sh.Style)
		sh.out.WriteString("\n")
	}
	if body {
		sh.sentBody(x.Sent.Content)
	}
}

// sentBody prints the body of a request if it is at hand, secrets masked.
func (sh *Shell) sentBody(c *session.Content) error {
	if c == nil {
		return nil
	}
	var b []byte
	if c.Show != nil {
		b = c.Show()
	}
	if b == nil {
		_, err := io.WriteString(sh.out, "("+sizeText(c.Length)+", streamed)\n")
		return err
	}
	if strings.HasPrefix(c.Type, "application/x-www-form-urlencoded") {
		b = []byte(secret.Form(string(b)))
	} else {
		b = secret.JSON(b)
	}
	b = []byte(sh.Session.Secrets.Mask(string(b)))
	w := render.NewBody(sh.out, render.BodyInfo{ContentType: c.Type, Length: int64(len(b))}, sh.Style, render.Limits{})
	if _, err := w.Write(b); err != nil {
		return err
	}
	return w.Close()
}
