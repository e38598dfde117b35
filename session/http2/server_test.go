package http2

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	h2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"sonde/session/http1"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// serve starts net/http's HTTP/2 server, with TLS, and returns a connection to it.
func serve(t testing.TB, handler http.HandlerFunc) (*Conn, net.Conn, *httptest.Server) {
	t.Helper()
	srv := httptest.NewUnstartedServer(handler)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	roots := srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	tc, err := tls.Dial("tcp", srv.Listener.Addr().String(), &tls.Config{
		RootCAs: roots, NextProtos: []string{"h2"}, ServerName: "example.com",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tc.Close() })
	if p := tc.ConnectionState().NegotiatedProtocol; p != "h2" {
		t.Fatalf("got protocol %q, want h2", p)
	}
	tc.SetDeadline(time.Now().Add(2 * patience))
	return NewConn(tc, "https"), tc, srv
}

// A far is the server's side of a connection, frame by frame.
type far struct {
	t testing.TB
	*h2.Framer
	conn net.Conn
	pack bytes.Buffer
	enc  *hpack.Encoder
}

// script starts a server that plays its part once, after the client's preface,
// and returns a connection to it.
func script(t testing.TB, play func(*far)) (*Conn, net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(patience))
		preface := make([]byte, len(h2.ClientPreface))
		if _, err := io.ReadFull(conn, preface); err == io.EOF {
			return // nothing was sent
		} else if err != nil || string(preface) != h2.ClientPreface {
			t.Errorf("got preface %q, %v; want %q", preface, err, h2.ClientPreface)
			return
		}
		f := &far{t: t, Framer: h2.NewFramer(conn, conn), conn: conn}
		f.enc = hpack.NewEncoder(&f.pack)
		play(f)
		conn.(*net.TCPConn).CloseWrite() // and read on, or what was sent may be lost
		io.Copy(io.Discard, conn)
	}()
	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(patience))
	t.Cleanup(func() {
		conn.Close()
		ln.Close()
		<-done
	})
	return NewConn(conn, "http"), conn
}

// request waits for the next request, and returns its stream and its fields.
func (f *far) request() (id uint32, fields []hpack.HeaderField) {
	dec := hpack.NewDecoder(4096, func(h hpack.HeaderField) { fields = append(fields, h) })
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			return 0, nil
		}
		switch frame := frame.(type) {
		case *h2.SettingsFrame:
			if !frame.IsAck() {
				f.WriteSettingsAck()
			}
		case *h2.HeadersFrame:
			id = frame.StreamID
			dec.Write(frame.HeaderBlockFragment())
			if frame.HeadersEnded() {
				return id, fields
			}
		case *h2.ContinuationFrame:
			dec.Write(frame.HeaderBlockFragment())
			if frame.HeadersEnded() {
				return id, fields
			}
		}
	}
}

// block packs names and values.
func (f *far) block(pairs ...string) []byte {
	f.pack.Reset()
	for i := 0; i < len(pairs); i += 2 {
		f.enc.WriteField(hpack.HeaderField{Name: pairs[i], Value: pairs[i+1]})
	}
	return bytes.Clone(f.pack.Bytes())
}

// head sends a head in one frame.
func (f *far) head(id uint32, end bool, pairs ...string) {
	f.WriteHeaders(h2.HeadersFrameParam{StreamID: id, BlockFragment: f.block(pairs...), EndStream: end, EndHeaders: true})
}

// drain reads until the client closes, and returns the last frames' kinds.
func (f *far) drain() (kinds []string) {
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			return kinds
		}
		text := frame.Header().Type.String()
		if r, ok := frame.(*h2.RSTStreamFrame); ok {
			text += " " + r.ErrCode.String()
		}
		if g, ok := frame.(*h2.GoAwayFrame); ok {
			text += " " + g.ErrCode.String()
		}
		kinds = append(kinds, text)
	}
}

// get returns a request without a body.
func get(path string) *http1.Request {
	return &http1.Request{Method: "GET", Target: path, Header: []http1.Field{{Name: "Host", Value: "example.com"}}}
}

// post returns a request with a body of a length, -1 for one that is not told.
func post(path string, body io.Reader, length int64) *http1.Request {
	r := get(path)
	r.Method, r.Body, r.Length = "POST", body, length
	return r
}

// exchange does one exchange.
func exchange(c *Conn, r *http1.Request) (h *http1.Head, body string, err error) {
	if err := c.Begin(r); err != nil {
		return nil, "", err
	}
	if err := c.Send(r); err != nil {
		return nil, "", err
	}
	if err := c.Await(); err != nil {
		return nil, "", err
	}
	if h, err = c.ReadHead(r.Method); err != nil {
		return nil, "", err
	}
	var b strings.Builder
	_, err = io.Copy(&b, c.Body())
	return h, b.String(), err
}

func value(fields []http1.Field, name string) string {
	for _, f := range fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// wantError fails unless err has a text and is of a type, if one is given.
func wantError(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("got error %v, want one with %q", err, text)
	}
}

func incomplete(t *testing.T, err error, got, want int64) {
	t.Helper()
	e, ok := errors.AsType[*http1.IncompleteError](err)
	if !ok || e.Got != got || e.Want != want {
		t.Errorf("got error %#v, want an IncompleteError with %d of %d", err, got, want)
	}
}

// begin sends a request's start on its own goroutine, and returns Send's error.
func begin(t *testing.T, c *Conn, r *http1.Request) <-chan error {
	t.Helper()
	if err := c.Begin(r); err != nil {
		t.Fatal(err)
	}
	sent := make(chan error, 1)
	go func() { sent <- c.Send(r) }()
	return sent
}

// listen reads the head on its own goroutine.
func listen(c *Conn, method string) <-chan error {
	got := make(chan error, 1)
	go func() {
		if err := c.Await(); err != nil {
			got <- err
			return
		}
		_, err := c.ReadHead(method)
		got <- err
	}()
	return got
}

// finish waits for what a goroutine returns.
func finish(t *testing.T, what string, from <-chan error) error {
	t.Helper()
	select {
	case err := <-from:
		return err
	case <-time.After(patience):
		t.Fatal(what + " never ended")
	}
	return nil
}

// data counts bytes of DATA frames until n have come or the stream ends.
func (f *far) data(n int) (got int, ended bool) {
	for got < n {
		frame, err := f.ReadFrame()
		if err != nil {
			return got, false
		}
		if d, ok := frame.(*h2.DataFrame); ok {
			if got += len(d.Data()); len(d.Data()) > maxFrame {
				f.t.Errorf("got a frame of %d bytes, want at most %d", len(d.Data()), maxFrame)
			}
			if d.StreamEnded() {
				return got, true
			}
		}
	}
	return got, false
}

// pipe returns a connection on which a write waits until all of it is read, and
// its other side, which has read the client's preface when play is called.
func pipe(t testing.TB, play func(*far)) (c *Conn, near net.Conn) {
	near, server := net.Pipe()
	near.SetDeadline(time.Now().Add(patience))
	server.SetDeadline(time.Now().Add(patience))
	done := make(chan struct{})
	go func() {
		defer close(done)
		io.ReadFull(server, make([]byte, len(h2.ClientPreface)))
		f := &far{t: t, Framer: h2.NewFramer(server, server), conn: server}
		f.enc = hpack.NewEncoder(&f.pack)
		play(f)
	}()
	t.Cleanup(func() {
		near.Close()
		<-done
		server.Close()
	})
	return NewConn(near, "http"), near
}
