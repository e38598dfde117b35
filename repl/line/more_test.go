package line

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSplitDo(t *testing.T) {
	for _, tt := range []struct {
		text, prog, line string
		ok               bool
	}{
		{".[] do get /x/{{.id}} | .a", ".[]", "get /x/{{.id}} | .a", true},
		{".[]  do  get /x  ", ".[]", "get /x", true},
		{`.["a do b"] do get /x do y`, `.["a do b"]`, "get /x do y", true},
		{"map(. do .) do get /x", "map(. do .)", "get /x", true},
		{". | do | . do get /x", ". | do | .", "get /x", true},
		{".do do get /x", ".do", "get /x", true},
		{".a \\\ndo get /x", ".a", "get /x", true},
		{".a do", ".a", "", true},
		{".a do post /x name='a('", ".a", "post /x name='a('", true},
		{".a # do get /x", "", "", false},
		{".a doget /x", "", "", false},
		{"do get /x", "", "", false},
		{".a", "", "", false},
		{"", "", "", false},
		{".[ do get /x", "", "", false},
		{".] do get /x", "", "", false},
		{strings.Repeat("nope do ", 100) + ".a do get /x", "", "", false},
	} {
		prog, line, pos, ok := SplitDo(tt.text, isProgram)
		if prog != tt.prog || line != tt.line || ok != tt.ok {
			t.Errorf("SplitDo(%q): got %q, %q, %v; want %q, %q, %v", tt.text, prog, line, ok, tt.prog, tt.line, tt.ok)
		}
		if !strings.HasPrefix(tt.text[pos:], line) {
			t.Errorf("SplitDo(%q): line %q is not at %d", tt.text, line, pos)
		}
	}
	if _, _, _, ok := SplitDo(".a do get /x", nil); ok {
		t.Error("SplitDo without a way to know programs finds one")
	}
}

func TestCutTimes(t *testing.T) {
	for _, tt := range []struct{ text, rest, every, limit string }{
		{".a do again", ".a do again", "", ""},
		{".a do again every 2s", ".a do again", "2s", ""},
		{".a do again for 1m", ".a do again", "", "1m"},
		{".a do again every 2s for 1m ", ".a do again", "2s", "1m"},
		{".a do again  for 1m  every 500ms", ".a do again", "500ms", "1m"},
		{".a do get /x every 1s every 2s", ".a do get /x every 1s", "2s", ""},
		{".a do get /x wait for it", ".a do get /x wait for it", "", ""},
		{".a do get /x\tevery\t2s", ".a do get /x", "2s", ""},
		{".a do get /every 2s", ".a do get /every 2s", "", ""},
		{"every 2s", "", "2s", ""},
		{"2s", "2s", "", ""},
		{"", "", "", ""},
	} {
		rest, every, limit := CutTimes(tt.text)
		if rest != tt.rest || every != tt.every || limit != tt.limit {
			t.Errorf("CutTimes(%q): got %q, %q, %q; want %q, %q, %q", tt.text, rest, every, limit, tt.rest, tt.every, tt.limit)
		}
	}
}

func TestNext(t *testing.T) {
	const text = "get /a\n\n# note\r\npost /x <<END | .id\n{\"a\": 1}\nEND\nget 'b\nc' \\\n d\ngte <<E\nget /no\nE\nget /x a | \nkeys\r\n{a:\n1}"
	want := []string{
		"request GET url=/a", "empty", "comment",
		"request POST url=/x |.id <<{\"a\": 1}\n",
		"request GET url=b\nc [d]",
		"no command \"gte\"",
		"nothing after the |",
		"query jq=keys",
		"query jq={a:\n1}",
	}
	var got, texts []string
	for rest := text; rest != ""; {
		ln, n, err := Next(rest, known())
		if n <= 0 || n > len(rest) {
			t.Fatalf("Next(%q): next line at %d", rest, n)
		}
		if err != nil {
			got = append(got, err.Error())
		} else {
			got = append(got, summary(ln))
			checkOffsets(t, ln.Text, ln)
		}
		texts = append(texts, ln.Text)
		rest = rest[n:]
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if texts[2] != "# note\r" || texts[4] != "get 'b\nc' \\\n d" || texts[5] != "gte <<E\nget /no\nE" {
		t.Errorf("got texts %q", texts)
	}
	if _, n, err := Next("get 'a\nget /b", known()); n != 13 || err == nil {
		t.Errorf("Next inside an open quote: got %d, %v; want the end of the text and an error", n, err)
	}
	if _, n, err := Next("get /a\n\x00", known()); n != 7 || err != nil {
		t.Errorf("Next before a line with a NUL: got %d, %v; want 7, nil", n, err)
	}
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
		bad  bool
	}{
		{"", nil, false},
		{" basic  bob 's e' ", []string{"basic", "bob", "s e"}, false},
		{"a # b", []string{"a"}, false},
		{"a|b", []string{"a"}, false},
		{"a\nb", []string{"a"}, false},
		{"a:=[1, 2] > f $it", []string{"a:=[1, 2]", ">", "f", "$it"}, false},
		{"a {{.b}}", []string{"a", "<.b>"}, false},
		{"a 'b c", []string{"a", "b c"}, true},
		{"a b\\", []string{"a", "b"}, true},
		{"a\x00", nil, true},
	} {
		words, err := Split(tt.text, known())
		var got []string
		for _, w := range words {
			got = append(got, show(w.Parts))
		}
		if !slices.Equal(got, tt.want) || (err != nil) != tt.bad {
			t.Errorf("Split(%q): got %q, %v; want %q, error %v", tt.text, got, err, tt.want, tt.bad)
		}
	}
}

