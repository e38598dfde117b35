package repl

import (
	"bufio"
	"context"
	"io"
)

// output is where data goes. It puts a newline between the outputs of two lines
// where the first does not end in one, and none after the last: what a single
// line gives is what the server gave, to the byte.
type output struct {
	w     *bufio.Writer
	last  byte            // last byte written, 0 before the first
	fresh bool            // a new line has begun, and nothing of its output was written
	ctx   context.Context // ends what is being drawn; nil: nothing does
}

func newOutput(w io.Writer) *output { return &output{w: bufio.NewWriterSize(w, 64<<10)} }

// begin says that what comes is another line's output.
func (o *output) begin() { o.fresh = true }

// until makes the end of ctx end what is drawn from now on.
func (o *output) until(ctx context.Context) { o.ctx = ctx }

// separate writes the newline between two outputs if it is missing.
func (o *output) separate() {
	if o.fresh && o.last != 0 && o.last != '\n' {
		o.w.WriteByte('\n')
		o.last = '\n'
	}
	o.fresh = false
}

// Write writes data. Errors stay until Flush.
func (o *output) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	o.separate()
	total := len(p)
	for len(p) > 0 {
		if o.ctx != nil && o.ctx.Err() != nil {
			return total - len(p), o.ctx.Err()
		}
		n := min(len(p), early)
		if _, err := o.w.Write(p[:n]); err != nil {
			return total - len(p), err
		}
		o.last, p = p[n-1], p[n:]
	}
	return total, nil
}

// WriteString is Write for a string.
func (o *output) WriteString(s string) (int, error) { return o.Write([]byte(s)) }

// Flush writes what is buffered.
func (o *output) Flush() error { return o.w.Flush() }
