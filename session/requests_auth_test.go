package session

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// guarded answers 200 to the right Authorization, else 401.
func guarded(want string) func(io.Writer, *received) bool {
	return func(w io.Writer, r *received) bool {
		if r.header("Authorization") == want {
			return ok(w, r)
		}
		reply(w, 401, "who are you?", `WWW-Authenticate: Basic realm="fake"`)
		return true
	}
}

func TestRequestsAuth(t *testing.T) {
	runRows(t, []row{
		{"test_BASICAUTH_TUPLE_HTTP_200_OK_GET", func(t *testing.T) {
			srv := serve(t, guarded("Basic dXNlcjpwYXNz"))
			s := based(t, srv)
			equal(t, "without", do(t, s, get("/")).Status, 401)
			must(t, s.SetAuth(Auth{Kind: "basic", User: "user", Secret: "pass"}, ""))
			for range 2 {
				equal(t, "with", do(t, s, get("/")).Status, 200)
			}
			withUserinfo := strings.Replace(srv.URL, "://", "://user:pass@", 1)
			equal(t, "in the URL", do(t, New(Options{}), get(withUserinfo)).Status, 200)
		}},
		{"test_set_basicauth", func(t *testing.T) {
			for _, tt := range []struct{ user, password, want string }{
				{"user", "pass", "Basic dXNlcjpwYXNz"},
				{"имя", "пароль", "Basic 0LjQvNGPOtC/0LDRgNC+0LvRjA=="},
				{"42", "42", "Basic NDI6NDI="},
				{"user", "", "Basic dXNlcjo="},
			} {
				sentBasic(t, tt.user, tt.password, tt.want)
			}
		}},
		{"test_basicauth_encodes_byte_strings", func(t *testing.T) {
			sentBasic(t, "\xc5\xafsername", "test\xc6\xb6", "Basic xa9zZXJuYW1lOnRlc3TGtg==")
		}},
		{"test_basic_auth_str_is_always_native", func(t *testing.T) {
			sentBasic(t, "test", "test", "Basic dGVzdDp0ZXN0")
			sentBasic(t, "имя", "пароль", "Basic 0LjQvNGPOtC/0LDRgNC+0LvRjA==")
		}},
	})
}

func sentBasic(t *testing.T, user, password, want string) {
	t.Helper()
	srv := serve(t, ok)
	s := based(t, srv)
	must(t, s.SetAuth(Auth{Kind: "basic", User: user, Secret: password}, ""))
	equal(t, "Authorization of "+user, wire(t, srv, s, get("/")).header("Authorization"), want)
}

func TestRequestsAuthStrip(t *testing.T) {
	runRows(t, []row{
		{"test_auth_is_stripped_on_http_downgrade", func(t *testing.T) {
			stripped(t, "https://a.test", "http://a.test")
			stripped(t, "https://a.test:8443", "http://a.test:8080")
		}},
		{"test_auth_is_retained_for_redirect_on_host", func(t *testing.T) { retained(t, "http://a.test", "http://a.test") }},
		{"test_should_strip_auth_host_change", func(t *testing.T) {
			stripped(t, "http://example.com", "http://another.example.com")
			stripped(t, "http://another.example.com", "http://example.com")
		}},
		{"test_should_strip_auth_http_downgrade", func(t *testing.T) { stripped(t, "https://example.com", "http://example.com") }},
		{"test_should_strip_auth_https_upgrade", func(t *testing.T) {
			retained(t, "http://example.com", "https://example.com")
			retained(t, "http://example.com:80", "https://example.com")
			retained(t, "http://example.com", "https://example.com:443")
			stripped(t, "http://example.com:8080", "https://example.com")
			stripped(t, "http://example.com", "https://example.com:8443")
		}},
		{"test_should_strip_auth_port_change", func(t *testing.T) { stripped(t, "http://example.com:1234", "https://example.com:4321") }},
		{"test_should_strip_auth_default_port", func(t *testing.T) {
			retained(t, "https://example.com:443", "https://example.com")
			retained(t, "http://example.com:80", "http://example.com")
			retained(t, "https://example.com", "https://example.com:443")
			retained(t, "http://example.com", "http://example.com:80")
		}},
	})
}

func retained(t *testing.T, from, to string) {
	t.Helper()
	if got := redirected(t, from, to); got != "Basic dXNlcjpwYXNz" {
		t.Errorf("%s to %s: Authorization is %q", from, to, got)
	}
}

func stripped(t *testing.T, from, to string) {
	t.Helper()
	if got := redirected(t, from, to); got != "" {
		t.Errorf("%s to %s: Authorization is %q, want none", from, to, got)
	}
}

// redirected goes from one origin to another with the session's credentials, and
// returns those that arrived.
func redirected(t *testing.T, from, to string) string {
	t.Helper()
	w := newWorld(t)
	answer := func(out io.Writer, r *received) bool {
		if r.Target == "/foo" {
			return redirect(302, to+"/bar")(out, r)
		}
		return ok(out, r)
	}
	first := w.add(from, answer)
	if a, b := originOf(t, from), originOf(t, to); a != b {
		w.add(to, answer)
	}
	s := w.session(from)
	must(t, s.SetAuth(Auth{Kind: "basic", User: "user", Secret: "pass"}, ""))
	x := do(t, s, get("/foo"))
	if x.Status != 200 || len(x.Hops) != 1 || first.all()[0].header("Authorization") != "Basic dXNlcjpwYXNz" {
		t.Fatalf("%s to %s: got %d after %d hops\n%s", from, to, x.Status, len(x.Hops), first.all()[0].Head)
	}
	for _, f := range x.Sent.Header {
		if f.Name == "Authorization" {
			return f.Value
		}
	}
	return ""
}

func originOf(t *testing.T, url string) Origin {
	t.Helper()
	o, err := OriginOf(url)
	must(t, err)
	return o
}

// TestRequestsAuthPlaces gives three credentials at once: what is nearest to the
// request wins. (requests lets the session's win over both; see the rules of the
// differential run.)
func TestRequestsAuthPlaces(t *testing.T) {
	srv := serve(t, ok)
	s := based(t, srv)
	must(t, s.SetAuth(Auth{Kind: "basic", User: "session", Secret: "pass"}, ""))
	inURL := strings.Replace(srv.URL, "://", "://url:pass@", 1) + "/x"
	typed := HeaderEdit{Name: "Authorization", Value: "Token typed"}
	for i, tt := range []struct {
		r    *Request
		want string
	}{
		{get("/x"), basic("session", "pass")},
		{get(inURL), basic("url", "pass")},
		{with(get("/x"), typed), "Token typed"},
		{with(get(inURL), typed), "Token typed"},
		{with(get("/x"), HeaderEdit{Name: "authorization", Remove: true}), ""},
	} {
		equal(t, fmt.Sprint("Authorization ", i), wire(t, srv, s, tt.r).header("Authorization"), tt.want)
	}
}
