package session

import "strings"

// A fate is what becomes of an answer that is not as it should be.
type fate int

const (
	asAccepted   fate = iota
	asRefused         // there is no answer, and an error
	asIncomplete      // there is the answer as far as it came, and an error
)

// An odd answer is one that breaks a rule, or comes near to it.
type odd struct {
	name, raw string
	want      fate
	text      string // of the error, or of the warning if there is one
	body      string
	field     Field // one that must be there
	method    string
	interim   int
	cut       bool // what it is shows only when the server closes the connection
	gone      bool // no whole head came because the server closed the connection
	ends      bool // accepted, but the connection does not carry another request
	quiet     bool // accepted without a warning
}

const (
	head200 = "HTTP/1.1 200 OK\r\n"
	two     = "Content-Length: 2\r\n\r\nok"
	chunked = head200 + "Transfer-Encoding: chunked\r\n\r\n"
)

// odds returns the answers by the part that is odd.
func odds() []odd {
	var out []odd
	for _, of := range [][]odd{oddStarts(), oddLengths(), oddTransferCodings(), oddChunks(), oddFields(), oddStatuses(), oddEnds(), oddCodings()} {
		out = append(out, of...)
	}
	return out
}

func oddStarts() []odd { // M1
	return []odd{
		{name: "an SSH banner", raw: "SSH-2.0-OpenSSH_9.2\r\n", want: asRefused, text: `not HTTP: "SSH-2.0-OpenSSH_9.2`},
		{name: "a body of HTTP/0.9", raw: "<html>\x1b[2Jhello</html>", want: asRefused, text: `not HTTP: "<html>`},
		{name: "a shout", raw: "ICY 200 OK\r\n\r\n", want: asRefused, text: "not HTTP"},
		{name: "small letters", raw: "http/1.1 200 OK\r\n" + two, want: asRefused, text: "not HTTP"},
		{name: "an empty line first", raw: "\r\n" + head200 + two, want: asRefused, text: "not HTTP"},
		{name: "NULs", raw: strings.Repeat("\x00", 100), want: asRefused, text: "not HTTP"},
		{name: "a TLS alert", raw: "\x15\x03\x01\x00\x02\x02\x46", want: asRefused, text: "speaks TLS"},
		{name: "a status of letters", raw: "HTTP/1.1 abc OK\r\n" + two, want: asRefused, text: "status line is malformed: "},
		{name: "a status of five digits", raw: "HTTP/1.1 99999 OK\r\n" + two, want: asRefused, text: "status line is malformed: "},
		{name: "a status of two digits", raw: "HTTP/1.1 20 OK\r\n" + two, want: asRefused, text: "status line is malformed: "},
		{name: "a status below 100", raw: "HTTP/1.1 099 OK\r\n" + two, want: asRefused, text: "status line is malformed: "},
		{name: "a negative status", raw: "HTTP/1.1 -200 OK\r\n" + two, want: asRefused, text: "status line is malformed: "},
		{name: "no blank before the status", raw: "HTTP/1.1200 OK\r\n" + two, want: asRefused, text: "status line is malformed: "},
		{name: "two blanks before the status", raw: "HTTP/1.1  200 OK\r\n" + two, want: asRefused, text: "status line is malformed: "},
		{name: "a version without a dot", raw: "HTTP/11 200 OK\r\n" + two, want: asRefused, text: "status line is malformed: "},
		{name: "nothing", want: asRefused, text: "closed the connection without an answer", cut: true, gone: true},
		{name: "two letters", raw: "HT", want: asRefused, text: `head is cut: "HT"`, cut: true, gone: true},
		{name: "half a status line", raw: "HTTP/1.1 200", want: asRefused, text: `head is cut: "HTTP/1.1 200"`, cut: true, gone: true},
		{name: "half a head", raw: head200 + "Content-Le", want: asRefused, text: "head is cut", cut: true, gone: true},
		{name: "a head without its end", raw: head200 + "Content-Length: 2\r\n", want: asRefused, text: "head is cut", cut: true, gone: true},
	}
}

