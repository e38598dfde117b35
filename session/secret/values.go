package secret

import (
	"encoding/json"
	"slices"
	"strings"
)

// Values returns the secret texts that Line would mask in text, each once and in
// the order they stand there, to mask them in a message that tells a part of the
// line. Blanks around them are left off. Behind a text that is not what the line
// means by it, because of quotes, escapes or blanks, follow the words meant, but
// those of less than three bytes. nil means that there is no secret.
func Values(text string) []string {
	var values []string
	known := map[string]bool{"": true}
	add := func(value string) {
		if value = strings.TrimSpace(value); !known[value] {
			known[value] = true
			values = append(values, value)
		}
	}
	settle(text, func(text string) []span {
		l := liner{text: text}
		spans := merge(l.find())
		for _, p := range spans {
			for part := range strings.SplitSeq(text[p.from:p.to], Mask) {
				add(part)
			}
			for _, meant := range l.meant(p) {
				if len(strings.TrimSpace(meant)) >= shortest && !HasMask(meant) {
					add(meant)
				}
			}
		}
		return spans
	})
	return values
}

// meant returns the words, or parts of words, that the line means by p.
func (l *liner) meant(p span) []string {
	var list []string
	for _, w := range l.words[l.wordAt(p.from):] {
		if w.from >= p.to {
			break
		}
		from, _ := slices.BinarySearch(w.at, p.from)
		to, _ := slices.BinarySearch(w.at, p.to)
		to = min(to, len(w.text))
		if from >= to {
			continue
		}
		text := w.text[from:to]
		// Escapes of JSON mean something in double quotes and in JSON.
		if c := w.quotes[from]; c == '"' || c == '{' || c == '[' {
			raw := l.text[max(p.from, w.from):min(p.to, w.to)]
			var plain string
			if json.Unmarshal([]byte(`"`+raw+`"`), &plain) == nil {
				text = plain
			}
		}
		list = append(list, text)
	}
	return list
}
