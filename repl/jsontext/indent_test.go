package jsontext

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
)

// indentText runs text through an Indenter in pieces of at most n bytes; 0 is one piece.
func indentText(o IndentOptions, text string, n int) (string, *Indenter) {
	var out bytes.Buffer
	x := NewIndenter(&out, o)
	for rest := text; rest != ""; {
		size := len(rest)
		if n > 0 {
			size = min(n, size)
		}
		x.Write([]byte(rest[:size]))
		rest = rest[size:]
	}
	x.Close()
	return out.String(), x
}

func indentPaint() IndentPalette {
	return IndentPalette{Key: []byte("<k>"), String: []byte("<s>"), Number: []byte("<n>"), Literal: []byte("<l>"), Off: []byte("</>")}
}

func TestIndenter(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"object", `{"a":1,"b":[true,null]}`, "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ]\n}\n"},
		{"white space", " {\n\t\"a\" : \r\n1 } ", "{\n  \"a\": 1\n}\n"},
		{"empty containers", `[{},[],{"a":{}}]`, "[\n  {},\n  [],\n  {\n    \"a\": {}\n  }\n]\n"},
		{"empty with blanks", "[ ]", "[]\n"},
		{"scalars", `"x"`, "\"x\"\n"},
		{"number", `-1.5e+10`, "-1.5e+10\n"},
		{"numbers as received", `[12345678901234567890,1.10,1e400,-0.0,1E5]`,
			"[\n  12345678901234567890,\n  1.10,\n  1e400,\n  -0.0,\n  1E5\n]\n"},
		{"duplicates and order", `{"b":1,"a":2,"b":3}`, "{\n  \"b\": 1,\n  \"a\": 2,\n  \"b\": 3\n}\n"},
		{"escapes as received", `["\u001b]0;x\u0007","\/\"\\\b\f\n\r\t\ud83d"]`, "[\n  \"\\u001b]0;x\\u0007\",\n  \"\\/\\\"\\\\\\b\\f\\n\\r\\t\\ud83d\"\n]\n"},
		{"several values", "{\"a\":1}\n[2]\n3 true \"x\"\"y\"{}", "{\n  \"a\": 1\n}\n[\n  2\n]\n3\ntrue\n\"x\"\n\"y\"\n{}\n"},
		{"nothing", "", ""},
		{"only blanks", " \n", ""},
		{"UTF-8", `{"größe":"東京"}`, "{\n  \"größe\": \"東京\"\n}\n"},
	} {
		for _, n := range []int{0, 1, 3} {
			got, x := indentText(IndentOptions{}, c.in, n)
			if got != c.want {
				t.Errorf("%s in pieces of %d: got %q, want %q", c.name, n, got, c.want)
			}
			if at, bad := x.Bad(); bad {
				t.Errorf("%s: bad at %d", c.name, at)
			}
		}
	}
}

func TestIndenterColours(t *testing.T) {
	in := `{"a":"x","b":[1,true],"c":{"d":null},"e":{}}`
	want := "{\n  <k>\"a\": <s>\"x\"</>,\n  <k>\"b\": </>[\n    <n>1</>,\n    <l>true</>\n  ],\n  <k>\"c\": </>{\n    <k>\"d\": <l>null</>\n  },\n  <k>\"e\": </>{}\n}\n"
	for _, n := range []int{0, 1} {
		if got, _ := indentText(IndentOptions{Palette: indentPaint()}, in, n); got != want {
			t.Errorf("pieces of %d: got %q, want %q", n, got, want)
		}
	}
	if got, _ := indentText(IndentOptions{Palette: IndentPalette{Key: []byte("<k>"), Off: []byte("</>")}}, `{"a":1}`, 0); got != "{\n  <k>\"a\": </>1</>\n}\n" {
		t.Errorf("a kind without colour: got %q", got)
	}
}

func TestIndenterWidth(t *testing.T) {
	if got, _ := indentText(IndentOptions{Indent: 4}, `[[1]]`, 0); got != "[\n    [\n        1\n    ]\n]\n" {
		t.Errorf("four blanks: got %q", got)
	}
}

