package render

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"sonde/repl/text"
)

func TestCountdown(t *testing.T) {
	r := Retry{Code: 502, Reason: "Bad Gateway", Next: 2, Of: 4, Pause: 500 * ms}
	for _, c := range []struct {
		name    string
		rewrite bool
		want    string
	}{
		{"terminal", true, "\r502 Bad Gateway · again in 0.5 s (2 of 4)␛[K" +
			"\r502 Bad Gateway · again in 0.4 s (2 of 4)␛[K" +
			"\r502 Bad Gateway · again after 0.5 s (2 of 4)␛[K\n"},
		{"pipe", false, "502 Bad Gateway · again in 0.5 s (2 of 4)\n"},
	} {
		got := drawn(t, func(w io.Writer) error {
			v := NewLive(w, c.rewrite, screen(80))
			for _, left := range []time.Duration{500 * ms, 480 * ms, 440 * ms, 410 * ms, -ms} {
				if err := v.Countdown(r, left); err != nil {
					return err
				}
			}
			return v.End()
		})
		if got != c.want {
			t.Errorf("%s: got  %q\nwant %q", c.name, got, c.want)
		}
	}
}

func TestCountdownLine(t *testing.T) {
	for _, c := range []struct {
		r     Retry
		width int
		left  time.Duration
		want  string
	}{
		{Retry{Code: 429, Next: 2}, 80, 12 * time.Second, "429 · again in 12 s (2)"},
		{Retry{Reason: "127.0.0.1:9: connection refused", Next: 3, Of: 4, Pause: time.Second}, 80, ms, "127.0.0.1:9: connection refused · again in 0.0 s (3 of 4)"},
		{Retry{Code: 502, Next: 2, Pause: 20 * ms}, 80, 20 * ms, "502 · again in 20 ms (2)"},
		{Retry{Code: 502, Next: 2, Pause: 20 * ms}, 80, 0, "502 · again after 20 ms (2)"},
		{Retry{Reason: "x\x1b[2J\r\n"}, 80, time.Second, `x\x1b[2J\r\n · again in 1.0 s`},
		{Retry{Code: 502, Reason: "日本語" + strings.Repeat("long ", 40), Next: 2, Of: 4}, 40, time.Second, "502 日本語lo… · again in 1.0 s (2 of 4)"},
		{Retry{Code: 502, Reason: "Bad Gateway", Next: 2, Of: 4}, 24, time.Second, " · again in 1.0 s (2 o…"},
	} {
		got := drawn(t, func(w io.Writer) error { return NewLive(w, true, screen(c.width)).Countdown(c.r, c.left) })
		got = strings.TrimSuffix(strings.TrimPrefix(got, "\r"), "␛[K")
		if got != c.want || text.Width(got) >= c.width {
			t.Errorf("%d columns: got %q, want %q", c.width, got, c.want)
		}
	}
}

// TestCountdownPipe has nothing cut where no line is drawn over: there is no
// width to keep to.
func TestCountdownPipe(t *testing.T) {
	reason := strings.Repeat("the server closed the connection ", 5) + "without an answer"
	got := drawn(t, func(w io.Writer) error {
		return NewLive(w, false, screen(80)).Countdown(Retry{Reason: reason, Next: 2, Of: 3, Pause: 5 * ms}, 5*ms)
	})
	if want := reason + " · again in 5 ms (2 of 3)\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	got = drawn(t, func(w io.Writer) error { return NewLive(w, false, screen(20)).Show(reason) })
	if want := reason + "\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLive(t *testing.T) {
	var out bytes.Buffer
	v := NewLive(&out, true, colourScreen())
	v.End() // nothing stands there
	v.Show("3 of 9 pages \x07")
	v.Show("3 of 9 pages \x07")
	v.Show(strings.Repeat("wide ", 20))
	v.End()
	v.End()
	v.Show("")
	v.End()
	want := "\r\x1b[2m3 of 9 pages \\x07\x1b[0m\x1b[K\r\x1b[2m" + strings.Repeat("wide ", 20)[:38] + "…\x1b[0m\x1b[K\n\r\x1b[2m\x1b[0m\x1b[K\n"
	if got := out.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if err := NewLive(fullDisk{}, false, nil).Show("x"); !errors.Is(err, errFull) {
		t.Errorf("a full disk gives %v", err)
	}
}
