package repl

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"sonde/repl/render"
	"sonde/session"
)

// kilobyteServer answers every request with the same kilobyte of JSON.
func kilobyteServer(b *testing.B) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { ln.Close() })
	body := `[` + strings.Repeat(`{"id":1234567,"name":"hello-world"},`, 28) + `{}]`
	answer := []byte(fmt.Sprintf("HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				buf := make([]byte, 4096)
				for {
					n, err := conn.Read(buf)
					if err != nil {
						return
					}
					if bytes.HasSuffix(buf[:n], []byte("\r\n\r\n")) {
						conn.Write(answer)
					}
				}
			}()
		}
	}()
	return "http://" + ln.Addr().String()
}

// BenchmarkGet is one line of a script: parse, request on the kept connection,
// head and body drawn in colour.
func BenchmarkGet(b *testing.B) {
	s := session.New(session.Options{})
	defer s.Close()
	if err := s.SetBase(kilobyteServer(b)); err != nil {
		b.Fatal(err)
	}
	style := render.NewStyle(render.Options{Colour: true, Pretty: true})
	sh := New(Options{Session: s, Out: io.Discard, Err: io.Discard, Style: style, Notes: style, Print: "hb"})
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if err := sh.Eval(ctx, "get /1k.json"); err != nil {
			b.Fatal(err)
		}
	}
}
