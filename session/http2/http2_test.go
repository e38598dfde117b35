package http2

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"sonde/session/http1"
)

func TestExchanges(t *testing.T) {
	c, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", fmt.Sprintf("%s %s %s %s %d", r.Proto, r.Method, r.Host, r.URL, len(body)))
		if r.Method != "HEAD" {
			fmt.Fprintf(w, "%s|%s", r.Header.Get("X-Mine"), body)
		}
	})
	for i, tt := range []struct {
		r    *http1.Request
		seen string
		body string
	}{
		{get("/a?b=c"), "HTTP/2.0 GET example.com /a?b=c 0", "mine|"},
		{post("/", strings.NewReader("hello"), 5), "HTTP/2.0 POST example.com / 5", "mine|hello"},
		{post("/", strings.NewReader("hello"), -1), "HTTP/2.0 POST example.com / 5", "mine|hello"},
		{post("/", strings.NewReader(""), 0), "HTTP/2.0 POST example.com / 0", "mine|"},
		{post("/", strings.NewReader(""), -1), "HTTP/2.0 POST example.com / 0", "mine|"},
		{&http1.Request{Method: "HEAD", Target: "/", Header: get("/").Header}, "HTTP/2.0 HEAD example.com / 0", ""},
		{&http1.Request{Method: "OPTIONS", Target: "*", Header: get("/").Header}, "HTTP/2.0 OPTIONS example.com * 0", ""},
	} {
		tt.r.Header = append(tt.r.Header, http1.Field{Name: "X-Mine", Value: "mine"}, http1.Field{Name: "Keep-Alive", Value: "1"})
		h, body, err := exchange(c, tt.r)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if tt.r.Method == "OPTIONS" { // net/http answers this one itself
			continue
		}
		if got := value(h.Header, "x-seen"); got != tt.seen || body != tt.body {
			t.Errorf("%d: got %q, %q; want %q, %q", i, got, body, tt.seen, tt.body)
		}
		if h.Proto != proto || h.Status != 200 || h.Reason != "" || !strings.HasPrefix(string(h.Raw), "HTTP/2 200\r\nx-seen: ") || !strings.HasSuffix(string(h.Raw), "\r\n\r\n") {
			t.Errorf("%d: got head %+v, raw %q", i, h, h.Raw)
		}
		if !c.Reusable() {
			t.Errorf("%d: not reusable", i)
		}
	}
}

func TestInterimHeadsAndTrailer(t *testing.T) {
	c, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</x>; rel=preload")
		w.WriteHeader(103)
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "body")
		w.Header().Set("X-Sum", "4")
	})
	h, body, err := exchange(c, get("/"))
	if err != nil || body != "body" {
		t.Fatalf("got %q, %v; want body", body, err)
	}
	if len(h.Informational) != 1 || string(h.Informational[0]) != "HTTP/2 103\r\nlink: </x>; rel=preload\r\n\r\n" {
		t.Errorf("got interim heads %q", h.Informational)
	}
	if tr := c.Body().Trailer(); len(tr) != 1 || tr[0] != (http1.Field{Name: "x-sum", Value: "4"}) {
		t.Errorf("got trailer %q", tr)
	}
	if n := c.Body().Received(); n != 4 {
		t.Errorf("got %d bytes received, want 4", n)
	}
}

// large is how much the tests of large bodies move.
func large() int64 {
	if testing.Short() {
		return 10 << 20
	}
	return 100 << 20
}

// A pattern is an endless reader whose bytes depend on their place.
type pattern struct{ n byte }

func (p *pattern) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = p.n
		p.n += 7
	}
	return len(b), nil
}

func TestLargeBodyDown(t *testing.T) {
	c, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(large()))
		io.CopyN(w, &pattern{}, large())
	})
	r := get("/")
	if err := errors.Join(c.Begin(r), c.Send(r), c.Await()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ReadHead("GET"); err != nil {
		t.Fatal(err)
	}
	if n := c.Body().Length(); n != large() {
		t.Errorf("got length %d, want %d", n, large())
	}
	got, want := sha256.New(), sha256.New()
	n, err := io.CopyBuffer(struct{ io.Writer }{got}, c.Body(), make([]byte, 512<<10))
	if err != nil || n != large() {
		t.Fatalf("got %d bytes, %v", n, err)
	}
	io.CopyN(want, &pattern{}, large())
	if !bytes.Equal(got.Sum(nil), want.Sum(nil)) {
		t.Error("the body has other bytes")
	}
	if !c.Reusable() {
		t.Error("not reusable")
	}
}

