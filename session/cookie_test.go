package session

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// setBy returns what a Set-Cookie of a URL comes to in a fresh session.
func setBy(t *testing.T, s *Session, from string, lines ...string) []SetCookie {
	t.Helper()
	u, err := parseURL(from, false)
	if err != nil {
		t.Fatal(err)
	}
	var header []Field
	for _, l := range lines {
		header = append(header, Field{Name: "Set-Cookie", Value: l})
	}
	return s.storeCookies(header, u, "", s.now(), func(Notice) {})
}

func sent(t *testing.T, s *Session, to string) string {
	t.Helper()
	got, err := s.CookieHeader(to)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestRefusedCookies(t *testing.T) { // C1, C2, C5, C6, C11
	for _, tt := range []struct{ from, line, want string }{
		{"https://x.co.uk/", "a=1; Domain=co.uk", "public suffix"},
		{"https://x.co.uk/", "a=1; Domain=co.UK", "public suffix"},
		{"https://x.co.uk/", "a=1; Domain=.co.uk", "public suffix"},
		{"https://x.co.uk/", "a=1; Domain=co.uk.", "set for co.uk."},
		{"https://x.co.uk/", "a=1; Domain=com", "set for com"},
		{"https://x.com/", "a=1; Domain=com", "public suffix"},
		{"https://me.github.io/", "a=1; Domain=github.io", "public suffix"},
		{"http://192.168.0.1/", "a=1; Domain=.168.0.1", "set for"},
		{"http://192.168.0.1/", "a=1; Domain=1", "set for"},
		{"http://[::1]/", "a=1; Domain=:1", "set for"},
		{"https://a.example.com/", "a=1; Domain=b.example.com", "set for"},
		{"https://example.com/", "a=1; Domain=a.example.com", "set for"},
		{"https://ample.com/", "a=1; Domain=example.com", "set for"},
		{"http://example.com/", "a=1; Secure", "Secure over http"},
		{"https://example.com/", "__Host-a=1; Secure; Path=/; Domain=example.com", "__Host-"},
		{"https://example.com/", "__Host-a=1; Secure", "__Host-"},
		{"https://example.com/", "__host-a=1; Secure; Path=/x", "__Host-"},
		{"https://example.com/", "__Secure-a=1", "__Secure-"},
		{"http://localhost/", "__Secure-a=1; Secure", "__Secure-"},
		{"https://example.com/", "a=1\x01", "control"},
		{"https://example.com/", "a\t=1; Path=/", ""},
		{"https://example.com/", "a\tb=1", "control"},
		{"https://example.com/", "a=1\t2", "control"},
		{"https://example.com/", "a=1; Path=/\t2", "control"},
		{"https://example.com/", "just text", "no name"},
		{"https://example.com/", "=value", "no name"},
		{"https://example.com/", "a=" + strings.Repeat("x", 4096), "4096"},
		{"https://example.com/", "a=1; Domain=example.com; Secure; Path=/", ""},
		{"https://example.com/", "__Host-a=1; Secure; Path=/", ""},
		{"https://example.com/", "__Secure-a=1; Secure; Domain=.example.com", ""},
		{"http://localhost/", "a=1; Domain=localhost", ""},
		{"http://127.0.0.1/", "a=1; Domain=127.0.0.1; Secure", ""},
		{"https://com/", "a=1; Domain=com", ""},
	} {
		s := New(Options{})
		got := setBy(t, s, tt.from, tt.line)[0].Refused
		if tt.want == "" && got != "" || tt.want != "" && !strings.Contains(got, tt.want) || (len(s.Cookies()) == 0) != (tt.want != "") {
			t.Errorf("%s %.60q: got %q, want %q; %d kept", tt.from, tt.line, got, tt.want, len(s.Cookies()))
		}
	}
}

func TestWhereCookiesGo(t *testing.T) { // C2, C3, C4, C5, C15
	for _, tt := range []struct{ from, line, to, want string }{
		{"https://example.com/", "a=1", "https://example.com/", "a=1"},
		{"https://example.com/", "a=1", "https://sub.example.com/", ""},
		{"https://example.com/", "a=1; Domain=example.com", "https://sub.example.com/", "a=1"},
		{"https://example.com/", "a=1; Domain=example.com", "https://ample.com/", ""},
		{"https://example.com/", "a=1; Domain=example.com", "https://badexample.com/", ""},
		{"https://ample.com/", "a=1; Domain=ample.com", "https://example.com/", ""},
		{"https://com/", "a=1; Domain=com", "https://example.com/", ""},
		{"http://127.0.0.1/", "a=1; Domain=127.0.0.1", "http://1.127.0.0.1.nip.test/", ""},
		{"https://example.com/", "a=1; Path=/hoge", "https://example.com/hoge", "a=1"},
		{"https://example.com/", "a=1; Path=/hoge", "https://example.com/hoge/x", "a=1"},
		{"https://example.com/", "a=1; Path=/hoge", "https://example.com/hogege", ""},
		{"https://example.com/", "a=1; Path=/hoge", "https://example.com/Hoge", ""},
		{"https://example.com/", "a=1; Path=/hoge/", "https://example.com/hoge", ""},
		{"https://example.com/x/y", "a=1", "https://example.com/x/z", "a=1"},
		{"https://example.com/x/y", "a=1; Path=nonsense", "https://example.com/", ""},
		{"https://example.com/", "a=1; Secure", "https://example.com/", "a=1"},
		{"https://example.com/", "a=1; Secure", "http://example.com/", ""},
		{"https://127.0.0.1/", "a=1; Secure", "http://127.0.0.1/", ""},
		{"http://127.0.0.1/", "a=1; Secure", "http://127.0.0.1/", "a=1"},
		{"http://localhost/", "a=1; Secure", "http://localhost/", "a=1"},
		{"https://example.com/", "a=1", "http://example.com:8080/", "a=1"},
		{"https://example.com/", `a="bar:baz"`, "https://example.com/", `a="bar:baz"`},
		{"https://example.com/", "a=x=y==; HttpOnly", "https://example.com/", "a=x=y=="},
	} {
		s := New(Options{})
		setBy(t, s, tt.from, tt.line)
		if got := sent(t, s, tt.to); got != tt.want {
			t.Errorf("%q of %s to %s: got %q, want %q", tt.line, tt.from, tt.to, got, tt.want)
		}
	}
}

func TestSecureCookieIsNotOverwritten(t *testing.T) { // C5
	s := New(Options{})
	setBy(t, s, "https://example.com/", "a=good; Secure; Domain=example.com")
	for _, from := range []string{"http://example.com/", "http://sub.example.com/"} {
		if got := setBy(t, s, from, "a=evil; Domain=example.com")[0]; got.Refused == "" {
			t.Errorf("%s: taken", from)
		}
	}
	if got := sent(t, s, "https://example.com/"); got != "a=good" {
		t.Errorf("got %q", got)
	}
}

func TestHandSetCookieIsBoundToItsOrigin(t *testing.T) { // C7
	w := newWorld(t)
	a, b, a81 := w.add("http://a.test", ok), w.add("http://b.test", ok), w.add("http://a.test:81", ok)
	s := w.session("")
	if err := s.SetCookie("sid", canary, ""); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"http://a.test/x", "http://b.test/", "http://a.test:81/"} {
		do(t, s, get(url))
	}
	if got := a.last().header("Cookie"); got != "sid="+canary {
		t.Errorf("first: got %q", got)
	}
	w.leak(b, canary)
	w.leak(a81, canary)
	if c := s.Cookies(); len(c) != 1 || !c[0].HandSet || c[0].Origin != "http://a.test" {
		t.Errorf("got %+v", c)
	}
	for _, bad := range [][2]string{{"", "x"}, {"a=b", "x"}, {"a b", "x"}, {"a", "x;y"}, {"a", "x\r\nX: y"}} {
		if s.SetCookie(bad[0], bad[1], "") == nil {
			t.Errorf("%q taken", bad)
		}
	}
}

