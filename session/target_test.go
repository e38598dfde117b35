package session

import (
	"context"
	"strings"
	"testing"
)

func TestResolve(t *testing.T) {
	const base = "https://h.test/api/v3"
	for _, tt := range []struct{ base, dir, text, want string }{
		{base, "", "/user", "https://h.test/api/v3/user"},
		{base, "repos/x", "/user", "https://h.test/api/v3/user"},
		{base, "repos/x", "y/z", "https://h.test/api/v3/repos/x/y/z"},
		{base, "repos/x", "./y", "https://h.test/api/v3/repos/x/y"},
		{base, "repos/x", "..", "https://h.test/api/v3/repos/"},
		{base, "repos/x", "../y", "https://h.test/api/v3/repos/y"},
		{base, "repos/x", "../../../../../../y", "https://h.test/y"},
		{base, "repos/x", "?q=1", "https://h.test/api/v3/repos/x?q=1"},
		{base, "", "?q=1", "https://h.test/api/v3?q=1"},
		{base, "", "", "https://h.test/api/v3"},
		{base, "x", "", "https://h.test/api/v3/x"},
		{base + "/", "", "/user", "https://h.test/api/v3/user"},
		{"https://h.test", "", "?q", "https://h.test/?q"},
		{"https://h.test/", "", "user", "https://h.test/user"},
		{base, "", "/user?a=1&b#frag", "https://h.test/api/v3/user?a=1&b#frag"},
		{base, "", "api.github.com/users", "https://h.test/api/v3/api.github.com/users"},
		{"", "", "api.github.com/users", "https://api.github.com/users"},
		{"", "", "api.github.com", "https://api.github.com/"},
		{"", "", "api.github.com?q", "https://api.github.com/?q"},
		{base, "", "api.github.com:8443/users", "https://api.github.com:8443/users"},
		{base, "", "http://other.test/x", "http://other.test/x"},
		{base, "", "HTTP://OTHER.test:80", "http://other.test/"},
		{base, "", "https://other.test:443/x", "https://other.test/x"},
		{base, "", "https://other.test:0443/x", "https://other.test/x"},
		{base, "", ":8080/x", "http://localhost:8080/x"},
		{base, "", ":/x", "http://localhost/x"},
		{base, "", "localhost", "http://localhost/"},
		{base, "", "localhost:3000/x", "http://localhost:3000/x"},
		{base, "", "localhosts/x", "https://h.test/api/v3/localhosts/x"},
		{base, "", "127.0.0.1:3000", "http://127.0.0.1:3000/"},
		{base, "", "127.9.9.9/x", "http://127.9.9.9/x"},
		{base, "", "8.8.8.8/x", "https://8.8.8.8/x"},
		{base, "", "[::1]:3000/x", "http://[::1]:3000/x"},
		{"", "", "api.localhost/x", "http://api.localhost/x"},
		{base, "", "users:80", "https://h.test/api/v3/users:80"},
		{base, "", "/a%41%2f%zz", "https://h.test/api/v3/a%41%2f%25zz"},
		{base, "", "/café/ü?q=ß&a[b]=c|d", "https://h.test/api/v3/caf%C3%A9/%C3%BC?q=%C3%9F&a[b]=c%7Cd"},
		{base, "", `/a"b\c{d}[e]`, "https://h.test/api/v3/a%22b%5Cc%7Bd%7D%5Be%5D"},
		{base, "", "/x?u=http://other/y", "https://h.test/api/v3/x?u=http://other/y"},
		{base, "", "/a/./b/../c", "https://h.test/api/v3/a/c"},
		{"", "", "http://bücher.test/", "http://xn--bcher-kva.test/"},
		{"", "", "http://日本語.jp/", "http://xn--wgv71a119e.jp/"},
		{"", "", "http://ｇｏｏｄ.test/", "http://good.test/"},
		{"", "", "http://Straße.test/", "http://xn--strae-oqa.test/"},
		{"", "", "http://host.test./", "http://host.test./"},
	} {
		s := New(Options{})
		s.Settings.Base, s.Settings.Dir = tt.base, tt.dir
		u, err := s.Resolve(Target{Text: tt.text})
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
		} else if u.String() != tt.want {
			t.Errorf("%q in %q, %q: got %s, want %s", tt.text, tt.base, tt.dir, u, tt.want)
		}
	}
}

