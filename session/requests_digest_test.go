package session

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// digestServer lets user and password in by digest (RFC 7616) with one algorithm,
// and sets the cookie fake with its 401.
func digestServer(algorithm, user, password string) func(io.Writer, *received) bool {
	fresh := map[string]func() hash.Hash{"MD5": md5.New, "SHA-256": sha256.New, "SHA-512": sha512.New}[algorithm]
	sum := func(text string) string {
		h := fresh()
		io.WriteString(h, text)
		return fmt.Sprintf("%x", h.Sum(nil))
	}
	return func(w io.Writer, r *received) bool {
		given := r.header("Authorization")
		first := sum(user + ":fake realm:" + password)
		second := sum(r.Method + ":" + r.Target)
		want := sum(strings.Join([]string{first, "n0nce", digestValue(given, "nc"), digestValue(given, "cnonce"), "auth", second}, ":"))
		if strings.HasPrefix(given, "Digest ") && digestValue(given, "response") == want && digestValue(given, "uri") == r.Target && digestValue(given, "username") == user {
			return ok(w, r)
		}
		reply(w, 401, "no", `WWW-Authenticate: Digest realm="fake realm", nonce="n0nce", qop="auth", opaque="0paque", algorithm=`+algorithm,
			"Set-Cookie: fake=fake_value; Path=/")
		return true
	}
}

// digestValue returns a parameter of a Digest field, without its quotes.
func digestValue(field, name string) string {
	for part := range strings.SplitSeq(strings.TrimPrefix(field, "Digest "), ", ") {
		if n, v, _ := strings.Cut(part, "="); n == name {
			return strings.Trim(v, `"`)
		}
	}
	return ""
}

func digested(t *testing.T, srv *server, password string) *Session {
	t.Helper()
	s := based(t, srv)
	must(t, s.SetAuth(Auth{Kind: "digest", User: "user", Secret: password}, ""))
	return s
}

func TestRequestsDigest(t *testing.T) {
	each := func(t *testing.T, run func(t *testing.T, srv *server)) {
		for _, algorithm := range []string{"MD5", "SHA-256", "SHA-512"} {
			run(t, serve(t, digestServer(algorithm, "user", "pass")))
		}
	}
	runRows(t, []row{
		{"test_DIGEST_HTTP_200_OK_GET", func(t *testing.T) {
			each(t, func(t *testing.T, srv *server) {
				equal(t, "without", do(t, based(t, srv), get("/digest-auth")).Status, 401)
				s := digested(t, srv, "pass")
				for range 2 {
					equal(t, "with", do(t, s, get("/digest-auth?a=b")).Status, 200)
				}
				equal(t, "requests", srv.count() <= 1+2+2, true)
			})
		}},
		{"test_DIGEST_AUTH_SETS_SESSION_COOKIES", func(t *testing.T) {
			each(t, func(t *testing.T, srv *server) {
				s := digested(t, srv, "pass")
				do(t, s, get("/digest-auth"))
				held(t, s, "fake", "fake_value")
				equal(t, "Cookie of the second try", srv.last().header("Cookie"), "fake=fake_value")
			})
		}},
		{"test_DIGESTAUTH_WRONG_HTTP_401_GET", func(t *testing.T) {
			each(t, func(t *testing.T, srv *server) {
				s := digested(t, srv, "wrongpass")
				equal(t, "status", do(t, s, get("/digest-auth")).Status, 401)
				equal(t, "requests", srv.count(), 2)
			})
		}},
		{"test_DIGESTAUTH_QUOTES_QOP_VALUE", func(t *testing.T) {
			each(t, func(t *testing.T, srv *server) {
				do(t, digested(t, srv, "pass"), get("/digest-auth"))
				contains(t, "Authorization", srv.last().header("Authorization"), `qop="auth"`)
			})
		}},
	})
}

// challenge is a 401 that asks for a digest login.
func challenge(w io.Writer, status int) bool {
	reply(w, status, "", `WWW-Authenticate: Digest nonce="6bf5d6e4da1ce66918800195d6b9130d", opaque="372825293d1c26955496c80ed6426e9e", realm="me@kennethreitz.com", qop=auth`)
	return true
}

