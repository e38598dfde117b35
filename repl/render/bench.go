package render

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"sonde/repl/text"
)

// A Sample is how long many requests of one kind took.
type Sample struct {
	Name   string          // in the singular and without an article: "kept connection"
	Times  []time.Duration // of the requests that were answered, in any order
	Failed int             // requests that were not
}

// Bench draws samples to compare: the figures of each, their histograms with
// common buckets, side by side where there are 100 columns, and a sentence that
// says how much the first differs from the others, or that it does not. Without
// samples it writes nothing.
func Bench(w io.Writer, samples []Sample, st *Style) error {
	if len(samples) == 0 {
		return nil
	}
	b := &bench{line: newLine(st), samples: slices.Clone(samples)}
	for i, s := range b.samples {
		b.samples[i].Name = text.Clean(s.Name)
		b.samples[i].Times = slices.Sorted(slices.Values(s.Times))
		b.failed = b.failed || s.Failed > 0
	}
	b.figures()
	b.histograms()
	b.sentences()
	_, err := w.Write(b.buf)
	return err
}

// bench is a comparison being drawn. Its samples are sorted and cleaned.
type bench struct {
	*line
	samples []Sample
	failed  bool // in one sample at least
}

// A figure is one number of a sample.
type figure struct {
	name, value string
	attr        []byte
}

// of returns the figures of one sample.
func (b *bench) of(s Sample) []figure {
	all := []figure{{name: "answers", value: strconv.Itoa(len(s.Times))}}
	for _, q := range [4]struct {
		name  string
		share float64
	}{{"min", 0}, {"median", 0.5}, {"p95", 0.95}, {"max", 1}} {
		value := "–"
		if len(s.Times) > 0 {
			value = fine(Quantile(s.Times, q.share))
		}
		all = append(all, figure{name: q.name, value: value})
	}
	if b.failed {
		f := figure{name: "failed", value: strconv.Itoa(s.Failed)}
		if s.Failed > 0 {
			f.attr = b.paint.bad
		}
		all = append(all, f)
	}
	return all
}

// figures appends the figures as a table, or as lines of facts where names would
// be left less than a few cells.
func (b *bench) figures() {
	const least = 16
	names, room := 0, b.picture()
	var widths []int
	for _, s := range b.samples {
		names = max(names, text.Width(s.Name))
		for i, f := range b.of(s) {
			if i == len(widths) {
				widths = append(widths, len(f.name))
			}
			widths[i] = max(widths[i], text.Width(f.value))
		}
	}
	for _, w := range widths {
		room -= gap + w
	}
	if room < min(names, least) {
		b.facts()
		return
	}
	names = min(names, room)
	b.blanks(names)
	for i, f := range b.of(b.samples[0]) {
		b.blanks(gap)
		b.right(b.paint.dim, f.name, widths[i])
	}
	b.buf = append(b.buf, '\n')
	for _, s := range b.samples {
		b.left(nil, text.Cut(s.Name, names), names)
		for i, f := range b.of(s) {
			b.blanks(gap)
			b.right(f.attr, f.value, widths[i])
		}
		b.buf = append(b.buf, '\n')
	}
}

// facts appends a heading and lines of figures for each sample.
func (b *bench) facts() {
	for _, s := range b.samples {
		b.add(nil, text.Cut(s.Name, b.picture()))
		b.buf = append(b.buf, '\n')
		var chips []chip
		for _, f := range b.of(s) {
			chips = append(chips, chip{f.attr, f.name + " " + f.value})
		}
		b.flow(chips, gap, gap)
	}
}

// sentences appends what the samples say about the first of them.
func (b *bench) sentences() {
	for _, other := range b.samples[1:] {
		s := compare(b.samples[0], other)
		if s == "" {
			continue
		}
		b.buf = append(b.buf, '\n')
		for row := range text.Wrap(s, b.picture()) {
			b.add(nil, text.Cut(row, b.picture()))
			b.buf = append(b.buf, '\n')
		}
	}
}

// compare returns the sentence about two samples, "" if one has no times.
func compare(a, b Sample) string {
	if len(a.Times) == 0 || len(b.Times) == 0 {
		return ""
	}
	ma, mb := Quantile(a.Times, 0.5), Quantile(b.Times, 0.5)
	medians := ": " + fine(ma) + " and " + fine(mb) + " a request (median)"
	const enough = 4 // of fewer, no order they came in is unlikely
	switch {
	case min(len(a.Times), len(b.Times)) < enough:
		return "too few answers to compare" + medians
	case !differ(a.Times, b.Times):
		return "no clear difference" + medians
	}
	if mb < ma {
		a, ma, mb = b, mb, ma
	}
	ratio := float64(mb) / float64(max(ma, 1))
	if ratio < 1.1 {
		return "hardly a difference" + medians
	}
	places := 1
	if ratio >= 10 {
		places = 0
	}
	return strings.Join([]string{"the", a.Name, "is", decimal(ratio, places), "times as fast:",
		fine(ma), "instead of", fine(mb), "a request (median)"}, " ")
}
