package query

import (
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/itchyny/gojq"
)

// What would fill the memory in one go is refused before it is made.
func TestFenceLarge(t *testing.T) {
	const double = `reduce range(40) as $i ("x"; . + .)`
	const text = `reduce range(26) as $i ("x"; . + .) | `
	const tree = `reduce range(40) as $i ([1]; [., .]) | `
	for _, program := range []string{
		double + " | length",
		`reduce range(40) as $i ({a: "x"}; .a += .a)`,
		`reduce range(40) as $i ({a: "x"}; .a *= 2)`,
		`reduce range(40) as $i ("x"; . * 2)`,
		`reduce range(40) as $i ("x"; 2 * .)`,
		`reduce range(40) as $i ("x"; "\(.)\(.)")`,
		`reduce range(40) as $i ([1]; . + .) | length`,
		`reduce range(40) as $i ("x"; add(., .))`,
		`"x" * 2000000000`,
		`"x" * 60000000 | [., ., ., ., .] | join("")`,
		text + `[range(1000) as $i | .] | add`,
		text + `. as $s | [range(1000)] | join($s)`,
		`"x" * 60000000 | explode`,
		tree + "tojson", tree + "flatten", tree + `"\(.)"`, tree + ". == .",
	} {
		_, err := run(t, program, NewDoc([]byte("null")), nil)
		runtime.GC() // be kind to the machine
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), "too large") {
			t.Errorf("%s: got %v", program, err)
		}
	}
}

// With its fences a program gives what it gives without.
func TestFenceAsEngine(t *testing.T) {
	const loop = "def same: .; "
	for _, program := range []string{
		"[(1, 2) + (10, 20)]", "[(1, 2) * (10, 20)]", `[("a", "b") * (0, 1, 2)]`, `[(1, 2) * ("a", "b")]`,
		"(.a, .b) += (1, 2)", "(.a, .b) *= (3, 4)", ".a += .b", ".a *= .b", ".a += (.b += 1 | .b)", ".a *= (2 * 3) + 4 * 5",
		"(1 + 2) * (3 + 4) * 2", "{x: 1} * {x: {y: 2}}", "null * 1", "[] * 2", "{} * 2", "1 + null", "[1] + [2]", "{} + 1",
		`"\(1 + 2) \(.a * 2)"`, `@json "\(.)"`, "[.a, .b] | add", "add(.a, .b)", "add", "[] | add", "add(empty)", "1 | add",
		`["a", 1, null] | join(",", ";")`, `[] | join(",")`, `[1] | join(1)`, `1 | join(",")`, `[[1]] | join(",")`,
		`"ab" | explode | implode`, `"a,b" | split(",")`, `"ab" / ""`, "path(.a | select(. + 1 > 0))", "[.a + 1] | .[0]",
		"[.a, .b] | join(\"-\") | length", "[paths] | flatten | tojson", ".a as $x | .b * $x + $x", "try (.a + {}) catch .",
		"(.a * .b) == (.b * .a)", "[limit(3; repeat(.a * 2))]", ".c |= . + 1", ".a + .b - .a * .b",
	} {
		program = loop + program
		const body = `{"a":2,"b":5}`
		got, err := run(t, program, NewDoc([]byte(body)), nil)
		want, wantErr := plain(t, program, body)
		if got != want || (err != nil) != (wantErr != nil) {
			t.Errorf("%s:\n got %s, %v\nwant %s, %v", program, got, err, want, wantErr)
		}
	}
}

// plain is what the engine alone gives.
func plain(t *testing.T, program, body string) (string, error) {
	t.Helper()
	q, err := gojq.Parse(program)
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	var in any
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		t.Fatal(err)
	}
	var out []string
	for results := q.Run(in); ; {
		v, ok := results.Next()
		if !ok {
			return strings.Join(out, "\n"), nil
		}
		if err, ok := v.(error); ok {
			return strings.Join(out, "\n"), err
		}
		b, err := gojq.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(b))
	}
}
