package repl

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestCompleteWords asks for what stands behind the words of commands, headers and
// items.
func TestCompleteWords(t *testing.T) {
	sh, _, _, api := newTestShell(t)
	typeLines(t, sh, "X-Trace: 1", "per_page==5", "auth bearer x for https://h.test", "get /status/404", "get /users/jdoe",
		"base https://other.test", "base "+api.URL())
	for _, tt := range []struct{ text, want, not string }{
		{"param -d ", "per_page", "X-Trace"},
		{"header -d X", "X-Trace", "X-CSRFToken:"},
		{"header Acc", "Accept:", ""},
		{"header Accept:app", "Accept:application/json", "Accept:text/plain"},
		{"Accept:", "Accept:application/json", "Accept:gzip"},
		{"Accept: te", "text/plain", "application/json"},
		{"content-type: ", "application/json", ""},
		{"Accept-Encoding: ", "gzip", ""},
		{"Cache-Control: no-", "no-cache", ""},
		{"Authorization: B", "Bearer", ""},
		{"get /x Accept:tex", "Accept:text/plain", "Accept:application/json"},
		{"post /x Content-Type:application/x", "Content-Type:application/xml", ""},
		{"expect st", "status", "keys"},
		{"get /x | sta", "startswith", "keys"},
		{"expect status == 200 and le", "length", ""},
		{"let st", "", "status"},
		{"map({a: .lo", "login", "application/json"},
		{"{Accept: .lo", "login", "application/json"},
		{"let x = st", "status", ""},
		{"retry 3 ", "on", "off"},
		{"retry 3 on ", "429,500-599", "on"},
		{"retry 3 on 502 ", "backoff", "on"},
		{"retry 3 methods ", "+POST", ""},
		{"auth oauth2 ", "device", "issuer="},
		{"auth oauth2 client my-app is", "issuer=", "client"},
		{"auth off ", "for", ""},
		{"auth off for ", "https://h.test", "for"},
		{"auth off for https://h", "https://h.test", ""},
		{"auth off for http", api.URL(), ""},
		{"set raw ", "off", ""},
		{"set timeout ", "off", "TIME"},
		{"set ", "raw", ""},
		{"use ", "2", ""},
		{"base ", "https://other.test", api.URL()},
		{"cd us", "users/jdoe", "status"},
		{"help req", "requests", ""},
		{"@al use ", "1", ""},
	} {
		got := texts(sh.Complete(tt.text, len(tt.text)))
		if tt.want != "" && !slices.Contains(got, tt.want) || tt.not != "" && slices.Contains(got, tt.not) {
			t.Errorf("%q: got %q, want %q and not %q", tt.text, got, tt.want, tt.not)
		}
	}
	for _, c := range sh.Complete("use ", 4).Candidates {
		if c.Description == "" {
			t.Errorf("nothing stands beside the number %s", c.Text)
		}
	}
}

// TestCompleteFiles offers files where a line takes one.
func TestCompleteFiles(t *testing.T) {
	sh, _, _, _ := newTestShell(t)
	t.Chdir(t.TempDir())
	for _, name := range []string{"ca.pem", "key.pem", ".hidden", "a b.pem", "dir/in.json"} {
		os.MkdirAll(filepath.Dir(name), 0o755)
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all := []string{"ca.pem", "dir/", "key.pem"}
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"cert ", append([]string{"off"}, all...)},
		{"cert ca.pem k", []string{"key.pem"}},
		{"cert ca.pem key.pem ", nil},
		{"verify c", []string{"ca.pem"}},
		{"source d", []string{"dir/"}},
		{"source dir/", []string{"dir/in.json"}},
		{"source .", []string{".hidden"}},
		{"save ", all},
		{"source nope/", nil},
		{"post /x @", []string{"@ca.pem", "@dir/", "@key.pem"}},
		{"post /x file@d", []string{"file@dir/"}},
		{"post /x a=@k", []string{"a=@key.pem"}},
		{"get /x > ", all},
		{"get /x | save k", []string{"key.pem"}},
		{"get /x | .a | save k", []string{"key.pem"}},
		{"auth bearer file:k", []string{"file:key.pem"}},
	} {
		c := sh.Complete(tt.text, len(tt.text))
		if got := texts(c); !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}
