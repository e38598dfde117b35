package session

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
)

// Kinds, flags and codes of HTTP/2 frames (RFC 9113, sections 6 and 7).
const (
	frameData, frameHeaders, frameReset, frameSettings, frameGoAway = 0x0, 0x1, 0x3, 0x4, 0x7

	flagEnd, flagAck, flagEndHeaders = 0x1, 0x1, 0x4

	codeNo, codeInternal, codeRefused, codeCalm, codeHTTP11 = 0x0, 0x2, 0x7, 0xb, 0xd
)

// A puppet is the server's side of an HTTP/2 connection, frame by frame.
type puppet struct {
	net.Conn
	n int // of the request, over all connections, from 1
}

func (p *puppet) frame(kind, flags byte, stream uint32, payload string) {
	head := make([]byte, 9, 9+len(payload))
	binary.BigEndian.PutUint32(head, uint32(len(payload))<<8|uint32(kind))
	head[4] = flags
	binary.BigEndian.PutUint32(head[5:], stream)
	p.Write(append(head, payload...))
}

// answer sends a 200 with fields, name after value, and a body.
func (p *puppet) answer(stream uint32, body string, fields ...string) {
	block := "\x88" // the static table's :status 200 (RFC 7541, appendix A)
	for i := 0; i < len(fields); i += 2 {
		name, value := fields[i], fields[i+1]
		block += "\x00" + string(byte(len(name))) + name + string(byte(len(value))) + value
	}
	p.frame(frameHeaders, flagEndHeaders, stream, block)
	p.frame(frameData, flagEnd, stream, body)
}

func (p *puppet) reset(stream, code uint32) {
	p.frame(frameReset, 0, stream, string(binary.BigEndian.AppendUint32(nil, code)))
}

func (p *puppet) goAway(last, code uint32) {
	p.frame(frameGoAway, 0, 0, string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, last), code)))
}

// request waits for the end of the next request and returns its stream.
func (p *puppet) request() (stream uint32, ok bool) {
	head := make([]byte, 9)
	for {
		if _, err := io.ReadFull(p, head); err != nil {
			return 0, false
		}
		size, kind, flags := int64(binary.BigEndian.Uint32(head)>>8), head[3], head[4]
		if _, err := io.CopyN(io.Discard, p, size); err != nil {
			return 0, false
		}
		switch {
		case kind == frameSettings && flags&flagAck == 0:
			p.frame(frameSettings, flagAck, 0, "")
		case (kind == frameHeaders || kind == frameData) && flags&flagEnd != 0:
			return binary.BigEndian.Uint32(head[5:]), true
		}
	}
}

// servePuppet starts a server whose part in each request is played by a
// function; when that returns false the connection is closed. The server's
// requests are not filled in but for their number.
func servePuppet(t testing.TB, play func(p *puppet, stream uint32) bool) (*server, *Session) {
	t.Helper()
	root := newKeeper(t, "Zoo Root", ecKey(t))
	config := serves(root.issue(t, ecKey(t), nil))
	config.NextProtos = []string{"h2"}
	srv := listening(t)
	_, port, _ := net.SplitHostPort(srv.ln.Addr().String())
	srv.URL = "https://" + zooHost + ":" + port
	srv.attend(t, func(conn net.Conn, _ int) { srv.puppeteer(&puppet{Conn: tls.Server(conn, config)}, play) })
	s := zooSession(t, Options{Roots: root.pool()})
	if err := s.SetBase(srv.URL); err != nil {
		t.Fatal(err)
	}
	return srv, s
}

func (s *server) puppeteer(p *puppet, play func(p *puppet, stream uint32) bool) {
	preface := make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
	if _, err := io.ReadFull(p, preface); err != nil {
		return
	}
	p.frame(frameSettings, 0, 0, "")
	for {
		stream, ok := p.request()
		if !ok {
			return
		}
		s.mu.Lock()
		s.requests = append(s.requests, received{})
		p.n = len(s.requests)
		s.mu.Unlock()
		if !play(p, stream) {
			return
		}
	}
}

// refuseUntil refuses the requests before the nth in one of the ways a server
// has to say that it did not look at them.
func refuseUntil(n int, goAway bool) func(*puppet, uint32) bool {
	return func(p *puppet, stream uint32) bool {
		switch {
		case p.n >= n:
			p.answer(stream, "ok")
		case goAway:
			p.goAway(stream-1, codeNo)
		default:
			p.reset(stream, codeRefused)
		}
		return true
	}
}

