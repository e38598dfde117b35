package repl

import (
	"context"
	"fmt"
	"io"
	"strings"

	"sonde/repl/item"
	"sonde/repl/line"
	"sonde/repl/query"
	"sonde/session"
	"sonde/session/secret"
)

// expanded is a word after its {{PROGRAM}} parts were replaced.
type expanded struct {
	text   string
	spans  []item.Span // the bytes that values put there
	secret bool        // one of the values is a secret, or came from the environment
}

// slot is where in a request a word stands, which decides how a value is
// written there.
type slot int

const (
	slotPlain slot = iota // as it is
	slotURL               // URL text at the start, then a path segment, then a query value
)

// expandWord replaces the programs of a word by their results.
func (sh *Shell) expandWord(ctx context.Context, ln line.Line, w line.Word) (expanded, error) {
	return sh.expandParts(ctx, ln, w.Parts, slotPlain)
}

// expandTemplate does the same for the rest of a line or a heredoc.
func (sh *Shell) expandTemplate(ctx context.Context, ln line.Line, t line.Template) (expanded, error) {
	return sh.expandParts(ctx, ln, t.Parts, slotPlain)
}

func (sh *Shell) expandParts(ctx context.Context, ln line.Line, parts []line.Part, where slot) (expanded, error) {
	if len(parts) == 1 && !parts[0].IsProgram && !parts[0].Escaped {
		return expanded{text: parts[0].Text}, nil
	}
	var b strings.Builder
	var out expanded
	for i, p := range parts {
		if !p.IsProgram {
			if p.Escaped { // a separator behind a backslash separates nothing
				out.spans = append(out.spans, item.Span{Start: b.Len(), End: b.Len() + len(p.Text)})
			}
			b.WriteString(p.Text)
			continue
		}
		v, err := sh.one(ctx, ln, p)
		if err != nil {
			return out, err
		}
		start := b.Len()
		b.WriteString(inContext(v, p.Context, where, i == 0 && where == slotURL, b.String()))
		out.spans = append(out.spans, item.Span{Start: start, End: b.Len()})
		s, _ := v.Str()
		if takenSecret(p.Program, v) {
			sh.Session.Secrets.Add(s)
		}
		if fromEnvironment(p.Program) || s != "" && sh.isSecret(s) {
			out.secret = true
		}
	}
	out.text = b.String()
	return out, nil
}

// inContext is a value as it is written where it stands.
func inContext(v query.Value, c line.Context, where slot, first bool, before string) string {
	s, isString := v.Str()
	switch {
	case c == line.ContextJSONValue:
		return string(v.AppendJSON(nil))
	case !isString:
		s = string(v.AppendJSON(nil))
	}
	if c == line.ContextJSONString {
		q := query.StringValue(s).AppendJSON(nil)
		return string(q[1 : len(q)-1])
	}
	if where == slotURL && !first {
		if strings.Contains(before, "?") {
			return session.EscapeQuery(s)
		}
		return session.EscapeSegment(s)
	}
	return s
}

// one is the single result of a {{PROGRAM}}; none, several or null is an error,
// so that nothing is ever sent with a hole in it.
func (sh *Shell) one(ctx context.Context, ln line.Line, p line.Part) (query.Value, error) {
	name := strings.TrimSpace(p.Program)
	shown := "{{" + p.Program + "}}"
	var vs []query.Value
	if v, ok := sh.vars[name]; ok {
		vs = []query.Value{v}
	} else {
		var err error
		if vs, err = sh.results(ctx, line.Program{Text: p.Program, Pos: p.Pos}, ln.Text, 2); err != nil {
			return query.Value{}, err
		}
	}
	cause := ""
	switch {
	case len(vs) == 0:
		cause = "no result"
	case len(vs) > 1:
		cause = "several results; one is wanted"
	case vs[0].IsNull():
		cause = "the result is null"
	default:
		return vs[0], nil
	}
	return query.Value{}, &Failure{
		Op: shown, Msg: cause + "; nothing was sent", Code: ExitFailed,
		Text: ln.Text, Pos: p.Pos, At: missingHint(vs),
	}
}

// missingHint names the keys near one that is not there.
func missingHint(vs []query.Value) string {
	if len(vs) == 0 {
		return ""
	}
	path, key, near, ok := vs[0].Missing()
	if !ok {
		return ""
	}
	if len(near) == 0 {
		return fmt.Sprintf("%s has no %q", path, key)
	}
	return fmt.Sprintf("%s has no %q; near it: %s", path, key, strings.Join(near, ", "))
}

// hiddenName begins the names that secrets asked for again have while their line
// runs.
const hiddenName = "secret_"

// forgetHidden drops them once it has run.
func (sh *Shell) forgetHidden() {
	for ; sh.hidden > 0; sh.hidden-- {
		delete(sh.vars, fmt.Sprintf("%s%d", hiddenName, sh.hidden))
	}
}

// askAgain asks for every secret that a recalled line shows masked, and puts a
// name in its place that {{}} knows: so a value never makes words or items.
func (sh *Shell) askAgain(text string) (string, error) {
	if sh.AskSecret == nil {
		return "", misused("line", "a secret was left out of it ("+secret.Mask+")", "write the value, or `env:NAME`, in its place")
	}
	if strings.HasPrefix(strings.TrimLeft(text, " \t"), "!") {
		return "", misused("line", "a secret was left out of it; type it again", "")
	}
	shown := text
	for n := 1; strings.Contains(text, secret.Mask); n++ {
		which := ""
		if n > 1 {
			which = fmt.Sprintf(" number %d", n)
		}
		v, err := sh.AskSecret("value for " + secret.Mask + which + " in `" + shown + "`: ")
		if err == io.EOF {
			return "", failed("line", "no secret was typed", "")
		}
		if err != nil {
			return "", err
		}
		sh.hidden++
		name := fmt.Sprintf("%s%d", hiddenName, sh.hidden)
		sh.vars[name] = query.StringValue(v)
		sh.Session.Secrets.Add(v)
		text = strings.Replace(text, secret.Mask, "{{"+name+"}}", 1)
	}
	return text, nil
}
