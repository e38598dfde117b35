package query

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/itchyny/gojq"
)

var expandTable = []struct{ in, want string }{
	// at the start of something, bare or with a step behind it
	{".0", ".[0]"},
	{".0.url", ".[0].url"},
	{" .0", " .[0]"},
	{"# first\n.0", "# first\n.[0]"},
	{".10", ".[10]"},
	{".a | .0", ".a | .[0]"},
	{".a|.0", ".a|.[0]"},
	{"map(.0)", "map(.[0])"},
	{"map(.0.id)", "map(.[0].id)"},
	{"[.0, .1]", "[.[0], .[1]]"},
	{".0, .1", ".[0], .[1]"},
	{"{a: .0}", "{a: .[0]}"},
	{"{a: .0, b: .1.x}", "{a: .[0], b: .[1].x}"},
	{"(.0)", "(.[0])"},
	{"def f: .0; f", "def f: .[0]; f"},
	{`"\(.0)"`, `"\(.[0])"`},
	{`"a.0 \(.0.b) .1"`, `"a.0 \(.[0].b) .1"`},
	{".0 as $x | $x", ".[0] as $x | $x"},
	{".0 + 1", ".[0] + 1"},
	{".0?", ".[0]?"},
	// right behind a complete term
	{".items.0", ".items[0]"},
	{".items.0.name", ".items[0].name"},
	{".a.0.5", ".a[0][5]"},
	{".0.1.2", ".[0][1][2]"},
	{".[].0", ".[][0]"},
	{".[0].1", ".[0][1]"},
	{"keys.0", "keys[0]"},
	{"map(.a).0", "map(.a)[0]"},
	{"$r1.body.0", "$r1.body[0]"},
	{"$it.0", "$it[0]"},
	{`."a b".0`, `."a b"[0]`},
	{".a?.0", ".a?[0]"},
	{"{a: 1}.0", "{a: 1}[0]"},
	{"if . then . else . end.0", "if . then . else . end[0]"},
	// anywhere with a step behind it
	{"if .0.a then .5 else .0.b end", "if .[0].a then .5 else .[0].b end"},
	{". + .0.x", ". + .[0].x"},
	{"1 + .0[1]", "1 + .[0][1]"},
	{`. == .0."x"`, `. == .[0]."x"`},
	{"limit(1; .0.a)", "limit(1; .[0].a)"},
	{". - .0.1", ". - .[0][1]"},
	// numbers stay numbers
	{". * .5", ". * .5"},
	{"if . then .5 else .0 end", "if . then .5 else .0 end"},
	{"range(0; .5)", "range(0; .5)"},
	{"0.5", "0.5"},
	{"1.5", "1.5"},
	{".5e3", ".5e3"},
	{".5E-3", ".5E-3"},
	{"map(.5e3)", "map(.5e3)"},
	{".00", ".00"},
	{".01", ".01"},
	{"-.5", "-.5"},
	{".a // .5", ".a // .5"},
	{".a |= .5", ".a |= .5"},
	{".a == .0", ".a == .0"},
	{"1 as $x | 2.5", "1 as $x | 2.5"},
	// text and comments
	{`"a.0"`, `"a.0"`},
	{`"\".0"`, `"\".0"`},
	{`.["0.1"]`, `.["0.1"]`},
	{". # see .0.1", ". # see .0.1"},
	{`"\("x.0")"`, `"\("x.0")"`},
	{`"\("\(.0)")"`, `"\("\(.[0])")"`},
	{"", ""},
}

func TestExpand(t *testing.T) {
	for _, tt := range expandTable {
		if got := Expand(tt.in); got != tt.want {
			t.Errorf("Expand(%s): got %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestExpandOffsets(t *testing.T) {
	const typed = ".0.a | .items.12.name"
	out, offsets := ExpandOffsets(typed)
	for _, tt := range []struct {
		word string
		want int
	}{
		{"a |", 3}, {".items", 7}, {"12", 14}, {".name", 16}, {"name", 17},
	} {
		if got := offsets.Typed(strings.Index(out, tt.word)); got != tt.want {
			t.Errorf("%s in %s: got %d, want %d", tt.word, out, got, tt.want)
		}
	}
	if got := offsets.Typed(len(out)); got != len(typed) {
		t.Errorf("end: got %d, want %d", got, len(typed))
	}
}

// checkExpand holds what must be true of any text.
func checkExpand(t *testing.T, text string) {
	t.Helper()
	out, offsets := ExpandOffsets(text)
	if !hasDotDigit(text) && out != text {
		t.Fatalf("Expand(%q): got %q for a text without the shorthand", text, out)
	}
	if again := Expand(out); again != out {
		t.Fatalf("Expand(Expand(%q)): got %q, want %q", text, again, out)
	}
	for i := range len(out) + 1 {
		if at := offsets.Typed(i); at < 0 || at > len(text) {
			t.Fatalf("Typed(%d) of %q: got %d, outside the text", i, text, at)
		}
	}
	if len(text) > 4096 || strings.ContainsRune(text, 0) {
		return
	}
	if q, err := gojq.Parse(text); err == nil && len(q.Imports) == 0 && q.Meta == nil {
		if _, err := gojq.Parse(out); err != nil {
			t.Fatalf("Expand(%q): got %q, which does not parse: %v", text, out, err)
		}
	}
}

func TestExpandEngineQueries(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/itchyny/gojq").Output()
	if err != nil {
		t.Skip("no go command: ", err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "cli", "test.yaml"))
	if err != nil {
		t.Skip("the module has no test file: ", err)
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		text, ok := strings.CutPrefix(strings.TrimSpace(line), "- '")
		text, ok2 := strings.CutSuffix(text, "'")
		if !ok || !ok2 {
			continue
		}
		text = strings.ReplaceAll(text, "''", "'")
		checkExpand(t, text)
		n++
	}
	if n < 500 {
		t.Errorf("got %d queries, want at least 500", n)
	}
}

func FuzzExpand(f *testing.F) {
	for _, tt := range expandTable {
		f.Add(tt.in)
	}
	for _, s := range []string{".a[.5:]", ".[1:.5]", "reduce .5 as $x (.0; . + .1)", "try .0 catch .1", "@base64 \"\\(.0)\"", "...0", "..0", "\"\\(1", "\"\\", "#\\\n.0", ".0 .1", "1.2.3", "{.0}", ".5_", "1e.0"} {
		f.Add(s)
	}
	f.Fuzz(checkExpand)
}