func TestRequestsDigestOnce(t *testing.T) {
	runRows(t, []row{
		{"test_digestauth_401_only_sent_once", func(t *testing.T) {
			srv := serve(t, func(w io.Writer, r *received) bool { return challenge(w, 401) })
			s := digested(t, srv, "pass")
			x := do(t, s, get("/"))
			equal(t, "status", x.Status, 401)
			equal(t, "requests", srv.count(), 2)
			equal(t, "attempts", len(x.Attempts), 2)
			equal(t, "first had it", srv.all()[0].header("Authorization"), "")
			contains(t, "second", srv.last().header("Authorization"), `username="user"`, `realm="me@kennethreitz.com"`, `nonce="6bf5d6e4da1ce66918800195d6b9130d"`, `uri="/"`)
		}},
		{"test_digestauth_401_count_reset_on_redirect", func(t *testing.T) {
			srv := serve(t, func(w io.Writer, r *received) bool {
				switch r.N {
				case 1, 3:
					return challenge(w, 401)
				case 2:
					return redirect(302, "/")(w, r)
				}
				return ok(w, r)
			})
			x := do(t, digested(t, srv, "pass"), get("/"))
			equal(t, "status", x.Status, 200)
			equal(t, "hops", len(x.Hops), 1)
			equal(t, "requests", srv.count(), 4)
			for _, i := range []int{1, 3} {
				contains(t, "Authorization", srv.all()[i].header("Authorization"), `Digest username="user"`)
			}
		}},
		{"test_digestauth_only_on_4xx", func(t *testing.T) {
			srv := serve(t, func(w io.Writer, r *received) bool { return challenge(w, 200) })
			equal(t, "status", do(t, digested(t, srv, "pass"), get("/")).Status, 200)
			equal(t, "requests", srv.count(), 1)
		}},
		{"direct request to another origin", func(t *testing.T) { // R12
			srv, other := serve(t, func(w io.Writer, r *received) bool { return challenge(w, 401) }), serve(t, ok)
			s := digested(t, srv, "pass")
			do(t, s, get("/"))
			equal(t, "Authorization", wire(t, other, s, get(other.URL)).header("Authorization"), "")
		}},
	})
}

// environ is an environment of these variables.
func environWith(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

// fileOf writes a private file and returns its path.
func fileOf(t *testing.T, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, text, 0o600))
	return path
}

func TestRequestsNetrc(t *testing.T) {
	right := func(t *testing.T, machine string) Options {
		return Options{Env: environWith("NETRC", fileOf(t, "netrc", []byte("machine "+machine+" login user password pass\n")))}
	}
	runRows(t, []row{
		{"test_basicauth_with_netrc", func(t *testing.T) {
			srv := serve(t, guarded(basic("user", "pass")))
			s := New(right(t, "127.0.0.1"))
			equal(t, "from the file", do(t, s, get(srv.URL)).Status, 200)
			typed := with(get(srv.URL), HeaderEdit{Name: "Authorization", Value: basic("wronguser", "wrongpass")})
			equal(t, "typed instead", do(t, s, typed).Status, 401)
			must(t, s.SetAuth(Auth{Kind: "basic", User: "wronguser", Secret: "wrongpass"}, srv.URL))
			equal(t, "session's instead", do(t, s, get(srv.URL)).Status, 401)
			equal(t, "Authorization", srv.last().header("Authorization"), basic("wronguser", "wrongpass"))
			s = New(right(t, "127.0.0.1"))
			s.Settings.IgnoreEnv = true
			equal(t, "environment off", do(t, s, get(srv.URL)).Status, 401)
		}},
		{"test_basicauth_with_netrc_leak", func(t *testing.T) { // the name before the @ is not the host
			srv := serve(t, guarded(basic("user", "pass")))
			url := strings.Replace(srv.URL, "http://", "http://example.com:@", 1)
			equal(t, "status", do(t, New(right(t, "example.com")), get(url)).Status, 401)
			equal(t, "leaked", srv.last().header("Authorization") == basic("user", "pass"), false)
		}},
	})
}

func TestRequestsBundles(t *testing.T) {
	ca := newAuthority(t)
	good := fileOf(t, "ca.pem", ca.pem)
	const none = "/some/path"
	t.Run("test_env_cert_bundles", func(t *testing.T) {
		for _, tt := range []struct {
			requests, curl, verify string
			want                   string // what the error names; "" for none
		}{
			{"", "", "", "unknown issuer"},
			{good, "", "", ""},
			{none, "", "", none},
			{"", good, "", ""},
			{"", none, "", none},
			{good, none, "", ""},
			{none, good, "", none},
			{none, none, good, ""},
			{good, good, none, none},
		} {
			srv := serveTLS(t, ca.config(t, leaf{names: []string{"127.0.0.1"}}), ok)
			for _, ignore := range []bool{false, true} {
				s := New(Options{Env: environWith("REQUESTS_CA_BUNDLE", tt.requests, "CURL_CA_BUNDLE", tt.curl)})
				s.Settings.Verify, s.Settings.IgnoreEnv = tt.verify, ignore
				want := tt.want
				if ignore && tt.verify == "" {
					want = "unknown issuer"
				}
				if want == "" {
					equal(t, fmt.Sprint(tt), do(t, s, get(srv.URL)).Status, 200)
					continue
				}
				_, e := fails(t, s, get(srv.URL))
				contains(t, fmt.Sprint(tt, ignore), e.Text, want)
			}
		}
	})
}
