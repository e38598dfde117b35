package render

import (
	"bytes"
	"io"
	"math"
	"strconv"
	"time"

	"sonde/repl/text"
)

// A Live is one line that is drawn again and again in its place, as a countdown
// or how far a transfer is. Where lines cannot be drawn over, as in a pipe, the
// first one is written and no other. End it before anything else is written. It is
// for one goroutine.
type Live struct {
	w       io.Writer
	rewrite bool
	style   *Style
	last    []byte // what stands on the line; nil: nothing was written
}

// NewLive returns a Live that writes to w. Rewrite says that w is a terminal that
// knows carriage return and EL, erase in line (ECMA-48 section 8.3.41).
func NewLive(w io.Writer, rewrite bool, st *Style) *Live {
	return &Live{w: w, rewrite: rewrite, style: st}
}

// Show draws s, cut to the width of the screen, in place of what it drew before.
// Where nothing is drawn over nothing is cut.
func (v *Live) Show(s string) error {
	l := newLine(v.style)
	l.add(l.paint.dim, text.Cut(text.Clean(s), v.room()))
	return v.draw(l)
}

// room returns how many cells the line may take.
func (v *Live) room() int {
	if !v.rewrite {
		return math.MaxInt32
	}
	return v.style.room()
}

// room returns how many cells a line may take that is drawn over: the last column
// is left out, because a cursor beyond it goes to the next row or erases the last
// character, terminals differ.
func (s *Style) room() int {
	if s.Width <= 0 {
		return 79
	}
	return max(s.Width-1, 1)
}

// draw writes the line if it is another one than before.
func (v *Live) draw(l *line) error {
	first := v.last == nil
	if bytes.Equal(v.last, l.buf) && !first || !v.rewrite && !first {
		return nil
	}
	v.last = bytes.Clone(l.buf)
	if !v.rewrite {
		return l.end(v.w)
	}
	out := append([]byte{'\r'}, l.buf...)
	_, err := v.w.Write(append(out, "\x1b[K"...))
	return err
}

// End leaves the last line standing and goes to the next one. A line shown
// afterwards is a new one. Where nothing was shown it does nothing.
func (v *Live) End() error {
	shown := v.last != nil
	v.last = nil
	if !shown || !v.rewrite {
		return nil
	}
	_, err := io.WriteString(v.w, "\n")
	return err
}

// A Retry is why a request waits before it is sent again.
type Retry struct {
	Code   int           // status code of the answer; 0: none came
	Reason string        // reason phrase, or the cause where no answer came
	Next   int           // the attempt to come, from 2 on; 0: not known
	Of     int           // how many there may be; 0: not known
	Pause  time.Duration // the whole wait; what the line says when it is over
}

// Countdown draws how long is left until r's next attempt:
//
//	502 Bad Gateway · again in 1.2 s (2 of 4)
//
// Call it every tenth of a second for the figure not to jump; it writes only when
// the line changes. With nothing left the line says how long the wait was, as that
// is how it stays on the screen.
func (v *Live) Countdown(r Retry, left time.Duration) error {
	l := newLine(v.style)
	length := Seconds
	if max(r.Pause, left) < 50*time.Millisecond { // which would be 0.0 s
		length = Duration
	}
	rest := " · again in " + length(left)
	if left <= 0 {
		rest = " · again after " + length(r.Pause)
	}
	if r.Next > 0 {
		rest += " (" + strconv.Itoa(r.Next)
		if r.Of > 0 {
			rest += " of " + strconv.Itoa(r.Of)
		}
		rest += ")"
	}
	rest = text.Cut(rest, v.room())
	room := v.room() - text.Width(rest)
	reason := text.Clean(r.Reason)
	if r.Code == 0 {
		l.add(l.paint.bad, text.Cut(reason, room))
	} else if code := len("502 "); room >= code {
		l.status(r.Code, text.Cut(reason, room-code))
	}
	l.add(l.paint.dim, rest)
	return v.draw(l)
}
