package render

import (
	"io"
	"strconv"
	"strings"
	"time"
)

// A StatusLine is what one line says about an answer. Parts that are zero are left
// out.
type StatusLine struct {
	Number     int           // of the exchange, from 1; 0: none
	Proto      string        // as received, "HTTP/1.1"
	Code       int           // status code, RFC 9110 section 15
	Reason     string        // as received; may be empty
	Size       int64         // body bytes; -1: not known
	Elapsed    time.Duration // from sending to the end of the body
	FirstByte  bool          // Elapsed ends at the first byte: the body is still coming
	Attempts   int           // requests sent for this answer; shown from 2 on
	Incomplete bool          // the body ended too early
	New        bool          // a connection was opened for it
	DNS        time.Duration // of the new connection
	TCP        time.Duration
	TLS        time.Duration
	Saved      time.Duration // handshake time that reusing the connection saved
	Source     string        // where the answer is from if not from a connection, "recording"; empty: a connection
}

// Status writes the line above an answer:
//
//	[2] HTTP/1.1 200 OK · 311 B · 1 ms · same connection (47 ms saved)
//
// The status has the colour of its class, the rest is dim. Where lines are broken
// to fit, the costs of the connection are left out first.
func Status(w io.Writer, s StatusLine, st *Style) error {
	l := newLine(st)
	l.number(s.Number)
	if s.Proto != "" {
		l.outside(l.paint.dim, s.Proto+" ")
	}
	l.status(s.Code, s.Reason)
	head := len(l.buf)
	l.facts(s, s.connection())
	if l.Wrap && len(l.buf) > l.Width && drawnWidth(l.buf) > l.Width {
		l.buf = l.buf[:head]
		l.facts(s, s.reuse())
		l.wrap()
	}
	return l.end(w)
}

// Summary writes the line about an answer whose body went elsewhere, as to stderr
// beside a pipe:
//
//	[1] GET /users 200 OK · 1.2 kB · 84 ms · new connection
func Summary(w io.Writer, method, target string, s StatusLine, st *Style) error {
	l := newLine(st)
	l.number(s.Number)
	l.outside(nil, method+" "+target+" ")
	l.status(s.Code, s.Reason)
	l.facts(s, s.reuse())
	return l.end(w)
}

// StatusText returns code and reason in the colour of the class, for use inside
// other lines.
func StatusText(code int, reason string, st *Style) string {
	l := newLine(st)
	l.status(code, reason)
	return string(l.buf)
}

func (l *line) number(n int) {
	if n > 0 {
		l.add(l.paint.dim, "["+strconv.Itoa(n)+"] ")
	}
}

func (l *line) status(code int, reason string) {
	attr := l.paint.dim
	switch {
	case code >= 400:
		attr = l.paint.bad
	case code >= 300:
		attr = l.paint.warn
	case code >= 200:
		attr = l.paint.good
	}
	s := strconv.Itoa(code)
	if reason != "" {
		s += " " + reason
	}
	l.outside(attr, s)
}

// facts appends size, time and connection, each after a dot.
func (l *line) facts(s StatusLine, connection string) {
	var b strings.Builder
	if s.Size >= 0 {
		b.WriteString(" · " + Size(s.Size))
	}
	if s.Elapsed > 0 {
		b.WriteString(" · " + Duration(s.Elapsed))
		if s.FirstByte {
			b.WriteString(" to the first byte")
		}
		if s.Attempts > 1 {
			b.WriteString(" in " + strconv.Itoa(s.Attempts) + " attempts")
		}
	}
	l.add(l.paint.dim, b.String())
	if s.Incomplete {
		l.add(l.paint.dim, " · ")
		l.add(l.paint.bad, "incomplete")
	}
	l.outside(l.paint.dim, " · "+connection)
}

func (s StatusLine) reuse() string {
	switch {
	case s.Source != "":
		return s.Source
	case s.New:
		return "new connection"
	}
	return "same connection"
}

// connection is reuse with what the connection cost or saved.
func (s StatusLine) connection() string {
	if s.Source != "" {
		return s.Source
	}
	if !s.New {
		if s.Saved <= 0 {
			return s.reuse()
		}
		return s.reuse() + " (" + Duration(s.Saved) + " saved)"
	}
	var costs []string
	for _, c := range [3]struct {
		name string
		d    time.Duration
	}{{"DNS", s.DNS}, {"TCP", s.TCP}, {"TLS", s.TLS}} {
		if c.d > 0 {
			costs = append(costs, c.name+" "+Duration(c.d))
		}
	}
	if len(costs) == 0 {
		return s.reuse()
	}
	return s.reuse() + " (" + strings.Join(costs, ", ") + ")"
}
