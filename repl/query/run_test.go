package query

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// run compiles and runs a program and returns its results as JSON, one a line.
func run(t *testing.T, text string, in *Doc, s *Scope) (string, error) {
	t.Helper()
	names := func(name string) bool {
		if s == nil {
			return false
		}
		_, ok := s.Vars[name]
		return ok
	}
	p, err := Compile(text, names)
	if err != nil {
		return "", err
	}
	var out []string
	for v, err := range p.Run(t.Context(), in, s) {
		if err != nil {
			return strings.Join(out, "\n"), err
		}
		out = append(out, string(v.AppendJSON(nil)))
	}
	return strings.Join(out, "\n"), nil
}

const repoList = `[
 {"id": 12345678901234567890, "name": "one", "score": 1.10, "owner": {"login": "jdoe", "id": 7}, "tags": ["a", "b"]},
 {"id": 2, "name": "two", "score": 2.50, "owner": {"login": "jane", "id": 8}, "tags": []}
]`

func TestRun(t *testing.T) {
	for _, tt := range []struct{ program, body, want string }{
		{".", `{"b":1,"a":[1.10]}`, `{"b":1,"a":[1.10]}`},
		{".0.name", repoList, `"one"`},
		{".[].name", repoList, "\"one\"\n\"two\""},
		{"map(.name)", repoList, `["one","two"]`},
		{"map(.0)", `[[1],[2]]`, `[1,2]`},
		{"length", repoList, "2"},
		{".0 | keys", repoList, `["id","name","owner","score","tags"]`},
		{"map(select(.id == 2)) | .0.name", repoList, `"two"`},
		{"[.[] | .owner.login] | join(\",\")", repoList, `"jdoe,jane"`},
		{".[] | \"\\(.name) \\(.score)\"", repoList, "\"one 1.10\"\n\"two 2.50\""},
		{"1 + 1", "", "2"},
		{"halt", "null", ""},
		{"1, halt, 2", "null", "1"},
		{"debug, stderr", "7", "7\n7"},
		{"env", "null", "{}"},
		{"$ENV", "null", "{}"},
		{"try error(\"x\") catch .", "null", `"x"`},
		{".a", "null", "null"},
	} {
		got, err := run(t, tt.program, NewDoc([]byte(tt.body)), nil)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %s, %v, want %s", tt.program, got, err, tt.want)
		}
	}
}

// Numbers and keys come out as they came in, by a path and by the engine.
func TestRunExact(t *testing.T) { // Q12
	for _, text := range []string{
		"12345678901234567890", "1.10", "1e400", "-0.0", "-0", "1E5", "1.000000000000000000001",
		"0.1e-7", "100000000000000000000000000001", `{"z":1,"a":2,"m":{"y":1,"x":2}}`, `"\u0000"`,
	} {
		body := `{"a":` + text + `}`
		for _, program := range []string{".a", `.["a"]`, "[.a][0]", "first(.a)", "[.][0] | .a"} {
			got, err := run(t, program, NewDoc([]byte(body)), nil)
			if err != nil || got != text {
				t.Errorf("%s of %s: got %s, %v", program, body, got, err)
			}
		}
	}
}

func TestRunPathKeepsReceivedText(t *testing.T) {
	for _, tt := range []struct{ program, body, want string }{
		{".", `{"a":1,"a":2, "\u0062":"\ud800"}`, `{"a":1,"a":2, "\u0062":"\ud800"}`},
		{".a", `{"a":1,"a": 2}`, "2"},
		{".b", `{"\u0062":"\ud800\/"}`, `"\ud800\/"`},
		{".[0:2]", "[ 1.0,\n 2.00 , 3]", "[1.0,\n 2.00]"},
		{".a", "{\"a\": [ 1 ,2 ] }", "[ 1 ,2 ]"},
	} {
		p, err := Compile(tt.program, nil)
		if err != nil || !p.IsPath() {
			t.Fatalf("%s: got %v, want a path", tt.program, err)
		}
		for v, err := range p.Run(t.Context(), NewDoc([]byte(tt.body)), nil) {
			if err != nil || string(v.Raw()) != tt.want {
				t.Errorf("%s of %s: got %s, %v, want %s", tt.program, tt.body, v.Raw(), err, tt.want)
			}
		}
	}
	// Through the engine a lone surrogate cannot be kept, but nothing breaks.
	if got, err := run(t, "[., 1] | .[:1]", NewDoc([]byte(`"\ud800"`)), nil); err != nil || got != `["`+"\uFFFD"+`"]` {
		t.Errorf("lone surrogate: got %s, %v", got, err)
	}
}