func oddLengths() []odd { // M2
	bad := func(name, value string) odd {
		return odd{name: name, raw: head200 + "Content-Length: " + value + "\r\n\r\nok", want: asRefused, text: "Content-Length"}
	}
	return []odd{
		bad("two different lengths", "2\r\nContent-Length: 3"), bad("two different in a list", "2, 3"),
		bad("a negative length", "-1"), bad("a plus", "+2"), bad("a hexadecimal length", "0x2"), bad("a fraction", "2.0"),
		bad("no length", ""), bad("an empty place in a list", "2,"), bad("a length of 20 digits", "99999999999999999999"), bad("a length of 2^63", "9223372036854775808"),
		{name: "two equal lengths", raw: head200 + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", body: "ok", quiet: true},
		{name: "two equal in a list", raw: head200 + "Content-Length: 2, 2\r\n\r\nok", body: "ok", quiet: true},
		{name: "a length and chunks", raw: head200 + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", body: "ok", text: "both Content-Length and Transfer-Encoding", ends: true},
		{name: "chunks and a length", raw: head200 + "transfer-encoding: Chunked\r\nContent-Length: 2\r\n\r\n3\r\nok!\r\n0\r\n\r\n", body: "ok!", text: "both Content-Length and Transfer-Encoding", ends: true},
	}
}

func oddTransferCodings() []odd { // M3
	bad := func(name, value string) odd {
		return odd{name: name, raw: head200 + "Transfer-Encoding: " + value + "\r\n\r\n2\r\nok\r\n0\r\n\r\n", want: asRefused, text: "transfer coding"}
	}
	return []odd{
		bad("gzip and chunked", "gzip, chunked"), bad("chunked and gzip", "chunked, gzip"), bad("two fields", "chunked\r\nTransfer-Encoding: chunked"),
		bad("gzip in one field and chunked in another", "gzip\r\nTransfer-Encoding: chunked"), bad("chunked and then identity", "chunked\r\nTransfer-Encoding: identity"),
		bad("chunked twice", "chunked, chunked"), bad("identity", "identity"), bad("almost chunked", "xchunked"), bad("chunked in quotes", `"chunked"`), bad("an empty coding", ""),
	}
}

func oddChunks() []odd { // M4
	bad := func(name, line string) odd {
		return odd{name: name, raw: chunked + "5\r\nhello\r\n" + line + "\r\nworld\r\n0\r\n\r\n", want: asIncomplete, body: "hello", text: "malformed chunk size"}
	}
	return []odd{
		bad("a size of letters", "ZZ"), bad("a size of 17 digits", "00000000000000005"), bad("a size of 2^63", "8000000000000000"), bad("a negative size", "-5"), bad("a size with a plus", "+5"),
		bad("a size with 0x", "0x5"), bad("a size with an underscore", "0_5"), bad("no size", ""), bad("no size but an extension", ";a=b"), bad("a blank before the size", " 5"),
		{name: "lines that end in LF alone", raw: chunked + "5\nhello\n0\n\n", want: asIncomplete, text: "without CR"},
		{name: "a chunk longer than its size", raw: chunked + "3\r\nhello\r\n0\r\n\r\n", want: asIncomplete, body: "hel", text: "longer than its size"},
		{name: "a chunk with LF alone behind it", raw: chunked + "5\r\nhello\n0\r\n\r\n", want: asIncomplete, body: "hello", text: "without CR"},
		{name: "an extension of 5 KiB", raw: chunked + "5\r\nhello\r\n5;" + strings.Repeat("x", 5<<10) + "\r\nworld\r\n0\r\n\r\n", want: asIncomplete, body: "hello", text: "more than 4 KiB"},
		{name: "an extension", raw: chunked + "5;a=\"b\"\r\nhello\r\n0;last\r\n\r\n", body: "hello", quiet: true},
		{name: "a cut chunk", raw: chunked + "5\r\nhel", want: asIncomplete, body: "hel", text: "closed the connection", cut: true},
		{name: "a cut line end", raw: chunked + "5\r\nhello", want: asIncomplete, body: "hello", text: "closed the connection", cut: true},
		{name: "no last chunk", raw: chunked + "5\r\nhello\r\n", want: asIncomplete, body: "hello", text: "closed the connection", cut: true},
		{name: "a cut last chunk", raw: chunked + "5\r\nhello\r\n0\r\n", want: asIncomplete, body: "hello", text: "closed the connection", cut: true},
		{name: "a cut trailer", raw: chunked + "5\r\nhello\r\n0\r\nX-Sum: 1", want: asIncomplete, body: "hello", text: "closed the connection", cut: true},
		{name: "a trailer without a colon", raw: chunked + "5\r\nhello\r\n0\r\nbroken\r\n\r\n", want: asIncomplete, body: "hello", text: "in the trailer"},
		{name: "a control character in the trailer", raw: chunked + "5\r\nhello\r\n0\r\nX-Sum: \x1b[2J\r\n\r\n", want: asIncomplete, body: "hello", text: "X-Sum"},
		{name: "a body shorter than its length", raw: head200 + "Content-Length: 10\r\n\r\nabc", want: asIncomplete, body: "abc", text: "3 of 10 bytes", cut: true},
		{name: "a body that never begins", raw: head200 + "Content-Length: 10\r\n\r\n", want: asIncomplete, text: "0 of 10 bytes", cut: true},
	}
}

func oddFields() []odd { // M5, M6, M7
	bad := func(name, line, text string) odd {
		return odd{name: name, raw: head200 + "X-Good: 1\r\n" + line + "\r\n" + two, want: asRefused, text: text}
	}
	good := func(name, line string, f Field, warning string) odd {
		return odd{name: name, raw: head200 + line + "\r\n" + two, body: "ok", field: f, text: warning, quiet: warning == ""}
	}
	return []odd{
		bad("no colon", "Broken", `without a colon, "Broken"`), bad("no name", ": x", "without a name"), bad("NUL in a value", "X-Nul: a\x00b", "X-Nul"),
		bad("ESC in a value", "X-Esc: \x1b]0;t\a", "X-Esc"), bad("DEL in a value", "X-Del: a\x7f", "X-Del"), bad("a CR alone", "X-Cr: a\rSet-Cookie: b=c", "X-Cr"),
		bad("a blank in a name", "X Bad: 1", "X Bad"), bad("ESC in a name", "X-\x1b[2J: 1", "may not be in a header name"), bad("a name that is not ASCII", "X-\u00e4: 1", "may not be in a header name"),
		bad("ESC in a folded line", "X-Fold: a\r\n \x1bc", "X-Fold"),
		{name: "a folded line first", raw: head200 + " X-Fold: 1\r\n" + two, want: asRefused, text: "starts with a blank"},
		good("Latin-1", "X-Name: caf\xe9", Field{Name: "X-Name", Value: "caf\xe9"}, ""),
		good("C1 and bidi characters", "X-Name: \u009b31m\u202eabc", Field{Name: "X-Name", Value: "\u009b31m\u202eabc"}, ""),
		good("no valid UTF-8", "X-Name: \xff\xfe\xc3\x28", Field{Name: "X-Name", Value: "\xff\xfe\xc3\x28"}, ""),
		good("a folded line", "X-Fold: a  \r\n \t b\r\n c", Field{Name: "X-Fold", Value: "a b c"}, "X-Fold is folded"),
		good("a blank before the colon", "X-Blank \t: v", Field{Name: "X-Blank", Value: "v"}, "blank before the colon of the header X-Blank"),
		good("an empty value", "X-Empty:", Field{Name: "X-Empty", Value: ""}, ""),
		good("case and repetition", "x-CaSe: 1\r\nX-CASE: 2", Field{Name: "x-CaSe", Value: "1"}, ""),
		{name: "lines that end in LF alone in the head", raw: "HTTP/1.1 200 OK\nX-A: b\nContent-Length: 2\n\nok", body: "ok", field: Field{Name: "X-A", Value: "b"}, quiet: true},
	}
}

func oddStatuses() []odd { // M6, M8, M10, M11
	ok := head200 + two
	return []odd{
		{name: "escapes in the reason", raw: "HTTP/1.1 200 \x1b[31mOK\x1b]0;t\a\r\n" + two, body: "ok", quiet: true},
		{name: "no reason", raw: "HTTP/1.1 200\r\n" + two, body: "ok", quiet: true},
		{name: "another version", raw: "HTTP/3.7 200 OK\r\n" + two, body: "ok", text: "HTTP/3.7"},
		{name: "100 first", raw: "HTTP/1.1 100 Continue\r\n\r\n" + ok, body: "ok", interim: 1, quiet: true},
		{name: "ten times 103 first", raw: strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 10) + ok, body: "ok", interim: 10, quiet: true},
		{name: "103 with a length", raw: "HTTP/1.1 103 Early Hints\r\nContent-Length: 99\r\n\r\n" + ok, body: "ok", interim: 1, quiet: true},
		{name: "a malformed 103", raw: "HTTP/1.1 103 Early Hints\r\nbroken\r\n\r\n" + ok, want: asRefused, text: "without a colon"},
		{name: "103 alone", raw: "HTTP/1.1 103 Early Hints\r\n\r\n", want: asRefused, text: "closed the connection without an answer", cut: true, gone: true},
		{name: "101 nobody asked for", raw: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x1b]0;t\a\x00", want: asRefused, text: "without being asked"},
		{name: "204 with a body", raw: "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", ends: true, quiet: true},
		{name: "304 with chunks", raw: "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", ends: true, quiet: true},
		{name: "204 with a length and no body", raw: "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", quiet: true},
		{name: "HTTP/1.0 until the end", raw: "HTTP/1.0 200 OK\r\n\r\nhello", body: "hello", cut: true, ends: true, quiet: true},
	}
}

func oddEnds() []odd { // M9, M13
	forged := "HTTP/1.1 200 OK\r\nSet-Cookie: forged=1\r\nContent-Length: 6\r\n\r\nforged"
	return []odd{
		{name: "bytes behind the body", raw: head200 + two + "EXTRA", body: "ok", ends: true, quiet: true},
		{name: "an answer behind the answer", raw: head200 + two + forged, body: "ok", ends: true, quiet: true},
		{name: "an answer behind the chunks", raw: chunked + "2\r\nok\r\n0\r\n\r\n" + forged, body: "ok", ends: true, quiet: true},
		{name: "a HEAD with a body", raw: head200 + "Content-Length: 6\r\n\r\n" + "hello!", method: "HEAD", ends: true, quiet: true},
		{name: "a HEAD with chunks", raw: chunked + "5\r\nhello\r\n0\r\n\r\n", method: "HEAD", ends: true, quiet: true},
		{name: "a HEAD that announces chunks", raw: chunked, method: "HEAD", quiet: true},
		{name: "a HEAD that announces a length", raw: head200 + "Content-Length: 1000000\r\n\r\n", method: "HEAD", quiet: true},
		{name: "a HEAD that announces gzip", raw: head200 + "Content-Encoding: gzip\r\nContent-Length: 100\r\n\r\n", method: "HEAD", quiet: true},
	}
}

func oddCodings() []odd { // M12
	zipped := gzipped("hello, world")
	badSum := zipped[:len(zipped)-8] + "\x00\x00\x00\x00" + zipped[len(zipped)-4:]
	coded := func(name, coding, body string) odd {
		return odd{name: name, raw: head200 + "Content-Encoding: " + coding + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(body, 1000), want: asIncomplete, text: "incomplete body"}
	}
	withPrefix := func(o odd, prefix string) odd { o.body = prefix; return o }
	fine := func(o odd, body string) odd { o.want, o.text, o.body, o.quiet = asAccepted, "", body, true; return o }
	return []odd{
		coded("gzip that is none", "gzip", "plain text, and not so short"), coded("deflate that is none", "deflate", "plain text, and not so short"),
		coded("brotli that is none", "br", "\xff\xff\xff\xffplain text"), coded("zstd that is none", "zstd", "plain text, and not so short"),
		withPrefix(coded("a bad checksum", "gzip", badSum), "hello, world"), withPrefix(coded("a cut checksum", "gzip", zipped[:len(zipped)-3]), "hello, world"),
		coded("a cut head of gzip", "gzip", zipped[:5]),
		fine(coded("an empty gzip body", "gzip", ""), ""), fine(coded("an empty brotli body", "br", ""), ""), fine(coded("an empty zstd body", "zstd", ""), ""),
		{name: "a gzip body of length 0", raw: head200 + "Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", quiet: true},
		{name: "a coding nobody knows", raw: head200 + "Content-Encoding: x\x80y\r\n" + two, body: "ok", text: "unknown content coding"},
	}
}
