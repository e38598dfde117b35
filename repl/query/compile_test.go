package query

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCompileErrors(t *testing.T) {
	for _, tt := range []struct {
		program string
		pos     int
		msg     string
		hint    string
	}{
		{"", 0, "the program ends too early", "."},
		{".a |", 4, "the program ends too early", ""},
		{"map(.name", 9, "the program ends too early", ""},
		{".0.url}", 6, `unexpected "}"`, ""},
		{".0.a | .1.b + }", 14, `unexpected "}"`, ""},
		{"[1,]", 3, `unexpected "]"`, ""},
		{`. + "abc`, 4, "string without its closing quote", ""},
		{`"a\q"`, 2, `invalid escape sequence "\q" in string literal`, ""},
		{".['a']", 2, `unexpected "'"`, `"…" for a string`},
		{".a && .b", 3, `unexpected "&"`, "A and B"},
		{".a || .b", 4, `unexpected "|"`, "A or B"},
		{"!.a", 0, `unexpected "!"`, "… | not"},
		{".[*]", 2, `unexpected "*"`, ".[] for every element"},
		{"$.store", 0, `unexpected "$"`, ".store"},
		{"map(nmae)", 4, `no function "nmae"`, ".nmae for the key"},
		{"map(lenght)", 4, `no function "lenght"`, "length   .lenght for the key"},
		{".0.a | selct(.b)", 7, `no function "selct"`, "select"},
		{"map", 0, "map: takes 1 argument, 0 given", "map(…)"},
		{"length(1)", 0, "length: takes no argument, 1 given", "length"},
		{"header", 0, "header: takes 1 argument, 0 given", "header(…)"},
		{"sub(1)", 0, "sub: takes 2 or 3 arguments, 1 given", "sub(…; …)"},
		{".a + $foo", 5, "no variable $foo", "let foo = …"},
		{"$foo.a", 0, "no variable $foo", "let foo = …"},
		{"{$foo}", 1, "no variable $foo", "let foo = …"},
		{"$r0", 0, "no variable $r0", "let r0 = …"},
		{"@bsae64", 0, "no format @bsae64", "@base64   @base64d"},
		{"break $x", 6, "no label $x", "label $x | …"},
		{".[] > out.json", 6, `no function "out"`, "| save out.json"},
		{".[] >> out.json", 5, `unexpected ">"`, "| save out.json"},
		{".[] > /tmp/x", 6, `unexpected "/"`, "| save /tmp/x"},
		// what would read something else
		{"input", 0, "input: a query sees the answer and nothing else", ""},
		{"[inputs]", 1, "inputs: a query sees the answer and nothing else", ""},
		{"input_filename", 0, "input_filename: a query sees the answer and nothing else", ""},
		{`import "a" as a; a::f`, 0, "modules: a query reads no files", ""},
		{`include "/etc/passwd"; .`, 0, "modules: a query reads no files", ""},
		{`import "/etc/passwd" as $p; $p`, 0, "modules: a query reads no files", ""},
		{`"/etc/passwd" | modulemeta`, 16, "modulemeta: a query sees the answer and nothing else", ""},
		{"get_search_list", 0, "get_search_list: a query sees the answer and nothing else", ""},
		{". \x00 .", 2, "NUL character", ""},
	} {
		_, err := Compile(tt.program, nil)
		var e *Error
		if !errors.As(err, &e) || e.Msg != tt.msg || e.Pos != tt.pos || e.Hint != tt.hint || !e.Compile || e.Op != "query" {
			t.Errorf("%s:\n got %#v\nwant %d, %s, %s", tt.program, err, tt.pos, tt.msg, tt.hint)
		}
	}
}

// Who leaves out the $ of a variable is told.
func TestCompileErrorsVariableWithoutDollar(t *testing.T) {
	names := func(name string) bool { return name == "it" }
	for program, hint := range map[string]string{
		"it": "$it", "it + 1": "$it", "{a: it}": "$it", "r1 | .status": "$r1", "r.status": "$r",
		"them": ".them for the key",
	} {
		_, err := Compile(program, names)
		var e *Error
		if !errors.As(err, &e) || e.Hint != hint || !e.Compile {
			t.Errorf("%s: got %#v, want the hint %s", program, err, hint)
		}
	}
}

