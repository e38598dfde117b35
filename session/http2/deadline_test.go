package http2

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	h2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"sonde/session/http1"
)

// TestDeadlines sets one in every state there is. What must end ends with it.
func TestDeadlines(t *testing.T) {
	soon := func(conn net.Conn) { conn.SetDeadline(time.Unix(1, 0)) }
	started := func(f *far) uint32 { f.WriteSettings(); id, _ := f.request(); return id }
	for _, tt := range []struct {
		name string
		play func(f *far, now func())
		do   func(c *Conn) error
	}{
		// Nothing was read but the preface, which a pipe's write does not end with.
		{"writing", func(f *far, now func()) { now() }, func(c *Conn) error {
			r := post("/", &pattern{}, -1)
			return errors.Join(c.Begin(r), c.Send(r))
		}},
		{"waiting for the window", func(f *far, now func()) { started(f); f.data(firstWindow); now() }, func(c *Conn) error {
			r := post("/", &pattern{}, -1)
			return errors.Join(c.Begin(r), c.Send(r))
		}},
		{"waiting for the window that another reads", func(f *far, now func()) { started(f); f.data(firstWindow); now() }, func(c *Conn) error {
			r := post("/", &pattern{}, -1)
			if err := c.Begin(r); err != nil {
				return nil
			}
			got := listen(c, "POST")
			err := c.Send(r)
			if err == nil {
				return nil
			}
			return <-got
		}},
		{"waiting for the head", func(f *far, now func()) { started(f); now() }, func(c *Conn) error {
			_, _, err := exchange(c, get("/"))
			return err
		}},
		{"in the head", func(f *far, now func()) {
			f.WriteHeaders(h2.HeadersFrameParam{StreamID: started(f), BlockFragment: f.block(":status", "200")})
			now()
		}, func(c *Conn) error {
			_, _, err := exchange(c, get("/"))
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var conn net.Conn
			ready, over := make(chan bool), make(chan bool)
			defer close(over)
			start := script
			if tt.name == "writing" {
				start = pipe
			}
			c, nc := start(t, func(f *far) {
				tt.play(f, func() { <-ready; soon(conn) })
				<-over // the connection stays as it is
			})
			conn = nc
			close(ready)
			done := make(chan error, 1)
			go func() { done <- tt.do(c) }()
			if err := finish(t, tt.name, done); !errors.Is(err, os.ErrDeadlineExceeded) || !isTimeout(err) {
				t.Errorf("got %v, want a deadline that is over", err)
			}
			if c.Reusable() {
				t.Error("reusable")
			}
		})
	}
}

// TestDeadlineInTheBody sets one in the middle of a frame.
func TestDeadlineInTheBody(t *testing.T) {
	c, conn := script(t, func(f *far) {
		f.WriteSettings()
		id, _ := f.request()
		f.head(id, false, ":status", "200")
		f.conn.Write([]byte{0, 0, 9, 0, 0, 0, 0, 0, 1, 'o', 'k'})
		f.drain()
	})
	r := get("/")
	if err := errors.Join(c.Begin(r), c.Send(r)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ReadHead("GET"); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 2)
	if _, err := io.ReadFull(c.Body(), b); err != nil || string(b) != "ok" {
		t.Fatalf("got %q, %v", b, err)
	}
	conn.SetDeadline(time.Unix(1, 0))
	_, err := c.Body().Read(b)
	incomplete(t, err, 2, -1)
	if !isTimeout(err) || c.Reusable() {
		t.Errorf("got %v, reusable %v", err, c.Reusable())
	}
}

// TestLimitWait has a server that never lets the body be sent.
func TestLimitWait(t *testing.T) {
	c, conn := script(t, func(f *far) { f.WriteSettings(); f.request(); f.drain() })
	c.LimitWait(20 * time.Millisecond)
	r := post("/", &pattern{}, -1)
	if err := c.Begin(r); err != nil {
		t.Fatal(err)
	}
	got := listen(c, "POST")
	for reading := false; !reading; time.Sleep(time.Millisecond) {
		c.mu.Lock()
		reading = c.reading
		c.mu.Unlock()
	}
	if err := c.Send(r); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v, want a deadline that is over", err)
	}
	select {
	case err := <-got:
		t.Errorf("listening ended first: %v", err)
	default:
	}
	conn.SetDeadline(time.Unix(1, 0))
	if err := finish(t, "listening", got); !isTimeout(err) {
		t.Errorf("listening: got %v", err)
	}
}

// TestSlowFrames has every byte of an answer come late, with a deadline before
// each: whoever is patient gets it all.
func TestSlowFrames(t *testing.T) {
	c, conn := script(t, func(f *far) {
		id, _ := f.request()
		var all bytes.Buffer
		w := &far{t: f.t, Framer: h2.NewFramer(&all, nil)}
		w.enc = hpack.NewEncoder(&w.pack)
		w.WriteSettings(h2.Setting{ID: h2.SettingMaxFrameSize, Val: 20000})
		w.head(id, false, ":status", "103", "link", "x")
		w.head(id, false, ":status", "200", "etag", "y")
		for _, b := range all.Bytes() {
			f.conn.Write([]byte{b})
			time.Sleep(time.Millisecond / 2)
		}
		f.WriteData(id, true, []byte("ok"))
		f.drain()
	})
	r := get("/")
	if err := errors.Join(c.Begin(r), c.Send(r)); err != nil {
		t.Fatal(err)
	}
	var h *http1.Head
	waits := 0
	for end := time.Now().Add(patience); h == nil; waits++ {
		conn.SetReadDeadline(time.Now().Add(2 * time.Millisecond))
		var err error
		if h, err = c.ReadHead("GET"); err != nil && !isTimeout(err) || time.Now().After(end) {
			t.Fatal(err)
		}
	}
	conn.SetReadDeadline(time.Now().Add(patience))
	body, err := io.ReadAll(c.Body())
	if err != nil || string(body) != "ok" || len(h.Informational) != 1 || value(h.Header, "etag") != "y" || waits < 2 {
		t.Errorf("got %q, %v, %+v after %d waits", body, err, h, waits)
	}
}
