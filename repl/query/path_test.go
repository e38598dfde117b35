package query

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/itchyny/gojq"

	"sonde/repl/jsontext"
)

var pathPrograms = []string{
	".", ".a", `."a b"`, `.["k"]`, ".[0]", ".[-1]", ".[]", ".a.b", ".a[0].b", ".a[].b", ".a?", ".[]?", ".[].a?",
	".a | .b", ".[] | .[]", ". | .a", ".a.[0]", `.a."b"`, ".[1:]", ".[:2]", ".[-2:]", ".[1:-1]", ".[2:1]", ".[0:2][1]",
	".a[1:3].b", ".[5:9]", ".a?.b", ".a.b?", ".[0][0]", ".[-3]", ".[][0]", ".[]?[]?", " .a\n| .b ", ".a // ok", ".and", ".if.then",
	".[-0]", ".[:-1]?", ".0", ".0.a", ".a.0", "..", ".a.", ". .a", ".?", ".a??", `.a["b"]["c"]`, ".[00]", ".[999999999]", ".[1234567890123]",
	".é", `."é"`, `."a\"b"`, `."\(1)"`, "[.a]", ".a[1.5]", ".[1:1.5]", ".[:]", ".a[", ".a]", `."@id"`, `.["a(b,c"]`, "# c\n.a", ".a#x",
}

var pathBodies = []string{
	"null", "5", `"text"`, "true", "[]", "{}", `{"a":{"b":[1,{"c":2}]}}`, `[{"a":1},{"a":{"b":2}},5,{"b":3}]`,
	`[[1,2,3],[4],[]]`, `{"a":[{"b":1},{"b":null},{"c":2}],"a b":7,"k":"v","and":1,"if":{"then":2}}`,
	`{"a":"héllo","é":1,"a\"b":2}`, `[{"a":[1,2,3,4]}]`, `"héllo"`, `{"a":1,"a":{"b":2}}`, `{"@id":1,"a(b,c":2}`, ` [ 1 , 2 ] `,
}

// viaEngine runs a program on gojq alone.
func viaEngine(source string, v any) (out []string, failed, bad bool) {
	q, err := gojq.Parse(source)
	if err != nil {
		return nil, false, true
	}
	code, err := gojq.Compile(q)
	if err != nil {
		return nil, false, true
	}
	for iter := code.Run(v); ; {
		v, ok := iter.Next()
		if !ok {
			return out, false, false
		}
		if _, ok := v.(error); ok {
			return out, true, false
		}
		b, err := gojq.Marshal(v)
		if err != nil {
			return nil, false, true
		}
		out = append(out, string(b))
	}
}

// checkPath compares a path program with the engine's answer.
func checkPath(t *testing.T, text string, body []byte) {
	t.Helper()
	source, offsets := ExpandOffsets(text)
	p := parsePath(source, offsets)
	if p == nil || p.root != "" || !json.Valid(body) {
		return
	}
	order := new(jsontext.Order)
	tree, end, err := jsontext.Decode(body, 0, jsontext.Options{Order: order})
	if err != nil || end != len(body) || hasDuplicates(tree, order) {
		return
	}
	want, wantFail, bad := viaEngine(source, tree)
	if bad {
		t.Fatalf("%q is taken for a path, the engine does not compile it", text)
	}
	var got []string
	failed := false
	prog := &Program{source: source, offsets: offsets, path: p}
	for v, err := range prog.Run(t.Context(), NewDoc(body), nil) {
		if err != nil {
			var e *Error
			if failed = true; !errors.As(err, &e) || e.Pos < 0 || e.Pos > len(text) {
				t.Fatalf("%q of %s: got error %#v", text, body, err)
			}
			continue
		}
		tree, _, err := v.tree()
		if err != nil {
			t.Fatalf("%q of %s: result %s: %v", text, body, v.Raw(), err)
		}
		b, err := gojq.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(b))
	}
	if usesObjects(p) { // the engine goes through an object by name, we as it is written
		if failed || wantFail {
			return
		}
		slices.Sort(got)
		slices.Sort(want)
	}
	if failed != wantFail || !slices.Equal(got, want) {
		t.Fatalf("%q of %s: got %q, failed %t, want %q, %t", text, body, got, failed, want, wantFail)
	}
}

