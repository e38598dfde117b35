package secret

import "strings"

// auth handles the arguments of the command auth: all behind the kind, and
// behind the user where there is one, is the secret, up to "for ORIGIN". A
// secret may hold blanks, bars and quotes that do not match.
func (l *liner) auth(args []word, end int) {
	if args, end = l.cutTail(args, end); len(args) == 0 {
		return
	}
	kind, rest := strings.ToLower(args[0].text), args[1:]
	switch kind {
	case "off", "netrc":
	case "bearer":
		l.secretRest(rest, end)
	case "apikey":
		l.apikey(rest, end)
	case "oauth2":
		l.oauth2(rest)
		l.hideNote("")
	case "basic", "digest":
		l.user(rest, end)
	default:
		l.user(args, end)
	}
}

// user handles USER SECRET, and USER:SECRET, which other tools take.
func (l *liner) user(args []word, end int) {
	if len(args) == 0 {
		l.hideNote("")
		return
	}
	if i := strings.IndexByte(args[0].text, ':'); i >= 0 && !strings.Contains(args[0].text, "://") {
		l.hide(args[0].inside(l.text, i+1))
	}
	l.secretRest(args[1:], end)
}

// apikey handles NAME SECRET and NAME== SECRET, with or without the blank, and
// NAME:SECRET and NAME=SECRET.
func (l *liner) apikey(args []word, end int) {
	if len(args) == 0 {
		l.hideNote("")
		return
	}
	if i := strings.IndexAny(args[0].text, ":="); i >= 0 {
		for i+1 < len(args[0].text) && args[0].text[i+1] == '=' {
			i++
		}
		l.hide(args[0].inside(l.text, i+1))
	}
	l.secretRest(args[1:], end)
}

// secretRest hides words to the end of the line as one secret. If they start
// with a reference only what follows that is hidden, nothing if it is a command
// to run, which has blanks of its own.
func (l *liner) secretRest(words []word, end int) {
	if len(words) == 0 {
		l.hideNote("")
		return
	}
	first := words[0]
	if strings.HasPrefix(first.text, "run:") {
		return
	}
	if len(words) > 1 && stays(first.text) && first.text != Mask {
		words = words[1:]
	}
	l.hideRest(words[0].from, end)
	l.hideNote(words[0].text)
}
