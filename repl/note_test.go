package repl

import (
	"bytes"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sonde/repl/render"
	"sonde/session"
	"sonde/session/practice"
)

// shellFor is a shell on a session of its own.
func shellFor(t *testing.T, o session.Options) (sh *Shell, out, notes *bytes.Buffer) {
	t.Helper()
	s := session.New(o)
	t.Cleanup(func() { s.Close() })
	out, notes = new(bytes.Buffer), new(bytes.Buffer)
	plain := render.NewStyle(render.Options{})
	return New(Options{Session: s, Out: out, Err: notes, Style: plain, Notes: plain, Screen: true}), out, notes
}

// TestStaysHomeHints says all that is to be typed for what stayed at the base.
func TestStaysHomeHints(t *testing.T) {
	sh, out, notes := shellFor(t, session.Options{})
	run(t, sh, out, "base http://a.test", "auth digest jdoe x", "X-Api-Key:k", "param token==k", "cookie sid=k", "base http://b.test")
	has(t, notes.String(), " · to allow it: auth digest USER for http://b.test · X-Api-Key:VALUE for http://b.test · "+
		"param token==VALUE for http://b.test · cookie sid=VALUE for http://b.test\n")
	run(t, sh, out, "param token==VALUE for http://c.test", "param -d token for http://c.test") // the hints can be typed
	if got := run(t, sh, out, "param"); strings.Contains(got, "c.test") || !strings.Contains(got, "for http://a.test only") {
		t.Errorf("got:\n%s", got)
	}
}

// TestProxyLoginHint is for plain http, where the 407 of the proxy is the answer.
func TestProxyLoginHint(t *testing.T) {
	challenge := "Basic realm=p"
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Proxy-Authenticate", challenge)
		w.WriteHeader(407)
	}))
	defer proxy.Close()
	place := strings.TrimPrefix(proxy.URL, "http://")
	sh, out, notes := shellFor(t, session.Options{})
	for _, tt := range []struct{ challenge, proxy, want string }{
		{"Basic realm=p", proxy.URL, "hint: the proxy wants a login: proxy http://USER:PASSWORD@" + place + "\n"},
		{"Basic realm=p", "http://u:wrong@" + place, "hint: the proxy does not take the login: proxy http://USER:PASSWORD@" + place + "\n"},
		{"Negotiate", proxy.URL, "hint: the proxy wants a login of another kind than Basic: Negotiate\n"},
	} {
		challenge = tt.challenge
		notes.Reset()
		run(t, sh, out, "proxy "+tt.proxy, "get http://a.test/")
		if got := notes.String(); !strings.HasSuffix(got, tt.want) {
			t.Errorf("got %q, want %q at the end", got, tt.want)
		}
	}
}

// TestClientCertificateHint is for a server that asks for a certificate and, got
// none, answers all the same.
func TestClientCertificateHint(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(400)
		io.WriteString(w, "<html><head><title>400 No required SSL certificate was sent</title></head></html>\n")
	}))
	defer srv.Close()
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	sh, out, notes := shellFor(t, session.Options{Roots: roots})
	run(t, sh, out, "get "+srv.URL)
	has(t, notes.String(), "hint: the server wants a client certificate: cert CERT.pem KEY.pem\n")
}

// TestSessionNamesOwnCertificate has the practice API's TLS address say what its
// certificate is checked against.
func TestSessionNamesOwnCertificate(t *testing.T) {
	api, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { api.Close() })
	sh, out, _ := shellFor(t, session.Options{RootsFor: func(origin string) *x509.CertPool {
		if origin != api.TLSURL() {
			return nil
		}
		return api.Roots()
	}})
	const own = "verify       on  by the practice API's own certificate\n"
	for _, tt := range []struct {
		base string
		want bool
	}{{api.TLSURL(), true}, {api.URL(), false}, {"https://a.test", false}} {
		if got := run(t, sh, out, "base "+tt.base, "session"); strings.Contains(got, own) != tt.want {
			t.Errorf("base %s: got:\n%s", tt.base, got)
		}
	}
}

func TestSetMaxHead(t *testing.T) {
	sh, out, _ := shellFor(t, session.Options{})
	for _, tt := range []struct{ typed, want string }{{"500k", "500K\n"}, {"1MiB", "1M\n"}, {"1000", "1000\n"}} {
		if got := run(t, sh, out, "set max-head "+tt.typed, "set max-head"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.typed, got, tt.want)
		}
	}
	for _, typed := range []string{"0", "off", "17M", "-1", "many"} {
		if f := failing(t, sh, "set max-head "+typed); f.Code != ExitUsage || f.Msg != "max-head takes SIZE up to 16M" {
			t.Errorf("%s: got %d, %s", typed, f.Code, f.Msg)
		}
	}
}

func TestHelpOAuth2(t *testing.T) {
	sh, out, _ := shellFor(t, session.Options{})
	want := run(t, sh, out, "auth oauth2")
	has(t, want, "auth oauth2 device CLIENT_ID")
	for _, text := range []string{"help oauth2", "help auth oauth2"} {
		if got := run(t, sh, out, text); got != want {
			t.Errorf("%s: got:\n%s", text, got)
		}
	}
}

// TestSessionWithoutBase says how the origin that was asked last is reached.
func TestSessionWithoutBase(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	defer proxy.Close()
	sh, out, _ := shellFor(t, session.Options{Env: func(name string) (string, bool) { return proxy.URL, name == "HTTP_PROXY" }})
	has(t, run(t, sh, out, "session"), "proxy        none\n")
	has(t, run(t, sh, out, "get http://a.test/", "session"), "proxy        "+proxy.URL+"  environment (HTTP_PROXY), for http://a.test\n")
	if got, want := run(t, sh, out, "proxy"), proxy.URL+"  from the environment's HTTP_PROXY, for http://a.test\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