func TestHandSetAndServerSetOfOneName(t *testing.T) {
	w := newWorld(t)
	srv := w.add("http://a.test", func(out io.Writer, r *received) bool {
		if r.Target == "/login" {
			reply(out, 200, "", "Set-Cookie: sid=server; Path=/")
			return true
		}
		return ok(out, r)
	})
	s := w.session("http://a.test")
	do(t, s, get("/login"))
	s.SetCookie("sid", "hand", "")
	if do(t, s, get("/")); srv.last().header("Cookie") != "sid=hand" {
		t.Errorf("got %q", srv.last().header("Cookie"))
	}
	if v, found := s.CookieFor("sid"); v != "hand" || !found {
		t.Errorf("CookieFor: got %q", v)
	}
	do(t, s, get("/login"))
	if do(t, s, get("/")); srv.last().header("Cookie") != "sid=server" {
		t.Errorf("after a new login: got %q", srv.last().header("Cookie"))
	}
	if n := s.DeleteCookie("sid"); n != 1 || sent(t, s, "/") != "" {
		t.Errorf("deleted %d", n)
	}
}

func TestCookieOfOneRequest(t *testing.T) { // C8
	w := newWorld(t)
	srv := w.add("http://a.test", ok)
	s := w.session("http://a.test")
	s.SetCookie("sid", "session", "")
	r := get("/")
	r.Headers = []HeaderEdit{{Name: "Cookie", Value: "sid=own"}}
	if do(t, s, r); srv.last().header("Cookie") != "sid=own" {
		t.Errorf("got %q", srv.last().header("Cookie"))
	}
	if do(t, s, get("/")); srv.last().header("Cookie") != "sid=session" {
		t.Errorf("got %q", srv.last().header("Cookie"))
	}
	r.Headers = []HeaderEdit{{Name: "Cookie", Remove: true}}
	if do(t, s, r); srv.last().header("Cookie") != "" {
		t.Errorf("removed: got %q", srv.last().header("Cookie"))
	}
}

