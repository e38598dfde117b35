package render

import (
	"io"
	"strings"
	"testing"
	"time"
)

func wrapping(width int) *Style {
	return NewStyle(Options{Colour: true, Screen: true, Wrap: true, Width: width})
}

// plainRows takes the colours off what was drawn.
func plainRows(s string) string {
	for _, code := range []string{"␛[0m", "␛[2m", "␛[31m", "␛[32m", "␛[33m"} {
		s = strings.ReplaceAll(s, code, "")
	}
	return s
}

func TestStatusWraps(t *testing.T) {
	s := StatusLine{Number: 12, Proto: "HTTP/1.1", Code: 200, Reason: "OK", Size: 311, Elapsed: time.Millisecond, Saved: 300 * time.Microsecond}
	for _, c := range []struct {
		width int
		want  string
	}{
		{68, "[12] HTTP/1.1 200 OK · 311 B · 1 ms · same connection (0.3 ms saved)\n"},
		{67, "[12] HTTP/1.1 200 OK · 311 B · 1 ms · same connection\n"},
		{53, "[12] HTTP/1.1 200 OK · 311 B · 1 ms · same connection\n"},
		{52, "[12] HTTP/1.1 200 OK · 311 B · 1 ms · same\n  connection\n"},
		{39, "[12] HTTP/1.1 200 OK · 311 B · 1 ms\n  · same connection\n"},
		{10, "[12]\n  HTTP/1.1\n  200 OK\n  · 311 B\n  · 1 ms\n  · same\n  connection\n"},
	} {
		got := plainRows(drawn(t, func(w io.Writer) error { return Status(w, s, wrapping(c.width)) }))
		if got != c.want {
			t.Errorf("%d columns: got %q, want %q", c.width, got, c.want)
		}
	}
}

// TestNoticeWraps breaks at blanks, but not inside of what is to be typed.
func TestNoticeWraps(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"open ‹http://h.test/device› and type the code ‹WDJB›, or open ‹http://h.test/device?c=WDJB›", 60,
			"open http://h.test/device and type the code WDJB, or open\n  http://h.test/device?c=WDJB\n"},
		{"to allow it: ‹auth jdoe for http://h.test› · ‹Name:VALUE for http://h.test›", 50,
			"to allow it: auth jdoe for http://h.test\n  · Name:VALUE for http://h.test\n"},
		{"‹a line that is longer than the row›", 10, "a line that is longer than the row\n"},
		{"short", 10, "short\n"},
		{"日本語 日本語", 12, "日本語\n  日本語\n"},
	} {
		got := plainRows(drawn(t, func(w io.Writer) error { return Notice(w, c.text, wrapping(c.width)) }))
		if got != c.want {
			t.Errorf("%d columns: got %q, want %q", c.width, got, c.want)
		}
	}
	if got := drawn(t, func(w io.Writer) error { return Notice(w, strings.Repeat("long ", 40), screen(20)) }); strings.Count(got, "\n") != 1 {
		t.Errorf("where nothing is to be broken: got %q", got)
	}
}
