// Package sessiontest is an HTTP/1.1 server for tests that answers from files
// and writes down what it was asked.
//
// The file GET/users in the server's directory answers GET /users. It holds a
// response as it goes over the wire:
//
//	HTTP/1.1 200 OK
//	Content-Type: application/json
//
//	[{"id": 1}]
//
// Line breaks of the head may be bare LF; the body goes out byte for byte. A
// head that says nothing of its length gets a Content-Length, unless it has
// "Connection: close"; the body of one with "Transfer-Encoding: chunked" is
// sent line by line, a chunk each. Informational heads may stand in front.
//
// # Which file answers
//
// For GET /users?page=2 the first of these that exists:
//
//	GET/users?page=2    GET/users    ANY/users?page=2    ANY/users
//
// GET/_root answers GET /, and GET/users/_root answers GET /users/ as well as
// GET /users where users is a folder. HEAD falls back to the files of GET,
// without their bodies. Names are as in the request, undecoded; a slash in a
// query is written %2F, and what a Windows file name cannot hold, such as the
// question mark, may be percent-encoded too: GET/users%3Fpage=2.
//
// GET/flaky.1 answers the first call, GET/flaky.2 the second; then GET/flaky
// where there is one, else the last of them answers all further calls. What no
// file answers gets 404 and a JSON body that names the file looked for.
//
// # Directives
//
// The first lines of a file may tell the server how to answer:
//
//	#drop           close the connection without an answer
//	#close          answer, then close the connection without saying so before
//	#delay 300ms    wait before the answer
//	#lines 20ms     send the body line by line, so long apart
//	#raw            send the rest of the file as it is, then close
//	#expand         replace $URL and $HOST, and what Set names, in the answer
//
// # What is written down
//
// The file requests gets every request as received: the request line, the
// header fields in their order and case, a blank line, the body without its
// framing, a line break where the body lacks one, and a line of four dashes.
// Lines of the head end with LF. A body of more than 1 MiB is represented by
// one line with its length and SHA-256. The file connections gets a line for
// each request, "2 GET /users" for one on the second connection, "2 malformed"
// for what is no request. Both are complete before the answer leaves.
package sessiontest

import (
	"crypto/tls"
	"net"
	"os"
	"path/filepath"
	"sync"
)

// A Server answers requests from the files of a directory until it is closed.
// Its methods may be called at any time.
type Server struct {
	dir      string
	url      string
	ca       []byte
	listener net.Listener
	done     chan struct{} // closed by Close
	work     sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]bool
	calls map[string]int    // answers given, by file without its number
	vars  map[string]string // for #expand
}

// NewServer starts a server on a free port of 127.0.0.1 that answers from dir,
// which must exist. The files requests and connections in it start empty.
func NewServer(dir string) (*Server, error) { return start(dir, "http", nil) }

// NewTLSServer is NewServer over TLS, with a certificate of its own making for
// 127.0.0.1, ::1 and localhost that is valid from 2000 to 2099.
func NewTLSServer(dir string) (*Server, error) {
	cert, ca, err := newCertificate()
	if err != nil {
		return nil, err
	}
	s, err := start(dir, "https", &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"http/1.1"}})
	if err != nil {
		return nil, err
	}
	s.ca = ca
	return s, nil
}

// start makes the log files and serves; config is nil without TLS.
func start(dir, scheme string, config *tls.Config) (*Server, error) {
	for _, name := range []string{requestsFile, connectionsFile} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			return nil, err
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	host := l.Addr().String()
	if config != nil {
		l = tls.NewListener(l, config)
	}
	s := &Server{
		dir:      dir,
		url:      scheme + "://" + host,
		listener: l,
		done:     make(chan struct{}),
		conns:    map[net.Conn]bool{},
		calls:    map[string]int{},
		vars:     map[string]string{"URL": scheme + "://" + host, "HOST": host},
	}
	s.work.Go(s.accept)
	return s, nil
}

// URL is the address of the server without a slash at its end, such as
// http://127.0.0.1:40123.
func (s *Server) URL() string { return s.url }

// CA is the certificate to trust, in PEM; nil without TLS.
func (s *Server) CA() []byte { return s.ca }

// Set makes #expand replace $name by value in the answers from now on.
func (s *Server) Set(name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.vars[name] = value
}

// Close stops the server, cuts its connections and waits until it has let go
// of its files. A second Close does nothing.
func (s *Server) Close() {
	s.mu.Lock()
	select {
	case <-s.done:
	default:
		close(s.done)
		s.listener.Close()
		for c := range s.conns {
			c.Close()
		}
	}
	s.mu.Unlock()
	s.work.Wait()
}

// accept serves each connection, numbered from 1, until the server closes.
func (s *Server) accept() {
	for number := 1; ; number++ {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		if !s.register(c) {
			c.Close()
			return
		}
		s.work.Go(func() {
			defer s.forget(c)
			s.serve(c, number)
		})
	}
}

// register remembers a connection for Close; false when it came too late.
func (s *Server) register(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.done:
		return false
	default:
	}
	s.conns[c] = true
	return true
}

// forget closes a connection that is served.
func (s *Server) forget(c net.Conn) {
	c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}
