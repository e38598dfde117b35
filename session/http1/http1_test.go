package http1

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

type rw struct {
	io.Reader
	io.Writer
}

// answer feeds received bytes to a fresh Conn and reads head and body.
func answer(method, received string) (h *Head, body string, c *Conn, err error) {
	c = NewConn(rw{strings.NewReader(received), io.Discard})
	if err := c.Begin(&Request{Method: method, Target: "/"}); err != nil {
		return nil, "", c, err
	}
	if h, err = c.ReadHead(method); err != nil {
		return nil, "", c, err
	}
	b, err := io.ReadAll(c.Body())
	return h, string(b), c, err
}

func TestHeadKeepsOrderCaseAndReason(t *testing.T) {
	raw := "HTTP/1.1 200 All \x1b[31mfine\r\nETag: \"x\"\r\nset-cookie: a=1\r\nX-B:  two  \r\nSet-Cookie: b=2\r\nX-Latin: caf\xe9\r\nContent-Length: 2\r\n\r\n"
	h, body, c, err := answer("GET", raw+"ok")
	if err != nil {
		t.Fatal(err)
	}
	want := []Field{{"ETag", `"x"`}, {"set-cookie", "a=1"}, {"X-B", "two"}, {"Set-Cookie", "b=2"}, {"X-Latin", "caf\xe9"}, {"Content-Length", "2"}}
	if fmt.Sprint(h.Header) != fmt.Sprint(want) {
		t.Errorf("header: got %q, want %q", h.Header, want)
	}
	if string(h.Raw) != raw || h.Reason != "All \x1b[31mfine" || h.Status != 200 || h.Proto != "HTTP/1.1" {
		t.Errorf("got raw %q, reason %q, status %d, proto %q", h.Raw, h.Reason, h.Status, h.Proto)
	}
	if body != "ok" || !c.Reusable() {
		t.Errorf("got body %q, reusable %v; want ok, true", body, c.Reusable())
	}
}