func TestResolveErrors(t *testing.T) { // P2, P4, R15
	for _, tt := range []struct{ text, want, hint string }{
		{"http://", "no host", ""},
		{"http:///x", "no host", ""},
		{"http://*x", `a "*" in the host`, ""},
		{"http://.x", "empty label", ""},
		{"http://a..b/", "empty label", ""},
		{"http://fe80::5054:1", "brackets", "http://[fe80::5054:1]/"},
		{"http://[fe80::1/", "no ]", ""},
		{"http://[nonsense]/", "no IPv6", ""},
		{"http://h:99999/", "no port", ""},
		{"http://h:0/", "no port", ""},
		{"http://h:8a/", "no port", ""},
		{"http://1.2.3/", "neither a name nor an address", ""},
		{"http://a@b@c/", "two @", ""},
		{`http://evil\@good/`, "backslash", ""},
		{"ftp://h/", `not "ftp"`, ""},
		{"file:///etc/passwd", `not "file"`, ""},
		{"users", "no base URL", "base https://HOST"},
		{"/users", "no base URL", "base https://HOST"},
		{"http://h/a b", "blank", "http://h/a%20b"},
		{"http://h/a\tb", "control", ""},
		{"http://h/a\r\nX: y", "control", ""},
		{"http://h/\x00", "control", ""},
		{"http://h\n/", "control", ""},
		{"http://h ost/", "blank", ""},
		{"http://u%0d%0a:p@h/", "control", ""},
		{"http://a\u200b.\u202eb.test/", "host", ""},
		{"http://" + strings.Repeat("a", 64) + ".test/", "63 bytes", ""},
	} {
		u, err := New(Options{}).Resolve(Target{Text: tt.text})
		if err == nil {
			t.Errorf("%q: got %s", tt.text, u)
			continue
		}
		contains(t, tt.text, err.Error(), tt.want)
		if e := err.(*Error); e.Phase != PhaseURL || tt.hint != "" && e.Hint != tt.hint {
			t.Errorf("%q: phase %s, hint %q", tt.text, e.Phase, e.Hint)
		}
	}
	u, err := New(Options{}).Resolve(Target{Text: "http://good.test#@evil/"})
	if err != nil || u.Host != "good.test" {
		t.Errorf("got %v, %v", u, err)
	}
	u, err = New(Options{}).Resolve(Target{Text: "http://evil@good.test/"})
	if err != nil || u.Host != "good.test" || u.String() != "http://good.test/" {
		t.Errorf("got %v, %v", u, err)
	}
}

func TestResolveFromQuery(t *testing.T) {
	for _, tt := range []struct{ base, text, want string }{
		{"https://h.test/api/v3", "/user", "https://h.test/user"},
		{"https://h.test/api/v3", "user", "https://h.test/user"},
		{"https://h.test/api/v3", "//b.test/x", "https://b.test/x"},
		{"https://h.test/api/v3", "http://b.test/a b", "http://b.test/a%20b"},
		{"https://h.test/api/v3", "?page=2", "https://h.test/?page=2"},
		{"https://h.test/api/v3", "api.github.com/x", "https://h.test/api.github.com/x"},
	} {
		s := New(Options{})
		s.SetBase(tt.base)
		u, err := s.Resolve(Target{Text: tt.text, FromQuery: true})
		if err != nil || u.String() != tt.want {
			t.Errorf("%q: got %v, %v; want %s", tt.text, u, err, tt.want)
		}
	}
	for _, bad := range []string{"/x\r\ny", "mailto:a@b", "ftp://h/"} {
		if u, err := New(Options{}).Resolve(Target{Text: bad, FromQuery: true}); err == nil {
			t.Errorf("%q: got %s", bad, u)
		}
	}
	srv := serve(t, ok)
	s := New(Options{})
	do(t, s, get(srv.URL+"/a/b"))
	if u, err := s.Resolve(Target{Text: "/c", FromQuery: true}); err != nil || u.String() != srv.URL+"/c" {
		t.Errorf("without a base: got %v, %v", u, err)
	}
}

func TestParseBaseAndDir(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"api.github.com", "https://api.github.com"},
		{"HTTPS://API.GitHub.com:443/", "https://api.github.com"},
		{"https://user:pw@h.test/api/v3", "https://h.test/api/v3"},
		{"localhost:3000", "http://localhost:3000"},
		{":3000", "http://localhost:3000"},
		{"127.0.0.1:1/x/", "http://127.0.0.1:1/x/"},
		{"https://h.test/#frag", "https://h.test"},
		{"https://h.test/?q=1", ""},
		{"ftp://h.test", ""},
		{"", ""},
		{"not a url", ""},
		{"URL", ""},
		{"api/v1", ""},
		{"https://api/v1", "https://api/v1"},
		{"api:8080", "https://api:8080"},
		{"localhost/v1", "http://localhost/v1"},
		{"[::1]/v1", "http://[::1]/v1"},
	} {
		got, err := ParseBase(tt.in)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%q: got %q, %v; want %q", tt.in, got, err, tt.want)
		}
	}
	for _, tt := range []struct{ dir, text, want string }{
		{"", "repos", "repos"}, {"repos", "x/y", "repos/x/y"}, {"repos/x", "..", "repos"}, {"repos", "../..", ""},
		{"repos", "/users/", "users"}, {"repos", "/", ""}, {"repos", "", ""}, {"repos", ".", "repos"}, {"a/b", "../c", "a/c"},
	} {
		if got, err := ChangeDir(tt.dir, tt.text); got != tt.want || err != nil {
			t.Errorf("cd %q in %q: got %q, %v; want %q", tt.text, tt.dir, got, err, tt.want)
		}
	}
}