func TestRunKeyOrder(t *testing.T) {
	const body = `[{"z":1,"a":{"y":1,"b":2},"m":3},{"m":1,"z":2}]`
	for _, tt := range []struct{ program, want string }{
		{"map(.)", body},
		{"sort_by(.m) | reverse | map(.)", body},
		{"map(select(.a))[0]", `{"z":1,"a":{"y":1,"b":2},"m":3}`},
		{"group_by(.z) | .[1]", `[{"m":1,"z":2}]`},
		{".[0] | .a.y = 5", `{"z":1,"a":{"y":5,"b":2},"m":3}`},
		{".[0] | del(.a)", `{"z":1,"m":3}`},
		{".[0] + {new: 1, also: 2}", `{"z":1,"a":{"y":1,"b":2},"m":3,"new":1,"also":2}`},
		{".[0] | {m, z, a}", `{"m":3,"z":1,"a":{"y":1,"b":2}}`},
		{".[0] | {total: .m, kind: \"x\", a}", `{"total":3,"kind":"x","a":{"y":1,"b":2}}`},
		{"{z: 1} + {b: 2, a: 3}", `{"z":1,"b":2,"a":3}`},
		{".[0] | with_entries(.value |= 1)", `{"z":1,"a":1,"m":1}`},
		{"{(\"q\",\"c\"): 1}", "{\"q\":1}\n{\"c\":1}"},
	} {
		got, err := run(t, tt.program, NewDoc([]byte(body)), nil)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %s, %v, want %s", tt.program, got, err, tt.want)
		}
	}
}

func TestRunSeveralValues(t *testing.T) { // Q11
	in := NewDoc([]byte("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n"))
	for _, tt := range []struct{ program, want string }{
		{".a", "1\n2\n3"},
		{".a + 1", "2\n3\n4"},
		{"1 + 1", "2"}, // does not look at its input: once
	} {
		got, err := run(t, tt.program, in, nil)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %q, %v, want %q", tt.program, got, err, tt.want)
		}
	}
}

func TestRunWhatTheBodyIs(t *testing.T) { // Q9
	for _, tt := range []struct{ body, program, out, want string }{
		{"", ".", "", "query: the body is empty"},
		{"", "length", "", "query: the body is empty"},
		{"\r\n", ".a", "", "query: the body is empty"},
		{"<!DOCTYPE html>", ".a", "", "query: the body is not JSON: begins with <, which is markup at byte 0"},
		{"<!DOCTYPE html>", "length", "", "query: the body is not JSON: begins with <, which is markup at byte 0"},
		{"Not found", ".", "", "query: the body is not JSON: unexpected 'N' where a value was expected at byte 0"},
		{`{"a":1,"b":[1,`, ".a", "", "query: the body ends too early: "},
		{`{"a":1,"b":[1,`, "length", "", "query: the body ends too early: "},
		{`[{"a":1},{"a"`, ".[].a", "1", "query: the body ends too early: "},
		{"{\"a\":1}\n{\"a\":", ".a", "1", "query: the body ends too early: "},
		{"{\"a\":1}\n{\"a\":", ".a+1", "2", "query: the body ends too early: "},
		{"{\"a\":1}\noops", ".a", "1", "query: the body is not JSON: unexpected 'o'"},
	} {
		got, err := run(t, tt.program, NewDoc([]byte(tt.body)), nil)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || got != tt.out {
			t.Errorf("%s of %q: got %q, %v, want %q, %s", tt.program, tt.body, got, err, tt.out, tt.want)
		}
	}
}

func TestRunErrorAfterResults(t *testing.T) { // Q10
	got, err := run(t, ".[] | 6 / .", NewDoc([]byte("[1,2,0,3]")), nil)
	if err == nil || got != "6\n3" {
		t.Errorf("got %q, %v, want two results, then an error", got, err)
	}
}

