package repl

import (
	"context"
	"strings"

	"sonde/repl/item"
	"sonde/repl/line"
	"sonde/repl/query"
)

// check finds what is wrong with a line whatever the data, and runs nothing:
// syntax, programs that do not compile, words that are no items. names are the
// variables that lines before it bind.
func (sh *Shell) check(text string, names map[string]bool) error {
	ln, err := sh.Parse(text)
	if err != nil {
		return err
	}
	return sh.checkLine(ln, names)
}

func (sh *Shell) checkLine(ln line.Line, names map[string]bool) error {
	if ln.Program != nil {
		if err := checkProgram(*ln.Program, ln.Text, names); err != nil {
			return err
		}
	}
	for _, st := range ln.Stages {
		if st.Kind == line.StageQuery {
			if err := checkProgram(st.Program, ln.Text, names); err != nil {
				return err
			}
		}
	}
	switch {
	case ln.Kind == line.Request:
		return sh.checkWords(ln)
	case ln.Kind == line.Command && ln.Name == "expect":
		text, _ := ln.Rest.Literal()
		return checkProgram(line.Program{Text: text, Pos: ln.Rest.Pos}, ln.Text, names)
	case ln.Kind == line.Command && ln.Name == "let":
		return sh.checkLet(ln, names)
	}
	return nil
}

// checkLet checks what stands after `let NAME =`, and binds NAME.
func (sh *Shell) checkLet(ln line.Line, names map[string]bool) error {
	text, _ := ln.Rest.Literal()
	name, rest, ok := strings.Cut(text, "=")
	if !ok {
		return nil
	}
	defer func() { names[strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), "$"))] = true }()
	inner, err := sh.Parse(rest)
	if err == nil && inner.Kind == line.Request {
		return sh.checkLine(inner, names)
	}
	if err != nil && startsWithMethod(rest) {
		return err
	}
	return checkProgram(line.Program{Text: rest, Pos: ln.Rest.Pos + len(name) + 1}, ln.Text, names)
}

func checkProgram(p line.Program, text string, names map[string]bool) error {
	_, err := query.Compile(p.Text, func(name string) bool { return names[name] })
	return queryFailure(err, text, p.Pos)
}

// checkWords looks at the words of a request that hold no program.
func (sh *Shell) checkWords(ln line.Line) error {
	d := &draft{}
	for i := 0; i < len(ln.Words); i++ {
		w := ln.Words[i]
		s, literal := w.Literal()
		if literal && strings.HasPrefix(s, "--") && !w.Quoted {
			takes, err := d.flag(s, ln, i)
			if err != nil {
				return err
			}
			if takes {
				i++
			}
			continue
		}
		if !literal {
			continue
		}
		e, err := sh.expandWord(context.Background(), ln, w)
		if err != nil {
			return err
		}
		it, ok := item.ParseExpanded(e.text, e.spans)
		if !ok {
			x := item.Explain(d.before, e.text)
			return at(ln, w.Pos, x.Msg, x.Tip)
		}
		d.before = it
		if it.Kind == item.BodyText {
			d.items, d.itemPos = []item.Item{it}, []int{w.Pos}
			if err := item.CheckJSON(it.Value); err != nil {
				return d.itemFailure(ln, err)
			}
		}
	}
	return nil
}
