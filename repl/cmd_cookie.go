package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sonde/repl/near"
	"sonde/session"
	"sonde/session/secret"
)

func cookieCommands() []*Command {
	return []*Command{{
		Name: "cookie", Args: "[NAME | NAME=VALUE [for ORIGIN] | -d NAME | clear]", Group: GroupSession,
		Short: "list, set or drop the cookies the session holds",
		Long: "A cookie set by hand goes to the base's origin only, or that after `for`; those\n" +
			"that servers set follow RFC 6265. `cookie NAME` shows all of that name. A value is\n" +
			"at hand in queries: cookie(\"csrftoken\").",
		Example: "> cookie theme=dark\n> cookie\ntheme  ••••••••  $HOST  /  set by hand\n> post /login user=jdoe | .ok\ntrue\n" +
			"> cookie sid\nsid  ••••••••  $HOST  /  until exit, HttpOnly, SameSite=Lax, this host only\n> cookie clear",
		Words:    []string{"-d", "clear"},
		Complete: func(sh *Shell, words []string) []Candidate { return sh.cookieCandidates(words[len(words)-1]) },
		Check:    checkCookie,
		Run:      runCookie,
	}}
}

// checkCookie judges the words of `cookie`.
func checkCookie(_ *Shell, c Call) error {
	args, origin, err := cutOrigin(c)
	if err != nil {
		return err
	}
	set := len(args) == 1 && strings.Contains(args[0], "=")
	switch {
	case origin != "" && !set:
		return c.usage("for ORIGIN stands behind NAME=VALUE")
	case len(args) > 0 && args[0] == "-d" && len(args) != 2:
		return c.usage("-d takes one name")
	case len(args) > 1 && args[0] != "-d":
		return c.usage("takes one cookie; quote a value with blanks")
	case !set:
		return nil
	}
	name, value, _ := strings.Cut(args[0], "=")
	if name == "" {
		return c.usage("a name stands before =")
	}
	return session.CheckCookie(name, value)
}

func runCookie(_ context.Context, sh *Shell, c Call) error {
	args, origin, err := cutOrigin(c)
	switch {
	case err != nil:
		return err
	case len(args) == 0:
		return sh.showCookies("")
	case args[0] == "clear":
		return sh.clearCookies()
	case args[0] == "-d" && sh.Session.DeleteCookie(args[1]) == 0:
		return sh.noCookie(args[1])
	case args[0] == "-d":
		return nil
	case !strings.Contains(args[0], "="):
		return sh.showCookies(args[0])
	}
	name, value, _ := strings.Cut(args[0], "=")
	return sh.Session.SetCookie(name, value, origin)
}

func (sh *Shell) clearCookies() error {
	n := sh.Session.ClearCookies()
	if n == 0 {
		sh.notice(nothingForgotten + ".")
		return nil
	}
	sh.notice("forgot " + plural(n, "cookie") + ".")
	return nil
}

// showCookies lists the cookies of a name, "" for all.
func (sh *Shell) showCookies(name string) error {
	var rows [][]string
	for _, k := range sh.Session.Cookies() {
		if name != "" && k.Name != name {
			continue
		}
		domain := k.Domain
		if domain == "" {
			domain = "the next request's host"
		}
		rows = append(rows, []string{k.Name, secret.Mask, domain, k.Path, sh.cookieNotes(k)})
	}
	switch {
	case rows == nil && name != "":
		return sh.noCookie(name)
	case rows == nil:
		sh.notice("no cookies")
		return nil
	}
	return sh.rows(rows)
}

// noCookie is the error for a name that no cookie has, with those that are near.
func (sh *Shell) noCookie(name string) error {
	var names []string
	for _, k := range sh.Session.Cookies() {
		names = append(names, k.Name)
	}
	text := "no cookie " + quoteWord(name)
	slices.Sort(names) // a name may have several
	if like := near.Names(name, slices.Compact(names)); len(like) > 0 {
		text += "; did you mean: " + strings.Join(like, ", ")
	}
	return failed("cookie", text, "`cookie` lists them")
}

// cookieNotes are expiry, flags, and where else than to its host it goes.
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
	switch {
	case k.HandSet:
		if k.Origin != "" && k.Origin != sh.currentOrigin() {
			out = append(out, "for "+k.Origin+" only")
		}
	case k.HostOnly:
		out = append(out, "this host only")
	default:
		out = append(out, "subdomains too")
	}
	return strings.Join(out, ", ")
}

// plural counts things: "1 cookie", "2 cookies".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// cookieCandidates are the names of cookies that a word begins. A server chose
// them: one with a character that may mean something on a line is not offered.
func (sh *Shell) cookieCandidates(word string) []Candidate {
	var out []Candidate
	for _, k := range sh.Session.Cookies() {
		if badIdentity(k.Name) == "" {
			out = appendIf(out, word, k.Name, "a cookie for "+k.Domain, false)
		}
	}
	return out
}
