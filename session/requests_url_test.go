package session

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// resolved is what a target means in a session without a base, or the error.
func resolved(t *testing.T, text string, fromQuery bool) (*URL, error) {
	t.Helper()
	return New(Options{}).Resolve(Target{Text: text, FromQuery: fromQuery})
}

func TestRequestsURLs(t *testing.T) {
	runRows(t, []row{
		{"test_invalid_url", testInvalidURL},
		{"test_preparing_url", func(t *testing.T) {
			for _, tt := range []struct{ url, want string }{
				{"http://google.com", "http://google.com/"},
				{"http://ジェーピーニック.jp", "http://xn--hckqz9bzb1cyrb.jp/"},
				{"http://xn--n3h.net/", "http://xn--n3h.net/"},
				{"http://straße.de/straße", "http://xn--strae-oqa.de/stra%C3%9Fe"},
				{"http://Königsgäßchen.de/straße", "http://xn--knigsgchen-b4a3dun.de/stra%C3%9Fe"},
				{"http://[1200:0000:ab00:1234:0000:2552:7777:1313]:12345/", "http://[1200:0:ab00:1234:0:2552:7777:1313]:12345/"}, // as RFC 5952 writes it
			} {
				for _, fromQuery := range []bool{false, true} {
					u, err := resolved(t, tt.url, fromQuery)
					must(t, err)
					equal(t, tt.url, u.String(), tt.want)
				}
			}
		}},
		{"test_preparing_bad_url", func(t *testing.T) {
			for _, url := range []string{"http://*.google.com", "http://*"} {
				if u, err := resolved(t, url, false); err == nil {
					t.Errorf("%s: got %s", url, u)
				}
			}
			// requests refuses this as IDNA 2008 does. Browsers map names by UTS #46
			// and go there; so do we, and show where that is.
			u, err := resolved(t, "http://☃.net/", false)
			must(t, err)
			equal(t, "snowman", u.String(), "http://xn--n3h.net/")
		}},
		{"test_path_is_not_double_encoded", func(t *testing.T) {
			_, err := resolved(t, "http://0.0.0.0/get/test case", false) // a typed blank is a slip
			if e, isError := err.(*Error); !isError || e.Hint != "http://0.0.0.0/get/test%20case" {
				t.Errorf("got %v", err)
			}
			for text, fromQuery := range map[string]bool{"http://0.0.0.0/get/test case": true, "http://0.0.0.0/get/test%20case": false} {
				u, err := resolved(t, text, fromQuery)
				must(t, err)
				equal(t, text, u.RequestTarget(), "/get/test%20case")
			}
		}},
		{"test_unicode_get", func(t *testing.T) {
			srv := serve(t, ok)
			for _, tt := range []struct{ target, name, value, want string }{
				{"/get", "foo", "føø", "/get?foo=f%C3%B8%C3%B8"},
				{"/get", "føø", "føø", "/get?f%C3%B8%C3%B8=f%C3%B8%C3%B8"},
				{"/get", "foo", "foo", "/get?foo=foo"},
				{"ø", "foo", "foo", "/%C3%B8?foo=foo"},
			} {
				got := wire(t, srv, based(t, srv), asking(get(tt.target), ParamEdit{Name: tt.name, Value: tt.value}))
				equal(t, "target", got.Target, tt.want)
			}
		}},
		{"test_whitespaces_are_removed_from_url", func(t *testing.T) { // in a line blanks part words; this is a URL out of a body
			// Fails: the blank makes it a relative reference, "%20http://…".
			u, err := resolved(t, " http://example.com", true)
			must(t, err)
			equal(t, "URL", u.String(), "http://example.com/")
		}},
		{"test_mixed_case_scheme_acceptable", func(t *testing.T) {
			srv := serve(t, ok)
			for _, scheme := range []string{"http://", "HTTP://", "hTTp://", "HttP://"} {
				equal(t, scheme, do(t, New(Options{}), get(scheme+srv.ln.Addr().String()+"/get")).Status, 200)
			}
		}},
		{"test_long_authinfo_in_url", func(t *testing.T) {
			const user, password = "E8A3BE87-9E3F-4620-8858-95478E385B5B", "EA770032-DA4D-4D84-8CE9-29C6D910BF1E"
			const host = "exactly-------------sixty-----------three------------characters"
			u, err := resolved(t, "http://"+user+":"+password+"@"+host+":9000/path?query#frag", false)
			must(t, err)
			name, word, _ := u.Userinfo()
			equal(t, "userinfo", name+" "+word, user+" "+password)
			equal(t, "URL", u.String(), "http://"+host+":9000/path?query#frag")
		}},
	})
}

func testInvalidURL(t *testing.T) {
	for _, url := range []string{"hiwpefhipowhefopw", "http://", "http://*example.com", "http://.example.com", "http://fe80::5054:ff:fe5a:fc0"} {
		if u, err := resolved(t, url, false); err == nil {
			t.Errorf("%s: got %s", url, u)
		}
	}
	// Without a scheme requests refuses these. Here they are addresses.
	for text, want := range map[string]string{
		"localhost:3128":              "http://localhost:3128/",
		"localhost.localdomain:3128/": "https://localhost.localdomain:3128/",
		"10.122.1.1:3128/":            "https://10.122.1.1:3128/",
	} {
		u, err := resolved(t, text, false)
		must(t, err)
		equal(t, text, u.String(), want)
	}
}

