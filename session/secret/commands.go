package secret

import "strings"

// command collects the secrets of one command, whose line ends at text[end].
func (l *liner) command(words []word, end int) {
	if len(words) == 0 || l.seen[words[0].from] {
		return
	}
	if l.seen == nil {
		l.seen = make(map[int]bool)
	}
	first, args := words[0], words[1:]
	l.seen[first.from] = true
	switch {
	case strings.HasPrefix(first.text, "!"):
		l.shell(first.from+1, end)
	case strings.HasPrefix(first.text, "@"):
		l.command(args, end)
	case strings.EqualFold(first.text, "curl"):
		l.shell(first.from, end)
	case !l.own(strings.ToLower(first.text), first, args, end):
		l.request(words)
		l.items(words, end)
	}
}

// own handles the commands with a grammar of their own, and sticky lines. It
// reports false if the line is none of these.
func (l *liner) own(name string, first word, args []word, end int) bool {
	switch name {
	case "auth":
		l.auth(args, end)
	case "header":
		l.header(args, end)
	case "param":
		l.param(args, end)
	case "cookie":
		l.cookie(args, end)
	case "let":
		l.let(first.to, end)
	case "after":
		l.command(args, end)
	case "bench":
		l.command(args[min(1, len(args)):], end)
	case "each", "until":
		l.each(args, end)
	case "ask": // its words are a name and a prompt
	default:
		return l.sticky(first, end)
	}
	return true
}

// request looks for user information without a scheme where a line has a host.
func (l *liner) request(words []word) {
	switch args := words[1:]; strings.ToLower(words[0].text) {
	case "proxy":
		l.userinfo(args, true)
	case "base", "cd", "get", "post", "put", "patch", "delete", "head", "options":
		l.userinfo(args, false)
	case "send":
		l.userinfo(args[min(1, len(args)):], false)
	default:
		l.userinfo(words, false)
	}
}

// each handles a command whose last part is a line behind the word do. Any do
// may be the one, since only jq's grammar could tell.
func (l *liner) each(args []word, end int) {
	for i, w := range args {
		if w.text == "do" {
			l.command(args[i+1:], end)
		}
	}
}

// sticky handles Name:value and name==value at the start of a line, where the
// value is the rest of it. It reports false if first starts neither.
func (l *liner) sticky(first word, end int) bool {
	if name, colon, ok := l.headerName(first); ok {
		l.headerValue(name, first.at[colon]+1, end)
		return true
	}
	if name, _, ok := strings.Cut(first.text, "=="); ok && Param(name) && fieldName(name) {
		l.hideRest(first.at[len(name)+1]+1, end)
		return true
	}
	return false
}

// headerValue handles the value of a secret header field from text[from] to the
// end of the line.
func (l *liner) headerValue(name string, from, end int) {
	p := l.rest(from, end)
	l.spans = headerSpans(name, l.text, p.from, p.to, l.spans)
}

// header handles the arguments of the command header: Name:value, but also
// Name=value and Name value, which are mistakes.
func (l *liner) header(args []word, end int) {
	if len(args) == 0 || args[0].text == "-d" {
		return
	}
	first := args[0]
	i := strings.IndexAny(first.text, ":=")
	switch {
	case i > 0 && secretHeader(first.text[:i]):
		l.headerValue(first.text[:i], first.at[i]+1, end)
	case i < 0 && secretHeader(first.text) && len(args) > 1:
		l.headerValue(first.text, first.to, end)
	}
}

// param handles the arguments of the command param: name==value, but also
// name=value and name value, which are mistakes.
func (l *liner) param(args []word, end int) {
	if len(args) == 0 || args[0].text == "-d" {
		return
	}
	first := args[0]
	i := strings.IndexAny(first.text, ":=")
	switch {
	case i > 0 && Param(first.text[:i]):
		for i+1 < len(first.text) && first.text[i+1] == '=' {
			i++
		}
		l.hideRest(first.at[i]+1, end)
	case i < 0 && Param(first.text) && len(args) > 1:
		l.hideRest(first.to, end)
	}
}

// cookie handles the arguments of the command cookie: NAME=VALUE.
func (l *liner) cookie(args []word, end int) {
	if len(args) == 0 || args[0].text == "-d" {
		return
	}
	if i := strings.IndexByte(args[0].text, '='); i >= 0 {
		l.hideRest(args[0].at[i]+1, end)
	} else if len(args) > 1 {
		l.hideRest(args[0].to, end)
	}
}

// let handles NAME = PROGRAM and NAME = REQUEST, which start at text[from]. A
// secret name makes a literal secret; what comes from an answer is none here.
func (l *liner) let(from, end int) {
	i := strings.IndexByte(l.text[from:end], '=')
	if i < 0 {
		return
	}
	name := strings.Trim(l.text[from:from+i], " \t$")
	from += i + 1
	words, _ := split(l.text, from, end)
	if len(words) == 0 {
		return
	}
	if Field(name) && l.literal(words, end) {
		return
	}
	if !strings.EqualFold(words[0].text, "let") {
		l.command(words, end)
	}
}

// literal hides the value of a variable if it is written out: strings, a
// number, or a lone word that is no path or call of jq, and so no program but
// maybe a secret. It reports whether it was.
func (l *liner) literal(words []word, end int) bool {
	first := words[0]
	start := l.text[first.from]
	switch {
	case start == '"' || start == '\'' || start == '(' && first.to > first.from+1 && l.text[first.from+1] == '"':
		for at := first.from; at < end; at++ {
			if p, next, ok := stringAt(l.text, at); ok {
				l.hide(span{from: p.from, to: min(p.to, end)})
				at = max(at, next-1)
			}
		}
		return true
	case start-'0' < 10 || len(words) == 1 && strings.IndexByte(".$[{@/!", start) < 0 && !strings.Contains(first.text, "("):
		l.hideRest(first.from, end)
		return true
	}
	return false
}

// userinfo handles USER:PASSWORD@HOST without a scheme in the first argument. A
// proxy is nothing but a host, so what stands before its last @ is user
// information even if it holds a slash.
func (l *liner) userinfo(args []word, host bool) {
	if len(args) == 0 || strings.Contains(args[0].text, "://") {
		return
	}
	w := args[0]
	authority := w.text
	if i := strings.IndexAny(authority, "/?#"); i >= 0 && !host {
		authority = authority[:i]
	}
	colon, at := strings.IndexByte(authority, ':'), strings.LastIndexByte(authority, '@')
	if colon > 0 && colon < at {
		l.hide(span{from: w.at[colon] + 1, to: w.at[at]})
	}
}
