package secret

import "strings"

// leastCredentials is the length from which what follows a scheme is masked
// wherever it stands: a word of prose behind "basic" is mostly shorter.
const leastCredentials = 8

// credentials appends the spans of what follows the word Bearer or Basic in a
// line, whatever stands before: in "Autorization: Bearer x" and "atuh bearer x"
// only the place is mistyped. Behind the command auth the words have places of
// their own.
func credentials(text string, spans []span) []span {
	lower := strings.ToLower(text)
	if len(lower) != len(text) { // places would not agree
		return spans
	}
	for _, scheme := range [...]string{"bearer", "basic"} {
		for at := 0; ; {
			i := strings.Index(lower[at:], scheme)
			if i < 0 {
				break
			}
			start := at + i
			at = start + len(scheme)
			if start > 0 && strings.IndexByte(" \t:\"'", text[start-1]) < 0 || strings.HasSuffix(strings.TrimRight(lower[:start], " \t"), "auth") {
				continue
			}
			from := at
			for from < len(text) && text[from] == ' ' {
				from++
			}
			to := from
			for to < len(text) && (tokenByte(text[to]) || strings.IndexByte(".~+/=", text[to]) >= 0) {
				to++
			}
			if from > at && to-from >= leastCredentials {
				spans = append(spans, span{from: from, to: to})
				at = to
			}
		}
	}
	return spans
}
