package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"
)

// drawBody draws a body in pieces of at most n bytes; 0 is one piece.
func drawBody(t *testing.T, contentType, body string, st *Style, lim Limits, n int) (string, Shown) {
	t.Helper()
	var out bytes.Buffer
	b := NewBody(&out, BodyInfo{ContentType: contentType, Length: -1}, st, lim)
	for rest := body; rest != ""; {
		size := len(rest)
		if n > 0 {
			size = min(n, size)
		}
		if k, err := b.Write([]byte(rest[:size])); k != size || err != nil {
			t.Fatalf("Write of %d bytes gives %d, %v", size, k, err)
		}
		rest = rest[size:]
	}
	if err := b.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	return strings.ReplaceAll(out.String(), "\x1b", "␛"), b.Shown()
}

// utf16Text returns s in UTF-16.
func utf16Text(s string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func TestBodyOnScreen(t *testing.T) {
	for _, c := range []struct{ name, typ, in, want string }{
		{"JSON", "application/json; charset=utf-8", `{"a":[1]}`, "{\n  \"a\": [\n    1\n  ]\n}\n"},
		{"problem", "application/problem+json", `{"a":1}`, "{\n  \"a\": 1\n}\n"},
		{"lines of JSON", "application/x-ndjson", "{\"a\":1}\n[]\n", "{\n  \"a\": 1\n}\n[]\n"},
		{"JSON without a type", "", ` [1,2]`, "[\n  1,\n  2\n]\n"},
		{"JSON as plain text", "text/plain", `{"a":1}`, "{\n  \"a\": 1\n}\n"},
		{"a log is not JSON", "", "[INFO] started\n", "[INFO] started\n"},
		{"type in capitals", "Application/JSON", `[]`, "[]\n"},
		{"broken JSON", "application/json", `{"a":1,}`, "{\n  \"a\": 1,\n  }\n[ not JSON from byte 7 on; that is shown as it came ]\n"},
		{"cut JSON", "application/json", `{"a":`, "{\n  \"a\": \n[ the JSON ends too early ]\n"},
		{"HTML as JSON", "application/json", "<p>\r\n", "<p>\n[ not JSON from byte 0 on; that is shown as it came ]\n"},
		{"mark before JSON", "application/json", "\ufeff{}", "\\ufeff\n{}\n"},
		{"text", "text/html", "<p>\r\nx\ty</p>", "<p>\nx\ty</p>\n"},
		{"empty", "application/json", "", ""},
		{"events", "text/event-stream", "data: {}\n\n", "data: {}\n\n"},
		{"hostile text", "text/plain", hostile, hostileDrawn + "\n"},                                                       // T1, T3, T4
		{"hostile JSON string", "application/json", `["` + "\u202e\u009b\x7f" + `"]`, "[\n  \"\\u202e\\u009b\\x7f\"\n]\n"}, // T4
		{"escapes in JSON stay", "application/json", `"\u001b]0;x\u0007"`, `"\u001b]0;x\u0007"` + "\n"},                    // T5
		{"control byte in JSON", "application/json", "[\"a\x1b[2J\"]", "[\n  \"a\\x1b[2J\"]\n[ not JSON from byte 3 on; that is shown as it came ]\n"},
		{"picture", "image/png", "\x89PNG\r\n", "binary, 6 B, image/png · save it: save FILE\n"},
		{"drawing", "image/svg+xml", "<svg/>", "<svg/>\n"},
		{"NUL in text", "text/plain", "a\x00b", "binary, 3 B, text/plain · save it: save FILE\n"}, // T7
		{"no type, NUL", "", "\x00\x01", "binary, 2 B · save it: save FILE\n"},
		{"bytes that read as text", "application/octet-stream", "hello\n", "hello\n"},
		{"bytes that do not", "application/octet-stream", "\x01\x02\xff\xfehello", "binary, 9 B, application/octet-stream · save it: save FILE\n"},
		{"hostile type", "image/\x1b[2J‹x›", "x", "binary, 1 B, image/\\x1b[2jx · save it: save FILE\n"},
		{"Latin-1", "text/plain; charset=ISO-8859-1", "caf\xe9 \x80 \x93q\x94 \x81", "café € “q” \\u0081\n"}, // T8
		{"Latin-1, but UTF-8", "text/plain; charset=iso-8859-1", "café", "café\n"},
		{"UTF-8, but Latin-1", `text/plain; charset="utf-8"`, "caf\xe9", "caf\\xe9\n"},
		{"no charset, Latin-1", "text/plain", "caf\xe9", "caf\\xe9\n"},
		{"UTF-16 with a mark", "text/plain", "\xff\xfe" + utf16Text("größe 東京 😀\r\n", false), "größe 東京 😀\n"},
		{"UTF-16 declared", "text/plain; charset=utf-16be", utf16Text("größe", true), "größe\n"},
		{"UTF-16LE declared", "text/plain; charset=UTF-16LE", utf16Text("größe", false), "größe\n"},
		{"UTF-16, but UTF-8", "text/plain; charset=utf-16", "größe", "größe\n"},
		{"UTF-16, lone surrogate, odd end", "text/plain", "\xfe\xff\xd8\x00\x00a\x00", "\ufffda\ufffd\n"},
		{"JSON in UTF-16", "application/json", "\xfe\xff" + utf16Text(`{"ä":1}`, true), "{\n  \"ä\": 1\n}\n"},
		{"numbers as received", "application/json", `[12345678901234567890,1.10,1e400,{"b":1,"a":2,"b":3}]`, // T13
			"[\n  12345678901234567890,\n  1.10,\n  1e400,\n  {\n    \"b\": 1,\n    \"a\": 2,\n    \"b\": 3\n  }\n]\n"},
		{"keycap in JSON", "application/json", "[\"abcde1\ufe0f\u20e3\"]", "[\n  \"abcde1\ufe0f\u20e3\"\n]\n"},
		{"family at any border", "text/plain", "👨\u200d👩\u200d👧 1\ufe0f\u20e3\r\n", "👨\u200d👩\u200d👧 1\ufe0f\u20e3\n"},
	} {
		got, _ := drawBody(t, c.typ, c.in, plainScreen(), Limits{}, 0)
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if len(c.in) < 8 || strings.HasPrefix(c.name, "NUL") {
			continue // the first piece decides
		}
		if pieces, _ := drawBody(t, c.typ, c.in, plainScreen(), Limits{}, 7); pieces != got {
			t.Errorf("%s in pieces: got %q, want %q", c.name, pieces, got)
		}
	}
}

// A pipe gets the bytes of the body and nothing else (T6).
func TestBodyInPipe(t *testing.T) {
	for _, typ := range []string{"application/json", "image/png", "text/plain; charset=utf-16", ""} {
		for _, body := range []string{`{"a":1}`, hostile, "a\x00b", "\xff\xfea\x00", "no newline", ""} {
			if got, _ := drawBody(t, typ, body, pipe(), Limits{Lines: 1}, 2); got != strings.ReplaceAll(body, "\x1b", "␛") {
				t.Errorf("%s: %q came out as %q", typ, body, got)
			}
		}
	}
	pretty := NewStyle(Options{Pretty: true, Colour: true})
	if got, _ := drawBody(t, "application/json", "{\"a\":\"\u202e\"}", pretty, Limits{}, 0); got != "{\n  ␛[36m\"a\": ␛[32m\"\u202e\"␛[0m\n}\n" {
		t.Errorf("pretty in a pipe: got %q", got)
	}
	if got, _ := drawBody(t, "image/png", "\x00\x1b", pretty, Limits{}, 0); got != "\x00␛" {
		t.Errorf("binary, pretty in a pipe: got %q", got)
	}
	plain := NewStyle(Options{Screen: true})
	if got, _ := drawBody(t, "application/json", "{\"a\":\x1b1}", plain, Limits{}, 0); got != "{\"a\":\\x1b1}\n" {
		t.Errorf("JSON on a screen that is not pretty: got %q", got)
	}
}

func TestBodyColours(t *testing.T) {
	got, _ := drawBody(t, "application/json", `{"a":"x`+"\u202e"+`y","b":[1,null]}`, colourScreen(), Limits{}, 0)
	want := "{\n  ␛[36m\"a\": ␛[32m\"x␛[2m\\u202e␛[22my\"␛[0m,\n  ␛[36m\"b\": ␛[0m[\n    ␛[35m1␛[0m,\n    ␛[33mnull␛[0m\n  ]\n}\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBodyLimit(t *testing.T) {
	list := "[" + strings.Repeat(`{"id":1},`, 29) + `{"id":2}]`
	got, shown := drawBody(t, "application/json", list, plainScreen(), Limits{Lines: 4}, 0)
	if want := "[\n  {\n    \"id\": 1\n  },\n[ 30 items, 271 B; showing the first 4 lines ]\n"; got != want {
		t.Errorf("list: got %q, want %q", got, want)
	}
	if want := (Shown{Lines: 4, Bytes: int64(len(list)), Cut: true, Kind: '[', Items: 30, Bad: -1}); shown != want {
		t.Errorf("list: shown %+v, want %+v", shown, want)
	}
	note := func(s Shown) string { return fmt.Sprintf("%d items · ‹body›: all of it", s.Items) }
	got, _ = drawBody(t, "application/json", list, colourScreen(), Limits{Lines: 1, Note: note}, 5)
	if want := "[\n␛[2m[ 30 items · ␛[0mbody␛[2m: all of it ]␛[0m\n"; got != want {
		t.Errorf("own note: got %q, want %q", got, want)
	}
	got, shown = drawBody(t, "text/plain", "a\nb\n", plainScreen(), Limits{Lines: 3}, 0)
	if got != "a\nb\n" || shown.Cut {
		t.Errorf("short text: got %q, cut %v", got, shown.Cut)
	}
	got, _ = drawBody(t, "text/plain", "a\nb\nc\nd", plainScreen(), Limits{Lines: 3}, 0)
	if want := "a\nb\nc\n[ 7 B; showing the first 3 lines ]\n"; got != want {
		t.Errorf("text: got %q, want %q", got, want)
	}
}

// A line that wraps is counted as the rows it takes, and cut in the last one (L10).
func TestBodyLongLine(t *testing.T) {
	st := plainScreen()
	got, _ := drawBody(t, "text/plain", strings.Repeat("x", 50_000_000), st, Limits{Lines: 3}, 1<<20)
	want := strings.Repeat("x", 120) + "\n… 50 MB more\n[ 50 MB; showing the first 3 lines ]\n"
	if got != want {
		t.Errorf("text: got %.200q, want %q", got, want)
	}
	got, _ = drawBody(t, "application/json", `["`+strings.Repeat("x", 1_000_000)+`"]`, colourScreen(), Limits{Lines: 3}, 0)
	want = "[\n  ␛[32m\"" + strings.Repeat("x", 77) + "␛[0m\n␛[2m… 999.9 kB more␛[0m\n␛[2m[ 1 items, 1 MB; showing the first 3 lines ]␛[0m\n"
	if got != want {
		t.Errorf("JSON: got %.300q, want %q", got, want)
	}
	got, _ = drawBody(t, "text/plain", strings.Repeat("東", 30), st, Limits{Lines: 1}, 0)
	if want := strings.Repeat("東", 20) + "\n… 30 B more\n[ 90 B; showing the first 1 lines ]\n"; got != want {
		t.Errorf("wide: got %q, want %q", got, want)
	}
	got, _ = drawBody(t, "text/plain", strings.Repeat("x", 40)+"\ny\n", st, Limits{Lines: 2}, 0)
	if want := strings.Repeat("x", 40) + "\ny\n"; !strings.HasPrefix(got, want) {
		t.Errorf("a line as wide as the screen takes two rows: got %q", got)
	}
}

// No screen is too narrow (T11).
func TestBodyNarrow(t *testing.T) {
	for width := 1; width < 4; width++ {
		st := NewStyle(Options{Colour: true, Pretty: true, Screen: true, Width: width})
		for _, typ := range []string{"application/json", "text/plain"} {
			got, shown := drawBody(t, typ, "{\"東京\":\t\"x\"}", st, Limits{Lines: 3}, 1)
			if shown.Lines != 3 || !shown.Cut {
				t.Errorf("width %d, %s: %d rows, cut %v: %q", width, typ, shown.Lines, shown.Cut, got)
			}
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestBodyWriteError(t *testing.T) {
	for _, typ := range []string{"application/json", "text/plain"} {
		b := NewBody(brokenPipe{}, BodyInfo{ContentType: typ}, plainScreen(), Limits{})
		if _, err := b.Write([]byte(`["x"]`)); err != io.ErrClosedPipe {
			t.Errorf("%s: Write gives %v, want %v", typ, err, io.ErrClosedPipe)
		}
		if err := b.Close(); err != io.ErrClosedPipe {
			t.Errorf("%s: Close gives %v, want %v", typ, err, io.ErrClosedPipe)
		}
	}
}

// FuzzBody checks that nothing but text, line feeds, tabs and our colours reaches a
// screen, and that pieces make no difference after the first.
func FuzzBody(f *testing.F) {
	for _, typ := range []string{"application/json", "text/plain; charset=utf-16", "text/html; charset=latin1", "", "image/png"} {
		f.Add(typ, hostile, 5)
		f.Add(typ, `{"a":["x`+"\u202e"+`",1]}`, 3)
		f.Add(typ, "\xff\xfea\x00\r\x00\n\x00", 1)
		f.Add(typ, "\xff\xfe", 0)
	}
	f.Fuzz(func(t *testing.T, typ, body string, lines int) {
		lim := Limits{Lines: max(lines&15, 0)}
		got, shown := drawBody(t, typ, body, plainScreen(), lim, 0)
		for i := range len(got) {
			if c := got[i]; c < 0x20 && c != '\n' && c != '\t' || c == 0x7f {
				t.Fatalf("%q as %q: byte %#x drawn in %q", body, typ, c, got)
			}
		}
		if strings.Contains(got, "␛") && !strings.Contains(body+typ, "␛") {
			t.Fatalf("%q as %q: escape drawn in %q", body, typ, got)
		}
		if got != "" && !strings.HasSuffix(got, "\n") {
			t.Fatalf("%q as %q: no newline at the end of %q", body, typ, got)
		}
		if lim.Lines > 0 && shown.Lines > lim.Lines {
			t.Fatalf("%d lines drawn, limit %d", shown.Lines, lim.Lines)
		}
		if strings.Count(body, "\u200c")+strings.Count(body, "\u200d") > 6 {
			return // may be a chain that is longer than what is held
		}
		for _, c := range []struct{ typ, body string }{{"text/css", "text:" + body}, {"application/json", `["é` + body + `"]`}} {
			whole, _ := drawBody(t, c.typ, c.body, plainScreen(), Limits{}, 0)
			pieces, _ := drawBody(t, c.typ, c.body, plainScreen(), Limits{}, 5)
			if whole != pieces && !strings.Contains(body, "\x00") {
				t.Fatalf("%q whole: %q, in pieces: %q", c.body, whole, pieces)
			}
		}
	})
}

func BenchmarkBody(b *testing.B) {
	var list bytes.Buffer
	list.WriteByte('[')
	for id := 0; list.Len() < 10<<20; id++ {
		if id > 0 {
			list.WriteByte(',')
		}
		fmt.Fprintf(&list, `{"id":%d,"name":"parser-%d","private":false,"owner":{"login":"dev-%d","url":"https://api.example.com/users/dev-%d"},"description":"A größe for \"vector\" and more","homepage":null,"score":%g,"topics":["cache","東京"]}`,
			id, id, id, id, float64(id)/997)
	}
	list.WriteByte(']')
	text := bytes.Repeat([]byte("<p>a line of text as pages have it, größe included</p>\r\n"), 10<<20/56)
	for _, c := range []struct {
		name, typ string
		body      []byte
		lim       Limits
	}{{"JSON", "application/json", list.Bytes(), Limits{}}, {"JSONHead", "application/json", list.Bytes(), Limits{Lines: 12}}, {"Text", "text/html", text, Limits{}}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.body)))
			st := colourScreen()
			for b.Loop() {
				w := NewBody(io.Discard, BodyInfo{ContentType: c.typ, Length: int64(len(c.body))}, st, c.lim)
				for rest := c.body; len(rest) > 0; {
					n := min(len(rest), 64<<10)
					w.Write(rest[:n])
					rest = rest[n:]
				}
				w.Close()
			}
		})
	}
}
