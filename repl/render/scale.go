package render

import (
	"math"
	"time"

	"sonde/repl/text"
)

// A scale maps times to cells: span is as long as the cells together.
type scale struct {
	cells int
	span  time.Duration
}

// at returns the cell that the time d ends at, which may lie beyond the last.
func (s scale) at(d time.Duration) int {
	if s.span <= 0 {
		return 0
	}
	return int(min(math.Round(float64(d)/float64(s.span)*float64(s.cells)), 1e9))
}

// nice returns the smallest of 1, 2, 5, 10, 20 … microseconds that is not below d.
func nice(d time.Duration) time.Duration {
	for step := time.Microsecond; step < math.MaxInt64/10; step *= 10 {
		for _, n := range [3]time.Duration{1, 2, 5} {
			if n*step >= d {
				return n * step
			}
		}
	}
	return d
}

// axis appends the ticks of s at round times, the first below the bars' first
// cell, which is in the column at.
func (l *line) axis(at int, s scale) {
	const apart = 11 // cells between ticks at least
	step := nice(time.Duration(float64(s.span) * apart / float64(max(s.cells, 1))))
	if step > s.span {
		step = nice(s.span * 2 / 5) // at most two and a half times as much
	}
	used := 0
	for d := time.Duration(0); d <= s.span; d += step {
		mark := "│" + bound(d)
		from := s.at(d)
		if used > 0 && from <= used || at+from+text.Width(mark) > l.picture() {
			break
		}
		l.blanks(from - used)
		l.add(l.paint.dim, mark)
		used = from + text.Width(mark)
	}
}
