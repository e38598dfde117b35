package secret

import (
	"net/url"
	"strings"
)

// URL masks, for display, the password in a URL's user information (RFC 3986,
// section 3.2.1) and the values of secret parameters in its query and fragment.
// The rest stays as it is written, whether or not it is a valid URL; a relative
// reference will do. A user name without a password is kept.
func URL(s string) string {
	return settle(s, func(s string) []span {
		spans := userinfos(s, nil)
		rest := s
		if i := strings.IndexByte(rest, '#'); i >= 0 {
			spans = formSpans(s, i+1, len(s), spans)
			rest = rest[:i]
		}
		if i := strings.IndexByte(rest, '?'); i >= 0 {
			spans = formSpans(s, i+1, len(rest), spans)
		}
		return spans
	})
}

// Form masks the values of secret fields in a query string or an urlencoded
// form, by what Param says.
func Form(s string) string {
	return settle(s, func(s string) []span { return formSpans(s, 0, len(s), nil) })
}

// formSpans appends the spans of secret values in s[from:to], read as pairs
// joined by "&".
func formSpans(s string, from, to int, spans []span) []span {
	for from < to {
		end := to
		if i := strings.IndexByte(s[from:to], '&'); i >= 0 {
			end = from + i
		}
		if name, value, ok := strings.Cut(s[from:end], "="); ok && Param(unescape(name)) && !stays(value) {
			spans = append(spans, span{from: end - len(value), to: end})
		}
		from = end + 1
	}
	return spans
}

// unescape undoes percent-encoding, or returns s if that is not well formed.
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// userinfos appends the spans of the passwords in all URLs of text.
func userinfos(text string, spans []span) []span {
	for at := 0; ; {
		i := strings.Index(text[at:], "://")
		if i < 0 {
			return spans
		}
		at += i + len("://")
		end := len(text)
		if i := strings.Index(text[at:], "://"); i >= 0 {
			end = at + i // where the next one starts
		}
		end = at + wordLen(text[at:end])
		if p, ok := password(text, at, end); ok && !stays(text[p.from:p.to]) {
			spans = append(spans, p)
		}
	}
}

// url hides the password of a URL that is the word w, or the value in it, and
// may hold blanks and quotes then, as no URL in other text does.
func (l *liner) url(w word) {
	i := strings.Index(w.text, "://")
	if i <= 0 {
		return
	}
	start := i
	for start > 0 && alnum(w.text[start-1]) {
		start--
	}
	if start > 0 && w.text[start-1] != '=' && w.text[start-1] != ':' {
		return
	}
	if i += len("://"); i == len(w.text) || w.quotes[i] == '{' || w.quotes[i] == '[' {
		return
	}
	if p, ok := password(w.text, i, len(w.text)); ok && !stays(w.text[p.from:p.to]) {
		l.hideBytes(w, p.from, p.to)
	}
}

// password returns the span of the password in the authority that starts at
// text[at], in a word that ends at text[end]. The authority ends at the first of /?# as RFC 3986 says, unless
// what follows its colon is no port: then a password with such a character was
// written unescaped, and what is no URL still must not be shown.
func password(text string, at, end int) (span, bool) {
	authority := end
	if i := strings.IndexAny(text[at:end], `/?#\`); i >= 0 {
		authority = at + i
	}
	colon := strings.IndexByte(text[at:authority], ':')
	if colon < 0 {
		return span{}, false
	}
	from := at + colon + 1
	if i := strings.LastIndexByte(text[from:authority], '@'); i >= 0 {
		return span{from: from, to: from + i}, true
	}
	port := text[from:authority]
	if text[at] == '[' || port != "" && strings.Trim(port, "0123456789") == "" {
		return span{}, false
	}
	if i := strings.LastIndexByte(text[from:end], '@'); i >= 0 && !template(port) {
		return span{from: from, to: from + i}, true
	}
	return span{}, false
}

// wordLen returns the length of the part of s before the first blank, quote or
// angle bracket, templates taken whole.
func wordLen(s string) int {
	for i := 0; i < len(s); {
		if n := templateLen(s[i:]); n > 0 {
			i += n
			continue
		}
		if s[i] <= ' ' || strings.IndexByte("\"'`<>", s[i]) >= 0 {
			return i
		}
		i++
	}
	return len(s)
}
