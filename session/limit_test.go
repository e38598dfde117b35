package session

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

func deflated(text string, wrapped bool) string {
	var b bytes.Buffer
	var w io.WriteCloser
	if wrapped {
		w = zlib.NewWriter(&b)
	} else {
		w, _ = flate.NewWriter(&b, flate.BestCompression)
	}
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

func chunks(text string, size int) string {
	var b strings.Builder
	for ; text != ""; text = text[min(size, len(text)):] {
		fmt.Fprintf(&b, "%x\r\n%s\r\n", min(size, len(text)), text[:min(size, len(text))])
	}
	return b.String() + "0\r\n\r\n"
}

func TestContentCodings(t *testing.T) { // L2, M12
	plain := strings.Repeat("hello, world. ", 2000)
	zipped := gzipped(plain)
	badSum := []byte(zipped)
	badSum[len(badSum)-5] ^= 1
	six := plain
	for range 6 {
		six = gzipped(six)
	}
	for _, tt := range []struct {
		name, coding, body string
		want, err, warn    string
		dropped            bool // the connection
	}{
		{name: "gzip", coding: "gzip", body: zipped, want: plain},
		{name: "x-gzip in capitals", coding: "X-GZip", body: zipped, want: plain},
		{name: "deflate with zlib", coding: "deflate", body: deflated(plain, true), want: plain},
		{name: "deflate alone", coding: "deflate", body: deflated(plain, false), want: plain},
		{name: "two codings", coding: "deflate, gzip", body: gzipped(deflated(plain, true)), want: plain},
		{name: "gzip twice", coding: "gzip, gzip", body: gzipped(zipped), want: plain},
		{name: "two members", coding: "gzip", body: zipped + zipped, want: plain + plain},
		{name: "identity", coding: "identity", body: plain, want: plain},
		{name: "empty", coding: "gzip", body: ""},
		{name: "unknown", coding: "lzma", body: "lzma bytes", want: "lzma bytes", warn: `unknown content coding "lzma"`},
		{name: "six codings", coding: "gzip, gzip, gzip, gzip, gzip, gzip", body: six, err: "too many content codings (6 > 5)", dropped: true},
		{name: "six in six fields", coding: "gzip\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip", body: six, err: "(6 > 5)", dropped: true},
		{name: "not gzip", coding: "gzip", body: "plain text", err: "not gzip", dropped: true},
		{name: "cut", coding: "gzip", body: zipped[:len(zipped)/2], want: plain[:100], err: "ends in the middle", dropped: true},
		{name: "bad checksum", coding: "gzip", body: string(badSum), want: plain, err: "checksum", dropped: true},
	} {
		for _, frame := range []string{
			fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(tt.body), tt.body),
			"Transfer-Encoding: chunked\r\n\r\n" + chunks(tt.body, 100),
		} {
			srv := serve(t, always("HTTP/1.1 200 OK\r\nContent-Encoding: "+tt.coding+"\r\n"+frame))
			s := based(t, srv)
			var saw watcher
			x, err := s.Do(context.Background(), get("/"), saw.watch())
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("%s: got %v, want %q", tt.name, err, tt.err)
				continue
			}
			got := string(x.Body.Bytes())
			if tt.err == "" && got != tt.want || !strings.HasPrefix(got, tt.want) || !strings.HasPrefix(plain+plain, got) && tt.warn == "" {
				t.Errorf("%s: got %d bytes, want %d", tt.name, len(got), len(tt.want))
			}
			if tt.err == "" && x.WireSize != int64(len(tt.body)) || (s.Stats().Open == 0) != tt.dropped {
				t.Errorf("%s: %d bytes on the wire, want %d; %d connections left", tt.name, x.WireSize, len(tt.body), s.Stats().Open)
			}
			if tt.warn != "" {
				contains(t, tt.name, saw.one(t, NoticeWarning), tt.warn)
			}
			if v, _ := x.HeaderValue("content-encoding"); v == "" {
				t.Errorf("%s: Content-Encoding is gone", tt.name)
			}
		}
	}
}

