package session

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// clientPair issues a client certificate.
func (k *keeper) clientPair(t testing.TB, name string) tls.Certificate {
	t.Helper()
	return k.issue(t, ecKey(t), func(c *x509.Certificate) {
		c.Subject.CommonName, c.DNSNames, c.ExtKeyUsage = name, nil, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	})
}

// mutual makes the configuration of a server that wants a certificate of a root.
func mutual(t testing.TB, root *keeper, version uint16) *tls.Config {
	t.Helper()
	config := serves(root.issue(t, ecKey(t), nil))
	config.ClientAuth, config.ClientCAs, config.MaxVersion = tls.RequireAndVerifyClientCert, root.pool(), version
	return config
}

// TestZooMutual shows no certificate, the right one, one of a foreign authority,
// and a pair that does not fit, which never gets as far as the wire.
func TestZooMutual(t *testing.T) { // S4
	root, other := newKeeper(t, "Zoo Root", ecKey(t)), newKeeper(t, "Other Root", ecKey(t))
	rightCert, rightKey := pairFiles(t, "right", root.clientPair(t, "visitor"))
	wrongCert, wrongKey := pairFiles(t, "wrong", other.clientPair(t, "stranger"))
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		c := newCage(t, mutual(t, root, version))
		s := zooSession(t, Options{Roots: root.pool()})
		refused := func(what string, want ...string) {
			t.Helper()
			x, e := fails(t, s, get(c.url(zooHost)))
			contains(t, tls.VersionName(version)+", "+what, e.Error(), append(want, zooHost)...)
			if x != nil || e.Sent && version == tls.VersionTLS12 || c.got.Load() != 0 {
				t.Errorf("%s: got %v, sent %v, %d bytes of HTTP arrived", what, x, e.Sent, c.got.Load())
			}
		}
		refused("no certificate", "certificate")
		dialled := c.opened()
		err := s.SetCert(rightCert, wrongKey, c.url(zooHost))
		if err == nil || c.opened() != dialled {
			t.Errorf("a pair that does not fit: got %v, %d connections", err, c.opened()-dialled)
		} else {
			contains(t, "a pair that does not fit", err.Error(), rightCert, "is that of another certificate")
		}
		if err := s.SetCert(wrongCert, wrongKey, c.url(zooHost)); err != nil {
			t.Fatal(err)
		}
		refused("a foreign authority's", "certificate")
		if err := s.SetCert(rightCert, rightKey, c.url(zooHost)); err != nil {
			t.Fatal(err)
		}
		if x := do(t, s, get(c.url(zooHost))); x.Status != 200 || c.who.Load() != "visitor" {
			t.Errorf("the right one: got %d as %q", x.Status, c.who.Load())
		}
	}
}

// TestCertGoesToItsOriginOnly shows a certificate nowhere but where it belongs.
func TestCertGoesToItsOriginOnly(t *testing.T) {
	root := newKeeper(t, "Zoo Root", ecKey(t))
	config := mutual(t, root, tls.VersionTLS13)
	config.ClientAuth = tls.VerifyClientCertIfGiven
	a, b := newCage(t, config), newCage(t, config)
	s := zooSession(t, Options{Roots: root.pool()})
	cert, key := pairFiles(t, "mine", root.clientPair(t, "visitor"))
	if err := s.SetCert(cert, key, a.url(zooHost)); err != nil {
		t.Fatal(err)
	}
	do(t, s, get(a.url(zooHost)))
	do(t, s, get(b.url(zooHost)))
	if a.who.Load() != "visitor" || b.who.Load() != "" {
		t.Errorf("a saw %q, b saw %q; want visitor and nobody", a.who.Load(), b.who.Load())
	}
}

// eitherVersion runs a test against a server that speaks HTTP/2 and one that
// speaks HTTP/1.1. whoami answers with the name in the client's certificate.
func eitherVersion(t *testing.T, config func() *tls.Config, test func(t *testing.T, proto string, srv *modern)) {
	whoami := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := r.TLS.PeerCertificates; len(p) > 0 {
			io.WriteString(w, p[0].Subject.CommonName)
		}
	})
	for _, proto := range []string{"HTTP/1.1", "HTTP/2"} {
		t.Run(strings.ReplaceAll(proto, "/", ""), func(t *testing.T) {
			test(t, proto, serveModern(t, config(), proto == "HTTP/2", whoami))
		})
	}
}

