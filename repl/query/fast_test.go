package query

import (
	"slices"
	"testing"

	"github.com/itchyny/gojq"

	"sonde/repl/jsontext"
)

var fastPrograms = []string{
	"length", "keys", "type", ".a | length", ".[] | length", ".[] | keys", ".[]? | type", "map(.)", "map(.a)", "map(.a?)",
	".a | map(.b)", ".[] | map(.)", "[.[]]", "[.[]?.a?]", "[.a]", "[.a, .b]", "map(.a) | length", "[.[]] | length",
	".[]? | map(.)? | length", "map(.[0])", "map(.0)", "map(.[]?)", "[]", "[.[0]]", "[.a][0]", "[.[0], .[1]]", " map( .a ) ",
	"map(.a | .b)", "map(map(.a))", "map(.a) | map(.b)", "length | length", "[.a]|[.b]", "# x\n[.a]", ".a|keys|length",
	`"length"`, `."map(" | length`, "map(length)", ".. | length", "[.]|length", ".map(.a)", "map (.a)", ".a.length", ". as $x | length",
}

// checkFast compares a fast program with the engine's answer.
func checkFast(t *testing.T, text string, body []byte) {
	t.Helper()
	p, err := Compile(text, nil)
	if err != nil || p.fast == nil {
		return
	}
	order := new(jsontext.Order)
	tree, end, err := jsontext.Decode(body, 0, jsontext.Options{Order: order})
	if err != nil || end != len(body) || hasDuplicates(tree, order) {
		return
	}
	want, wantFail, bad := viaEngine(p.source, tree)
	if bad {
		t.Fatalf("%q: the engine does not compile it", text)
	}
	var got []string
	failed := false
	for v, err := range p.Run(t.Context(), NewDoc(body), nil) {
		if err != nil {
			failed = true
			continue
		}
		tree, _, err := v.tree()
		if err != nil {
			t.Fatalf("%q of %s: result %s: %v", text, body, v.AppendJSON(nil), err)
		}
		b, err := gojq.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(b))
	}
	if _, isObject := tree.(map[string]any); isObject && usesObjects(p.fast.path) {
		return // the order of results differs
	}
	if failed != wantFail || !failed && !slices.Equal(got, want) {
		t.Fatalf("%q of %s: got %q, failed %t, want %q, %t", text, body, got, failed, want, wantFail)
	}
}

func TestFastAsEngine(t *testing.T) {
	for _, text := range fastPrograms {
		for _, body := range pathBodies {
			checkFast(t, text, []byte(body))
		}
	}
}

func TestFastIsTaken(t *testing.T) {
	for text, want := range map[string]bool{
		"length": true, ".a | length": true, "keys": true, "map(.name)": true, ".items | map(.id)": true, "[.[].id]": true,
		"map(.name) | length": true, ".0 | keys": true, ".0 | type": true,
		"map(.name) | sort": false, "length + 1": false, "[.a, .b]": false, "map(length)": false, "map(.a + 1)": false,
		"def length: 1; length": false, "$r.body | length": false, ".a": false, "[.a][0]": false, "map(.a)[0]": false,
	} {
		p, err := Compile(text, nil)
		if err != nil || (p.fast != nil) != want {
			t.Errorf("%s: got %t, %v, want %t", text, !want, err, want)
		}
	}
}

func TestFastSeveralValues(t *testing.T) {
	in := NewDoc([]byte("[1,2]\n\"héllo\"\n-7\n{\"a\":1,\"a\":2}\nnull\ntrue\n"))
	got, err := run(t, "length", in, nil)
	if err == nil || got != "2\n5\n7\n1\n0" {
		t.Errorf("got %q, %v, want five lengths and an error", got, err)
	}
	got, err = run(t, "map(.a)", NewDoc([]byte("[{\"a\": 1.10}]\n[{\"a\":{\"z\" : 1,\"b\":2}}]")), nil)
	if want := "[1.10]\n[{\"z\":1,\"b\":2}]"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