func usesObjects(p *path) bool {
	return slices.ContainsFunc(p.steps, func(s step) bool { return s.kind == stepEach })
}

// hasDuplicates reports whether an object was written with a name twice; those
// are kept by a path.
func hasDuplicates(v any, order *jsontext.Order) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return hasDuplicates(e, order) })
	case map[string]any:
		if len(v) > 0 && order.Keys(v) == nil {
			return true
		}
		for _, e := range v {
			if hasDuplicates(e, order) {
				return true
			}
		}
	}
	return false
}

func TestPathAsEngine(t *testing.T) {
	for _, text := range pathPrograms {
		for _, body := range pathBodies {
			checkPath(t, text, []byte(body))
		}
	}
}

func FuzzPath(f *testing.F) {
	for i, text := range pathPrograms {
		f.Add(text, []byte(pathBodies[i%len(pathBodies)]))
	}
	f.Add(".A.0??", []byte("[]")) // the second ? takes back the failure of .A
	for i, text := range fastPrograms {
		f.Add(text, []byte(pathBodies[i%len(pathBodies)]))
	}
	f.Fuzz(func(t *testing.T, text string, body []byte) {
		if check(text) == nil {
			checkPath(t, text, bytes.TrimSpace(body))
			checkFast(t, text, bytes.TrimSpace(body))
		}
	})
}

func TestIsPath(t *testing.T) {
	known := func(name string) bool { return name == "it" }
	for text, want := range map[string]bool{
		".": true, ".0": true, ".0.url": true, ".items[].name?": true, ".[1:3]": true, "$it.name": true, "$it": true,
		"$r.body": true, "$r1.body.0.name": true, ".a | .b": true, ".\"a b\"": true, ". # note": true,
		"$r": false, "$r.status": false, "$r1": false, "$ENV.HOME": false, "..": false, "length": false,
		".a, .b": false, ".a + 1": false, "[.a]": false, ".[1.5]": false, ".a | length": false, "(.a)": false,
	} {
		p, err := Compile(text, known)
		if err != nil || p.IsPath() != want {
			t.Errorf("%s: got %t, %v, want %t", text, !want, err, want)
		}
	}
}

func TestPathObjectOrder(t *testing.T) {
	got, err := run(t, ".[]", NewDoc([]byte(`{"z":1,"a":2,"m":3}`)), nil)
	if err != nil || got != "1\n2\n3" {
		t.Errorf("got %q, %v, want the order of the body", got, err)
	}
}