// TestVerifyBackAndForth sees that turning the check off and on again holds from
// the very next request, though the connection of the one before is open.
func TestVerifyBackAndForth(t *testing.T) { // S5
	root, other := newKeeper(t, "Zoo Root", ecKey(t)), newKeeper(t, "Other Root", ecKey(t))
	eitherVersion(t, func() *tls.Config { return serves(other.issue(t, ecKey(t), nil)) }, func(t *testing.T, proto string, srv *modern) {
		s := zooSession(t, Options{Roots: root.pool()})
		s.Settings.Verify = "off"
		for i := range 3 {
			var saw watcher
			x, err := s.Do(context.Background(), get(srv.url(zooHost)), saw.watch())
			if err != nil || x.Proto != proto || x.Conn.Reused != (i > 0) {
				t.Fatalf("off: got %+v, %v", x, err)
			}
			contains(t, "off", saw.one(t, NoticeTLS), "certificate of "+zooHost, "was not checked")
		}
		for range 2 {
			s.Settings.Verify = ""
			if x, e := fails(t, s, get(srv.url(zooHost))); x != nil || e.Phase != PhaseTLS || srv.requests.Load() != 3 {
				t.Errorf("on: got %v, %v; the server saw %d requests", x, e, srv.requests.Load())
			}
		}
		s.Settings.Verify = other.pem(t, "other.pem")
		if x := do(t, s, get(srv.url(zooHost))); x.Conn.Reused || x.Sent.CA.Name != s.Settings.Verify || x.Sent.CA.Source != FromSession {
			t.Errorf("its own authority: got %+v, signed by %+v", x.Conn, x.Sent.CA)
		}
	})
}

// TestVerifyOffForOneOrigin does not hold for another.
func TestVerifyOffForOneOrigin(t *testing.T) { // S6
	root, other := newKeeper(t, "Zoo Root", ecKey(t)), newKeeper(t, "Other Root", ecKey(t))
	a, b := newCage(t, serves(other.issue(t, ecKey(t), nil))), newCage(t, serves(other.issue(t, ecKey(t), nil)))
	s := zooSession(t, Options{Roots: root.pool()})
	s.Settings.Verify, s.Settings.VerifyOrigin = "off", strings.TrimSuffix(a.url(zooHost), "/")
	do(t, s, get(a.url(zooHost)))
	if _, e := fails(t, s, get(b.url(zooHost))); e.Phase != PhaseTLS || b.got.Load() != 0 {
		t.Errorf("b: got %v and %d bytes", e, b.got.Load())
	}
	if _, e := fails(t, s, get(a.url("sub."+zooHost))); e.Phase != PhaseTLS {
		t.Errorf("another name at a's port: got %v", e)
	}
	if a.count() != 1 {
		t.Errorf("a saw %d requests, want 1", a.count())
	}
}

// TestCertChangeMakesConnection uses no connection again that was made with
// another certificate, or with none.
func TestCertChangeMakesConnection(t *testing.T) { // S8
	root := newKeeper(t, "Zoo Root", ecKey(t))
	config := func() *tls.Config {
		c := mutual(t, root, tls.VersionTLS13)
		c.ClientAuth = tls.VerifyClientCertIfGiven
		return c
	}
	eitherVersion(t, config, func(t *testing.T, proto string, srv *modern) {
		s := zooSession(t, Options{Roots: root.pool()})
		type file struct{ cert, key string }
		files := map[string]file{}
		for _, name := range []string{"ann", "bob"} {
			cert, key := pairFiles(t, name, root.clientPair(t, name))
			files[name] = file{cert, key}
		}
		for i, who := range []string{"", "ann", "bob", "", "ann"} {
			if s.ClearCert(); who != "" {
				if err := s.SetCert(files[who].cert, files[who].key, srv.url(zooHost)); err != nil {
					t.Fatal(err)
				}
			}
			for again := range 2 {
				x := do(t, s, get(srv.url(zooHost)))
				if got := string(x.Body.Bytes()); got != who || x.Proto != proto {
					t.Errorf("change %d: the server saw %q over %s, want %q", i, got, x.Proto, who)
				}
				if fresh := i < 3 && again == 0; x.Conn.Reused == fresh {
					t.Errorf("change %d, request %d: reused %v", i, again, x.Conn.Reused)
				}
			}
		}
	})
}

// envOf is an environment in which an empty value is none.
func envOf(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value := vars[name]
		return value, value != ""
	}
}

