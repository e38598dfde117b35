package repl

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sonde/repl/item"
	"sonde/repl/line"
	"sonde/repl/near"
	"sonde/session"
	"sonde/session/secret"
)

// draft is a request line on its way to a session.Request.
type draft struct {
	req       session.Request
	items     []item.Item
	before    item.Item // the last word's
	itemPos   []int     // where each item stands in the line
	raw       *string
	form      bool
	multipart bool
	dryRun    bool
}

// request runs a request line.
func (sh *Shell) request(ctx context.Context, ln line.Line) error {
	d, err := sh.draft(ctx, ln)
	if err != nil {
		return err
	}
	if !d.dryRun {
		if err := sh.stopOnFailing(); err != nil {
			return err
		}
	}
	// what is wrong with the program after the | is said before anything is sent
	for _, st := range ln.Stages {
		if st.Kind == line.StageQuery {
			if _, err := sh.compile(st.Program, ln.Text); err != nil {
				return err
			}
		}
	}
	if d.dryRun {
		return sh.dryRun(&d.req)
	}
	sh.paths.add(d.req.Target.Text)
	return sh.send(ctx, ln, &d.req)
}

// stopOnFailing ends a script under --fail at the first request after an answer
// of 4xx or 5xx that nobody looked at.
func (sh *Shell) stopOnFailing() error {
	if !sh.Fail || len(sh.failing) == 0 {
		return nil
	}
	v := sh.failing[0]
	return &Failure{
		Msg:  fmt.Sprintf("answer [%d] was %d and nothing looked at its status", v.number, v.status),
		Hint: fmt.Sprintf("`expect status == %d` after it", v.status),
		Code: statusExit(v.status),
	}
}

// statusExit is the exit code for an unexamined status.
func statusExit(status int) int {
	if status >= 500 {
		return ExitServer
	}
	return ExitClient
}

// draft makes a request of the words of a line.
func (sh *Shell) draft(ctx context.Context, ln line.Line) (*draft, error) {
	d := &draft{req: session.Request{Method: ln.Name}}
	var err error
	if d.req.Target, err = sh.target(ctx, ln); err != nil {
		return nil, err
	}
	for i := 0; i < len(ln.Words); i++ {
		w := ln.Words[i]
		if s, ok := w.Literal(); ok && strings.HasPrefix(s, "--") && !w.Quoted {
			n, err := d.flag(s, ln, i)
			if err != nil {
				return nil, err
			}
			if n {
				i++
				text, err := sh.expandWord(ctx, ln, ln.Words[i])
				if err != nil {
					return nil, err
				}
				if err := d.flagValue(s, text.text, ln, ln.Words[i].Pos); err != nil {
					return nil, err
				}
			}
			continue
		}
		if err := sh.addItem(ctx, ln, d, i); err != nil {
			return nil, err
		}
	}
	return d, sh.content(ctx, ln, d)
}

// target is the URL word as the session takes it.
func (sh *Shell) target(ctx context.Context, ln line.Line) (session.Target, error) {
	if ln.TargetProgram != nil {
		vs, err := sh.results(ctx, *ln.TargetProgram, ln.Text, 2)
		if err != nil {
			return session.Target{}, err
		}
		if len(vs) == 1 {
			if s, ok := vs[0].Str(); ok && s != "" {
				return session.Target{Text: s, FromQuery: true}, nil
			}
		}
		return session.Target{}, &Failure{
			Op: ln.TargetProgram.Text, Msg: "the URL has to be one string; " + describe(vs), Code: ExitFailed,
			Text: ln.Text, Pos: ln.TargetProgram.Pos, At: missingHint(vs),
		}
	}
	if ln.Target == nil {
		return session.Target{Text: ""}, nil
	}
	if s, literal := ln.Target.Literal(); literal && strings.HasPrefix(s, "-") {
		return session.Target{}, at(ln, ln.Target.Pos, "no option "+quoteWord(s), "if it is a path: ./"+s)
	}
	e, err := sh.expandParts(ctx, ln, ln.Target.Parts, slotURL)
	fromQuery := len(ln.Target.Parts) > 0 && ln.Target.Parts[0].IsProgram
	return session.Target{Text: e.text, FromQuery: fromQuery}, err
}

