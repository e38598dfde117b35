package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"sonde/repl/line"
	"sonde/repl/query"
	"sonde/repl/render"
	"sonde/session"
	"sonde/session/secret"
)

// docs keeps what was learned of recent bodies, their parsed trees above all,
// so that a second question is answered without parsing again.
type docs struct{ kept []kept }

type kept struct {
	number int
	doc    *query.Doc
}

// docsKept is how many bodies' trees are kept. A tree takes more than twice its
// body, and questions are asked of the last few.
const docsKept = 4

// of is the document of an exchange's body.
func (d *docs) of(x *session.Exchange) *query.Doc {
	i := slices.IndexFunc(d.kept, func(k kept) bool { return k.number == x.Number })
	if i >= 0 {
		k := d.kept[i]
		d.kept = append(slices.Delete(d.kept, i, i+1), k)
		return k.doc
	}
	doc := query.NewDoc(x.Body.Bytes())
	d.kept = append(d.kept, kept{x.Number, doc})
	if len(d.kept) > docsKept {
		d.kept = slices.Delete(d.kept, 0, 1)
	}
	return doc
}

// query runs a line that is a query on the last answer.
func (sh *Shell) query(ctx context.Context, ln line.Line) error {
	x := sh.Session.Current()
	return sh.stages(ctx, ln, x, ln.Program)
}

// stages runs the program of a line and what follows it over an answer: results
// to the screen, to a file or to a shell command.
func (sh *Shell) stages(ctx context.Context, ln line.Line, x *session.Exchange, first *line.Program) error {
	var end *line.Stage
	program := first
	for i := range ln.Stages {
		if ln.Stages[i].Kind == line.StageQuery {
			program = joined(ln.Text, program, ln.Stages[i].Program)
			continue
		}
		end = &ln.Stages[i]
		break
	}
	if end == nil {
		return sh.show(ctx, ln, program)
	}
	return sh.deliver(ctx, ln, x, program, end)
}

// joined is the program of a stage behind another program: both with the | between
// them, so that places in it stay places in the line.
func joined(text string, first *line.Program, second line.Program) *line.Program {
	if first == nil {
		return &second
	}
	end := first.Pos + len(first.Text)
	between := strings.NewReplacer("-r", "  ", "jq", "  ").Replace(text[end:second.Pos])
	return &line.Program{Text: first.Text + between + second.Text, Pos: first.Pos, Raw: second.Raw}
}

// deliver gives a stage at the end of a line the results of the program before
// it, or the body's own bytes if there is none.
func (sh *Shell) deliver(ctx context.Context, ln line.Line, x *session.Exchange, program *line.Program, end *line.Stage) error {
	write := func(w io.Writer) error {
		if program != nil {
			return sh.each(ctx, *program, ln.Text, func(v query.Value) error {
				return sh.writeValue(w, v, program.Raw)
			})
		}
		if x == nil {
			return errNoAnswer()
		}
		return copyBody(x, w)
	}
	if end.Kind == line.StageSave {
		name, err := sh.expandWord(ctx, ln, *end.File)
		if err != nil {
			return err
		}
		return sh.saveTo(name.text, write)
	}
	return sh.shell(ctx, end.Shell, write)
}

func errNoAnswer() error {
	return failed("query", "there is no answer yet", "`get /`")
}

// show prints the results of a program.
func (sh *Shell) show(ctx context.Context, ln line.Line, program *line.Program) error {
	if program == nil {
		return nil
	}
	p, err := sh.compile(*program, ln.Text)
	if err != nil {
		return err
	}
	if p.HeadersOnly() && sh.Screen && sh.Session.Current() != nil {
		render.Headers(sh.out, fields(sh.Session.Current().Header), sh.Style)
		return nil
	}
	var last query.Value
	n := 0
	err = sh.run(ctx, p, *program, ln.Text, func(v query.Value) error {
		last, n = v, n+1
		return sh.printValue(v, program.Raw)
	})
	if err == nil && n == 1 {
		if h := missingHint([]query.Value{last}); h != "" {
			sh.hint("missing", h)
		}
	}
	return err
}

// printValue shows one result on Out.
func (sh *Shell) printValue(v query.Value, raw bool) error {
	if s, ok := v.Str(); ok && (raw || sh.Raw) {
		return render.Raw(sh.out, s, sh.Style)
	}
	return render.Value(sh.out, v.AppendJSON(nil), sh.Style)
}

// writeValue writes one result to a file or a command, as a pipe would get it.
func (sh *Shell) writeValue(w io.Writer, v query.Value, raw bool) error {
	if s, ok := v.Str(); ok && (raw || sh.Raw) {
		_, err := io.WriteString(w, s+"\n")
		return err
	}
	return render.Value(w, v.AppendJSON(nil), nil)
}

