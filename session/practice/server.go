package practice

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options says how a server behaves. The zero value is ready to use.
type Options struct {
	Now  func() time.Time // the clock of headers, windows and new data; nil means time.Now
	Slow time.Duration    // how long /slow waits unless asked otherwise; 0 means 3 s
}

// Server is a running practice API with its second origin. It is made by
// Start; the zero value serves nothing. It is safe for concurrent use.
type Server struct {
	now      func() time.Time
	slow     time.Duration
	url      string
	otherURL string
	tlsURL   string
	routes   []route
	block    func() []byte                    // the repeated part of /big, built at its first use
	identity func() (*tls.Certificate, error) // of the API over TLS, made at its first use

	servers []*http.Server
	cancel  context.CancelFunc
	running sync.WaitGroup // accept loops, open connections and what is being answered

	mu     sync.Mutex
	closed bool
	state  state
}

// state is what clients change; Server.mu guards it.
type state struct {
	requests int                     // answered with an id so far
	buckets  map[string]*bucket      // rate limits by login, "" for nobody
	profiles map[string]profile      // accounts in use by login
	trackers map[string]*tracker     // issues by full name of the repository
	sessions map[string]*visit       // logins by the value of the cookie sid
	logins   int                     // sessions made so far
	flaky    int                     // requests to /flaky
	reads    map[string]int          // requests to /drop/read by method
	open     [limitedPaths]time.Time // when the limited resources answer again
	digests  digests                 // logins by Digest
	oauth    oauth                   // what the authorization server has issued
}

// Start listens on three free loopback ports, for the API, for the origin that
// redirects lead to, and for the API over TLS, and serves until Close. The
// error is that of listening.
func Start(o Options) (*Server, error) {
	s := newServer(o)
	var lns [3]net.Listener
	for i := range lns {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			for _, open := range lns[:i] {
				open.Close()
			}
			return nil, fmt.Errorf("practice API: %w", err)
		}
		lns[i] = ln
	}
	api, other, secure := lns[0], lns[1], lns[2]
	s.url = "http://" + api.Addr().String()
	s.otherURL = "http://" + other.Addr().String()
	s.tlsURL = "https://" + secure.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.serve(ctx, s.dispatch, func(srv *http.Server) error { return srv.Serve(api) })
	s.serve(ctx, s.serveOther, func(srv *http.Server) error { return srv.Serve(other) })
	s.serve(ctx, s.dispatch, func(srv *http.Server) error { return s.serveTLS(srv, secure) })
	return s, nil
}

func newServer(o Options) *Server {
	s := &Server{now: o.Now, slow: o.Slow}
	if s.now == nil {
		s.now = time.Now
	}
	if s.slow == 0 {
		s.slow = 3 * time.Second
	}
	s.block = sync.OnceValue(bigBlock)
	s.identity = sync.OnceValues(newIdentity)
	s.routes = s.table()
	s.state = state{
		buckets:  make(map[string]*bucket),
		profiles: make(map[string]profile),
		trackers: make(map[string]*tracker),
		sessions: make(map[string]*visit),
		reads:    make(map[string]int),
		digests:  newDigests(),
		oauth:    newOAuth(),
	}
	return s
}

// serve answers until Close what comes from the listener that run serves.
// Connections are counted in and out so that Close can wait for the last one.
func (s *Server) serve(ctx context.Context, h http.HandlerFunc, run func(*http.Server) error) {
	srv := &http.Server{
		Handler:           s.counted(s.dated(h)),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ConnState: func(_ net.Conn, st http.ConnState) {
			switch st {
			case http.StateNew:
				s.running.Add(1)
			case http.StateClosed, http.StateHijacked:
				s.running.Done()
			}
		},
	}
	s.servers = append(s.servers, srv)
	s.running.Go(func() { _ = run(srv) }) // ends with ErrServerClosed only
}

// counted lets Close wait for answers as well: over HTTP/2 they do not end
// with their connection.
func (s *Server) counted(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		closed := s.closed
		if !closed {
			s.running.Add(1)
		}
		s.mu.Unlock()
		if closed {
			hangUp()
		}
		defer s.running.Done()
		h.ServeHTTP(w, r)
	})
}

// dated makes the Date header follow the server's clock; net/http keeps a date
// that is set already.
func (s *Server) dated(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = []string{s.now().UTC().Format(http.TimeFormat)}
		h(w, r)
	})
}

// URL is the origin of the API, such as http://127.0.0.1:40213, without a
// slash at its end.
func (s *Server) URL() string { return s.url }

// Close closes all listeners and every connection at once, ends what is being
// answered, and returns when nothing of the server runs any more. Later calls
// do nothing.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel()
	var errs []error
	for _, srv := range s.servers {
		errs = append(errs, srv.Close())
	}
	s.running.Wait()
	return errors.Join(errs...)
}

// base is the origin that URLs in an answer begin with: the one the client
// used when that is a name of this machine (localhost and 127.0.0.1 are
// different origins, and credentials stay with theirs), else that of the API.
func (s *Server) base(r *http.Request) string {
	own, scheme := s.url, "http://"
	if r.TLS != nil {
		own, scheme = s.tlsURL, "https://"
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err == nil && loopback(host) {
		return scheme + r.Host
	}
	return own
}

// loopback reports whether a host, brackets taken off, is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
