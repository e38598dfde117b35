package session

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
)

// A modern is net/http's server with TLS.
type modern struct {
	*http.Server
	addr     string
	port     string
	requests atomic.Int64
	opened   atomic.Int64
	http2    atomic.Int64 // requests that came over HTTP/2
}

// serveModern starts a server that offers HTTP/2 if h2 says so.
func serveModern(t testing.TB, config *tls.Config, h2 bool, handler http.Handler) *modern {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &modern{addr: ln.Addr().String()}
	_, m.port, _ = net.SplitHostPort(m.addr)
	m.Server = &http.Server{TLSConfig: config, ErrorLog: log.New(io.Discard, "", 0), Protocols: new(http.Protocols)}
	m.Protocols.SetHTTP1(true)
	m.Protocols.SetHTTP2(h2)
	m.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			m.opened.Add(1)
		}
	}
	m.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.requests.Add(1)
		if r.ProtoMajor == 2 {
			m.http2.Add(1)
		}
		handler.ServeHTTP(w, r)
	})
	done := make(chan error, 1)
	go func() { done <- m.ServeTLS(ln, "", "") }()
	t.Cleanup(func() {
		m.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("server: %v", err)
		}
	})
	return m
}

// url returns the server's URL under a name, with a slash at its end.
func (m *modern) url(host string) string { return "https://" + host + ":" + m.port + "/" }
