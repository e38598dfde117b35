package render

import (
	"math"
	"strconv"
	"strings"
	"time"

	"sonde/repl/text"
)

// histograms appends the histograms of all samples that have times: side by side
// with the buckets written once, or one under the other. A time alone has none.
func (b *bench) histograms() {
	var drawn []Sample
	most := 0
	for _, s := range b.samples {
		if most = max(most, len(s.Times)); len(s.Times) > 0 {
			drawn = append(drawn, s)
		}
	}
	if most < 2 {
		return
	}
	h := newHistogram(drawn)
	const wide, column = 100, 30
	if b.picture() >= wide && (b.picture()-20)/len(drawn) >= column {
		b.buf = append(b.buf, '\n')
		h.draw(b.line, drawn, 0)
		return
	}
	for i := range drawn {
		b.buf = append(b.buf, '\n')
		h.draw(b.line, drawn[i:i+1], i)
	}
}

// A histogram is how many times fall between bounds, in each of some samples.
type histogram struct {
	bounds []time.Duration // len(counts[0])+1 of them; the last bucket includes its end
	labels []string        // of the buckets
	counts [][]int         // by sample and bucket
	most   int             // the highest count
}

// newHistogram counts the samples, of which each has times, in common buckets.
func newHistogram(samples []Sample) *histogram {
	least, greatest := time.Duration(math.MaxInt64), time.Duration(0)
	for _, s := range samples {
		least = min(least, s.Times[0])
		greatest = max(greatest, s.Times[len(s.Times)-1])
	}
	h := &histogram{bounds: bounds(max(least, 0), greatest)}
	for i := range len(h.bounds) - 1 {
		h.labels = append(h.labels, interval(h.bounds[i], h.bounds[i+1]))
	}
	for _, s := range samples {
		counts := make([]int, len(h.labels))
		at := 0
		for _, d := range s.Times {
			for at+1 < len(counts) && d >= h.bounds[at+1] {
				at++
			}
			counts[at]++
			h.most = max(h.most, counts[at])
		}
		h.counts = append(h.counts, counts)
	}
	return h
}

// bounds returns round times around least and greatest: evenly apart, or each a
// multiple of the one before where the greatest is 20 times the least. There are
// at most ten buckets, unless the times span more powers of ten.
func bounds(least, greatest time.Duration) []time.Duration {
	const spread, buckets = 20, 10
	if floor := max(least, time.Microsecond); greatest/floor >= spread {
		for _, steps := range [2][]time.Duration{{1, 2, 5}, {1, 3}} {
			if b := powers(floor, greatest, steps); len(b)-1 <= buckets {
				return b
			}
		}
		return powers(floor, greatest, []time.Duration{1})
	}
	step := nice(max((greatest-least)/time.Duration(buckets-1), greatest/50))
	b := []time.Duration{least / step * step}
	for len(b) <= buckets && b[len(b)-1] <= greatest {
		b = append(b, b[len(b)-1]+step)
	}
	return b
}

// powers returns the multiples of powers of ten from the last one that is not
// above least to the first one above greatest.
func powers(least, greatest time.Duration, steps []time.Duration) []time.Duration {
	var b []time.Duration
	for power := time.Microsecond; power < math.MaxInt64/10; power *= 10 {
		for _, n := range steps {
			if n*power <= least {
				b = b[:0]
			}
			if b = append(b, n*power); n*power > greatest {
				return b
			}
		}
	}
	return append(b, math.MaxInt64)
}

// interval returns two bounds with their unit once if it is the same.
func interval(from, to time.Duration) string {
	a, b := bound(from), bound(to)
	number, unit, _ := strings.Cut(a, " ")
	if _, same, _ := strings.Cut(b, " "); same == unit || from == 0 {
		a = number
	}
	return a + "–" + b
}

// draw appends a heading and the buckets of samples, whose counts begin at first,
// without the empty ones before and behind them.
func (h *histogram) draw(l *line, samples []Sample, first int) {
	labels := 0
	for _, s := range h.labels {
		labels = max(labels, text.Width(s))
	}
	column := (l.picture()-labels)/len(samples) - gap
	behind := labels // blanks before what follows, written only if something does
	for _, s := range samples {
		behind += gap
		if name := text.Cut(s.Name, column); name != "" {
			l.blanks(behind)
			l.add(l.paint.dim, name)
			behind = -text.Width(name)
		}
		behind += column
	}
	l.buf = append(l.buf, '\n')
	from, to := h.filled(first, first+len(samples))
	for i, label := range h.labels[from:to] {
		l.right(l.paint.dim, label, labels)
		behind = 0
		for j := range samples {
			behind += gap
			if n := h.counts[first+j][from+i]; n > 0 {
				l.blanks(behind)
				behind = -h.bar(l, n, column)
			}
			behind += column
		}
		l.buf = append(l.buf, '\n')
	}
}

// filled returns the range of buckets that the samples from first on fill.
func (h *histogram) filled(first, end int) (from, to int) {
	from = len(h.labels)
	for _, counts := range h.counts[first:end] {
		for i, n := range counts {
			if n > 0 {
				from, to = min(from, i), max(to, i+1)
			}
		}
	}
	return from, to
}

// bar appends a bar and its count in a column of so many cells, and returns how
// many it took. The last cell is drawn in eighths.
func (h *histogram) bar(l *line, n, column int) int {
	room := column - 1 - len(strconv.Itoa(h.most))
	eighths := max(n*room*8/h.most, 1)
	bar := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	count := strconv.Itoa(n)
	l.add(l.paint.accent, bar)
	l.blanks(1)
	l.add(nil, count)
	return text.Width(bar) + 1 + len(count)
}
