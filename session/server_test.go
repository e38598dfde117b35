package session

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// received is one request as the server got it.
type received struct {
	Method, Target string
	Head           string // with the request line, without the empty line
	Body           string
	Conn           int // number of the connection, from 1
	N              int // number of the request, from 1
}

func (r received) header(name string) string {
	for line := range strings.SplitSeq(r.Head, "\r\n") {
		if n, v, ok := strings.Cut(line, ":"); ok && strings.EqualFold(n, name) {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// names returns the header's field names in the order received.
func (r received) names() string {
	var names []string
	for line := range strings.SplitSeq(r.Head, "\r\n") {
		if n, _, ok := strings.Cut(line, ":"); ok && !strings.Contains(n, " ") {
			names = append(names, n)
		}
	}
	return strings.Join(names, " ")
}

// A server is a raw HTTP/1.1 server: what answer writes is what goes out.
type server struct {
	ln  net.Listener
	URL string

	mu       sync.Mutex
	requests []received
	conns    []net.Conn
	wg       sync.WaitGroup
}

// serve starts a server. answer writes the reply to a request; if it returns
// false the connection is closed.
func serve(t testing.TB, answer func(w io.Writer, r *received) bool) *server {
	t.Helper()
	return serveTLS(t, nil, answer)
}

func serveTLS(t testing.TB, config *tls.Config, answer func(w io.Writer, r *received) bool) *server {
	t.Helper()
	s := listening(t)
	if config != nil {
		s.URL = "https://" + s.ln.Addr().String()
		s.ln = tls.NewListener(s.ln, config)
	}
	s.attend(t, func(c net.Conn, n int) { s.handle(c, n, answer) })
	return s
}

// listening returns a server at a free port that accepts nothing yet.
func listening(t testing.TB) *server {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return &server{ln: ln, URL: "http://" + ln.Addr().String()}
}

// attend accepts connections until the test ends. Each has a goroutine that
// talks, and is closed after it; n is its number, from 1.
func (s *server) attend(t testing.TB, talk func(c net.Conn, n int)) {
	s.wg.Go(func() {
		for {
			c, err := s.ln.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns = append(s.conns, c)
			n := len(s.conns)
			s.mu.Unlock()
			s.wg.Go(func() {
				defer c.Close()
				talk(c, n)
			})
		}
	})
	t.Cleanup(s.stop)
}

func (s *server) stop() {
	s.ln.Close()
	s.dropAll()
	s.wg.Wait()
}

// dropAll closes every connection, as a server does with idle ones.
func (s *server) dropAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		c.Close()
	}
}

func (s *server) handle(c net.Conn, n int, answer func(w io.Writer, r *received) bool) {
	br := bufio.NewReader(c)
	for {
		r, err := readRequest(br)
		if err != nil {
			return
		}
		s.mu.Lock()
		r.Conn, r.N = n, len(s.requests)+1
		s.requests = append(s.requests, *r)
		s.mu.Unlock()
		if !answer(c, r) {
			return
		}
	}
}

func readRequest(br *bufio.Reader) (*received, error) {
	r := &received{}
	var head strings.Builder
	for {
		line, err := br.ReadString('\n')
		if err != nil {
			return nil, err
		}
		if line == "\r\n" {
			break
		}
		head.WriteString(line)
	}
	r.Head = head.String()
	if parts := strings.Fields(strings.SplitN(r.Head, "\r\n", 2)[0]); len(parts) == 3 {
		r.Method, r.Target = parts[0], parts[1]
	}
	if n, err := strconv.Atoi(r.header("Content-Length")); err == nil {
		b := make([]byte, n)
		if _, err := io.ReadFull(br, b); err != nil {
			return nil, err
		}
		r.Body = string(b)
	}
	if r.header("Transfer-Encoding") == "chunked" {
		var body strings.Builder
		for {
			line, err := br.ReadString('\n')
			if err != nil {
				return nil, err
			}
			n, err := strconv.ParseInt(strings.TrimSpace(line), 16, 64)
			if err != nil {
				return nil, err
			}
			if _, err := io.CopyN(&body, br, n); err != nil {
				return nil, err
			}
			br.Discard(2)
			if n == 0 {
				r.Body = body.String()
				break
			}
		}
	}
	return r, nil
}

func (s *server) all() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.requests...)
}

