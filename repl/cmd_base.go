package repl

import (
	"context"
	"slices"

	"sonde/session"
)

func baseCommands() []*Command {
	return []*Command{
		{
			Name: "base", Args: "[URL]", Group: GroupSession, Settles: true,
			Short: "show or set the URL that paths are appended to",
			Long: "Credentials belong to an origin (scheme, host, port): another base does not get\n" +
				"those of this one, and coming back finds them again.",
			Complete: completeBase,
			Run:      runBase,
		},
		{
			Name: "cd", Args: "[PATH]", Group: GroupSession, Settles: true,
			Short:    "put a prefix before relative paths; `cd` alone leaves it",
			Example:  "> cd users\n> get jdoe | .login\n\"jdoe\"\n> cd",
			Complete: completeDir,
			Run:      runCd,
		},
	}
}

func runBase(_ context.Context, sh *Shell, c Call) error {
	switch len(c.Args) {
	case 0:
		if sh.Session.Settings.Base == "" {
			sh.notice("no base; set it with: ‹base https://HOST›")
			return nil
		}
		sh.out.WriteString(sh.shown(sh.Session.Settings.Base) + "\n")
		return nil
	case 1:
		return sh.setBase(c.Args[0])
	}
	return c.usage("takes one URL")
}

// setBase changes the base, and says which credentials stay behind.
func (sh *Shell) setBase(text string) error {
	to, err := session.ParseBase(text)
	if err != nil {
		return err
	}
	if n, ok := sh.Session.Withheld(to); ok {
		sh.sessionNotice(n)
	}
	if was := sh.Session.Settings.Base; was != "" && !slices.Contains(sh.bases, was) {
		sh.bases = append(sh.bases, was)
	}
	return sh.Session.SetBase(text)
}

func runCd(_ context.Context, sh *Shell, c Call) error {
	if len(c.Args) > 1 {
		return c.usage("takes one path")
	}
	to := ""
	if len(c.Args) == 1 {
		to = c.Args[0]
	}
	dir, err := session.ChangeDir(sh.Session.Settings.Dir, to)
	if err != nil {
		return err
	}
	sh.Session.Settings.Dir = dir
	return nil
}
