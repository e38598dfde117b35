package session

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestBadCertificates(t *testing.T) { // S1
	ca, other := newAuthority(t), newAuthority(t)
	day := 24 * time.Hour
	for _, tt := range []struct {
		name   string
		config *tls.Config
		want   string
	}{
		{"wrong name", ca.config(t, leaf{names: []string{"other.test", "10.0.0.1"}}), "wrong name: the certificate is for other.test, 10.0.0.1, not for 127.0.0.1"},
		{"no name", ca.config(t, leaf{}), "wrong name: the certificate is for no name at all"},
		{"expired", ca.config(t, leaf{names: []string{"127.0.0.1"}, from: time.Now().Add(-9 * day), until: time.Now().Add(-8 * day)}),
			"expired on " + time.Now().Add(-8*day).UTC().Format("2006-01-02")},
		{"future", ca.config(t, leaf{names: []string{"127.0.0.1"}, from: time.Now().Add(8 * day), until: time.Now().Add(9 * day)}),
			"not yet valid: the certificate starts on " + time.Now().Add(8*day).UTC().Format("2006-01-02")},
		{"unknown issuer", other.config(t, leaf{names: []string{"127.0.0.1"}}), `unknown issuer: nobody trusted vouches for "Test Root"`},
		{"self-signed", ca.config(t, leaf{names: []string{"127.0.0.1"}, selfSigned: true}), "unknown issuer: the certificate is self-signed"},
		{"wrong usage", ca.config(t, leaf{names: []string{"127.0.0.1"}, usage: x509.ExtKeyUsageClientAuth}), "wrong usage"},
	} {
		srv := serveTLS(t, tt.config, ok)
		s := New(Options{Roots: ca.pool})
		x, e := fails(t, s, get(srv.URL))
		contains(t, tt.name, e.Text, tt.want)
		if x != nil || e.Phase != PhaseTLS || e.Sent || srv.count() != 0 || s.Stats().Open != 0 {
			t.Errorf("%s: got %+v; the server saw %d requests", tt.name, e, srv.count())
		}
	}
}

func TestOldProtocolVersion(t *testing.T) { // S2
	ca := newAuthority(t)
	config := ca.config(t, leaf{names: []string{"127.0.0.1"}})
	config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	srv := serveTLS(t, config, ok)
	_, e := fails(t, New(Options{Roots: ca.pool}), get(srv.URL))
	contains(t, "error", e.Text, "protocol version")
}

func TestClientCertificateWanted(t *testing.T) { // S4
	ca := newAuthority(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		config := ca.config(t, leaf{names: []string{"127.0.0.1"}})
		config.ClientAuth, config.MaxVersion = tls.RequireAnyClientCert, version
		srv := serveTLS(t, config, ok)
		_, e := fails(t, New(Options{Roots: ca.pool}), get(srv.URL))
		contains(t, tls.VersionName(version), e.Text, "certificate")
	}
}

// TestVerifyTakesEffectAtOnce goes back and forth, with the connection of the
// request before still open.
func TestVerifyTakesEffectAtOnce(t *testing.T) { // S5
	ca := newAuthority(t)
	srv := serveTLS(t, newAuthority(t).config(t, leaf{names: []string{"127.0.0.1"}}), ok)
	s := New(Options{Roots: ca.pool})
	fails(t, s, get(srv.URL))
	s.Settings.Verify = "off"
	for range 2 {
		var saw watcher
		x, err := s.Do(context.Background(), get(srv.URL), saw.watch())
		if err != nil || x.Conn.TLSVersion != "TLS 1.3" || x.Conn.TLSCipher == "" || x.Timing.TLS == 0 != x.Conn.Reused {
			t.Fatalf("off: got %+v, %v", x, err)
		}
		contains(t, "notice", saw.one(t, NoticeTLS), "was not checked")
	}
	s.Settings.Verify = ""
	if _, e := fails(t, s, get(srv.URL)); e.Phase != PhaseTLS {
		t.Errorf("on again: got %v", e)
	}
	s.Settings.Verify, s.Settings.VerifyOrigin = "off", "https://other.test"
	if _, e := fails(t, s, get(srv.URL)); e.Phase != PhaseTLS {
		t.Errorf("off for another origin: got %v", e)
	}
	if srv.count() != 2 {
		t.Errorf("the server saw %d requests, want 2", srv.count())
	}
}

