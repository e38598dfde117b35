package secret

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	shortest = 3 // bytes of the shortest value that is masked by value
	anywhere = 6 // bytes from which a value is masked inside a word as well
)

// A needle is one form of a value to look for.
type needle struct {
	text string
	word bool // only where no letter or digit stands beside it
	// base64 says that padding after the text belongs to it. before and after
	// say that the digit next to it holds bits of the value as well.
	base64, before, after bool
}

// needles lists the forms in which value may occur, each once.
func needles(value string, users []string) []needle {
	var list []needle
	seen := make(map[needle]bool)
	add := func(n needle) {
		if !seen[n] {
			seen[n] = true
			list = append(list, n)
		}
	}
	word := len(value) < anywhere
	for _, form := range escapes(value) {
		add(needle{text: form, word: word})
	}
	if !word {
		add(needle{text: hex.EncodeToString([]byte(value))})
		add(needle{text: strings.ToUpper(hex.EncodeToString([]byte(value)))})
		for shift := range 3 {
			add(shifted(base64.RawStdEncoding, value, shift))
			add(shifted(base64.RawURLEncoding, value, shift))
		}
	}
	for _, user := range users {
		pair := user + ":" + value
		add(needle{text: base64.RawStdEncoding.EncodeToString([]byte(pair)), base64: true})
		add(needle{text: base64.RawURLEncoding.EncodeToString([]byte(pair)), base64: true})
	}
	return list
}

// shifted returns the base64 digits that stand for value alone when shift bytes
// (modulo three) of something else come before it, as a user name does in
// basic authentication.
func shifted(enc *base64.Encoding, value string, shift int) needle {
	digits := enc.EncodeToString([]byte("\x00\x00"[:shift] + value))
	bits := 8 * (shift + len(value))
	start := (8*shift + 5) / 6
	return needle{text: digits[start : bits/6], base64: true, before: shift > 0, after: bits%6 > 0}
}

// escapes lists value as it is, percent-encoded and as the inside of a JSON
// string, in the spellings that common encoders use.
func escapes(value string) []string {
	list := []string{value}
	// What an encoder leaves alone beside letters, digits and "-_.~": nothing,
	// Python's quote, JavaScript's encodeURIComponent and encodeURI, Go's path
	// segments and user information.
	for _, keep := range [...]string{"", "/", "!'()*", ";/?:@&=+$,!'()*#", "$&+=:@", "$&+,;="} {
		upper := percent(value, keep, "%%%02X")
		lower := percent(value, keep, "%%%02x")
		list = append(list, upper, lower, strings.ReplaceAll(upper, "%20", "+"))
	}
	html := strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`)
	slash := strings.NewReplacer("/", `\/`)
	plain, ascii := jsonText(value, false), jsonText(value, true)
	list = append(list, plain, html.Replace(plain), slash.Replace(plain),
		ascii, html.Replace(ascii), slash.Replace(ascii), jsonText(plain, false))
	return list
}

// percent percent-encodes value (RFC 3986, section 2.1) but for unreserved
// characters and those in keep.
func percent(value, keep, format string) string {
	var out strings.Builder
	for i := range len(value) {
		c := value[i]
		if alnum(c) || strings.IndexByte("-_.~", c) >= 0 || strings.IndexByte(keep, c) >= 0 {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, format, c)
		}
	}
	return out.String()
}

// jsonText is value as the inside of a JSON string (RFC 8259, section 7), with
// all but ASCII escaped if so asked.
func jsonText(value string, ascii bool) string {
	var out strings.Builder
	for _, r := range value {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r < ' ' && strings.ContainsRune("\b\f\n\r\t", r):
			out.WriteByte('\\')
			out.WriteByte("btn?fr"[r-'\b'])
		case r < ' ' || ascii && r > '~' && r < 0x10000:
			fmt.Fprintf(&out, `\u%04x`, r)
		case ascii && r > '~':
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, hi, lo)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// find appends a span for every occurrence of n in text, overlapping ones
// included.
func (n *needle) find(text string, spans []span) []span {
	first := len(spans)
	for at := 0; ; at++ {
		i := strings.Index(text[at:], n.text)
		if i < 0 {
			return spans
		}
		at += i
		if n.word && !alone(text, at, at+len(n.text)) {
			continue
		}
		found := n.grow(text, span{from: at, to: at + len(n.text)})
		if last := len(spans) - 1; last >= first && found.from <= spans[last].to {
			spans[last].to = max(spans[last].to, found.to)
			continue
		}
		spans = append(spans, found)
	}
}

// grow adds to an occurrence of n the base64 digits beside it that hold bits of
// the value, and the padding.
func (n *needle) grow(text string, p span) span {
	if n.before && p.from > 0 && base64Digit(text[p.from-1]) {
		p.from--
	}
	if n.after && p.to < len(text) && base64Digit(text[p.to]) {
		p.to++
	}
	for n.base64 && p.to < len(text) && text[p.to] == '=' {
		p.to++
	}
	return p
}

// alone reports whether no letter, digit or underscore stands beside
// text[from:to].
func alone(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	return !wordRune(before) && !wordRune(after)
}

func wordRune(r rune) bool {
	return r == '_' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func base64Digit(c byte) bool {
	return alnum(c) || c == '+' || c == '/' || c == '-' || c == '_'
}

func alnum(c byte) bool {
	return c-'0' < 10 || c|0x20-'a' < 26
}