func TestDecodedLimit(t *testing.T) { // L1
	bomb := gzipped(strings.Repeat("\x00", 8<<20))
	srv := serve(t, func(w io.Writer, r *received) bool {
		reply(w, 200, bomb, "Content-Encoding: gzip")
		return true
	})
	s := based(t, srv)
	for _, tt := range []struct {
		limit int64
		size  int64
	}{{1 << 20, 1 << 20}, {8 << 20, 8 << 20}, {8<<20 - 1, 8<<20 - 1}, {0, 8 << 20}} {
		s.Settings.MaxDecoded = tt.limit
		var saw watcher
		x, err := s.Do(context.Background(), get("/"), saw.watch())
		cut := tt.size < 8<<20
		if err != nil || x.Body.Len() != tt.size || len(x.Body.Bytes()) != int(tt.size) || x.Truncated != cut || (len(saw.of(NoticeTruncated)) == 1) != cut {
			t.Errorf("limit %d: got %d bytes, %v, truncated %v, %v", tt.limit, x.Body.Len(), err, x.Truncated, saw.notices)
		}
	}
	s.Settings.MaxBody = 1000
	if x := do(t, s, get("/")); x.Body.Len() != 1000 || !x.Truncated {
		t.Errorf("MaxBody: got %d bytes", x.Body.Len())
	}
}

func TestHeadLimits(t *testing.T) { // L4
	for _, tt := range []struct{ in, want string }{
		{"HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Long: "+strings.Repeat("x", 1000)+"\r\n", 400) + "\r\n", "300 KiB"},
		{"HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 6000) + "\r\n", "5000 lines"},
		{"HTTP/1.1 302 Found\r\nLocation: /" + strings.Repeat("x", 1<<20) + "\r\n\r\n", "300 KiB"},
		{"SSH-2.0-OpenSSH\x1b[2J\r\n", "not HTTP"},
	} {
		srv := serve(t, always(tt.in))
		_, e := fails(t, based(t, srv), get("/"))
		contains(t, "error", e.Error(), tt.want)
		if len(e.Raw) == 0 || e.Phase != PhaseWait || strings.Contains(e.Error(), "\x1b") {
			t.Errorf("got %q with %d raw bytes", e, len(e.Raw))
		}
	}
}