func TestLargeBodyUp(t *testing.T) {
	c, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		n, err := io.Copy(sum, r.Body)
		fmt.Fprintf(w, "%d %x %v", n, sum.Sum(nil), err)
	})
	sum := sha256.New()
	io.CopyN(sum, &pattern{}, large())
	want := fmt.Sprintf("%d %x <nil>", large(), sum.Sum(nil))
	for _, length := range []int64{large(), -1} {
		last, befores := int64(0), 0
		r := post("/", io.LimitReader(&pattern{}, large()), length)
		r.Sent = func(n int64) {
			if n < last {
				t.Errorf("%d bytes sent after %d", n, last)
			}
			last = n
		}
		r.Before = func() error { befores++; return nil }
		_, body, err := exchange(c, r)
		if err != nil || body != want {
			t.Errorf("length %d: got %q, %v; want %q", length, body, err, want)
		}
		if last != large() || befores < 2 {
			t.Errorf("length %d: told of %d bytes in %d writes", length, last, befores)
		}
		if !c.Reusable() {
			t.Errorf("length %d: not reusable", length)
		}
	}
}

// TestBothWays has a server that answers while it is still being asked: what
// comes is kept for the body's reader.
func TestBothWays(t *testing.T) {
	const size = 3 << 20
	c, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).EnableFullDuplex()
		w.WriteHeader(200)
		buf := make([]byte, 32<<10)
		for {
			n, err := r.Body.Read(buf)
			w.Write(buf[:n])
			w.(http.Flusher).Flush()
			if err != nil {
				return
			}
		}
	})
	for range 2 {
		_, body, err := exchange(c, post("/", io.LimitReader(&pattern{}, size), -1))
		var want bytes.Buffer
		io.CopyN(&want, &pattern{}, size)
		if err != nil || body != want.String() {
			t.Fatalf("got %d bytes, %v; want %d", len(body), err, size)
		}
		if !c.Reusable() {
			t.Fatal("not reusable")
		}
	}
}

// TestListening has one goroutine send while another reads the head, as a
// session does with large bodies.
func TestListening(t *testing.T) {
	c, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/refuse" {
			w.WriteHeader(413)
			io.WriteString(w, "too large")
			return
		}
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n)
	})
	for _, path := range []string{"/", "/refuse", "/", "/refuse", "/"} {
		size := large() / 10
		want := fmt.Sprint(size)
		if path == "/refuse" {
			size, want = 1<<40, "too large"
		}
		r := post(path, io.LimitReader(&pattern{}, size), size)
		if err := c.Begin(r); err != nil {
			t.Fatal(err)
		}
		heads := make(chan error, 1)
		go func() {
			if err := c.Await(); err != nil {
				heads <- err
				return
			}
			_, err := c.ReadHead("POST")
			heads <- err
		}()
		if err := c.Send(r); err != nil {
			t.Fatalf("%s: sending: %v", path, err)
		}
		if err := <-heads; err != nil {
			t.Fatalf("%s: head: %v", path, err)
		}
		body, err := io.ReadAll(c.Body())
		if err != nil || string(body) != want {
			t.Fatalf("%s: got %q, %v; want %q", path, body, err, want)
		}
		if !c.Reusable() {
			t.Errorf("%s: not reusable", path)
		}
	}
}

func TestManyExchangesKeepMemoryFlat(t *testing.T) {
	n := 10000
	if testing.Short() {
		n = 1000
	}
	c, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Path", r.URL.Path)
		io.Copy(w, r.Body)
	})
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := uint64(0)
	for i := range n {
		if i == n/10 {
			before = heap()
		}
		path := fmt.Sprintf("/%d", i)
		h, body, err := exchange(c, post(path, strings.NewReader(path), -1))
		if err != nil || body != path || value(h.Header, "x-path") != path || !c.Reusable() {
			t.Fatalf("%d: got %q, %v, reusable %v", i, body, err, c.Reusable())
		}
	}
	if after := heap(); after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
}

func TestLargeHeads(t *testing.T) {
	big := strings.Repeat("v", 60<<10)
	c, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Back", r.Header.Get("X-Big"))
		w.Header().Set("X-More", r.Header.Get("X-Big"))
	})
	r := get("/")
	r.Header = append(r.Header, http1.Field{Name: "X-Big", Value: big})
	for range 2 {
		h, _, err := exchange(c, r)
		if err != nil || value(h.Header, "x-back") != big || value(h.Header, "x-more") != big {
			t.Fatalf("got %d bytes back, %v", len(value(h.Header, "x-back")), err)
		}
	}
}

func TestProbe(t *testing.T) {
	c, conn, srv := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ok") })
	probe := func() error {
		conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		defer conn.SetReadDeadline(time.Time{})
		return c.Probe()
	}
	for range 3 {
		if _, body, err := exchange(c, get("/")); err != nil || body != "ok" {
			t.Fatalf("got %q, %v", body, err)
		}
		if err := probe(); err != nil {
			t.Fatalf("probe: %v", err)
		}
		if !c.Reusable() {
			t.Fatal("not reusable after a probe")
		}
	}
	srv.CloseClientConnections()
	for deadline := time.Now().Add(patience); ; {
		err := probe()
		if err != nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the probe never saw that the server is gone")
		}
	}
	if c.Reusable() {
		t.Error("reusable after the server went away")
	}
}
