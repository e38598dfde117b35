package secret

import (
	"slices"
	"strings"
)

// Mask stands in the place of a secret wherever one would have been shown or
// kept: eight bullets (U+2022), whatever the length of what they hide.
const Mask = "••••••••"

// HasMask reports whether s holds a Mask, which a line recalled from history
// must have filled in before it can run.
func HasMask(s string) bool { return strings.Contains(s, Mask) }

// A span is the bytes from (included) to to (excluded) of a text that are to
// be masked. The Mask is put between two of quote, so that what was a number
// becomes a string and JSON stays JSON.
type span struct {
	from, to int
	quote    string
}

// paint returns s with a Mask in place of every span. Spans may come in any
// order; those that overlap or touch become one. Empty ones are ignored.
func paint(s string, spans []span) string {
	spans = merge(spans)
	if len(spans) == 0 {
		return s
	}
	var out strings.Builder
	out.Grow(len(s) + len(spans)*len(Mask))
	done := 0
	for _, p := range spans {
		out.WriteString(s[done:p.from])
		out.WriteString(p.quote + Mask + p.quote)
		done = p.to
	}
	out.WriteString(s[done:])
	return out.String()
}

// merge sorts spans and makes those one that overlap or touch, without the empty
// ones. The quote is that of the first. It reuses the slice.
func merge(spans []span) []span {
	spans = slices.DeleteFunc(spans, func(p span) bool { return p.from >= p.to })
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	merged := spans[:0]
	for _, p := range spans {
		if last := len(merged) - 1; last >= 0 && p.from <= merged[last].to {
			merged[last].to = max(merged[last].to, p.to)
			continue
		}
		merged = append(merged, p)
	}
	return merged
}

// settle masks s until another pass changes nothing. One pass nearly always
// does; a second finds what only the first one's masks set free, such as a
// short secret that stood right behind a long one. It ends because a pass
// never adds a byte that is not part of a Mask.
func settle(s string, find func(string) []span) string {
	for {
		masked := paint(s, find(s))
		if masked == s {
			return s
		}
		s = masked
	}
}
