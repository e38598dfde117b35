package item

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// parseAll is the items of words that a line would split at blanks.
func parseAll(t *testing.T, words ...string) []Item {
	t.Helper()
	var items []Item
	for _, w := range words {
		it, ok := Parse(w)
		if !ok {
			t.Fatalf("Parse(%q): no item", w)
		}
		items = append(items, it)
	}
	return items
}

func TestJSONBody(t *testing.T) {
	tests := []struct {
		words []string
		want  string
	}{
		{nil, ""},
		{[]string{"Accept:x", "q==1", "X;", "Y:"}, ""},
		{[]string{"a=x"}, `{"a":"x"}`},
		{[]string{"b=2", "a=1"}, `{"b":"2","a":"1"}`},
		{[]string{"a=1", "b=2", "a=3"}, `{"a":"3","b":"2"}`},
		{[]string{"=x"}, `{"":"x"}`},
		{[]string{"a="}, `{"a":""}`},
		{[]string{"a=\"\\\n\r\t\x01é<&>\u2028"}, `{"a":"\"\\\n\r\t\u0001é<&>` + "\u2028" + `"}`},
		{[]string{"n:=12345678901234567890.10e+5"}, `{"n":12345678901234567890.10e+5}`},
		{[]string{`o:={"a" : 1.10, "a":[ ]}`}, `{"o":{"a" : 1.10, "a":[ ]}}`},
		{[]string{"o:= true "}, `{"o":true}`},
		{[]string{"a[b]=x", "a[c]:=1"}, `{"a":{"b":"x","c":1}}`},
		{[]string{"a[b][0]=x", "a[b][]=y"}, `{"a":{"b":["x","y"]}}`},
		{[]string{"a[]=x", "a[]=y"}, `{"a":["x","y"]}`},
		{[]string{"a[2]=x", "a[0]=y"}, `{"a":["y",null,"x"]}`},
		{[]string{"a[][n]=1", "a[][n]=2", "a[0][m]=3"}, `{"a":[{"n":"1","m":"3"},{"n":"2"}]}`},
		{[]string{"[]=x", "[]:=1"}, `["x",1]`},
		{[]string{"[0][a]=1", "[1]=2"}, `[{"a":"1"},"2"]`},
		{[]string{"[][][]:=1"}, `[[[1]]]`},
		{[]string{"0=x", "a[0]=y"}, `{"0":"x","a":["y"]}`},
		{[]string{`a[\0]=x`, `\1=y`}, `{"a":{"0":"x"},"1":"y"}`},
		{[]string{`a\[b\]=x`, `c\\d=y`, `e\f=z`}, `{"a[b]":"x","c\\d":"y","e\\f":"z"}`},
		{[]string{`a[b\]c]=x`, `a[d\=e]=y`}, `{"a":{"b]c":"x","d=e":"y"}}`},
		{[]string{`a:={"x":1, "x":2.0,"é\u00e9":[]}`, "a[y]=3", "a[x]=4"}, `{"a":{"x":1,"x":"4","é\u00e9":[],"y":"3"}}`},
		{[]string{`a:=[1, {"b": 2} ]`, "a[1][c]=3", "a[]=4"}, `{"a":[1,{"b":2,"c":"3"},"4"]}`},
		{[]string{"a:=null", "a[b]=1"}, `{"a":{"b":"1"}}`},
		{[]string{"a[1]=x", "a[0][k]=y"}, `{"a":[{"k":"y"},"x"]}`},
		{[]string{"a[b]=1", "a=2"}, `{"a":"2"}`},
		{[]string{"a[-]=1", "a[+1]=2"}, `{"a":{"-":"1","+1":"2"}}`},
	}
	for _, tt := range tests {
		got, err := JSONBody(parseAll(t, tt.words...), nil)
		if err != nil || string(got) != tt.want {
			t.Errorf("JSONBody(%q) = %s, %v, want %s", tt.words, got, err, tt.want)
		}
		if tt.want != "" && !json.Valid(got) {
			t.Errorf("JSONBody(%q) = %s, which is no JSON", tt.words, got)
		}
	}
}

