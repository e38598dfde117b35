package repl

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"sonde/session"
	"sonde/session/secret"
)

func authCommands() []*Command {
	return []*Command{{
		Name: "auth", Args: "[[basic] USER [SECRET] | bearer [SECRET] | off] [for ORIGIN]", Group: GroupSession,
		Short: "log in: every request to this origin carries it from now on",
		Long: "A missing SECRET is asked for without echo. It may be the text itself, env:NAME,\n" +
			"file:PATH or run:COMMAND. The login belongs to the base's origin (scheme, host,\n" +
			"port); no other gets it. `auth` shows it, `auth off` forgets it.",
		Example: "> auth jdoe anything\n> auth\nBasic jdoe ••••••••  for $URL\n> get /user | .login\n\"jdoe\"",
		Words:   []string{"basic", "bearer", "off"},
		Run:     runAuth,
	}}
}

func runAuth(ctx context.Context, sh *Shell, c Call) error {
	args, origin := c.Args, ""
	if n := len(args); n >= 2 && args[n-2] == "for" {
		o, err := session.OriginOf(args[n-1])
		if err != nil {
			return misused("auth", err.Error(), "`auth … for https://host`")
		}
		args, origin = args[:n-2], o.String()
	}
	if len(args) == 0 {
		return sh.showAuth(origin)
	}
	switch args[0] {
	case "off":
		if len(args) > 1 {
			return c.usage("off takes no words")
		}
		if !sh.Session.ClearAuth(origin) {
			sh.notice("no login was set for " + sh.originText(origin))
		}
		return nil
	case "bearer":
		return sh.auth(ctx, c, "bearer", "", args[1:], origin)
	case "digest", "apikey", "netrc", "oauth2":
		return misused("auth", args[0]+" is not known in this version", "`auth USER` or `auth bearer`")
	case "basic":
		args = args[1:]
		if len(args) == 0 {
			return c.usage("basic wants a user name")
		}
	}
	return sh.auth(ctx, c, "basic", args[0], args[1:], origin)
}

// auth sets a login whose secret is the one word left, or is asked for.
func (sh *Shell) auth(ctx context.Context, c Call, kind, user string, rest []string, origin string) error {
	if len(rest) > 1 && secret.Reference(rest[0]) {
		return misused("auth", "too many words", "quote the reference: `auth … '"+strings.Join(rest, " ")+"'`")
	}
	if len(rest) > 1 {
		return c.usage("too many words")
	}
	var word string
	var err error
	if len(rest) == 1 {
		word, err = sh.secretFrom(ctx, rest[0])
	} else {
		word, err = sh.ask(kind, user, origin)
	}
	if err != nil {
		return err
	}
	if kind == "bearer" && word == "" {
		return misused("auth", "the token is empty", "`auth bearer env:TOKEN`")
	}
	return sh.Session.SetAuth(session.Auth{Kind: kind, User: user, Secret: word}, origin)
}

// ask asks for a secret where nobody can read it.
func (sh *Shell) ask(kind, user, origin string) (string, error) {
	if sh.AskSecret == nil {
		return "", misused("auth", "no terminal to ask for the secret at", "`auth "+strings.TrimSpace(kind+" "+user)+" env:NAME`")
	}
	what := "password for " + user
	if kind == "bearer" {
		what = "token"
	}
	note := ""
	if sh.SecretNote != "" && origin == "" {
		note = " " + sh.SecretNote
	}
	word, err := sh.AskSecret(what + " at " + sh.originText(origin) + note + ": ")
	if err == io.EOF {
		return "", failed("auth", "no secret was typed", "")
	}
	return word, err
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

// secretFrom reads a secret where its reference says it is.
func (sh *Shell) secretFrom(ctx context.Context, word string) (string, error) {
	from, name, ok := strings.Cut(word, ":")
	if !ok {
		return word, nil
	}
	switch from {
	case "env":
		v, ok := sh.Env(name)
		if !ok {
			return "", misused("auth", "the environment has no "+quoteWord(name), "export it before sonde starts")
		}
		return v, nil
	case "file":
		b, err := os.ReadFile(name)
		if err != nil {
			return "", failed("auth", err.Error(), "")
		}
		return strings.TrimRight(string(b), "\r\n"), nil
	case "run":
		if sh.Command == nil {
			return "", failed("auth", "commands are not run here", "")
		}
		cmd := sh.Command(ctx, name)
		cmd.Stderr = sh.Err
		cmd.WaitDelay = childGrace
		b, err := cmd.Output()
		if err != nil {
			return "", shellError(ctx, name, err)
		}
		return strings.TrimRight(string(b), "\r\n"), nil
	case "keyring":
		return "", misused("auth", "no keyring is read in this version", "`env:NAME`, `file:PATH` or `run:COMMAND`")
	}
	return word, nil
}

// showAuth prints the logins there are, masked.
func (sh *Shell) showAuth(origin string) error {
	all := sh.Session.AuthOrigins()
	n := 0
	for _, a := range all {
		if origin != "" && a.Origin != origin {
			continue
		}
		n++
		fmt.Fprintf(sh.out, "%s  for %s\n", sh.shown(authText(a.Auth)), sh.originText(a.Origin))
	}
	if n == 0 {
		sh.notice("no login; set one with: auth USER, or: auth bearer")
	}
	return nil
}

// authText is a login without its secret.
func authText(a session.Auth) string {
	switch a.Kind {
	case "basic":
		return "Basic " + a.User + " " + secret.Mask
	default:
		return "Bearer " + secret.Mask
	}
}
