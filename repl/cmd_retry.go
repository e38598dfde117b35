package repl

import (
	"context"
	"errors"
	"slices"
	"strings"

	"sonde/session"
	"sonde/session/retry"
)

func retryCommands() []*Command {
	return []*Command{{
		Name: "retry", Args: "[N [on 429,500-599] [backoff 0.5s] [jitter 0.2s] [methods +POST] [for URL-PREFIX] | off]",
		Group: GroupSession, Settles: true,
		Short: "send a request again that failed, after a wait",
		Long: "N is how often at most, in all. Without `on` it is for lost connections, and for\n" +
			"413, 429 and 503 that say when to come back; with it for these statuses too\n" +
			"(5xx is 500-599). The\n" +
			"wait before repeat n is backoff × 2^(n-1), at most `cap` (120s); a Retry-After\n" +
			"beats it. Methods that change things are repeated only if named: POST and PATCH\n" +
			"never by themselves, unless the request has an Idempotency-Key. `methods +POST`\n" +
			"adds POST to the methods that are repeated, `methods POST` repeats POST and no\n" +
			"other; any name is taken, as servers have methods of their own. `connect N`,\n" +
			"`read N` and `status N` limit a kind. Ctrl-C ends a wait. `--no-retry` on a line\n" +
			"switches it off for that one.",
		Example:  "> retry 3 on 502 backoff 10ms\n> get /flaky | .tries\n3\n> retry\n3 on 502 · GET HEAD PUT DELETE OPTIONS TRACE · backoff 0.01 s\n> retry off",
		Words:    []string{"off"},
		Complete: completeRetry,
		Run:      runRetry,
	}}
}

func runRetry(_ context.Context, sh *Shell, c Call) error {
	args, prefix := c.Args, ""
	if n := len(args); n >= 2 && args[n-2] == "for" {
		u, err := sh.urlPrefix(args[n-1])
		if err != nil {
			return err
		}
		args, prefix = args[:n-2], u
	}
	rules := &sh.Session.Settings.Retries
	at := slices.IndexFunc(*rules, func(r session.RetryRule) bool { return r.Prefix == prefix })
	switch {
	case len(c.Args) == 0:
		return sh.showRetries()
	case len(args) == 0:
		return c.usage("a number of repeats is wanted before for")
	case len(args) == 1 && args[0] == "off":
		switch {
		case at >= 0:
			*rules = slices.Delete(slices.Clone(*rules), at, at+1)
		case prefix != "": // an exception from a wider rule
			*rules = append(*rules, session.RetryRule{Prefix: prefix})
		default:
			sh.notice("nothing was repeated anyway")
		}
		return nil
	}
	policy, err := retry.Parse(args)
	if err != nil {
		hint := "`retry 3 on 429,500-599`"
		if e, ok := errors.AsType[*retry.Error](err); ok && e.Hint() != "" {
			hint = "`" + strings.Trim(e.Hint(), "`") + "`"
		}
		return misused("retry", err.Error(), hint)
	}
	rule := session.RetryRule{Prefix: prefix, Policy: policy}
	if at >= 0 {
		(*rules)[at] = rule
		return nil
	}
	*rules = append(*rules, rule)
	return nil
}

// urlPrefix is the start of URLs that a person means by a word: below the base
// where it has no host.
func (sh *Shell) urlPrefix(word string) (string, error) {
	u, err := sh.Session.Resolve(session.Target{Text: word})
	if err != nil {
		return "", err
	}
	if u.Path == "/" && !u.HasQuery {
		return u.Origin().String() + "/", nil
	}
	return u.String(), nil
}

func (sh *Shell) showRetries() error {
	for _, text := range sh.retryTexts() {
		if _, err := sh.out.WriteString(sh.shown(text) + "\n"); err != nil {
			return err
		}
	}
	return nil
}

// retryTexts says what is repeated, a line for each rule.
func (sh *Shell) retryTexts() []string {
	var out []string
	for _, r := range sh.Session.Settings.Retries {
		text := r.Policy.String()
		if r.Prefix != "" {
			text += " · for " + sh.maskURL(r.Prefix)
		}
		out = append(out, text)
	}
	if out == nil {
		out = []string{"off"}
	}
	return out
}
