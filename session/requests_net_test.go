package session

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// clientFiles writes a client certificate and its key.
func clientFiles(t *testing.T, ca *authority) (cert, key string) {
	t.Helper()
	pair := ca.config(t, leaf{names: []string{"client"}, usage: x509.ExtKeyUsageClientAuth}).Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	must(t, err)
	return fileOf(t, "client.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})),
		fileOf(t, "client.key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func TestRequestsClientCertificate(t *testing.T) {
	ca := newAuthority(t)
	cert, key := clientFiles(t, ca)
	runRows(t, []row{
		{"test_invalid_ssl_certificate_files", func(t *testing.T) {
			s := New(Options{})
			for _, tt := range []struct{ cert, key, want string }{
				{"/garbage", "", "/garbage"}, {cert, "/garbage", "/garbage"}, {cert, cert, cert}, {t.TempDir(), key, "cert"},
			} {
				if err := s.SetCert(tt.cert, tt.key, ""); err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%s, %s: got %v", tt.cert, tt.key, err)
				}
			}
		}},
		{"test_http_with_certificate", func(t *testing.T) {
			s := based(t, serve(t, ok))
			must(t, s.SetCert(cert, key, ""))
			equal(t, "status", do(t, s, get("/")).Status, 200)
		}},
		{"test_different_connection_pool_for_mtls_settings", func(t *testing.T) {
			config := ca.config(t, leaf{names: []string{"127.0.0.1"}})
			config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, ca.pool
			srv := serveTLS(t, config, ok)
			s := New(Options{Roots: ca.pool})
			must(t, s.SetBase(srv.URL))
			must(t, s.SetCert(cert, key, ""))
			equal(t, "with", do(t, s, get("/")).Status, 200)
			equal(t, "again", do(t, s, get("/")).Conn.Reused, true)
			s.ClearCert()
			fails(t, s, get("/"))
			must(t, s.SetCert(cert, key, ""))
			equal(t, "with it again", do(t, s, get("/")).Status, 200)
			equal(t, "requests", srv.count(), 3)
		}},
	})
}

// A tunnel is a proxy that connects to one server whatever it is asked for.
type tunnel struct {
	*server
	mu       sync.Mutex
	connects []string // the heads it got
}

func newTunnel(t *testing.T, to *server) *tunnel {
	t.Helper()
	p := &tunnel{}
	p.server = rawServe(t, func(br *bufio.Reader, w io.Writer) bool {
		r, err := readRequest(br)
		if err != nil {
			return false
		}
		p.mu.Lock()
		p.connects = append(p.connects, r.Head)
		p.mu.Unlock()
		c, err := net.Dial("tcp", to.ln.Addr().String())
		if err != nil {
			return false
		}
		defer c.Close()
		io.WriteString(w, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() {
			io.Copy(w, c)
			w.(io.Closer).Close()
		}()
		io.Copy(c, br)
		return false
	})
	return p
}

func (p *tunnel) heads() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.connects, "\n")
}

// closedPort is the address of a port nobody listens at.
func closedPort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer ln.Close()
	return ln.Addr().String()
}

func withLogin(url, login string) string { return strings.Replace(url, "://", "://"+login+"@", 1) }

func TestRequestsProxy(t *testing.T) {
	runRows(t, []row{
		{"test_proxy_error", func(t *testing.T) {
			s := New(Options{})
			s.Settings.Proxy = "http://" + closedPort(t)
			_, e := fails(t, s, get("http://localhost:1"))
			equal(t, "phase", e.Phase, PhaseProxy)
			s = New(Options{Dial: func(_ context.Context, _, addr string) (net.Conn, error) {
				return nil, &net.DNSError{Err: "no such host", Name: addr, IsNotFound: true}
			}})
			s.Settings.Proxy = "non-resolvable-address"
			_, e = fails(t, s, get("http://localhost:1"))
			equal(t, "phase", e.Phase, PhaseProxy)
			contains(t, "error", e.Error(), "non-resolvable-address")
		}},
		{"test_proxy_error_on_bad_url", func(t *testing.T) {
			srv := serve(t, ok)
			for _, bad := range []string{"http:/badproxyurl:3128", "http://:8080", "https://", "http:///example.com:8080"} {
				s := based(t, srv)
				s.Settings.Proxy = bad
				if _, e := fails(t, s, get("/")); e.Phase != PhaseRequest || !strings.Contains(e.Text, "proxy") {
					t.Errorf("%s: got %v", bad, e)
				}
			}
			equal(t, "requests", srv.count(), 0)
		}},
		{"test_proxy_auth", func(t *testing.T) { loggedIn(t, "user:pass", "Basic dXNlcjpwYXNz") }},
		{"test_proxy_auth_empty_pass", func(t *testing.T) { loggedIn(t, "user:", "Basic dXNlcjo=") }},
		{"test_proxy_authorization_preserved_on_request", func(t *testing.T) {
			srv := serve(t, ok)
			s := based(t, srv)
			must(t, s.SetHeader(Header{Name: "Proxy-Authorization", Value: "Bearer XXX"}))
			equal(t, "Proxy-Authorization", wire(t, srv, s, get("/get")).header("Proxy-Authorization"), "Bearer XXX")
		}},
		{"test_proxy_authorization_not_appended_to_https_request", func(t *testing.T) { // R11
			ca := newAuthority(t)
			srv := serveTLS(t, ca.config(t, leaf{names: []string{"example.com"}}), ok)
			p := newTunnel(t, srv)
			s := New(Options{Roots: ca.pool})
			s.Settings.Proxy = withLogin(p.URL, "test:pass")
			do(t, s, get("https://example.com/x"))
			contains(t, "CONNECT", p.heads(), "CONNECT example.com:443 HTTP/1.1\r\n", "Proxy-Authorization: "+basic("test", "pass")+"\r\n")
			equal(t, "target inside", srv.last().Target, "/x")
			equal(t, "inside", strings.Contains(srv.last().Head, "Proxy-"), false)
		}},
	})
}

