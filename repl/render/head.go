package render

import (
	"io"
	"strconv"
	"strings"
)

// A Field is one header field line, name and value as received or sent
// (RFC 9110 section 5).
type Field struct{ Name, Value string }

// Headers writes one line per field, in order, the names in the accent colour.
// Without fields it writes nothing.
func Headers(w io.Writer, fields []Field, st *Style) error {
	if len(fields) == 0 {
		return nil
	}
	l := newLine(st)
	l.fields(fields)
	_, err := w.Write(l.buf)
	return err
}

// A RequestHead is the head of a request as it was sent.
type RequestHead struct {
	Method, Target, Proto string // the request line, RFC 9112 section 3
	Fields                []Field
}

// Request writes the request line and the fields of h; no empty line follows.
func Request(w io.Writer, h RequestHead, st *Style) error {
	l := newLine(st)
	l.outside(l.paint.good, h.Method)
	l.outside(nil, " "+h.Target)
	if h.Proto != "" {
		l.outside(l.paint.dim, " "+h.Proto)
	}
	l.buf = append(l.buf, '\n')
	l.fields(h.Fields)
	_, err := w.Write(l.buf)
	return err
}

// A ResponseHead is the head of an answer as it was received.
type ResponseHead struct {
	Proto  string
	Code   int
	Reason string
	Fields []Field
}

// Response writes the status line as it stood on the wire (RFC 9112 section 4) and
// the fields of h; no empty line follows.
func Response(w io.Writer, h ResponseHead, st *Style) error {
	l := newLine(st)
	l.outside(l.paint.dim, h.Proto+" ")
	switch {
	case h.Reason != "":
		l.status(h.Code, h.Reason)
	case strings.HasPrefix(h.Proto, "HTTP/2"): // which has no status line, and no reason
		l.status(h.Code, "")
	default: // the blank after the code is part of the line, RFC 9112 section 4
		l.outside(nil, strconv.Itoa(h.Code)+" ")
	}
	l.buf = append(l.buf, '\n')
	l.fields(h.Fields)
	_, err := w.Write(l.buf)
	return err
}

// fields appends the lines of fields.
func (l *line) fields(fields []Field) {
	for _, f := range fields {
		l.outside(l.paint.accent, f.Name)
		l.buf = append(l.buf, ": "...)
		l.value(f.Value)
		l.buf = append(l.buf, '\n')
	}
}

// value appends text from outside with its escapes shaded.
func (l *line) value(s string) {
	if l.Screen {
		l.buf = l.cleaner(false).Append(l.buf, []byte(s))
		return
	}
	l.buf = append(l.buf, s...)
}
