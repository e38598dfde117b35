package repl

import (
	"slices"
	"strconv"
	"strings"

	"sonde/session"
)

// argumentWords are the candidates for the last of the words behind a command.
func (sh *Shell) argumentWords(cmd *Command, words []string) []Candidate {
	word := words[len(words)-1]
	var out []Candidate
	if len(words) == 1 {
		for _, w := range cmd.Words {
			out = appendIf(out, word, w, "", true)
		}
	}
	if n := len(words); n > 1 && words[n-2] == "for" && strings.Contains(cmd.Args, "for ORIGIN") {
		return sh.originCandidates(word)
	}
	if cmd.Complete != nil {
		out = append(out, cmd.Complete(sh, words)...)
	}
	return out
}

// last is the word that is being typed, and n how many stand before it.
func last(words []string) (word string, n int) {
	return words[len(words)-1], len(words) - 1
}

// completeFile offers files for the n-th word.
func completeFile(n int) func(*Shell, []string) []Candidate {
	return func(_ *Shell, words []string) []Candidate {
		word, before := last(words)
		if before > n {
			return nil
		}
		return fileCandidates(word)
	}
}

// originCandidates are the origins that something belongs to, the base's, and those
// that were asked.
func (sh *Shell) originCandidates(word string) []Candidate {
	var out []Candidate
	add := func(origin, about string) {
		if origin != "" && !slices.ContainsFunc(out, func(c Candidate) bool { return c.Text == origin }) {
			out = appendIf(out, word, origin, about, false)
		}
	}
	for _, a := range sh.Session.AuthOrigins() {
		add(a.Origin, authText(a.Auth))
	}
	add(sh.currentOrigin(), "the base")
	for _, x := range slices.Backward(sh.Session.Exchanges()) {
		if o, err := session.OriginOf(x.Sent.URL); err == nil {
			add(o.String(), "asked before")
		}
	}
	return out
}

// completeAuth offers, behind the kind of a login, its further words.
func completeAuth(sh *Shell, words []string) []Candidate {
	word, n := last(words)
	var out []Candidate
	switch {
	case n == 0:
		return nil
	case words[0] == "off" && n == 1:
		return appendIf(out, word, "for", "an origin", true)
	case words[0] != "oauth2":
		for _, from := range []string{"env:", "file:", "run:", "keyring:"} {
			if n == 1 && words[0] == "bearer" || n == 2 {
				out = appendIf(out, word, from, "where the secret is", false)
			}
		}
		if path, ok := strings.CutPrefix(word, "file:"); ok {
			return behind("file:", fileCandidates(path))
		}
		return out
	case n == 1:
		for _, g := range [][2]string{{"client", "a program for itself"}, {"device", "a person, on any screen"}, {"code", "a person, in a browser here"}} {
			out = appendIf(out, word, g[0], g[1], true)
		}
		return out
	case n == 2:
		return nil // the client's id
	}
	for _, s := range [][2]string{
		{"issuer=", "the server, which tells the rest"}, {"token=", "the address that gives tokens"}, {"authorize=", "the address for a browser"},
		{"device=", "the address for a device"}, {"scope=", "what is asked for"}, {"audience=", ""}, {"resource=", "the API the token is for"}, {"auth=", "basic or post"},
	} {
		out = appendIf(out, word, s[0], s[1], false)
	}
	return out
}

// completeRetry offers the words of a retry rule.
func completeRetry(_ *Shell, words []string) []Candidate {
	word, n := last(words)
	var out []Candidate
	if n == 0 {
		return appendIf(out, word, "3", "times at most", true)
	}
	var values [][2]string
	switch words[n-1] {
	case "on":
		values = [][2]string{{"429,500-599", "too many requests, and the server's errors"}, {"5xx", "the server's errors"}}
	case "methods":
		values = [][2]string{{"+POST", "besides those that are repeated anyway"}, {"+PATCH", "likewise"}}
	case "backoff":
		values = [][2]string{{"0.5s", "before the first repeat, then twice as long each time"}}
	case "jitter":
		values = [][2]string{{"0.2s", "of chance added to a wait"}}
	case "for", "cap", "connect", "read", "status":
		return nil
	default:
		values = [][2]string{
			{"on", "these statuses too"}, {"backoff", "the first wait"}, {"jitter", "chance in the waits"}, {"cap", "the longest wait"},
			{"methods", "which methods"}, {"connect", "failed connections at most"}, {"read", "lost answers at most"}, {"status", "statuses at most"},
			{"for", "URLs that start so"},
		}
	}
	for _, v := range values {
		if !slices.Contains(words[:n], v[0]) {
			out = appendIf(out, word, v[0], v[1], true)
		}
	}
	return out
}

