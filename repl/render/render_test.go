package render

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/fatih/color"
)

// drawn returns what f writes, ESC drawn as ␛ so that tables stay legible.
func drawn(t *testing.T, f func(w io.Writer) error) string {
	t.Helper()
	var out bytes.Buffer
	if err := f(&out); err != nil {
		t.Errorf("writing to memory: %v", err)
	}
	return strings.ReplaceAll(out.String(), "\x1b", "␛")
}

// colourScreen and plainScreen are what a terminal is with and without colour, pipe
// what a pipe is.
func colourScreen() *Style {
	return NewStyle(Options{Colour: true, Pretty: true, Screen: true, Width: 40, Rows: 24})
}
func plainScreen() *Style { return NewStyle(Options{Pretty: true, Screen: true, Width: 40, Rows: 24}) }
func pipe() *Style        { return NewStyle(Options{}) }

// hostile is what must not reach a terminal, one of each kind, and how it is drawn.
const (
	hostile      = "\x1b]0;t\a\x1b]52;c;eA==\x1b\\\x1b]8;;u\x1b\\\x1b[2J\x1b[6n\x1bP0q\x1b\\\x1bc\b\x7f\x9b1m\u009b\u202e\u200b"
	hostileDrawn = `\x1b]0;t\x07\x1b]52;c;eA==\x1b\\x1b]8;;u\x1b\\x1b[2J\x1b[6n\x1bP0q\x1b\\x1bc\x08\x7f\x9b1m\u009b\u202e\u200b`
)

func TestNewStyle(t *testing.T) {
	before := color.NoColor
	for _, off := range []bool{true, false} {
		color.NoColor = off
		if got := NewStyle(Options{Colour: true}); string(got.paint.bad) != "\x1b[31m" || string(got.paint.undim) != "\x1b[22m" {
			t.Errorf("color.NoColor %v: red opens with %q, faint closes with %q", off, got.paint.bad, got.paint.undim)
		}
		if color.NoColor != off {
			t.Error("NewStyle changed color.NoColor")
		}
	}
	color.NoColor = before
	s := NewStyle(Options{})
	if s.Width != 80 || s.Rows != 24 || s.paint.off != nil {
		t.Errorf("no options give width %d, rows %d, off %q; want 80, 24 and none", s.Width, s.Rows, s.paint.off)
	}
}

func TestNewStyleIgnoresNoColour(t *testing.T) {
	t.Setenv("NO_COLOR", "1") // a flag may ask for colour all the same
	if got := NewStyle(Options{Colour: true}).paint.bad; string(got) != "\x1b[31m" {
		t.Errorf("red opens with %q", got)
	}
}

func TestColourWanted(t *testing.T) {
	for _, c := range []struct {
		flag, env string
		tty, want bool
	}{
		{"", "", true, true}, {"", "", false, false}, {"auto", "", true, true},
		{"always", "NO_COLOR=1", false, true}, {"never", "FORCE_COLOR=1", true, false},
		{"", "NO_COLOR=1", true, false}, {"", "NO_COLOR=", true, true}, {"", "NO_COLOR=1 FORCE_COLOR=1", true, false},
		{"", "FORCE_COLOR=1", false, true}, {"", "FORCE_COLOR=3", false, true}, {"", "FORCE_COLOR=0", false, false},
		{"", "FORCE_COLOR=false", false, false}, {"", "FORCE_COLOR=false", true, true}, {"", "FORCE_COLOR=1 TERM=dumb", false, true},
		{"", "CLICOLOR_FORCE=1", false, true}, {"", "CLICOLOR_FORCE=0", false, false}, {"", "CLICOLOR_FORCE=1 CLICOLOR=0", false, true},
		{"", "CLICOLOR=0", true, false}, {"", "CLICOLOR=1", true, true}, {"", "CLICOLOR=1", false, false},
		{"", "TERM=dumb", true, false}, {"", "TERM=xterm", true, true},
	} {
		env := func(name string) (string, bool) {
			for _, kv := range strings.Fields(c.env) {
				if k, v, _ := strings.Cut(kv, "="); k == name {
					return v, true
				}
			}
			return "", false
		}
		if got, err := ColourWanted(c.flag, env, c.tty); got != c.want || err != nil {
			t.Errorf("flag %q, %q, terminal %v: got %v, %v; want %v", c.flag, c.env, c.tty, got, err, c.want)
		}
	}
	if _, err := ColourWanted("sometimes", nil, true); err == nil || err.Error() != `color "sometimes": want auto, always or never` {
		t.Errorf("a wrong flag gives %v", err)
	}
}

