package sessiontest

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	maxHead = 1 << 20 // bytes of a request head that are read
	maxBody = 1 << 20 // bytes of a request body that are kept
)

// A request is what came over a connection, as received.
type request struct {
	lines  []string // request line and header fields, without line breaks
	method string
	target string
	proto  string
	body   []byte // what stands for it in the log
}

// readHead reads the head of the next request. The error is io.EOF between
// requests; what came of an incomplete head is returned with other errors.
func readHead(r *bufio.Reader) (*request, error) {
	req := &request{}
	for size := 0; ; {
		line, err := r.ReadString('\n')
		if err == io.EOF && (line != "" || len(req.lines) > 0) {
			err = io.ErrUnexpectedEOF
		}
		if size += len(line); size > maxHead {
			err = errors.New("head too large")
		}
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if err != nil {
			if line != "" {
				req.lines = append(req.lines, line)
			}
			return req, err
		}
		if line == "" {
			if len(req.lines) == 0 {
				continue // a blank line may stand in front (RFC 9112, section 2.2)
			}
			break
		}
		req.lines = append(req.lines, line)
	}
	parts := strings.Split(req.lines[0], " ")
	if len(parts) != 3 || parts[0] == "" || !strings.HasPrefix(parts[2], "HTTP/1.") {
		return req, fmt.Errorf("no request line: %q", req.lines[0])
	}
	req.method, req.target, req.proto = parts[0], parts[1], parts[2]
	return req, nil
}

// field is the value of the first header field of a name, in any case.
func (r *request) field(name string) string { return fieldOf(r.lines[1:], name) }

// fieldOf is the value of the first of the header lines with a name.
func fieldOf(lines []string, name string) string {
	for _, line := range lines {
		n, v, ok := strings.Cut(line, ":")
		if ok && strings.EqualFold(n, name) {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// last reports whether the client wants the connection closed after.
func (r *request) last() bool {
	return r.proto == "HTTP/1.0" || strings.EqualFold(r.field("Connection"), "close")
}

// readBody reads the body that the head announces.
func (r *request) readBody(from *bufio.Reader) error {
	var kept bytes.Buffer
	hash := sha256.New()
	size := int64(0)
	keep := func(src io.Reader, n int64) error {
		got, err := io.CopyN(io.MultiWriter(hash, &limitedBuffer{&kept}), src, n)
		size += got
		return noEOF(err)
	}
	var err error
	if strings.EqualFold(r.field("Transfer-Encoding"), "chunked") {
		err = readChunks(from, keep)
	} else if length := r.field("Content-Length"); length != "" {
		var n int64
		if n, err = strconv.ParseInt(length, 10, 64); err == nil && n >= 0 {
			err = keep(from, n)
		} else {
			err = fmt.Errorf("no content length: %q", length)
		}
	}
	r.body = kept.Bytes()
	if size > maxBody {
		r.body = fmt.Appendf(nil, "[%d bytes, SHA-256 %x]", size, hash.Sum(nil))
	}
	return err
}

// readChunks gives the chunks of a body to keep and reads over their framing
// and the trailer section (RFC 9112, section 7.1).
func readChunks(from *bufio.Reader, keep func(io.Reader, int64) error) error {
	for {
		line, err := readLine(from)
		if err != nil {
			return err
		}
		text, _, _ := strings.Cut(line, ";")
		n, err := strconv.ParseInt(strings.TrimSpace(text), 16, 64)
		if err != nil || n < 0 {
			return fmt.Errorf("no chunk size: %q", line)
		}
		if n == 0 {
			break
		}
		if err := keep(from, n); err != nil {
			return err
		}
		if line, err = readLine(from); err != nil || line != "" {
			return fmt.Errorf("no line break after a chunk of %d bytes", n)
		}
	}
	for {
		if line, err := readLine(from); err != nil || line == "" {
			return err
		}
	}
}

// readLine reads a line without its line break.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), noEOF(err)
}

// noEOF makes the end of the input an unexpected one.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// A limitedBuffer takes everything and keeps the first maxBody bytes.
type limitedBuffer struct{ buf *bytes.Buffer }

// Write keeps what there is room for.
func (l *limitedBuffer) Write(p []byte) (int, error) {
	l.buf.Write(p[:min(len(p), maxBody-l.buf.Len())])
	return len(p), nil
}