func TestIndenterBad(t *testing.T) {
	for _, c := range []struct {
		in   string
		at   int64
		want string
	}{
		{`{"a":1,}`, 7, "{\n  \"a\": 1,\n  }\n"},
		{`[1 2]`, 3, "[\n  12]\n"},
		{`[01]`, 2, "[\n  01]\n"},
		{`01`, 1, "0\n1\n"},
		{`[1.]`, 3, "[\n  1.]\n"},
		{`[-]`, 2, "[\n  -]\n"},
		{`[nulx]`, 4, "[\n  nulx]\n"},
		{`[NaN]`, 1, "[\n  NaN]\n"},
		{`"\x"`, 2, "\"\\x\"\n"},
		{`"\u12g4"`, 5, "\"\\u12g4\"\n"},
		{"\"a\nb\"", 2, "\"a\nb\"\n"},
		{`{1:2}`, 1, "{1:2}\n"},
		{`{"a" 1}`, 5, "{\n  \"a\"1}\n"},
		{`[1}`, 2, "[\n  1}\n"},
		{`]`, 0, "]\n"},
		{`,`, 0, ",\n"},
		{`[1,]`, 3, "[\n  1,\n  ]\n"},
		{`{}}`, 2, "{}\n}\n"},
		{`<html>`, 0, "<html>\n"},
		{")]}'\n{}", 0, ")]}'\n{}\n"},
		{`{"a":`, 5, "{\n  \"a\": \n"},
		{`{"a`, 3, "{\n  \"a\n"},
		{`[1`, 2, "[\n  1\n"},
		{`-`, 1, "-\n"},
		{`tru`, 3, "tru\n"},
		{`truex`, 4, "true\nx\n"},
		{`1,2`, 1, "1\n,2\n"},
	} {
		for _, n := range []int{0, 1} {
			got, x := indentText(IndentOptions{}, c.in, n)
			at, bad := x.Bad()
			if !bad || at != c.at || got != c.want {
				t.Errorf("%q in pieces of %d: bad %v at %d, drawn %q; want it bad at %d, drawn %q", c.in, n, bad, at, got, c.at, c.want)
			}
		}
	}
}

func TestIndenterDepth(t *testing.T) {
	deep := strings.Repeat("[", MaxDepth)
	x := NewIndenter(io.Discard, IndentOptions{})
	io.WriteString(x, deep+strings.Repeat("]", MaxDepth))
	if x.Close(); x.bad >= 0 {
		t.Errorf("depth %d is bad at %d, want it drawn", MaxDepth, x.bad)
	}
	x = NewIndenter(io.Discard, IndentOptions{})
	io.WriteString(x, deep+"[1]"+strings.Repeat("]", MaxDepth))
	x.Close()
	if at, bad := x.Bad(); !bad || at != MaxDepth {
		t.Errorf("one deeper: bad %v at %d, want it bad at %d", bad, at, MaxDepth)
	}
}

func TestIndenterCounts(t *testing.T) {
	for _, c := range []struct {
		in     string
		values int64
		kind   byte
		items  int64
	}{
		{`[]`, 1, '[', 0}, {`[ [1,2] , {"a":1,"b":2} , 3 ]`, 1, '[', 3}, {`{"a":[1,2],"b":{}}`, 1, '{', 2}, {`{}`, 1, '{', 0},
		{`1`, 1, 0, 0}, {"[1,2]\n[3]\n4", 3, '[', 2}, {``, 0, 0, 0}, {`"a,b"`, 1, 0, 0}, {"1 true null", 3, 0, 0},
	} {
		_, x := indentText(IndentOptions{}, c.in, 1)
		if v, k, n := x.Counts(); v != c.values || k != c.kind || n != c.items {
			t.Errorf("%s: %d values, kind %q, %d items; want %d, %q, %d", c.in, v, k, n, c.values, c.kind, c.items)
		}
	}
}

// stopAfter says ErrStop once n bytes have been written.
type stopAfter struct {
	n    int
	seen bytes.Buffer
}

func (s *stopAfter) Write(p []byte) (int, error) {
	s.seen.Write(p)
	if s.seen.Len() > s.n {
		return len(p), ErrStop
	}
	return len(p), nil
}