// Programs that would take the engine's stack, or for ever, are refused or
// compiled; never do they end the process.
func TestCompileHostile(t *testing.T) { // Q5
	if _, err := Compile(strings.Repeat("(", 1_000_000), nil); err == nil || err.Error() != "query: query too long: 1,000,000 bytes, the limit is 65,536" {
		t.Errorf("1,000,000 brackets: got %v", err)
	}
	fill := func(pre, mid, post string) string {
		n := (MaxText - len(mid)) / (len(pre) + len(post))
		return strings.Repeat(pre, n) + mid + strings.Repeat(post, n)
	}
	for _, text := range []string{
		fill("(", ".", ")"), fill("[", ".", "]"), fill("{a:", ".", "}"), fill(".[", ".", "]"), fill(`"\(`, ".", `)"`),
		fill("(", "", ""), fill("[", "", ""), fill("-", "1", ""), fill("try ", ".", ""), fill("if ", ".", " then . end"),
		fill("1+", "1", ""), fill(".|", ".", ""), fill(".,", ".", ""), fill("1//", "1", ""), fill(". as $x|", ".", ""),
		fill(". as [$x]?//$x|", ".", ""), fill("label $x|", ".", ""), fill("def f:1;", ".", ""), fill("def f:", ".", ";.;"),
		fill("", ".a", ".a"), fill("", ".a", "?"), fill("", ".a", "[]"), fill("map(", ".", ")"), fill("reduce . as $x(0;", ".", ")"),
		fill("not|", ".", ""), fill(".0", ".", ""), fill(".0|", ".", ""), fill("$r|", ".", ""), fill("..", "", ""), fill("#", "", ""), fill(`"`, "", ""),
	} {
		start := time.Now()
		_, err := Compile(text, nil)
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%.20s: took %v", text, d)
		}
		if deep := strings.Count(text, "(") > 1000 || strings.Count(text, "[.[") > 1000; deep && err == nil && !strings.Contains(text, ")1") {
			t.Errorf("%.20s: got no error for more than 1,000 open brackets", text)
		}
	}
}

func TestComplete(t *testing.T) {
	for text, want := range map[string]bool{
		".": true, ".0.url": true, "map(.a)": true, "$it.name": true, "nosuch(1)": true, `{"a": {"b": 1}}`: true,
		"status == 200": true, "def f: 1; f": true, "": false, "  ": false, "{": false, "map(": false, ".a |": false,
		`"abc`: false, "{a:{b:1}": false, "if . then": false, ".a }": false, strings.Repeat("(", 70000): false,
	} {
		if got := Complete(text); got != want {
			t.Errorf("Complete(%.30q): got %t, want %t", text, got, want)
		}
	}
}

// The table of names is the engine's own list.
func TestEngineNames(t *testing.T) {
	got, err := run(t, "builtins | join(\" \")", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	list := strings.Fields(strings.Trim(got, `"`))
	list = slices.DeleteFunc(list, func(s string) bool { return s == "debug/0" || s == "stderr/0" })
	if want := strings.Fields(engineNames); !slices.Equal(list, want) {
		t.Errorf("got %q, want %q", list, want)
	}
}

func TestIsFunction(t *testing.T) {
	for word, want := range map[string]bool{
		"keys": true, "map": true, "length": true, "if": true, "def": true, "reduce": true, "null": true, "status": true,
		"reason": true, "headers": true, "header": true, "elapsed": true, "url": true, "links": true, "cookies": true,
		"cookie": true, "debug": true, "IN": true, "select": true,
		"": false, " ": false, "keys/0": false, "get": false, "key": false, "Keys": false, "0": false, "_match": false,
	} {
		if got := IsFunction(word); got != want {
			t.Errorf("IsFunction(%q): got %t, want %t", word, got, want)
		}
	}
	names := Functions()
	for _, name := range names {
		if !IsFunction(name) {
			t.Errorf("Functions lists %s, IsFunction does not know it", name)
		}
	}
	if !slices.IsSorted(names) || slices.Contains(names, "input") || !slices.Contains(names, "status") {
		t.Errorf("got %q", names)
	}
}

func FuzzCompile(f *testing.F) {
	for _, tt := range expandTable {
		f.Add(tt.in)
	}
	for _, text := range pathPrograms {
		f.Add(text)
	}
	for _, s := range []string{"{$r}", "$r|.status", "$ENV.A", "@base64 \"\\(.)\"", "header(\"a\")", ". as {$a, b: [$c]} ?// $d | 1", "label $x | break $x", "foreach .[] as $x (0; . + $x; [$x, .])", "def f($a; b): $a + b; f(1; 2)", "import \"a\" as $b; .", "setpath([1]; 2)", ".[] > out.json", "{(1,2|tostring): $r1}", "?//", "$__loc__", "try error catch .", "reduce .[] as [$a] (0; .)", "-.0", "def A:.0;"} {
		f.Add(s)
	}
	doc := NewDoc([]byte(`[{"a":1,"b":[1,2,{"c":"x"}]},null,"s",1.10]`))
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Compile(text, func(name string) bool { return name == "x" })
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || !e.Compile || e.Pos > len(text) || e.Msg == "" {
				t.Fatalf("Compile(%q): got %#v", text, err)
			}
			return
		}
		if !Complete(text) {
			t.Fatalf("Complete(%q): got false for a program that compiles", text)
		}
		if len(text) > 200 {
			return
		}
		s := practiceScope()
		s.Timeout, s.HeapLimit = 200*time.Millisecond, 64<<20
		s.Vars = map[string]Value{"x": StringValue("y")}
		n := 0
		for v, err := range p.Run(t.Context(), doc, s) {
			if n++; n > 100 {
				break
			}
			if err != nil {
				continue
			}
			if _, err := ValueOf(v.AppendJSON(nil)); err != nil {
				t.Fatalf("%q: result %s: %v", text, v.AppendJSON(nil), err)
			}
		}
	})
}
