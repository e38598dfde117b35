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
			Name: "request", Args: "[N]", Group: GroupRequest,
			Short: "show the last request as it was sent, secrets masked, and who set what",
			Long: "Below the request stands who set each part of it: the program, the session, the\n" +
				"request itself, a login, a server, the environment; and what it took the place of.",
			Complete: completeNumber,
			Check:    oneNumber,
			Run:      runRequest,
		},
	}
}

func runAgain(ctx context.Context, sh *Shell, c Call) error {
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
	n, err := c.answerNumber()
	if err != nil {
		return err
	}
	x, err := sh.exchangeAt(c, n)
	if err != nil {
		return err
	}
	if err := sh.requestParts(sh.out, sh.Style, x, true, true); err != nil {
		return err
	}
	if x.Sent.Content != nil { // below it is a line of its own, as below the head
		sh.out.begin()
		sh.out.WriteString("\n")
	}
	return sh.provenance(x.Sent)
}

// dryRun prints the exact request that would go, secrets masked.
func (sh *Shell) dryRun(r *session.Request) error {
	p, err := sh.Session.Prepare(r)
	if err != nil {
		return err
	}
	head := strings.ReplaceAll(sh.Session.Secrets.Mask(string(p.AppendHead(nil, true))), "\r\n", "\n")
	if _, err := sh.out.WriteString(sh.shown(head)); err != nil {
		return err
	}
	return sh.sentBody(sh.out, sh.Style, p.Content)
}

// requestParts prints what was sent for an exchange, secrets masked.
func (sh *Shell) requestParts(w io.Writer, st *render.Style, x *session.Exchange, head, body bool) error {
	if head {
		shown := fields(x.Sent.Header)
		for i := range shown {
			if i < len(x.Sent.Secret) && x.Sent.Secret[i] {
				shown[i].Value = secret.Header(shown[i].Name, shown[i].Value)
			}
			shown[i].Value = sh.Session.Secrets.Mask(shown[i].Value)
			if shown[i].Name == ":path" { // RFC 9113, section 8.3.1
				shown[i].Value = sh.maskURL(shown[i].Value)
			}
		}
		h := render.RequestHead{Method: x.Sent.Method, Target: sh.maskURL(x.Sent.Target), Proto: x.Sent.Proto, Fields: shown}
		if err := render.Request(w, h, st); err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
	}
	if !body {
		return nil
	}
	return sh.sentBody(w, st, x.Sent.Content)
}

// sentBody prints the body of a request if it is at hand, secrets masked.
func (sh *Shell) sentBody(w io.Writer, st *render.Style, c *session.Content) error {
	if c == nil {
		return nil
	}
	var b []byte
	if c.Show != nil {
		b = c.Show()
	}
	if b == nil {
		_, err := io.WriteString(w, "("+sizeText(c.Length)+", streamed)\n")
		return err
	}
	text := string(secret.JSON(b))
	if !strings.Contains(c.Type, "json") {
		text = secret.Form(text)
	}
	b = []byte(sh.Session.Secrets.Mask(text))
	out := render.NewBody(w, render.BodyInfo{ContentType: c.Type, Length: int64(len(b))}, st, render.Limits{})
	if _, err := out.Write(b); err != nil {
		return err
	}
	return out.Close()
}
