package http2

import (
	"strconv"
	"strings"

	"golang.org/x/net/http2/hpack"

	"sonde/session/http1"
)

// add takes a field, or says what is wrong with it (RFC 9113, section 8.2).
func (b *block) add(f hpack.HeaderField) (fault string) {
	if f.Name == "" {
		return "a header without a name"
	}
	for i := range len(f.Name) {
		if c := f.Name[i]; 'A' <= c && c <= 'Z' || !http1.IsTokenByte(c) {
			return "a character that may not be in a header name, " + http1.Clip(f.Name)
		}
	}
	if hopByHop(f.Name) {
		return "a header that HTTP/2 does not have, " + f.Name
	}
	value := strings.Trim(f.Value, " \t")
	if badValue(f.Name, value) {
		return "a control character in the value of " + http1.Clip(f.Name)
	}
	if value != f.Value && len(b.odd) < 10 {
		b.odd = append(b.odd, "blanks around the value of the header "+f.Name)
	}
	if b.fields == nil {
		b.fields = make([]http1.Field, 0, 16)
	}
	b.fields = append(b.fields, http1.Field{Name: f.Name, Value: value})
	return ""
}

// badValue says that a received value has a control character. Whoever keeps
// cookies drops one with such a character (RFC 6265bis, section 5.6), which is
// no reason to refuse the answer as long as it stays one line.
func badValue(name, value string) bool {
	if name == "set-cookie" {
		return strings.ContainsAny(value, "\x00\r\n")
	}
	for i := range len(value) {
		if c := value[i]; c < ' ' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}

// hopByHop says that a field, its name in lower case, is about an HTTP/1.1
// connection and has no place in HTTP/2 (RFC 9113, section 8.2.2).
func hopByHop(name string) bool {
	switch name {
	case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade":
		return true
	}
	return false
}

// contentLength returns the length that a head tells, -1 if it tells none. It
// may be repeated but not contradicted.
func contentLength(fields []http1.Field) (length int64, fault string) {
	length = -1
	for i := range fields {
		if fields[i].Name != "content-length" {
			continue
		}
		for part := range strings.SplitSeq(fields[i].Value, ",") {
			part = strings.Trim(part, " \t")
			n, err := strconv.ParseInt(part, 10, 64)
			if err != nil || !digits(part) {
				return 0, "the Content-Length " + http1.Clip(fields[i].Value) + " is no number of bytes"
			}
			if length >= 0 && n != length {
				return 0, "two different Content-Lengths"
			}
			length = n
		}
	}
	return length, ""
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
