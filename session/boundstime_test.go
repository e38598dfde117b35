package session

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"sonde/session/retry"
)

// drip writes start at once and then a piece every few milliseconds, for as long
// as somebody takes it.
func drip(start, piece string) func(io.Writer, *received) bool {
	return func(w io.Writer, r *received) bool {
		if r.Target == "/good" {
			reply(w, 200, "good")
			return true
		}
		io.WriteString(w, start)
		for {
			time.Sleep(5 * time.Millisecond)
			if _, err := io.WriteString(w, piece); err != nil {
				return false
			}
		}
	}
}

// TestDrips lets servers send so slowly that nothing ever ends: the limit of the
// whole request ends it, wherever it is, and says where that was.
func TestDrips(t *testing.T) { // L7
	t.Parallel()
	const limit = 80 * time.Millisecond
	waiting, reading := "no answer in 0.08 s (waiting for the first byte)", "no end of the body in 0.08 s"
	firstByte := func(s *Session, r *Request) { s.Settings.FirstByteTimeout = limit }
	whole := func(s *Session, r *Request) { r.Timeout = limit }
	always := func(s *Session, r *Request) { s.Settings.Timeout = limit }
	for _, tt := range []struct {
		name, start, piece string
		set                func(s *Session, r *Request)
		phase              Phase
		want               string
	}{
		{"a status line", "HTTP/1.1 200 ", "x", whole, PhaseWait, waiting},
		{"a head", head200, "X: y\r\n", whole, PhaseWait, waiting},
		{"a head, limited to its first byte", head200, "X: y\r\n", firstByte, PhaseWait, waiting},
		{"interim answers", "", "HTTP/1.1 103 Early Hints\r\n\r\n", whole, PhaseWait, waiting},
		{"interim answers, limited to the first byte", "", "HTTP/1.1 103 Early Hints\r\n\r\n", firstByte, PhaseWait, waiting},
		{"a body", head200 + "Content-Length: 100000\r\n\r\n", "x", whole, PhaseBody, reading},
		{"a body, limited by the session", head200 + "Content-Length: 100000\r\n\r\n", "x", always, PhaseBody, reading},
		{"a body until the end", head200 + "\r\n", "x", whole, PhaseBody, reading},
		{"chunks", chunked, "1\r\nx\r\n", whole, PhaseBody, reading},
		{"a chunk size", chunked, "0", whole, PhaseBody, reading},
		{"a trailer", chunked + "2\r\nok\r\n0\r\n", "X: y\r\n", whole, PhaseBody, reading},
		{"gzip", head200 + "Content-Encoding: gzip\r\n\r\n" + gzipped("")[:10], "\x00\x00\x00\xff\xff", whole, PhaseBody, reading},
		{"a redirect's body", "HTTP/1.1 302 Found\r\nLocation: /odd\r\n" + chunked[len(head200):], "1\r\nx\r\n", whole, PhaseRedirect, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := serve(t, drip(tt.start, tt.piece))
			s, r := based(t, srv), get("/drip")
			tt.set(s, r)
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			began := time.Now()
			x, err := s.Do(ctx, r, Watch{})
			e, ok := err.(*Error)
			if !ok || !e.Timeout || ctx.Err() != nil || time.Since(began) < limit {
				t.Fatalf("got %v, %v after %s", x, err, time.Since(began))
			}
			if tt.phase != PhaseRedirect && (e.Phase != tt.phase || !strings.HasSuffix(e.Text, tt.want)) || (x != nil) != (e.Phase == PhaseBody || len(e.Text) > 0 && tt.phase == PhaseRedirect) {
				t.Errorf("got %+v with %v", e, x)
			}
			if s.Stats().Open != 0 {
				t.Errorf("%d connections are open", s.Stats().Open)
			}
			s.Settings.FirstByteTimeout, s.Settings.Timeout = time.Minute, 0
			if after := do(t, s, get("/good")); string(after.Body.Bytes()) != "good" {
				t.Errorf("the request after it got %q", after.Body.Bytes())
			}
		})
	}
}

// TestRedirectBodyWithoutEnd goes on although the body of the redirect does not
// end: the limit of its head is the one that holds.
func TestRedirectBodyWithoutEnd(t *testing.T) {
	t.Parallel()
	srv := serve(t, drip("HTTP/1.1 302 Found\r\nLocation: /good\r\n"+chunked[len(head200):], "1\r\nx\r\n"))
	s := based(t, srv)
	s.Settings.FirstByteTimeout = 80 * time.Millisecond
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	x, err := s.Do(ctx, get("/drip"), Watch{})
	if err != nil || string(x.Body.Bytes()) != "good" || len(x.Hops) != 1 || x.Conn.Reused {
		t.Errorf("got %v, %v", x, err)
	}
}

