package render

import (
	"io"
	"testing"
	"time"
)

func TestStatus(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		in         StatusLine
		want, pipe string
	}{
		{StatusLine{Number: 2, Proto: "HTTP/1.1", Code: 200, Reason: "OK", Size: 311, Elapsed: ms, Saved: 47 * ms},
			"␛[2m[2] ␛[0m␛[2mHTTP/1.1 ␛[0m␛[32m200 OK␛[0m␛[2m · 311 B · 1 ms␛[0m␛[2m · same connection (47 ms saved)␛[0m\n",
			"[2] HTTP/1.1 200 OK · 311 B · 1 ms · same connection (47 ms saved)\n"},
		{StatusLine{Number: 1, Proto: "HTTP/1.1", Code: 401, Reason: "Unauthorized", Size: 52, Elapsed: 3 * ms, New: true, TCP: ms / 10},
			"␛[2m[1] ␛[0m␛[2mHTTP/1.1 ␛[0m␛[31m401 Unauthorized␛[0m␛[2m · 52 B · 3 ms␛[0m␛[2m · new connection (TCP 0.1 ms)␛[0m\n",
			"[1] HTTP/1.1 401 Unauthorized · 52 B · 3 ms · new connection (TCP 0.1 ms)\n"},
		{StatusLine{Proto: "HTTP/2.0", Code: 301, Size: -1, Elapsed: 84 * ms, FirstByte: true, New: true, DNS: 4 * ms, TCP: 12 * ms, TLS: 31 * ms},
			"␛[2mHTTP/2.0 ␛[0m␛[33m301␛[0m␛[2m · 84 ms to the first byte␛[0m␛[2m · new connection (DNS 4 ms, TCP 12 ms, TLS 31 ms)␛[0m\n",
			"HTTP/2.0 301 · 84 ms to the first byte · new connection (DNS 4 ms, TCP 12 ms, TLS 31 ms)\n"},
		{StatusLine{Number: 7, Proto: "HTTP/1.1", Code: 200, Reason: "OK", Size: 17, Elapsed: 1530 * ms, Attempts: 3, Incomplete: true},
			"␛[2m[7] ␛[0m␛[2mHTTP/1.1 ␛[0m␛[32m200 OK␛[0m␛[2m · 17 B · 1.53 s in 3 attempts␛[0m␛[2m · ␛[0m␛[31mincomplete␛[0m␛[2m · same connection␛[0m\n",
			"[7] HTTP/1.1 200 OK · 17 B · 1.53 s in 3 attempts · incomplete · same connection\n"},
		{StatusLine{Proto: "HTTP/1.1", Code: 100, Source: "recording"},
			"␛[2mHTTP/1.1 ␛[0m␛[2m100␛[0m␛[2m · 0 B␛[0m␛[2m · recording␛[0m\n", "HTTP/1.1 100 · 0 B · recording\n"},
	} {
		if got := drawn(t, func(w io.Writer) error { return Status(w, c.in, colourScreen()) }); got != c.want {
			t.Errorf("in colour got  %q\nwant %q", got, c.want)
		}
		if got := drawn(t, func(w io.Writer) error { return Status(w, c.in, nil) }); got != c.pipe {
			t.Errorf("plain got %q, want %q", got, c.pipe)
		}
	}
}

func TestSummary(t *testing.T) {
	s := StatusLine{Number: 1, Code: 200, Reason: "OK", Size: 1200, Elapsed: 84 * time.Millisecond, New: true, TCP: time.Millisecond}
	got := drawn(t, func(w io.Writer) error { return Summary(w, "GET", "/users", s, pipe()) })
	if want := "[1] GET /users 200 OK · 1.2 kB · 84 ms · new connection\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := StatusText(502, "Bad Gateway", colourScreen()); got != "\x1b[31m502 Bad Gateway\x1b[0m" {
		t.Errorf("StatusText gives %q", got)
	}
}

func TestHeads(t *testing.T) {
	fields := []Field{{"Content-Type", "text/html"}, {"x-odd", ""}}
	for _, c := range []struct {
		name, want string
		f          func(w io.Writer) error
	}{
		{"headers", "␛[36mContent-Type␛[0m: text/html\n␛[36mx-odd␛[0m: \n", func(w io.Writer) error { return Headers(w, fields, colourScreen()) }},
		{"no headers", "", func(w io.Writer) error { return Headers(w, nil, colourScreen()) }},
		{"request", "GET /a?b HTTP/1.1\nContent-Type: text/html\nx-odd: \n",
			func(w io.Writer) error { return Request(w, RequestHead{"GET", "/a?b", "HTTP/1.1", fields}, pipe()) }},
		{"request in colour", "␛[32mGET␛[0m /␛[2m HTTP/1.1␛[0m\n", func(w io.Writer) error { return Request(w, RequestHead{"GET", "/", "HTTP/1.1", nil}, colourScreen()) }},
		{"response", "HTTP/1.1 404 Not Found\nContent-Type: text/html\nx-odd: \n",
			func(w io.Writer) error {
				return Response(w, ResponseHead{"HTTP/1.1", 404, "Not Found", fields}, pipe())
			}},
		{"response without reason, HTTP/2", "HTTP/2 200\n", func(w io.Writer) error { return Response(w, ResponseHead{"HTTP/2", 200, "", nil}, pipe()) }},
		{"response without reason", "HTTP/1.1 200 \n", func(w io.Writer) error { return Response(w, ResponseHead{"HTTP/1.1", 200, "", nil}, pipe()) }},
	} {
		if got := drawn(t, c.f); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func BenchmarkStatus(b *testing.B) {
	st := colourScreen()
	s := StatusLine{Number: 2, Proto: "HTTP/1.1", Code: 200, Reason: "OK", Size: 311, Elapsed: time.Millisecond, Saved: 47 * time.Millisecond}
	for b.Loop() {
		Status(io.Discard, s, st)
	}
}
