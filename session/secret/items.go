package secret

import "strings"

// items collects the secrets of the words of a request: header fields,
// parameters, form and JSON fields, URLs with a query, and the options of other
// tools that carry credentials.
func (l *liner) items(words []word, end int) {
	if len(words) == 0 || words[0].from < l.itemsTo {
		return // a line within a line, whose words have been looked at
	}
	l.itemsTo = words[len(words)-1].to
	for i, w := range words {
		l.url(w)
		if w.text == "|" {
			if i+1 < len(words) && strings.HasPrefix(words[i+1].text, "!") {
				l.shell(words[i+1].from+1, end)
				return
			}
			continue
		}
		l.query(w)
		l.option(words[i:], false)
		l.item(words[i:], false)
	}
}

// query hides secret parameters in the query and fragment of the URL in w.
func (l *liner) query(w word) {
	i := strings.IndexByte(w.text, '?')
	if i < 0 {
		return
	}
	p := w.inside(l.text, i+1)
	if j := strings.IndexByte(l.text[p.from:p.to], '#'); j >= 0 {
		l.spans = formSpans(l.text, p.from+j+1, p.to, l.spans)
		p.to = p.from + j
	}
	l.spans = formSpans(l.text, p.from, p.to, l.spans)
}

// item hides the value of the request item words[0] if its name is secret. In
// a shell command words such as key have other uses.
func (l *liner) item(words []word, shell bool) {
	w := words[0]
	name, sep, value := cutItem(w)
	secret := false
	switch sep {
	case ":":
		if name, _, ok := l.headerName(w); ok {
			l.headerItem(name, value, words, shell)
		}
		return
	case "==":
		secret = Param(name)
	case "=", ":=":
		secret = Field(name) && !constant(w.text[value:])
	}
	if shell {
		secret = secret && plainly(name)
	}
	if secret && fieldName(name) && !w.expands(value, shell) {
		l.hide(w.inside(l.text, value))
	}
}

// headerItem hides the value of the header field words[0]. Behind "Name:" with
// nothing after it, or nothing but a scheme, the next word was meant to be the
// value, unless it can be nothing but an item, and so are the words behind it up
// to the first that looks like an item.
func (l *liner) headerItem(name string, value int, words []word, shell bool) {
	w := words[0]
	if w.expands(value, shell) || shell && !certainHeader(name) {
		return
	}
	p := w.inside(l.text, value)
	l.spans = headerSpans(name, l.text, p.from, p.to, l.spans)
	cookies := strings.EqualFold(name, "cookie")
	text := strings.TrimSpace(w.text[value:])
	open := text == "" || knownScheme(text) || cookies && strings.HasSuffix(text, ";")
	for i, first := 1, true; open && i < len(words); i++ {
		w := words[i]
		if l.isDone(w) {
			i += l.doneAfter(words[i:]) - 1
			first = false
			continue
		}
		_, sep, after := cutItem(w)
		isItem := sep != "" && after < len(w.text)
		switch {
		case w.ends():
			return
		case l.text[w.from] == '#':
			// A comment, unless # was thought to be a part of the value.
			l.hide(w.inside(l.text, 1))
			return
		case isItem && cookies:
			l.hide(w.inside(l.text, after))
		case isItem && !(first && len(sep) == 1):
			return
		case i == 1 && knownScheme(w.text):
			continue
		default:
			l.hideWord(w)
		}
		l.setDone(words[i-1], w)
		first = false
	}
}

// ends reports whether w can be no value of a request item before it: a pipe, a
// redirection, the start of a heredoc, a long option.
func (w *word) ends() bool {
	switch w.text {
	case "|", ">", ">>":
		return true
	}
	option, ok := strings.CutPrefix(w.text, "--")
	return strings.HasPrefix(w.text, "<<") || ok && option != "" && option[0]-'a' < 26
}

// expands reports whether the value that starts at byte i of the word's text is
// a variable, which a shell puts in outside single quotes: then the secret is
// somewhere else.
func (w *word) expands(i int, shell bool) bool {
	return shell && i < len(w.text) && w.quotes[i] != '\'' && variable(afterScheme(w.text[i:]))
}

// cutItem splits a request item at its leftmost separator, of several there
// the longest. value is where its value starts in w's text; sep is empty if w
// is no item.
func cutItem(w word) (name, sep string, value int) {
	for i := range len(w.text) {
		if w.quotes[i] == '\\' {
			continue
		}
		for _, sep := range [...]string{":=@", "=@", "==", ":=", ":", "@", "="} {
			if strings.HasPrefix(w.text[i:], sep) {
				return w.text[:i], sep, i + len(sep)
			}
		}
	}
	return w.text, "", len(w.text)
}

// fieldName reports whether name may be the name of a field, and is no piece of
// a jq program or a URL.
func fieldName(name string) bool {
	return name != "" && name[0] != '.' && name[0] != '$' && !strings.ContainsAny(name, "\"'(){}|?/,&")
}

// option hides the argument of words[0] if that is an option with which
// tools take credentials or a body.
func (l *liner) option(words []word, shell bool) {
	option, w, at := words[0].text, words[0], 0
	if !strings.HasPrefix(option, "-") || len(option) < 2 {
		return
	}
	if name, _, ok := strings.Cut(option, "="); ok && strings.HasPrefix(option, "--") {
		option, at = name, len(name)+1
	} else if len(option) > 2 && option[1] != '-' && shell {
		option, at = option[:2], 2
	} else if len(words) > 1 {
		w = words[1]
	} else {
		return
	}
	if !w.expands(at, shell) {
		l.argument(option, w, at, shell)
	}
}

// argument hides what is secret in the argument of an option: the text of w
// from byte at on.
func (l *liner) argument(option string, w word, at int, shell bool) {
	p := w.inside(l.text, at)
	switch option {
	case "-u", "--user", "-U", "--proxy-user", "-a", "--auth":
		if i := strings.IndexByte(w.text[at:], ':'); i >= 0 && !w.expands(at+i+1, shell) {
			l.hide(w.inside(l.text, at+i+1))
		}
	case "-b", "--cookie":
		if strings.Contains(w.text[at:], "=") {
			l.spans = cookieSpans(l.text, p.from, p.to, false, l.spans)
		}
	case "-H", "--header", "--proxy-header":
		name, _, ok := strings.Cut(w.text[at:], ":")
		if value := at + len(name) + 1; ok && secretHeader(name) && !w.expands(value, shell) {
			p = w.inside(l.text, value)
			l.spans = headerSpans(name, l.text, p.from, p.to, l.spans)
		}
	case "--raw", "-d", "--data", "--data-raw", "--data-ascii", "--data-binary", "--data-urlencode":
		l.spans = formSpans(l.text, p.from, p.to, l.spans)
	case "--oauth2-bearer":
		l.hide(p)
	default:
		if strings.HasPrefix(option, "--") && plainly(strings.TrimLeft(option, "-")) {
			l.hide(p)
		}
	}
}