func TestVerifyFile(t *testing.T) { // S7
	ca := newAuthority(t)
	srv := serveTLS(t, ca.config(t, leaf{names: []string{"127.0.0.1"}}), ok)
	dir := t.TempDir()
	good, bad, none := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "bad.pem"), filepath.Join(dir, "none.pem")
	os.WriteFile(good, ca.pem, 0o600)
	os.WriteFile(bad, []byte("hello"), 0o600)
	s := New(Options{})
	s.Settings.Verify = good
	if x := do(t, s, get(srv.URL)); x.Status != 200 {
		t.Errorf("got %d", x.Status)
	}
	for _, path := range []string{bad, none, dir} {
		s = New(Options{Roots: ca.pool}) // which must not be fallen back to
		s.Settings.Verify = path
		if _, e := fails(t, s, get(srv.URL)); !strings.Contains(e.Text, path) || e.Phase != PhaseTLS {
			t.Errorf("%s: got %v", path, e)
		}
	}
}

func TestWrongSchemeForPort(t *testing.T) { // S9
	plain := rawServe(t, func(br *bufio.Reader, w io.Writer) bool {
		br.ReadByte()
		io.WriteString(w, "HTTP/1.1 400 Bad Request\r\n\r\n")
		return false
	})
	_, e := fails(t, New(Options{}), get("https://"+plain.ln.Addr().String()))
	contains(t, "https to a plain port", e.Text, "no TLS at this port")
	if e.Hint != plain.URL {
		t.Errorf("hint %q, want %q", e.Hint, plain.URL)
	}
	secure := serveTLS(t, newAuthority(t).config(t, leaf{names: []string{"127.0.0.1"}}), ok)
	_, e = fails(t, New(Options{}), get("http://"+secure.ln.Addr().String()))
	contains(t, "http to a TLS port", e.Text, "speaks TLS")
	if e.Hint != secure.URL {
		t.Errorf("hint %q, want %q", e.Hint, secure.URL)
	}
	alert := serve(t, once("\x15\x03\x01\x00\x02\x02\x46"))
	_, e = fails(t, New(Options{}), get(alert.URL))
	contains(t, "a TLS alert", e.Text, "this port speaks TLS")
	polite := serve(t, once("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"))
	var saw watcher
	if _, err := New(Options{}).Do(context.Background(), get(polite.URL), saw.watch()); err != nil {
		t.Fatal(err)
	}
	contains(t, "a polite TLS port", saw.one(t, NoticeWarning), "speaks TLS")
}

// TestTLSReuse keeps a TLS connection over many requests, also while session
// tickets wait to be read.
func TestTLSReuse(t *testing.T) {
	ca := newAuthority(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		config := ca.config(t, leaf{names: []string{"127.0.0.1"}})
		config.MaxVersion = version
		srv := serveTLS(t, config, ok)
		s := New(Options{Roots: ca.pool})
		s.SetBase(srv.URL)
		for range 5 {
			do(t, s, get("/"))
		}
		if srv.opened() != 1 {
			t.Errorf("%s: %d connections", tls.VersionName(version), srv.opened())
		}
		srv.dropAll()
		waitUntil(t, "the close to arrive", func() bool { return s.pool.idle[0].probe() == idleClosed })
		var saw watcher
		if _, err := s.Do(context.Background(), &Request{Method: "POST"}, saw.watch()); err != nil {
			t.Fatal(err)
		}
		saw.one(t, NoticeDropped)
		s.Close()
	}
}