func TestRequestsErrors(t *testing.T) {
	t.Run("test_errors", func(t *testing.T) {
		w := newWorld(t) // a world without names
		_, e := fails(t, w.session(""), get("http://doesnotexist.google.com"))
		equal(t, "unknown name", e.Phase, PhaseDNS)
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		ln.Close()
		_, e = fails(t, New(Options{}), get("http://"+ln.Addr().String()))
		equal(t, "closed port", e.Phase, PhaseConnect)
		_, e = fails(t, New(Options{}), get("http://fe80::5054:ff:fe5a:fc0"))
		equal(t, "no URL", e.Phase, PhaseURL)
		contains(t, "hint", e.Hint, "[fe80::5054:ff:fe5a:fc0]")
	})
}

// silent accepts requests and does not answer before the test ends.
func silent(t *testing.T) *server {
	t.Helper()
	quit := make(chan struct{})
	srv := serve(t, func(io.Writer, *received) bool {
		<-quit
		return false
	})
	t.Cleanup(func() { close(quit) })
	return srv
}

func TestRequestsTimeouts(t *testing.T) {
	const short = 30 * time.Millisecond
	nobody := Options{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	timesOut := func(t *testing.T, s *Session, r *Request, phase Phase) {
		t.Helper()
		if _, e := fails(t, s, r); !e.Timeout || e.Phase != phase || e.Canceled() {
			t.Errorf("got %+v, want a timeout in phase %s", e, phase)
		}
	}
	runRows(t, []row{
		{"test_stream_timeout", func(t *testing.T) {
			r := get("/delay/10")
			r.Timeout = short
			timesOut(t, based(t, silent(t)), r, PhaseWait)
		}},
		{"test_none_timeout", func(t *testing.T) {
			s := based(t, serve(t, ok))
			s.Settings.ConnectTimeout, s.Settings.FirstByteTimeout, s.Settings.Timeout = 0, 0, 0
			equal(t, "status", do(t, s, get("/get")).Status, 200)
		}},
		{"test_read_timeout", func(t *testing.T) {
			s := based(t, silent(t))
			s.Settings.ConnectTimeout, s.Settings.FirstByteTimeout = 0, short
			timesOut(t, s, get("/delay/10"), PhaseWait)
		}},
		{"test_connect_timeout", func(t *testing.T) {
			s := New(nobody)
			s.Settings.ConnectTimeout, s.Settings.FirstByteTimeout = short, 0
			timesOut(t, s, get("http://10.255.255.1"), PhaseConnect)
		}},
		{"test_total_timeout_connect", func(t *testing.T) {
			s := New(nobody)
			s.Settings.ConnectTimeout, s.Settings.Timeout = 0, short
			timesOut(t, s, get("http://10.255.255.1"), PhaseConnect)
		}},
	})
}

func TestRequestsTLS(t *testing.T) {
	ca := newAuthority(t)
	good := ca.config(t, leaf{names: []string{"127.0.0.1"}})
	expired := ca.config(t, leaf{names: []string{"127.0.0.1"}, from: time.Now().Add(-48 * time.Hour), until: time.Now().Add(-24 * time.Hour)})
	file := filepath.Join(t.TempDir(), "ca.crt")
	must(t, os.WriteFile(file, ca.pem, 0o600))
	runRows(t, []row{
		{"test_invalid_ca_certificate_path", func(t *testing.T) {
			srv := serveTLS(t, good, ok)
			s := New(Options{Roots: ca.pool})
			s.Settings.Verify = "/garbage"
			_, e := fails(t, s, get(srv.URL))
			contains(t, "error", e.Text, "/garbage")
			equal(t, "requests", srv.count(), 0)
		}},
		{"test_certificate_failure", func(t *testing.T) {
			srv := serveTLS(t, good, ok)
			_, e := fails(t, New(Options{}), get(srv.URL+"/status/200"))
			equal(t, "phase", e.Phase, PhaseTLS)
			equal(t, "requests", srv.count(), 0)
		}},
		{"test_different_connection_pool_for_tls_settings_verify_True", func(t *testing.T) {
			srv := serveTLS(t, good, ok)
			notShared(t, srv, "", false)
		}},
		{"test_different_connection_pool_for_tls_settings_verify_bundle_expired_cert", func(t *testing.T) {
			srv := serveTLS(t, expired, ok)
			notShared(t, srv, file, false)
		}},
		{"test_different_connection_pool_for_tls_settings_verify_bundle_unexpired_cert", func(t *testing.T) {
			srv := serveTLS(t, good, ok)
			notShared(t, srv, file, true)
		}},
	})
}

// notShared asks without a check, and then with one: the connection of the first
// request is not used for the second.
func notShared(t *testing.T, srv *server, verify string, trusted bool) {
	t.Helper()
	s := New(Options{})
	s.Settings.Verify = "off"
	do(t, s, get(srv.URL))
	s.Settings.Verify = verify
	x, err := s.Do(context.Background(), get(srv.URL), Watch{})
	equal(t, "trusted", err == nil, trusted)
	if trusted {
		equal(t, "reused", x.Conn.Reused, false)
	}
	equal(t, "connections", srv.opened(), 2)
}
