package practice

import "strings"

// authParams reads name=value pairs with commas between them, whose values may
// be quoted (RFC 9110, section 11.2). Names come out in lower case, the first
// of a name counts; what is no pair ends the reading.
func authParams(text string) map[string]string {
	p := make(map[string]string)
	for {
		text = strings.TrimLeft(text, ", \t")
		name, rest, ok := strings.Cut(text, "=")
		if !ok {
			return p
		}
		name = strings.ToLower(strings.TrimSpace(name))
		var value string
		if rest = strings.TrimLeft(rest, " \t"); strings.HasPrefix(rest, `"`) {
			value, text = unquote(rest[1:])
		} else {
			value, text, _ = strings.Cut(rest, ",")
			value = strings.TrimSpace(value)
		}
		if _, before := p[name]; !before {
			p[name] = value
		}
	}
}

// unquote reads a quoted string behind its first quote.
func unquote(text string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return b.String(), text[i+1:]
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}
