package repl

import (
	"context"
	"fmt"
	"strings"

	"sonde/session"
	"sonde/session/secret"
)

func sessionCommands() []*Command {
	return []*Command{{
		Name: "session", Group: GroupSession,
		Short: "everything in force: login, headers, cookies, limits, connections",
		Run:   runSession,
	}}
}

func runSession(_ context.Context, sh *Shell, c Call) error {
	if len(c.Args) > 0 {
		return c.usage("takes no words")
	}
	s := sh.Session
	set := s.Settings
	rows := [][]string{{"base", orNone(set.Base)}}
	if set.Dir != "" {
		rows = append(rows, []string{"cd", set.Dir})
	}
	rows = append(rows, sh.authRows()...)
	for i, h := range set.Headers {
		text := h.Name + ": " + sh.headerText(h)
		switch {
		case h.Origin != "":
			text += "  " + onlyFor(h.Origin)
		case h.Secret || secret.Name(h.Name):
			text += "  for the next request's host only"
		}
		rows = append(rows, []string{label(i, "headers"), text})
	}
	for i, p := range set.Params {
		v := sh.Session.Secrets.Mask(p.Value)
		if p.Secret {
			v = "••••••••"
		}
		rows = append(rows, []string{label(i, "params"), p.Name + "=" + v})
	}
	rows = append(rows,
		[]string{"cookies", sh.cookieSummary()},
		[]string{"redirects", redirectText(set.Redirects)},
		[]string{"timeout", timeoutText(set)},
		[]string{"verify", verifyText(set)},
		[]string{"connections", sh.connectionText()},
		[]string{"answers", sh.answersText()},
	)
	return sh.labels(rows)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// label names the first row of several.
func label(i int, name string) string {
	if i == 0 {
		return name
	}
	return ""
}

func (sh *Shell) authRows() [][]string {
	var rows [][]string
	for i, a := range sh.Session.AuthOrigins() {
		rows = append(rows, []string{label(i, "auth"), authText(a.Auth) + "  for " + sh.originText(a.Origin) +
			" only · in memory, gone at exit"})
	}
	if rows == nil {
		rows = [][]string{{"auth", "none"}}
	}
	return rows
}

func (sh *Shell) cookieSummary() string {
	hosts := map[string]int{}
	var order []string
	for _, k := range sh.Session.Cookies() {
		if k.Domain == "" {
			k.Domain = "the next request's host"
		}
		if hosts[k.Domain] == 0 {
			order = append(order, k.Domain)
		}
		hosts[k.Domain]++
	}
	if len(order) == 0 {
		return "none"
	}
	var parts []string
	for _, h := range order {
		parts = append(parts, fmt.Sprintf("%d for %s", hosts[h], h))
	}
	return strings.Join(parts, ", ") + "  (cookie)"
}

func redirectText(n int) string {
	if n == 0 {
		return "not followed"
	}
	return fmt.Sprintf("up to %d", n)
}

func timeoutText(s session.Settings) string {
	t := durationText(s.ConnectTimeout) + " connect, " + durationText(s.FirstByteTimeout) + " first byte"
	if s.Timeout > 0 {
		t += ", " + durationText(s.Timeout) + " in all"
	}
	return t
}

func (sh *Shell) connectionText() string {
	st := sh.Session.Stats()
	t := fmt.Sprintf("%d open · %d opened · %d reused · %d dropped", st.Open, st.Opened, st.Reused, st.Dropped)
	if st.Saved > 0 {
		t += " · about " + timeText(st.Saved) + " of handshakes saved"
	}
	return t
}

func (sh *Shell) answersText() string {
	all := sh.Session.Exchanges()
	if len(all) == 0 {
		return "none yet"
	}
	first, last := all[0].Number, all[len(all)-1].Number
	if first == last {
		return fmt.Sprintf("1 kept ($r%d)", first)
	}
	return fmt.Sprintf("%d kept ($r%d … $r%d)", len(all), first, last)
}
