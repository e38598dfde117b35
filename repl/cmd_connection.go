package repl

import (
	"context"
	"maps"
	"os"
	"strconv"
	"strings"
	"time"

	"sonde/repl/query"
	"sonde/session"
	"sonde/session/secret"
)

func connectionCommands() []*Command {
	return []*Command{
		{
			Name: "timeout", Args: "[TIME [connect TIME] | off]", Group: GroupSession, Settles: true,
			Short:   "how long a request may take, to the end of its body",
			Long:    "Default: connect 10 s, first byte 60 s, no limit for the whole.",
			Example: "> timeout 30s connect 5s\n> timeout\n30s to the end of the body, 5s to connect, 1m to the first byte\n> timeout off",
			Words:   []string{"off"},
			Run:     runTimeout,
		},
		{
			Name: "redirects", Args: "[N | off]", Group: GroupSession, Settles: true,
			Short:   "how many redirects are followed",
			Example: "> redirects off\n> get /moved | status\n301\n> redirects 30",
			Words:   []string{"off"},
			Run:     runRedirects,
		},
		{
			Name: "verify", Args: "[on | off | CA.pem]", Group: GroupSession,
			Short: "check TLS certificates against the system's CAs, no CAs, or a file's",
			Long:  "Takes effect on the next request, whatever connections are open.",
			Words: []string{"on", "off"},
			Run:   runVerify,
		},
		{
			Name: "logout", Group: GroupSession,
			Short: "forget every secret and cookie, close the connections",
			Run:   runLogout,
		},
	}
}

func runTimeout(_ context.Context, sh *Shell, c Call) error {
	s := &sh.Session.Settings
	args := c.Args
	if len(args) == 0 {
		total := "no limit"
		if s.Timeout > 0 {
			total = durationText(s.Timeout)
		}
		sh.out.WriteString(total + " to the end of the body, " + limitText(s.ConnectTimeout) + " to connect, " +
			limitText(s.FirstByteTimeout) + " to the first byte\n")
		return nil
	}
	total, connect := s.Timeout, s.ConnectTimeout
	if args[0] == "off" && len(args) == 1 {
		s.Timeout = 0
		return nil
	}
	for len(args) > 0 {
		to := &total
		if args[0] == "connect" {
			to, args = &connect, args[1:]
		}
		if len(args) == 0 {
			return c.usage("connect wants a length of time")
		}
		d, err := parseDuration(args[0])
		if err != nil {
			return c.usage(err.Error())
		}
		*to, args = d, args[1:]
	}
	s.Timeout, s.ConnectTimeout = total, connect
	return nil
}

func runRedirects(_ context.Context, sh *Shell, c Call) error {
	s := &sh.Session.Settings
	switch {
	case len(c.Args) == 0 && s.Redirects == 0:
		sh.out.WriteString("off\n")
		return nil
	case len(c.Args) == 0:
		sh.out.WriteString(strconv.Itoa(s.Redirects) + "\n")
		return nil
	case len(c.Args) > 1:
		return c.usage("takes one number")
	case c.Args[0] == "off":
		s.Redirects = 0
		return nil
	}
	n, err := strconv.Atoi(c.Args[0])
	if err != nil || n < 0 || n > 1000 {
		return c.usage(quoteWord(c.Args[0]) + " is no number from 0 to 1000")
	}
	s.Redirects = n
	return nil
}

func runVerify(_ context.Context, sh *Shell, c Call) error {
	s := &sh.Session.Settings
	switch {
	case len(c.Args) == 0:
		sh.out.WriteString(sh.shown(verifyText(*s)) + "\n")
		return nil
	case len(c.Args) > 1:
		return c.usage("takes one word")
	}
	switch to := c.Args[0]; to {
	case "on":
		s.Verify, s.VerifyOrigin = "", ""
	case "off":
		s.Verify, s.VerifyOrigin = "off", sh.currentOrigin()
		sh.warn("certificates are not checked: anyone on the way can read and change everything. Back with: `verify on`")
	default:
		if _, err := os.Stat(to); err != nil {
			return failed("verify", err.Error(), "`verify on`, or a file of CA certificates")
		}
		s.Verify, s.VerifyOrigin = to, ""
	}
	return nil
}

func verifyText(s session.Settings) string {
	switch {
	case s.Verify == "":
		return "on"
	case s.VerifyOrigin != "":
		return s.Verify + " for " + s.VerifyOrigin + " only"
	}
	return s.Verify
}

func runLogout(_ context.Context, sh *Shell, c Call) error {
	if len(c.Args) > 0 {
		return c.usage("takes no words")
	}
	vars := sh.dropSecretVariables()
	f := sh.Session.Logout()
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{
		{f.Auths, "login"}, {f.Headers, "secret header"}, {f.Params, "secret param"},
		{f.Certificates, "client certificate"}, {f.Proxies, "proxy with a login"}, {f.Cookies, "cookie"}, {vars, "variable with a secret"}, {f.Connections, "connection"},
	} {
		if p.n > 0 {
			parts = append(parts, plural(p.n, p.what))
		}
	}
	others := sh.othersLoggedIn()
	if len(parts) == 0 {
		sh.notice("nothing to forget" + others)
		return nil
	}
	sh.notice("forgot " + strings.Join(parts, ", ") + ". A token itself stays valid at the server until it is revoked there, and so may a server's session" + others)
	return nil
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

// limitText is a time limit, 0 being none.
func limitText(d time.Duration) string {
	if d <= 0 {
		return "no limit"
	}
	return durationText(d)
}

// durationText is a length of time without the noise of its zeros: "1m", "30s".
func durationText(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	return s
}
