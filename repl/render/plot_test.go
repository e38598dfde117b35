package render

import (
	"io"
	"slices"
	"testing"
	"time"
)

// talk is a conversation with a handshake, attempts and a failure.
func talk() []PlotRow {
	return []PlotRow{
		{Number: 1, Label: "GET /user", Total: 94 * ms, New: true, Attempts: 1,
			Parts: Parts{DNS: 8 * ms, Connect: 12 * ms, TLS: 31 * ms, Send: ms / 10, Wait: 40 * ms, Body: 3 * ms}},
		{Number: 2, Label: "GET /user", Total: 41 * ms, Parts: Parts{Wait: 41 * ms}},
		{Number: 3, Label: "GET /user/repos?per_page=100&sort=updated", Total: 47 * ms, Parts: Parts{Wait: 37 * ms, Body: 10 * ms}},
		{Number: 4, Label: "GET /日本語/\x1b[2J", Total: 39 * ms, Parts: Parts{Wait: 39 * ms}},
		{Number: 5, Label: "GET /ping", Total: ms / 10, Parts: Parts{Wait: ms / 10}},
		{Number: 6, Label: "GET /flaky", Total: 60 * ms, Parts: Parts{Wait: 20 * ms}, Attempts: 3, Failed: true},
	}
}

// outliers are quick requests on loopback and a few that took a thousand times as
// long.
func outliers() []PlotRow {
	rows := []PlotRow{{Number: 1, Label: "GET /user", Total: 1200 * us, New: true, Parts: Parts{Connect: 100 * us, Send: 30 * us, Wait: ms}}}
	for i := 2; i < 8; i++ {
		d := time.Duration(500+100*(i%3)) * us
		rows = append(rows, PlotRow{Number: i, Label: "GET /user", Total: d + 200*us, Parts: Parts{Send: 50 * us, Wait: d, Body: 110 * us}})
	}
	return append(rows,
		PlotRow{Number: 8, Label: "GET /slow", Total: 2 * time.Second, Parts: Parts{Wait: 2 * time.Second, Body: 330 * us}},
		PlotRow{Number: 9, Label: "GET /download", Total: 300 * ms, New: true, Parts: Parts{Connect: 110 * us, Wait: 330 * us, Body: 300 * ms}},
		PlotRow{Number: 10, Label: "GET /flaky", Total: 1530 * ms, Parts: Parts{Wait: 330 * us}, Attempts: 3})
}

func TestPlot(t *testing.T) {
	equal := []PlotRow{{Number: 9, Total: 5 * ms, Parts: Parts{Wait: 5 * ms}}, {Number: 10, Total: 5 * ms, Parts: Parts{Wait: 5 * ms}}}
	for _, p := range []picture{
		{"80 columns", `
1 GET /user           ███▒▒▒▒▓▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░░░░░░═   94 ms  new
2 GET /user           ░░░░░░░░░░░░░░░                      41 ms  same
3 GET /user/repos?p…  ░░░░░░░░░░░░░════                    47 ms  same
4 GET /日本語/\x1b[…  ░░░░░░░░░░░░░░                       39 ms  same
5 GET /ping           ▏                                   0.1 ms  same
6 GET /flaky          ··············░░░░░░░░               60 ms  same ×3 failed
                      │0 ms             │50 ms
                      DNS █  TCP ▒  TLS ▓  wait ░  body ═
                      earlier requests, pauses ·  too short to see ▏
                      attempts ×n
`, func(w io.Writer) error { return Plot(w, talk(), screen(80)) }},
		{"120 columns", `
1 GET /user                        █████▒▒▒▒▒▒▒▒▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░░░░░░░░░░░░░░░░░══   94 ms  new
2 GET /user                        ░░░░░░░░░░░░░░░░░░░░░░░░░░░                                     41 ms  same
3 GET /user/repos?per_page=100&s…  ░░░░░░░░░░░░░░░░░░░░░░░░══════                                  47 ms  same
4 GET /日本語/\x1b[2J              ░░░░░░░░░░░░░░░░░░░░░░░░░                                       39 ms  same
5 GET /ping                        ▏                                                              0.1 ms  same
6 GET /flaky                       ··························░░░░░░░░░░░░░                         60 ms  same ×3 failed
                                   │0 ms        │20 ms       │40 ms       │60 ms       │80 ms
                                   DNS █  TCP ▒  TLS ▓  wait ░  body ═  earlier requests, pauses ·  too short to see ▏
                                   attempts ×n
`, func(w io.Writer) error { return Plot(w, talk(), screen(120)) }},
		{"40 columns", `
1 █▒▒▓▓▓▓▓░░░░░░   94 ms  new
2 ░░░░░░           41 ms  same
3 ░░░░░░═          47 ms  same
4 ░░░░░░           39 ms  same
5 ▏               0.1 ms  same
6 ······░░░        60 ms  same ×3 failed
  │0 ms  │50 ms
  DNS █  TCP ▒  TLS ▓  wait ░  body ═
  earlier requests, pauses ·
  too short to see ▏  attempts ×n
`, func(w io.Writer) error { return Plot(w, talk(), screen(40)) }},
		{"outliers", `
 1 GET /user      ▒▒▒▒▌░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░       1 ms  new
 2 GET /user      ▌▌░░░░░░░░░░░░░░░░░░░░░░░░░░════               0.9 ms  same
 3 GET /user      ▌▌░░░░░░░░░░░░░░░░░░░════                      0.7 ms  same
 4 GET /user      ▌▌░░░░░░░░░░░░░░░░░░░░░░═════                  0.8 ms  same
 5 GET /user      ▌▌░░░░░░░░░░░░░░░░░░░░░░░░░░════               0.9 ms  same
 6 GET /user      ▌▌░░░░░░░░░░░░░░░░░░░════                      0.7 ms  same
 7 GET /user      ▌▌░░░░░░░░░░░░░░░░░░░░░░═════                  0.8 ms  same
 8 GET /slow      ░░░░░░░░░░░░░░░░»░░░░░░░░░░░░░░░░════════════     2 s  same
 9 GET /download  ▒▒▒▒░░░░░░░░░░░░░══════════════»═════════════  300 ms  new
10 GET /flaky     ················»················░░░░░░░░░░░░  1.53 s  same ×3
                  │0 ms              │0.5 ms            │1 ms
                  TCP ▒  send ▌  wait ░  body ═  earlier requests, pauses ·
                  longer than drawn »  attempts ×n
`, func(w io.Writer) error { return Plot(w, outliers(), screen(80)) }},
		{"one row", `
1 GET /user  █████▒▒▒▒▒▒▒▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░░░░░░░░░░░░░░══  94 ms  new
             │0 ms       │20 ms     │40 ms      │60 ms      │80 ms
             DNS █  TCP ▒  TLS ▓  wait ░  body ═
`, func(w io.Writer) error { return Plot(w, talk()[:1], screen(80)) }},
		{"equal times, no labels", `
 9 ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  5 ms  same
10 ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  5 ms  same
   │0 ms        │1 ms        │2 ms        │3 ms        │4 ms        │5 ms
   wait ░
`, func(w io.Writer) error { return Plot(w, equal, screen(80)) }},
	} {
		p.check(t)
	}
}

