package session

import (
	"strings"
	"unicode/utf8"
)

const upperHex = "0123456789ABCDEF"

// EscapeSegment returns a value as one segment of a path: everything but
// letters, digits and "-._~" is percent-encoded. A segment of dots is encoded
// as well, so that it cannot climb.
func EscapeSegment(value string) string {
	if strings.Trim(value, ".") == "" {
		return strings.ReplaceAll(value, ".", "%2E")
	}
	return escape(value, unreserved)
}

// EscapeQuery returns a value as one name or value of a query, encoded as by
// HTML forms: a blank is "+", everything but letters, digits and "-._~" is
// percent-encoded.
func EscapeQuery(value string) string {
	if !strings.Contains(value, " ") {
		return escape(value, unreserved)
	}
	return strings.ReplaceAll(escape(value, func(c byte) bool { return c == ' ' || unreserved(c) }), " ", "+")
}

// encodePath percent-encodes what may not stand in a path (RFC 3986,
// section 3.3). What is encoded already stays as it is.
func encodePath(text string) string { return encode(text, pathByte) }

// encodeQuery does the same for a query or a fragment. Brackets stay: servers
// read a[b]=c, and everyone types it so.
func encodeQuery(text string) string {
	return encode(text, func(c byte) bool { return c == '?' || c == '[' || c == ']' || pathByte(c) })
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

func pathByte(c byte) bool { return unreserved(c) || strings.IndexByte("/:@!$&'()*+,;=", c) >= 0 }

// encode escapes all bytes but those keep accepts and complete %XX sequences.
func encode(text string, keep func(byte) bool) string {
	for i := range len(text) {
		if !keep(text[i]) {
			return escapeFrom(text, i, keep, true)
		}
	}
	return text
}

func escape(text string, keep func(byte) bool) string {
	for i := range len(text) {
		if !keep(text[i]) {
			return escapeFrom(text, i, keep, false)
		}
	}
	return text
}

func escapeFrom(text string, i int, keep func(byte) bool, keepEscapes bool) string {
	b := make([]byte, i, len(text)+16)
	copy(b, text)
	for ; i < len(text); i++ {
		c := text[i]
		if keep(c) || keepEscapes && c == '%' && i+2 < len(text) && hexDigit(text[i+1]) && hexDigit(text[i+2]) {
			b = append(b, c)
			continue
		}
		b = append(b, '%', upperHex[c>>4], upperHex[c&15])
	}
	return string(b)
}

func hexDigit(c byte) bool { return unhex(c) < 16 }

func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 16
}

// unescape decodes %XX; what is no such sequence stays.
func unescape(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) && hexDigit(text[i+1]) && hexDigit(text[i+2]) {
			b = append(b, unhex(text[i+1])<<4|unhex(text[i+2]))
			i += 2
			continue
		}
		b = append(b, text[i])
	}
	return string(b)
}

// removeDotSegments resolves "." and ".." in an absolute path (RFC 3986,
// section 5.2.4). It does not climb above the root.
func removeDotSegments(path string) string {
	if !strings.Contains(path, "/.") {
		return path
	}
	var out []string
	parts := strings.Split(path, "/")[1:]
	for i, p := range parts {
		last := i == len(parts)-1
		switch p {
		case ".":
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		default:
			out = append(out, p)
			continue
		}
		if last {
			out = append(out, "")
		}
	}
	return "/" + strings.Join(out, "/")
}

// hasControl says that text has a byte that could end or garble a line.
func hasControl(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}

// quote returns text in double quotes, cut where it is long, with everything
// that could act on a terminal escaped.
func quote(text string) string {
	const max = 100
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range text {
		if i >= max {
			b.WriteString("…")
			break
		}
		switch {
		case r == utf8.RuneError, r < ' ', r >= 0x7f && r < 0xa0:
			b.WriteString(`\x`)
			b.WriteByte(upperHex[text[i]>>4])
			b.WriteByte(upperHex[text[i]&15])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
