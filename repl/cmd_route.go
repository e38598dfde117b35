package repl

import (
	"context"
	"strings"
)

// routeCommands are those that say how a server is reached.
func routeCommands() []*Command {
	return []*Command{
		{
			Name: "proxy", Args: "[URL | off | auto]", Group: GroupSession, Settles: true,
			Short: "send requests through a proxy: http, https, socks5 or socks5h",
			Long: "The request's own --proxy comes before the session's, and that before the\n" +
				"environment's (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY), which `proxy auto`\n" +
				"returns to. This machine is never asked through a proxy of the environment.\n" +
				"socks5h lets the proxy look the name up.",
			Example: "> proxy socks5://127.0.0.1:1080\n> proxy\nsocks5://127.0.0.1:1080\n> proxy off\n> proxy\noff",
			Words:   []string{"off", "auto"},
			Run:     runProxy,
		},
		{
			Name: "env", Args: "[on | off]", Group: GroupSession, Settles: true,
			Short: "use or ignore the environment's proxies, CA bundle and .netrc",
			Long: "It is on at first. `env` lists what is there. `$ENV.NAME` in a program and\n" +
				"`env:NAME` as a secret work either way, and so do SSL_CERT_FILE and SSL_CERT_DIR,\n" +
				"which the TLS library reads by itself.",
			Words: []string{"on", "off"},
			Run:   runEnv,
		},
		{
			Name: "cert", Args: "[CERT.pem [KEY.pem] | off] [for ORIGIN]", Group: GroupSession,
			Short: "show a client certificate to a server that asks for one",
			Long: "It belongs to the base's origin, as a login does. The files are in PEM form, the\n" +
				"key not encrypted; one file may hold both. Takes effect on the next request.",
			Words:    []string{"off"},
			Check:    func(_ *Shell, c Call) error { _, _, err := certWords(c); return err },
			Complete: completeFile(1),
			Run:      runCert,
		},
	}
}

func runProxy(_ context.Context, sh *Shell, c Call) error {
	s := &sh.Session.Settings
	switch {
	case len(c.Args) == 0:
		text := sh.Session.ProxyText()
		if text == "" {
			text = sh.envProxyText()
		}
		_, err := sh.out.WriteString(sh.shown(text) + "\n")
		return err
	case len(c.Args) > 1:
		return c.usage("takes one word")
	case c.Args[0] == "auto":
		s.Proxy = ""
		return nil
	}
	if err := sh.Session.CheckProxy(c.Args[0]); err != nil {
		return err
	}
	s.Proxy = c.Args[0]
	return nil
}

// envProxyText is the proxy that the environment gives the base, or without a base
// the origin that was asked last.
func (sh *Shell) envProxyText() string {
	origin, where := sh.currentOrigin(), ""
	if origin == "" {
		origin = sh.lastOrigin()
		where = ", for " + origin
	}
	p, _, _, err := sh.Session.Via(origin)
	if origin == "" || err != nil || p.Name == "" {
		return "none"
	}
	return p.Name + "  from the environment's " + p.Detail + where
}

func runEnv(_ context.Context, sh *Shell, c Call) error {
	s := &sh.Session.Settings
	switch {
	case len(c.Args) > 1:
		return c.usage("takes one word")
	case len(c.Args) == 1 && (c.Args[0] == "on" || c.Args[0] == "off"):
		s.IgnoreEnv = c.Args[0] == "off"
		return nil
	case len(c.Args) == 1:
		return c.usage(quoteWord(c.Args[0]) + " is neither on nor off")
	}
	rows := [][]string{{"env", onOff(!s.IgnoreEnv)}}
	for _, v := range sh.Session.EnvVariables() {
		note := v.Note
		if s.IgnoreEnv && note == "" {
			note = "ignored"
		}
		rows = append(rows, []string{v.Name, strings.TrimSpace(v.Value + "  " + note)})
	}
	if path, wrong := sh.Session.Netrc(); path != "" {
		rows = append(rows, []string{".netrc", strings.TrimSpace(path + "  " + wrong)})
	}
	for i := range rows {
		rows[i][1] = sh.Session.Secrets.Mask(rows[i][1])
	}
	return sh.labels(rows)
}

// certWords are the words of `cert` and the origin behind them.
func certWords(c Call) (args []string, origin string, err error) {
	args, origin, err = cutOrigin(c)
	if err == nil && len(args) > 2 {
		err = c.usage("takes two files")
	}
	return args, origin, err
}

func runCert(_ context.Context, sh *Shell, c Call) error {
	args, origin, err := certWords(c)
	if err != nil {
		return err
	}
	switch {
	case len(args) == 0:
		text := sh.certText()
		if text == "" {
			sh.notice("no client certificate; set one with: ‹cert CERT.pem KEY.pem›")
			return nil
		}
		_, err := sh.out.WriteString(sh.shown(text) + "\n")
		return err
	case len(args) == 1 && args[0] == "off":
		if !sh.Session.ClearCert() {
			sh.notice("there was no client certificate")
		}
		return nil
	}
	return sh.Session.SetCert(args[0], strings.Join(args[1:], ""), origin)
}

// certText names the client certificate and who is shown it, "" for none.
func (sh *Shell) certText() string {
	c, ok := sh.Session.Cert()
	if !ok {
		return ""
	}
	text := c.Cert
	if c.Key != c.Cert {
		text += " " + c.Key
	}
	return text + "  for " + sh.originText(c.Origin) + " only"
}
