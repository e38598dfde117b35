package repl

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"sonde/session"
	"sonde/session/secret"
)

func sessionCommands() []*Command {
	return []*Command{{
		Name: "session", Args: "[save NAME | load NAME | list | rm NAME]", Group: GroupSession,
		Short: "everything in force, who set it, and the connections; or keep it for later",
		Long: "`session save NAME` keeps the settings in a file of yours that holds no secret, and\n" +
			"the secrets in the system's keyring where there is one (SONDE_KEYRING=off in the\n" +
			"environment: nowhere). `session load NAME` has them again, `session list` names\n" +
			"what is kept, `session rm NAME` removes it.",
		Words:    []string{"save", "load", "list", "rm"},
		Complete: completeSaved,
		Check:    checkSession,
		Run:      runSession,
	}}
}

func runSession(ctx context.Context, sh *Shell, c Call) error {
	if done, err := runSaved(ctx, sh, c); done || err != nil {
		return err
	}
	var rows [][]string
	for _, part := range [][][]string{
		sh.placeRows(), sh.authRows(), sh.headerRows(), sh.paramRows(),
		{{"cookies", sh.cookieSummary()}}, sh.ruleRows(), sh.routeRows(), sh.afterRows(),
		{{"connections", sh.connectionText()}, {"answers", sh.answersText()}},
	} {
		rows = append(rows, part...)
	}
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

// placeRows say where requests go, and as whom.
func (sh *Shell) placeRows() [][]string {
	s := sh.Session
	rows := [][]string{{"base", orNone(s.Settings.Base)}}
	if s.Settings.Dir != "" {
		rows = append(rows, []string{"cd", s.Settings.Dir})
	}
	if names := s.Identities(); len(names) > 1 {
		rows = append(rows, []string{"identity", identityName(s.Name()) + "  of " + strconv.Itoa(len(names)) + "  (as)"})
	}
	return rows
}

// identityName is the name of an identity as it is shown.
func identityName(name string) string {
	if name == "" {
		return "the first"
	}
	return name
}

func (sh *Shell) authRows() [][]string {
	var rows [][]string
	for i, a := range sh.Session.AuthOrigins() {
		rows = append(rows, []string{label(i, "auth"), authText(a.Auth) + "  for " + sh.originText(a.Origin) +
			" only" + sh.authNotes(a.Auth) + sh.outdone(a.Origin) + sh.keptText()})
	}
	if cert := sh.certText(); cert != "" {
		rows = append(rows, []string{"cert", cert})
	}
	if path, _ := sh.Session.Netrc(); path != "" && len(rows) == 0 {
		rows = append(rows, []string{"auth", "none typed; what " + path + " has for a host is sent there  (environment)"})
	}
	if rows == nil {
		rows = [][]string{{"auth", "none"}}
	}
	return rows
}

// keptText says how long a login lasts here.
func (sh *Shell) keptText() string {
	if sh.SavedAs != "" {
		return " · kept with the session " + sh.SavedAs + " where there is a keyring"
	}
	return " · in memory, gone at exit"
}

// outdone says that a login gives way to a header that was typed later.
func (sh *Shell) outdone(origin string) string {
	for _, h := range sh.Session.Settings.Headers {
		if strings.EqualFold(h.Name, "Authorization") && !h.Drop && (h.Origin == "" || h.Origin == origin) {
			return " · gives way to the header Authorization"
		}
	}
	return ""
}

// headerRows are the headers every request carries and who set them; a default
// that somebody overrode is named beside what took its place.
func (sh *Shell) headerRows() [][]string {
	s := sh.Session
	var rows [][]string
	overridden := map[string]bool{}
	for _, h := range s.Settings.Headers {
		text := h.Name + ": " + sh.headerText(h) + "  session"
		switch {
		case h.Origin != "":
			text += ", " + onlyFor(h.Origin)
		case h.Secret || secret.Name(h.Name):
			text += ", for the next request's host only"
		}
		for _, d := range s.Defaults() {
			if strings.EqualFold(d.Name, h.Name) {
				overridden[d.Name] = true
				text += ", over sonde's " + d.Value
			}
		}
		rows = append(rows, []string{label(len(rows), "headers"), text})
	}
	for _, d := range s.Defaults() {
		if !overridden[d.Name] {
			rows = append(rows, []string{label(len(rows), "headers"), d.Name + ": " + d.Value + "  sonde's own"})
		}
	}
	return rows
}

func (sh *Shell) paramRows() (rows [][]string) {
	for i, p := range sh.Session.Settings.Params {
		v := sh.Session.Secrets.Mask(p.Value)
		if p.Secret {
			v = secret.Mask
		}
		text := p.Name + "=" + v + "  session"
		if p.Origin != "" {
			text += ", " + onlyFor(p.Origin)
		}
		rows = append(rows, []string{label(i, "params"), text})
	}
	return rows
}

// cookieSummary counts the cookies for each host, and says who set them.
func (sh *Shell) cookieSummary() string {
	type count struct{ server, hand int }
	hosts := map[string]*count{}
	var order []string
	for _, k := range sh.Session.Cookies() {
		if k.Domain == "" {
			k.Domain = "the next request's host"
		}
		if hosts[k.Domain] == nil {
			hosts[k.Domain] = new(count)
			order = append(order, k.Domain)
		}
		if k.HandSet {
			hosts[k.Domain].hand++
		} else {
			hosts[k.Domain].server++
		}
	}
	if len(order) == 0 {
		return "none"
	}
	var parts []string
	for _, h := range order {
		n := hosts[h]
		switch {
		case n.hand == 0:
			parts = append(parts, fmt.Sprintf("%d for %s by the server", n.server, h))
		case n.server == 0:
			parts = append(parts, fmt.Sprintf("%d for %s by hand", n.hand, h))
		default:
			parts = append(parts, fmt.Sprintf("%d for %s, %d by the server, %d by hand", n.server+n.hand, h, n.server, n.hand))
		}
	}
	return strings.Join(parts, "; ") + "  (cookie)"
}

// ruleRows say what is repeated, followed, and for how long is waited.
func (sh *Shell) ruleRows() [][]string {
	set := sh.Session.Settings
	var rows [][]string
	for i, text := range sh.retryTexts() {
		rows = append(rows, []string{label(i, "retries"), text})
	}
	return append(rows, []string{"redirects", redirectText(set.Redirects)}, []string{"timeout", timeoutText(set)})
}

// routeRows say how a server is reached, who said so and who was overridden.
func (sh *Shell) routeRows() [][]string {
	set := sh.Session.Settings
	verify, proxy := sh.routeTexts()
	rows := [][]string{{"verify", verify}, {"proxy", sh.Session.Secrets.Mask(proxy)}}
	if set.IgnoreEnv {
		rows = append(rows, []string{"env", "off"})
	}
	if set.HTTP1 {
		rows = append(rows, []string{"http1", "on: HTTP/2 is not offered"})
	}
	return rows
}

// routeTexts say who a certificate has to be signed by and which proxy is asked,
// for the base or else for the origin that was asked last.
func (sh *Shell) routeTexts() (verify, proxy string) {
	verify, proxy = verifyText(sh.Session.Settings), orNone(sh.Session.ProxyText())
	origin, where := sh.currentOrigin(), ""
	if origin == "" {
		if origin = sh.lastOrigin(); origin == "" {
			return verify, proxy
		}
		where = ", for " + origin
	}
	via, ca, lost, err := sh.Session.Via(origin)
	switch {
	case err != nil:
		return verify, err.Error()
	case via.Name != "":
		proxy = via.Name + "  " + sourceText(via) + where
	}
	switch {
	case ca.Source == session.FromEnv:
		verify = ca.Name + "  " + sourceText(ca) + where
	case ca.Name == "" && sh.Session.HasOwnRoots(origin):
		verify += "  by the practice API's own certificate" + where
	}
	for _, l := range lost {
		text := "  over the " + sourceText(l.Part) + ", " + l.Name
		if l.Kind == "proxy" {
			proxy += text
		} else {
			verify += text
		}
	}
	return verify, proxy
}

// lastOrigin is the origin that was asked last, "" if none was.
func (sh *Shell) lastOrigin() string {
	x := sh.Session.Failed()
	if x == nil {
		x = sh.Session.Last()
	}
	if x == nil {
		return ""
	}
	o, err := session.OriginOf(x.Sent.URL)
	if err != nil {
		return ""
	}
	return o.String()
}

// sourceText names who set a part, with the variable where it is one.
func sourceText(p session.Part) string {
	if p.Detail == "" {
		return p.Source.String()
	}
	return p.Source.String() + " (" + p.Detail + ")"
}

func redirectText(n int) string {
	if n == 0 {
		return "not followed"
	}
	return fmt.Sprintf("up to %d", n)
}

func timeoutText(s session.Settings) string {
	t := limitText(s.ConnectTimeout) + " connect, " + limitText(s.FirstByteTimeout) + " first byte"
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
	if st.Requests > 0 {
		t = plural(st.Requests, "request") + " sent · " + t
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
