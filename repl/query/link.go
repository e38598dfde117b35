package query

import (
	"net/url"
	"strings"
)

// links makes an object of the Link fields of an answer, RFC 8288: relation
// type to URL, resolved against where the answer came from. Of several links
// of one type the first counts; types are in lower case.
func (b *builder) links(v *View) map[string]any {
	m := map[string]any{}
	var keys []string
	base, err := url.Parse(v.URL)
	if err != nil {
		base = new(url.URL)
	}
	for _, f := range v.Header {
		if !strings.EqualFold(f.Name, "Link") {
			continue
		}
		for target, rel := range parseLinks(f.Value) {
			u, err := base.Parse(target)
			if err != nil {
				continue
			}
			for _, r := range strings.Fields(strings.ToLower(rel)) {
				if _, seen := m[r]; !seen {
					keys = append(keys, r)
					m[r] = u.String()
				}
			}
		}
	}
	b.order.Set(m, keys)
	return m
}

// parseLinks yields target and rel of each link of a field value. What is not
// a link ends it.
func parseLinks(s string) func(yield func(target, rel string) bool) {
	return func(yield func(target, rel string) bool) {
		for {
			s = strings.TrimLeft(s, ", \t")
			if !strings.HasPrefix(s, "<") {
				return
			}
			end := strings.IndexByte(s, '>')
			if end < 0 {
				return
			}
			target := strings.TrimSpace(s[1:end])
			rel := ""
			rel, s = linkRel(s[end+1:])
			if rel != "" && !yield(target, rel) {
				return
			}
		}
	}
}

// linkRel reads the parameters behind a link's target; it returns the first
// rel and what follows the link.
func linkRel(s string) (rel, rest string) {
	found := false
	for {
		s = strings.TrimLeft(s, " \t")
		if !strings.HasPrefix(s, ";") {
			return rel, s
		}
		s = strings.TrimLeft(s[1:], " \t")
		n := strings.IndexAny(s, "=;,")
		if n < 0 {
			n = len(s)
		}
		name := strings.TrimSpace(s[:n])
		s = s[n:]
		value := ""
		if strings.HasPrefix(s, "=") {
			value, s = linkValue(strings.TrimLeft(s[1:], " \t"))
		}
		if !found && strings.EqualFold(name, "rel") {
			rel, found = value, true
		}
	}
}

// linkValue reads a token or a quoted string.
func linkValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		n := strings.IndexAny(s, ";,")
		if n < 0 {
			n = len(s)
		}
		return strings.TrimSpace(s[:n]), s[n:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}
