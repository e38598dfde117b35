package http2

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	h2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"sonde/session/http1"
)

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
			got += len(d.Data())
			if d.StreamEnded() {
				return got, true
			}
		}
	}
	return got, false
}

// TestWindows gives an upload its room in drops, of the stream and of the
// connection in turn, and changes the window while it is used up.
func TestWindows(t *testing.T) {
	const size = firstWindow + 3000
	for _, listening := range []bool{false, true} {
		c, _ := script(t, func(f *far) {
			f.WriteSettings()
			id, _ := f.request()
			if n, _ := f.data(firstWindow); n != firstWindow {
				f.t.Errorf("got %d bytes, want %d", n, firstWindow)
			}
			f.WriteWindowUpdate(0, 1<<20) // the stream's is still used up
			f.WritePing(false, [8]byte{7})
			f.WriteWindowUpdate(id, 1000)
			if n, _ := f.data(1000); n != 1000 {
				f.t.Errorf("got %d bytes, want 1000", n)
			}
			f.WriteSettings(h2.Setting{ID: h2.SettingInitialWindowSize, Val: firstWindow - 500}) // below nothing
			f.WriteWindowUpdate(id, 500)                                                         // nothing
			f.WriteSettings(h2.Setting{ID: h2.SettingInitialWindowSize, Val: firstWindow + 500})
			if n, _ := f.data(1000); n != 1000 {
				f.t.Errorf("got %d bytes, want 1000", n)
			}
			f.WriteWindowUpdate(id, 1<<20)
			if n, ended := f.data(1 << 20); n != 1000 || !ended {
				f.t.Errorf("got %d bytes, ended %v; want 1000 and the end", n, ended)
			}
			f.head(id, true, ":status", "200")
			f.drain()
		})
		sent := begin(t, c, post("/", io.LimitReader(&pattern{}, size), size))
		if listening {
			if err := finish(t, "listening", listen(c, "POST")); err != nil {
				t.Fatal(err)
			}
		}
		if err := finish(t, "Send", sent); err != nil {
			t.Fatal(err)
		}
		if _, err := c.ReadHead("POST"); err != nil || !c.Reusable() {
			t.Errorf("got %v, reusable %v", err, c.Reusable())
		}
	}
}

// TestNoWindowForTheEnd has the window end exactly where the body does, so that
// only the end itself is left to be said.
func TestNoWindowForTheEnd(t *testing.T) {
	for _, length := range []int64{-1, firstWindow} {
		c, _ := script(t, func(f *far) {
			f.WriteSettings()
			id, _ := f.request()
			if n, ended := f.data(firstWindow + 1); n != firstWindow || !ended {
				f.t.Errorf("got %d bytes, ended %v", n, ended)
			}
			f.head(id, true, ":status", "200")
			f.drain()
		})
		if _, _, err := exchange(c, post("/", io.LimitReader(&pattern{}, firstWindow), length)); err != nil || !c.Reusable() {
			t.Errorf("length %d: got %v, reusable %v", length, err, c.Reusable())
		}
	}
}

// TestWindowOfTheAnswer has a server send more than it may while nobody reads
// the body.
func TestWindowOfTheAnswer(t *testing.T) {
	c, _ := script(t, func(f *far) {
		f.WriteSettings()
		id, _ := f.request()
		f.data(firstWindow)
		f.head(id, false, ":status", "200")
		for range streamWindow/maxFrame + 1 {
			f.WriteData(id, false, make([]byte, maxFrame))
		}
		f.drain()
	})
	r := post("/", &pattern{}, -1)
	if err := errors.Join(c.Begin(r), c.Send(r)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ReadHead("POST"); err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, c.Body())
	if n != streamWindow {
		t.Errorf("got %d bytes of the body, want %d", n, streamWindow)
	}
	wantError(t, err, "more of the body than it may")
}

