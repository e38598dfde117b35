package session

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestIdleDropOverHTTP2 replaces a connection the server closed while idle, for
// any method, and says so once.
func TestIdleDropOverHTTP2(t *testing.T) { // D1
	m, s := modernPair(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ok") })
	do(t, s, get("/"))
	for i, method := range []string{"POST", "GET", "PATCH", "DELETE"} {
		m.dropAll()
		waitUntil(t, "the close to arrive", func() bool { return s.pool.idle[0].probe() == idleClosed })
		var saw watcher
		x, err := s.Do(context.Background(), &Request{Method: method}, saw.watch())
		if err != nil || x.Status != 200 || x.Conn.Reused || len(x.Attempts) != 1 {
			t.Fatalf("%s: got %v, %v", method, x, err)
		}
		contains(t, method, saw.one(t, NoticeDropped), zooHost, "closed the idle connection")
		if m.requests.Load() != int64(i+2) || s.Stats().Dropped != i+1 {
			t.Errorf("%s: %d requests, %+v", method, m.requests.Load(), s.Stats())
		}
	}
}

// TestLastAnswerOfConnection: a server that says with an answer that it is the
// last one gets the next request on a new connection, without a word.
func TestLastAnswerOfConnection(t *testing.T) {
	m, s := modernPair(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		io.WriteString(w, "ok")
	})
	for i := range 3 {
		x := do(t, s, &Request{Method: "POST"})
		if x.Conn.Reused || len(x.Attempts) != 1 || m.opened.Load() != int64(i+1) {
			t.Errorf("request %d: %+v, %d attempts, %d connections", i+1, x.Conn, len(x.Attempts), m.opened.Load())
		}
	}
}

// TestLargeBodiesOverHTTP2 sends and gets bodies larger than every window.
func TestLargeBodiesOverHTTP2(t *testing.T) {
	const size = 9<<20 + 123
	up := bytes.Repeat([]byte("0123456789abcdef"), size/16+1)[:size]
	m, s := modernPair(t, func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		n, err := io.Copy(sum, r.Body)
		w.Header().Set("X-Got", fmt.Sprintf("%d %x %v %d", n, sum.Sum(nil), err, r.ContentLength))
		w.Write(up)
	})
	for _, length := range []int64{size, -1} {
		for _, save := range []bool{false, true} {
			c := &Content{Length: length, Again: true, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(up)), nil }}
			r := &Request{Method: "PUT", Content: c}
			var saved bytes.Buffer
			if save {
				r.SaveTo = &saved
			}
			x := do(t, s, r)
			got, _ := x.HeaderValue("X-Got")
			if want := fmt.Sprintf("%d %x <nil> %d", size, sha256.Sum256(up), length); got != want {
				t.Errorf("length %d: the server got %s, want %s", length, got, want)
			}
			body := saved.Bytes()
			if !save {
				body = x.Body.Bytes()
			}
			if !bytes.Equal(body, up) || x.WireSize != size || x.Sent.BodySize != size {
				t.Errorf("length %d: got %d bytes, %d on the wire, %d sent; want %d", length, len(body), x.WireSize, x.Sent.BodySize, size)
			}
		}
	}
	if m.opened.Load() != 1 {
		t.Errorf("%d connections, want 1", m.opened.Load())
	}
}

// TestCancelOverHTTP2 ends an exchange in the middle of either body, or before the
// answer: Do returns, the server is told, and the next request works.
func TestCancelOverHTTP2(t *testing.T) {
	told := make(chan string, 10)
	_, s := modernPair(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/body":
			io.WriteString(w, strings.Repeat("x", 1000))
			w.(http.Flusher).Flush()
		case "/up":
			io.CopyN(io.Discard, r.Body, 100)
		case "/wait":
		default:
			io.WriteString(w, "ok")
			return
		}
		<-r.Context().Done()
		told <- r.URL.Path
	})
	for _, path := range []string{"/body", "/up", "/wait"} {
		do(t, s, get("/"))
		ctx, cancel := context.WithCancel(context.Background())
		r, watch := get(path), Watch{}
		switch path {
		case "/body":
			watch.Body = func(*Exchange, []byte) error { cancel(); return nil }
		case "/up":
			r.Method, r.Content = "PUT", &Content{Length: -1, Open: func() (io.ReadCloser, error) { return io.NopCloser(zeros{}), nil }}
			watch.Sent = func(n, _ int64) {
				if n > 1<<18 {
					cancel()
				}
			}
		case "/wait":
			time.AfterFunc(30*time.Millisecond, cancel)
		}
		x, err := s.Do(ctx, r, watch)
		cancel()
		var e *Error
		if !errors.As(err, &e) || !e.Canceled() || (x != nil) != (path == "/body") {
			t.Fatalf("%s: got %v, %v", path, x, err)
		}
		if x != nil && (x.Err != e || x.Body.Len() == 0) {
			t.Errorf("%s: got %d bytes and %v, want what came and why it ended", path, x.Body.Len(), x.Err)
		}
		select {
		case <-told:
		case <-time.After(20 * time.Second):
			t.Errorf("%s: the server was not told", path)
		}
		if x := do(t, s, get("/")); x.Status != 200 || x.Proto != "HTTP/2" {
			t.Errorf("%s: afterwards %d over %s", path, x.Status, x.Proto)
		}
	}
}

// TestTimeoutsOverHTTP2 names the limit that was reached, and what went on.
func TestTimeoutsOverHTTP2(t *testing.T) { // L6, L7
	_, s := modernPair(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			io.WriteString(w, "some")
			w.(http.Flusher).Flush()
		}
		if r.URL.Path != "/" {
			<-r.Context().Done()
		}
	})
	do(t, s, get("/"))
	s.Settings.FirstByteTimeout = 50 * time.Millisecond
	x, e := fails(t, s, get("/wait"))
	if x != nil || !e.Timeout || e.Phase != PhaseWait {
		t.Errorf("got %v, %+v", x, e)
	}
	contains(t, "first byte", e.Text, "0.05 s", "first byte")
	s.Settings.FirstByteTimeout = 0
	r := get("/body")
	r.Timeout = 100 * time.Millisecond
	x, e = fails(t, s, r)
	if x == nil || string(x.Body.Bytes()) != "some" || !e.Timeout || e.Phase != PhaseBody {
		t.Errorf("got %v, %+v", x, e)
	}
	contains(t, "whole body", e.Text, "0.1 s", "body")
	do(t, s, get("/"))
}

// TestEarlyAnswerOverHTTP2 hears a server that refuses an upload before its end.
func TestEarlyAnswerOverHTTP2(t *testing.T) {
	_, s := modernPair(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "PUT" {
			http.Error(w, "enough!", http.StatusRequestEntityTooLarge)
		}
	})
	for range 3 {
		c := &Content{Length: -1, Open: func() (io.ReadCloser, error) { return io.NopCloser(zeros{}), nil }}
		x := do(t, s, &Request{Method: "PUT", Content: c})
		if x.Status != 413 || string(x.Body.Bytes()) != "enough!\n" {
			t.Errorf("got %d %q", x.Status, x.Body.Bytes())
		}
		do(t, s, get("/"))
	}
}

// TestStreamOverHTTP2 hands events on as they come.
func TestStreamOverHTTP2(t *testing.T) {
	next := make(chan bool)
	_, s := modernPair(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range 5 {
			fmt.Fprintf(w, "data: %d\n\n", i)
			w.(http.Flusher).Flush()
			<-next // the one before was seen
		}
	})
	events := 0
	x, err := s.Do(context.Background(), get("/"), Watch{Body: func(_ *Exchange, p []byte) error {
		events += bytes.Count(p, []byte("data:"))
		next <- true
		return nil
	}})
	if err != nil || events != 5 || int(x.Body.Len()) != 5*len("data: 0\n\n") {
		t.Errorf("got %d events, %v", events, err)
	}
}