func TestSize(t *testing.T) {
	for _, c := range []struct {
		n    int64
		want string
	}{{0, "0 B"}, {52, "52 B"}, {999, "999 B"}, {1000, "1 kB"}, {1049, "1 kB"}, {14200, "14.2 kB"}, {999949, "999.9 kB"}, {999950, "1 MB"},
		{1200000, "1.2 MB"}, {50e6, "50 MB"}, {2e9, "2 GB"}, {9e18, "9 EB"}, {-1, "unknown size"}} {
		if got := Size(c.n); got != c.want {
			t.Errorf("Size(%d) = %q, want %q", c.n, got, c.want)
		}
	}
}

func TestDuration(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		d    time.Duration
		want string
	}{{0, "0 ms"}, {-1, "0 ms"}, {1, "0.01 ms"}, {42 * time.Microsecond, "0.04 ms"}, {97 * time.Microsecond, "0.1 ms"}, {949 * time.Microsecond, "0.9 ms"},
		{950 * time.Microsecond, "1 ms"}, {3 * ms, "3 ms"}, {84*ms + 400*time.Microsecond, "84 ms"}, {999 * ms, "999 ms"}, {999*ms + 700*time.Microsecond, "1 s"},
		{1530 * ms, "1.53 s"}, {2500 * ms, "2.5 s"}, {9996 * ms, "10 s"}, {12340 * ms, "12.3 s"}, {60 * time.Second, "1 min"}, {125 * time.Second, "2 min 5 s"},
		{time.Hour, "1 h"}, {65 * time.Minute, "1 h 5 min"}} {
		if got := Duration(c.d); got != c.want {
			t.Errorf("Duration(%d) = %q, want %q", c.d, got, c.want)
		}
	}
}

func TestSeconds(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{{500 * time.Millisecond, "0.5 s"}, {time.Second, "1.0 s"}, {12 * time.Second, "12 s"}, {-1, "0.0 s"}, {9960 * time.Millisecond, "10 s"}} {
		if got := Seconds(c.d); got != c.want {
			t.Errorf("Seconds(%v) = %q, want %q", c.d, got, c.want)
		}
	}
}

func TestMessages(t *testing.T) {
	for _, c := range []struct {
		name, want, plain string
		f                 func(w io.Writer, st *Style) error
	}{
		{"hint", "␛[2mhint: log in with: ␛[0mauth jdoe␛[2m   or not␛[0m\n", "hint: log in with: auth jdoe   or not\n",
			func(w io.Writer, st *Style) error { return Hint(w, "log in with: ‹auth jdoe›   or not", st) }},
		{"marks that do not match", "␛[2ma␛[0mb\n", "ab\n", func(w io.Writer, st *Style) error { return Notice(w, "›a‹b", st) }},
		{"warning", "␛[31mwarning:␛[0m ␛[2mnot checked. Back with: ␛[0mverify on\n", "warning: not checked. Back with: verify on\n",
			func(w io.Writer, st *Style) error { return Warning(w, "not checked. Back with: ‹verify on›", st) }},
		{"notice", "␛[2mnothing was lost␛[0m\n", "nothing was lost\n", func(w io.Writer, st *Style) error { return Notice(w, "nothing was lost", st) }},
		{"note", "␛[2m[ 30 items · ␛[0mview␛[2m: all of it ]␛[0m\n", "[ 30 items · view: all of it ]\n",
			func(w io.Writer, st *Style) error { return Note(w, "30 items · ‹view›: all of it", st) }},
		{"error", "␛[31mquery:␛[0m expected an object\n", "query: expected an object\n",
			func(w io.Writer, st *Style) error { return Error(w, "query", "expected an object", st) }},
		{"error without prefix", "no such host\n", "no such host\n", func(w io.Writer, st *Style) error { return Error(w, "", "no such host", st) }},
		{"raw", "a\tb\nc\n", "a\tb\nc\n", func(w io.Writer, st *Style) error { return Raw(w, "a\tb\nc", st) }},
		{"value", "{\n  ␛[36m\"a\": ␛[35m1.10␛[0m\n}\n", "{\n  \"a\": 1.10\n}\n", func(w io.Writer, st *Style) error { return Value(w, []byte(`{"a":1.10}`), st) }},
		{"empty string value", "␛[32m\"\"␛[0m\n", "\"\"\n", func(w io.Writer, st *Style) error { return Value(w, []byte(`""`), st) }},
	} {
		if got := drawn(t, func(w io.Writer) error { return c.f(w, colourScreen()) }); got != c.want {
			t.Errorf("%s in colour: got %q, want %q", c.name, got, c.want)
		}
		if got := drawn(t, func(w io.Writer) error { return c.f(w, nil) }); got != c.plain {
			t.Errorf("%s plain: got %q, want %q", c.name, got, c.plain)
		}
	}
}