func (s *server) count() int { return len(s.all()) }

func (s *server) last() received {
	all := s.all()
	if len(all) == 0 {
		return received{}
	}
	return all[len(all)-1]
}

func (s *server) opened() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// reply writes an answer with a Content-Length; lines are further header lines.
func reply(w io.Writer, status int, body string, lines ...string) {
	fmt.Fprintf(w, "HTTP/1.1 %d Some Reason\r\n%sContent-Length: %d\r\n\r\n%s", status, crlf(lines), len(body), body)
}

func crlf(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

// always answers every request the same way.
func always(text string) func(io.Writer, *received) bool {
	return func(w io.Writer, r *received) bool {
		io.WriteString(w, text)
		return true
	}
}

// once answers with text and closes the connection.
func once(text string) func(io.Writer, *received) bool {
	return func(w io.Writer, r *received) bool {
		io.WriteString(w, text)
		return false
	}
}

// ok answers 200 with a short body.
func ok(w io.Writer, r *received) bool {
	reply(w, 200, "ok")
	return true
}

// watcher collects what Do tells.
type watcher struct{ notices []Notice }

func (w *watcher) watch() Watch {
	return Watch{Notice: func(n Notice) { w.notices = append(w.notices, n) }}
}

func (w *watcher) of(kind NoticeKind) (out []Notice) {
	for _, n := range w.notices {
		if n.Kind == kind {
			out = append(out, n)
		}
	}
	return out
}

// one returns the text of the only notice of a kind.
func (w *watcher) one(t *testing.T, kind NoticeKind) string {
	t.Helper()
	got := w.of(kind)
	if len(got) != 1 {
		t.Fatalf("notices of kind %d: got %d (%v), want 1", kind, len(got), w.notices)
	}
	return got[0].Text
}

// based returns a session with a server as its base.
func based(t testing.TB, srv *server) *Session {
	t.Helper()
	s := New(Options{})
	if err := s.SetBase(srv.URL); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func get(target string) *Request { return &Request{Method: "GET", Target: Target{Text: target}} }

func text(s string) *Content {
	return &Content{Type: "text/plain", Length: int64(len(s)), Again: true,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(s)), nil },
		Show: func() []byte { return []byte(s) }}
}

// do runs a request that must succeed.
func do(t testing.TB, s *Session, r *Request) *Exchange {
	t.Helper()
	x, err := s.Do(context.Background(), r, Watch{})
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.Target.Text, err)
	}
	return x
}

// fails runs a request that must fail, and returns what is known of it.
func fails(t *testing.T, s *Session, r *Request) (*Exchange, *Error) {
	t.Helper()
	x, err := s.Do(context.Background(), r, Watch{})
	if err == nil {
		t.Fatalf("%s %s: got %d, want an error", r.Method, r.Target.Text, x.Status)
	}
	e, isError := err.(*Error)
	if !isError {
		t.Fatalf("%s %s: error of type %T, want *Error", r.Method, r.Target.Text, err)
	}
	return x, e
}

func contains(t *testing.T, what, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s: got %q, want %q in it", what, got, w)
		}
	}
}

// rawServe starts a server that hands connections over: talk is called again
// and again until it returns false.
func rawServe(t testing.TB, talk func(br *bufio.Reader, w io.Writer) bool) *server {
	t.Helper()
	s := listening(t)
	s.attend(t, func(c net.Conn, _ int) {
		for br := bufio.NewReader(c); talk(br, c); {
		}
	})
	return s
}
