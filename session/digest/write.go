package digest

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// appendQuoted adds name="value" (RFC 9110, section 5.6.4).
func appendQuoted(b []byte, name, value string) []byte {
	b = append(append(b, name...), `="`...)
	for i := range len(value) {
		if value[i] == '"' || value[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, value[i])
	}
	return append(b, '"')
}

// appendExtended adds a value that is not ASCII (RFC 8187, section 3.2).
func appendExtended(b []byte, name, value string) []byte {
	const hexDigits = "0123456789ABCDEF"
	b = append(append(b, name...), "*=UTF-8''"...)
	for i := range len(value) {
		if c := value[i]; isAlphanumeric(c) || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b = append(b, c)
		} else {
			b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return b
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// quote shows text of a server: without control characters, and not all of it
// if it is long.
func quote(text string) string {
	const most = 40
	if len(text) <= most {
		return strconv.Quote(text)
	}
	return strconv.Quote(text[:most]) + "…"
}