// Everything that a server can word comes out cleaned on a screen (T2) and as it
// was in a pipe.
func TestOutsideTextIsCleaned(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(w io.Writer, st *Style) error
	}{
		{"reason", func(w io.Writer, st *Style) error { return Status(w, StatusLine{Code: 200, Reason: hostile}, st) }},
		{"protocol", func(w io.Writer, st *Style) error { return Status(w, StatusLine{Code: 200, Proto: hostile}, st) }},
		{"target", func(w io.Writer, st *Style) error { return Summary(w, "GET", hostile, StatusLine{Code: 200}, st) }},
		{"header name", func(w io.Writer, st *Style) error { return Headers(w, []Field{{hostile, "x"}}, st) }},
		{"header value", func(w io.Writer, st *Style) error { return Headers(w, []Field{{"Set-Cookie", hostile}}, st) }},
		{"request target", func(w io.Writer, st *Style) error { return Request(w, RequestHead{Method: "GET", Target: hostile}, st) }},
		{"response", func(w io.Writer, st *Style) error { return Response(w, ResponseHead{Reason: hostile}, st) }},
		{"notice", func(w io.Writer, st *Style) error { return Notice(w, "302 → "+hostile, st) }},
		{"hint", func(w io.Writer, st *Style) error { return Hint(w, "‹"+hostile+"›", st) }},
		{"error", func(w io.Writer, st *Style) error { return Error(w, "get", hostile, st) }},
		{"error prefix", func(w io.Writer, st *Style) error { return Error(w, hostile, "x", st) }},
		{"table", func(w io.Writer, st *Style) error { return WriteTable(w, Table{Rows: [][]string{{hostile}}}, st) }},
		{"raw string", func(w io.Writer, st *Style) error { return Raw(w, hostile, st) }},
		{"value", func(w io.Writer, st *Style) error { return Value(w, []byte(hostile), st) }},
	} {
		wide := NewStyle(Options{Screen: true, Width: 1000})
		if got := drawn(t, func(w io.Writer) error { return c.f(w, wide) }); !strings.Contains(got, hostileDrawn) {
			t.Errorf("%s on a screen: got %q", c.name, got)
		}
		if got := drawn(t, func(w io.Writer) error { return c.f(w, pipe()) }); !strings.Contains(got, strings.ReplaceAll(hostile, "\x1b", "␛")) {
			t.Errorf("%s in a pipe: got %q", c.name, got)
		}
	}
	if got := drawn(t, func(w io.Writer) error { return Headers(w, []Field{{"A", "b\x1bc"}}, colourScreen()) }); got != "␛[36mA␛[0m: b␛[2m\\x1b␛[22mc\n" {
		t.Errorf("escapes are not dim: %q", got)
	}
}

