package http1

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// A Head is the head of an answer as it was received.
type Head struct {
	Proto  string // "HTTP/1.1"
	Status int    // 200 to 999
	Reason string // as received, may hold any byte but a line end; "" if there was none
	Header []Field

	Raw           []byte   // the head's bytes with its empty line
	Informational [][]byte // the bytes of the interim (1xx) heads before it
	Warnings      []string // what was odd but accepted; control characters as received
}

// A HeadError says that what came is no head this client understands.
type HeadError struct {
	Cause string
	Raw   []byte // what came, little more than the limit of a head
	Err   error  // of the connection, nil if what came is at fault
}

// Error says the cause, and quotes the first bytes of what came.
func (e *HeadError) Error() string {
	if len(e.Raw) == 0 {
		return e.Cause
	}
	return e.Cause + ": " + Clip(e.Raw)
}

// Unwrap returns the connection's error, if the head ended early.
func (e *HeadError) Unwrap() error { return e.Err }

// ReadHead reads interim heads and the final head of the answer to a request
// with that method, and makes [Conn.Body] ready. Its error is a HeadError, or
// the connection's own if not one byte came.
func (c *Conn) ReadHead(method string) (*Head, error) {
	var interim [][]byte
	var odd []string
	for {
		raw, err := c.readRaw()
		if err != nil {
			return nil, err
		}
		h := &Head{Raw: raw, Informational: interim, Warnings: odd}
		if err := h.parse(); err != nil {
			return nil, err
		}
		if h.Status == 101 {
			return nil, &HeadError{Cause: "switched protocols without being asked to", Raw: raw}
		}
		if h.Status < 200 {
			interim, odd = append(interim, raw), h.Warnings
			continue
		}
		if err := c.frame(method, h); err != nil {
			return nil, err
		}
		return h, nil
	}
}

// readRaw reads one head with its empty line.
func (c *Conn) readRaw() ([]byte, error) {
	if err := c.expectProto(); err != nil {
		return nil, err
	}
	buffered, _ := c.br.Peek(c.br.Buffered())
	if end, lines := headEnd(buffered); end > 0 {
		raw := bytes.Clone(buffered[:end])
		c.br.Discard(end)
		return raw, c.count(end, lines, raw)
	}
	c.raw = c.raw[:0]
	atStart := true // of a line
	for {
		part, err := c.br.ReadSlice('\n')
		c.raw = append(c.raw, part...)
		whole := err == nil
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, &HeadError{Cause: "the answer's head is cut", Raw: bytes.Clone(c.raw), Err: unexpected(err)}
		}
		lines := 0
		if whole {
			lines = 1
		}
		if err := c.count(len(part), lines, c.raw); err != nil {
			return nil, err
		}
		if whole && atStart && (len(part) == 1 || len(part) == 2 && part[0] == '\r') {
			raw := bytes.Clone(c.raw)
			if cap(c.raw) > readBuffer*4 {
				c.raw = nil
			}
			return raw, nil
		}
		atStart = whole
	}
}

// expectProto looks at what comes first, so that a server that speaks
// something else, and then waits, is told from a slow one.
func (c *Conn) expectProto() error {
	const start = "HTTP/"
	for n := 1; ; n = min(c.br.Buffered()+1, len(start)) {
		_, err := c.br.Peek(n)
		b, _ := c.br.Peek(c.br.Buffered())
		if k := min(len(b), len(start)); string(b[:k]) != start[:k] {
			return &HeadError{Cause: "the answer is not HTTP", Raw: bytes.Clone(b)}
		}
		if err != nil {
			if len(b) == 0 {
				return err
			}
			return &HeadError{Cause: "the answer's head is cut", Raw: bytes.Clone(b), Err: unexpected(err)}
		}
		if len(b) >= len(start) {
			return nil
		}
	}
}

// count adds to the size of the answer's heads and checks the limits.
func (c *Conn) count(size, lines int, raw []byte) error {
	c.head += size
	c.lines += lines
	if cause := c.limits.Exceeded(c.head, c.lines); cause != "" {
		return &HeadError{Cause: cause, Raw: bytes.Clone(raw)}
	}
	return nil
}

// headEnd returns the length of the head at the start of b and its number of
// lines, or 0 if it is not whole.
func headEnd(b []byte) (end, lines int) {
	for {
		i := bytes.IndexByte(b[end:], '\n')
		if i < 0 {
			return 0, 0
		}
		lines++
		blank := i == 0 || i == 1 && b[end] == '\r'
		end += i + 1
		if blank {
			return end, lines
		}
	}
}