// compile makes a program of the text; errors point into the line.
func (sh *Shell) compile(p line.Program, text string) (*query.Program, error) {
	prog, err := query.Compile(p.Text, sh.bound)
	if err != nil {
		return nil, shellHint(queryFailure(err, text, p.Pos), p, text)
	}
	return prog, nil
}

// shellHint helps who pipes an answer to a program of the shell, as `| less`.
func shellHint(err error, p line.Program, text string) error {
	f, ok := errors.AsType[*Failure](err)
	word, _, _ := strings.Cut(p.Text, " ")
	if !ok || p.Pos < 1 || p.Pos > len(text) || !strings.HasSuffix(strings.TrimRight(text[:p.Pos], " "), "|") ||
		!isName(word) || query.IsFunction(word) {
		return err
	}
	f.At = "| !" + p.Text + "   for a command of the shell"
	return f
}

// each compiles and runs a program, and hands every result on.
func (sh *Shell) each(ctx context.Context, p line.Program, text string, take func(query.Value) error) error {
	prog, err := sh.compile(p, text)
	if err != nil {
		return err
	}
	return sh.run(ctx, prog, p, text, take)
}

func (sh *Shell) run(ctx context.Context, prog *query.Program, p line.Program, text string, take func(query.Value) error) error {
	in, scope, err := sh.scope(prog)
	if err != nil {
		return err
	}
	for v, err := range prog.Run(ctx, in, scope) {
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return queryFailure(err, text, p.Pos)
		}
		if err := take(v); err != nil {
			return err
		}
	}
	return nil
}

// results collects up to most results of a program.
func (sh *Shell) results(ctx context.Context, p line.Program, text string, most int) ([]query.Value, error) {
	var out []query.Value
	enough := errors.New("enough")
	err := sh.each(ctx, p, text, func(v query.Value) error {
		out = append(out, v)
		if len(out) == most {
			return enough
		}
		return nil
	})
	if err != nil && err != enough {
		return nil, err
	}
	return out, nil
}

// scope is everything a program may reach. Without an answer yet, only programs
// that do not look at one run: their input is null.
func (sh *Shell) scope(prog *query.Program) (*query.Doc, *query.Scope, error) {
	s := &query.Scope{
		Vars:     sh.vars,
		Env:      sh.Env,
		Cookie:   sh.Session.CookieFor,
		Exchange: sh.viewOf,
	}
	x := sh.Session.Current()
	if x == nil {
		if prog.NeedsInput() {
			return nil, nil, errNoAnswer()
		}
		return nil, s, nil
	}
	s.Current = sh.view(x)
	if err := s.Current.BodyErr; err != nil {
		if prog.NeedsInput() {
			return nil, nil, err
		}
		return nil, s, nil
	}
	return s.Current.Body, s, nil
}

// bodyErr says why an answer's body is not there to be queried.
func bodyErr(x *session.Exchange) error {
	if path, saved := x.Body.Saved(); saved {
		return failed("query", "the body was written to "+path+" and not kept", "")
	}
	if x.Body.Evicted() {
		return failed("query", fmt.Sprintf("the body of $r%d is no longer kept", x.Number), "`again`")
	}
	return nil
}

func (sh *Shell) viewOf(n int) (*query.View, error) {
	x, err := sh.Session.At(n)
	if err != nil { // what is kept depends on the conversation, not on the text
		return nil, failed("query", err.Error(), "`responses`")
	}
	return sh.view(x), nil
}

// view is what a program sees of an exchange.
func (sh *Shell) view(x *session.Exchange) *query.View {
	v := &query.View{
		Status: x.Status, Reason: x.Reason, Header: queryFields(x.Header),
		URL: x.Sent.URL, Method: x.Sent.Method, Elapsed: x.Elapsed, Size: x.Body.Len(),
		RequestHeader: sentFields(x),
	}
	if v.BodyErr = bodyErr(x); v.BodyErr == nil {
		v.Body = sh.docs.of(x)
	}
	if c := x.Sent.Content; c != nil && c.Show != nil {
		if b := c.Show(); b != nil {
			v.RequestBody = query.NewDoc(b)
		}
	}
	for _, c := range x.SetCookies {
		v.SetCookies = append(v.SetCookies, query.Cookie{Name: c.Name, Value: c.Value})
	}
	return v
}

func queryFields(fs []session.Field) []query.Field {
	out := make([]query.Field, len(fs))
	for i, f := range fs {
		out[i] = query.Field(f)
	}
	return out
}

// sentFields are the headers of a request with their secrets masked: a query
// shows what was sent, not what is secret about it.
func sentFields(x *session.Exchange) []query.Field {
	out := queryFields(x.Sent.Header)
	for i := range out {
		if i < len(x.Sent.Secret) && x.Sent.Secret[i] {
			out[i].Value = secret.Header(out[i].Name, out[i].Value)
		}
	}
	return out
}