func TestTimeouts(t *testing.T) { // L6, L7
	quit := make(chan struct{})
	srv := serve(t, func(w io.Writer, r *received) bool {
		switch r.Target {
		case "/silent":
			<-quit
			return false
		case "/slow":
			io.WriteString(w, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx")
			<-quit
			return false
		}
		return ok(w, r)
	})
	t.Cleanup(func() { close(quit) })
	// Long enough for a busy machine to get from the request to a head: nothing
	// else has to be done in it, as the connection is there already.
	const limit = 500 * time.Millisecond
	var all sync.WaitGroup
	defer all.Wait()
	for _, tt := range []struct {
		name, target string
		set          func(s *Session, r *Request)
		phase        Phase
		want         string
	}{
		{"first byte", "/silent", func(s *Session, r *Request) { s.Settings.FirstByteTimeout = limit }, PhaseWait, "no answer in 0.5 s (waiting for the first byte)"},
		{"session's total", "/silent", func(s *Session, r *Request) { s.Settings.Timeout = limit }, PhaseWait, "no answer in 0.5 s (waiting for the first byte)"},
		{"request's own", "/silent", func(s *Session, r *Request) { s.Settings.Timeout, r.Timeout = time.Hour, limit }, PhaseWait, "no answer in 0.5 s"},
		{"slow body", "/slow", func(s *Session, r *Request) { r.Timeout = limit }, PhaseBody, "no end of the body in 0.5 s"},
	} {
		s, r := based(t, srv), get(tt.target)
		do(t, s, get("/"))
		tt.set(s, r)
		all.Go(func() {
			x, err := s.Do(context.Background(), r, Watch{})
			e, isError := err.(*Error)
			if !isError || !strings.Contains(e.Text, tt.want) || !e.Timeout || e.Phase != tt.phase || (x != nil) != (tt.target == "/slow") || s.Stats().Open != 0 {
				t.Errorf("%s: got %v, %d open, want %s", tt.name, err, s.Stats().Open, tt.want)
			}
			if x != nil && (x.Body.Len() != 1 || x.Err != e) {
				t.Errorf("%s: kept %d bytes", tt.name, x.Body.Len())
			}
		})
	}
}

func TestConnectTimeout(t *testing.T) {
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	s := New(Options{Dial: dial})
	s.Settings.ConnectTimeout = 20 * time.Millisecond
	_, e := fails(t, s, get("http://h.test"))
	contains(t, "error", e.Error(), "h.test: no connection in 0.02 s (connecting)")
	if !e.Timeout || e.Phase != PhaseConnect || e.Sent {
		t.Errorf("got %+v", e)
	}
	deaf, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	s = New(Options{})
	s.Settings.ConnectTimeout = 20 * time.Millisecond
	_, e = fails(t, s, get("https://"+deaf.Addr().String()))
	contains(t, "error", e.Error(), "no connection in 0.02 s (TLS handshake)")
}

// TestStreamsAreExempt: an event stream may take longer than any limit. The server
// sends the next event when it is told that one was seen, the second when every
// limit is over.
func TestStreamsAreExempt(t *testing.T) {
	seen, quit := make(chan struct{}, 100), make(chan struct{})
	srv := serve(t, func(w io.Writer, r *received) bool {
		if r.Target != "/events" {
			return ok(w, r)
		}
		io.WriteString(w, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n")
		for range 10 {
			io.WriteString(w, "data: x\n\n")
			select {
			case <-seen:
			case <-quit:
				return false
			}
		}
		return false
	})
	t.Cleanup(func() { close(quit) })
	s := based(t, srv)
	do(t, s, get("/"))
	const limit = 300 * time.Millisecond // for the head
	s.Settings.Timeout, s.Settings.FirstByteTimeout = limit, limit
	start, calls := time.Now(), 0
	x, err := s.Do(context.Background(), get("/events"), Watch{Body: func(x *Exchange, p []byte) error {
		if calls++; calls == 1 {
			time.Sleep(time.Until(start.Add(limit + limit/2)))
		}
		seen <- struct{}{}
		return nil
	}})
	if err != nil || x.Body.Len() != 90 || calls != 10 {
		t.Errorf("got %v, %d bytes in %d calls, want 90 in 10", err, x.Body.Len(), calls)
	}
}

func TestNetworkErrors(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	s := New(Options{})
	for _, tt := range []struct{ base, hint string }{{"", ""}, {"http://" + addr, "base http://HOST:PORT"}} {
		if s.Settings.Base = tt.base; tt.base != "" {
			must(t, s.SetBase(tt.base))
		}
		_, e := fails(t, s, get("http://"+addr))
		if e.Error() != addr+": connection refused" || e.Hint != tt.hint || e.Phase != PhaseConnect {
			t.Errorf("got %q, %+v, want the hint %q", e, e, tt.hint)
		}
	}
	s = newWorld(t).session("http://api.gihub.test")
	for _, tt := range []struct{ url, host, hint string }{{"/", "api.gihub.test", "base https://HOST"}, {"http://no.test/x", "no.test", ""}} {
		_, e := fails(t, s, get(tt.url)) // a whole URL is not mended by another base
		if e.Error() != tt.host+": no such host" || e.Hint != tt.hint || e.Phase != PhaseDNS {
			t.Errorf("got %q, %+v, want the hint %q", e, e, tt.hint)
		}
	}
}

// TestBodyShapes reads bodies of many sizes in both framings, and compares.
func TestBodyShapes(t *testing.T) {
	big := make([]byte, 9<<20)
	rnd := rand.NewChaCha8([32]byte{})
	rnd.Read(big)
	for _, n := range []int{0, 1, 511, 512, 513, 5000, 16 << 10, 100_000, len(big)} {
		body := string(big[:n])
		for _, answer := range []string{
			fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", n, body),
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(body, 7777),
			"HTTP/1.1 200 OK\r\n\r\n" + body,
		} {
			srv := serve(t, once(answer))
			var heard bytes.Buffer
			var last int64
			x, err := based(t, srv).Do(context.Background(), get("/"), Watch{
				Body:     func(x *Exchange, p []byte) error { heard.Write(p); return nil },
				Received: func(n, total int64) { last = n },
			})
			if err != nil || string(x.Body.Bytes()) != body || heard.String() != body || x.WireSize != int64(n) || last != int64(n) {
				t.Fatalf("%d bytes, %.60q: got %d, %d heard, %d on the wire, %v", n, answer, x.Body.Len(), heard.Len(), x.WireSize, err)
			}
			var written bytes.Buffer
			if m, err := x.Body.WriteTo(&written); m != int64(n) || err != nil || written.String() != body {
				t.Errorf("WriteTo: %d, %v", m, err)
			}
		}
	}
}

func TestSaveTo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	const unit = 1 << 20
	block := strings.Repeat("0123456789abcdef", unit/16)
	srv := serve(t, func(w io.Writer, r *received) bool {
		var n int
		fmt.Sscanf(r.Target, "/%d", &n)
		if strings.HasSuffix(r.Target, "/chunked") {
			io.WriteString(w, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
			for range n {
				fmt.Fprintf(w, "%x\r\n%s\r\n", unit, block)
			}
			io.WriteString(w, "0\r\n\r\n")
			return true
		}
		fmt.Fprintf(w, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", n*unit)
		for range n {
			io.WriteString(w, block)
		}
		return true
	})
	s := based(t, srv)
	for _, target := range []string{"/2", "/2/chunked", "/66", "/66/chunked"} {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		r := get(target)
		r.SaveTo = f
		x := do(t, s, r)
		f.Close()
		size := int64(2 * unit)
		if strings.HasPrefix(target, "/66") {
			size = 66 * unit
		}
		info, err := os.Stat(path)
		if err != nil || info.Size() != size || x.Body.Len() != size {
			t.Errorf("%s: %d bytes saved, Len %d, want %d", target, info.Size(), x.Body.Len(), size)
		}
		name, saved := x.Body.Saved()
		if saved != (size > saveKeep) || saved && (name != path || x.Body.Bytes() != nil) || !saved && len(x.Body.Bytes()) != int(size) {
			t.Errorf("%s: saved %v as %q, %d bytes in memory", target, saved, name, len(x.Body.Bytes()))
		}
	}
	r := get("/2")
	r.SaveTo = brokenWriter{}
	if x, e := fails(t, s, r); e.Phase != PhaseSave || x == nil || !strings.Contains(e.Error(), "disk full") {
		t.Errorf("got %+v", e)
	}
}

// TestSaveCut: a large download that ends early, or is ended, says so.
func TestSaveCut(t *testing.T) {
	block := make([]byte, 1<<20)
	quit := make(chan struct{})
	srv := serve(t, func(w io.Writer, r *received) bool {
		fmt.Fprintf(w, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", 80<<20)
		for range 70 {
			w.Write(block)
		}
		if r.Target == "/stall" {
			<-quit
		}
		return false
	})
	t.Cleanup(func() { close(quit) })
	for _, target := range []string{"/cut", "/stall"} {
		f, err := os.Create(filepath.Join(t.TempDir(), "out"))
		if err != nil {
			t.Fatal(err)
		}
		s, r := based(t, srv), get(target)
		r.SaveTo = f
		ctx, cancel := context.WithCancel(context.Background())
		got := int64(0)
		x, doErr := s.Do(ctx, r, Watch{Received: func(n, total int64) {
			if got = n; target == "/stall" && n >= 64<<20 {
				time.AfterFunc(20*time.Millisecond, cancel)
			}
		}})
		cancel()
		var e *Error
		if !errors.As(doErr, &e) || x == nil || e.Phase != PhaseBody || s.Stats().Open != 0 {
			t.Fatalf("%s: got %v", target, doErr)
		}
		if target == "/cut" && (!strings.Contains(e.Text, "incomplete body, 73400320 of 83886080 bytes") || got != 70<<20) || e.Canceled() != (target == "/stall") {
			t.Errorf("%s: got %q after %d bytes", target, e.Text, got)
		}
		if info, _ := f.Stat(); info.Size() != x.Body.Len() || info.Size() < 64<<20 {
			t.Errorf("%s: %d bytes in the file, Len %d", target, info.Size(), x.Body.Len())
		}
		f.Close()
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }
