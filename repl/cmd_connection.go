package repl

import (
	"context"
	"strconv"
	"strings"
	"time"

	"sonde/session"
)

func connectionCommands() []*Command {
	return []*Command{
		{
			Name: "timeout", Args: "[TIME [connect TIME] | off]", Group: GroupSession, Settles: true,
			Short:   "how long a request may take, to the end of its body",
			Long:    "Default, and after `timeout off`: connect 10 s, first byte 60 s, no limit for the whole.",
			Example: "> timeout 30s connect 5s\n> timeout\n30s to the end of the body, 5s to connect, 1m to the first byte\n> timeout off",
			Words:   []string{"off"},
			Check:   func(sh *Shell, c Call) error { _, _, err := timeoutWords(sh, c); return err },
			Run:     runTimeout,
		},
		{
			Name: "redirects", Args: "[N | on | off]", Group: GroupSession, Settles: true,
			Short:   "how many redirects are followed",
			Long:    "`redirects on` is 30, as at the start.",
			Example: "> redirects off\n> get /moved | status\n301\n> redirects 30",
			Words:   []string{"on", "off"},
			Check:   checkRedirects,
			Run:     runRedirects,
		},
		{
			Name: "verify", Args: "[on | off | CA.pem]", Group: GroupSession,
			Short:    "check TLS certificates against the system's CAs, no CAs, or a file's",
			Long:     "Takes effect on the next request, whatever connections are open.",
			Words:    []string{"on", "off"},
			Complete: completeFile(0),
			Check:    checkVerify,
			Run:      runVerify,
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
	total, connect, err := timeoutWords(sh, c)
	if err != nil {
		return err
	}
	if args[0] == "off" {
		s.FirstByteTimeout = session.DefaultSettings().FirstByteTimeout
	}
	s.Timeout, s.ConnectTimeout = total, connect
	return nil
}

// timeoutWords are the limits that the words of `timeout` ask for; what they do
// not name stays as it is.
func timeoutWords(sh *Shell, c Call) (total, connect time.Duration, err error) {
	s := sh.Session.Settings
	total, connect = s.Timeout, s.ConnectTimeout
	args := c.Args
	if len(args) == 1 && args[0] == "off" {
		d := session.DefaultSettings()
		return d.Timeout, d.ConnectTimeout, nil
	}
	for len(args) > 0 {
		to := &total
		if args[0] == "connect" {
			to, args = &connect, args[1:]
		}
		if len(args) == 0 {
			return 0, 0, c.usage("connect wants a length of time")
		}
		d, err := parseDuration(args[0])
		if err != nil {
			return 0, 0, c.usage(err.Error())
		}
		*to, args = d, args[1:]
	}
	return total, connect, nil
}

func checkRedirects(_ *Shell, c Call) error {
	if len(c.Args) == 0 {
		return nil
	}
	_, err := redirectWords(c)
	return err
}

// redirectWords is how many redirects the word of `redirects` asks for.
func redirectWords(c Call) (int, error) {
	if len(c.Args) != 1 {
		return 0, c.usage("takes one number")
	}
	switch c.Args[0] {
	case "off":
		return 0, nil
	case "on":
		return session.DefaultSettings().Redirects, nil
	}
	n, err := strconv.Atoi(c.Args[0])
	if err != nil || n < 0 || n > 1000 {
		return 0, c.usage(quoteWord(c.Args[0]) + " is no number from 0 to 1000")
	}
	return n, nil
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
	}
	n, err := redirectWords(c)
	if err == nil {
		s.Redirects = n
	}
	return err
}

func checkVerify(_ *Shell, c Call) error {
	if len(c.Args) > 1 {
		return c.usage("takes one word")
	}
	return nil
}

func runVerify(_ context.Context, sh *Shell, c Call) error {
	s := &sh.Session.Settings
	switch {
	case len(c.Args) == 0:
		verify, _ := sh.routeTexts()
		_, err := sh.out.WriteString(sh.shown(verify) + "\n")
		return err
	}
	switch to := c.Args[0]; to {
	case "on":
		s.Verify, s.VerifyOrigin = "", ""
	case "off":
		s.Verify, s.VerifyOrigin = "off", sh.currentOrigin()
		sh.warn("certificates are not checked: anyone on the way can read and change everything. Back with: `verify on`")
	default:
		if err := sh.Session.CheckVerify(to); err != nil {
			return err
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