func TestPathMisfit(t *testing.T) {
	const list = `[{"name":"one","owner":{"login":"jdoe"},"tags":["a"],"n":1.10},2,3]`
	for _, tt := range []struct {
		program, body, msg, hint string
		pos                      int
	}{
		{".name", list, ".name: expected an object, the body is a list of 3", "pick one first: .0.name   each: .[].name", 1},
		{".name.x", list, ".name: expected an object, the body is a list of 3", "pick one first: .0.name.x   each: .[].name.x", 1},
		{".0.tags.x", list, ".x: expected an object, .0.tags is a list of 1", "pick one first: .0.tags.0.x   each: .0.tags[].x", 8},
		{".[0].owner.0", list, ".0: expected a list, .0.owner is an object", "by name: .0.owner.login   its names: .0.owner | keys", 11},
		{".0.n.x", list, ".x: expected an object, .0.n is the number 1.10", "", 5},
		{".0.name[]", list, ".[]: expected an object or a list, .0.name is the string \"one\"", "", 7},
		{`.0.name["a b"]`, list, `.["a b"]: expected an object, .0.name is the string "one"`, "", 8},
		{".[].name", list, ".name: expected an object, .[] is the number 2", "", 4},
		{".a", "[]", ".a: expected an object, the body is a list of 0", "", 1},
		{".[]", "null", ".[]: expected an object or a list, the body is null", "", 1},
		{".[-1]", `{}`, ".[-1]: expected a list, the body is an object", "by name: .NAME   its names: . | keys", 2},
		{".[1:]", `{"a":1}`, ".[1:]: expected a list, the body is an object", "", 2},
		// the path a longer program begins with
		{".name | length", list, ".name: expected an object, the body is a list of 3", "pick one first: .0.name   each: .[].name", 1},
		{"map(.name)", list, ".name: expected an object, .[] is the number 2", "", 5},
		{"map(.0)", `{"a":{"b":1}}`, ".0: expected a list, .[] is an object", "by name: .[].b   its names: .[] | keys", 5},
		{".0 | .tags | .x | length", list, ".x: expected an object, .0.tags is a list of 1", "pick one first: .0.tags.0.x   each: .0.tags[].x", 14},
		{"[.[] | .name]", list, ".name: expected an object, .[] is the number 2", "", 8},
		{" .0.tags | map(.x)", list, `.x: expected an object, .0.tags[] is the string "a"`, "", 16},
		{"[.[2,1] | .name]", list, "expected an object, got number (3)", "", 11},
	} {
		_, err := run(t, tt.program, NewDoc([]byte(tt.body)), nil)
		var e *Error
		if !errors.As(err, &e) || e.Msg != tt.msg || e.Pos != tt.pos || (tt.hint != "" || e.Pos < 0) && e.Hint != tt.hint || e.Compile {
			t.Errorf("%s of %s:\n got %+v\nwant {%s, %d, %s}", tt.program, tt.body, err, tt.msg, tt.pos, tt.hint)
			if e != nil {
				t.Logf("%d %q", e.Pos, e.Hint)
			}
		}
	}
}

func TestMissing(t *testing.T) {
	const body = `[{"id":1,"name":"a","full_name":"b/a","node_id":"x","\u0075rl":"u","owner":{"login":"l"},"none":null}]`
	for _, tt := range []struct {
		program, path, key string
		near               []string
		ok                 bool
	}{
		{".0.nam", ".0", "nam", []string{"name", "full_name"}, true},
		{".0.ownr.login", ".0", "ownr", []string{"owner"}, true},
		{".[].nmae", ".[]", "nmae", []string{"name"}, true},
		{".0.ulr", ".0", "ulr", []string{"url"}, true},
		{".0.owner.Login", ".0.owner", "Login", []string{"login"}, true},
		{".0.zzz", ".0", "zzz", nil, true},
		{".0 | .idd", ".0", "idd", []string{"id"}, true},
		{".0.name", "", "", nil, false},
		{".0.none", "", "", nil, false},
		{".0.none.x", "", "", nil, false},
		{".7", "", "", nil, false},
		{".0.nam | length", "", "", nil, false},
	} {
		p, err := Compile(tt.program, nil)
		if err != nil {
			t.Fatal(err)
		}
		for v, err := range p.Run(t.Context(), NewDoc([]byte(body)), nil) {
			path, key, near, ok := v.Missing()
			if err != nil || ok != tt.ok || path != tt.path || key != tt.key || !slices.Equal(near, tt.near) {
				t.Errorf("%s: got %s, %s, %q, %t, %v", tt.program, path, key, near, ok, err)
			}
		}
	}
	p, err := Compile(".nam", nil)
	if err != nil {
		t.Fatal(err)
	}
	for v := range p.Run(t.Context(), NewDoc([]byte(`{"name":1}`)), nil) {
		if path, _, _, ok := v.Missing(); path != "." || !ok || !v.IsNull() {
			t.Errorf("at the top: got %s, %t", path, ok)
		}
	}
}
