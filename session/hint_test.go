package session

import (
	"crypto/x509"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"sonde/session/oauth2"
)

// TestWithheldHints says for every kind of credential what to type for the other
// origin to get one.
func TestWithheldHints(t *testing.T) {
	token := &grant{config: oauth2.Config{Grant: "client", ClientID: "app", ClientSecret: canary, TokenURL: "https://as.test/token", Scope: "read write"}}
	auth := func(a Auth) func(s *Session) error { return func(s *Session) error { return s.SetAuth(a, "") } }
	for _, tt := range []struct {
		give []func(s *Session) error
		want string
	}{
		{[]func(s *Session) error{auth(Auth{Kind: "basic", User: "jdoe", Secret: canary})}, "auth USER for http://b.test"},
		{[]func(s *Session) error{auth(Auth{Kind: "bearer", Secret: canary})}, "auth bearer for http://b.test"},
		{[]func(s *Session) error{auth(Auth{Kind: "digest", User: "jdoe", Secret: canary})}, "auth digest USER for http://b.test"},
		{[]func(s *Session) error{auth(Auth{Kind: "apikey", User: "X-Api-Key", Secret: canary})}, "auth apikey X-Api-Key for http://b.test"},
		{[]func(s *Session) error{auth(Auth{Kind: "apikey", User: "key==", Secret: canary})}, "auth apikey key== for http://b.test"},
		{[]func(s *Session) error{auth(Auth{Kind: "oauth2", User: "app", Secret: canary, oauth: token})},
			`auth oauth2 client app SECRET token=https://as.test/token scope="read write" for http://b.test`},
		{[]func(s *Session) error{
			func(s *Session) error { return s.SetHeader(Header{Name: "X-Token", Value: canary}) },
			func(s *Session) error { return s.SetParam(Param{Name: "api_key", Value: canary}) },
			func(s *Session) error { return s.SetCookie("sid", canary, "") },
		}, "X-Token:VALUE for http://b.test\nparam api_key==VALUE for http://b.test\ncookie sid=VALUE for http://b.test"},
	} {
		s := New(Options{})
		must(t, s.SetBase("http://a.test"))
		for _, give := range tt.give {
			must(t, give(s))
		}
		n, told := s.Withheld("http://b.test")
		if !told || n.Hint != tt.want || strings.Contains(n.Text+n.Hint, canary) {
			t.Errorf("got %q, hint %q, want the hint %q", n.Text, n.Hint, tt.want)
		}
	}
}

// TestWithheldParamRedirected follows a redirect, which takes none of the
// session's parameters along: a key is what goes there, unless a login does.
func TestWithheldParamRedirected(t *testing.T) {
	for _, tt := range []struct {
		login bool
		want  string
	}{
		{false, "auth apikey api_key== for http://b.test"},
		{true, "auth bearer for http://b.test"},
	} {
		w := newWorld(t)
		w.add("http://a.test", redirect(302, "http://b.test/x"))
		w.add("http://b.test", ok)
		s := w.session("http://a.test")
		must(t, s.SetParam(Param{Name: "api_key", Value: canary}))
		if tt.login {
			must(t, s.SetAuth(Auth{Kind: "bearer", Secret: canary}, ""))
		}
		var saw watcher
		if _, err := s.Do(t.Context(), get("/"), saw.watch()); err != nil {
			t.Fatal(err)
		}
		if hint := saw.of(NoticeCredentials)[0].Hint; hint != tt.want {
			t.Errorf("got the hint %q, want %q", hint, tt.want)
		}
	}
}

// TestParamForOrigin sends a parameter to the origin it was given for only.
func TestParamForOrigin(t *testing.T) {
	w := newWorld(t)
	a, b := w.add("http://a.test", ok), w.add("http://b.test", ok)
	s := w.session("http://a.test")
	must(t, s.SetParam(Param{Name: "api_key", Value: canary, Origin: "http://b.test/"}))
	do(t, s, get("/x"))
	do(t, s, get("http://b.test/x"))
	if got := a.requests[0].Target + " " + b.requests[0].Target; got != "/x /x?api_key="+canary {
		t.Errorf("got %s", got)
	}
	if n := s.DropParamFor("api_key", "http://b.test"); n != 1 || len(s.Settings.Params) != 0 {
		t.Errorf("dropped %d, there are %d left", n, len(s.Settings.Params))
	}
}

