package session

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
)

// flood writes a piece again and again until nobody takes it any more.
func flood(start, piece string) func(io.Writer, *received) bool {
	return func(w io.Writer, r *received) bool {
		if r.Target == "/good" {
			reply(w, 200, "good")
			return true
		}
		io.WriteString(w, start)
		for _, err := io.WriteString(w, piece); err == nil; {
			_, err = io.WriteString(w, piece)
		}
		return false
	}
}

// TestFloods sends heads and trailers without an end: each is given up at its
// limit, with no more memory than that needs, and the session goes on.
func TestFloods(t *testing.T) { // L4, M10
	line := "X-Long: " + strings.Repeat("x", 1000) + "\r\n"
	for _, tt := range []struct {
		name, start, piece string
		set                func(s *Settings)
		want               string
		incomplete         bool
	}{
		{name: "long lines", start: head200, piece: line, want: "larger than 300 KiB"},
		{name: "short lines", start: head200, piece: "X: y\r\n", want: "more than 5000 lines"},
		{name: "folded lines", start: head200 + "X: y\r\n", piece: " z\r\n", want: "more than 5000 lines"},
		{name: "a line", start: head200 + "X: ", piece: strings.Repeat("x", 1000), want: "larger than 300 KiB"},
		{name: "a status line", start: "HTTP/1.1 200 ", piece: strings.Repeat("x", 1000), want: "larger than 300 KiB"},
		{name: "103", piece: "HTTP/1.1 103 Early Hints\r\n\r\n", want: "more than 5000 lines"},
		{name: "103 with long lines", piece: "HTTP/1.1 103 Early Hints\r\n" + line + "\r\n", want: "larger than 300 KiB"},
		{name: "cookies", start: head200, piece: "Set-Cookie: a=" + strings.Repeat("x", 1000) + "\r\n", want: "larger than 300 KiB"},
		{name: "a redirect", start: "HTTP/1.1 302 Found\r\nLocation: /", piece: strings.Repeat("x", 1000), want: "larger than 300 KiB"},
		{name: "a smaller limit", start: head200, piece: line, set: func(s *Settings) { s.MaxHead = 10 << 10 }, want: "larger than 10 KiB"},
		{name: "fewer lines", start: head200, piece: "X: y\r\n", set: func(s *Settings) { s.MaxLines = 10 }, want: "more than 10 lines"},
		{name: "a trailer of long lines", start: chunked + "2\r\nok\r\n0\r\n", piece: line, want: "trailer", incomplete: true},
		{name: "a trailer of short lines", start: chunked + "2\r\nok\r\n0\r\n", piece: "X: y\r\n", want: "trailer", incomplete: true},
		{name: "a chunk extension", start: chunked + "2;", piece: strings.Repeat("x", 1000), want: "more than 4 KiB", incomplete: true},
		{name: "a chunk size of zeros", start: chunked, piece: strings.Repeat("0", 1000), want: "more than 4 KiB", incomplete: true},
	} {
		srv := serve(t, flood(tt.start, tt.piece))
		s := based(t, srv)
		if tt.set != nil {
			tt.set(&s.Settings)
		}
		var x *Exchange
		var err error
		took := allocated(func() { x, err = s.Do(context.Background(), get("/flood"), Watch{}) })
		e, isError := err.(*Error)
		if !isError || !strings.Contains(e.Error(), tt.want) || (x != nil) != tt.incomplete || len(e.Error()) > 300 {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
		if took > 20<<20 {
			t.Errorf("%s: took %d bytes of memory", tt.name, took)
		}
		if after := do(t, s, get("/good")); string(after.Body.Bytes()) != "good" || len(s.Cookies()) > 0 {
			t.Errorf("%s: the request after it got %q; cookies %v", tt.name, after.Body.Bytes(), s.Cookies())
		}
		srv.stop()
	}
}

// TestTrailerLimit holds a trailer to the limit of heads, to which it belongs.
func TestTrailerLimit(t *testing.T) { // L4
	for _, tt := range []struct{ lines, length int }{{400, 1000}, {4999, 3000}} {
		trailer := strings.Repeat("X: "+strings.Repeat("x", tt.length)+"\r\n", tt.lines)
		srv := serve(t, once(chunked+"2\r\nok\r\n0\r\n"+trailer+"\r\n"))
		x, err := based(t, srv).Do(context.Background(), get("/"), Watch{})
		if err == nil || x == nil || string(x.Body.Bytes()) != "ok" {
			t.Errorf("a trailer of %d bytes: got %v, want an error, and the body kept", len(trailer), err)
		}
		srv.stop()
	}
}

// TestLargeHeads takes heads that are just within the limits.
func TestLargeHeads(t *testing.T) {
	for _, lines := range []string{strings.Repeat("X: y\r\n", 4900), strings.Repeat("X: "+strings.Repeat("y", 995)+"\r\n", 305)} {
		srv := serve(t, always(head200+lines+two))
		x := do(t, based(t, srv), get("/"))
		if string(x.Body.Bytes()) != "ok" || len(x.Header) != strings.Count(lines, "\n")+1 {
			t.Errorf("got %q and %d fields of a head of %d bytes", x.Body.Bytes(), len(x.Header), len(lines))
		}
		srv.stop()
	}
}

// TestManyCookies takes the first of an answer's cookies and sends no more than
// servers accept.
func TestManyCookies(t *testing.T) { // C12
	srv := serve(t, func(w io.Writer, r *received) bool {
		var lines []string
		for i := range 1000 {
			lines = append(lines, fmt.Sprintf("Set-Cookie: c%d-%d=%s", r.N, i, strings.Repeat("x", 100)))
		}
		reply(w, 200, "ok", lines...)
		return true
	})
	s := based(t, srv)
	for i := range 10 {
		var saw watcher
		if _, err := s.Do(context.Background(), get("/"), saw.watch()); err != nil || len(saw.of(NoticeCookie)) == 0 {
			t.Fatalf("answer %d: %v, notices %v", i, err, saw.notices)
		}
	}
	if got := srv.last().header("Cookie"); len(got) > 8190 || strings.Count(got, "=") > 150 || len(got) < 1000 {
		t.Errorf("a Cookie header of %d bytes with %d pairs", len(got), strings.Count(got, "="))
	}
	s.ClearCookies()
	s.Settings.MaxCookies = 3
	if do(t, s, get("/")); len(s.Cookies()) != 3 {
		t.Errorf("got %d cookies, want 3", len(s.Cookies()))
	}
}

// TestAnswerStore asks for much more than is kept, and says of what is gone that
// it is gone.
func TestAnswerStore(t *testing.T) { // L9
	size, many, keep := 256<<10, 200, int64(8<<20)
	if heavy() {
		size, many, keep = 1<<20, 1000, DefaultSettings().KeepBytes
	}
	body := strings.Repeat("0123456789abcdef", size/16)
	answers := [2][]byte{[]byte(fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head200, size, body)), []byte(chunked + chunks(body, 100_000))}
	srv := serve(t, func(w io.Writer, r *received) bool {
		w.Write(answers[r.N%2])
		return true
	})
	s := based(t, srv)
	s.Settings.KeepBytes = keep
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range many {
		do(t, s, get("/"))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 2*keep+8<<20 {
		t.Errorf("the heap has grown by %d bytes, to keep %d", grown, keep)
	}
	kept, held := s.Exchanges(), int64(0)
	for _, x := range kept {
		has := x.Body.Bytes() != nil
		if has == x.Body.Evicted() || x.Body.Len() != int64(size) || has && string(x.Body.Bytes()) != body {
			t.Fatalf("answer %d: %d bytes, evicted %v", x.Number, len(x.Body.Bytes()), x.Body.Evicted())
		}
		if n, err := x.Body.WriteTo(io.Discard); err != nil || (n == int64(size)) != has {
			t.Fatalf("answer %d: wrote %d bytes, %v", x.Number, n, err)
		}
		held += int64(len(x.Body.Bytes()))
	}
	if len(kept) != 100 || held > keep || held < keep/2 || !kept[0].Body.Evicted() || kept[99].Body.Evicted() || kept[99].Number != many {
		t.Errorf("%d answers up to %d with %d bytes are kept", len(kept), kept[len(kept)-1].Number, held)
	}
	if _, err := s.At(1); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("no longer kept; the oldest is %d", many-99)) {
		t.Errorf("answer 1: %v", err)
	}
	s.Settings.KeepBytes, s.Settings.KeepAnswers = 0, 1
	if x := do(t, s, get("/")); string(x.Body.Bytes()) != body || len(s.Exchanges()) != 1 {
		t.Errorf("the newest is not kept: %d bytes, %d answers", len(x.Body.Bytes()), len(s.Exchanges()))
	}
}