// deaf starts a server that accepts connections and never reads or writes.
func deaf(t *testing.T) string {
	t.Helper()
	quit := make(chan struct{})
	srv := rawServe(t, func(br *bufio.Reader, w io.Writer) bool { <-quit; return false })
	t.Cleanup(func() { close(quit) }) // before the server is stopped
	return srv.ln.Addr().String()
}

// TestTimeoutPhases names what was going on when a limit was reached.
func TestTimeoutPhases(t *testing.T) { // L6
	t.Parallel()
	const limit = 80 * time.Millisecond
	addr := deaf(t)
	never := func(ctx context.Context, network, addr string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	slowNames := func(ctx context.Context, network, addr string) (net.Conn, error) {
		<-ctx.Done()
		return nil, &net.DNSError{Err: "i/o timeout", Name: "h.test", IsTimeout: true}
	}
	large := &Content{Length: 1 << 40, Open: func() (io.ReadCloser, error) { return io.NopCloser(zeros{}), nil }}
	connect := func(s *Session, r *Request) { s.Settings.ConnectTimeout = limit }
	whole := func(s *Session, r *Request) { r.Timeout = limit }
	for _, tt := range []struct {
		name, url string
		dial      func(ctx context.Context, network, addr string) (net.Conn, error)
		set       func(s *Session, r *Request)
		phase     Phase
		want      string
		sent      bool
	}{
		{"name", "http://h.test", slowNames, connect, PhaseDNS, "no connection in 0.08 s (looking up the name)", false},
		{"connect", "http://h.test", never, connect, PhaseConnect, "no connection in 0.08 s (connecting)", false},
		{"connect, by the whole", "http://h.test", never, whole, PhaseConnect, "no connection in 0.08 s (connecting)", false},
		{"TLS", "https://" + addr, nil, connect, PhaseTLS, "no connection in 0.08 s (TLS handshake)", false},
		{"TLS, by the whole", "https://" + addr, nil, whole, PhaseTLS, "no connection in 0.08 s (TLS handshake)", false},
		{"proxy", "https://h.test", nil, func(s *Session, r *Request) { connect(s, r); r.Proxy = "http://" + addr }, PhaseProxy, "no connection in 0.08 s (asking the proxy)", false},
		{"socks proxy", "http://h.test", nil, func(s *Session, r *Request) { connect(s, r); r.Proxy = "socks5h://" + addr }, PhaseProxy, "no connection in 0.08 s (asking the proxy)", false},
		{"sending", "http://" + addr, nil, func(s *Session, r *Request) { whole(s, r); r.Method, r.Content = "PUT", large }, PhaseSend, "no answer in 0.08 s (sending the request)", true},
		{"waiting", "http://" + addr, nil, func(s *Session, r *Request) { s.Settings.FirstByteTimeout = limit }, PhaseWait, "no answer in 0.08 s (waiting for the first byte)", true},
		{"waiting, by the whole", "http://" + addr, nil, whole, PhaseWait, "no answer in 0.08 s (waiting for the first byte)", true},
	} {
		for repeats := range 2 {
			if repeats > 0 && tt.name != "connect" && tt.name != "socks proxy" && tt.name != "sending" && tt.name != "waiting" {
				continue
			}
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				s, r := New(Options{Dial: tt.dial}), get(tt.url)
				defer s.Close()
				tt.set(s, r)
				if repeats > 0 {
					s.Settings.Retries = []RetryRule{{Policy: retry.Policy{Total: repeats, Connect: -1, Read: -1, Status: -1}}}
				}
				ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
				defer cancel()
				began := time.Now()
				x, err := s.Do(ctx, r, Watch{})
				e, ok := err.(*Error)
				if !ok || x != nil || !e.Timeout || e.Phase != tt.phase || !strings.HasSuffix(e.Text, tt.want) || e.Sent != tt.sent {
					t.Errorf("got %v, %+v", x, err)
				}
				tries := time.Duration(repeats + 1)
				if r.Content != nil { // a stream that cannot be sent again
					tries = 1
				}
				if took := time.Since(began); took < tries*limit || ctx.Err() != nil || s.Stats().Open != 0 {
					t.Errorf("took %s, %d connections are open", took, s.Stats().Open)
				}
			})
		}
	}
}
