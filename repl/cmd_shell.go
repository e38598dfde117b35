package repl

import (
	"context"
	"os"
	"strings"

	"sonde/repl/near"
)

func shellCommands() []*Command {
	return []*Command{
		{
			Name: "set", Args: "[NAME VALUE]", Group: GroupShell, Settles: true,
			Short:    "show or change how things are shown and when scripts stop",
			Example:  "> set raw on\n> get /users/jdoe | .login\njdoe\n> set raw off",
			Words:    settingNames(),
			Complete: completeSet,
			Check:    checkSet,
			Run:      runSet,
		},
		{
			Name: "history", Args: "[TEXT]", Group: GroupShell,
			Short: "list the lines typed, or those that hold TEXT",
			Run:   runHistory,
		},
		{
			Name: "source", Args: "FILE", Group: GroupShell,
			Short:    "run the lines of a file",
			Complete: completeFile(0),
			Check:    oneWord("file"),
			Run:      runSource,
		},
		{
			Name: "help", Args: "[WORD]", Group: GroupShell,
			Short:    "this list, or all about one command",
			Complete: completeHelp,
			Check:    checkHelp,
			Run:      runHelp,
		},
		{
			Name: "clear", Group: GroupShell,
			Short: "clear the screen",
			Run:   runClear,
		},
		{
			Name: "exit", Group: GroupShell,
			Short: "leave; Ctrl-D at an empty prompt does the same",
			Run:   runExit,
		},
	}
}

// setting is one name that `set` knows.
type setting struct {
	name, values, about string
	get                 func(*Shell) string
	set                 func(*Shell, string) bool
}

func onOff(v bool) string {
	if v {
		return "on"
	}
	return "off"
}

// toggle makes a setting of a switch.
func toggle(name, about string, at func(*Shell) *bool) setting {
	return setting{name: name, values: "on|off", about: about,
		get: func(sh *Shell) string { return onOff(*at(sh)) },
		set: func(sh *Shell, v string) bool {
			if v != "on" && v != "off" {
				return false
			}
			*at(sh) = v == "on"
			return true
		}}
}

func settings() []setting {
	return append(showSettings(), limitSettings()...)
}

// showSettings are those that concern what is shown, and when scripts stop.
func showSettings() []setting {
	return []setting{
		toggle("fail", "an answer of 4xx or 5xx nobody looked at stops a script", func(sh *Shell) *bool { return &sh.Fail }),
		{name: "print", values: "LETTERS", about: "parts of answers: H B request, h b answer, m timing",
			get: func(sh *Shell) string { return sh.print },
			set: func(sh *Shell, v string) bool {
				if !PrintLetters(v) {
					return false
				}
				sh.print = v
				return true
			}},
		toggle("quiet", "no notices", func(sh *Shell) *bool { return &sh.Quiet }),
		toggle("raw", "string results without quotes", func(sh *Shell) *bool { return &sh.Raw }),
		toggle("verbose", "more notices", func(sh *Shell) *bool { return &sh.Verbose }),
	}
}

func settingNames() []string {
	var out []string
	for _, s := range settings() {
		out = append(out, s.name)
	}
	return out
}

// PrintLetters reports whether s is made of the letters -p takes.
func PrintLetters(s string) bool { return strings.Trim(s, "HBhbm") == "" }

// setting is the setting that the words of `set` name.
func (c Call) setting() (setting, error) {
	for _, s := range settings() {
		switch {
		case s.name != c.Args[0]:
		case len(c.Args) > 2:
			return s, s.misused()
		default:
			return s, nil
		}
	}
	hint := "`set`"
	if like := near.Names(c.Args[0], settingNames()); len(like) > 0 {
		hint = "`set " + strings.Join(like, "` · `set ") + "`"
	}
	return setting{}, misused("set", "no setting "+quoteWord(c.Args[0]), hint)
}

// misused is the error for a value that is none of the setting's.
func (s setting) misused() error {
	return misused("set", s.name+" takes "+s.values, "`set "+s.name+" "+s.values+"`")
}

func checkSet(_ *Shell, c Call) error {
	if len(c.Args) == 0 {
		return nil
	}
	_, err := c.setting()
	return err
}

func runSet(_ context.Context, sh *Shell, c Call) error {
	if len(c.Args) == 0 {
		var rows [][]string
		for _, s := range settings() {
			rows = append(rows, []string{s.name, s.get(sh), s.about})
		}
		return sh.rows(rows)
	}
	s, err := c.setting()
	switch {
	case err != nil:
		return err
	case len(c.Args) == 1:
		_, err := sh.out.WriteString(s.get(sh) + "\n")
		return err
	case !s.set(sh, c.Args[1]):
		return s.misused()
	}
	return nil
}

func runHistory(_ context.Context, sh *Shell, c Call) error {
	if sh.History == nil {
		sh.notice("no history is kept here")
		return nil
	}
	text := strings.Join(c.Args, " ")
	for _, e := range sh.History.Entries(1000) {
		if strings.Contains(e, text) {
			sh.out.WriteString(sh.shown(e) + "\n")
		}
	}
	return nil
}

// deepest is how far files may source each other.
const deepest = 20

func runSource(ctx context.Context, sh *Shell, c Call) error {
	if sh.depth == deepest {
		return misused("source", "files source each other without end", "")
	}
	f, err := os.Open(c.Args[0])
	if err != nil {
		return failed("source", err.Error(), "")
	}
	defer f.Close()
	sh.depth++
	defer func() { sh.depth-- }()
	s := Script{Name: c.Args[0], In: f}
	code := sh.runScript(ctx, &s)
	if code != ExitOK {
		return &Failure{Op: "source " + c.Args[0], Msg: "stopped there", Code: code, told: true}
	}
	return nil
}

func runClear(_ context.Context, sh *Shell, _ Call) error {
	if sh.Screen {
		sh.out.WriteString("\x1b[H\x1b[2J\x1b[3J")
	}
	return nil
}

func runExit(_ context.Context, sh *Shell, _ Call) error {
	sh.leave = true
	return nil
}
