package render

import (
	"io"
	"slices"
	"strconv"
	"time"

	"sonde/repl/text"
)

// A PlotRow is one exchange of a plot.
type PlotRow struct {
	Number   int           // of the exchange
	Label    string        // method and target; cut, and left out on a narrow screen
	Parts    Parts         // of the last request
	Total    time.Duration // of the exchange; what it has over Parts was spent before the last request
	New      bool          // a connection was opened for it
	Attempts int           // requests sent for it; shown from 2 on
	Failed   bool          // no whole answer came
}

// length returns the time its bar stands for.
func (r PlotRow) length() time.Duration { return max(r.Total, r.Parts.Sum()) }

// times returns the parts and what was before them, indexed by kind. A tenth that
// no part accounts for is not yet an earlier request.
func (r PlotRow) times() [kinds]time.Duration {
	t := r.Parts.times()
	if rest := r.length() - r.Parts.Sum(); r.Attempts > 1 || rest > r.length()/10 {
		t[earlier] = rest
	}
	return t
}

// Plot draws a line for each exchange, its parts as a bar on a scale common to
// all, and below them the scale and what the cells mean:
//
//	1 GET /user   ████▒▒▒▒▒▒▓▓▓▓▓▓▓▓▓░░░░░░░░░  94 ms  new
//	2 GET /repos  ░░░░░░░░░░░░                  41 ms  same
//	              │0 ms     │50 ms
//	              DNS █  TCP ▒  TLS ▓  wait ░
//
// The scale is that of the longest bar, unless a few are ten times as long as all
// the others: those are cut where they are longest, and marked. Without rows it
// writes nothing.
func Plot(w io.Writer, rows []PlotRow, st *Style) error {
	if len(rows) == 0 {
		return nil
	}
	p := newPlot(rows, st)
	for _, r := range rows {
		p.row(r)
	}
	if p.span > 0 {
		p.blanks(p.bars)
		p.axis(p.bars, p.scale)
		p.buf = append(p.buf, '\n')
	}
	p.legend()
	_, err := w.Write(p.buf)
	return err
}

// plot is a plot being drawn.
type plot struct {
	*line
	scale
	numbers, labels, totals, tails int // widths of the columns
	bars                           int // column of the first cell

	drawn   [kinds]bool // what the legend has to explain
	slivers bool
	breaks  bool
	retries bool
}

// labelled is the narrowest picture that has room for labels and reason phrases.
const labelled = 60

// newPlot measures the columns and gives the bars what they leave.
func newPlot(rows []PlotRow, st *Style) *plot {
	p := &plot{line: newLine(st)}
	lengths := make([]time.Duration, len(rows))
	for i, r := range rows {
		lengths[i] = r.length()
		p.numbers = max(p.numbers, len(strconv.Itoa(r.Number)))
		p.labels = max(p.labels, text.Width(text.Clean(r.Label)))
		p.totals = max(p.totals, len(Duration(r.Total)))
		facts, failed := r.tail()
		p.tails = max(p.tails, text.Width(facts+failed))
		p.retries = p.retries || r.Attempts > 1
	}
	const least = 4 // cells of a bar
	p.tails = min(p.tails, p.picture()-p.numbers-1-least-gap-p.totals-gap)
	room := p.picture() - p.numbers - 1 - gap - p.totals - gap - p.tails
	p.bars = p.numbers + 1
	if p.labels = min(p.labels, room/3); p.picture() < labelled {
		p.labels = 0
	}
	if p.labels > 0 {
		p.bars += p.labels + gap
		room -= p.labels + gap
	}
	p.cells, p.span = room, span(lengths)
	return p
}

// span returns the longest of the times a plot shows whole. At most three in ten
// may be longer, and only if they are ten times as long.
func span(lengths []time.Duration) time.Duration {
	slices.Sort(lengths)
	n := len(lengths)
	longest := lengths[n-1]
	for cut := 1; cut <= n*3/10; cut++ {
		if d := lengths[n-1-cut]; d > 0 && longest/d >= 10 {
			longest = d
		}
	}
	return longest
}

// row appends the line of one exchange.
func (p *plot) row(r PlotRow) {
	p.right(p.paint.dim, strconv.Itoa(r.Number), p.numbers)
	p.blanks(1)
	if p.labels > 0 {
		p.left(nil, text.Cut(text.Clean(r.Label), p.labels), p.labels+gap)
	}
	p.bar(r.times())
	p.blanks(gap)
	p.right(nil, Duration(r.Total), p.totals)
	p.blanks(gap)
	facts, failed := r.tail()
	p.add(p.paint.dim, text.Cut(facts, p.tails-len(failed)))
	p.add(p.paint.bad, failed)
	p.buf = append(p.buf, '\n')
}

// tail returns what stands behind the total: the connection and how many requests
// it took, and what is drawn in red behind that.
func (r PlotRow) tail() (facts, failed string) {
	facts = "same"
	if r.New {
		facts = "new"
	}
	if r.Attempts > 1 {
		facts += " ×" + strconv.Itoa(r.Attempts)
	}
	if r.Failed {
		failed = " failed"
	}
	return facts, failed
}

// bar appends the cells of one row and the blanks up to the end of the column.
func (p *plot) bar(times [kinds]time.Duration) {
	cells, whole := p.shares(times)
	used := 0
	for k := range kinds {
		n := cells[k]
		if n == 0 {
			continue
		}
		_, cell := k.look()
		p.drawn[k] = true
		used += n
		if n == whole[k] {
			p.fill(p.tint(k), cell, n)
			continue
		}
		p.breaks = true
		p.fill(p.tint(k), cell, n/2)
		p.add(nil, broken)
		p.fill(p.tint(k), cell, n-n/2-1)
	}
	if used == 0 {
		p.slivers, used = true, 1
		p.add(p.tint(longest(times)), sliver)
	}
	p.blanks(p.cells - used)
}

// shares returns how many cells each kind has in a bar, and how many it would
// have if the bar had no end. What is too long is taken from the longest.
func (p *plot) shares(times [kinds]time.Duration) (cells, whole [kinds]int) {
	over, from := -p.cells, time.Duration(0)
	for k := range kinds {
		whole[k] = p.at(from+times[k]) - p.at(from)
		cells[k] = min(whole[k], p.cells)
		from += times[k]
		over += cells[k]
	}
	for ; over > 0; over-- {
		k := 0
		for i, n := range cells {
			if n > cells[k] {
				k = i
			}
		}
		cells[k]--
	}
	return cells, whole
}

// longest returns the kind that took most.
func longest(times [kinds]time.Duration) kind {
	k := waiting
	for i, d := range times {
		if d > times[k] {
			k = kind(i)
		}
	}
	return k
}

// legend appends what the cells mean, those that were drawn.
func (p *plot) legend() {
	var chips []chip
	for i := range kinds {
		k := (i + lookup) % kinds // earlier last
		if p.drawn[k] {
			name, cell := k.look()
			chips = append(chips, chip{p.tint(k), name + " " + cell})
		}
	}
	if p.slivers {
		chips = append(chips, chip{p.paint.dim, "too short to see " + sliver})
	}
	if p.breaks {
		chips = append(chips, chip{p.paint.dim, "longer than drawn " + broken})
	}
	if p.retries {
		chips = append(chips, chip{p.paint.dim, "attempts ×n"})
	}
	indent := p.bars
	if p.picture() < labelled {
		indent = p.numbers + 1
	}
	p.flow(chips, indent, gap)
}
