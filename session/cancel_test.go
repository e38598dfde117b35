package session

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// TestCancel ends the context in every phase, when that phase has begun: Do
// returns, which it would not do otherwise, the session lives on, and other
// connections stay open.
func TestCancel(t *testing.T) {
	quit := make(chan struct{})
	begun := make(chan struct{}, 1) // the phase to be canceled in
	deaf := listening(t)
	deaf.attend(t, func(c net.Conn, _ int) {
		if n, _ := c.Read(make([]byte, 1)); n > 0 {
			begun <- struct{}{}
			<-quit
		}
	})
	at := deaf.ln.Addr().String()
	srv := serve(t, func(w io.Writer, r *received) bool {
		switch r.Target {
		case "/wait":
			begun <- struct{}{}
			<-quit
		case "/body":
			io.WriteString(w, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
			<-quit
		}
		return ok(w, r)
	})
	t.Cleanup(func() { close(quit) })
	endless := &Content{Length: -1, Open: func() (io.ReadCloser, error) { return io.NopCloser(zeros{}), nil }}
	stuck := func(ctx context.Context, network, addr string) (net.Conn, error) {
		begun <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	for _, tt := range []struct {
		name  string
		r     *Request
		dial  func(context.Context, string, string) (net.Conn, error)
		phase Phase
		head  bool
	}{
		{name: "connect", r: get("/"), dial: stuck, phase: PhaseConnect},
		{name: "tls", r: get("https://" + at), phase: PhaseTLS},
		{name: "send", r: &Request{Method: "POST", Target: Target{Text: "http://" + at}, Content: endless}, phase: PhaseSend},
		{name: "wait", r: get("/wait"), phase: PhaseWait},
		{name: "body", r: get("/body"), phase: PhaseBody, head: true},
	} {
		s := based(t, srv)
		do(t, s, get("/"))
		before := s.Stats().Open
		if tt.name == "wait" || tt.name == "body" {
			before = 0
		}
		if s.options.Dial = tt.dial; tt.dial != nil {
			s.CloseIdle()
			before = 0
		}
		ctx, cancel := context.WithCancel(context.Background())
		started := func(*Exchange, []byte) error { begun <- struct{}{}; return nil }
		go func() { <-begun; cancel() }()
		x, err := s.Do(ctx, tt.r, Watch{Body: started})
		var e *Error
		if !errors.As(err, &e) || !e.Canceled() || e.Phase != tt.phase || e.Timeout || (x != nil) != tt.head {
			t.Errorf("%s: got %v, %+v", tt.name, x, err)
			continue
		}
		if s.Stats().Open != before {
			t.Errorf("%s: %d connections open, want %d", tt.name, s.Stats().Open, before)
		}
		s.options.Dial = nil
		if x := do(t, s, get("/")); x.Status != 200 {
			t.Errorf("%s: afterwards %d", tt.name, x.Status)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestCanceledBefore(t *testing.T) {
	srv := serve(t, ok)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := based(t, srv).Do(ctx, get("/"), Watch{}); !errors.Is(err, context.Canceled) || srv.opened() != 0 {
		t.Errorf("got %v, %d connections", err, srv.opened())
	}
}

// TestCanceledAfter: a context that ends later does not hurt the connection.
func TestCanceledAfter(t *testing.T) {
	srv := serve(t, ok)
	s := based(t, srv)
	for range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		if _, err := s.Do(ctx, get("/"), Watch{}); err != nil {
			t.Fatal(err)
		}
		cancel()
	}
	if srv.opened() != 1 {
		t.Errorf("%d connections", srv.opened())
	}
}

func TestLargeUploads(t *testing.T) {
	big := strings.Repeat("0123456789abcdef", 5<<20/16)
	srv := serve(t, ok)
	s := based(t, srv)
	for _, length := range []int64{int64(len(big)), -1} {
		c := text(big)
		c.Length = length
		var told, total int64
		x, err := s.Do(context.Background(), &Request{Method: "PUT", Content: c}, Watch{Sent: func(n, of int64) { told, total = n, of }})
		if err != nil || srv.last().Body != big || x.Sent.BodySize != int64(len(big)) || told != int64(len(big)) || total != length {
			t.Errorf("length %d: %v, %d bytes arrived, told %d of %d", length, err, len(srv.last().Body), told, total)
		}
	}
	if srv.opened() != 1 {
		t.Errorf("%d connections", srv.opened())
	}
}

// TestEarlyAnswer: a server that refuses a large upload before its end is
// heard, whether it reads on or not.
func TestEarlyAnswer(t *testing.T) {
	for _, closes := range []bool{false, true} {
		srv := rawServe(t, func(br *bufio.Reader, w io.Writer) bool {
			for {
				line, err := br.ReadString('\n')
				if err != nil {
					return false
				}
				if line == "\r\n" {
					break
				}
			}
			io.WriteString(w, "HTTP/1.1 413 Too Large\r\nContent-Length: 7\r\n\r\nenough!")
			if !closes {
				time.Sleep(50 * time.Millisecond) // reading nothing
			}
			return false
		})
		s := based(t, srv)
		c := &Content{Length: -1, Open: func() (io.ReadCloser, error) { return io.NopCloser(zeros{}), nil }}
		x, err := s.Do(context.Background(), &Request{Method: "POST", Content: c}, Watch{})
		if closes && err != nil {
			continue // a reset may overtake the answer
		}
		if err != nil || x.Status != 413 || string(x.Body.Bytes()) != "enough!" || s.Stats().Open != 0 {
			t.Errorf("closes %v: got %v, %v, %d open", closes, x, err, s.Stats().Open)
		}
	}
}

func TestUploadSourceFails(t *testing.T) {
	srv := serve(t, ok)
	s := based(t, srv)
	broken := errors.New("disk on fire")
	for _, c := range []*Content{
		{Length: 5, Open: func() (io.ReadCloser, error) { return nil, broken }},
		{Length: 5, Open: func() (io.ReadCloser, error) { return io.NopCloser(&failing{broken}), nil }},
		{Length: -1, Open: func() (io.ReadCloser, error) { return io.NopCloser(&failing{broken}), nil }},
		{Length: 1 << 20, Open: func() (io.ReadCloser, error) { return io.NopCloser(&failing{broken}), nil }},
	} {
		_, e := fails(t, s, &Request{Method: "POST", Content: c})
		contains(t, "error", e.Error(), "request body: disk on fire")
		if !errors.Is(e, broken) || e.Phase != PhaseRequest {
			t.Errorf("got %+v", e)
		}
	}
	short := text("hello")
	short.Length = 9
	_, e := fails(t, s, &Request{Method: "POST", Content: short})
	contains(t, "error", e.Error(), "5 of 9 bytes")
	if srv.count() != 0 {
		t.Errorf("%d requests", srv.count())
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

// TestUploadDropped: the server goes away in the middle of an upload.
func TestUploadDropped(t *testing.T) {
	srv := rawServe(t, func(br *bufio.Reader, w io.Writer) bool {
		io.CopyN(io.Discard, br, 100<<10)
		return false
	})
	c := &Content{Length: 64 << 20, Again: true, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(make([]byte, 64<<20))), nil
	}}
	_, e := fails(t, based(t, srv), &Request{Method: "POST", Content: c})
	contains(t, "error", e.Error(), "closed the connection while the request was being sent")
	if !e.Sent || e.Timeout || srv.opened() != 1 {
		t.Errorf("got %+v over %d connections", e, srv.opened())
	}
}
