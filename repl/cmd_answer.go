package repl

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sonde/repl/render"
)

func answerCommands() []*Command {
	return []*Command{
		{
			Name: "body", Group: GroupAnswer,
			Short: "draw the body of the answer at hand again, all of it",
			Run:   runBody,
		},
		{
			Name: "raw", Group: GroupAnswer,
			Short: "the answer's head and body as they were received",
			Run:   runRaw,
		},
		{
			Name: "jq", Args: "[-r] PROGRAM", Group: GroupAnswer, Answers: true,
			Short:   "run a jq program over the answer's body; -r: strings without quotes",
			Long:    "A line that starts like a jq program needs no `jq` before it: `.0.url`.",
			Example: "> auth jdoe x\n> get /user/repos | .0.name\n\"hello-world\"\n> jq -r .0.name\nhello-world\n> .0.url | length > 0\ntrue",
			Check:   checkJq,
			Run:     runJq,
		},
		{
			Name: "save", Args: "FILE", Group: GroupAnswer,
			Short:    "write the body of the answer at hand to a file",
			Complete: completeFile(0),
			Check:    oneWord("file name"),
			Run:      runSave,
		},
		{
			Name: "use", Args: "N", Group: GroupAnswer,
			Short:    "make answer N the one at hand",
			Example:  "> get /status/200 | status\n200\n> get /status/404 | status\n404\n> use 1\n> status\n200",
			Complete: completeNumber,
			Check:    checkUse,
			Run:      runUse,
		},
		{
			Name: "responses", Group: GroupAnswer,
			Short: "list the answers that are kept",
			Run:   runResponses,
		},
	}
}

func runBody(ctx context.Context, sh *Shell, _ Call) error {
	x := sh.Session.Current()
	if x == nil {
		return errNoAnswer()
	}
	if err := bodyErr(x); err != nil {
		return err
	}
	return sh.drawBody(ctx, x)
}

func runRaw(_ context.Context, sh *Shell, _ Call) error {
	x := sh.Session.Current()
	if x == nil {
		return errNoAnswer()
	}
	if sh.Screen && x.Proto == "HTTP/2" {
		sh.notice("HTTP/2 has no head in text; its fields are shown in the form of HTTP/1.1")
	}
	for _, head := range append(slices.Clone(x.Informational), x.RawHead) {
		if _, err := sh.out.Write(sh.clean(head)); err != nil {
			return err
		}
	}
	if !sh.Screen {
		return copyBody(x, sh.out)
	}
	st := *sh.Style
	st.Pretty = false
	ct, _ := x.HeaderValue("Content-Type")
	w := render.NewBody(sh.out, render.BodyInfo{ContentType: ct, Length: x.Body.Len()}, &st, render.Limits{})
	if err := copyBody(x, w); err != nil {
		return err
	}
	return w.Close()
}

func checkJq(_ *Shell, c Call) error {
	if c.Line.Program == nil || strings.TrimSpace(c.Line.Program.Text) == "" {
		return c.usage("a program is wanted")
	}
	return nil
}

func runJq(ctx context.Context, sh *Shell, c Call) error {
	return sh.query(ctx, c.Line)
}

func runSave(_ context.Context, sh *Shell, c Call) error {
	x := sh.Session.Current()
	if x == nil {
		return errNoAnswer()
	}
	if err := bodyErr(x); err != nil {
		return err
	}
	return sh.saveTo(c.Args[0], func(w io.Writer) error { return copyBody(x, w) })
}

func checkUse(sh *Shell, c Call) error {
	if len(c.Args) != 1 {
		return c.usage("takes one number")
	}
	return oneNumber(sh, c)
}

func runUse(_ context.Context, sh *Shell, c Call) error {
	n, err := c.answerNumber()
	if err != nil {
		return err
	}
	if err := sh.Session.Use(n); err != nil {
		return failed("use", err.Error(), "`responses`")
	}
	return nil
}

func runResponses(_ context.Context, sh *Shell, _ Call) error {
	at := sh.Session.Current()
	var rows [][]string
	for _, x := range sh.Session.Exchanges() {
		mark := ""
		if x == at {
			mark = "at hand"
		}
		rows = append(rows, []string{
			fmt.Sprintf("$r%d", x.Number), strconv.Itoa(x.Status), x.Sent.Method, sh.shownURL(x.Sent.URL),
			sizeText(x.Body.Len()), timeText(x.Elapsed), mark,
		})
	}
	if rows == nil {
		sh.notice("no answers yet")
		return nil
	}
	return sh.rows(rows)
}
