package repl

import (
	"context"
	"errors"
	"time"

	"sonde/repl/render"
	"sonde/session"
	"sonde/session/oauth2"
)

// authOAuth gets a token from an authorization server and makes it the login.
func (sh *Shell) authOAuth(ctx context.Context, l login) error {
	if len(l.args) == 1 {
		return sh.explainOAuth()
	}
	config := l.config
	if err := sh.clientSecret(ctx, l, &config); err != nil {
		return err
	}
	err := sh.Session.AuthorizeOAuth(ctx, config, l.origin, session.OAuthTell{Device: sh.tellDevice, Code: sh.tellCode})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return oauthUsage(err)
	}
	if a, ok := sh.Session.AuthFor(l.origin); ok {
		sh.notice("there is a token for " + sh.originText(l.origin) + " · " + sh.tokenText(a))
	}
	return nil
}

// oauthUsage gives a mistake in the words its hint.
func oauthUsage(err error) error {
	e, ok := errors.AsType[*oauth2.UsageError](err)
	if !ok {
		return err
	}
	hint := e.Hint
	if hint != "" {
		hint = "`" + hint + "`"
	}
	return misused("auth", "oauth2: "+e.Msg, hint)
}

// explainOAuth tells the three ways to a token, each with something to type.
func (sh *Shell) explainOAuth() error {
	return sh.rows([][]string{
		{"a program for itself", "auth oauth2 client CLIENT_ID [SECRET] issuer=https://HOST"},
		{"a person, on any screen", "auth oauth2 device CLIENT_ID [SECRET] issuer=https://HOST"},
		{"a person, in a browser here", "auth oauth2 code CLIENT_ID [SECRET] issuer=https://HOST"},
		{"without discovery", "token=URL, with device=URL or authorize=URL, in place of issuer="},
		{"if the server wants it", `scope="read write" audience=TEXT resource=URL auth=basic|post`},
		{"the secret", "text, env:NAME, file:PATH, run:COMMAND, keyring:NAME, or the word ask"},
	})
}

// askWord stands for a client secret that is asked for.
const askWord = "ask"

// clientSecret puts the client secret that a word refers to in its place. A
// client without one is a public client, which only the grant client cannot be:
// there it is asked for, as it is where the word says so.
func (sh *Shell) clientSecret(ctx context.Context, l login, config *oauth2.Config) error {
	var err error
	server, setting := config.Issuer, "issuer="
	if server == "" {
		server, setting = config.TokenURL, "token="
	}
	instead := "auth oauth2 " + config.Grant + " " + config.ClientID + " env:NAME " + setting + server
	switch given := config.ClientSecret; {
	case given == askWord, given == "" && config.Grant == oauth2.GrantClient:
		config.ClientSecret, err = sh.ask(question{what: "client secret of " + config.ClientID, instead: instead}, server)
	case given != "":
		config.ClientSecret, err = sh.secretWord(ctx, l)
	default:
		return nil
	}
	if err == nil && config.ClientSecret == "" {
		err = misused("auth", "the client secret is empty", "`"+instead+"`")
	}
	return err
}

// tellDevice says what a person has to do for a device login. It goes out however
// quiet the program is: nothing goes on without it.
func (sh *Shell) tellDevice(p oauth2.Prompt) {
	where := "open ‹" + p.URL + "› and type the code ‹" + p.Code + "› there"
	if p.Complete != "" && p.Complete != p.URL {
		where += ", or open ‹" + p.Complete + "›"
	}
	until := ""
	if !p.Expires.IsZero() {
		until = " until " + p.Expires.Local().Format(time.TimeOnly)
	}
	sh.tell(where)
	sh.tell("waiting for it" + until + "; Ctrl-C ends it")
}

// tellCode says what to open in a browser of this machine.
func (sh *Shell) tellCode(address string) {
	sh.tell("open this in a browser on this machine:")
	sh.tell("‹" + address + "›")
	sh.tell("waiting for it; Ctrl-C ends it")
}

// tell writes a line that has to be seen on Err.
func (sh *Shell) tell(text string) {
	sh.out.Flush()
	render.Notice(sh.Err, text, sh.Notes)
}
