package repl

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"

	"sonde/repl/item"
	"sonde/repl/line"
	"sonde/repl/query"
)

// checkedNames are the variables that the lines checked so far bind.
type checkedNames struct {
	set  map[string]bool
	more bool // a file that could not be read may bind any other
}

func (n *checkedNames) bind(name string) {
	if n.set == nil {
		n.set = map[string]bool{}
	}
	n.set[name] = true
}

func (n *checkedNames) has(name string) bool { return n.set[name] || n.more && isName(name) }

// check finds what is wrong with a line whatever the data, and runs nothing:
// syntax, programs that do not compile, words that are no items.
func (sh *Shell) check(text string) error {
	ln, err := sh.Parse(text)
	if err != nil {
		return err
	}
	return sh.checkLine(ln)
}

func (sh *Shell) checkLine(ln line.Line) error {
	if err := sh.checkPrograms(ln); err != nil {
		return err
	}
	switch ln.Kind {
	case line.Request:
		return sh.checkRequest(ln)
	case line.Header, line.Param:
		if _, literal := ln.Rest.Literal(); literal {
			return sh.sticky(context.Background(), ln)
		}
	case line.Identity:
		return sh.checkAs(ln, sh.checkLine)
	case line.Command:
		return sh.checkCommand(ln)
	}
	return nil
}

// checkPrograms compiles every program of a line.
func (sh *Shell) checkPrograms(ln line.Line) error {
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
		if p.IsProgram && !sh.checked.has(p.Program) {
			all = append(all, &line.Program{Text: p.Program, Pos: p.Pos})
		}
	}
	for _, p := range all {
		if p == nil {
			continue
		}
		if err := sh.checkProgram(*p, ln.Text); err != nil {
			return err
		}
	}
	return nil
}

func (sh *Shell) checkProgram(p line.Program, text string) error {
	_, err := query.Compile(p.Text, sh.checked.has)
	return queryFailure(err, text, p.Pos)
}

// checkCommand checks the words of a command. One that only changes settings is
// run: nothing is sent, and the lines after it are checked under them.
func (sh *Shell) checkCommand(ln line.Line) error {
	switch ln.Name {
	case "expect":
		text, _ := ln.Rest.Literal()
		return sh.checkProgram(line.Program{Text: text, Pos: ln.Rest.Pos}, ln.Text)
	case "let":
		return sh.checkLet(ln)
	case "after", "bench":
		return sh.checkInner(sh.lookup(ln.Name), ln)
	}
	if err := sh.checkWords(ln); err != nil {
		return err
	}
	if ln.Name == "source" {
		return sh.checkSource(ln)
	}
	if len(ln.Words) == 0 || !sh.lookup(ln.Name).Settles || !literalWords(ln) {
		return nil
	}
	err := sh.command(context.Background(), ln)
	if f, ok := errors.AsType[*Failure](err); ok && f.Code == ExitFailed {
		return nil // it depends on what the lines before it come to
	}
	return err
}

// checkWords judges the words of a command that hold no {{PROGRAM}}.
func (sh *Shell) checkWords(ln line.Line) error {
	if !literalWords(ln) {
		return nil
	}
	c := sh.call(ln)
	for _, w := range ln.Words {
		text, _ := w.Literal()
		c.Args = append(c.Args, text)
	}
	return commandFailure(c.check(sh), ln)
}

// literalWords reports whether no word of a line depends on the data.
func literalWords(ln line.Line) bool {
	return !slices.ContainsFunc(ln.Words, func(w line.Word) bool {
		_, literal := w.Literal()
		return !literal
	})
}

// checkSource checks the file that would be run, if it is there already.
func (sh *Shell) checkSource(ln line.Line) error {
	if len(ln.Words) == 1 && sh.depth < deepest {
		if name, literal := ln.Words[0].Literal(); literal {
			if f, err := os.Open(name); err == nil {
				defer f.Close()
				sh.depth++
				defer func() { sh.depth-- }()
				if code := sh.runScript(context.Background(), &Script{Name: name, In: f, Check: true}); code != ExitOK {
					return &Failure{Op: "source", Code: code, told: true}
				}
				return nil
			}
		}
	}
	sh.checked.more = true
	return nil
}

// checkLet checks what stands after `let NAME =`, and binds NAME.
func (sh *Shell) checkLet(ln line.Line) error {
	c := Call{Command: sh.lookup("let")}
	text, _ := ln.Rest.Literal()
	if strings.TrimSpace(text) == "" {
		return nil
	}
	name, rest, err := c.letName(text)
	if err != nil {
		return err
	}
	defer func() { sh.checked.bind(name) }()
	inner, err := sh.Parse(rest)
	if err == nil && inner.Kind == line.Request {
		return sh.checkLine(inner)
	}
	if err != nil && startsWithMethod(rest) {
		return err
	}
	return sh.checkProgram(line.Program{Text: rest, Pos: ln.Rest.End - len(rest)}, ln.Text)
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
