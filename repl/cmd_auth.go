package repl

import (
	"context"
	"errors"
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
		Words: []string{"basic", "digest", "bearer", "apikey", "netrc", "oauth2", "off"},
		Run:   runAuth,
	}}
}

// A login is one use of the command auth.
type login struct {
	Call
	args   []string // without `for ORIGIN`
	origin string   // "" is the base's
}

func runAuth(ctx context.Context, sh *Shell, c Call) error {
	args, origin, err := cutOrigin(c)
	if err != nil {
		return err
	}
	l := login{Call: c, args: args, origin: origin}
	if len(args) == 0 {
		return sh.showAuth(origin)
	}
	return authFailure(sh.login(ctx, l), c.Line.Text)
}

// login does what the first word says. A user who has the name of such a word is
// told apart by `auth basic`, and by coming from an answer.
func (sh *Shell) login(ctx context.Context, l login) error {
	kind, _ := l.typed(0)
	switch kind = strings.ToLower(kind); kind {
	case "off":
		return sh.authOff(l)
	case "netrc":
		return sh.authNetrc(l)
	case "oauth2":
		return sh.authOAuth(ctx, l)
	case "bearer":
		return sh.authBearer(ctx, l)
	case "apikey":
		return sh.authKey(ctx, l)
	case "basic", "digest":
		return sh.authUser(ctx, l, kind, 1)
	}
	return sh.authUser(ctx, l, "basic", 0)
}

// authUser takes USER [SECRET] from word i on, or USER:SECRET as other tools do: a
// user name has no colon (RFC 7617, section 2).
func (sh *Shell) authUser(ctx context.Context, l login, kind string, i int) error {
	if len(l.args) <= i {
		return misused("auth", kind+" wants a user name", "`auth "+kind+" USER`")
	}
	user, word, both := strings.Cut(l.args[i], ":")
	q := question{what: "password for " + user, instead: "auth " + kind + " " + user + " env:NAME"}
	var err error
	switch {
	case both && len(l.args) > i+1:
		return misused("auth", "a colon in a user name, which no login can carry", "`auth "+kind+" "+user+"`")
	case !both:
		word, err = sh.credential(ctx, l, i+1, q)
	}
	if err != nil {
		return err
	}
	return sh.Session.SetAuth(session.Auth{Kind: kind, User: user, Secret: word}, l.origin)
}

func (sh *Shell) authBearer(ctx context.Context, l login) error {
	word, err := sh.credential(ctx, l, 1, question{what: "token", instead: "auth bearer env:NAME", filled: true})
	if err != nil {
		return err
	}
	return sh.Session.SetAuth(session.Auth{Kind: "bearer", Secret: word}, l.origin)
}

// authKey takes NAME [SECRET]: NAME, also with the colon of a header, or NAME==.
func (sh *Shell) authKey(ctx context.Context, l login) error {
	if len(l.args) < 2 {
		return misused("auth", "apikey wants the name of a header or parameter", "`auth apikey X-Api-Key`, or for a parameter: `auth apikey api_key==`")
	}
	name := strings.TrimSuffix(l.args[1], ":")
	if bare := strings.TrimSuffix(name, "=="); bare == "" || strings.ContainsAny(bare, ":= \t") {
		return misused("auth", "apikey wants the name and the key as two words", "`auth apikey X-Api-Key`, or for a parameter: `auth apikey api_key==`")
	}
	word, err := sh.credential(ctx, l, 2, question{
		what:    "key " + strings.TrimSuffix(name, "=="),
		instead: "auth apikey " + name + " env:NAME",
		filled:  true,
	})
	if err != nil {
		return err
	}
	return sh.Session.SetAuth(session.Auth{Kind: "apikey", User: name, Secret: word}, l.origin)
}

// authNetrc takes the login that .netrc has for the host.
func (sh *Shell) authNetrc(l login) error {
	if len(l.args) > 1 {
		return misused("auth", "netrc takes no words", "`auth netrc`")
	}
	a, err := sh.Session.NetrcAuth(l.origin)
	if err != nil {
		return err
	}
	return sh.Session.SetAuth(a, l.origin)
}

func (sh *Shell) authOff(l login) error {
	if len(l.args) > 1 {
		return misused("auth", "off takes no words", "`auth off`, or for a user of that name: `auth basic off`")
	}
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

// authFailure is the failure of a login. What the session says of one names the
// command already.
func authFailure(err error, text string) error {
	e, ok := errors.AsType[*session.Error](err)
	if !ok || errors.Is(err, context.Canceled) {
		return err
	}
	f := asFailure(e, "auth", text)
	f.Msg = strings.TrimPrefix(strings.TrimPrefix(f.Msg, "auth: "), "auth ")
	return f
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
