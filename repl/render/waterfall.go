package render

import (
	"io"
	"strconv"
	"time"

	"sonde/repl/text"
)

// A WaterfallRow is one of the requests that were sent for an answer: an attempt,
// a redirect or the last one.
type WaterfallRow struct {
	Request string        // method and target, "GET /flaky"
	Code    int           // status code; 0: no answer came
	Reason  string        // as received; may be empty
	New     bool          // a connection was opened for it
	Source  string        // where the answer is from if not from a connection; empty: a connection
	Pause   time.Duration // kept before it was sent, as between two attempts
	Parts   Parts
}

// Waterfall draws the requests of one exchange in order, each under a heading and
// each part of its time on a row of its own:
//
//	GET /user 200 OK · new connection
//	  TCP     12 ms  ▒▒▒▒▒▒
//	  TLS     31 ms        ▓▓▓▓▓▓▓▓▓▓▓▓▓▓
//	  wait    40 ms                      ░░░░░░░░░░░░░░░░░░
//	  total   83 ms  │0 ms     │20 ms    │40 ms
//
// All bars share one scale. Pauses are lines between the requests and not part of
// the scale: half a second of waiting would leave nothing to see of the rest.
// Without rows it writes nothing.
func Waterfall(w io.Writer, rows []WaterfallRow, st *Style) error {
	if len(rows) == 0 {
		return nil
	}
	var busy, pauses time.Duration
	for _, r := range rows {
		busy += r.Parts.Sum()
		pauses += max(r.Pause, 0)
	}
	f := newFall(rows, busy+pauses, st)
	f.span = busy
	at := time.Duration(0)
	for _, r := range rows {
		f.pause(r.Pause)
		f.heading(r)
		for k, d := range r.Parts.times() {
			if d > 0 {
				f.part(kind(k), at, d)
				at += d
			}
		}
	}
	f.total(busy, pauses)
	_, err := w.Write(f.buf)
	return err
}

// fall is a waterfall being drawn.
type fall struct {
	*line
	scale
	times int // columns of the longest duration
	bars  int // column of the first cell
}

// Columns before the durations: an indentation and the longest name of a part.
const (
	fallIndent = 2
	fallNames  = 5
)

func newFall(rows []WaterfallRow, total time.Duration, st *Style) *fall {
	f := &fall{line: newLine(st), times: text.Width(fine(total))}
	for _, r := range rows {
		for _, d := range r.Parts.times() {
			f.times = max(f.times, text.Width(fine(d)))
		}
	}
	f.bars = fallIndent + fallNames + gap + f.times + gap
	f.cells = max(f.picture()-f.bars, 1)
	return f
}

// heading appends what was asked, what came and on which connection.
func (f *fall) heading(r WaterfallRow) {
	conn := " · " + text.Clean(StatusLine{New: r.New, Source: r.Source}.reuse())
	conn = text.Cut(conn, f.picture()/2)
	reason := ""
	if f.picture() >= labelled {
		reason = text.Cut(text.Clean(r.Reason), f.picture()/4)
	}
	rest := len("no answer")
	if r.Code != 0 {
		rest = text.Width(strconv.Itoa(r.Code) + " " + reason)
	}
	room := f.picture() - rest - text.Width(conn) - 1
	f.add(nil, text.Cut(text.Clean(r.Request), max(room, 1))+" ")
	if r.Code == 0 {
		f.add(f.paint.bad, "no answer")
	} else {
		f.status(r.Code, reason)
	}
	f.add(f.paint.dim, conn)
	f.buf = append(f.buf, '\n')
}

// pause appends the line between two requests.
func (f *fall) pause(d time.Duration) {
	if d > 0 {
		f.add(f.paint.dim, "pause "+Duration(d))
		f.buf = append(f.buf, '\n')
	}
}

// label appends the two columns before the bars.
func (f *fall) label(attr []byte, name string, d time.Duration) {
	f.blanks(fallIndent)
	f.left(attr, name, fallNames+gap)
	f.right(attr, fine(d), f.times)
	f.blanks(gap)
}

// part appends the row of one part that began at from.
func (f *fall) part(k kind, from, d time.Duration) {
	name, cell := k.look()
	f.label(nil, name, d)
	first := min(f.at(from), f.cells-1)
	n := f.at(from+d) - f.at(from)
	f.blanks(first)
	if n == 0 {
		cell, n = sliver, 1
	}
	f.fill(f.tint(k), cell, n)
	f.buf = append(f.buf, '\n')
}

// total appends the sum beside the axis, if there is one.
func (f *fall) total(busy, pauses time.Duration) {
	if busy+pauses == 0 {
		return
	}
	f.label(f.paint.dim, "total", busy+pauses)
	f.axis(f.bars, f.scale)
	f.buf = append(f.buf, '\n')
	if pauses > 0 {
		f.flow([]chip{
			{f.paint.dim, Duration(pauses) + " of it pauses,"},
			{f.paint.dim, "not in the bars"}}, fallIndent, 1)
	}
}
