package http2

import (
	"errors"
	"io"
	"testing"

	h2 "golang.org/x/net/http2"

	"sonde/session/http1"
)

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

// TestWindowOfTheConnection has a stream that may send more than the connection.
func TestWindowOfTheConnection(t *testing.T) {
	const size = firstWindow + 10
	c, _ := script(t, func(f *far) {
		f.WriteSettings(h2.Setting{ID: h2.SettingInitialWindowSize, Val: 1 << 20})
		id, _ := f.request()
		f.head(id, true, ":status", "200")
		id, _ = f.request()
		if n, _ := f.data(firstWindow); n != firstWindow {
			f.t.Errorf("got %d bytes, want %d", n, firstWindow)
		}
		f.WriteWindowUpdate(0, 10)
		if n, ended := f.data(size); n != 10 || !ended {
			f.t.Errorf("got %d bytes, ended %v; want 10 and the end", n, ended)
		}
		f.head(id, true, ":status", "200")
		f.drain()
	})
	for _, r := range []*http1.Request{get("/"), post("/", io.LimitReader(&pattern{}, size), size)} {
		if _, _, err := exchange(c, r); err != nil {
			t.Fatal(err)
		}
	}
}

// TestConnectionWindowIsGivenBack has used almost as much of it as is kept.
func TestConnectionWindowIsGivenBack(t *testing.T) {
	updates := make(chan []string, 1)
	c, conn := script(t, func(f *far) {
		f.WriteSettings()
		id, _ := f.request()
		f.head(id, false, ":status", "200")
		f.WriteData(id, true, make([]byte, 10))
		updates <- f.drain()
	})
	r := get("/")
	if err := c.Begin(r); err != nil {
		t.Fatal(err)
	}
	c.owed = connWindow/2 - 10
	if err := c.Send(r); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ReadHead("GET"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(c.Body()); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if got := <-updates; len(got) == 0 || got[len(got)-1] != "WINDOW_UPDATE" {
		t.Errorf("the server got %q, want a WINDOW_UPDATE last", got)
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
