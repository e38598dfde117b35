package secret

import "strings"

// shell collects the secrets of the shell command text[from:end]. Its words are
// split like any other: near enough to what a shell does.
func (l *liner) shell(from, end int) {
	if from >= end {
		return
	}
	l.shells = append(l.shells, span{from: from, to: end})
	words, _ := split(l.text, from, end)
	bearer := false
	for i := range words {
		words[i].cutOperator()
	}
	for i, w := range words {
		if w.text == "|" {
			continue
		}
		l.url(w)
		l.query(w)
		l.option(words[i:], true)
		l.item(words[i:], true)
		// HTTPie: -A bearer -a TOKEN, in either order.
		bearer = bearer || w.text == "bearer"
	}
	for i := 1; bearer && i < len(words); i++ {
		if before := words[i-1].text; before == "-a" || before == "--auth" {
			l.hideWord(words[i])
		}
	}
	l.quotedCommands(words)
}

// cutOperator takes off what ends a command of a shell, and so a word of it.
func (w *word) cutOperator() {
	n := len(w.text)
	for n > 0 && w.quotes[n-1] == 0 && (w.text[n-1] == ';' || w.text[n-1] == '&') {
		n--
	}
	w.text, w.to = w.text[:n], w.at[n]
}

// quotedCommands looks into words that are command lines themselves, as in
// sh -c 'curl …'.
func (l *liner) quotedCommands(words []word) {
	for i := 1; i < len(words); i++ {
		if words[i-1].text == "-c" && strings.ContainsAny(words[i].text, " \t") {
			p := words[i].inside(l.text, 0)
			l.shell(p.from, p.to)
		}
	}
}
