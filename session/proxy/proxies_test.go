package proxy

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A listener serves every connection by a function, in the tests of this
// package only on loopback, and ends with the test.
type listener struct {
	net.Listener
	mu    sync.Mutex
	log   []string
	conns []net.Conn
	work  sync.WaitGroup
}

// listen starts a listener, one that speaks TLS if config is not nil.
func listen(t *testing.T, config *tls.Config, serve func(l *listener, conn net.Conn)) *listener {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{Listener: inner}
	l.work.Go(func() {
		for {
			conn, err := inner.Accept()
			if err != nil {
				return
			}
			l.mu.Lock()
			l.conns = append(l.conns, conn)
			l.mu.Unlock()
			if config != nil {
				conn = tls.Server(conn, config)
			}
			l.work.Go(func() {
				defer conn.Close()
				serve(l, conn)
			})
		}
	})
	t.Cleanup(func() {
		inner.Close()
		l.mu.Lock()
		for _, conn := range l.conns {
			conn.Close()
		}
		l.mu.Unlock()
		l.work.Wait()
	})
	return l
}

func (l *listener) note(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log = append(l.log, s)
}

// notes returns what was noted so far.
func (l *listener) notes() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.log...)
}

func (l *listener) port() string {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// server returns the listener as a proxy.
func (l *listener) server(scheme, user, password string) Server {
	return Server{Scheme: scheme, Host: "127.0.0.1", Port: l.port(), User: user, Password: password}
}

// readHead reads a request's head with its empty line.
func readHead(r *bufio.Reader) string {
	var head strings.Builder
	for {
		line, err := r.ReadString('\n')
		head.WriteString(line)
		if err != nil || line == "\r\n" {
			return head.String()
		}
	}
}

// tunnels is an HTTP proxy that notes each CONNECT head, and then all bytes that
// the client sends through the tunnel.
func tunnels(l *listener, conn net.Conn) {
	r := bufio.NewReader(conn)
	head := readHead(r)
	l.note(head)
	target, _, _ := strings.Cut(strings.TrimPrefix(head, "CONNECT "), " ")
	onward, err := net.Dial("tcp", target)
	if err != nil {
		io.WriteString(conn, "HTTP/1.1 502 Bad Gateway\r\n\r\n")
		return
	}
	io.WriteString(conn, "HTTP/1.1 200 Connection established\r\nContent-Length: 7\r\n\r\n")
	l.note(pipe(r, conn, onward))
}

// pipe copies both ways until the server or the client is done, and returns
// what the client sent.
func pipe(r io.Reader, conn, onward net.Conn) string {
	defer onward.Close()
	var sent bytes.Buffer
	var back sync.WaitGroup
	back.Go(func() {
		io.Copy(conn, onward)
		conn.Close()
	})
	io.Copy(onward, io.TeeReader(r, &sent))
	onward.Close()
	back.Wait()
	return sent.String()
}

// answers is a proxy that notes the head it got and sends bytes, whatever was
// asked. It closes then, or waits for the client to.
func answers(bytes string, closes bool) func(*listener, net.Conn) {
	return func(l *listener, conn net.Conn) {
		l.note(readHead(bufio.NewReader(conn)))
		io.WriteString(conn, bytes)
		if !closes {
			io.Copy(io.Discard, conn)
		}
	}
}

// socksServer is a SOCKS5 proxy (RFC 1928, RFC 1929) that notes the login and
// the kind and text of the address that is asked for. It wants a login if user is
// not empty. reply is its answer; 0 connects.
type socksServer struct {
	user, password string
	reply          byte
}

func (s socksServer) serve(l *listener, conn net.Conn) {
	r := bufio.NewReader(conn)
	read := func(n byte) []byte {
		b := make([]byte, n)
		io.ReadFull(r, b)
		return b
	}
	methods := read(read(2)[1])
	switch {
	case s.user == "":
		conn.Write([]byte{5, 0})
	case !bytes.Contains(methods, []byte{2}):
		conn.Write([]byte{5, 0xff})
		return
	default:
		conn.Write([]byte{5, 2})
		user := string(read(read(2)[1]))
		password := string(read(read(1)[0]))
		l.note("login " + user + ":" + password)
		if user != s.user || password != s.password {
			conn.Write([]byte{1, 1})
			return
		}
		conn.Write([]byte{1, 0})
	}
	var host, kind string
	switch read(4)[3] {
	case 1:
		kind, host = "IPv4", net.IP(read(4)).String()
	case 3:
		kind, host = "name", string(read(read(1)[0]))
	case 4:
		kind, host = "IPv6", net.IP(read(16)).String()
	}
	port := read(2)
	target := net.JoinHostPort(host, strconv.Itoa(int(port[0])<<8|int(port[1])))
	l.note(kind + " " + target)
	if s.reply != 0 {
		conn.Write([]byte{5, s.reply, 0, 1, 0, 0, 0, 0, 0, 0})
		return
	}
	onward, err := net.Dial("tcp", target)
	if err != nil {
		conn.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
		return
	}
	conn.Write([]byte{5, 0, 0, 1, 127, 0, 0, 1, 4, 4})
	l.note(pipe(r, conn, onward))
}

// origin starts a server that answers with the method and what it got of the
// proxy's fields. trust is the configuration of its clients.
func origin(t *testing.T, https bool) (addr string, trust *tls.Config) {
	t.Helper()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello"+strings.Join(r.Header["Proxy-Authorization"], "!")+strings.Join(r.Header["Proxy-Connection"], "!"))
	})
	s := httptest.NewUnstartedServer(handler)
	if https {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	if https {
		roots := x509.NewCertPool()
		roots.AddCert(s.Certificate())
		trust = &tls.Config{RootCAs: roots, ServerName: "example.com"}
	}
	return s.Listener.Addr().String(), trust
}

// certificate returns the two ends' configurations for an https proxy on
// 127.0.0.1.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates}, &tls.Config{RootCAs: roots}
}

// dial calls Dial within the time a broken implementation would hang for.
func dial(t *testing.T, s Server, target string, o Options) (net.Conn, Timing, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	conn, timing, err := s.Dial(ctx, target, o)
	if conn != nil {
		t.Cleanup(func() { conn.Close() })
	}
	return conn, timing, err
}

// dialError calls Dial, which must come to an Error.
func dialError(t *testing.T, s Server, target string, o Options) *Error {
	t.Helper()
	conn, _, err := dial(t, s, target, o)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("Dial through %v = %v, %v; want an Error", s, conn, err)
	}
	if conn != nil {
		t.Errorf("Dial through %v returned a connection with the error %v", s, err)
	}
	return e
}

// get sends a request over a connection and returns the answer's body.
func get(t *testing.T, conn net.Conn, request string) string {
	t.Helper()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