func TestCookieOnRedirect(t *testing.T) { // C9
	w := newWorld(t)
	a := w.add("http://a.test", func(out io.Writer, r *received) bool {
		if r.Target == "/login" {
			reply(out, 302, "", "Location: /home", "Set-Cookie: sid=1; Path=/", "Set-Cookie: csrf=new; Path=/")
			return true
		}
		return redirect(302, "http://b.test/")(out, r)
	})
	b := w.add("http://b.test", ok)
	s := w.session("http://a.test")
	r := get("/login")
	r.Headers = []HeaderEdit{{Name: "Cookie", Value: "csrf=old; x=y"}}
	x := do(t, s, r)
	if got := a.last().header("Cookie"); got != "x=y; sid=1; csrf=new" {
		t.Errorf("got %q", got)
	}
	if b.last().header("Cookie") != "" || len(x.SetCookies) != 2 || x.SetCookies[0].Domain != "a.test" {
		t.Errorf("got %q at the other, %+v", b.last().header("Cookie"), x.SetCookies)
	}
}

func TestCookieExpiry(t *testing.T) { // C10
	now := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	s := New(Options{Now: func() time.Time { return now }})
	const from = "https://example.com/"
	for _, line := range []string{"a=; Max-Age=0", "a=; Max-Age=-5", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"} {
		setBy(t, s, from, "a=1")
		if got := setBy(t, s, from, line)[0]; !got.Removed || sent(t, s, from) != "" {
			t.Errorf("%s: got %+v", line, got)
		}
	}
	setBy(t, s, from, "a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "b=2; Max-Age=99999999999999999999", "c=3; Expires=Fri, 31 Dec 9999 23:59:59 GMT")
	for _, c := range s.Cookies()[1:] {
		if !c.Expires.Equal(now.Add(400 * 24 * time.Hour)) {
			t.Errorf("%s: expires %v", c.Name, c.Expires)
		}
	}
	now = now.Add(61 * time.Second)
	if got := sent(t, s, from); got != "b=2; c=3" {
		t.Errorf("after a minute: got %q", got)
	}
}

func TestCookieDates(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Wed, 09 Jun 2021 10:18:14 GMT", "2021-06-09 10:18:14"},
		{"Wednesday, 09-Jun-21 10:18:14 GMT", "2021-06-09 10:18:14"},
		{"Wed Jun  9 10:18:14 2021", "2021-06-09 10:18:14"},
		{"9 jun 99 1:2:3", "1999-06-09 01:02:03"},
		{"Wed, 31 Feb 2021 10:18:14 GMT", ""},
		{"Wed, 09 Jun 2021 25:18:14 GMT", ""},
		{"tomorrow", ""},
		{"09 Jun 2021", ""},
		{"", ""},
	} {
		got, ok := parseCookieDate(tt.text)
		if text := got.Format(time.DateTime); ok != (tt.want != "") || ok && text != tt.want {
			t.Errorf("%q: got %s, %v; want %s", tt.text, text, ok, tt.want)
		}
	}
}