func TestCaret(t *testing.T) {
	const text = "ab\ncde\r\n\nf"
	for _, tt := range []struct {
		pos  int
		line string
		col  int
	}{
		{-1, "ab", 0}, {0, "ab", 0}, {2, "ab", 2}, {3, "cde", 0}, {6, "cde", 3}, {7, "cde", 3},
		{8, "", 0}, {9, "f", 0}, {10, "f", 1}, {99, "f", 1},
	} {
		if line, col := Caret(text, tt.pos); line != tt.line || col != tt.col {
			t.Errorf("Caret(%d): got %q, %d; want %q, %d", tt.pos, line, col, tt.line, tt.col)
		}
	}
}

func TestQuote(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "''"},
		{"abc", "abc"},
		{"/users?a=1&b=2", "/users?a=1&b=2"},
		{"a b", "'a b'"},
		{"it's", `"it's"`},
		{`it's "$x" \`, `"it's \"\$x\" \\"`},
		{"a\nb\tc\x01", `"a\nb\tc\u0001"`},
		{"{{a}}", `'\{{a}}'`},
		{`\{{a`, `'\\{{a'`},
		{"'{{{{{", `"'\{{\{{{"`},
		{`{"a": 1}`, `'{"a": 1}'`},
		{"a:=[1", "'a:=[1'"},
		{"#x", "'#x'"},
		{"x#", "x#"},
		{">", "'>'"},
		{"<<END", "'<<END'"},
		{"$it", "'$it'"},
		{".0.url", "'.0.url'"},
		{"./x", "./x"},
		{"日本", "日本"},
	} {
		if got := Quote(tt.text); got != tt.want {
			t.Errorf("Quote(%q): got %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestMethods(t *testing.T) {
	for _, m := range Methods() {
		if ln, err := Parse(m+" X /x", known()); err != nil || ln.Kind != Request || !ln.Method {
			t.Errorf("Parse(%q): got %+v, %v", m, ln, err)
		}
	}
}

// Time grows with the length of a line, not with its square.
func TestLongLines(t *testing.T) { // P3
	const size = 1 << 17
	k := known()
	k.Program = func(s string) bool { return len(s) < 100 && isProgram(s) }
	start := time.Now()
	for _, unit := range []string{
		"a", "'", "\"", "\\", "{", "[", "(", "{{", "{{a}}", "}}", "|", "| ", " do", "#", " #", "a ", "$it ", "\\\n", "\n",
		"' ", "\" ", "\"'", "[0]", "=", ":=[", "x:={}", "'{{", "\\{{", "<<a ", "\x1b", "\xff", "日", " >", "| save", "after ", "@a ",
	} {
		body := strings.Repeat(unit, size/len(unit))
		for _, head := range []string{"", "get /x ", "post /x a:=", "X: ", "X: '", ".", "each . ", "get /x |", "post /x <<E\n", "!", "auth '", "q=="} {
			Parse(head+body, k)
		}
	}
	// about a second; a square somewhere would take minutes
	if d := time.Since(start); d > time.Minute {
		t.Errorf("took %v", d)
	}
}

func BenchmarkParse(b *testing.B) {
	k := known()
	for b.Loop() {
		Parse("post /users/{{.0.id}} name=jdoe tags:=[1, 2] X-A:b | -r .[].name", k)
	}
}

func BenchmarkParseBody(b *testing.B) {
	text := "post /x " + `{"a": [` + strings.Repeat(`{"name": "a b c", "n": 12345},`, 1<<15) + `1]}`
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Parse(text, known())
	}
}
