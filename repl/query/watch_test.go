package query

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestRunEndless(t *testing.T) { // Q3
	for _, program := range []string{
		"repeat(.)", "def f: f; f", "last(range(infinite))", "until(false; .)", "[repeat(1) | empty]",
		"def f: 1 + f; f", "recurse", "\"x\" | until(false; .)",
	} {
		in := NewDoc([]byte("1"))
		p, err := Compile(program, nil)
		if err != nil {
			t.Fatal(err)
		}
		var last error
		n := 0
		for _, err := range p.Run(t.Context(), in, &Scope{Timeout: 100 * time.Millisecond}) {
			last = err
			if n++; n > 1000 {
				break
			}
		}
		if n <= 1000 && program != "recurse" && (last == nil || last.Error() != "query: stopped after 100ms") {
			t.Errorf("%s: got %v after %d results", program, last, n)
		}
	}
}

// The context ends a run at once, even inside a builtin that goes on.
func TestRunCancel(t *testing.T) {
	for _, program := range []string{"until(false; .)", "[range(2000000) | -.] | sort | sort | sort | sort | sort | length"} {
		p, err := Compile(program, nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		var got error
		for _, err := range p.Run(ctx, NewDoc([]byte("1")), nil) {
			got = err
		}
		if !errors.Is(got, context.Canceled) {
			t.Errorf("%s: got %v, want %v", program, got, context.Canceled)
		}
	}
}

func TestRunHeapLimit(t *testing.T) { // Q4
	for _, program := range []string{"[range(1e9)]", "[range(1e9) | \"number \\(.)\"]", "def f: [1, 2, 3] | f, f; [f]"} {
		_, err := run(t, program, NewDoc([]byte("1")), &Scope{HeapLimit: 64 << 20, Timeout: 20 * time.Second})
		if err == nil || !strings.HasPrefix(err.Error(), "query: used more than 64 MiB of memory") {
			t.Errorf("%s: got %v", program, err)
		}
	}
}

// Results without end are stopped, however fast or slowly they are taken.
func TestRunEndlessResults(t *testing.T) {
	for _, program := range []string{"repeat(1)", "1 | while(true; .)", "range(infinite)"} {
		p, err := Compile(program, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, wait := range []time.Duration{0, 10 * time.Millisecond} {
			start := time.Now()
			var last error
			for _, err := range p.Run(t.Context(), nil, &Scope{Timeout: 200 * time.Millisecond}) {
				last = err
				time.Sleep(wait)
				if time.Since(start) > 20*time.Second {
					break
				}
			}
			if last == nil || last.Error() != "query: stopped after 200ms" {
				t.Errorf("%s, %s a result: got %v", program, wait, last)
			}
		}
	}
}