// TestEarlyAnswer has servers that have seen enough before the end of a body.
func TestEarlyAnswer(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer func(f *far, id uint32)
		status int
		body   string
		last   string // the client's last frame
	}{
		{"whole, with a reset", func(f *far, id uint32) {
			f.head(id, true, ":status", "200")
			f.WriteRSTStream(id, h2.ErrCodeNo)
		}, 200, "", ""},
		{"whole", func(f *far, id uint32) { f.head(id, true, ":status", "200") }, 200, "", "RST_STREAM CANCEL"},
		{"whole, with a body", func(f *far, id uint32) {
			f.head(id, false, ":status", "200")
			f.WriteData(id, true, []byte("done"))
		}, 200, "done", "RST_STREAM CANCEL"},
		{"refused", func(f *far, id uint32) {
			f.head(id, false, ":status", "413")
			f.WriteData(id, false, []byte("too "))
			f.WriteData(id, true, []byte("large"))
		}, 413, "too large", "RST_STREAM CANCEL"},
	} {
		for _, listening := range []bool{false, true} {
			t.Run(fmt.Sprint(tt.name, listening), func(t *testing.T) {
				frames := make(chan []string, 1)
				c, conn := script(t, func(f *far) {
					f.WriteSettings()
					id, _ := f.request()
					f.data(firstWindow)
					tt.answer(f, id)
					if id, _ = f.request(); id != 3 {
						f.t.Errorf("got request %d, want 3", id)
					}
					f.head(id, true, ":status", "204")
					frames <- f.drain()
				})
				r := post("/", &pattern{}, 1<<40)
				sent := begin(t, c, r)
				if listening {
					if err := finish(t, "listening", listen(c, "POST")); err != nil {
						t.Fatal(err)
					}
				}
				if err := finish(t, "Send", sent); err != nil {
					t.Fatal(err)
				}
				h, err := c.ReadHead("POST")
				if err != nil || h.Status != tt.status {
					t.Fatalf("got %v, %v; want status %d", h, err, tt.status)
				}
				if body, err := io.ReadAll(c.Body()); err != nil || string(body) != tt.body {
					t.Errorf("got %q, %v; want %q", body, err, tt.body)
				}
				if !c.Reusable() {
					t.Fatal("not reusable")
				}
				if h, _, err := exchange(c, get("/")); err != nil || h.Status != 204 {
					t.Errorf("the next exchange: got %v, %v", h, err)
				}
				conn.Close()
				<-frames
			})
		}
	}
}

// TestSourceErrors has bodies that fail, or are shorter than they claimed.
func TestSourceErrors(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, tt := range []struct {
		body   io.Reader
		length int64
		want   error
		text   string
	}{
		{strings.NewReader("abc"), 5, http1.ErrLength, "3 of 5 bytes"},
		{io.MultiReader(io.LimitReader(&pattern{}, copyBuffer), strings.NewReader("x")), copyBuffer + 2, http1.ErrLength, "131073 of 131074 bytes"},
		{io.MultiReader(strings.NewReader("a"), bad{broken}), 5, broken, "fire"},
		{io.MultiReader(strings.NewReader("a"), bad{broken}), -1, broken, "fire"},
	} {
		c, _ := script(t, func(f *far) {
			f.WriteSettings(h2.Setting{ID: h2.SettingInitialWindowSize, Val: 1 << 20})
			f.WriteWindowUpdate(0, 1<<20)
			f.drain()
		})
		r := post("/", tt.body, tt.length)
		err := errors.Join(c.Begin(r), c.Send(r))
		if _, ok := errors.AsType[*http1.SourceError](err); !ok || !errors.Is(err, tt.want) {
			t.Errorf("got %v, want a SourceError about %v", err, tt.want)
		}
		wantError(t, err, tt.text)
		if c.Reusable() {
			t.Error("reusable")
		}
	}
}

type bad struct{ err error }

func (b bad) Read([]byte) (int, error) { return 0, b.err }

func TestBeforeEndsSending(t *testing.T) {
	c, _ := script(t, func(f *far) { f.WriteSettings(); f.drain() })
	r := post("/", strings.NewReader("x"), 1)
	enough := errors.New("enough")
	r.Before = func() error { return enough }
	if err := errors.Join(c.Begin(r), c.Send(r)); !errors.Is(err, enough) {
		t.Errorf("got %v, want what Before returned", err)
	}
}

// TestRefused tells what was never processed from what may have been.
func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answer  func(f *far, id uint32)
		refused bool
		text    string
	}{
		{"refused stream", func(f *far, id uint32) { f.WriteRSTStream(id, h2.ErrCodeRefusedStream) }, true, "refused without being processed (REFUSED_STREAM)"},
		{"going away before it", func(f *far, id uint32) { f.WriteGoAway(id-1, h2.ErrCodeNo, []byte("bye")) }, true, `closing the connection: no fault (NO_ERROR), "bye"`},
		{"going away after it", func(f *far, id uint32) { f.WriteGoAway(id, h2.ErrCodeNo, nil) }, false, "EOF"},
		{"canceled", func(f *far, id uint32) { f.WriteRSTStream(id, h2.ErrCodeCancel) }, false, "CANCEL"},
		{"closed", func(f *far, id uint32) {}, false, "EOF"},
	} {
		c, _ := script(t, func(f *far) {
			f.WriteSettings()
			id, _ := f.request()
			tt.answer(f, id)
		})
		_, _, err := exchange(c, post("/", strings.NewReader("x"), 1))
		wantError(t, err, tt.text)
		if c.Refused() != tt.refused {
			t.Errorf("%s: refused is %v, want %v", tt.name, c.Refused(), tt.refused)
		}
		if c.Reusable() {
			t.Errorf("%s: reusable", tt.name)
		}
	}
}