// TestBundleOfEnvironment takes the file of authorities that the environment
// names, and says whose it was.
func TestBundleOfEnvironment(t *testing.T) {
	root, other := newKeeper(t, "Zoo Root", ecKey(t)), newKeeper(t, "Other Root", ecKey(t))
	c := newCage(t, serves(root.issue(t, ecKey(t), nil)))
	right, wrong := root.pem(t, "right.pem"), other.pem(t, "wrong.pem")
	for _, tt := range []struct {
		name, requests, curl, verify string
		ignore, fails                bool
		source                       Source
		detail                       string
	}{
		{name: "neither", fails: true},
		{name: "requests'", requests: right, source: FromEnv, detail: "REQUESTS_CA_BUNDLE"},
		{name: "curl's", curl: right, source: FromEnv, detail: "CURL_CA_BUNDLE"},
		{name: "requests' wins", requests: right, curl: wrong, source: FromEnv, detail: "REQUESTS_CA_BUNDLE"},
		{name: "requests' wins even so", requests: wrong, curl: right, fails: true},
		{name: "the session wins", requests: wrong, curl: wrong, verify: right, source: FromSession},
		{name: "env off", requests: right, ignore: true, fails: true},
	} {
		env := envOf(map[string]string{"REQUESTS_CA_BUNDLE": tt.requests, "CURL_CA_BUNDLE": tt.curl})
		s := zooSession(t, Options{Roots: other.pool(), Env: env})
		s.Settings.IgnoreEnv, s.Settings.Verify = tt.ignore, tt.verify
		x, err := s.Do(context.Background(), get(c.url(zooHost)), Watch{})
		if (err != nil) != tt.fails {
			t.Errorf("%s: got %v", tt.name, err)
			continue
		}
		if err == nil && (x.Sent.CA.Source != tt.source || x.Sent.CA.Detail != tt.detail || x.Sent.CA.Name != right) {
			t.Errorf("%s: got %+v", tt.name, x.Sent.CA)
		}
		if tt.verify != "" && (x == nil || len(x.Sent.Lost) != 1 || x.Sent.Lost[0].Kind != "ca" || x.Sent.Lost[0].Name != wrong || x.Sent.Lost[0].To != FromSession) {
			t.Errorf("%s: lost %+v", tt.name, x.Sent.Lost)
		}
	}
}

// TestBundleMissing names the file and who named it; there is no falling back to
// the system's authorities, and the hint is one that helps.
func TestBundleMissing(t *testing.T) { // S7
	root := newKeeper(t, "Zoo Root", ecKey(t))
	c := newCage(t, serves(root.issue(t, ecKey(t), nil)))
	none := filepath.Join(t.TempDir(), "none.pem")
	s := zooSession(t, Options{Roots: root.pool(), Env: envOf(map[string]string{"REQUESTS_CA_BUNDLE": none})})
	_, e := fails(t, s, get(c.url(zooHost)))
	contains(t, "of the environment", e.Error(), none, "no such file")
	if c.opened() != 0 || e.Phase != PhaseTLS {
		t.Errorf("got %+v after %d connections", e, c.opened())
	}
	if e.Hint != "env off" {
		t.Errorf("hint for a file the environment names: got %q, want %q (verify on changes nothing)", e.Hint, "env off")
	}
	s.Settings.Verify = none
	_, e = fails(t, s, get(c.url(zooHost)))
	contains(t, "of the session", e.Error(), none, "no such file")
	if e.Hint != "verify on" || c.opened() != 0 {
		t.Errorf("got %+v after %d connections", e, c.opened())
	}
}

// TestKeyLogIsNotWritten: the variable with which other programs let anybody
// decrypt their traffic does nothing here.
func TestKeyLogIsNotWritten(t *testing.T) { // S10
	path := filepath.Join(t.TempDir(), "keys")
	t.Setenv("SSLKEYLOGFILE", path)
	root := newKeeper(t, "Zoo Root", ecKey(t))
	c := newCage(t, serves(root.issue(t, ecKey(t), nil)))
	env := envOf(map[string]string{"SSLKEYLOGFILE": path})
	do(t, zooSession(t, Options{Roots: root.pool(), Env: env}), get(c.url(zooHost)))
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("%s: got %v, want that it does not exist", path, err)
	}
}

// A clumped connection writes what it is given only when told to, in one piece.
type clumped struct {
	net.Conn
	held []byte
	hold bool
}

func (c *clumped) Write(p []byte) (int, error) {
	if c.hold {
		c.held = append(c.held, p...)
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// TestUnaskedBytesOverTLS: an answer nobody asked for that comes in the same
// segment, but in a TLS record of its own, is not taken for the next one.
func TestUnaskedBytesOverTLS(t *testing.T) {
	root := newKeeper(t, "Zoo Root", ecKey(t))
	config := serves(root.issue(t, ecKey(t), nil))
	srv := listening(t)
	srv.attend(t, func(conn net.Conn, n int) {
		under := &clumped{Conn: conn}
		srv.handle(tls.Server(under, config), n, func(w io.Writer, r *received) bool {
			under.hold = true
			reply(w, 200, "first")
			reply(w, 200, "smuggled")
			under.hold = false
			under.Write(under.held)
			under.held = nil
			return true
		})
	})
	_, port, _ := net.SplitHostPort(srv.ln.Addr().String())
	s := zooSession(t, Options{Roots: root.pool()})
	for range 3 {
		if x := do(t, s, get("https://"+zooHost+":"+port)); string(x.Body.Bytes()) != "first" || x.Conn.Reused {
			t.Errorf("got %q, on a connection used before: %v", x.Body.Bytes(), x.Conn.Reused)
		}
	}
}