// parse reads h.Raw.
func (h *Head) parse() error {
	text := string(h.Raw) // all names and values share these bytes
	line, text := cutLine(text)
	if err := h.parseStatus(line); err != nil {
		return err
	}
	h.Header = make([]Field, 0, max(strings.Count(text, "\n")-1, 0))
	for {
		line, text = cutLine(text)
		if line == "" {
			return nil
		}
		if err := h.parseField(line); err != nil {
			return err
		}
	}
}

func cutLine(text string) (line, rest string) {
	line, rest, _ = strings.Cut(text, "\n")
	return strings.TrimSuffix(line, "\r"), rest
}

// parseStatus reads a status line (RFC 9112, section 4).
func (h *Head) parseStatus(line string) error {
	digit := func(i int) bool { return '0' <= line[i] && line[i] <= '9' }
	if len(line) < len("HTTP/1.1 200") || !digit(5) || line[6] != '.' || !digit(7) || line[8] != ' ' ||
		!digit(9) || !digit(10) || !digit(11) || line[9] == '0' || len(line) > 12 && line[12] != ' ' {
		return &HeadError{Cause: "the answer's status line is malformed", Raw: h.Raw}
	}
	h.Proto = line[:8]
	h.Status = int(line[9]-'0')*100 + int(line[10]-'0')*10 + int(line[11]-'0')
	if len(line) > 13 {
		h.Reason = line[13:]
	}
	if h.Proto != "HTTP/1.1" && h.Proto != "HTTP/1.0" {
		h.warn("the answer calls itself " + h.Proto + "; read as HTTP/1.1")
	}
	return nil
}

// parseField reads one line of a head, or a continuation of the line before.
func (h *Head) parseField(line string) error {
	if line[0] == ' ' || line[0] == '\t' {
		return h.fold(line)
	}
	f, odd, cause := parseField(line)
	if cause != "" {
		return &HeadError{Cause: cause, Raw: h.Raw}
	}
	if odd != "" {
		h.warn(odd)
	}
	h.Header = append(h.Header, f)
	return nil
}

// warn keeps the first warnings; a head can give cause for thousands.
func (h *Head) warn(text string) {
	if len(h.Warnings) < 10 {
		h.Warnings = append(h.Warnings, text)
	}
}

func (h *Head) fold(line string) error {
	line = trimBlanks(line)
	if len(h.Header) == 0 {
		return &HeadError{Cause: "the answer's first header line starts with a blank", Raw: h.Raw}
	}
	last := &h.Header[len(h.Header)-1]
	if badValue(last.Name, line) {
		return &HeadError{Cause: "a control character in the value of " + Clip(last.Name), Raw: h.Raw}
	}
	switch {
	case line == "":
	case last.Value == "":
		last.Value = line
	default:
		last.Value += " " + line
	}
	h.warn("the header " + last.Name + " is folded over several lines")
	return nil
}

// parseField reads a field line (RFC 9112, section 5). cause is "" if the line
// is a field, odd if it is a proper one.
func parseField(line string) (f Field, odd, cause string) {
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return f, "", "a header line without a colon, " + Clip(line)
	}
	if trimmed := strings.TrimRight(name, " \t"); trimmed != name {
		name, odd = trimmed, "a blank before the colon of the header "+trimmed
	}
	if name == "" {
		return f, "", "a header line without a name, " + Clip(line)
	}
	for i := range len(name) {
		if !IsTokenByte(name[i]) {
			return f, "", "a character that may not be in a header name, " + Clip(name)
		}
	}
	value = trimBlanks(value)
	if badValue(name, value) {
		return f, "", "a control character in the value of " + Clip(name)
	}
	return Field{name, value}, odd, ""
}

func trimBlanks(s string) string { return strings.Trim(s, " \t") }

// badValue says that a received value has a control character, which could
// only be there to deceive somebody. A cookie with one is no reason to refuse the
// answer: whoever keeps cookies drops it (RFC 6265bis, section 5.6).
func badValue(name, value string) bool {
	if strings.EqualFold(name, "Set-Cookie") {
		return strings.IndexByte(value, 0) >= 0
	}
	for i := range len(value) {
		if c := value[i]; c < ' ' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}

// unexpected makes a clean end of the connection the end of something unfinished.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