// flag reads an option of one request; it reports whether a value follows.
func (d *draft) flag(s string, ln line.Line, i int) (bool, error) {
	switch s {
	case "--form":
		d.form = true
	case "--multipart":
		d.multipart = true
	case "--no-follow":
		d.req.NoFollow = true
	case "--no-retry":
		d.req.NoRetry = true
	case "--dry-run":
		d.dryRun = true
	case "--http1":
		d.req.HTTP1 = true
	case "--raw", "--timeout", "--proxy":
		if i+1 == len(ln.Words) {
			return false, at(ln, ln.Words[i].End, s+" wants a value", s+" …")
		}
		return true, nil
	default:
		like := near.Names(s, requestFlags())
		return false, at(ln, ln.Words[i].Pos, "no option "+s, strings.Join(like, ", "))
	}
	return false, nil
}

// requestFlags are the options of one request.
func requestFlags() []string {
	return []string{"--form", "--multipart", "--no-follow", "--no-retry", "--dry-run", "--http1", "--raw", "--timeout", "--proxy"}
}

func (d *draft) flagValue(flag, value string, ln line.Line, pos int) error {
	switch flag {
	case "--raw":
		d.raw = &value
		return nil
	case "--proxy":
		d.req.Proxy = value
		return nil
	}
	t, err := parseDuration(value)
	if err != nil {
		return at(ln, pos, "timeout: "+err.Error(), "--timeout 5s")
	}
	d.req.Timeout = t
	return nil
}

// at is a usage error that points into the line.
func at(ln line.Line, pos int, msg, hint string) error {
	return &Failure{Op: strings.ToLower(ln.Name), Msg: msg, At: hint, Code: ExitUsage, Text: ln.Text, Pos: pos}
}

// addItem reads one word after the URL.
func (sh *Shell) addItem(ctx context.Context, ln line.Line, d *draft, i int) error {
	w := ln.Words[i]
	e, err := sh.expandWord(ctx, ln, w)
	if err != nil {
		return err
	}
	it, ok := item.ParseExpanded(e.text, e.spans)
	if !ok {
		x := item.Explain(d.before, e.text)
		return at(ln, w.Pos, x.Msg, x.Tip)
	}
	d.before = it
	text, err := it.Text(readItemFile)
	if err != nil {
		return d.itemFailure(ln, err)
	}
	switch it.Kind {
	case item.Header, item.HeaderFile, item.HeaderUnset, item.HeaderEmpty:
		h := session.HeaderEdit{Name: it.Name, Value: text, Secret: e.secret,
			Remove: it.Kind == item.HeaderUnset, Empty: it.Kind == item.HeaderEmpty}
		d.req.Headers = append(d.req.Headers, h)
	case item.Param, item.ParamFile:
		p := session.ParamEdit{Name: it.Name, Value: text, Secret: e.secret || secret.Field(it.Name)}
		if p.Secret {
			sh.Session.Secrets.Add(p.Value)
		}
		d.req.Params = append(d.req.Params, p)
	default:
		if secret.Field(it.Name) && it.Kind == item.Field {
			sh.Session.Secrets.Add(it.Value)
		}
		d.items = append(d.items, it)
		d.itemPos = append(d.itemPos, w.Pos)
	}
	return nil
}

// parseDuration reads a length of time: "5s", "1.5s", "300ms", or a bare number
// of seconds. It has to be positive and at most a year.
func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		n, e := strconv.ParseFloat(s, 64)
		if e != nil || n != n || n > 1e9 {
			return 0, fmt.Errorf("%s is no length of time", quoteWord(s))
		}
		d = time.Duration(n * float64(time.Second))
	}
	if d <= 0 || d > 366*24*time.Hour {
		return 0, fmt.Errorf("%s has to be more than nothing and at most a year", quoteWord(s))
	}
	return d, nil
}
