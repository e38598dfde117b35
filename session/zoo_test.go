package session

import (
	"bufio"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// zooHost is the name that most certificates of the zoo are for.
const zooHost = "good.zoo.test"

// A keeper signs certificates: a root, or something below it.
type keeper struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// ecKey makes a key of the kind most servers have.
func ecKey(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaKey(t testing.TB, bits int) crypto.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// newKeeper makes a root.
func newKeeper(t testing.TB, name string, key crypto.Signer) *keeper {
	t.Helper()
	k := &keeper{key: key}
	pair := k.issue(t, key, func(c *x509.Certificate) {
		c.Subject.CommonName, c.DNSNames, c.ExtKeyUsage = name, nil, nil
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	})
	k.cert = pair.Leaf
	return k
}

// issue signs a certificate for zooHost, valid now, as a server's, but for what
// change does to it. A keeper without a certificate signs its own.
func (k *keeper) issue(t testing.TB, key crypto.Signer, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: "inhabitant"}, DNSNames: []string{zooHost},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if change != nil {
		change(template)
	}
	parent := k.cert
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), k.key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: made}
}

func (k *keeper) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(k.cert)
	return p
}

// pem writes the keeper's certificate into a file and returns its path.
func (k *keeper) pem(t testing.TB, name string) string {
	t.Helper()
	return writePEM(t, name, &pem.Block{Type: "CERTIFICATE", Bytes: k.cert.Raw})
}

// pairFiles writes a certificate and its key into two files.
func pairFiles(t testing.TB, name string, pair tls.Certificate) (cert, key string) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return writePEM(t, name+".pem", &pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}),
		writePEM(t, name+".key", &pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func writePEM(t testing.TB, name string, block *pem.Block) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A cage is a TLS server that counts every byte it gets inside of TLS.
type cage struct {
	*server
	port string
	got  atomic.Int64
	who  atomic.Value // string: common name of the last client certificate
}

func newCage(t testing.TB, config *tls.Config) *cage {
	t.Helper()
	c := &cage{server: listening(t)}
	c.who.Store("")
	_, c.port, _ = net.SplitHostPort(c.ln.Addr().String())
	c.attend(t, func(conn net.Conn, _ int) { c.serve(tls.Server(conn, config)) })
	return c
}

func (c *cage) serve(conn *tls.Conn) {
	br := bufio.NewReader(io.TeeReader(conn, counter{&c.got}))
	for {
		r, err := readRequest(br)
		if err != nil {
			return
		}
		if peers := conn.ConnectionState().PeerCertificates; len(peers) > 0 {
			c.who.Store(peers[0].Subject.CommonName)
		}
		c.mu.Lock()
		c.requests = append(c.requests, *r)
		c.mu.Unlock()
		reply(conn, 200, "roar")
	}
}

type counter struct{ n *atomic.Int64 }

func (c counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}

// url returns the cage's URL under a name.
func (c *cage) url(host string) string { return "https://" + host + ":" + c.port + "/" }

// zooSession returns a session that finds every name at loopback.
func zooSession(t testing.TB, o Options) *Session {
	t.Helper()
	o.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		_, port, _ := net.SplitHostPort(addr)
		return new(net.Dialer).DialContext(ctx, network, "127.0.0.1:"+port)
	}
	s := New(o)
	t.Cleanup(func() { s.Close() })
	return s
}

// An animal is one server of the zoo. want is what the refusal says, "" if
// there must be none; notice is what an acceptance must be told with.
type animal struct {
	name, host   string
	config       *tls.Config
	want, notice string
}

func serves(pair tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{pair}}
}

// named changes the names of a certificate.
func named(names ...string) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.DNSNames = names }
}