// TestMalformed is about everything a server can get wrong: what is an error,
// what leaves the body incomplete, and what is accepted, with what warning.
func TestMalformed(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\n"
	for _, tt := range []struct {
		name, in string
		head     string // in the error of the head
		body     string // in the error of the body
		warn     string // in a warning
		got      string // body
		reuse    bool
		method   string
	}{
		{name: "not HTTP", in: "SSH-2.0-OpenSSH_9.2\r\n", head: "not HTTP: \"SSH-2.0"},
		{name: "HTTP/0.9", in: "<html>hello</html>", head: "not HTTP: \"<html>"},
		{name: "status letters", in: "HTTP/1.1 abc OK\r\n\r\n", head: "status line"},
		{name: "status too long", in: "HTTP/1.1 99999 OK\r\n\r\n", head: "status line"},
		{name: "status too small", in: "HTTP/1.1 099 OK\r\n\r\n", head: "status line"},
		{name: "empty close", in: "", head: "EOF"},
		{name: "half a status line", in: "HTT", head: "cut"},
		{name: "half a header", in: head + "Content-Le", head: "cut"},
		{name: "two lengths", in: head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nokk", head: "two different Content-Lengths"},
		{name: "two lengths in one", in: head + "Content-Length: 2, 3\r\n\r\nokk", head: "two different Content-Lengths"},
		{name: "negative length", in: head + "Content-Length: -1\r\n\r\n", head: "no number of bytes"},
		{name: "signed length", in: head + "Content-Length: +2\r\n\r\nok", head: "no number of bytes"},
		{name: "empty length", in: head + "Content-Length:\r\n\r\nok", head: "no number of bytes"},
		{name: "huge length", in: head + "Content-Length: 99999999999999999999\r\n\r\nok", head: "no number of bytes"},
		{name: "equal lengths", in: head + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", got: "ok", reuse: true},
		{name: "length and chunks", in: head + "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", got: "ok", warn: "both Content-Length and Transfer-Encoding"},
		{name: "gzip transfer coding", in: head + "Transfer-Encoding: gzip, chunked\r\n\r\n", head: "transfer coding"},
		{name: "two transfer codings", in: head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", head: "transfer coding"},
		{name: "chunked not last", in: head + "Transfer-Encoding: chunked, gzip\r\n\r\n", head: "transfer coding"},
		{name: "bad chunk size", in: head + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\nZZ\r\n", got: "ok", body: "malformed chunk size"},
		{name: "17 hex digits", in: head + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n11111111111111111\r\n", got: "ok", body: "malformed chunk size"},
		{name: "signed chunk size", in: head + "Transfer-Encoding: chunked\r\n\r\n+2\r\nok\r\n0\r\n\r\n", body: "malformed chunk size"},
		{name: "bare LF after a chunk size", in: head + "Transfer-Encoding: chunked\r\n\r\n2\nok\r\n0\r\n\r\n", body: "without CR"},
		{name: "chunk longer than its size", in: head + "Transfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n", got: "ok", body: "longer than its size"},
		{name: "cut in a chunk", in: head + "Transfer-Encoding: chunked\r\n\r\n9\r\nok", got: "ok", body: "incomplete body after 2 bytes"},
		{name: "cut before the last chunk", in: head + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", got: "ok", body: "incomplete body after 2 bytes"},
		{name: "cut length", in: head + "Content-Length: 10\r\n\r\nabc", got: "abc", body: "incomplete body, 3 of 10 bytes: the server closed the connection"},
		{name: "endless chunk extension", in: head + "Transfer-Encoding: chunked\r\n\r\n2;" + strings.Repeat("x", 20000) + "\r\nok\r\n0\r\n\r\n", body: "4 KiB"},
		{name: "chunk extension", in: head + "Transfer-Encoding: chunked\r\n\r\n2 ;a=b\r\nok\r\n0;x\r\nX-T: 1\r\n\r\n", got: "ok", reuse: true},
		{name: "no colon", in: head + "Broken header\r\n\r\n", head: "without a colon, \"Broken header\""},
		{name: "no name", in: head + ": x\r\n\r\n", head: "without a name"},
		{name: "NUL in a value", in: head + "X-Bad: a\x00b\r\n\r\n", head: "control character in the value of \"X-Bad\""},
		{name: "ESC in a value", in: head + "X-Bad: a\x1b[2J\r\n\r\n", head: "control character in the value of \"X-Bad\""},
		{name: "ESC in a name", in: head + "X-\x1bBad: a\r\n\r\n", head: `may not be in a header name, "X-\x1bBad"`},
		{name: "CR in a value", in: head + "X-Bad: a\rSet-Cookie: b\r\n\r\n", head: "control character"},
		{name: "first line folded", in: head + " folded\r\n\r\n", head: "starts with a blank"},
		{name: "folded", in: head + "X-A: one\r\n  two\r\n\tthree\r\nContent-Length: 0\r\n\r\n", warn: "X-A is folded", reuse: true},
		{name: "blank before the colon", in: head + "Content-Length : 2\r\n\r\nok", got: "ok", warn: "blank before the colon", reuse: true},
		{name: "HTTP/3.7", in: "HTTP/3.7 200 OK\r\nContent-Length: 2\r\n\r\nok", got: "ok", warn: "HTTP/3.7", reuse: true},
		{name: "no reason", in: "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", got: "ok", reuse: true},
		{name: "bare LF in the head", in: "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", got: "ok", reuse: true},
		{name: "204 with a body", in: "HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nok"},
		{name: "304 with a length", in: "HTTP/1.1 304 No\r\nContent-Length: 2\r\n\r\n", reuse: true},
		{name: "bytes after the body", in: head + "Content-Length: 2\r\n\r\nokHTTP/1.1 500 Bad", got: "ok"},
		{name: "interim heads", in: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + head + "Content-Length: 2\r\n\r\nok", got: "ok", reuse: true},
		{name: "endless interim heads", in: strings.Repeat("HTTP/1.1 103 Early\r\nLink: x\r\n\r\n", 20000), head: "more than 5000 lines"},
		{name: "switching protocols", in: "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n\x00\x01", head: "without being asked"},
		{name: "HEAD with a body", in: head + "Content-Length: 2\r\n\r\nok", method: "HEAD"},
		{name: "chunked HEAD", in: head + "Transfer-Encoding: chunked\r\n\r\n", method: "HEAD", reuse: true},
		{name: "until close", in: head + "\r\nrest", got: "rest"},
		{name: "HTTP/1.0", in: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", got: "ok"},
		{name: "HTTP/1.0 kept", in: "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok", got: "ok", reuse: true},
		{name: "closing", in: head + "Connection: foo, Close\r\nContent-Length: 2\r\n\r\nok", got: "ok"},
		{name: "300 KiB in one line", in: head + "X: " + strings.Repeat("x", MaxHead) + "\r\n\r\n", head: "larger than 300 KiB"},
		{name: "5001 lines", in: head + strings.Repeat("X: y\r\n", 5000) + "\r\n", head: "more than 5000 lines"},
		{name: "large but fine", in: head + "X: " + strings.Repeat("x", 100<<10) + "\r\nContent-Length: 2\r\n\r\nok", got: "ok", reuse: true},
		{name: "control in the trailer", in: head + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: \x1b\r\n\r\n", body: "in the trailer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			method := tt.method
			if method == "" {
				method = "GET"
			}
			h, body, c, err := answer(method, tt.in)
			want := tt.head + tt.body
			switch {
			case want == "" && err != nil:
				t.Fatalf("got error %v", err)
			case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
				t.Fatalf("got error %v, want %q in it", err, want)
			case (h == nil) != (tt.head != ""):
				t.Fatalf("got head %v", h)
			}
			var incomplete *IncompleteError
			if tt.body != "" && (!errors.As(err, &incomplete) || !errors.Is(err, io.ErrUnexpectedEOF) || incomplete.Got != int64(len(tt.got))) {
				t.Errorf("got %#v, want an IncompleteError after %d bytes", err, len(tt.got))
			}
			if body != tt.got || c.Reusable() != tt.reuse {
				t.Errorf("got body %q, reusable %v; want %q, %v", body, c.Reusable(), tt.got, tt.reuse)
			}
			if h != nil && !strings.Contains(strings.Join(h.Warnings, "\n"), tt.warn) || h != nil && tt.warn == "" && len(h.Warnings) > 0 {
				t.Errorf("got warnings %q, want %q", h.Warnings, tt.warn)
			}
		})
	}
}

func TestFoldedValueAndInterimHeads(t *testing.T) {
	h, _, _, err := answer("GET", "HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nX-A: one\r\n  two\r\n\tthree\r\nContent-Length: 0\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if h.Header[0].Value != "one two three" {
		t.Errorf("got %q", h.Header[0].Value)
	}
	if len(h.Informational) != 1 || string(h.Informational[0]) != "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" {
		t.Errorf("got interim heads %q", h.Informational)
	}
}

func TestHeadErrorHoldsSixtyBytes(t *testing.T) {
	_, _, _, err := answer("GET", "garbage\x1b"+strings.Repeat("x", 100))
	var e *HeadError
	if !errors.As(err, &e) || len(e.Raw) != 108 {
		t.Fatalf("got %v", err)
	}
	if text := err.Error(); strings.Contains(text, "\x1b") || strings.Count(text, "x") > 62 {
		t.Errorf("got %q", text)
	}
}

func TestTrailer(t *testing.T) {
	_, _, c, err := answer("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 7\r\nX-B: c\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(c.Body().Trailer()); got != "[{X-Sum 7} {X-B c}]" || c.Body().Received() != 3 {
		t.Errorf("got %s, %d bytes", got, c.Body().Received())
	}
}

// TestAnyFragmentation reads an answer that comes byte by byte.
func TestAnyFragmentation(t *testing.T) {
	in := "HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"
	c := NewConn(rw{iotest.OneByteReader(strings.NewReader(in)), io.Discard})
	c.Begin(&Request{Method: "GET", Target: "/"})
	if _, err := c.ReadHead("GET"); err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(c.Body()); string(b) != "abcd" || err != nil {
		t.Errorf("got %q, %v", b, err)
	}
	if !c.Reusable() {
		t.Error("not reusable")
	}
}

// TestDataBeforeChunkEnd sees that bytes are handed out before the line end
// of their chunk is there.
func TestDataBeforeChunkEnd(t *testing.T) {
	pr, pw := io.Pipe()
	c := NewConn(rw{pr, io.Discard})
	c.Begin(&Request{Method: "GET", Target: "/"})
	go io.WriteString(pw, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello")
	if _, err := c.ReadHead("GET"); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 100)
	if n, err := c.Body().Read(b); string(b[:n]) != "hello" || err != nil {
		t.Errorf("got %q, %v", b[:n], err)
	}
	pw.Close()
}

func TestSend(t *testing.T) {
	big := strings.Repeat("0123456789", 50000)
	for _, tt := range []struct {
		name   string
		body   io.Reader
		length int64
		want   string
		err    string
	}{
		{name: "none", want: ""},
		{name: "length", body: strings.NewReader("hello"), length: 5, want: "hello"},
		{name: "no more than its length", body: strings.NewReader("hello world"), length: 5, want: "hello"},
		{name: "empty", body: strings.NewReader(""), length: 0, want: ""},
		{name: "large", body: strings.NewReader(big), length: int64(len(big)), want: big},
		{name: "large in pieces", body: iotest.HalfReader(strings.NewReader(big)), length: int64(len(big)), want: big},
		{name: "too short", body: strings.NewReader("hell"), length: 5, err: "request body: shorter than its Content-Length: 4 of 5 bytes"},
		{name: "broken", body: iotest.ErrReader(errors.New("disk on fire")), length: 5, err: "request body: disk on fire"},
		{name: "chunked", body: strings.NewReader("hello"), length: -1, want: "00000005\r\nhello\r\n0\r\n\r\n"},
		{name: "chunked empty", body: strings.NewReader(""), length: -1, want: "0\r\n\r\n"},
		{name: "chunked broken", body: iotest.ErrReader(errors.New("disk on fire")), length: -1, err: "disk on fire"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			c := NewConn(rw{strings.NewReader(""), &out})
			r := &Request{Method: "PUT", Target: "/x", Header: []Field{{"host", "h"}, {"X-b", ""}}, Body: tt.body, Length: tt.length}
			if err := c.Begin(r); err != nil {
				t.Fatal(err)
			}
			err := c.Send(r)
			if tt.err != "" {
				var source *SourceError
				if !errors.As(err, &source) || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("got %v, want %q", err, tt.err)
				}
				return
			}
			if want := "PUT /x HTTP/1.1\r\nhost: h\r\nX-b: \r\n\r\n" + tt.want; err != nil || out.String() != want {
				t.Errorf("got %.200q, %v; want %.200q", out.String(), err, want)
			}
		})
	}
}

// TestChunkedLargeDecodes sends a large body in chunks and reads it back with
// the chunk reader of this package.
func TestChunkedLargeDecodes(t *testing.T) {
	big := strings.Repeat("0123456789", 50000)
	var out bytes.Buffer
	c := NewConn(rw{strings.NewReader(""), &out})
	r := &Request{Method: "PUT", Target: "/x", Body: strings.NewReader(big), Length: -1}
	var sent int64
	r.Sent = func(n int64) { sent = n }
	if err := c.Send(r); err != nil {
		t.Fatal(err)
	}
	_, wire, _ := strings.Cut(out.String(), "\r\n\r\n")
	_, body, _, err := answer("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+wire)
	if body != big || err != nil || sent != int64(len(big)) {
		t.Errorf("got %d bytes, %v, told %d; want %d", len(body), err, sent, len(big))
	}
}

// TestUnfitWritesNothing sees that no text a caller passes can become a second
// header or request.
func TestUnfitWritesNothing(t *testing.T) {
	good := []Field{{"Host", "h"}}
	with := func(name, value string) []Field { return append(good[:1:1], Field{name, value}) }
	for _, r := range []Request{
		{Method: "", Target: "/", Header: good},
		{Method: "GE T", Target: "/", Header: good},
		{Method: "GET\r\n", Target: "/", Header: good},
		{Method: "GET", Target: "", Header: good},
		{Method: "GET", Target: "/a b", Header: good},
		{Method: "GET", Target: "/a\r\nX: y", Header: good},
		{Method: "GET", Target: "/a\x00", Header: good},
		{Method: "GET", Target: "/a\tb", Header: good},
		{Method: "GET", Target: "/", Header: with("", "x")},
		{Method: "GET", Target: "/", Header: with("X Y", "x")},
		{Method: "GET", Target: "/", Header: with(" X", "x")},
		{Method: "GET", Target: "/", Header: with("X:", "x")},
		{Method: "GET", Target: "/", Header: with("X\r\nY", "x")},
		{Method: "GET", Target: "/", Header: with("X\n", "x")},
		{Method: "GET", Target: "/", Header: with("Ünï", "x")},
		{Method: "GET", Target: "/", Header: with("X", " x")},
		{Method: "GET", Target: "/", Header: with("X", "\tx")},
		{Method: "GET", Target: "/", Header: with("X", "\r\nx")},
		{Method: "GET", Target: "/", Header: with("X", "a\r\nY: z")},
		{Method: "GET", Target: "/", Header: with("X", "a\nY: z")},
		{Method: "GET", Target: "/", Header: with("X", "a\rY: z")},
		{Method: "GET", Target: "/", Header: with("X", "a\n")},
		{Method: "GET", Target: "/", Header: with("X", "a\x00")},
		{Method: "GET", Target: "/", Header: with("X", "a\x7f")},
	} {
		var out bytes.Buffer
		c := NewConn(rw{strings.NewReader(""), &out})
		err := c.Begin(&r)
		var unfit *UnfitError
		if !errors.As(err, &unfit) || out.Len() > 0 {
			t.Errorf("%q %q %q: got %v, %d bytes written", r.Method, r.Target, r.Header, err, out.Len())
		}
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add("GET", []byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
	f.Add("GET", []byte("HTTP/1.1 103 E\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nA: b\r\n\r\n"))
	f.Add("HEAD", []byte("HTTP/1.0 200\nA: b\n c\n\n"))
	f.Add("GET", []byte("HTTP/1.1 200 OK\r\n\r\nrest"))
	f.Fuzz(func(t *testing.T, method string, in []byte) {
		c := NewConn(rw{bytes.NewReader(in), io.Discard})
		if c.Begin(&Request{Method: method, Target: "/"}) != nil {
			return
		}
		h, err := c.ReadHead(method)
		if err != nil {
			return
		}
		for _, field := range h.Header {
			if strings.ContainsAny(field.Name+field.Value, "\r\n\x00\x1b") {
				t.Fatalf("field %q", field)
			}
		}
		if !bytes.Contains(in, h.Raw) || h.Status < 200 || h.Status > 999 {
			t.Fatalf("head %q, status %d", h.Raw, h.Status)
		}
		body, err := io.ReadAll(c.Body())
		if int64(len(body)) != c.Body().Received() || len(body) > len(in) {
			t.Fatalf("body of %d bytes, received %d, of %d", len(body), c.Body().Received(), len(in))
		}
		if err == nil && c.Body().Length() > 0 && c.Body().Length() != int64(len(body)) {
			t.Fatalf("body of %d bytes without an error, Content-Length %d", len(body), c.Body().Length())
		}
		if err != nil && c.Reusable() {
			t.Fatal("reusable after an error")
		}
	})
}
