package secret

import "strings"

// Reference reports whether s, given where a secret is expected, says where to
// find one and is none itself: env:NAME, file:PATH, run:COMMAND, keyring:NAME.
func Reference(s string) bool {
	kind, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" {
		return false
	}
	switch kind {
	case "file", "run", "keyring":
		return true
	case "env":
		for i := range len(rest) {
			if !alnum(rest[i]) && rest[i] != '_' {
				return false
			}
		}
		return rest[0] > '9'
	}
	return false
}

// stays reports whether text in the place of a secret is to stay: because it
// is empty, masked already, a Reference or a template.
func stays(text string) bool {
	return text == "" || text == Mask || Reference(text) || template(text)
}

// template reports whether text consists of {{…}} templates, which hold the way
// to a secret and not the secret, and of nothing but punctuation between them.
func template(text string) bool {
	found := false
	for i := 0; i < len(text); {
		if n := templateLen(text[i:]); n > 0 {
			found = true
			i += n
			continue
		}
		if alnum(text[i]) || text[i] >= 0x80 {
			return false
		}
		i++
	}
	return found
}

// templateLen returns the length of the {{…}} or, in a jq string, \(…) that
// starts s, 0 if none does, or none of a length a person types.
func templateLen(s string) int {
	s = s[:min(len(s), 4096)]
	for _, p := range [...]struct{ open, shut string }{{"{{", "}}"}, {`\(`, ")"}} {
		if strings.HasPrefix(s, p.open) {
			if i := strings.Index(s, p.shut); i >= 0 {
				return i + len(p.shut)
			}
		}
	}
	return 0
}