// TestOneLongLine keeps 50 MB of JSON without a line end as they are.
func TestOneLongLine(t *testing.T) { // L10
	const size = 50_000_000
	head := fmt.Sprintf("%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", head200, size)
	answer := append(make([]byte, 0, len(head)+size), head...)
	answer = append(answer, `{"x":"`...)
	for len(answer) < len(head)+size-2 {
		answer = append(answer, byte('a'+len(answer)%23))
	}
	answer = append(answer, `"}`...)
	body := answer[len(head):]
	srv := serve(t, func(w io.Writer, r *received) bool {
		w.Write(answer)
		return true
	})
	s := based(t, srv)
	var x *Exchange
	if took := allocated(func() { x = do(t, s, get("/")) }); took > int64(len(body))+4<<20 {
		t.Errorf("%d bytes of memory for a body of %d", took, len(body))
	}
	if sha256.Sum256(x.Body.Bytes()) != sha256.Sum256(body) {
		t.Errorf("got other bytes, %d of them", x.Body.Len())
	}
}

// TestLargeSave saves a body with memory that does not depend on its size.
func TestLargeSave(t *testing.T) { // L5
	size := 256 << 20
	if heavy() {
		size = 2 << 30
	}
	block := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	srv := serve(t, func(w io.Writer, r *received) bool {
		start, before, after := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", size), "", ""
		if r.Target == "/chunked" {
			start, before, after = chunked, fmt.Sprintf("%x\r\n", len(block)), "\r\n"
		}
		io.WriteString(w, start)
		for range size / len(block) {
			io.WriteString(w, before)
			w.Write(block)
			io.WriteString(w, after)
		}
		if before != "" {
			io.WriteString(w, "0\r\n\r\n")
		}
		return true
	})
	s := based(t, srv)
	for _, tt := range []struct {
		target string
		most   int64
	}{{"/length", 4 << 20}, {"/chunked", 160 << 20}} { // of the second it shows late how large it is
		f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		r, heard := get(tt.target), int64(0)
		r.SaveTo = f
		var x *Exchange
		took := allocated(func() {
			x, err = s.Do(context.Background(), r, Watch{Received: func(n, total int64) { heard = n }})
		})
		f.Close()
		if err != nil || x.Body.Len() != int64(size) || heard != int64(size) || took > tt.most {
			t.Errorf("%s: %d bytes, %v, last told %d, with %d bytes of memory", tt.target, x.Body.Len(), err, heard, took)
		}
	}
}
