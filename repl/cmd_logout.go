package repl

import (
	"context"
	"maps"
	"strings"

	"sonde/repl/query"
	"sonde/session"
	"sonde/session/secret"
)

func logoutCommands() []*Command {
	return []*Command{{
		Name: "logout", Group: GroupSession,
		Short: "forget every secret and cookie, close the connections",
		Run:   runLogout,
	}}
}

// nothingForgotten begins what is said where there was nothing to forget.
const nothingForgotten = "nothing to forget"

func runLogout(_ context.Context, sh *Shell, _ Call) error {
	vars := sh.dropSecretVariables()
	parts := forgotten(sh.Session.Logout())
	if vars > 0 {
		parts = append(parts, plural(vars, "variable")+" with a secret")
	}
	others := sh.othersLoggedIn()
	if len(parts) == 0 {
		sh.notice(nothingForgotten + others)
		return nil
	}
	sh.notice("forgot " + strings.Join(parts, ", ") + ". A token itself stays valid at the server until it is revoked there, and so may a server's session" + others)
	return nil
}

// Forgot says what was forgotten, with the names of the identities that are gone;
// "" if it was nothing.
func Forgot(f session.Forgotten, identities []string) string {
	parts := forgotten(f)
	for _, name := range identities {
		parts = append(parts, "the identity "+name)
	}
	if parts == nil {
		return ""
	}
	return "forgot " + strings.Join(parts, ", ")
}

// forgotten counts what was forgotten, a text for each kind.
func forgotten(f session.Forgotten) (parts []string) {
	for _, p := range []struct {
		n    int
		what string
	}{
		{f.Auths, "login"}, {f.Headers, "secret header"}, {f.Params, "secret param"}, {f.Certificates, "client certificate"},
		{f.Proxies, "proxy login"}, {f.Cookies, "cookie"}, {f.Connections, "connection"},
	} {
		if p.n > 0 {
			parts = append(parts, plural(p.n, p.what))
		}
	}
	return parts
}

// othersLoggedIn ends a sentence with the identities that logout leaves alone.
func (sh *Shell) othersLoggedIn() string {
	var names []string
	for _, name := range sh.Session.Identities() {
		if name != sh.Session.Name() {
			names = append(names, identityName(name))
		}
	}
	if names == nil {
		return "."
	}
	return ". Other identities are as they were: " + strings.Join(names, ", ") + "."
}

// dropSecretVariables forgets the variables that hold a secret, and counts them.
func (sh *Shell) dropSecretVariables() int {
	n := len(sh.vars)
	maps.DeleteFunc(sh.vars, func(name string, v query.Value) bool {
		return secret.Field(name) || sh.isSecret(string(v.AppendJSON(nil)))
	})
	return n - len(sh.vars)
}
