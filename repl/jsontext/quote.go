package jsontext

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Unquote returns the text of a JSON string, quotes included in raw. Bytes
// that are no UTF-8 and lone surrogates become U+FFFD, as in encoding/json.
// The error is a [*SyntaxError].
func Unquote(raw []byte) (string, error) {
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return "", fault(0, "a string needs its two quotes")
	}
	body := raw[1 : len(raw)-1]
	if end, _ := plainRun(body, 0); end == len(body) {
		return string(body), nil
	}
	s, err := unquoteBody(body)
	if e, ok := err.(*SyntaxError); ok {
		e.Offset++ // the opening quote
	}
	return s, err
}

// unquoteBody decodes what stands between the quotes of a string.
func unquoteBody(raw []byte) (string, error) {
	var s strings.Builder
	s.Grow(len(raw))
	for i := 0; i < len(raw); {
		j, special := plainRun(raw, i)
		s.Write(raw[i:j])
		i = j
		if !special {
			break
		}
		switch c := raw[i]; {
		case c == '\\':
			r, n, ok := escape(raw[i:])
			if !ok {
				return "", fault(i, "unknown escape in a string")
			}
			s.WriteRune(r)
			i += n
		case c < ' ':
			return "", fault(i, "control character in a string")
		case c == '"':
			return "", fault(i, "quote inside a string")
		default:
			r, n := utf8.DecodeRune(raw[i:])
			s.WriteRune(r)
			i += n
		}
	}
	return s.String(), nil
}

// escape decodes the escape that begins at raw[0], a pair of surrogates as
// one rune, and says how many bytes it takes.
func escape(raw []byte) (r rune, n int, ok bool) {
	if len(raw) < 2 {
		return 0, 0, false
	}
	switch raw[1] {
	case '"', '\\', '/':
		return rune(raw[1]), 2, true
	case 'b':
		return '\b', 2, true
	case 'f':
		return '\f', 2, true
	case 'n':
		return '\n', 2, true
	case 'r':
		return '\r', 2, true
	case 't':
		return '\t', 2, true
	case 'u':
		r, ok := hex4(raw[2:])
		if !ok {
			return 0, 0, false
		}
		if !utf16.IsSurrogate(r) {
			return r, 6, true
		}
		if len(raw) >= 12 && raw[6] == '\\' && raw[7] == 'u' {
			if low, ok := hex4(raw[8:]); ok {
				if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
					return pair, 12, true
				}
			}
		}
		return utf8.RuneError, 6, true
	}
	return 0, 0, false
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// plainRun returns the end of the run of printable ASCII other than the quote
// and the backslash that starts at i, and whether a byte stands after it.
// Eight bytes are looked at together.
func plainRun(b []byte, i int) (int, bool) {
	const low, high = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		quote := x ^ low*'"'
		slash := x ^ low*'\\'
		// In each sum the lowest marked byte is right, whatever the borrow
		// does above it, and only the lowest is used.
		m := ((quote-low)&^quote | (slash-low)&^slash | (x-low*' ')&^x | x) & high
		if m != 0 {
			return i + bits.TrailingZeros64(m)/8, true
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return i, true
		}
	}
	return i, false
}

// AppendQuote appends s as a JSON string: only what RFC 8259 section 7 says
// must be escaped is, and bytes that are no UTF-8 become \ufffd.
func AppendQuote(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(append(dst, s[start:i]...), `\ufffd`...)
				start = i + 1
			}
			i += n
			continue
		}
		if c < ' ' || c == '"' || c == '\\' {
			dst = appendEscape(append(dst, s[start:i]...), c)
			start = i + 1
		}
		i++
	}
	return append(append(dst, s[start:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