// completeSet offers the names of settings with what they are, and their values.
func completeSet(sh *Shell, words []string) []Candidate {
	word, n := last(words)
	var out []Candidate
	for _, s := range settings() {
		switch {
		case n == 0:
			out = appendIf(out, word, s.name, s.get(sh)+": "+s.about, true)
		case n == 1 && s.name == words[0]:
			for v := range strings.SplitSeq(s.values, "|") {
				if v == strings.ToLower(v) { // the others stand for a value
					out = appendIf(out, word, v, "", false)
				}
			}
		}
	}
	return out
}

// completeNumber offers the numbers of the answers there are, the newest first.
func completeNumber(sh *Shell, words []string) []Candidate {
	word, n := last(words)
	var out []Candidate
	if n > 0 {
		return nil
	}
	for _, x := range slices.Backward(sh.Session.Exchanges()) {
		out = appendIf(out, word, strconv.Itoa(x.Number), strconv.Itoa(x.Status)+" "+x.Sent.Method+" "+sh.shownURL(x.Sent.URL), false)
	}
	return out
}

// completeBase offers the bases there were.
func completeBase(sh *Shell, words []string) []Candidate {
	word, n := last(words)
	var out []Candidate
	if n > 0 {
		return nil
	}
	for _, b := range slices.Backward(sh.bases) {
		if b != sh.Session.Settings.Base {
			out = appendIf(out, word, b, "a base before", false)
		}
	}
	return out
}

// completeDir offers the paths above those that are known.
func completeDir(sh *Shell, words []string) []Candidate {
	word, n := last(words)
	var out []Candidate
	if n > 0 {
		return nil
	}
	for _, p := range sh.knownPaths() {
		p, _, _ = strings.Cut(strings.TrimPrefix(p, "/"), "?")
		for i := range len(p) + 1 {
			if i != len(p) && p[i] != '/' || i == 0 {
				continue
			}
			if dir := p[:i]; !slices.ContainsFunc(out, func(c Candidate) bool { return c.Text == dir }) {
				out = appendIf(out, word, dir, "", false)
			}
		}
	}
	return out
}

// completeHeader offers the names of headers, behind -d those that are set.
func completeHeader(sh *Shell, words []string) []Candidate {
	word, n := last(words)
	if name, value, ok := strings.Cut(word, ":"); ok && n == 0 {
		return valueCandidates(name, "", value, name+":")
	}
	var out []Candidate
	for _, h := range sh.Session.Settings.Headers {
		if n == 1 && words[0] == "-d" {
			out = appendIf(out, word, h.Name, sh.headerText(h), false)
		}
	}
	if n > 1 || out != nil {
		return out
	}
	for _, h := range headerNames() {
		out = appendIf(out, word, h+":", "", false)
	}
	return out
}

// completeParam offers the names of the parameters that are set.
func completeParam(sh *Shell, words []string) []Candidate {
	word, n := last(words)
	var out []Candidate
	for _, p := range sh.Session.Settings.Params {
		if n == 1 && words[0] == "-d" {
			out = appendIf(out, word, p.Name, sh.paramText(p), false)
		}
	}
	return out
}

// completeHelp offers all that help knows.
func completeHelp(sh *Shell, words []string) []Candidate {
	word, _ := last(words)
	var out []Candidate
	for _, c := range sh.table {
		out = appendIf(out, word, c.Name, c.Short, false)
	}
	for _, t := range topics() {
		out = appendIf(out, word, t.name, t.about, false)
	}
	return out
}

// completeVariable offers the names of variables.
func completeVariable(sh *Shell, words []string) []Candidate {
	word, _ := last(words)
	var out []Candidate
	for n := range sh.vars {
		out = appendIf(out, word, n, "", false)
	}
	slices.SortFunc(out, func(a, b Candidate) int { return strings.Compare(a.Text, b.Text) })
	return out
}
