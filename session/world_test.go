package session

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"
)

// A world is a small internet: names and ports that lead to raw servers.
type world struct {
	t     *testing.T
	hosts map[string]*server // by "name:port"
	ca    *authority
}

func newWorld(t *testing.T) *world {
	return &world{t: t, hosts: map[string]*server{}, ca: newAuthority(t)}
}

// add makes a server for an origin such as "https://a.test:8443".
func (w *world) add(origin string, answer func(io.Writer, *received) bool) *server {
	w.t.Helper()
	o, err := OriginOf(origin)
	if err != nil {
		w.t.Fatal(err)
	}
	var config *tls.Config
	if o.Scheme == "https" {
		config = w.ca.config(w.t, leaf{names: []string{o.Host}})
	}
	srv := serveTLS(w.t, config, answer)
	srv.URL = o.String()
	w.hosts[net.JoinHostPort(o.Host, o.Port)] = srv
	return srv
}

// session returns a session that lives in this world.
func (w *world) session(base string) *Session {
	w.t.Helper()
	s := New(Options{Roots: w.ca.pool, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		srv := w.hosts[addr]
		if srv == nil {
			return nil, &net.DNSError{Err: "no such host", Name: addr, IsNotFound: true}
		}
		return new(net.Dialer).DialContext(ctx, network, srv.ln.Addr().String())
	}})
	w.t.Cleanup(func() { s.Close() })
	if base != "" {
		if err := s.SetBase(base); err != nil {
			w.t.Fatal(err)
		}
	}
	return s
}

// leak fails the test if a server has seen any of the secrets.
func (w *world) leak(srv *server, secrets ...string) {
	w.t.Helper()
	if srv.count() == 0 {
		w.t.Errorf("%s: was not asked at all", srv.URL)
	}
	for _, r := range srv.all() {
		for _, s := range secrets {
			if strings.Contains(r.Head, s) || strings.Contains(r.Body, s) {
				w.t.Errorf("%s got a credential, %q in:\n%s", srv.URL, s, r.Head)
			}
		}
	}
}

// redirect answers with a status and a Location.
func redirect(status int, location string) func(io.Writer, *received) bool {
	return func(w io.Writer, r *received) bool {
		reply(w, status, "moved", "Location: "+location)
		return true
	}
}

// An authority signs certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
	pem  []byte
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Root"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{key: key, pool: x509.NewCertPool(), pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
	a.cert, _ = x509.ParseCertificate(der)
	a.pool.AddCert(a.cert)
	return a
}

// A leaf describes a certificate; zero times mean that it is valid now.
type leaf struct {
	names       []string
	from, until time.Time
	usage       x509.ExtKeyUsage
	selfSigned  bool
}

func (a *authority) config(t testing.TB, l leaf) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "leaf"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{l.usage}}
	if l.usage == 0 {
		template.ExtKeyUsage[0] = x509.ExtKeyUsageServerAuth
	}
	if !l.from.IsZero() {
		template.NotBefore, template.NotAfter = l.from, l.until
	}
	for _, n := range l.names {
		if ip := net.ParseIP(n); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, n)
		}
	}
	parent, signer := a.cert, a.key
	if l.selfSigned {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}