// TestGoingAwayWhileIdle has the announcement arrive between two exchanges.
func TestGoingAwayWhileIdle(t *testing.T) {
	c, conn := script(t, func(f *far) {
		f.WriteSettings()
		id, _ := f.request()
		f.head(id, true, ":status", "200")
		f.WriteGoAway(id, h2.ErrCodeNo, nil)
		f.drain()
	})
	if _, _, err := exchange(c, get("/")); err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	err := c.Probe()
	if e, ok := errors.AsType[*EndError](err); !ok || e.Code != 0 || !e.Conn {
		t.Fatalf("got %v, want an EndError of the connection", err)
	}
	if c.Reusable() {
		t.Error("reusable")
	}
	_, _, err = exchange(c, get("/"))
	if _, ok := errors.AsType[*EndError](err); !ok || !c.Refused() {
		t.Errorf("got %v, refused %v", err, c.Refused())
	}
}

// TestIdle has a server that pings, changes its settings, and sends a part of a
// frame while nothing is asked: the connection goes on.
func TestIdle(t *testing.T) {
	acks := make(chan string, 1)
	part := make(chan bool)
	c, conn := script(t, func(f *far) {
		f.WriteSettings()
		id, _ := f.request()
		f.head(id, true, ":status", "200")
		f.WritePing(false, [8]byte{1, 2, 3})
		f.WriteSettings(h2.Setting{ID: h2.SettingHeaderTableSize, Val: 0})
		f.WriteSettings(h2.Setting{ID: h2.SettingHeaderTableSize, Val: 4096})
		f.conn.Write([]byte{0, 0, 8, byte(h2.FramePing), 0})
		got := ""
		for !strings.HasSuffix(got, "PING SETTINGS SETTINGS ") {
			frame, err := f.ReadFrame()
			if err != nil {
				break
			}
			got += frame.Header().Type.String() + " "
		}
		acks <- got
		<-part
		f.conn.Write([]byte{0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9})
		id, fields := f.request()
		if len(fields) != 4 || fields[3].Value != "/again" {
			f.t.Errorf("got fields %q after the table was emptied", fields)
		}
		f.head(id, true, ":status", "204")
		f.drain()
	})
	if _, _, err := exchange(c, get("/")); err != nil {
		t.Fatal(err)
	}
	for done := false; !done; {
		conn.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		if err := c.Probe(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-acks:
			done = true
		default:
		}
	}
	conn.SetReadDeadline(time.Now().Add(patience))
	close(part)
	h, _, err := exchange(c, get("/again"))
	if err != nil || h.Status != 204 || !c.Reusable() {
		t.Errorf("got %v, %v, reusable %v", h, err, c.Reusable())
	}
}

// TestUnasked has an answer to no request arrive while the connection is idle.
func TestUnasked(t *testing.T) {
	c, conn := script(t, func(f *far) {
		f.WriteSettings()
		id, _ := f.request()
		f.head(id, true, ":status", "200")
		f.head(id+2, true, ":status", "200", "x-evil", "1")
		f.drain()
	})
	if _, _, err := exchange(c, get("/")); err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	wantError(t, c.Probe(), "belongs to no request")
}

// TestDeadlines sets one in every state there is. What must end ends with it.
func TestDeadlines(t *testing.T) {
	soon := func(conn net.Conn) { conn.SetDeadline(time.Unix(1, 0)) }
	started := func(f *far) uint32 { f.WriteSettings(); id, _ := f.request(); return id }
	for _, tt := range []struct {
		name string
		play func(f *far, now func())
		do   func(c *Conn) error
	}{
		{"writing", func(f *far, now func()) {
			f.WriteSettings(h2.Setting{ID: h2.SettingInitialWindowSize, Val: 1<<31 - 1})
			f.WriteWindowUpdate(0, 1<<31-1-firstWindow)
			f.request()
			time.Sleep(50 * time.Millisecond) // and reads nothing more
			now()
		}, func(c *Conn) error {
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
			ready := make(chan bool)
			c, nc := script(t, func(f *far) {
				tt.play(f, func() { <-ready; soon(conn) })
				time.Sleep(50 * time.Millisecond)
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