func TestJSONBodyErrors(t *testing.T) {
	const unclosed = "the JSON ends too early: "
	tests := []struct {
		words []string
		msg   string
		pos   int // in the last word
		hint  string
	}{
		{words: []string{`a:={"a":NaN}`}, msg: "a:=: NaN is no JSON number", pos: 8, hint: "null"},
		{words: []string{"a:=-Infinity"}, msg: "a:=: -Infinity is no JSON number", pos: 3, hint: "null"},
		{words: []string{"a:=True"}, msg: "a:=: True is no JSON", pos: 3, hint: "true"},
		{words: []string{"a:=None"}, msg: "a:=: None is no JSON", pos: 3, hint: "null"},
		{words: []string{"a:=word"}, msg: "a:=: not JSON", pos: 3, hint: "a=VALUE sends a string"},
		{words: []string{"a:="}, msg: "a:=: " + unclosed + "a JSON value is missing", pos: 3, hint: "a=VALUE sends a string"},
		{words: []string{"a:='x'"}, msg: "a:=: JSON strings take double quotes", pos: 3, hint: `"text"`},
		{words: []string{"a:=01"}, msg: "a:=: not a JSON number", pos: 4},
		{words: []string{"a:=1,2"}, msg: "a:=: text after the end of the JSON value", pos: 4},
		{words: []string{`a:={"a":1,}`}, msg: "a:=: a comma before }", pos: 9, hint: "leave the last comma out"},
		{words: []string{`a:=[1 2]`}, msg: "a:=: a comma or ] is missing", pos: 6},
		{words: []string{`a:={"a" 1}`}, msg: "a:=: a colon after the key is missing", pos: 8},
		{words: []string{`a:={a:1}`}, msg: "a:=: a key in double quotes is missing", pos: 4, hint: `{"name": "value"}`},
		{words: []string{`a:="x`}, msg: "a:=: a string without its closing quote", pos: 3, hint: "a=VALUE sends a string"},
		{words: []string{`a:="\x"`}, msg: "a:=: an unknown escape in a string", pos: 4, hint: `\\ for a backslash`},
		{words: []string{`a:={"b":`}, msg: "a:=: " + unclosed + "a JSON value is missing", pos: 8},
		{words: []string{"a:=" + strings.Repeat("[", 10001)}, msg: "a:=: nested too deep", pos: 10003},
		{words: []string{"a=\xff"}, msg: "a=: the value is not UTF-8 text", pos: 2},
		{words: []string{"a:=\"\xff\""}, msg: "a:=: the value is not UTF-8 text", pos: 4},
		{words: []string{"a\xff=1"}, msg: "a\xff=: the name is not UTF-8 text", pos: 1},
		{words: []string{"a=1", "a[b]=2"}, msg: "a[b]=: a is a string already", pos: 1, hint: "one of a=VALUE and a[b]=VALUE"},
		{words: []string{"a:=1", "a[]=2"}, msg: "a[]=: a is a number already", pos: 1, hint: "one of a=VALUE and a[]=VALUE"},
		{words: []string{"a[b]=1", "a[]=2"}, msg: "a[]=: a is an object already", pos: 1, hint: "a[NAME]=VALUE"},
		{words: []string{"a[b]=1", "a[0]=2"}, msg: "a[0]=: a is an object already", pos: 1, hint: `a[\0]=VALUE for a key that is a number`},
		{words: []string{"a[]=1", "a[b]=2"}, msg: "a[b]=: a is an array already", pos: 1, hint: "a[][b]=VALUE for an object in it"},
		{words: []string{"[]=1", "b=2"}, msg: "b=: the body is an array already", pos: 0, hint: "[][b]=VALUE for an object in it"},
		{words: []string{"a=1", "[]=2"}, msg: "[]=: the body is an object already", pos: 0, hint: "NAME[]=VALUE"},
		{words: []string{"a:=[true]", "a[0][x]=2"}, msg: "a[0][x]=: a[0] is a boolean already", pos: 4, hint: "one of a[0]=VALUE and a[0][x]=VALUE"},
		{words: []string{"a[=1"}, msg: "a[=: a [ without its ]", pos: 1, hint: "a[]=VALUE"},
		{words: []string{"a]=1"}, msg: "a]=: a ] without its [", pos: 1, hint: `a\] for the character itself`},
		{words: []string{"a[b]c=1"}, msg: "a[b]c=: text between ] and the next [", pos: 4, hint: "a[b][c]=VALUE"},
		{words: []string{"a[[b]]=1"}, msg: "a[[b]]=: a [ inside of [ ]", pos: 2, hint: `a[\[ for the character itself`},
		{words: []string{"a[-1]=1"}, msg: "a[-1]=: a negative index", pos: 2, hint: "a[]=VALUE to append"},
		{words: []string{"a[10001]=1"}, msg: "a[10001]=: an index too far beyond the end", pos: 2, hint: "a[]=VALUE to append"},
		{words: []string{"a[99999999999999999999]=1"}, msg: "a[99999999999999999999]=: an index out of range", pos: 2},
		{words: []string{"a@f"}, msg: "a@: an upload in a JSON body", pos: 1, hint: "--multipart, or a=@FILE for the text of the file"},
	}
	for _, tt := range tests {
		got, err := JSONBody(parseAll(t, tt.words...), nil)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("JSONBody(%.80q) = %.80q, %v, want an *Error", tt.words, got, err)
			continue
		}
		if e.Error() != tt.msg || e.Pos != tt.pos || e.Hint() != tt.hint {
			t.Errorf("JSONBody(%.80q): %q at %d, hint %q, want %q at %d, hint %q", tt.words, e.Error(), e.Pos, e.Hint(), tt.msg, tt.pos, tt.hint)
		}
	}
}

