package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

// every returns n times from the first one on, so far apart.
func every(n int, first, apart time.Duration) []time.Duration {
	var d []time.Duration
	for i := range n {
		d = append(d, first+time.Duration(i)*apart)
	}
	return d
}

func kept(d ...time.Duration) Sample  { return Sample{Name: "kept connection", Times: d} }
func fresh(d ...time.Duration) Sample { return Sample{Name: "new connection each time", Times: d} }

func TestBench(t *testing.T) {
	loop := []Sample{kept(every(20, 270*us, 15*us)...), fresh(append(every(19, 1100*us, 60*us), 3300*us)...)}
	far := []Sample{kept(append(every(99, 40*ms, 100*us), 3100*ms)...), fresh(every(100, 95*ms, 300*us)...)}
	far[0].Failed = 2
	odd := []Sample{{Name: "日本語\x1b[2J\n", Times: every(5, ms, 0)}, {Name: strings.Repeat("wide ", 30), Times: every(5, ms, 0)}}
	for _, p := range []picture{
		{"80 columns", `
                          answers      min   median      p95      max
kept connection                20  0.27 ms  0.41 ms  0.54 ms  0.56 ms
new connection each time       20   1.1 ms   1.6 ms   2.2 ms   3.3 ms

          kept connection
0–0.5 ms  ███████████████████████████████████████████████████████████████████ 16
0.5–1 ms  ████████████████▊ 4

          new connection each time
1–1.5 ms  █████████████████████████████▎ 7
1.5–2 ms  █████████████████████████████████▌ 8
2–2.5 ms  ████████████████▊ 4
2.5–3 ms
3–3.5 ms  ████▏ 1

the kept connection is 4 times as fast: 0.41 ms instead of 1.6 ms a request
(median)
`, func(w io.Writer) error { return Bench(w, loop, screen(80)) }},
		{"120 columns", `
                          answers      min   median      p95      max
kept connection                20  0.27 ms  0.41 ms  0.54 ms  0.56 ms
new connection each time       20   1.1 ms   1.6 ms   2.2 ms   3.3 ms

          kept connection                                         new connection each time
0–0.5 ms  ███████████████████████████████████████████████████ 16
0.5–1 ms  ████████████▊ 4
1–1.5 ms                                                          ██████████████████████▎ 7
1.5–2 ms                                                          █████████████████████████▌ 8
2–2.5 ms                                                          ████████████▊ 4
2.5–3 ms
3–3.5 ms                                                          ███▏ 1

the kept connection is 4 times as fast: 0.41 ms instead of 1.6 ms a request (median)
`, func(w io.Writer) error { return Bench(w, loop, screen(120)) }},
		{"40 columns", `
kept connection
  answers 20  min 0.27 ms
  median 0.41 ms  p95 0.54 ms
  max 0.56 ms
new connection each time
  answers 20  min 1.1 ms  median 1.6 ms
  p95 2.2 ms  max 3.3 ms

          kept connection
0–0.5 ms  ███████████████████████████ 16
0.5–1 ms  ██████▊ 4

          new connection each time
1–1.5 ms  ███████████▊ 7
1.5–2 ms  █████████████▌ 8
2–2.5 ms  ██████▊ 4
2.5–3 ms
3–3.5 ms  █▋ 1

the kept connection is 4 times as fast:
0.41 ms instead of 1.6 ms a request
(median)
`, func(w io.Writer) error { return Bench(w, loop, screen(40)) }},
		{"a wide spread and failures", `
                          answers    min  median     p95     max  failed
kept connection               100  40 ms   45 ms   49 ms   3.1 s       2
new connection each time      100  95 ms  110 ms  123 ms  125 ms       0

            kept connection
  20–50 ms  █████████████████████████████████████████████████████████████████ 99
 50–100 ms
100–200 ms
200–500 ms
500 ms–1 s
     1–2 s
     2–5 s  ▋ 1

            new connection each time
 50–100 ms  ███████████▏ 17
100–200 ms  ██████████████████████████████████████████████████████▍ 83

the kept connection is 2.4 times as fast: 45 ms instead of 110 ms a request
(median)
`, func(w io.Writer) error { return Bench(w, far, screen(80)) }},
		{"a wide spread side by side", `
                          answers    min  median     p95     max  failed
kept connection               100  40 ms   45 ms   49 ms   3.1 s       2
new connection each time      100  95 ms  110 ms  123 ms  125 ms       0

            kept connection                                        new connection each time
  20–50 ms  ██████████████████████████████████████████████████ 99
 50–100 ms                                                         ████████▌ 17
100–200 ms                                                         █████████████████████████████████████████▉ 83
200–500 ms
500 ms–1 s
     1–2 s
     2–5 s  ▌ 1

the kept connection is 2.4 times as fast: 45 ms instead of 110 ms a request (median)
`, func(w io.Writer) error { return Bench(w, far, screen(120)) }},
		{"equal times and odd names", `
                                               answers   min  median   p95   max
日本語\x1b[2J\n                                      5  1 ms    1 ms  1 ms  1 ms
wide wide wide wide wide wide wide wide wide…        5  1 ms    1 ms  1 ms  1 ms

           日本語\x1b[2J\n
1–1.02 ms  ███████████████████████████████████████████████████████████████████ 5

           wide wide wide wide wide wide wide wide wide wide wide wide wide wid…
1–1.02 ms  ███████████████████████████████████████████████████████████████████ 5

no clear difference: 1 ms and 1 ms a request (median)
`, func(w io.Writer) error { return Bench(w, odd, screen(80)) }},
		{"one request", `
                 answers   min  median   p95   max
kept connection        1  1 ms    1 ms  1 ms  1 ms
`, func(w io.Writer) error { return Bench(w, []Sample{kept(ms)}, screen(80)) }},
	} {
		p.check(t)
	}
}

