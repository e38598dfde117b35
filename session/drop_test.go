package session

import (
	"context"
	"io"
	"net"
	"sonde/session/http1"
	"strings"
	"testing"
	"time"
)

// TestIdleDrop lets the server close the connection between two requests: any
// method goes out once more, on a new connection, and one line says so.
func TestIdleDrop(t *testing.T) { // D1
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		srv := serve(t, func(w io.Writer, r *received) bool {
			if r.Method == "HEAD" {
				io.WriteString(w, "HTTP/1.1 200 OK\r\n\r\n")
				return true
			}
			return ok(w, r)
		})
		s := based(t, srv)
		do(t, s, get("/1"))
		srv.dropAll()
		waitUntil(t, "the close to arrive", func() bool { return s.pool.idle[0].probe() == idleClosed })
		r := &Request{Method: method, Target: Target{Text: "/2"}}
		if method == "POST" {
			r.Content = text("stream")
			r.Content.Again = false
		}
		var saw watcher
		x, err := s.Do(context.Background(), r, saw.watch())
		if err != nil || x.Status != 200 || x.Conn.Reused || len(x.Attempts) != 1 {
			t.Fatalf("%s: got %v, %v", method, x, err)
		}
		host := strings.TrimPrefix(srv.URL, "http://")
		if got := saw.one(t, NoticeDropped); got != host+" had closed the idle connection; a new one was made. Nothing was lost." {
			t.Errorf("%s: notice %q", method, got)
		}
		if srv.count() != 2 || s.Stats().Dropped != 1 {
			t.Errorf("%s: %d requests, %d dropped", method, srv.count(), s.Stats().Dropped)
		}
	}
}

// TestDropAfterSecondRequest lets the server read a request on a kept
// connection and close it without an answer.
func TestDropAfterSecondRequest(t *testing.T) { // D2, D3, D4, D5, D6
	for _, tt := range []struct {
		method string
		stream bool
		once   bool // NoRetry
		resent bool
		want   string
	}{
		{method: "GET", resent: true},
		{method: "HEAD", resent: true},
		{method: "OPTIONS", resent: true},
		{method: "POST", want: "not sent again because POST changes things"},
		{method: "PATCH", want: "not sent again because PATCH changes things"},
		{method: "PUT", want: "not sent again because PUT changes things"},
		{method: "DELETE", want: "not sent again because DELETE changes things"},
		{method: "POST", stream: true, want: "cannot be rewound"},
		{method: "GET", stream: true, want: "cannot be rewound"},
		{method: "GET", once: true, want: "not sent again, as asked"},
	} {
		srv := serve(t, func(w io.Writer, r *received) bool {
			if r.N == 2 {
				return false
			}
			if r.Method == "HEAD" {
				io.WriteString(w, "HTTP/1.1 200 OK\r\n\r\n")
				return true
			}
			return ok(w, r)
		})
		s := based(t, srv)
		do(t, s, get("/1"))
		r := &Request{Method: tt.method, Target: Target{Text: "/2"}, Headers: []HeaderEdit{{Name: "Idempotency-Key", Value: "k-123456"}}, NoRetry: tt.once}
		if tt.stream {
			r.Content = text("stream")
			r.Content.Again = false
		}
		var saw watcher
		x, err := s.Do(context.Background(), r, saw.watch())
		if tt.resent {
			if err != nil || srv.count() != 3 || len(x.Attempts) != 2 || x.Attempts[0].Err == nil {
				t.Errorf("%s: got %v, %v after %d requests", tt.method, x, err, srv.count())
			}
			contains(t, tt.method, saw.one(t, NoticeResent), "sent twice: 127.0.0.1:", "after the request went out")
			continue
		}
		if err == nil || srv.count() != 2 {
			t.Errorf("%s: got %v after %d requests, want an error after 2", tt.method, err, srv.count())
			continue
		}
		contains(t, tt.method, err.Error(), tt.want, "connection dropped")
		if e := err.(*Error); !e.Sent || strings.Contains(err.Error(), "EOF") {
			t.Errorf("%s: got %q, sent %v", tt.method, err, e.Sent)
		}
	}
}

// TestNeverResentTwice sees that a server that goes on dropping ends it.
func TestNeverResentTwice(t *testing.T) {
	srv := serve(t, func(w io.Writer, r *received) bool { return r.N == 1 && ok(w, r) })
	s := based(t, srv)
	do(t, s, get("/1"))
	_, e := fails(t, s, get("/2"))
	if srv.count() != 3 {
		t.Errorf("got %d requests, want 3", srv.count())
	}
	contains(t, "error", e.Error(), "closed the connection without an answer")
}

// TestNewConnectionIsNotRetried: an answerless close on a fresh connection is
// the server's answer.
func TestNewConnectionIsNotRetried(t *testing.T) {
	srv := serve(t, func(io.Writer, *received) bool { return false })
	_, e := fails(t, based(t, srv), get("/"))
	if srv.count() != 1 || !e.Sent || e.Phase != PhaseWait {
		t.Errorf("got %d requests, %+v", srv.count(), e)
	}
}

// A stuckConn fails its writes without having written anything, as a
// connection does that was reset before.
type stuckConn struct {
	net.Conn
	broken *bool
}

