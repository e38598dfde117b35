package http2

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// kilobyte answers with a small body.
func kilobyte(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, strings.Repeat("x", 1024))
}

// lots answers with 64 MiB.
func lots(w http.ResponseWriter, _ *http.Request) {
	const size = 64 << 20
	w.Header().Set("Content-Length", strconv.Itoa(size))
	part := make([]byte, 256<<10)
	for range size / len(part) {
		w.Write(part)
	}
}

func benchConn(b *testing.B, handler http.HandlerFunc) {
	c, conn, _ := serve(b, handler)
	conn.SetDeadline(time.Time{})
	r := get("/x")
	buf := make([]byte, 512<<10)
	b.ReportAllocs()
	for b.Loop() {
		if err := errors.Join(c.Begin(r), c.Send(r), c.Await()); err != nil {
			b.Fatal(err)
		}
		if _, err := c.ReadHead("GET"); err != nil {
			b.Fatal(err)
		}
		if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, c.Body(), buf); err != nil || !c.Reusable() {
			b.Fatal(err)
		}
	}
}

func benchNetHTTP(b *testing.B, handler http.HandlerFunc) {
	srv := httptest.NewUnstartedServer(handler)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	b.Cleanup(srv.Close)
	client := srv.Client()
	client.Transport.(*http.Transport).DisableCompression = true
	buf := make([]byte, 512<<10)
	b.ReportAllocs()
	for b.Loop() {
		resp, err := client.Get(srv.URL + "/x")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, resp.Body, buf); err != nil || resp.ProtoMajor != 2 {
			b.Fatal(err, resp.Proto)
		}
		resp.Body.Close()
	}
}

// BenchmarkSmall is one exchange on a kept connection. Its server, net/http's,
// is counted in.
func BenchmarkSmall(b *testing.B) { benchConn(b, kilobyte) }

// BenchmarkSmallNetHTTP is the same with net/http's client.
func BenchmarkSmallNetHTTP(b *testing.B) { benchNetHTTP(b, kilobyte) }

// BenchmarkLarge reads a body of 64 MiB.
func BenchmarkLarge(b *testing.B) {
	b.SetBytes(64 << 20)
	benchConn(b, lots)
}

// BenchmarkLargeNetHTTP is the same with net/http's client.
func BenchmarkLargeNetHTTP(b *testing.B) {
	b.SetBytes(64 << 20)
	benchNetHTTP(b, lots)
}
