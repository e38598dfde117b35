package session

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func kilobyte() string {
	body := strings.Repeat("x", 1024)
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// BenchmarkKept is one request on a kept connection, all of the session.
func BenchmarkKept(b *testing.B) {
	srv := rawServe(b, rawAnswer(kilobyte()))
	s := based(b, srv)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r := get("/x")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Do(ctx, r, Watch{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNetHTTP is the same with net/http and nothing else.
func BenchmarkNetHTTP(b *testing.B) {
	srv := rawServe(b, rawAnswer(kilobyte()))
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	b.ReportAllocs()
	for b.Loop() {
		resp, err := client.Get(srv.URL + "/x")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadAll(resp.Body); err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
}

// BenchmarkBody reads a body of 64 MiB of known length.
func BenchmarkBody(b *testing.B) {
	const size = 64 << 20
	body := strings.Repeat("x", size)
	srv := rawServe(b, rawAnswer(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", size, body)))
	s := based(b, srv)
	s.Settings.KeepAnswers = 1
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		do(b, s, get("/x"))
	}
}

// BenchmarkPrepare is building a request, without a network.
func BenchmarkPrepare(b *testing.B) {
	s := New(Options{})
	s.SetBase("https://api.example.com/v3")
	s.SetAuth(Auth{Kind: "basic", User: "jdoe", Secret: "hunter22"}, "")
	s.SetHeader(Header{Name: "X-Trace", Value: "1"})
	s.SetParam(Param{Name: "per_page", Value: "5"})
	r := get("/user/repos?sort=name")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Prepare(r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSave saves a body of 256 MiB into a file.
func BenchmarkSave(b *testing.B) {
	const size = 256 << 20
	block := make([]byte, 1<<20)
	srv := serve(b, func(w io.Writer, r *received) bool {
		fmt.Fprintf(w, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", size)
		for range size / len(block) {
			w.Write(block)
		}
		return true
	})
	f, err := os.Create(filepath.Join(b.TempDir(), "out"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	s := based(b, srv)
	b.SetBytes(size)
	for b.Loop() {
		f.Seek(0, io.SeekStart)
		r := get("/")
		r.SaveTo = f
		do(b, s, r)
	}
}
