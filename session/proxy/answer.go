package proxy

import (
	"bytes"
	"io"
	"strings"
)

// maxHead is the most bytes that the heads of a proxy's answer may have, interim
// ones among them.
const maxHead = 64 << 10

// answer is the head of a proxy's answer to CONNECT.
type answer struct {
	status int    // 200 to 999
	reason string // as received
	fields [][2]string
	rest   []byte // what was read behind the head
}

// answerError says that what came is no head of an answer.
type answerError struct {
	cause string
	raw   []byte // what came
	err   error  // of the connection, nil if what came is at fault
}

// Error returns the cause in words.
func (e *answerError) Error() string { return e.cause }

// Unwrap returns the underlying error, nil if the answer itself is at fault.
func (e *answerError) Unwrap() error { return e.err }

// readAnswer reads the head of the final answer. Its error is an answerError,
// or the connection's own if not one byte came.
func readAnswer(r io.Reader) (*answer, error) {
	var b []byte // read, and not yet taken
	taken := 0
	for searched := 0; ; {
		if !mayBeHTTP(b) {
			return nil, &answerError{cause: "the answer is not HTTP", raw: b}
		}
		if end := headEnd(b, searched); end > 0 {
			a, err := parseAnswer(b[:end])
			if err != nil {
				return nil, err
			}
			b, taken, searched = b[end:], taken+end, 0
			if a.status >= 200 {
				a.rest = b
				return a, nil
			}
			continue // an interim answer (RFC 9110, section 15.2)
		}
		searched = len(b)
		if taken+len(b) > maxHead {
			return nil, &answerError{cause: "the answer's head is larger than 64 KiB", raw: b}
		}
		var part [2048]byte
		n, err := r.Read(part[:])
		b = append(b, part[:n]...)
		switch {
		case n > 0 || err == nil:
		case len(b) == 0 && taken == 0:
			return nil, err
		default:
			return nil, &answerError{cause: "the answer's head is cut", raw: b, err: err}
		}
	}
}

// mayBeHTTP says that b is, or is the beginning of, an answer. A server that
// speaks something else and then waits is told from a slow one by it.
func mayBeHTTP(b []byte) bool {
	const start = "HTTP/1."
	n := min(len(b), len(start))
	return string(b[:n]) == start[:n]
}

// headEnd returns the length of the head at the start of b with its empty line,
// or 0 if it is not whole. The first searched bytes are known to hold no end.
func headEnd(b []byte, searched int) int {
	for i := max(searched-2, 0); ; i++ {
		n := bytes.IndexByte(b[i:], '\n')
		if n < 0 {
			return 0
		}
		i += n
		switch rest := b[i+1:]; {
		case bytes.HasPrefix(rest, []byte("\n")):
			return i + 2
		case bytes.HasPrefix(rest, []byte("\r\n")):
			return i + 3
		}
	}
}

// parseAnswer reads a head (RFC 9112, section 4 and 5).
func parseAnswer(head []byte) (*answer, error) {
	bad := func(cause string) error { return &answerError{cause: cause, raw: head} }
	line, text := cutLine(string(head))
	a := &answer{}
	if !a.parseStatus(line) {
		return nil, bad("the answer's status line is malformed")
	}
	for {
		line, text = cutLine(text)
		if line == "" {
			break
		}
		if last := len(a.fields) - 1; last >= 0 && (line[0] == ' ' || line[0] == '\t') {
			a.fields[last][1] += " " + strings.TrimSpace(line) // obs-fold
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || !isToken(name) {
			return nil, bad("a header field of the answer is malformed")
		}
		a.fields = append(a.fields, [2]string{name, strings.TrimSpace(value)})
	}
	if a.status == 101 {
		return nil, bad("the proxy switched protocols without being asked to")
	}
	return a, nil
}

func (a *answer) parseStatus(line string) bool {
	digit := func(i int) bool { return '0' <= line[i] && line[i] <= '9' }
	if len(line) < len("HTTP/1.1 200") || !mayBeHTTP([]byte(line)) || !digit(7) || line[8] != ' ' ||
		!digit(9) || !digit(10) || !digit(11) || line[9] == '0' || len(line) > 12 && line[12] != ' ' {
		return false
	}
	a.status = int(line[9]-'0')*100 + int(line[10]-'0')*10 + int(line[11]-'0')
	a.reason = strings.TrimSpace(line[12:])
	return true
}

func cutLine(text string) (line, rest string) {
	line, rest, _ = strings.Cut(text, "\n")
	return strings.TrimSuffix(line, "\r"), rest
}

// isToken says that a text is a token (RFC 9110, section 5.6.2).
func isToken(s string) bool {
	for _, c := range []byte(s) {
		alphanumeric := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
		if !alphanumeric && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}

// field returns the value of the first field of a name, "" if there is none.
func (a *answer) field(name string) string {
	for _, f := range a.fields {
		if strings.EqualFold(f[0], name) {
			return f[1]
		}
	}
	return ""
}

// challenges returns the schemes of the logins a proxy would take.
func (a *answer) challenges() []string {
	var schemes []string
	for _, f := range a.fields {
		if !strings.EqualFold(f[0], "Proxy-Authenticate") {
			continue
		}
		// A comma stands between challenges and between the parameters of one:
		// what has no equals sign in its first word is a scheme.
		for part := range strings.SplitSeq(f[1], ",") {
			words := strings.Fields(part)
			if len(words) > 0 && isToken(words[0]) {
				schemes = append(schemes, words[0])
			}
		}
	}
	return schemes
}

func contains(list []string, word string) bool {
	for _, s := range list {
		if strings.EqualFold(s, word) {
			return true
		}
	}
	return false
}
