package repl

import (
	"context"
	"errors"
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
	if err := checkPrograms(ln, names); err != nil {
		return err
	}
	switch ln.Kind {
	case line.Request:
		return sh.checkRequest(ln)
	case line.Header, line.Param:
		if _, literal := ln.Rest.Literal(); literal {
			return sh.sticky(context.Background(), ln)
		}
	case line.Command:
		return sh.checkCommand(ln, names)
	}
	return nil
}

// checkPrograms compiles every program of a line.
func checkPrograms(ln line.Line, names map[string]bool) error {
	all := []*line.Program{ln.Program, ln.TargetProgram}
	for i := range ln.Stages {
		if ln.Stages[i].Kind == line.StageQuery {
			all = append(all, &ln.Stages[i].Program)
		}
	}
	parts := []line.Part{}
	for _, w := range ln.Words {
		parts = append(parts, w.Parts...)
	}
	if ln.Target != nil {
		parts = append(parts, ln.Target.Parts...)
	}
	for _, t := range []*line.Template{ln.Heredoc, ln.Rest} {
		if t != nil {
			parts = append(parts, t.Parts...)
		}
	}
	for _, p := range parts {
		if p.IsProgram && !names[p.Program] {
			all = append(all, &line.Program{Text: p.Program, Pos: p.Pos})
		}
	}
	for _, p := range all {
		if p == nil {
			continue
		}
		if err := checkProgram(*p, ln.Text, names); err != nil {
			return err
		}
	}
	return nil
}

func checkProgram(p line.Program, text string, names map[string]bool) error {
	_, err := query.Compile(p.Text, func(name string) bool { return names[name] })
	return queryFailure(err, text, p.Pos)
}

// checkCommand checks the words of a command. One that only changes settings is
// run: nothing is sent, and the lines after it are checked under them.
func (sh *Shell) checkCommand(ln line.Line, names map[string]bool) error {
	c := sh.lookup(ln.Name)
	switch {
	case ln.Name == "expect":
		text, _ := ln.Rest.Literal()
		return checkProgram(line.Program{Text: text, Pos: ln.Rest.Pos}, ln.Text, names)
	case ln.Name == "let":
		return sh.checkLet(ln, names)
	case ln.Name == "jq" && (ln.Program == nil || strings.TrimSpace(ln.Program.Text) == ""):
		return Call{Command: c}.usage("a program is wanted")
	case c.Args == "" && len(ln.Words) > 0:
		return Call{Command: c}.usage("takes no words")
	}
	for _, w := range ln.Words {
		if _, literal := w.Literal(); !literal {
			return nil
		}
	}
	if len(ln.Words) == 0 || !c.Settles {
		return nil
	}
	return sh.command(context.Background(), ln)
}

// checkLet checks what stands after `let NAME =`, and binds NAME.
func (sh *Shell) checkLet(ln line.Line, names map[string]bool) error {
	c := Call{Command: sh.lookup("let")}
	text, _ := ln.Rest.Literal()
	if strings.TrimSpace(text) == "" {
		return nil
	}
	name, rest, err := c.letName(text)
	if err != nil {
		return err
	}
	defer func() { names[name] = true }()
	inner, err := sh.Parse(rest)
	if err == nil && inner.Kind == line.Request {
		return sh.checkLine(inner, names)
	}
	if err != nil && startsWithMethod(rest) {
		return err
	}
	return checkProgram(line.Program{Text: rest, Pos: ln.Rest.End - len(rest)}, ln.Text, names)
}

// checkRequest builds a request whose words hold no program, and sends nothing.
// Its files may not be there yet.
func (sh *Shell) checkRequest(ln line.Line) error {
	if ln.TargetProgram != nil || ln.Target == nil {
		return nil
	}
	if _, literal := ln.Target.Literal(); !literal {
		return nil
	}
	if ln.Heredoc != nil {
		if _, literal := ln.Heredoc.Literal(); !literal {
			return nil
		}
	}
	for _, w := range ln.Words {
		s, literal := w.Literal()
		it, _ := item.Parse(s)
		if !literal || it.Kind == item.HeaderFile || it.Kind == item.ParamFile {
			return nil
		}
	}
	d, err := sh.draft(context.Background(), ln)
	if f, ok := errors.AsType[*Failure](err); ok && f.Code == ExitFailed {
		return nil // a file
	}
	if err != nil {
		return err
	}
	if sh.Session.Settings.Base == "" && !strings.Contains(d.req.Target.Text, "://") {
		return nil
	}
	_, err = sh.Session.Prepare(&d.req)
	return err
}
