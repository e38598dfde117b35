package repl

import (
	"context"
	"strings"
	"testing"
)

// TestCookieTwoDomains shows all cookies of a name, those of two hosts and one
// that was set by hand for a third.
func TestCookieTwoDomains(t *testing.T) {
	sh, out, _, api := newTestShell(t)
	other := strings.Replace(api.URL(), "127.0.0.1", "localhost", 1)
	typeLines(t, sh, "post /login user=jdoe | .ok", "post "+other+"/login user=jdoe | .ok", "cookie sid=x for https://h.test", "cookie theme=dark")
	out.Reset()
	typeLines(t, sh, "cookie sid")
	want := []string{
		"127.0.0.1  /  until exit, HttpOnly, SameSite=Lax, this host only",
		"localhost  /  until exit, HttpOnly, SameSite=Lax, this host only",
		"h.test     /  set by hand, Secure, for https://h.test only",
	}
	for i, row := range strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n") {
		if i >= len(want) || row != "sid  ••••••••  "+want[i] {
			t.Errorf("row %d: got %q", i+1, row)
		}
	}
	if n := strings.Count(out.String(), "\n"); n != len(want) {
		t.Errorf("got %d rows, want %d", n, len(want))
	}
	if err := sh.Eval(context.Background(), "cookie si"); err == nil || err.Error() != `cookie: no cookie "si"; did you mean: sid` {
		t.Errorf("got %v", err)
	}
}

func TestCookieMistakes(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	for _, tt := range []struct{ line, want string }{
		{"cookie =x", "a name stands before ="},
		{"cookie sid for https://h.test", "stands behind NAME=VALUE"},
		{"cookie clear for https://h.test", "stands behind NAME=VALUE"},
		{"cookie a=b c", "one cookie"},
		{"cookie -d", "one name"},
		{"cookie a=b for ftp://h", "ftp"},
	} {
		if err := sh.Eval(context.Background(), tt.line); err == nil || !strings.Contains(err.Error(), tt.want) || exitCode(err) != ExitUsage {
			t.Errorf("%s: got %v, want %q", tt.line, err, tt.want)
		}
	}
}
