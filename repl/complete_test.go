package repl

import (
	"context"
	"slices"
	"strings"
	"testing"
)

func texts(c Completion) []string {
	var out []string
	for _, k := range c.Candidates {
		out = append(out, k.Text)
	}
	return out
}

// TestComplete asks for completions after a list of objects was fetched.
func TestComplete(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	for _, line := range []string{"auth jdoe x", "get /user/repos"} {
		if err := sh.Eval(context.Background(), line); err != nil {
			t.Fatal(err)
		}
	}
	out.Reset()
	for _, tt := range []struct{ text, want, not string }{
		{"ge", "get", "gte"},
		{"get /us", "/user/repos", ""},
		{"get ", "/user/repos", ""},
		{"get /user Acc", "Accept:", "Cookie:"},
		{"X-C", "X-CSRFToken:", ""},
		{".0.full", "full_name", "name"},
		{".0.", "owner", ""},
		{".[0].own", "owner", ""},
		{"map(.na", "name", "owner"},
		{"get {{.0.ur", "url", ""},
		{"get .0.ur", "url", ""},
		{"get /user | .lo", "", "zzz"},
		{"expect .0.na", "name", ""},
		{"jq -r .0.na", "name", ""},
		{"help ses", "session", ""},
		{"auth be", "bearer", "off"},
		{"post /x --fo", "--form", ""},
	} {
		got := texts(sh.Complete(tt.text, len(tt.text)))
		if tt.want != "" && !slices.Contains(got, tt.want) || slices.Contains(got, tt.not) {
			t.Errorf("%q: got %q, want %q and not %q", tt.text, got, tt.want, tt.not)
		}
	}
	if out.Len() > 0 {
		t.Errorf("completion wrote %q", out.String())
	}
}

// TestCompletionIsOneWord leaves out paths a server named that would be more than
// a word when they are inserted.
func TestCompletionIsOneWord(t *testing.T) {
	const base = "http://api.test"
	body := `["` + strings.Join([]string{
		base + "/good/path?x=1", base + "/evil|!id", base + "/evil>file", base + "/template{/ref}", base + "/evil#x",
		base + "/evil\\tx", base + "/evil'x", base + "/x?token=canary",
	}, `","`) + `"]`
	if got, want := pathsIn([]byte(body), base), []string{"/good/path?x=1", "/template"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
