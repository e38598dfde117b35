package secret

import (
	"slices"
	"strings"
)

// Line masks the secrets in a line as a person types it at the prompt, by the
// place where they stand: what follows auth, values of secret headers,
// parameters, fields and JSON members, cookies, passwords in URLs, literals
// given to a variable with a secret name, credentials on the command line of a
// shell command or a pasted curl, and what MaskShapes knows. Of Authorization
// the scheme stays, of Cookie the names.
//
// It reads text and not the grammar, so that a line with a mistake in it leaks
// no more than a right one. text may be several lines, a body among them.
// References (env:NAME and so on) and {{…}} templates hold no secret and stay.
// Masking twice is masking once.
func Line(text string) string {
	return settle(text, func(text string) []span {
		l := liner{text: text}
		return l.find()
	})
}

// A liner collects the secret spans of a typed line.
type liner struct {
	text   string
	spans  []span
	words  []word // of all its lines
	shells []span // the shell commands in it
	// Settings whose names would mean a secret elsewhere: token=URL, auth=post.
	settings []span
	// The places of the commands looked at: each may be reached by many ways,
	// since every "do" may or may not start one.
	seen    map[int]bool
	itemsTo int  // the end of the words looked at as request items
	note    span // the comment of the command that is looked at
	done    span // words that were hidden one by one, not to be looked at again
}

// find returns the spans of all secrets in the text.
func (l *liner) find() []span {
	l.lines()
	l.anywhere()
	for i := range l.spans {
		l.keepQuote(&l.spans[i])
	}
	return l.spans
}

// keepQuote leaves the closing quote of a word out of p if p starts behind the
// opening one: a quote in the secret was read as one that nothing closes.
func (l *liner) keepQuote(p *span) {
	for _, w := range l.words[l.wordAt(p.from):] {
		if w.from > p.from || w.to != p.to {
			return
		}
		last := len(w.text) - 1
		if last < 0 || w.at[last]+2 != w.to || w.quotes[last] != l.text[w.to-1] {
			return
		}
		first := last
		for first > 0 && w.quotes[first-1] == w.quotes[last] {
			first--
		}
		if w.start(l.text, first) <= p.from {
			p.to--
		}
		return
	}
}

// wordAt returns the index of the first word that ends behind text[at].
func (l *liner) wordAt(at int) int {
	i, _ := slices.BinarySearchFunc(l.words, at+1, func(w word, at int) int { return w.to - at })
	return i
}

// lines goes through the lines of text. Behind a heredoc's start every line
// end counts, since quotes mean nothing in a body.
func (l *liner) lines() {
	body := false
	for at := 0; at < len(l.text); {
		to := len(l.text)
		if i := strings.IndexByte(l.text[at:], '\n'); body && i >= 0 {
			to = at + i
		}
		if body {
			l.spans = formSpans(l.text, at, to, l.spans)
		}
		from := at + len(l.text[at:to]) - len(strings.TrimLeft(l.text[at:to], " \t#-"))
		words, end := split(l.text, from, to)
		l.words = append(l.words, words...)
		l.command(words, end)
		body = body || strings.Contains(l.text[at:end], "<<")
		at = end + 1
	}
}

// anywhere looks for secrets whose place is told by the text right before them,
// wherever in the line that is.
func (l *liner) anywhere() {
	f := pairFinder{text: l.text, shell: l.inShell}
	f.spans = jsonSpans(jsonValue{text: l.text, shell: l.inShell, spans: l.spans})
	f.secret = func(name string, at int) bool {
		if inside(l.settings, at) {
			return false
		}
		if l.inShell(at) {
			return plainly(name)
		}
		return Field(name)
	}
	f.equals()
	f.colons()
	l.spans = shapes(l.text, credentials(l.text, f.spans))
}

func (l *liner) inShell(at int) bool { return inside(l.shells, at) }

// inside reports whether text[at] is in one of the spans.
func inside(spans []span, at int) bool {
	for _, p := range spans {
		if p.from <= at && at < p.to {
			return true
		}
	}
	return false
}

// hide adds a span unless what it covers is to stay.
func (l *liner) hide(p span) {
	if p.from < p.to && !stays(l.text[p.from:p.to]) {
		l.spans = append(l.spans, p)
	}
}

// hideWord hides a whole word but its quotes.
func (l *liner) hideWord(w word) { l.hide(w.inside(l.text, 0)) }

// hideRest hides all from text[from] to text[to] but blanks and quotes around
// it.
func (l *liner) hideRest(from, to int) { l.hide(l.rest(from, to)) }

// rest returns what is left of text[from:to] without the blanks and quotes
// around it.
func (l *liner) rest(from, to int) span {
	text := strings.TrimRight(l.text[from:to], " \t\r\\")
	to = from + len(text)
	text = strings.TrimLeft(text, " \t")
	from = to - len(text)
	if n := len(text); n > 1 && (text[0] == '"' || text[0] == '\'') && text[0] == text[n-1] {
		return span{from: from + 1, to: to - 1}
	}
	return span{from: from, to: to}
}

// origin reports whether s looks like the origin of a URL.
func origin(s string) bool {
	if strings.ContainsAny(s, " \t\"'") {
		return false
	}
	return s == "localhost" || strings.ContainsAny(s, ".:")
}

// headerName returns the name of the header field that w is an item for or
// starts with, and the place of its colon in w's text, if the name is secret.
// a.b:DIGITS is a host and a port, and "name": before a value in JSON is left to
// those who look for that.
func (l *liner) headerName(w word) (name string, colon int, ok bool) {
	name, value, found := strings.Cut(w.text, ":")
	if !found || !secretHeader(name) {
		return "", 0, false
	}
	for i := range len(name) {
		if c := name[i]; !alnum(c) && c != '-' && c != '_' && c != '.' {
			return "", 0, false
		}
	}
	if at := w.at[len(name)]; at > 0 && l.text[at-1] == '"' {
		if rest := strings.TrimLeft(l.text[at+1:], " \t\r\n"); rest != "" && strings.IndexByte("\"[{-0123456789", rest[0]) >= 0 {
			return "", 0, false
		}
	}
	port := strings.Contains(name, ".") && value != "" && value[0]-'0' < 10
	return name, len(name), !port
}

// secretHeader reports whether what stands where a header field does is secret.
func secretHeader(name string) bool { return Name(name) || plainly(name) }

// certainHeader is secretHeader for text that may be anything: a word such as
// key counts only with a dash (X-Api-Key).
func certainHeader(name string) bool {
	return plainly(name) || Name(name) && (strings.Contains(name, "-") || strings.EqualFold(name, "cookie"))
}
