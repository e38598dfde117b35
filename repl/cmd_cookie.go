package repl

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sonde/session"
	"sonde/session/secret"
)

func cookieCommands() []*Command {
	return []*Command{{
		Name: "cookie", Args: "[NAME=VALUE | -d NAME | clear]", Group: GroupSession,
		Short: "list, set or drop the cookies the session holds",
		Long: "A cookie set by hand goes to the base's origin only; those that servers set\n" +
			"follow RFC 6265. A value is at hand in queries: cookie(\"csrftoken\").",
		Example: "> cookie theme=dark\n> cookie\ntheme  ••••••••  $HOST  /  set by hand\n> cookie clear",
		Words:   []string{"-d", "clear"},
		Run:     runCookie,
	}}
}

func runCookie(_ context.Context, sh *Shell, c Call) error {
	args := c.Args
	switch {
	case len(args) == 0:
		return sh.showCookies()
	case args[0] == "clear" && len(args) == 1:
		sh.notice(plural(sh.Session.ClearCookies(), "cookie") + " forgotten")
		return nil
	case args[0] == "-d":
		if len(args) != 2 {
			return c.usage("-d takes one name")
		}
		if sh.Session.DeleteCookie(args[1]) == 0 {
			sh.notice("no cookie " + quoteWord(args[1]))
		}
		return nil
	case len(args) > 1:
		return c.usage("takes one cookie; quote a value with blanks")
	}
	name, value, ok := strings.Cut(args[0], "=")
	if !ok || name == "" {
		return c.usage("= stands between name and value")
	}
	return sh.Session.SetCookie(name, value, "")
}

func (sh *Shell) showCookies() error {
	var rows [][]string
	for _, k := range sh.Session.Cookies() {
		rows = append(rows, []string{k.Name, secret.Mask, k.Domain, k.Path, sh.cookieNotes(k)})
	}
	if rows == nil {
		sh.notice("no cookies")
		return nil
	}
	return sh.rows(rows)
}

// cookieNotes are expiry and flags.
func (sh *Shell) cookieNotes(k session.Cookie) string {
	var out []string
	switch {
	case k.HandSet:
		out = append(out, "set by hand")
	case k.Expires.IsZero():
		out = append(out, "until exit")
	default:
		out = append(out, "until "+k.Expires.Local().Format(time.DateTime))
	}
	if k.Secure {
		out = append(out, "Secure")
	}
	if k.HttpOnly {
		out = append(out, "HttpOnly")
	}
	if k.SameSite != "" {
		out = append(out, "SameSite="+k.SameSite)
	}
	return strings.Join(out, " ")
}

// plural counts things: "1 cookie", "2 cookies".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