// inhabitants makes the servers whose fault, if any, is in their certificate.
func inhabitants(t *testing.T, root *keeper, roots *x509.CertPool) []animal {
	key, day := ecKey(t), 24*time.Hour
	other := newKeeper(t, "Other Root", ecKey(t))
	middle := &keeper{key: ecKey(t)}
	middlePair := root.issue(t, middle.key, func(c *x509.Certificate) {
		c.Subject.CommonName, c.DNSNames, c.ExtKeyUsage = "Middle", nil, nil
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	})
	middle.cert = middlePair.Leaf
	mere := &keeper{key: key}
	merePair := root.issue(t, key, nil)
	mere.cert = merePair.Leaf
	old := newKeeper(t, "Old Root", rsaKey(t, 2048))
	roots.AddCert(old.cert) // so that the digest is all that is wrong
	ask := func(change func(*x509.Certificate)) *tls.Config { return serves(root.issue(t, key, change)) }
	withChain := func(leaf, above tls.Certificate) *tls.Config {
		leaf.Certificate = append(leaf.Certificate, above.Certificate...)
		return serves(leaf)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	until, from := time.Now().Add(-8*day), time.Now().Add(8*day)
	dated := func(a, b time.Time) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = a, b }
	}
	return []animal{
		{name: "good", config: ask(nil)},
		{name: "wronghost", config: ask(named("elsewhere.test")), want: "wrong name: the certificate is for elsewhere.test, not for " + zooHost},
		{name: "nosan", config: ask(func(c *x509.Certificate) { c.DNSNames, c.Subject.CommonName = nil, zooHost }), want: "wrong name"},
		{name: "untrusted", config: serves(other.issue(t, key, nil)), want: `unknown issuer: nobody trusted vouches for "Other Root"`},
		{name: "selfsigned", config: serves((&keeper{key: key}).issue(t, key, nil)), want: "unknown issuer: the certificate is self-signed"},
		{name: "badeku", config: ask(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), want: "wrong usage"},
		{name: "expired", config: ask(dated(until.Add(-day), until)), want: "expired on " + until.UTC().Format("2006-01-02")},
		{name: "future", config: ask(dated(from, from.Add(day))), want: "not yet valid: the certificate starts on " + from.UTC().Format("2006-01-02")},
		{name: "wildcard", host: "lion.zoo.test", config: ask(named("*.zoo.test"))},
		{name: "wildcard too deep", host: "cub.lion.zoo.test", config: ask(named("*.zoo.test")), want: "wrong name: the certificate is for *.zoo.test, not for cub.lion.zoo.test"},
		{name: "wildcard for its parent", host: "zoo.test", config: ask(named("*.zoo.test")), want: "wrong name"},
		{name: "chained, intermediate missing", config: serves(middle.issue(t, key, nil)), want: `unknown issuer: nobody trusted vouches for "Middle"`},
		{name: "chained, intermediate sent", config: withChain(middle.issue(t, key, nil), middlePair)},
		{name: "signed by no authority", config: withChain(mere.issue(t, key, nil), merePair), want: "unknown issuer"},
		{name: "sha1", config: serves(old.issue(t, key, func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA1WithRSA })), want: "SHA1"},
		{name: "weak1024", config: serves(root.issue(t, rsaKey(t, 1024), nil)), notice: "1024 bits"},
		{name: "without a digest", config: serves(root.issue(t, edKey, nil))},
		{name: "unknown critical extension", config: ask(func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 3, 6, 1, 4, 1, 99999, 1}, Critical: true, Value: []byte{5, 0}}}
		}), want: "unhandled critical extension"},
	}
}

// versions makes the servers that know one version of TLS only.
func versions(t *testing.T, root *keeper) (list []animal) {
	key := ecKey(t)
	for v, want := range map[uint16]string{tls.VersionTLS10: "protocol version", tls.VersionTLS11: "protocol version", tls.VersionTLS12: "", tls.VersionTLS13: ""} {
		config := serves(root.issue(t, key, nil))
		config.MinVersion, config.MaxVersion = v, v
		list = append(list, animal{name: tls.VersionName(v), config: config, want: want})
	}
	return list
}

// TestZoo asks every server of the zoo: those that are at fault are refused by
// name of the fault, before one byte of HTTP is out.
func TestZoo(t *testing.T) { // S1, S2, S3
	root := newKeeper(t, "Zoo Root", ecKey(t))
	roots := root.pool()
	for _, a := range append(inhabitants(t, root, roots), versions(t, root)...) {
		t.Run(a.name, func(t *testing.T) {
			if a.host == "" {
				a.host = zooHost
			}
			c := newCage(t, a.config)
			s := zooSession(t, Options{Roots: roots})
			var saw watcher
			x, err := s.Do(context.Background(), get(c.url(a.host)), saw.watch())
			if a.want == "" {
				accepted(t, a, x, err, &saw)
				return
			}
			e, _ := err.(*Error)
			if e == nil {
				t.Fatalf("got %v, %v; want a refusal", x, err)
			}
			contains(t, "error", e.Error(), a.want, a.host)
			if x != nil || e.Phase != PhaseTLS || e.Sent || c.got.Load() != 0 || s.Stats().Open != 0 {
				t.Errorf("got %+v; the server got %d bytes of HTTP; %d connections open", e, c.got.Load(), s.Stats().Open)
			}
		})
	}
}

// accepted sees that an exchange with a server of the zoo went well.
func accepted(t *testing.T, a animal, x *Exchange, err error, saw *watcher) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if x.Status != 200 || string(x.Body.Bytes()) != "roar" || x.Timing.TLS <= 0 {
		t.Errorf("got %d %q, TLS took %v", x.Status, x.Body.Bytes(), x.Timing.TLS)
	}
	if want := a.config.MaxVersion; want != 0 && x.Conn.TLSVersion != tls.VersionName(want) {
		t.Errorf("version: got %q, want %q", x.Conn.TLSVersion, tls.VersionName(want))
	}
	if a.notice != "" {
		contains(t, "notice", saw.one(t, NoticeTLS), a.notice, a.host)
	} else if len(saw.notices) > 0 {
		t.Errorf("got notices %v", saw.notices)
	}
}