func TestIndenterStopCountsOn(t *testing.T) {
	text := `[{"a":"x,]\"y","b":[1,2,3]},"s\\",4,[[],{}],null ]` + "\n{\"c\":[5,6]} 7 true\n[8]"
	_, whole := indentText(IndentOptions{}, text, 0)
	values, kind, items := whole.Counts()
	for n := range len(text) {
		w := &stopAfter{n: n}
		x := NewIndenter(w, IndentOptions{})
		for i := range len(text) {
			if k, err := x.Write([]byte(text[i : i+1])); k != 1 || err != nil {
				t.Fatalf("stopped after %d: Write gives %d, %v", n, k, err)
			}
		}
		if err := x.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
		if v, k, c := x.Counts(); v != values || k != kind || c != items {
			t.Errorf("stopped after %d bytes: %d values, %q, %d items; want %d, %q, %d", n, v, k, c, values, kind, items)
		}
		if x.Stopped() != (w.seen.Len() > n) {
			t.Errorf("stopped after %d bytes: Stopped is %v", n, x.Stopped())
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestIndenterWriteError(t *testing.T) {
	x := NewIndenter(brokenWriter{}, IndentOptions{})
	if n, err := x.Write([]byte("[1]")); n != 0 || err != io.ErrClosedPipe {
		t.Errorf("Write gives %d, %v; want 0, %v", n, err, io.ErrClosedPipe)
	}
	if err := x.Close(); err != io.ErrClosedPipe {
		t.Errorf("Close gives %v, want %v", err, io.ErrClosedPipe)
	}
}

func TestIndenterMemory(t *testing.T) {
	x := NewIndenter(io.Discard, IndentOptions{})
	io.WriteString(x, `["`)
	piece := bytes.Repeat([]byte("x"), 1<<20)
	for range 16 {
		x.Write(piece)
	}
	if cap(x.out) > 1<<20 {
		t.Errorf("a string of 16 MB made a buffer of %d bytes", cap(x.out))
	}
}

// cleanPairs stands for a cleaner that looks at two bytes together: it draws
// control bytes as dots and "éé" as "2".
func cleanPairs(dst, b []byte) []byte {
	for i := 0; i < len(b); i++ {
		switch {
		case bytes.HasPrefix(b[i:], []byte("éé")):
			dst = append(dst, '2')
			i += 3
		case b[i] < 0x20 && b[i] != '\n' || b[i] == 0x7f:
			dst = append(dst, '.')
		default:
			dst = append(dst, b[i])
		}
	}
	return dst
}

// holdPairs holds back whatever may be the beginning of "éé".
func holdPairs(b []byte) int {
	for n := min(3, len(b)); n > 0; n-- {
		if strings.HasPrefix("éé", string(b[len(b)-n:])) {
			// An é that ends another pair is no beginning.
			head := b[:len(b)-n]
			if pairs := len(head) - len(bytes.TrimRight(head, "é")); n >= 2 && pairs/2%2 == 1 {
				return n - 2
			}
			return n
		}
	}
	return 0
}

func TestIndenterCleans(t *testing.T) {
	o := IndentOptions{Clean: cleanPairs, Hold: holdPairs}
	for _, c := range []struct{ in, want string }{
		{"{\"a\x7f\":\"éé\"}", "{\n  \"a.\": \"2\"\n}\n"},
		{"[\"a\x01b\"]\x02", "[\n  \"a.b\"].\n"},
		{"x éé\x1b", "x 2.\n"},
		{`"é"`, "\"é\"\n"},
		{`"é`, "\"é\n"},
	} {
		for _, n := range []int{0, 1, 2, 3} {
			if got, _ := indentText(o, c.in, n); got != c.want {
				t.Errorf("%q in pieces of %d: got %q, want %q", c.in, n, got, c.want)
			}
		}
	}
	// A group of runes on the border of a window.
	for pad := indentWindow - 12; pad < indentWindow+4; pad++ {
		in := `"` + strings.Repeat("x", pad) + `éé"`
		if got, _ := indentText(o, in, 0); got != strings.Replace(in, "éé", "2", 1)+"\n" {
			t.Errorf("pair after %d bytes: got %q at the end", pad, got[len(got)-8:])
		}
	}
}

func FuzzIndenter(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e3,true,null,"x\u00e9\n"],"b":{}}`, "1 2", "01", `{"a":1,}`, "[\"\x01\"]", "\"é\x80\"", "[[],{}]x", `"\`,
		"-", "tru", "\"\x7féé\"", "{}{}", "1\"a\""} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = max(n&15, 1)
		for _, o := range []IndentOptions{{}, {Palette: indentPaint()}, {Clean: cleanPairs, Hold: holdPairs}} {
			whole, x := indentText(o, s, 0)
			pieces, y := indentText(o, s, n)
			if whole != pieces {
				t.Fatalf("%q whole: %q; in pieces of %d: %q", s, whole, n, pieces)
			}
			if x.bad != y.bad || x.bad > int64(len(s)) {
				t.Fatalf("%q: bad at %d whole, at %d in pieces of %d", s, x.bad, y.bad, n)
			}
			values, kind, items := x.Counts()
			valid := x.bad < 0 && values == 1
			if valid != json.Valid([]byte(s)) {
				t.Fatalf("%q: taken as valid %v, encoding/json says %v", s, valid, !valid)
			}
			if valid && o.Clean == nil {
				checkIndented(t, s, whole, kind, items)
			}
		}
	})
}

// checkIndented compares with encoding/json, whose Indent differs only in empty containers.
func checkIndented(t *testing.T, s, got string, kind byte, items int64) {
	t.Helper()
	plain := strings.NewReplacer("<k>", "", "<s>", "", "<n>", "", "<l>", "", "</>", "").Replace(got)
	var want, compact bytes.Buffer
	if strings.Contains(s, "<") {
		return // the marks cannot be told from the text
	}
	json.Compact(&compact, []byte(s))
	json.Indent(&want, compact.Bytes(), "", "  ")
	if want.WriteByte('\n'); plain != want.String() {
		t.Fatalf("%q: got %q, want %q", s, plain, want.String())
	}
	if kind == '[' {
		var list []json.RawMessage
		if json.Unmarshal([]byte(s), &list); int64(len(list)) != items {
			t.Fatalf("%q: %d items, want %d", s, items, len(list))
		}
	}
}
