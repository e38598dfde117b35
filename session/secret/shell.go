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
	for i, w := range words {
		if w.text == "|" {
			continue
		}
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
