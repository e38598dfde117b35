package render

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"sonde/repl/jsontext"
)

// sniffed is how much of a body is looked at to tell text from binary.
const sniffed = 2 << 10

// mediaType returns type and subtype of a Content-Type value in lower case
// (RFC 9110 section 8.3.1), without checking them.
func mediaType(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// isJSON reports whether the type says that the body is JSON, one value or many.
func isJSON(media string) bool { return strings.Contains(media, "json") }

// mayBeJSON reports whether a body of this type is worth a look: the type is one
// that servers give when they do not know.
func mayBeJSON(media string) bool {
	switch media {
	case "", "text/plain", "application/octet-stream", "text/javascript", "application/javascript":
		return true
	}
	return false
}

// looksJSON reports whether a body begins as a JSON object or array and goes on as
// one for as far as is looked.
func looksJSON(p []byte) bool {
	p = bytes.TrimLeft(p[:min(len(p), sniffed)], " \t\r\n")
	if len(p) == 0 || p[0] != '{' && p[0] != '[' {
		return false
	}
	x := jsontext.NewIndenter(io.Discard, jsontext.IndentOptions{})
	x.Write(p)
	_, bad := x.Bad()
	return !bad
}

// isBinary reports whether a body is not for reading: its type says so, or its
// beginning has a NUL, or too much that is not text. Where the charset is known to
// be one that has NULs, only the type counts.
func isBinary(media string, p []byte, wide bool) bool {
	group, sub, _ := strings.Cut(media, "/")
	switch group {
	case "image":
		return !strings.HasSuffix(sub, "+xml")
	case "audio", "video", "font":
		return true
	}
	switch media {
	case "application/pdf", "application/zip", "application/gzip", "application/x-gzip", "application/wasm",
		"application/x-tar", "application/zstd", "application/protobuf", "application/x-protobuf", "application/grpc":
		return true
	}
	if wide {
		return false
	}
	p = p[:min(len(p), sniffed)]
	if bytes.IndexByte(p, 0) >= 0 {
		return true
	}
	return group != "text" && !isJSON(media) && strange(p)*10 > len(p)
}

// strange counts the bytes of p that text in UTF-8 does not have.
func strange(p []byte) int {
	n := 0
	for i := 0; i < len(p); {
		r, size := utf8.DecodeRune(p[i:])
		if r == utf8.RuneError && size == 1 && utf8.FullRune(p[i:]) ||
			r < 0x20 && r != '\n' && r != '\r' && r != '\t' && r != '\f' && r != 0x1b {
			n++
		}
		i += size
	}
	return n
}