func TestJSONBodyTooManySteps(t *testing.T) {
	deep := "a" + strings.Repeat("[]", maxSteps) + "=1"
	if _, err := JSONBody(parseAll(t, deep), nil); err == nil {
		t.Errorf("JSONBody of %d steps: no error", maxSteps+1)
	}
	deep = "a" + strings.Repeat("[]", maxSteps-1) + "=1"
	if got, err := JSONBody(parseAll(t, deep), nil); err != nil || !json.Valid(got) {
		t.Errorf("JSONBody of %d steps = %.40q, %v, want JSON", maxSteps, got, err)
	}
}

func TestJSONBodyFiles(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"text": "line\n", "json": "\uFEFF{\"n\": 1.0}\n", "bad": "{", "bin": "\xff\x00"}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func(path string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, path)) }
	got, err := JSONBody(parseAll(t, "a=@text", "b:=@json", "b[m]=2"), read)
	if want := `{"a":"line\n","b":{"n":1.0,"m":"2"}}`; err != nil || string(got) != want {
		t.Errorf("JSONBody = %s, %v, want %s", got, err, want)
	}
	for word, want := range map[string]string{
		"a:=@bad": "a:=@: the JSON ends too early: a key in double quotes is missing",
		"a=@bin":  "a=@: the file is not UTF-8 text",
		"a=@":     "a=@: no file is named",
	} {
		if _, err := JSONBody(parseAll(t, word), read); err == nil || err.Error() != want {
			t.Errorf("JSONBody(%q): %v, want %s", word, err, want)
		}
	}
	_, err = JSONBody(parseAll(t, "a=@none"), read)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("JSONBody of a missing file: %v, want it to wrap %v", err, fs.ErrNotExist)
	}
}

func TestText(t *testing.T) {
	read := func(string) ([]byte, error) { return []byte("abc\r\n"), nil }
	for word, want := range map[string]string{"X:@f": "abc", "q==@f": "abc", "X:v": "v", "q==v\n": "v\n"} {
		if got, err := parseAll(t, word)[0].Text(read); err != nil || got != want {
			t.Errorf("Text of %q = %q, %v, want %q", word, got, err, want)
		}
	}
}

func TestCheckJSON(t *testing.T) {
	for _, text := range []string{"{}", " [1, -0.5e3]\n", `"\u00e9\/"`, "0", "null", `{"a":{"b":[{}]}}`} {
		if err := CheckJSON(text); err != nil {
			t.Errorf("CheckJSON(%q): %v, want nil", text, err)
		}
	}
	err := CheckJSON(`{"name": "x",}`)
	var e *Error
	if !errors.As(err, &e) || e.Pos != 12 || e.Error() != "body: a comma before }" {
		t.Errorf("CheckJSON of a last comma: %v, want a comma before } at 12", err)
	}
}

// The scanner agrees with encoding/json about what JSON is.
func FuzzCheckJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e-3,"\u00e9"],"b":{}}`, "[1,]", "-", "1.", "0e", "tru", `"`, "{\"a\"", "\xff", "- 1", "[]]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want := json.Valid([]byte(text)) && invalidUTF8(text) < 0
		err := CheckJSON(text)
		if got := err == nil; got != want {
			t.Fatalf("CheckJSON(%q): %v, want valid %v", text, err, want)
		}
		var e *Error
		if errors.As(err, &e) && (e.Pos < 0 || e.Pos > len(text)) {
			t.Fatalf("CheckJSON(%q): place %d is outside", text, e.Pos)
		}
	})
}

// Whatever is typed, the body is valid JSON or there is an error with a place
// and a message.
func FuzzJSONBody(f *testing.F) {
	f.Add("a=x b:=1 a[b][0]=y")
	f.Add(`[]=x [0][a]:={"k":[1]} [0][a][k][]=2`)
	f.Add(`a:={"x":1,"x":{}} a[x][y]=3 a\[=4`)
	f.Add(`a[9999]=1 a[\0]=2 a[-1]=3`)
	f.Fuzz(func(t *testing.T, line string) {
		var items []Item
		for _, w := range strings.Split(line, " ") {
			if it, ok := Parse(w); ok {
				items = append(items, it)
			}
		}
		body, err := JSONBody(items, nil)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Pos < 0 || e.Msg == "" {
				t.Fatalf("%q: %#v, want an *Error with a place and a message", line, err)
			}
			return
		}
		if body != nil && !json.Valid(body) {
			t.Fatalf("%q: %s is no JSON", line, body)
		}
	})
}