func TestBenchKeepsItsArgument(t *testing.T) {
	s := []Sample{kept(3*ms, ms, 2*ms)}
	if err := Bench(io.Discard, s, screen(80)); err != nil {
		t.Fatal(err)
	}
	if want := []time.Duration{3 * ms, ms, 2 * ms}; !slices.Equal(s[0].Times, want) {
		t.Errorf("the times are now %v, want %v", s[0].Times, want)
	}
}

func TestCompare(t *testing.T) {
	quick, slow := every(20, 300*us, us), every(20, 1300*us, us)
	for _, c := range []struct {
		a, b Sample
		want string
	}{
		{kept(quick...), fresh(slow...), "the kept connection is 4.2 times as fast: 0.31 ms instead of 1.3 ms a request (median)"},
		{fresh(slow...), kept(quick...), "the kept connection is 4.2 times as fast: 0.31 ms instead of 1.3 ms a request (median)"},
		{kept(every(9, ms, us)...), fresh(every(9, 40*ms, us)...), "the kept connection is 40 times as fast: 1 ms instead of 40 ms a request (median)"},
		{kept(every(9, 0, 0)...), fresh(every(9, ms, 0)...), "the kept connection is 1000000 times as fast: 0 ms instead of 1 ms a request (median)"},
		{kept(every(20, 40*ms, ms)...), fresh(every(20, 41*ms, ms)...), "no clear difference: 49 ms and 50 ms a request (median)"},
		{kept(every(20, 40*ms, us)...), fresh(every(20, 41*ms, us)...), "hardly a difference: 40 ms and 41 ms a request (median)"},
		{kept(every(9, ms, 0)...), fresh(every(9, ms, 0)...), "no clear difference: 1 ms and 1 ms a request (median)"},
		{kept(ms, ms, ms), fresh(every(20, 9*ms, 0)...), "too few answers to compare: 1 ms and 9 ms a request (median)"},
		{kept(), fresh(ms), ""},
	} {
		if got := compare(c.a, c.b); got != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
	}
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		least, greatest time.Duration
		want            string
	}{
		{0, 0, "[0s 1µs]"},
		{3 * ms, 3 * ms, "[3ms 3.1ms]"},
		{41 * ms, 52 * ms, "[40ms 42ms 44ms 46ms 48ms 50ms 52ms 54ms]"},
		{40 * ms, 50 * ms, "[40ms 42ms 44ms 46ms 48ms 50ms 52ms]"},
		{290 * us, 3300 * us, "[0s 500µs 1ms 1.5ms 2ms 2.5ms 3ms 3.5ms]"},
		{ms, 20 * ms, "[1ms 2ms 5ms 10ms 20ms 50ms]"},
		{ms, 3 * time.Second, "[1ms 3ms 10ms 30ms 100ms 300ms 1s 3s 10s]"},
		{0, time.Second, "[1µs 10µs 100µs 1ms 10ms 100ms 1s 10s]"},
	} {
		got := bounds(c.least, c.greatest)
		if s := fmt.Sprint(got); s != c.want {
			t.Errorf("bounds(%v, %v) = %s, want %s", c.least, c.greatest, s, c.want)
		}
	}
}

func TestInterval(t *testing.T) {
	for _, c := range []struct {
		from, to time.Duration
		want     string
	}{{0, 500 * us, "0–0.5 ms"}, {ms, 1500 * us, "1–1.5 ms"}, {500 * ms, time.Second, "500 ms–1 s"}, {0, 2 * time.Second, "0–2 s"}, {30 * time.Second, 100 * time.Second, "30 s–1 min 40 s"}} {
		if got := interval(c.from, c.to); got != c.want {
			t.Errorf("%v to %v: got %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func BenchmarkPlot(b *testing.B) {
	rows := talk()
	for len(rows) < 1000 {
		rows = append(rows, rows...)
	}
	for b.Loop() {
		Plot(io.Discard, rows[:1000], colourScreen())
	}
}
