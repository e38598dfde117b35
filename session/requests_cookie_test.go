package session

import (
	"io"
	"strings"
	"testing"
)

// biscuits sets cookies and redirects: /set?NAME=VALUE answers 301 to /cookies,
// /redirect 302 to /get, /expire takes the cookie foo away.
func biscuits(w io.Writer, r *received) bool {
	path, query, _ := strings.Cut(r.Target, "?")
	switch path {
	case "/set":
		reply(w, 301, "", "Location: /cookies", "Set-Cookie: "+strings.ReplaceAll(query, "%22", `"`)+"; Path=/")
	case "/redirect":
		reply(w, 302, "", "Location: /get")
	case "/expire":
		reply(w, 200, "gone", "Set-Cookie: foo=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Path=/")
	default:
		return ok(w, r)
	}
	return true
}

func TestRequestsCookies(t *testing.T) {
	runRows(t, []row{
		{"test_set_cookie_on_301", func(t *testing.T) {
			srv := serve(t, biscuits)
			s := based(t, srv)
			do(t, s, get("/set?foo=bar"))
			held(t, s, "foo", "bar")
			equal(t, "Cookie after the redirect", srv.last().header("Cookie"), "foo=bar")
			equal(t, "Cookie before it", srv.all()[0].header("Cookie"), "")
		}},
		{"test_cookie_sent_on_redirect", func(t *testing.T) {
			srv := serve(t, biscuits)
			s := based(t, srv)
			do(t, s, get("/set?foo=bar"))
			got := wire(t, srv, s, get("/redirect"))
			equal(t, "target", got.Target, "/get")
			equal(t, "Cookie", got.header("Cookie"), "foo=bar")
		}},
		{"test_cookie_removed_on_expire", func(t *testing.T) {
			srv := serve(t, biscuits)
			s := based(t, srv)
			do(t, s, get("/set?foo=bar"))
			held(t, s, "foo", "bar")
			x := do(t, s, get("/expire"))
			if len(x.SetCookies) != 1 || !x.SetCookies[0].Removed || len(s.Cookies()) != 0 {
				t.Errorf("got %+v, kept %v", x.SetCookies, s.Cookies())
			}
			equal(t, "Cookie", wire(t, srv, s, get("/get")).header("Cookie"), "")
		}},
		{"test_cookie_quote_wrapped", func(t *testing.T) {
			srv := serve(t, biscuits)
			s := based(t, srv)
			do(t, s, get(`/set?foo="bar:baz"`))
			held(t, s, "foo", `"bar:baz"`)
			equal(t, "Cookie", wire(t, srv, s, get("/get")).header("Cookie"), `foo="bar:baz"`)
		}},
		{"test_cookie_persists_via_api", func(t *testing.T) {
			srv := serve(t, biscuits)
			s := based(t, srv)
			x := do(t, s, with(get("/redirect"), HeaderEdit{Name: "Cookie", Value: "foo=bar"}))
			for _, r := range srv.all() {
				equal(t, r.Target, r.header("Cookie"), "foo=bar")
			}
			equal(t, "requests", srv.count(), 2)
			equal(t, "hops", len(x.Hops), 1)
		}},
	})
}

func TestRequestsCookiesOfOneRequest(t *testing.T) {
	runRows(t, []row{
		{"test_request_cookie_overrides_session_cookie", func(t *testing.T) {
			srv := serve(t, ok)
			s := based(t, srv)
			must(t, s.SetCookie("foo", "bar", ""))
			equal(t, "Cookie", wire(t, srv, s, with(get("/"), HeaderEdit{Name: "Cookie", Value: "foo=baz"})).header("Cookie"), "foo=baz")
			held(t, s, "foo", "bar")
			equal(t, "next Cookie", wire(t, srv, s, get("/")).header("Cookie"), "foo=bar")
		}},
		{"test_request_cookies_not_persisted", func(t *testing.T) {
			srv := serve(t, ok)
			s := based(t, srv)
			do(t, s, with(get("/"), HeaderEdit{Name: "Cookie", Value: "foo=baz"}))
			equal(t, "cookies", len(s.Cookies()), 0)
			equal(t, "next Cookie", wire(t, srv, s, get("/")).header("Cookie"), "")
		}},
		{"test_cookielib_cookiejar_on_redirect", func(t *testing.T) {
			srv := serve(t, biscuits)
			s := based(t, srv)
			must(t, s.SetCookie("cookie", "tasty", ""))
			got := wire(t, srv, s, with(get("/redirect"), HeaderEdit{Name: "Cookie", Value: "foo=bar"}))
			equal(t, "Cookie", got.header("Cookie"), "foo=bar; cookie=tasty")
		}},
	})
}

func TestRequestsCookieNames(t *testing.T) {
	runRows(t, []row{
		{"test_cookie_duplicate_names_different_domains", func(t *testing.T) {
			w := newWorld(t)
			a, b := w.add("http://test1.test", biscuits), w.add("http://test2.test", biscuits)
			s := w.session("")
			do(t, s, get("http://test1.test/set?some=one"))
			do(t, s, get("http://test2.test/set?some=two"))
			equal(t, "cookies", len(s.Cookies()), 2)
			equal(t, "Cookie of the first", wire(t, a, s, get("http://test1.test/")).header("Cookie"), "some=one")
			equal(t, "Cookie of the second", wire(t, b, s, get("http://test2.test/")).header("Cookie"), "some=two")
		}},
		{"test_cookie_duplicate_names_raises_cookie_conflict_error", func(t *testing.T) { // both are there to be seen; both are sent, the nearer path first
			srv := serve(t, func(w io.Writer, r *received) bool {
				reply(w, 200, "", "Set-Cookie: some=wide; Path=/", "Set-Cookie: some=near; Path=/some/path")
				return true
			})
			s := based(t, srv)
			do(t, s, get("/some/path"))
			equal(t, "cookies", len(s.Cookies()), 2)
			equal(t, "Cookie", wire(t, srv, s, get("/some/path/x")).header("Cookie"), "some=near; some=wide")
			equal(t, "Cookie elsewhere", wire(t, srv, s, get("/some/pathology")).header("Cookie"), "some=wide")
		}},
	})
}

// held sees that the session holds one cookie of that name, with that value.
func held(t *testing.T, s *Session, name, value string) {
	t.Helper()
	got, found := s.CookieFor(name)
	if !found || got != value || len(s.Cookies()) != 1 {
		t.Errorf("cookie %s: got %q of %v, want %q", name, got, s.Cookies(), value)
	}
}
