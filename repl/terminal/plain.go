package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"sonde/repl/text"
)

// A PlainReader reads lines from a terminal that cannot be drawn on, or from
// anything else. The terminal itself does what editing there is; nothing but
// the prompt is written. It is for one goroutine.
type PlainReader struct {
	// Incomplete and Continuation are as in Config.
	Incomplete   func(text string) bool
	Continuation string

	in  *os.File
	out io.Writer
	src *input
	buf []byte // read and not yet returned
}

// NewPlainReader returns a PlainReader that reads from in and writes prompts
// to out.
func NewPlainReader(in *os.File, out io.Writer) *PlainReader {
	return &PlainReader{in: in, out: out}
}

// ReadLine writes the prompt, without its SGR escapes, and returns the next
// line without its line end. The error is ErrInterrupt if the process got an
// interrupt meanwhile, and io.EOF at the end; a last line that has no line end
// is returned first.
func (r *PlainReader) ReadLine(prompt string) (string, error) {
	line, err := r.line(prompt)
	for err == nil && r.Incomplete != nil && r.Incomplete(line) {
		var more string
		more, err = r.line(r.Continuation)
		if err == nil {
			line += "\n" + more
		}
	}
	if errors.Is(err, io.EOF) && line != "" {
		return line, nil
	}
	if err != nil {
		return "", err
	}
	return line, nil
}

// ReadSecret is ReadLine without echo, if input is a terminal and the line was
// not already typed.
func (r *PlainReader) ReadSecret(prompt string) (string, error) {
	if len(r.buf) > 0 || !term.IsTerminal(int(r.in.Fd())) {
		return r.line(prompt)
	}
	return readHidden(r.in, r.out, prompt)
}

// line writes a prompt and reads one line.
func (r *PlainReader) line(prompt string) (string, error) {
	if r.src == nil {
		src, err := newInput(r.in)
		if err != nil {
			return "", fmt.Errorf("read prompt: %w", err)
		}
		r.src = src
	}
	// before the prompt: who sees it may press Ctrl-C at once
	stop := onSignal([]os.Signal{os.Interrupt}, r.src.interrupt)
	defer stop()
	if _, err := io.WriteString(r.out, plainPrompt(prompt)); err != nil {
		return "", fmt.Errorf("read prompt: %w", err)
	}
	var chunk [4096]byte
	for {
		if i := bytes.IndexByte(r.buf, '\n'); i >= 0 {
			return r.take(i, i+1), nil
		}
		n, err := r.src.read(chunk[:], -1)
		r.buf = append(r.buf, chunk[:n]...)
		switch {
		case err == nil:
		case errors.Is(err, ErrInterrupt): // the terminal dropped the line, too
			r.buf = nil
			_, _ = io.WriteString(r.out, "\n")
			return "", ErrInterrupt
		case len(r.buf) > 0:
			return r.take(len(r.buf), len(r.buf)), nil
		default:
			return "", err
		}
	}
}

// take returns the first n buffered bytes as a line and drops the bytes up to
// end.
func (r *PlainReader) take(n, end int) string {
	line := string(bytes.TrimSuffix(r.buf[:n], []byte("\r")))
	r.buf = r.buf[end:]
	return strings.ToValidUTF8(line, "\uFFFD")
}

// Close frees what reading took. The files stay open.
func (r *PlainReader) Close() error {
	if r.src != nil {
		r.src.close()
		r.src.release()
		r.src = nil
	}
	return nil
}

// plainPrompt returns a prompt without its SGR escapes and with other control
// characters drawn as escapes.
func plainPrompt(s string) string {
	var b strings.Builder
	for s != "" {
		if n := sgrLen(s); n > 0 {
			s = s[n:]
			continue
		}
		n := next(s, 0)
		if s[:n] == "\n" {
			b.WriteByte('\n')
		} else {
			b.WriteString(text.Clean(s[:n]))
		}
		s = s[n:]
	}
	return b.String()
}