func TestRunFailures(t *testing.T) {
	for _, tt := range []struct{ program, want string }{
		{"keys", "query: keys: not defined for number (5)"},
		{". + {}", "query: add: not defined for number (5) and object ({})"},
		{"[1] | .a | .b, (.[0]|length)", "query: expected an object, got array ([1])"},
		{"@bsae64", "query: no format @bsae64"},
		{"error(\"it broke\")", "query: it broke"},
		{"error({a:1})", `query: {"a":1}`},
		{"\"bye\" | halt_error", "query: halted: bye"},
		{"setpath([1e9]; 1)", "query: "},         // Q8
		{"[limit(-1; 1,2)]", "query: "},          // Q8
		{"[] | .[-1] = 1", "query: "},            // Q8
		{"\"a\" * 1e12", "query: repeat string"}, // too large to try
		{"{(1): 2}", "query: "},
		{". as [$x] | $x", "query: "},
		{"ltrimstr(1) | implode", "query: "},
		{"test(\"(\")", "query: "},
		{"fromjson", "query: "},
		{"\"[1\" | fromjson", "query: "},
		{"@base64d", "query: "},
		{"getpath([range(20000)])", "query: path of more than 10,000 steps"},
	} {
		got, err := run(t, tt.program, NewDoc([]byte("5")), nil)
		var e *Error
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), tt.want) || strings.ContainsAny(err.Error(), "\n") {
			t.Errorf("%s: got %q, %v, want %s", tt.program, got, err, tt.want)
		}
		// The next query is none the wiser.
		if got, err := run(t, ". + 1", NewDoc([]byte("5")), nil); got != "6" || err != nil {
			t.Fatalf("after %s: got %s, %v", tt.program, got, err)
		}
	}
}

// A value nested deeper than a stack should follow is refused, not walked.
func TestRunDeepValues(t *testing.T) { // Q6
	const deep = "reduce range(30000) as $i (null; [.])"
	for _, program := range []string{
		deep, deep + " | tojson", deep + " | tostring", deep + " | @json", deep + " | @base64", deep + ` | "\(.)"`,
		"(" + deep + ") == (" + deep + ")", deep + " | [., .] | sort", deep + " | [., .] | unique",
		deep + " | [., .] | group_by(.)", deep + " | flatten", deep + " | . - .", deep + " | index([1])",
		deep + " | contains([1])", "[1, 2] | sort_by(" + deep + ")", deep + " | {a: .}",
		"def f: if . > 30000 then [] else (. + 1 | f) | [.] end; 0 | f | tojson",
		"last(limit(100000; 1 | recurse([.])))", "[range(30000) | 0] as $p | setpath($p; 1)",
	} {
		got, err := run(t, program, NewDoc([]byte("null")), nil)
		if err == nil {
			t.Errorf("%s: got %.40s, want an error", program, got)
		}
	}
	got, err := run(t, deep+" | 1", NewDoc([]byte("null")), nil)
	if err != nil || got != "1" {
		t.Errorf("a deep value that is not looked into: got %s, %v", got, err)
	}
	body := strings.Repeat("[", 1_000_000) + strings.Repeat("]", 1_000_000)
	for _, program := range []string{".", "length", ".[0]"} {
		if _, err := run(t, program, NewDoc([]byte(body)), nil); err == nil {
			t.Errorf("%s of a body nested 1,000,000 deep: got no error", program)
		}
	}
}

func TestRunStopsWhenNotWanted(t *testing.T) {
	p, err := Compile("range(infinite)", nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for v, err := range p.Run(t.Context(), nil, nil) {
		if err != nil {
			t.Fatal(err)
		}
		if got := string(v.AppendJSON(nil)); got != fmt.Sprint(n) {
			t.Fatalf("got %s, want %d", got, n)
		}
		if n++; n == 1000 {
			break
		}
	}
}

// A panic of the engine, here on a type it does not know, is an error.
func TestRunEnginePanic(t *testing.T) { // Q14
	p, err := Compile("$x | type", func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	var got error
	for _, err := range p.Run(t.Context(), nil, &Scope{Vars: map[string]Value{"x": {v: int64(1)}}}) {
		got = err
	}
	if got == nil || !strings.Contains(got.Error(), "the engine gave up: invalid type: int64") {
		t.Errorf("got %v", got)
	}
}
