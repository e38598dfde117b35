package render

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sonde/repl/text"
)

const (
	ms = time.Millisecond
	us = time.Microsecond
)

// screen is a terminal of so many columns without colour.
func screen(width int) *Style { return NewStyle(Options{Screen: true, Width: width}) }

// A picture is one that a style draws and what it has to look like.
type picture struct {
	name, want string
	draw       func(w io.Writer) error
}

func (p picture) check(t *testing.T) {
	t.Helper()
	if got := drawn(t, p.draw); got != strings.TrimPrefix(p.want, "\n") {
		t.Errorf("%s: got\n%s\nwant\n%s", p.name, got, strings.TrimPrefix(p.want, "\n"))
	}
}

// oneWrite fails on the second write, and on any that has no text.
type oneWrite struct{ writes int }

func (o *oneWrite) Write(p []byte) (int, error) {
	if o.writes++; o.writes > 1 || len(p) == 0 {
		return 0, errors.New("written to more than once")
	}
	return len(p), nil
}

// fullDisk takes nothing.
type fullDisk struct{}

var errFull = errors.New("disk full")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestPicturesWriteOnce(t *testing.T) {
	for _, st := range []*Style{nil, pipe(), colourScreen()} {
		for name, draw := range pictures(rand.New(rand.NewPCG(1, 1)), st) {
			if err := draw(&oneWrite{}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if err := draw(fullDisk{}); !errors.Is(err, errFull) {
				t.Errorf("%s: a full disk gives %v", name, err)
			}
		}
	}
}

// pictures returns each picture with random times, some of them extreme, and text
// that is wide or hostile.
func pictures(r *rand.Rand, st *Style) map[string]func(w io.Writer) error {
	times := func() time.Duration {
		switch r.IntN(6) {
		case 0:
			return 0
		case 1:
			return -ms
		case 2:
			return time.Duration(r.Int64N(int64(80 * time.Hour)))
		}
		return time.Duration(r.Int64N(int64(ms) << r.IntN(16)))
	}
	labels := [...]string{"", "GET /user", "GET /\x1b[31m\n\r\t" + hostile, "GET /日本語/データ", strings.Repeat("long ", 80), "👩‍👩‍👧‍👦 /e\u0301"}
	label := func() string { return labels[r.IntN(len(labels))] }
	part := func() Parts {
		return Parts{times(), times(), times(), times(), times(), times(), times()}
	}
	var falls []WaterfallRow
	var rows []PlotRow
	for i := range 1 + r.IntN(30) {
		falls = append(falls, WaterfallRow{label(), r.IntN(3) * 250, label(), i%2 == 0, labels[r.IntN(2)], times(), part()})
		rows = append(rows, PlotRow{i + r.IntN(1e6), label(), part(), times(), i%2 == 0, r.IntN(2000), i%3 == 0})
	}
	var samples []Sample
	for range 1 + r.IntN(3) {
		s := Sample{Name: label(), Failed: r.IntN(2)}
		for range r.IntN(50) {
			s.Times = append(s.Times, times())
		}
		samples = append(samples, s)
	}
	samples[0].Times = append(samples[0].Times, ms)
	return map[string]func(w io.Writer) error{
		"waterfall": func(w io.Writer) error { return Waterfall(w, falls, st) },
		"plot":      func(w io.Writer) error { return Plot(w, rows, st) },
		"bench":     func(w io.Writer) error { return Bench(w, samples, st) },
	}
}

// TestPicturesFit draws random pictures: no line is wider than the screen, nothing
// from outside drives it, no line ends in blanks.
func TestPicturesFit(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 2))
		width := 40 + r.IntN(200)
		for name, draw := range pictures(r, screen(width)) {
			var out bytes.Buffer
			if err := draw(&out); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for line := range strings.SplitSeq(out.String(), "\n") {
				if got := text.Width(line); got > width || text.Clean(line) != line || strings.TrimRight(line, " ") != line {
					t.Fatalf("%s, seed %d: %d columns of %d: %q", name, seed, got, width, line)
				}
			}
		}
	}
}

// TestPicturesColour holds that colours add nothing but colours.
func TestPicturesColour(t *testing.T) {
	plain := pictures(rand.New(rand.NewPCG(7, 7)), screen(80))
	coloured := NewStyle(Options{Colour: true, Screen: true, Width: 80})
	for name, draw := range pictures(rand.New(rand.NewPCG(7, 7)), coloured) {
		got, want := drawn(t, draw), drawn(t, plain[name])
		if !strings.Contains(got, "␛[") {
			t.Errorf("%s has no colour", name)
		}
		if got = withoutColour(got); got != want {
			t.Errorf("%s: got\n%s\nwithout colour\n%s", name, got, want)
		}
	}
}

// withoutColour removes the sequences that drawn shows.
func withoutColour(s string) string {
	var b strings.Builder
	for i, piece := range strings.Split(s, "␛[") {
		if i > 0 {
			_, piece, _ = strings.Cut(piece, "m")
		}
		b.WriteString(piece)
	}
	return b.String()
}

func TestPicturesOfNothing(t *testing.T) {
	for _, p := range []picture{
		{"waterfall", "", func(w io.Writer) error { return Waterfall(w, nil, screen(80)) }},
		{"plot", "", func(w io.Writer) error { return Plot(w, nil, screen(80)) }},
		{"bench", "", func(w io.Writer) error { return Bench(w, nil, screen(80)) }},
		{"a request without times", "GET / no answer · same connection\n",
			func(w io.Writer) error { return Waterfall(w, []WaterfallRow{{Request: "GET /"}}, screen(80)) }},
		{"an exchange without times", "1 ▏" + strings.Repeat(" ", 67) + "0 ms  same\n  too short to see ▏\n",
			func(w io.Writer) error { return Plot(w, []PlotRow{{Number: 1}}, screen(80)) }},
		{"a sample without times", "      answers  min  median  p95  max  failed\nkept        0    –       –    –    –       3\n",
			func(w io.Writer) error { return Bench(w, []Sample{{Name: "kept", Failed: 3}}, screen(80)) }},
	} {
		p.check(t)
	}
}

func TestNice(t *testing.T) {
	for _, c := range []struct{ in, want time.Duration }{
		{0, us}, {1, us}, {us, us}, {us + 1, 2 * us}, {3 * us, 5 * us}, {6 * ms, 10 * ms}, {1500 * ms, 2 * time.Second},
	} {
		if got := nice(c.in); got != c.want {
			t.Errorf("nice(%v) = %v, want %v", c.in, got, c.want)
		}
	}
}

func TestFine(t *testing.T) {
	for _, c := range []struct {
		in   time.Duration
		want string
	}{{0, "0 ms"}, {42 * us, "0.04 ms"}, {99 * us, "0.1 ms"}, {276 * us, "0.28 ms"}, {994 * us, "0.99 ms"}, {996 * us, "1 ms"},
		{1340 * us, "1.3 ms"}, {9940 * us, "9.9 ms"}, {9960 * us, "10 ms"}, {42400 * us, "42 ms"}, {1530 * ms, "1.53 s"}} {
		if got := fine(c.in); got != c.want {
			t.Errorf("fine(%v) = %q, want %q", c.in, got, c.want)
		}
	}
}