func TestEscape(t *testing.T) {
	for _, tt := range []struct{ in, segment, query string }{
		{"a b", "a%20b", "a+b"}, {"a/b", "a%2Fb", "a%2Fb"}, {"..", "%2E%2E", ".."}, {".", "%2E", "."}, {"é+%", "%C3%A9%2B%25", "%C3%A9%2B%25"},
		{"", "", ""}, {"a.b-c_d~e", "a.b-c_d~e", "a.b-c_d~e"}, {"?#&=", "%3F%23%26%3D", "%3F%23%26%3D"},
	} {
		if got := EscapeSegment(tt.in); got != tt.segment {
			t.Errorf("segment %q: got %q, want %q", tt.in, got, tt.segment)
		}
		if got := EscapeQuery(tt.in); got != tt.query {
			t.Errorf("query %q: got %q, want %q", tt.in, got, tt.query)
		}
	}
}

func TestOrigin(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"https://API.github.com:443/x?y", "https://api.github.com"}, {"http://h.test:8080", "http://h.test:8080"},
		{"http://h.test:443", "http://h.test:443"}, {"http://[::1]:80/", "http://[::1]"}, {"api.github.com", "https://api.github.com"},
	} {
		if o, err := OriginOf(tt.in); err != nil || o.String() != tt.want {
			t.Errorf("%s: got %s, %v; want %s", tt.in, o, err, tt.want)
		}
	}
	if o, err := OriginOf("http://"); err == nil || !o.IsZero() || o.String() != "" {
		t.Errorf("got %v, %v", o, err)
	}
}

// TestUserinfo sees that a password in a URL is used and then gone.
func TestUserinfo(t *testing.T) { // R25
	srv := serve(t, ok)
	s := New(Options{})
	host := strings.TrimPrefix(srv.URL, "http://")
	x := do(t, s, get("http://alice:p%40ss-word@"+host+"/x"))
	if got := srv.last().header("Authorization"); got != "Basic YWxpY2U6cEBzcy13b3Jk" {
		t.Errorf("got %q", got)
	}
	if x.Sent.URL != srv.URL+"/x" || s.Secrets.Mask("p@ss-word") == "p@ss-word" {
		t.Errorf("got %s", x.Sent.URL)
	}
	_, err := s.Do(context.Background(), get("http://alice:p@ss-word@nowhere.invalid:x/"), Watch{})
	if err == nil || strings.Contains(err.Error(), "ss-word") {
		t.Errorf("got %v", err)
	}
	if do(t, s, get(srv.URL)); srv.last().header("Authorization") != "" {
		t.Error("it stuck")
	}
	if err := s.SetBase("http://bob:hunter2@" + host); err != nil || s.Settings.Base != srv.URL || s.Identity() != "bob" {
		t.Errorf("base: %v, %q, %q", err, s.Settings.Base, s.Identity())
	}
	if do(t, s, get("/")); srv.last().header("Authorization") == "" {
		t.Error("base: no Authorization")
	}
}

func FuzzResolve(f *testing.F) {
	for _, seed := range []string{"http://h/a?b#c", "/x/../y", "a.b:80/x", "http://u:p@h:80/", "?q", ":8080", "http://bücher.test", "//x", "http://[::1%25eth0]/"} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, fromQuery bool) {
		s := New(Options{})
		s.SetBase("https://h.test/base/")
		s.Settings.Dir = "dir"
		u, err := s.Resolve(Target{Text: text, FromQuery: fromQuery})
		if err != nil {
			return
		}
		for i, c := range []byte(u.String()) {
			if c <= ' ' || c >= 0x7f {
				t.Fatalf("%q: byte %d of %q", text, i, u)
			}
		}
		if u.Host == "" || u.Port == "" || !strings.HasPrefix(u.Path, "/") {
			t.Fatalf("%q: %+v", text, u)
		}
		again, err := New(Options{}).Resolve(Target{Text: u.String()})
		if err != nil || again.String() != u.String() {
			t.Fatalf("%q: %q becomes %v, %v", text, u, again, err)
		}
	})
}