func TestCaret(t *testing.T) {
	long := strings.Repeat("abcdefghij", 10)
	for _, c := range []struct {
		name, in string
		col      int
		msg      string
		want     string
	}{
		{"plain", ".name", 1, "pick one first: ‹.0.name›   each: .[].name", "  .name\n   ^\n  pick one first: .0.name   each:\n  .[].name\n"},
		{"short", ".name", 1, "first: ‹.0.name›", "  .name\n   ^ first: .0.name\n"},
		{"start", "abc", 0, "", "  abc\n  ^\n"},
		{"end", "abc", 3, "more", "  abc\n     ^ more\n"},
		{"outside", "abc", 9, "", "  abc\n     ^\n"},
		{"before", "abc", -1, "", "  abc\n  ^\n"},
		{"empty", "", 0, "", "  \n  ^\n"},
		{"wide", "東京|x", len("東京|"), "", "  東京|x\n       ^\n"},
		{"tab", "a\tb", 2, "", "  a\\tb\n     ^\n"},
		{"control", "\x1b[2Jb", 4, "", "  \\x1b[2Jb\n         ^\n"},
		{"second line", "one\ntwo\nthree", 6, "here", "  two\n    ^ here\n"},
		{"line end", "one\ntwo", 3, "", "  one\n     ^\n"},
		{"long, near the start", long, 3, "", "  abcdefghijabcdefghijabcdefghijabcdef…\n     ^\n"},
		{"long, in the middle", long, 50, "", "  …hijabcdefghijabcdefghijabcdefghijab…\n                          ^\n"},
		{"long, at the end", long, 100, "", "  …hijabcdefghijabcdefghij\n                          ^\n"},
	} {
		got := drawn(t, func(w io.Writer) error { return Caret(w, c.in, c.col, c.msg, plainScreen()) })
		if got != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
	if got := drawn(t, func(w io.Writer) error { return Caret(w, "ab", 1, "x", colourScreen()) }); got != "  ab\n   ␛[31m^␛[0m x\n" {
		t.Errorf("in colour: %q", got)
	}
	for width := 1; width < 12; width++ { // no width is too small
		st := NewStyle(Options{Screen: true, Width: width})
		drawn(t, func(w io.Writer) error { return Caret(w, "東京"+long, 30, "x", st) })
	}
}

func TestWriteTable(t *testing.T) {
	rows := [][]string{{"base", "https://api.github.com"}, {"answers", "14 kept"}, {"city", "東京"}, {"none"}}
	for _, c := range []struct {
		name, want string
		t          Table
		st         *Style
	}{
		{"labels", "␛[2mbase␛[0m     https://api.github.com\n␛[2manswers␛[0m  14 kept\n␛[2mcity␛[0m     東京\n␛[2mnone␛[0m\n", Table{Rows: rows, Labels: true}, colourScreen()},
		{"plain", "base     https://api.github.com\nanswers  14 kept\ncity     東京\nnone\n", Table{Rows: rows, Labels: true}, nil},
		{"head and right", " n  name\n 1  a\n20  b\n", Table{Head: []string{"n", "name"}, Rows: [][]string{{"1", "a"}, {"20", "b"}}, Right: []bool{true}}, nil},
		{"head dim", "␛[2mn␛[0m  ␛[2mname␛[0m\n1  a\n", Table{Head: []string{"n", "name"}, Rows: [][]string{{"1", "a"}}}, colourScreen()},
		{"wide cells", "東京  x\nab    y\n", Table{Rows: [][]string{{"東京", "x"}, {"ab", "y"}}}, nil},
		{"cut to the screen", "name  " + strings.Repeat("x", 33) + "…\n", Table{Rows: [][]string{{"name", strings.Repeat("x", 100)}}}, plainScreen()},
		{"not cut in a pipe", "name  " + strings.Repeat("x", 100) + "\n", Table{Rows: [][]string{{"name", strings.Repeat("x", 100)}}}, pipe()},
		{"empty", "", Table{}, nil},
	} {
		if got := drawn(t, func(w io.Writer) error { return WriteTable(w, c.t, c.st) }); got != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
}

func BenchmarkNewStyle(b *testing.B) {
	for b.Loop() {
		NewStyle(Options{Colour: true})
	}
}
