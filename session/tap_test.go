package session

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// A town is a small internet in which every byte that is sent is kept, in clear.
// Each of its addresses speaks TLS and plain HTTP alike, so that two origins can
// differ in nothing but the scheme.
type town struct {
	t      testing.TB
	ca     *authority
	dir    string
	answer func(origin string, r *received) string // "" closes the connection

	mu    sync.Mutex
	doors map[string]net.Listener // by "name:port"
	proxy map[string]bool         // the addresses that pass requests on
	raw   map[string]*bytes.Buffer
	stops []stop
	conns []net.Conn
	wg    sync.WaitGroup
}

// A stop is one request as it arrived at an origin.
type stop struct {
	received
	origin string
	cert   bool // a client certificate was shown on its connection
}

func newTown(t testing.TB, answer func(origin string, r *received) string) *town {
	n := &town{t: t, ca: newAuthority(t), dir: t.TempDir(), answer: answer,
		doors: map[string]net.Listener{}, proxy: map[string]bool{}, raw: map[string]*bytes.Buffer{}}
	t.Cleanup(n.stop)
	return n
}

func (n *town) stop() {
	n.mu.Lock()
	for _, ln := range n.doors {
		ln.Close()
	}
	for _, c := range n.conns {
		c.Close()
	}
	n.mu.Unlock()
	n.wg.Wait()
}

// dial opens the door of an address, which exists as soon as somebody asks.
func (n *town) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if network == "unix" {
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	n.mu.Lock()
	ln := n.doors[addr]
	n.mu.Unlock()
	if ln == nil {
		var err error
		if ln, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, err
		}
		n.listen(ln, addr)
	}
	return new(net.Dialer).DialContext(ctx, "tcp", ln.Addr().String())
}

func (n *town) listen(ln net.Listener, addr string) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = "socket"
	}
	config := n.ca.config(n.t, leaf{names: []string{host}})
	config.ClientAuth = tls.RequestClientCert
	n.mu.Lock()
	n.doors[addr] = ln
	n.mu.Unlock()
	n.wg.Add(1)
	go func() {
		defer n.wg.Done()
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			n.mu.Lock()
			n.conns = append(n.conns, c)
			n.mu.Unlock()
			n.wg.Add(1)
			go func() {
				defer n.wg.Done()
				defer c.Close()
				n.welcome(c, addr, config)
			}()
		}
	}()
}

// A peeked connection has had its first byte looked at.
type peeked struct {
	net.Conn
	br *bufio.Reader
}

func (p peeked) Read(b []byte) (int, error) { return p.br.Read(b) }

func (n *town) welcome(c net.Conn, addr string, config *tls.Config) {
	br := bufio.NewReader(c)
	first, err := br.Peek(1)
	if err != nil {
		return
	}
	scheme := "http"
	c = peeked{c, br}
	var secure *tls.Conn
	if first[0] == 0x16 {
		scheme, secure = "https", tls.Server(c, config)
		c = secure
	}
	origin := "unix:" + addr
	if o, err := OriginOf(scheme + "://" + addr); err == nil && !strings.HasPrefix(addr, "/") {
		origin = o.String()
	}
	n.mu.Lock()
	if n.raw[origin] == nil {
		n.raw[origin] = new(bytes.Buffer)
	}
	raw := n.raw[origin]
	n.mu.Unlock()
	for in := bufio.NewReader(io.TeeReader(c, locked{&n.mu, raw})); ; {
		r, err := readRequest(in)
		if err != nil {
			return
		}
		if r.Method == "CONNECT" && n.proxy[addr] {
			n.note(stop{*r, origin, false})
			n.tunnel(c, r.Target)
			return
		}
		n.note(stop{*r, origin, secure != nil && len(secure.ConnectionState().PeerCertificates) > 0})
		at := origin
		if n.proxy[addr] {
			o, _ := OriginOf(r.Target)
			at = o.String()
		}
		reply := n.answer(at, r)
		if reply == "" {
			return
		}
		io.WriteString(c, reply)
	}
}

// tunnel leads on to an address; what goes through it is noted there.
func (n *town) tunnel(c net.Conn, addr string) {
	to, err := n.dial(context.Background(), "tcp", addr)
	if err != nil {
		return
	}
	defer to.Close()
	io.WriteString(c, "HTTP/1.1 200 Connected\r\n\r\n")
	n.wg.Add(1)
	go func() {
		defer n.wg.Done()
		io.Copy(to, c)
		to.Close()
	}()
	io.Copy(c, to)
	c.Close()
}

type locked struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func (n *town) note(s stop) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.stops = append(n.stops, s)
}

// forget forgets what was sent so far.
func (n *town) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, b := range n.raw {
		b.Reset()
	}
	n.stops = nil
}

// at returns the requests that arrived at an origin, and every byte of them.
func (n *town) at(origin string) (stops []stop, raw string) {
	o, err := OriginOf(origin)
	if err != nil {
		n.t.Fatal(err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.stops {
		if s.origin == o.String() {
			stops = append(stops, s)
		}
	}
	if b := n.raw[o.String()]; b != nil {
		raw = b.String()
	}
	return stops, raw
}

// session returns a session that lives in the town. env are variables of its
// environment.
func (n *town) session(base string, env map[string]string) *Session {
	n.t.Helper()
	s := New(Options{Roots: n.ca.pool, Dial: n.dial, Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }})
	n.t.Cleanup(func() { s.Close() })
	if base != "" {
		if err := s.SetBase(base); err != nil {
			n.t.Fatal(err)
		}
	}
	return s
}

// file writes a file only its owner can read, and returns its path.
func (n *town) file(name string, content []byte) string {
	n.t.Helper()
	path := filepath.Join(n.dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		n.t.Fatal(err)
	}
	return path
}

// clientCert returns the path of a file with a client certificate and its key.
func (n *town) clientCert() string {
	n.t.Helper()
	if path := filepath.Join(n.dir, "client.pem"); fileExists(path) {
		return path
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		n.t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(9), Subject: pkix.Name{CommonName: "jdoe"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, n.ca.cert, &key.PublicKey, n.ca.key)
	if err != nil {
		n.t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		n.t.Fatal(err)
	}
	return n.file("client.pem", append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})...))
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// traces returns every form in which bytes can hold a secret: as it is, encoded
// for a URL, and in base64 at each of the three places it can start.
func traces(secret string) []string {
	out := []string{secret, url.QueryEscape(secret)}
	for lead := range 3 {
		coded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", lead) + secret))
		skip := (lead*8 + 5) / 6 // characters that also hold what stands before
		out = append(out, strings.TrimRight(coded, "=")[skip:len(secret)*8/6])
	}
	return out
}

// count returns how many traces of secrets there are in raw.
func count(raw string, secrets ...string) (n int) {
	for _, s := range secrets {
		for i, form := range traces(s) {
			if i == 0 || form != s {
				n += strings.Count(raw, form)
			}
		}
	}
	return n
}
