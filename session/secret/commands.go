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
	case !l.own(strings.ToLower(first.text), words, end):
		l.request(words)
		l.items(words, end)
	}
}

// own handles the commands with a grammar of their own, and sticky lines. It
// reports false if the line is none of these.
func (l *liner) own(name string, words []word, end int) bool {
	first, args := words[0], words[1:]
	if slipOf("auth", name) {
		name = "auth"
	}
	switch name {
	case "auth", "login": // what the hand of a person types who knows another program
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
		return l.sticky(words, end)
	}
	return true
}

// slipOf reports whether a word is another with one letter changed, missing or
// too many, or two neighbours swapped: a secret typed behind it was meant for it.
func slipOf(word, typed string) bool {
	i := 0
	for i < min(len(word), len(typed)) && word[i] == typed[i] {
		i++
	}
	w, t := word[i:], typed[i:]
	switch len(typed) - len(word) {
	case -1:
		return w[1:] == t
	case 1:
		return w == t[1:]
	case 0:
		return w != "" && (w[1:] == t[1:] || len(w) > 1 && w[0] == t[1] && w[1] == t[0] && w[2:] == t[2:])
	}
	return false
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
// value of a header field is the rest of it. It reports false if it is neither.
func (l *liner) sticky(words []word, end int) bool {
	if name, colon, ok := l.headerName(words[0]); ok {
		words, end = l.cutTail(words, end)
		l.hideHeader(name, words, colon, end)
		return true
	}
	if name, _, ok := strings.Cut(words[0].text, "=="); ok && Param(name) && fieldName(name) {
		words, _ = l.cutTail(words, end)
		l.hideWords(words, len(name)+len("=="))
		return true
	}
	return false
}

// header handles the arguments of the command header: Name:value, but also
// Name=value and Name value, which are mistakes.
func (l *liner) header(args []word, end int) {
	if args, end = l.cutTail(args, end); len(args) == 0 || args[0].text == "-d" {
		return
	}
	first := args[0]
	i := strings.IndexAny(first.text, ":=")
	switch {
	case i > 0 && secretHeader(first.text[:i]):
		l.hideHeader(first.text[:i], args, i, end)
	case i < 0 && secretHeader(first.text) && len(args) > 1:
		l.headerValue(first.text, l.rest(first.to, end))
	}
}

// param handles the arguments of the command param: name==value, but also
// name=value and name value, which are mistakes.
func (l *liner) param(args []word, end int) {
	if args, _ = l.cutTail(args, end); len(args) == 0 || args[0].text == "-d" {
		return
	}
	first := args[0]
	i := strings.IndexAny(first.text, ":=")
	switch {
	case i > 0 && Param(first.text[:i]):
		for i+1 < len(first.text) && first.text[i+1] == '=' {
			i++
		}
		l.hideWords(args, i+1)
	case i < 0 && Param(first.text) && len(args) > 1:
		l.hideWords(args[1:], 0)
	}
}

// cookie handles the arguments of the command cookie: NAME=VALUE.
func (l *liner) cookie(args []word, end int) {
	if args, _ = l.cutTail(args, end); len(args) == 0 || args[0].text == "-d" {
		return
	}
	if i := strings.IndexByte(args[0].text, '='); i >= 0 {
		l.hideWords(args, i+1)
	} else if len(args) > 1 {
		l.hideWords(args[1:], 0)
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
	if words, end = l.cutNote(words, end); len(words) == 0 {
		return false
	}
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
		l.hideNote(first.text)
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