func TestCookieFlood(t *testing.T) { // C12
	w := newWorld(t)
	srv := w.add("http://a.test", func(out io.Writer, r *received) bool {
		var lines []string
		for i := range 1000 {
			lines = append(lines, fmt.Sprintf("Set-Cookie: c%d-%d=%s", r.N, i, strings.Repeat("x", 100)))
		}
		reply(out, 200, "", lines...)
		return true
	})
	s := w.session("http://a.test")
	var saw watcher
	for range 8 {
		if _, err := s.Do(context.Background(), get("/"), saw.watch()); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.Cookies()) != 300 || len(saw.of(NoticeCookie)) != 8 {
		t.Errorf("%d cookies, %d notices", len(s.Cookies()), len(saw.of(NoticeCookie)))
	}
	got := srv.last().header("Cookie")
	if len(got) > maxCookieHeader || strings.Count(got, "=") > maxCookiesSent || len(got) < 7000 {
		t.Errorf("sent %d bytes, %d pairs", len(got), strings.Count(got, "="))
	}
}

func TestCookiesOfOneName(t *testing.T) { // C13
	s := New(Options{})
	s.SetBase("https://a.example.com")
	setBy(t, s, "https://a.example.com/", "id=own; Path=/", "id=deep; Path=/x")
	setBy(t, s, "https://a.example.com/", "id=all; Domain=example.com; Path=/")
	if got := s.Cookies(); len(got) != 3 {
		t.Errorf("got %+v", got)
	}
	if got := sent(t, s, "/x/y"); got != "id=deep; id=own; id=all" {
		t.Errorf("got %q", got)
	}
	if n := s.ClearCookies(); n != 3 {
		t.Errorf("cleared %d", n)
	}
}

func TestCookiesOfCustomHost(t *testing.T) { // C14
	w := newWorld(t)
	srv := w.add("http://a.test", func(out io.Writer, r *received) bool {
		reply(out, 200, "", "Set-Cookie: of="+r.header("Host")+"; Path=/")
		return true
	})
	s := w.session("http://a.test")
	r := get("/")
	r.Headers = []HeaderEdit{{Name: "Host", Value: "other.test"}}
	do(t, s, r)
	do(t, s, get("/"))
	if got := srv.last().header("Cookie"); got != "" {
		t.Errorf("got %q of the other host", got)
	}
	do(t, s, r)
	if got := srv.last().header("Cookie"); got != "of=other.test" {
		t.Errorf("other host again: got %q", got)
	}
}

func TestSecretCookieIsMasked(t *testing.T) {
	s := New(Options{})
	setBy(t, s, "https://example.com/", "session_id=abcdef0123456789; HttpOnly", "theme=lightcolours")
	if got := s.Secrets.Mask("abcdef0123456789 lightcolours"); strings.Contains(got, "abcdef") || !strings.Contains(got, "lightcolours") {
		t.Errorf("got %q", got)
	}
	setBy(t, s, "https://example.com/", "session_id=99999999aaaaaaaa; HttpOnly")
	if got := s.Secrets.Mask("99999999aaaaaaaa"); strings.Contains(got, "9999") {
		t.Errorf("got %q", got)
	}
}

func FuzzSetCookie(f *testing.F) {
	f.Add("a=b; Domain=co.uk; Path=/; Expires=Wed, 09 Jun 2021 10:18:14 GMT; Secure", "https://x.co.uk/")
	f.Add("__Host-a=b; max-age=9; samesite=lax", "http://[::1]/x/y")
	f.Fuzz(func(t *testing.T, line, from string) {
		u, err := parseURL(from, false)
		if err != nil {
			return
		}
		s := New(Options{})
		for _, c := range s.storeCookies([]Field{{Name: "Set-Cookie", Value: line}}, u, "", s.now(), func(Notice) {}) {
			if c.Refused == "" && !domainMatch(u.Host, c.Domain) {
				t.Fatalf("%q of %q is for %q", line, from, c.Domain)
			}
		}
		for _, c := range s.Cookies() {
			if strings.ContainsAny(c.Name+c.Value+c.Path, "\t\r\n\x00;") {
				t.Fatalf("kept %+v", c)
			}
		}
	})
}
