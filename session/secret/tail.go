package secret

import (
	"slices"
	"strings"
)

// cutNote takes a comment off words, which end at text[end], and remembers it.
// It is one by the grammar, but who did not know that typed a part of a secret.
func (l *liner) cutNote(words []word, end int) ([]word, int) {
	l.note = span{}
	for i, w := range words {
		at := w.from
		if l.text[at] != '#' || at == 0 || !blank(l.text[at-1]) {
			continue
		}
		note := l.text[at+1 : end]
		to := at + 1 + len(strings.TrimRight(note, " \t\r\\"))
		l.note = span{from: end - len(strings.TrimLeft(note, " \t")), to: to}
		if words = words[:i]; i > 0 {
			at = words[i-1].to
		}
		return words, at
	}
	return words, end
}

// cutTail takes a comment and a "for ORIGIN" before it off words.
func (l *liner) cutTail(words []word, end int) ([]word, int) {
	words, end = l.cutNote(words, end)
	n := len(words) - 2
	if n < 0 || words[n].text != "for" || !origin(words[n+1].text) {
		return words, end
	}
	end = words[n].from
	if words = words[:n]; n > 0 {
		end = words[n-1].to
	}
	return words, end
}

// hideNote hides the comment behind value, unless value is written out to be
// kept, and so is the whole of it.
func (l *liner) hideNote(value string) {
	if value == "" || !stays(value) {
		l.hide(l.note)
	}
}

// hideWords hides the value that starts at byte i of the text of words[0], and
// the words behind it, which belong there if the blanks do.
func (l *liner) hideWords(words []word, i int) {
	l.hide(words[0].inside(l.text, i))
	l.hideEach(words)
	value := words[0].text[i:]
	if value == "" && len(words) > 1 {
		value = words[1].text
	}
	l.hideNote(value)
}

// hideEach hides all words but the first.
func (l *liner) hideEach(words []word) {
	if n := len(words) - 1; n < 1 || l.isDone(words[1]) && words[n].to <= l.done.to {
		return
	}
	for i, w := range words[1:] {
		l.hideWord(w)
		l.setDone(words[i], w)
	}
}

// isDone reports whether w is one of the words that were hidden.
func (l *liner) isDone(w word) bool { return l.done.from <= w.from && w.to <= l.done.to }

// doneAfter returns how many of words are done. The first one is.
func (l *liner) doneAfter(words []word) int {
	n, _ := slices.BinarySearchFunc(words, l.done.to+1, func(w word, to int) int { return w.to - to })
	return max(n, 1)
}

// setDone remembers that w was hidden, which stands behind before.
func (l *liner) setDone(before, w word) {
	if !l.isDone(before) {
		l.done.from = w.from
	}
	l.done.to = w.to
}

// hideHeader hides the value of the secret header field name: what follows byte
// i of the text of words[0] up to text[end]. If a quote before the name is what
// closes it, the words behind are hidden on their own.
func (l *liner) hideHeader(name string, words []word, i, end int) {
	w := words[0]
	before, p := w.quotes[i], span{}
	quoted := before == '"' || before == '\''
	if i++; quoted && i < len(w.text) && w.quotes[i] == before {
		p = w.inside(l.text, i)
		l.hideEach(words)
	} else {
		from := w.at[i-1] + 1
		if quoted {
			from++
		}
		p = l.rest(from, end)
	}
	l.headerValue(name, p)
}

// headerValue hides p, the value of the secret header field name.
func (l *liner) headerValue(name string, p span) {
	l.spans = headerSpans(name, l.text, p.from, p.to, l.spans)
	l.hideNote(afterScheme(l.text[p.from:p.to]))
}
