package repl

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"sonde/repl/render"
	"sonde/session"
	"sonde/session/practice"
)

// newTestShell is a shell on the practice API whose streams are buffers.
func newTestShell(t *testing.T) (sh *Shell, out, notes *bytes.Buffer, api *practice.Server) {
	t.Helper()
	api, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { api.Close() })
	s := session.New(session.Options{})
	t.Cleanup(func() { s.Close() })
	if err := s.SetBase(api.URL()); err != nil {
		t.Fatal(err)
	}
	out, notes = new(bytes.Buffer), new(bytes.Buffer)
	plain := render.NewStyle(render.Options{})
	return New(Options{Session: s, Out: out, Err: notes, Style: plain, Notes: plain, Quiet: true, Version: "test"}), out, notes, api
}

// TestCommandExamples types what every command's example shows and compares what
// comes out.
func TestCommandExamples(t *testing.T) {
	for _, c := range commands() {
		if c.Example == "" {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			sh, out, _, _ := newTestShell(t)
			typed, want := 0, ""
			compare := func() {
				if got := out.String(); got != want {
					t.Errorf("got:\n%swant:\n%s", got, want)
				}
				out.Reset()
				want = ""
			}
			for l := range strings.Lines(sh.exampleText(c.Example)) {
				l = strings.TrimSuffix(l, "\n")
				text, ok := strings.CutPrefix(l, "> ")
				if !ok {
					want += l + "\n"
					continue
				}
				compare()
				typed++
				if err := sh.Eval(context.Background(), text); err != nil {
					t.Fatalf("%s: %v", text, err)
				}
			}
			compare()
			if typed == 0 {
				t.Error("the example types nothing")
			}
		})
	}
}

func TestCommandTable(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range commands() {
		if seen[c.Name] {
			t.Errorf("%s is in the table twice", c.Name)
		}
		seen[c.Name] = true
		if c.Short == "" || strings.HasSuffix(c.Short, ".") || c.Short[:1] != strings.ToLower(c.Short[:1]) {
			t.Errorf("%s: Short %q: one line, lower case, no full stop", c.Name, c.Short)
		}
		if c.Run == nil {
			t.Errorf("%s does nothing", c.Name)
		}
		if c.Example != "" && !strings.Contains(c.Example, c.Name) {
			t.Errorf("%s: the example does not use it", c.Name)
		}
	}
}