// loggedIn asks a proxy to pass a request on.
func loggedIn(t *testing.T, login, want string) {
	t.Helper()
	p := serve(t, ok)
	s := New(Options{})
	s.Settings.Proxy = withLogin(p.URL, login)
	got := wire(t, p, s, get("http://example.com/x?y"))
	equal(t, "Proxy-Authorization", got.header("Proxy-Authorization"), want)
	equal(t, "target", got.Target, "http://example.com/x?y")
	equal(t, "Host", got.header("Host"), "example.com")
}

func TestRequestsProxyEnvironment(t *testing.T) {
	respected := func(t *testing.T, ask func(s *Session, url string) error) {
		t.Helper()
		s := New(Options{Env: environWith("http_proxy", "http://"+closedPort(t))})
		err := ask(s, "http://example.com/get")
		if e, isError := err.(*Error); !isError || e.Phase != PhaseProxy {
			t.Errorf("got %v, want an error of the proxy", err)
		}
	}
	run := func(s *Session, r *Request) error {
		_, err := s.Do(context.Background(), r, Watch{})
		return err
	}
	runRows(t, []row{
		{"test_proxy_env_vars_override_default", func(t *testing.T) {
			for _, tt := range []struct{ variable, url string }{
				{"http_proxy", "http://example.com"}, {"https_proxy", "https://example.com"}, {"all_proxy", "http://example.com"},
				{"all_proxy", "https://example.com"}, {"HTTP_PROXY", "http://example.com"}, {"HTTPS_PROXY", "https://example.com"}, {"ALL_PROXY", "https://example.com"},
			} {
				first := make(chan byte, 1)
				p := rawServe(t, func(br *bufio.Reader, w io.Writer) bool {
					b, _ := br.ReadByte()
					first <- b
					return false
				})
				s := New(Options{Env: environWith(tt.variable, strings.Replace(p.URL, "http", "socks5h", 1))})
				fails(t, s, get(tt.url))
				equal(t, tt.variable+" for "+tt.url, <-first, 5) // what SOCKS5 begins with
			}
		}},
		{"test_respect_proxy_env_on_send_self_prepared_request", func(t *testing.T) {
			respected(t, func(s *Session, url string) error {
				p, err := s.Prepare(get(url))
				if err == nil {
					equal(t, "target of a dry run", p.Target, url)
				}
				return run(s, get(url))
			})
		}},
		{"test_respect_proxy_env_on_send_session_prepared_request", func(t *testing.T) {
			respected(t, func(s *Session, url string) error {
				must(t, s.SetBase(url))
				return run(s, get("/x"))
			})
		}},
		{"test_respect_proxy_env_on_send_with_redirects", func(t *testing.T) {
			srv := serve(t, redirect(302, "http://example.com/get"))
			respected(t, func(s *Session, _ string) error { return run(s, get(srv.URL)) })
			equal(t, "requests at the first", srv.count(), 1)
		}},
		{"test_respect_proxy_env_on_get", func(t *testing.T) {
			respected(t, func(s *Session, url string) error { return run(s, get(url)) })
		}},
		{"test_respect_proxy_env_on_request", func(t *testing.T) {
			respected(t, func(s *Session, url string) error { return run(s, send("POST", url, "x")) })
		}},
		{"this machine is asked directly", func(t *testing.T) { // V4: requests asks the proxy
			srv := serve(t, ok)
			s := New(Options{Env: environWith("http_proxy", "http://"+closedPort(t), "all_proxy", "http://"+closedPort(t))})
			equal(t, "status", do(t, s, get(srv.URL)).Status, 200)
		}},
		{"the session comes before the environment", func(t *testing.T) {
			p := serve(t, ok)
			s := New(Options{Env: environWith("http_proxy", "http://"+closedPort(t))})
			s.Settings.Proxy = p.URL
			equal(t, "target", wire(t, p, s, get("http://example.com/")).Target, "http://example.com/")
		}},
	})
}