// TestRefusedStream: what the server did not look at goes out once more, whatever
// its method, on a new connection; more often only if it is to be repeated.
func TestRefusedStream(t *testing.T) {
	for _, goAway := range []bool{false, true} {
		for _, tt := range []struct {
			method  string
			until   int
			retries int
			status  int // 0 for an error
			sent    int // requests the server gets
		}{
			{method: "GET", until: 2, status: 200, sent: 2},
			{method: "POST", until: 2, status: 200, sent: 2},
			{method: "POST", until: 3, sent: 2},
			{method: "POST", until: 3, retries: 3, status: 200, sent: 3},
			{method: "GET", until: 4, retries: 3, status: 200, sent: 4},
		} {
			srv, s := servePuppet(t, refuseUntil(tt.until, goAway))
			if tt.retries > 0 {
				s.Settings.Retries = []RetryRule{{Policy: persistent(tt.retries)}}
			}
			r := &Request{Method: tt.method, Target: Target{Text: "/"}}
			if tt.method == "POST" {
				r.Content = text("body")
			}
			var saw watcher
			x, err := s.Do(context.Background(), r, saw.watch())
			if srv.count() != tt.sent || (err == nil) != (tt.status != 0) {
				t.Errorf("GOAWAY %v, %+v: got %v, %v after %d requests", goAway, tt, x, err, srv.count())
				continue
			}
			if err != nil {
				if e := err.(*Error); e.Sent {
					t.Errorf("GOAWAY %v, %+v: got %+v, want that the server did not act on it", goAway, tt, e)
				}
				continue
			}
			if x.Status != tt.status || len(x.Attempts) != tt.sent || x.Attempts[0].Err == nil || x.Attempts[0].Err.Sent || srv.opened() < 2 {
				t.Errorf("GOAWAY %v, %+v: got %d after %+v over %d connections", goAway, tt, x.Status, x.Attempts, srv.opened())
			}
			contains(t, "notice", saw.of(NoticeDropped)[0].Text, "had not looked at the request")
		}
	}
}

// TestEndedStream: after a reset that says nothing of the kind the server may
// have acted, and only what is safe or allowed is repeated.
func TestEndedStream(t *testing.T) {
	for name, end := range map[string]func(*puppet, uint32) bool{
		"reset": func(p *puppet, stream uint32) bool { p.reset(stream, codeInternal); return true },
		"goaway for the rest": func(p *puppet, stream uint32) bool {
			p.goAway(stream, codeCalm)
			return false
		},
		"close": func(*puppet, uint32) bool { return false },
	} {
		for _, tt := range []struct {
			method  string
			retries bool
			resent  bool
		}{
			{method: "POST"},
			{method: "POST", retries: true},
			{method: "PUT"},
			{method: "PUT", retries: true, resent: true},
			{method: "GET", retries: true, resent: true},
		} {
			srv, s := servePuppet(t, func(p *puppet, stream uint32) bool {
				if p.n == 1 {
					return end(p, stream)
				}
				p.answer(stream, "ok")
				return true
			})
			if tt.retries {
				s.Settings.Retries = []RetryRule{{Policy: persistent(2)}}
			}
			x, err := s.Do(context.Background(), &Request{Method: tt.method, Content: text("body")}, Watch{})
			if tt.resent {
				if err != nil || x.Status != 200 || srv.count() != 2 {
					t.Errorf("%s, %+v: got %v, %v after %d requests, want 200 after 2", name, tt, x, err, srv.count())
				}
				continue
			}
			e, _ := err.(*Error)
			if e == nil || !e.Sent || srv.count() != 1 || strings.Contains(e.Error(), "EOF") {
				t.Errorf("%s, %+v: got %v, %v after %d requests, want an error after 1", name, tt, x, err, srv.count())
			}
		}
	}
}

// TestGoAwayWhileIdle: a server that takes its leave between two requests costs
// a new connection and one notice.
func TestGoAwayWhileIdle(t *testing.T) { // D1
	left := make(chan bool, 5)
	srv, s := servePuppet(t, func(p *puppet, stream uint32) bool {
		p.answer(stream, "ok")
		p.goAway(stream, codeNo)
		left <- true
		return p.n%2 == 0 // closing the connection or leaving that to us
	})
	do(t, s, get("/"))
	for i := range 4 {
		<-left
		idle := len(s.pool.idle) // none if the GOAWAY came with the answer
		var saw watcher
		x, err := s.Do(context.Background(), &Request{Method: "POST", Content: text("body")}, saw.watch())
		if err != nil || x.Status != 200 || x.Conn.Reused || len(x.Attempts) != 1 {
			t.Fatalf("request %d: got %+v, %v", i+2, x, err)
		}
		if n := len(saw.of(NoticeDropped)); n != idle {
			t.Errorf("request %d: %d notices of a dropped connection, want %d: %v", i+2, n, idle, saw.notices)
		}
	}
	if srv.count() != 5 || srv.opened() != 5 {
		t.Errorf("%d requests over %d connections, want 5 over 5", srv.count(), srv.opened())
	}
}

// TestHeaderOrderOverHTTP2 keeps the fields of an answer as they came.
func TestHeaderOrderOverHTTP2(t *testing.T) {
	_, s := servePuppet(t, func(p *puppet, stream uint32) bool {
		p.answer(stream, "{}", "x-z", "1", "content-type", "application/json", "x-a", "2", "x-z", "3", "etag", `"e"`)
		return true
	})
	x := do(t, s, get("/"))
	var got []string
	for _, f := range x.Header {
		got = append(got, f.Name+"="+f.Value)
	}
	const want = `x-z=1 content-type=application/json x-a=2 x-z=3 etag="e"`
	if g := strings.Join(got, " "); g != want {
		t.Errorf("got %s, want %s", g, want)
	}
	contains(t, "raw head", string(x.RawHead), "200", "x-z: 1\r\ncontent-type: application/json\r\nx-a: 2\r\nx-z: 3\r\netag")
}

// TestHTTP11Required says what a server wants that takes a request over HTTP/1.1
// only.
func TestHTTP11Required(t *testing.T) {
	_, s := servePuppet(t, func(p *puppet, stream uint32) bool { p.reset(stream, codeHTTP11); return true })
	_, e := fails(t, s, get("/"))
	contains(t, "error", e.Error(), "HTTP/1.1")
}