// TestWrongNameHint names a base of the same site or machine that a certificate
// is for, and never what it says of another one.
func TestWrongNameHint(t *testing.T) {
	for _, tt := range []struct {
		base, want string
		names      []string
	}{
		{"https://api.zoo.test", "base https://www.zoo.test", []string{"*.zoo.test.evil.test", "evil.test", "www.zoo.test"}},
		{"https://api.zoo.test:8443", "base https://www.zoo.test:8443", []string{"www.zoo.test"}},
		{"https://api.zoo.test", "", []string{"evil.test"}},
		{"https://127.0.0.1", "base https://localhost", []string{"localhost"}},
		{"", "", []string{"www.zoo.test"}},
	} {
		s := New(Options{})
		s.Settings.Base = tt.base
		o, _ := OriginOf("https://api.zoo.test")
		if tt.base != "" {
			o, _ = OriginOf(tt.base)
		}
		if got := s.baseFor(o, &x509.Certificate{DNSNames: tt.names}); got != tt.want {
			t.Errorf("%s, certificate for %q: got the hint %q, want %q", tt.base, tt.names, got, tt.want)
		}
	}
	ca := newAuthority(t)
	srv := serveTLS(t, ca.config(t, leaf{names: []string{"other.test"}}), ok)
	if _, e := fails(t, New(Options{Roots: ca.pool}), get(srv.URL)); e.Hint != "" {
		t.Errorf("got the hint %q, want none: no CA mends a wrong name", e.Hint)
	}
}

func TestSocketWithoutColonHint(t *testing.T) {
	srv := serveUnix(t, ok)
	_, e := fails(t, New(Options{}), get(srv.URL+"/a/b.json"))
	if want := srv.URL + ":/a/b.json"; e.Text != "no such socket" || e.Hint != want {
		t.Errorf("got %q, hint %q, want the hint %q", e.Text, e.Hint, want)
	}
	if _, e := fails(t, New(Options{}), get("unix:/no/such.sock/a")); e.Hint != "" {
		t.Errorf("got the hint %q, want none", e.Hint)
	}
}

func TestBadProxyOfEnvironment(t *testing.T) {
	s := New(Options{Env: envOf(map[string]string{"HTTPS_PROXY": "ftp://p:1"})})
	_, e := fails(t, s, get("https://a.test/"))
	want := "the environment's HTTPS_PROXY: a proxy's URL begins with http, https, socks5 or socks5h"
	if e.Error() != want || e.Phase != PhaseProxy || e.Hint != "env off" || e.Sent {
		t.Errorf("got %q, %+v, want %q in the phase proxy", e, e, want)
	}
}

func TestEnvVariablesOfTheLibrary(t *testing.T) {
	s := New(Options{Env: envOf(map[string]string{"SSL_CERT_FILE": "/x/ca.pem", "CURL_CA_BUNDLE": "/y/ca.pem"})})
	var got []string
	for _, v := range s.EnvVariables() {
		got = append(got, v.Name+" "+v.Value)
		if v.Name == "SSL_CERT_FILE" && !strings.Contains(v.Note, "whatever env says") {
			t.Errorf("got the note %q", v.Note)
		}
	}
	want := []string{"CURL_CA_BUNDLE /y/ca.pem", "SSL_CERT_FILE /x/ca.pem"}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		want = want[:1]
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestClientSecretHint has a wrong secret of a client say the whole line.
func TestClientSecretHint(t *testing.T) {
	w := newWorld(t)
	w.add("https://as.test", func(out io.Writer, _ *received) bool {
		reply(out, 401, `{"error":"invalid_client"}`, "Content-Type: application/json")
		return true
	})
	config := oauth2.Config{Grant: "client", ClientID: "app", ClientSecret: canary, TokenURL: "https://as.test/token"}
	err := w.session("https://a.test").AuthorizeOAuth(t.Context(), config, "", OAuthTell{})
	e, ok := errors.AsType[*Error](err)
	want := "the secret may be wrong: `auth oauth2 client app SECRET token=https://as.test/token`, " +
		"or the server wants it in the form: `auth oauth2 client app SECRET token=https://as.test/token auth=post`"
	if !ok || e.Hint != want {
		t.Errorf("got %v, %+v, want the hint %s", err, e, want)
	}
}
