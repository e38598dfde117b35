package repl

import (
	"context"
	"strings"

	"sonde/session"
	"sonde/session/secret"
)

func headerCommands() []*Command {
	return []*Command{
		{
			Name: "header", Args: "[NAME:VALUE | -d NAME] [for ORIGIN]", Group: GroupSession, Settles: true,
			Short: "list, set or drop headers of every request",
			Long: "`Name:value` alone on a line does the same. A header that holds a secret\n" +
				"(Authorization, Cookie, a name with key, token, secret, auth or session) goes\n" +
				"to the base's origin only. `Name:` drops one, also one that is sent by itself such\n" +
				"as User-Agent; `header -d Name` takes back whatever was said about it.",
			Example:  "> header X-Trace:1\n> header\nX-Trace  1\n> header -d X-Trace",
			Words:    []string{"-d"},
			Complete: completeHeader,
			Run:      runHeader,
		},
		{
			Name: "param", Args: "[NAME==VALUE | -d NAME] [for ORIGIN]", Group: GroupSession, Settles: true,
			Short: "list, set or drop query parameters of every request",
			Long: "`name==value` alone on a line does the same. One that holds a secret, or that has an\n" +
				"origin behind `for`, goes there only.",
			Example:  "> param per_page==5\n> auth jdoe x\n> get /user/repos | length\n5\n> param -d per_page",
			Words:    []string{"-d"},
			Complete: completeParam,
			Run:      runParam,
		},
	}
}

func runHeader(_ context.Context, sh *Shell, c Call) error {
	args := c.Args
	if len(args) == 0 {
		return sh.showHeaders()
	}
	origin := ""
	if n := len(args); n >= 3 && args[n-2] == "for" {
		var err error
		if origin, err = c.origin(args[n-1]); err != nil {
			return err
		}
		args = args[:n-2]
	}
	if args[0] == "-d" {
		if len(args) != 2 {
			return c.usage("-d takes one name")
		}
		return sh.forgetHeader(strings.TrimRight(args[1], ":"), origin)
	}
	name, value, ok := strings.Cut(strings.Join(args, " "), ":")
	if !ok {
		return c.usage("a colon stands between name and value")
	}
	value = strings.TrimSpace(value)
	if value == "" {
		return sh.dropHeader(name, origin)
	}
	return sh.setHeader(name, value, origin, false)
}

func (sh *Shell) showHeaders() error {
	var rows [][]string
	for _, h := range sh.Session.Settings.Headers {
		rows = append(rows, []string{h.Name, sh.headerText(h), onlyFor(h.Origin)})
	}
	if rows == nil {
		sh.notice("no headers of your own; set one with: ‹Name:value›")
		return nil
	}
	return sh.rows(rows)
}

// headerText is the value of a header as it may be shown.
func (sh *Shell) headerText(h session.Header) string {
	if h.Drop {
		return "(left out)"
	}
	if secret.Name(h.Name) {
		return secret.Header(h.Name, h.Value)
	}
	if h.Secret {
		return secret.Mask
	}
	return sh.Session.Secrets.Mask(h.Value)
}

func onlyFor(origin string) string {
	if origin == "" {
		return ""
	}
	return "for " + origin + " only"
}

func runParam(_ context.Context, sh *Shell, c Call) error {
	args, origin, err := cutOrigin(c)
	switch {
	case err != nil:
		return err
	case len(args) == 0:
		return sh.showParams()
	case args[0] == "-d":
		if len(args) != 2 {
			return c.usage("-d takes one name")
		}
		return sh.dropParam(args[1], origin)
	case len(args) > 1:
		return c.usage("takes one parameter; quote a value with blanks")
	}
	name, value, ok := strings.Cut(args[0], "==")
	if !ok || name == "" {
		return c.usage("== stands between name and value")
	}
	return sh.setParam(name, value, origin, false)
}

func (sh *Shell) showParams() error {
	var rows [][]string
	for _, p := range sh.Session.Settings.Params {
		rows = append(rows, []string{p.Name, sh.paramText(p), onlyFor(p.Origin)})
	}
	if rows == nil {
		sh.notice("no params of your own; set one with: ‹name==value›")
		return nil
	}
	return sh.rows(rows)
}

// paramText is the value of a parameter as it may be shown.
func (sh *Shell) paramText(p session.Param) string {
	if p.Secret {
		return secret.Mask
	}
	return sh.Session.Secrets.Mask(p.Value)
}
