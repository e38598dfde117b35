package jsontext

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
)

func TestField(t *testing.T) {
	for _, tt := range []struct {
		in, key, want string
		ok            bool
	}{
		{`{"a":1,"b":[2]}`, "b", "[2]", true},
		{` { "a" : 1.10 , "b" : 2 } `, "a", "1.10", true},
		{`{"a":1,"a":2}`, "a", "2", true},
		{`{"a":1}`, "c", "", false},
		{`{}`, "a", "", false},
		{`{"\u0061":"x"}`, "a", `"x"`, true},
		{`{"a\\b":1,"a\b":2}`, `a\b`, "1", true},
		{`{"a\\b":1,"a\b":2}`, "a\b", "2", true},
		{`{"a\"b":"\"}"}`, `a"b`, `"\"}"`, true},
		{"{\"\xff\":1}", "\uFFFD", "1", true},
		{`{"":0}`, "", "0", true},
	} {
		start, end, ok, err := Field([]byte(tt.in), 0, tt.key)
		if err != nil || ok != tt.ok || tt.in[start:end] != tt.want {
			t.Errorf("Field(%s, %q): got %q, %t, %v, want %q", tt.in, tt.key, tt.in[start:end], ok, err, tt.want)
		}
	}
}

func TestIndex(t *testing.T) {
	long := "["
	for i := range 40 {
		long += fmt.Sprintf("%d,", i)
	}
	long += "40]"
	for _, tt := range []struct {
		in   string
		n    int
		want string
		ok   bool
	}{
		{`[1,"two",[3]]`, 0, "1", true},
		{`[1,"two",[3]]`, 2, "[3]", true},
		{`[1,"two",[3]]`, 3, "", false},
		{`[1,"two",[3]]`, -1, "[3]", true},
		{`[1,"two",[3]]`, -3, "1", true},
		{`[1,"two",[3]]`, -4, "", false},
		{`[]`, 0, "", false},
		{`[]`, -1, "", false},
		{long, -16, "25", true},
		{long, -17, "24", true},
		{long, -41, "0", true},
		{long, -42, "", false},
		{long, math.MinInt, "", false},
		{`[1, oops`, 0, "1", true}, // what stands behind is not looked at
	} {
		start, end, ok, err := Index([]byte(tt.in), 0, tt.n)
		if err != nil || ok != tt.ok || tt.in[start:end] != tt.want {
			t.Errorf("Index(%s, %d): got %q, %t, %v, want %q", tt.in, tt.n, tt.in[start:end], ok, err, tt.want)
		}
	}
}

func TestFindErrors(t *testing.T) {
	for _, in := range []string{``, `1`, `{"a":1`, `{"a"`, `{"a":`, `{"a" 1}`, `{a:1}`, `{"a":1 "b":2}`, `[1 2]`, `[1,`, `["a`, `[{]`, `[tru]`, `[1}`} {
		if _, err := Length([]byte(in), 0); err == nil {
			t.Errorf("Length(%q): got no error", in)
		}
	}
}

func TestEachGivesNames(t *testing.T) {
	var got string
	end, err := Each([]byte(` {"a":1,"\u0062" : [2]}x`), 0, func(key []byte, s, e int) bool {
		got += string(key) + "=" + string([]byte(` {"a":1,"\u0062" : [2]}x`)[s:e]) + ";"
		return true
	})
	if want := `"a"=1;"\u0062"=[2];`; err != nil || end != 23 || got != want {
		t.Errorf("got %s, %d, %v, want %s", got, end, err, want)
	}
}

func TestQuoteAndUnquote(t *testing.T) {
	for _, s := range []string{"", "a", `"`, `\`, "\b\f\n\r\t\x00\x1f\x7f", "naïve 日本 😀", "\u2028<>&", "a long run of plain text, then \" one"} {
		raw := AppendQuote(nil, s)
		if !json.Valid(raw) {
			t.Errorf("AppendQuote(%q): got %s, which is no JSON", s, raw)
		}
		if got, err := Unquote(raw); err != nil || got != s {
			t.Errorf("Unquote(%s): got %q, %v, want %q", raw, got, err, s)
		}
	}
	if got := string(AppendQuote(nil, "a\xffb")); got != `"a\ufffdb"` {
		t.Errorf("invalid UTF-8: got %s", got)
	}
	for _, raw := range []string{``, `"`, `a`, `"\"`, `"\u12"`, `"a"b"`, "\"\n\""} {
		if got, err := Unquote([]byte(raw)); err == nil {
			t.Errorf("Unquote(%q): got %q, want an error", raw, got)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s), "a", 1)
	}
	f.Fuzz(func(t *testing.T, b []byte, key string, n int) {
		v, refErr := reference(b)
		start, end, ok, err := Field(b, 0, key)
		m, isObject := v.(map[string]any)
		if refErr == nil && isObject {
			want, has := m[key]
			checkFound(t, b, start, end, ok, err, want, has)
		}
		start, end, ok, err = Index(b, 0, n)
		if list, isList := v.([]any); refErr == nil && isList {
			at := n
			if at < 0 {
				at += len(list)
			}
			if at >= 0 && at < len(list) {
				checkFound(t, b, start, end, ok, err, list[at], true)
			} else {
				checkFound(t, b, start, end, ok, err, nil, false)
			}
			if got, err := Length(b, 0); err != nil || got != len(list) {
				t.Errorf("Length(%q): got %d, %v, want %d", b, got, err, len(list))
			}
		}
		if s, err := Unquote(b); err == nil {
			if back, err := Unquote(AppendQuote(nil, s)); err != nil || back != s {
				t.Errorf("Unquote(AppendQuote(%q)): got %q, %v", s, back, err)
			}
		}
	})
}

func checkFound(t *testing.T, b []byte, start, end int, ok bool, err error, want any, has bool) {
	t.Helper()
	if err != nil || ok != has {
		t.Fatalf("in %q: got %t, %v, want %t", b, ok, err, has)
	}
	if !has {
		return
	}
	got, err := reference(b[start:end])
	if err != nil || fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", want) {
		t.Fatalf("in %q: got %s, %v, want %#v", b, b[start:end], err, want)
	}
}

func TestAppendCompact(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{" { \"a b\" : [ 1.10 ,\n\t2 ] } ", `{"a b":[1.10,2]}`},
		{`{"a":1}`, `{"a":1}`},
		{`"\" \\"`, `"\" \\"`},
		{`["open `, `["open `},
		{"", ""},
	} {
		if got := string(AppendCompact([]byte(">"), []byte(tt.in))); got != ">"+tt.want {
			t.Errorf("AppendCompact(%q): got %s, want >%s", tt.in, got, tt.want)
		}
	}
}