func (c stuckConn) Write(p []byte) (int, error) {
	if *c.broken {
		*c.broken = false
		c.Conn.Close()
		return 0, net.ErrClosed
	}
	return c.Conn.Write(p)
}

func TestNothingWrittenIsSentAgain(t *testing.T) { // D7
	srv := serve(t, ok)
	broken := false
	s := New(Options{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, addr)
		return stuckConn{c, &broken}, err
	}})
	defer s.Close()
	s.SetBase(srv.URL)
	do(t, s, get("/1"))
	broken = true
	var saw watcher
	x, err := s.Do(context.Background(), &Request{Method: "POST", Target: Target{Text: "/2"}, Content: text("body")}, saw.watch())
	if err != nil || srv.count() != 2 || srv.last().Body != "body" || len(x.Attempts) != 2 {
		t.Fatalf("got %v after %d requests", err, srv.count())
	}
	saw.one(t, NoticeDropped)
}

func TestIncompleteBody(t *testing.T) { // D16
	for _, tt := range []struct{ in, body, want string }{
		{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "abc", "incomplete body, 3 of 10 bytes"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc", "abc", "incomplete body after 3 bytes"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nZZ\r\n", "abc", "malformed chunk size"},
	} {
		srv := serve(t, once(tt.in))
		s := based(t, srv)
		x, e := fails(t, s, get("/"))
		contains(t, tt.in, e.Error(), tt.want)
		if x == nil || string(x.Body.Bytes()) != tt.body || x.Err != e || e.Phase != PhaseBody || s.Stats().Open != 0 {
			t.Errorf("%q: got %+v", tt.in, x)
		}
	}
}

func TestReuseIsVisible(t *testing.T) { // D18
	srv := serve(t, ok)
	s := based(t, srv)
	for i := range 5 {
		x := do(t, s, get("/"))
		if x.Conn.Reused != (i > 0) || x.Conn.ID != 1 || (x.Conn.Saved > 0) != (i > 0) || (x.Timing.Connect > 0) != (i == 0) {
			t.Errorf("request %d: %+v, %+v", i+1, x.Conn, x.Timing)
		}
		if x.Timing.Total <= 0 || x.Timing.FirstByte > x.Timing.Total || x.Conn.Remote != srv.ln.Addr().String() {
			t.Errorf("request %d: %+v, %+v", i+1, x.Conn, x.Timing)
		}
	}
	if st := s.Stats(); srv.opened() != 1 || st.Opened != 1 || st.Reused != 4 || st.Requests != 5 || st.Open != 1 || st.Saved <= 0 {
		t.Errorf("%d connections, %+v", srv.opened(), st)
	}
	s.CloseIdle()
	if do(t, s, get("/")); srv.opened() != 2 {
		t.Errorf("after CloseIdle: %d connections", srv.opened())
	}
}

// TestUnreadAnswerIsNotReused: an answer that was not read to its end must not
// be taken for the next one.
func TestUnreadAnswerIsNotReused(t *testing.T) {
	srv := serve(t, func(w io.Writer, r *received) bool {
		reply(w, 200, strings.Repeat("x", 1<<20))
		return true
	})
	s := based(t, srv)
	stop := io.ErrClosedPipe
	_, err := s.Do(context.Background(), get("/"), Watch{Head: func(*Exchange) error { return stop }})
	if err == nil || srv.opened() != 1 {
		t.Fatal(err)
	}
	if x := do(t, s, get("/")); x.Conn.Reused || srv.opened() != 2 {
		t.Errorf("got %+v", x.Conn)
	}
}

// TestUnaskedBytes: what a server sends after its answer is not the next one.
func TestUnaskedBytes(t *testing.T) {
	answered := make(chan bool)
	srv := serve(t, func(w io.Writer, r *received) bool {
		reply(w, 200, "first")
		if r.N == 1 {
			<-answered
			reply(w, 200, "smuggled")
		}
		return true
	})
	s := based(t, srv)
	do(t, s, get("/"))
	close(answered)
	waitUntil(t, "more to come", func() bool {
		state, known := peek(s.pool.idle[0].wire.Conn)
		return state == idleReadable || !known
	})
	if x := do(t, s, get("/")); string(x.Body.Bytes()) != "first" || srv.opened() != 2 {
		t.Errorf("got %q over %d connections", x.Body.Bytes(), srv.opened())
	}
}

// TestPoolIsBounded opens more connections than are kept.
func TestPoolIsBounded(t *testing.T) {
	p := pool{}
	for i := range 100 {
		a, b := net.Pipe()
		defer b.Close()
		key := poolKey{origin: Origin{"http", "h", string(rune('0' + i%10))}}
		p.put(newLink(key, &meter{Conn: a}, a, false, http1.Limits{}))
	}
	same := 0
	for _, l := range p.idle {
		if l.key.origin.Port == "0" {
			same++
		}
	}
	if len(p.idle) > maxIdle || same > maxIdlePerKey {
		t.Errorf("%d idle, %d of one origin", len(p.idle), same)
	}
	p.closeAll()
}

func waitUntil(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 500 {
		if done() {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatalf("waited too long for %s", what)
}
