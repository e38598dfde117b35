package line

import "strings"

// Quote gives one word that reads back as s, wherever a word can stand: as it is
// if nothing in it has a meaning, else in quotes. A {{ in it is escaped.
func Quote(s string) string {
	if isPlain(s) {
		return s
	}
	if !strings.Contains(s, "'") && !hasControl(s) {
		return "'" + strings.ReplaceAll(s, openMark, escaped) + "'"
	}
	const hex = "0123456789abcdef"
	b := make([]byte, 0, len(s)+8)
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\' || c == '$':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\t':
			b = append(b, '\\', 't')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c < ' ' || c == 0x7f:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case strings.HasPrefix(s[i:], openMark):
			b = append(b, escaped...)
			i++
		default:
			b = append(b, c)
		}
	}
	return string(append(b, '"'))
}

// isPlain reports whether no byte of s has a meaning in a word. Some have one only
// at its start.
func isPlain(s string) bool {
	if s == "" || strings.IndexByte("#<>[{", s[0]) >= 0 || isURLProgram(s) {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == 0x7f || strings.IndexByte(`'"\|$`, c) >= 0 {
			return false
		}
	}
	return !strings.Contains(s, openMark) && !strings.Contains(s, ":={") && !strings.Contains(s, ":=[")
}

func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}