func TestPlotColour(t *testing.T) {
	rows := []PlotRow{{Number: 1, Total: 4 * ms, New: true, Failed: true, Parts: Parts{DNS: ms, TLS: ms, Body: 2 * ms}}}
	picture{"colour", `
␛[2m1␛[0m ␛[35m█████␛[0m␛[36m▓▓▓▓▓␛[0m␛[32m══════════␛[0m  4 ms  ␛[2mnew␛[0m␛[31m failed␛[0m
  ␛[2m│0 ms␛[0m     ␛[2m│2 ms␛[0m     ␛[2m│4 ms␛[0m
  ␛[35mDNS █␛[0m  ␛[36mTLS ▓␛[0m  ␛[32mbody ═␛[0m
`, func(w io.Writer) error { return Plot(w, rows, colourScreen()) }}.check(t)
}

// TestSpan holds when long bars are cut: few, and far beyond the rest.
func TestSpan(t *testing.T) {
	for _, c := range []struct {
		in   []time.Duration
		want time.Duration
	}{
		{[]time.Duration{0}, 0},
		{[]time.Duration{ms, 100 * ms}, 100 * ms},
		{[]time.Duration{9 * ms, 90 * ms, 8 * ms, 9 * ms}, 9 * ms},
		{[]time.Duration{9 * ms, 89 * ms, 8 * ms, 9 * ms}, 89 * ms},
		{[]time.Duration{0, 0, 0, 5 * ms}, 5 * ms},
		{[]time.Duration{ms, ms, ms, ms, 50 * ms, 60 * ms, 70 * ms, 80 * ms}, 80 * ms},
		{[]time.Duration{ms, 3 * ms, ms, 2 * ms, ms, 50 * ms, time.Hour}, 3 * ms},
	} {
		if got := span(slices.Clone(c.in)); got != c.want {
			t.Errorf("span(%v) = %v, want %v", c.in, got, c.want)
		}
	}
}

// TestPlotShares holds that bars of the same length end in the same cell however
// they are divided, and that a cut bar fills its column.
func TestPlotShares(t *testing.T) {
	p := &plot{line: newLine(nil), scale: scale{cells: 37, span: 37 * 3 * ms}}
	for _, parts := range []Parts{
		{Wait: 100 * ms}, {DNS: ms, Connect: ms, Proxy: ms, TLS: ms, Send: ms, Wait: 94 * ms, Body: ms},
		{DNS: 33 * ms, TLS: 33 * ms, Body: 34 * ms}, {DNS: time.Hour}, {DNS: time.Hour, Wait: 3 * ms, Body: 2 * time.Hour},
	} {
		cells, whole := p.shares(PlotRow{Parts: parts}.times())
		sum, ends := 0, min(p.at(parts.Sum()), p.cells)
		for k, n := range cells {
			if sum += n; n > whole[k] {
				t.Errorf("%+v: %d cells of %d for part %d", parts, n, whole[k], k)
			}
		}
		if sum != ends {
			t.Errorf("%+v ends in cell %d, want %d", parts, sum, ends)
		}
	}
}
