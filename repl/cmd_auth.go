package repl

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sonde/session"
	"sonde/session/secret"
)

func authCommands() []*Command {
	return []*Command{{
		Name: "auth", Group: GroupSession,
		Args:  "[[basic | digest] USER [SECRET] | bearer [SECRET] | apikey NAME[==] [SECRET] | netrc | oauth2 … | off] [for ORIGIN]",
		Short: "log in: every request to this origin carries it from now on",
		Long: "A missing SECRET is asked for without echo. It may be the text itself, env:NAME,\n" +
			"file:PATH, run:COMMAND or keyring:NAME. The login belongs to the base's origin\n" +
			"(scheme, host, port); no other gets it. An API key goes in the header NAME, or, as\n" +
			"NAME==, in the query. `auth oauth2` tells how a token is had. `auth` shows the\n" +
			"logins, `auth off` forgets the one of the base.",
		Example: "> auth jdoe anything\n> auth\nBasic jdoe ••••••••  for $URL\n> get /user | .login\n\"jdoe\"\n" +
			"> auth digest jdoe anything\n> get /digest-auth | .user\n\"jdoe\"\n" +
			"> auth apikey X-Api-Key anything\n> get /api-key | .in\n\"header\"",
		Words:    loginWords(),
		Complete: completeAuth,
		Check:    checkAuth,
		Run:      runAuth,
	}}
}

func checkAuth(_ *Shell, c Call) error {
	_, err := parseLogin(c)
	return err
}

func runAuth(ctx context.Context, sh *Shell, c Call) error {
	l, err := parseLogin(c)
	if err != nil {
		return err
	}
	if l.kind == "" {
		return sh.showAuth(l.origin)
	}
	return sh.login(ctx, l)
}

// login does what the first word says.
func (sh *Shell) login(ctx context.Context, l login) error {
	a := session.Auth{Kind: l.kind, User: l.user}
	var err error
	switch l.kind {
	case "off":
		return sh.authOff(l)
	case "oauth2":
		return sh.authOAuth(ctx, l)
	case "netrc":
		a, err = sh.Session.NetrcAuth(l.origin)
	default:
		a.Secret, err = sh.credential(ctx, l)
	}
	if err != nil {
		return err
	}
	return sh.setAuth(a, l.origin)
}

func (sh *Shell) authOff(l login) error {
	if sh.Session.ClearAuth(l.origin) {
		return nil
	}
	text := "no login was set for " + sh.originText(l.origin)
	for _, a := range sh.Session.AuthOrigins() {
		if a.Origin != "" {
			text += "; to forget the one there is: ‹auth off for " + a.Origin + "›"
			break
		}
	}
	sh.notice(text)
	return nil
}

// originText names an origin in a sentence; "" is the base's.
func (sh *Shell) originText(origin string) string {
	if origin == "" {
		origin = sh.currentOrigin()
	}
	if origin == "" {
		return "the next request's host"
	}
	return origin
}

// showAuth prints the logins there are, masked: those of an origin, or all of the
// current identity.
func (sh *Shell) showAuth(origin string) error {
	var rows []string
	base := sh.currentOrigin()
	have := false // a login for the base, or for the origin that is asked about
	for _, a := range sh.Session.AuthOrigins() {
		if origin != "" && a.Origin != origin {
			continue
		}
		have = have || a.Origin == base || origin != ""
		rows = append(rows, authText(a.Auth)+"  for "+sh.originText(a.Origin)+sh.authNotes(a.Auth))
	}
	for _, h := range sh.Session.Settings.Headers {
		if strings.EqualFold(h.Name, "Authorization") && (origin == "" || origin == h.Origin) {
			have = have || h.Origin == base || origin != ""
			rows = append(rows, "header "+h.Name+": "+sh.headerText(h)+"  for "+sh.originText(h.Origin))
		}
	}
	if path, _ := sh.Session.Netrc(); path != "" && !have {
		if a, err := sh.Session.NetrcAuth(origin); err == nil {
			rows = append(rows, authText(a)+"  for "+sh.originText(origin)+sh.authNotes(a))
		}
	}
	if rows == nil {
		sh.notice("no login; set one with: ‹auth USER›, or: ‹auth bearer›")
	}
	for _, row := range rows {
		if _, err := fmt.Fprintln(sh.out, sh.shown(row)); err != nil {
			return err
		}
	}
	return nil
}

// authText is a login without its secret.
func authText(a session.Auth) string {
	switch a.Kind {
	case "basic":
		return "Basic " + a.User + " " + secret.Mask
	case "digest":
		return "Digest " + a.User + " " + secret.Mask
	case "apikey":
		if name, ok := strings.CutSuffix(a.User, "=="); ok {
			return "API key " + name + "==" + secret.Mask
		}
		return "API key " + a.User + ": " + secret.Mask
	case "oauth2":
		return "OAuth 2.0 " + a.User + " " + secret.Mask
	default:
		return "Bearer " + secret.Mask
	}
}

// authNotes say where a login is from and how long it lasts, "" if there is
// nothing to say.
func (sh *Shell) authNotes(a session.Auth) string {
	notes := ""
	if a.Source == session.FromNetrc {
		notes += " · from .netrc"
	}
	if a.Kind == "oauth2" {
		notes += " · " + sh.tokenText(a)
	}
	return notes
}

// tokenText says how long a token lasts and what happens then.
func (sh *Shell) tokenText(a session.Auth) string {
	at, renewable := a.OAuthExpires()
	left := at.Sub(sh.Now()).Round(time.Second)
	text := "expires in " + durationText(left)
	switch {
	case at.IsZero():
		text = "the server did not say until when"
	case left <= 0:
		text = "expired"
	}
	if renewable {
		return text + ", renewed by itself"
	}
	return text
}

// setAuth sets a login, and says what it takes the place of.
func (sh *Shell) setAuth(a session.Auth, origin string) error {
	before := len(sh.Session.Settings.Headers)
	err := sh.Session.SetAuth(a, origin)
	if err == nil && len(sh.Session.Settings.Headers) < before {
		sh.notice("the header Authorization that was typed before is gone; the login takes its place")
	}
	return err
}
