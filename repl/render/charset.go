package render

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A decoder turns the bytes of a charset into UTF-8, piece by piece.
type decoder interface {
	decode(dst, p []byte) []byte
	end(dst []byte) []byte // what an input that stopped midway leaves
}

// charsetOf returns the decoder for a body of this type that begins with p, nil for
// UTF-8 and for charsets that are not known, whose other bytes are then drawn as
// escapes. A declaration that the bytes contradict is not believed. wide reports a
// charset in which text has NULs.
func charsetOf(contentType string, p []byte) (d decoder, wide bool) {
	switch {
	case bytes.HasPrefix(p, []byte("\xff\xfe")):
		return &utf16Decoder{}, true
	case bytes.HasPrefix(p, []byte("\xfe\xff")):
		return &utf16Decoder{big: true}, true
	}
	head := p[:min(len(p), sniffed)]
	switch charsetName(contentType) {
	case "utf-16", "utf-16le", "utf-16be":
		if bytes.IndexByte(head, 0) < 0 && validHead(head) {
			return nil, false
		}
		return &utf16Decoder{big: charsetName(contentType) != "utf-16le"}, true // RFC 2781 section 4.3
	case "iso-8859-1", "latin1", "windows-1252", "cp1252":
		if validHead(head) {
			return nil, false
		}
		return latinDecoder{}, false
	}
	return nil, false
}

// charsetName returns the charset parameter of a Content-Type value in lower case.
func charsetName(contentType string) string {
	_, params, _ := strings.Cut(strings.ToLower(contentType), ";")
	for param := range strings.SplitSeq(params, ";") {
		if name, value, _ := strings.Cut(param, "="); strings.TrimSpace(name) == "charset" {
			return strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	return ""
}

// validHead reports whether p is UTF-8, but for a rune that its end may cut.
func validHead(p []byte) bool {
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if end := p[len(p)-n:]; utf8.RuneStart(end[0]) {
			if !utf8.FullRune(end) {
				p = p[:len(p)-n]
			}
			break
		}
	}
	return utf8.Valid(p)
}

// latinDecoder decodes Windows-1252, which is also what Latin-1 means on the web
// (WHATWG Encoding Standard, section 4.2).
type latinDecoder struct{}

func (latinDecoder) decode(dst, p []byte) []byte {
	const special = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ" // 0x80 to 0x9f
	for _, c := range p {
		switch {
		case c < 0x80:
			dst = append(dst, c)
		case c < 0xa0:
			n := c - 0x80
			for _, r := range special {
				if n == 0 {
					dst = utf8.AppendRune(dst, r)
					break
				}
				n--
			}
		default:
			dst = utf8.AppendRune(dst, rune(c))
		}
	}
	return dst
}

func (latinDecoder) end(dst []byte) []byte { return dst }

// utf16Decoder decodes UTF-16 and drops a byte order mark at the beginning.
type utf16Decoder struct {
	big   bool
	begun bool
	rest  []byte // of a unit or pair that is not complete
}

func (d *utf16Decoder) decode(dst, p []byte) []byte {
	p = append(d.rest, p...)
	i := 0
	for i+2 <= len(p) {
		r, size := d.unit(p[i:]), 2
		if utf16.IsSurrogate(r) && r < 0xdc00 {
			if i+4 > len(p) {
				break
			}
			if pair := utf16.DecodeRune(r, d.unit(p[i+2:])); pair != utf8.RuneError {
				r, size = pair, 4
			}
		}
		if d.begun || r != 0xfeff {
			dst = utf8.AppendRune(dst, r) // a lone surrogate becomes U+FFFD
		}
		d.begun = true
		i += size
	}
	d.rest = append([]byte(nil), p[i:]...)
	return dst
}

func (d *utf16Decoder) unit(p []byte) rune {
	if d.big {
		return rune(p[0])<<8 | rune(p[1])
	}
	return rune(p[1])<<8 | rune(p[0])
}

func (d *utf16Decoder) end(dst []byte) []byte {
	if len(d.rest) == 0 {
		return dst
	}
	return utf8.AppendRune(dst, utf8.RuneError)
}
