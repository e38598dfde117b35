package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
)

// reference decodes with encoding/json: what is valid and what it means.
func reference(b []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more than one value")
	}
	return v, nil
}

// numbersAsText turns the ints that Decode makes into json.Number.
func numbersAsText(v any) any {
	switch v := v.(type) {
	case int:
		b, _ := json.Marshal(v)
		return json.Number(b)
	case []any:
		for i := range v {
			v[i] = numbersAsText(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numbersAsText(v[k])
		}
	}
	return v
}

func decodeOne(b []byte, o Options) (any, error) {
	v, end, err := Decode(b, 0, o)
	if err == nil && end != len(b) {
		err = errors.New("more than one value")
	}
	return v, err
}

var samples = []string{
	`{}`, `[]`, `""`, `0`, `-0`, `-0.0`, `1.10`, `1e400`, `12345678901234567890`, `-999999999999999999`,
	`1.000000000000000000001`, `true`, `false`, `null`, ` [ 1 , 2 ] `, "\t{\"a\" : 1}\n",
	`{"a":1,"b":{"a":2,"c":[]},"a":3}`, `"\u0000"`, `"\ud83d\ude00"`, `"\ud800"`, `"\ud800\u0041"`,
	`"\"\\\/\b\f\n\r\t"`, `"naïve – 日本"`, "\"\xff\xfe\"", `{"\u0061":1}`, `{"a\"b":1}`, `{"":0}`,
	"[{\"a\":1},{\"a\":2},{\"a\":3,\"b\":1},{\"b\":1,\"a\":2}]", `[{"k1":1},{"k2":1},{"k3":1},{"k1":2}]`,
	`[[[[[[[[[]]]]]]]]]`, `{"a":[{"b":[{"c":null}]}]}`,
	// wrong ones
	``, ` `, `{`, `[`, `[1,]`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{a:1}`, `[1 2]`, `01`, `-`, `1.`, `.5`, `1e`, `+1`,
	`tru`, `nul`, `"abc`, `"\x"`, `"\u12"`, "\"a\nb\"", `]`, `[}`, `{]`, `'a'`, `NaN`, `{"a":1}}`, `1 2`, "\x00",
	"\xef\xbb\xbf{}", `)]}'{}`, `<html>`, `[{"a":1},{"a:2}]`, `[{"aa":1},{"a":1,"aa":2}]`,
	"[{\"\\n\\n\xff\":1},{\"\n\n\xef\xbf\xbd\":1}]",
}

func TestDecodeAsEncodingJSON(t *testing.T) {
	for _, s := range samples {
		checkDecode(t, []byte(s))
	}
}

func checkDecode(t *testing.T, b []byte) {
	t.Helper()
	want, wantErr := reference(b)
	order := new(Order)
	for _, o := range []Options{{}, {Order: order}} {
		got, err := decodeOne(b, o)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("Decode(%q): got error %v, want %v", b, err, wantErr)
		}
		if err == nil && !reflect.DeepEqual(numbersAsText(got), want) {
			t.Fatalf("Decode(%q): got %#v, want %#v", b, got, want)
		}
		if err == nil {
			end, err := Skip(b, 0)
			if err != nil || Blank(b, end) != len(b) {
				t.Fatalf("Skip(%q): got %d, %v, want %d", b, end, err, len(b))
			}
		}
	}
}

func TestDecodeNumberText(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want any
	}{
		{"7", 7},
		{"-7", -7},
		{"0", 0},
		{"-0", json.Number("-0")},
		{"1.10", json.Number("1.10")},
		{"1E5", json.Number("1E5")},
		{"999999999", 999999999},
		{"1234567890123456789", json.Number("1234567890123456789")},
		{"12345678901234567890", json.Number("12345678901234567890")},
	} {
		got, err := decodeOne([]byte(tt.in), Options{})
		if err != nil || got != tt.want {
			t.Errorf("Decode(%s): got %#v, %v, want %#v", tt.in, got, err, tt.want)
		}
	}
}

func TestDecodeErrorNamesPlace(t *testing.T) {
	for _, tt := range []struct {
		in, want string
	}{
		{"", "empty text at byte 0"},
		{"\n\n", "only blanks at byte 0"},
		{"\xef\xbb\xbf{}", "byte order mark before the JSON at byte 0"},
		{")]}'\n[]", ")]}' before the JSON, a guard against script inclusion at byte 0"},
		{"<html>", "begins with <, which is markup at byte 0"},
		{"Not Found", "unexpected 'N' where a value was expected at byte 0"},
		{`{"a": tru}`, "unexpected 't' where a value was expected at byte 6"},
		{`{"a": 1`, "text ends where a comma or } was expected at byte 7"},
		{`[1,]`, "unexpected ']' where a value was expected at byte 3"},
		{`{"a" 1}`, "unexpected '1' where a colon was expected at byte 5"},
		{`{1:2}`, "unexpected '1' where a name in quotes was expected at byte 1"},
		{`["abc`, "string without its closing quote at byte 1"},
		{`["a\q"]`, "unknown escape in a string at byte 3"},
		{"[\"a\tb\"]", "control character in a string at byte 3"},
		{`[012]`, "unexpected '1' where a number without leading zero was expected at byte 2"},
	} {
		_, err := decodeOne([]byte(tt.in), Options{})
		if err == nil || err.Error() != tt.want {
			t.Errorf("Decode(%q): got error %v, want %s", tt.in, err, tt.want)
		}
		if _, ok := err.(*SyntaxError); !ok {
			t.Errorf("Decode(%q): got a %T, want a *SyntaxError", tt.in, err)
		}
	}
}

func TestDecodeSeveralValues(t *testing.T) {
	b := []byte("{\"a\":1}\n{\"a\":2}\n3 \"x\"[]\n")
	order := new(Order)
	var got []any
	for i := 0; i < len(b); {
		v, end, err := Decode(b, i, Options{Order: order})
		if err != nil {
			t.Fatal(err)
		}
		got, i = append(got, v), end
	}
	want := []any{map[string]any{"a": 1}, map[string]any{"a": 2}, 3, "x", []any{}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
}

func TestDecodeDepth(t *testing.T) {
	nested := func(n int) []byte {
		return []byte(strings.Repeat("[", n) + strings.Repeat("]", n))
	}
	if _, err := decodeOne(nested(MaxDepth), Options{}); err != nil {
		t.Errorf("depth %d: got %v, want no error", MaxDepth, err)
	}
	for _, n := range []int{MaxDepth + 1, 1_000_000} {
		if _, err := decodeOne(nested(n), Options{}); err == nil {
			t.Errorf("Decode at depth %d: got no error", n)
		}
		if _, err := Skip(nested(n), 0); err == nil {
			t.Errorf("Skip at depth %d: got no error", n)
		}
	}
}

func TestDecodeKeepsStringsInBody(t *testing.T) {
	b := []byte(`["hello, world"]`)
	v, err := decodeOne(b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := v.([]any)[0].(string)
	if n := testing.AllocsPerRun(10, func() { _ = s[0] }); n != 0 {
		t.Errorf("got %v allocations", n)
	}
	b[2] = 'J' // only a test may do this: it shows that the memory is shared
	if s != "Jello, world" {
		t.Errorf("got %q, want the string to alias the body", s)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		checkDecode(t, b)
		Opening(b)
		Skip(b, 0)
	})
}
