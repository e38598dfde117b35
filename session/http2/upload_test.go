package http2

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	h2 "golang.org/x/net/http2"

	"sonde/session/http1"
)

// TestPingsDuringUpload has every ping answered, in order, between the frames
// of a body, while one goroutine writes and the other reads.
func TestPingsDuringUpload(t *testing.T) {
	const pings, size = 900, 1 << 20
	c, _ := pipe(t, func(f *far) {
		id, _ := f.request()
		go func() {
			f.WriteSettings(h2.Setting{ID: h2.SettingInitialWindowSize, Val: size})
			f.WriteWindowUpdate(0, size)
			for i := range pings {
				f.WritePing(false, [8]byte{byte(i), byte(i >> 8)})
			}
		}()
		acks, got := 0, 0
		for acks < pings || got < size {
			frame, err := f.ReadFrame()
			if err != nil {
				f.t.Errorf("after %d pings and %d bytes: %v", acks, got, err)
				return
			}
			switch frame := frame.(type) {
			case *h2.DataFrame:
				got += len(frame.Data())
			case *h2.PingFrame:
				if !frame.IsAck() || int(frame.Data[0])|int(frame.Data[1])<<8 != acks {
					f.t.Errorf("got ping %v, want an answer to number %d", frame, acks)
				}
				acks++
			}
		}
		go f.head(id, true, ":status", "200")
		f.drain()
	})
	sent := begin(t, c, post("/", smallReads{io.LimitReader(&pattern{}, size)}, -1))
	if err := finish(t, "listening", listen(c, "POST")); err != nil {
		t.Fatal(err)
	}
	if err := finish(t, "Send", sent); err != nil || !c.Reusable() {
		t.Errorf("got %v, reusable %v", err, c.Reusable())
	}
}

// smallReads makes many writes of a body of unknown length.
type smallReads struct{ io.Reader }

func (r smallReads) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(len(p), 1000)]) }

// TestPingDuringWrite has a ping come while Send writes, and nothing else until
// it is answered: who writes also sends the answer.
func TestPingDuringWrite(t *testing.T) {
	answered := make(chan struct{})
	c, _ := pipe(t, func(f *far) {
		defer close(answered)
		id, _ := f.request() // and not yet the body that was written with it
		f.WriteSettings()
		f.WritePing(false, [8]byte{1})
		next := "\x00\x00\x08\x06\x00\x00\x00\x00\x00nextping"
		io.WriteString(f.conn, next[:5]) // is read after the ping was dealt with
		f.data(5)
		for ack := false; !ack; {
			frame, err := f.ReadFrame()
			if err != nil {
				f.t.Errorf("no answer to a ping: %v", err)
				return
			}
			_, ack = frame.(*h2.PingFrame)
		}
		answered <- struct{}{}
		go func() {
			io.WriteString(f.conn, next[5:])
			f.head(id, true, ":status", "200")
		}()
		f.drain()
	})
	sent := begin(t, c, post("/", io.MultiReader(strings.NewReader("hello"), pause(answered)), -1))
	if err := finish(t, "listening", listen(c, "POST")); err != nil {
		t.Fatal(err)
	}
	if err := finish(t, "Send", sent); err != nil {
		t.Error(err)
	}
}

// A pause ends when something comes.
type pause <-chan struct{}

func (p pause) Read([]byte) (int, error) {
	<-p
	return 0, io.EOF
}

// TestRepliesNobodyReads has a server that asks for ever more of them while it
// reads nothing, so that they can only be kept.
func TestRepliesNobodyReads(t *testing.T) {
	c, near := pipe(t, func(f *far) {
		id, _ := f.request()
		f.WriteSettings()
		for range mostControl {
			f.head(id, false, ":status", "103")
			for range 10 {
				if f.WritePing(false, [8]byte{}) != nil {
					return
				}
			}
		}
	})
	sent := begin(t, c, post("/", &pattern{}, -1))
	wantError(t, finish(t, "listening", listen(c, "POST")), "asks for replies and does not read them")
	near.Close()
	finish(t, "Send", sent)
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

// TestRefusalEndsSending has a server that refuses a body by its head, and says
// why only when no more of the body comes.
func TestRefusalEndsSending(t *testing.T) {
	stopped := make(chan bool)
	c, _ := script(t, func(f *far) {
		f.WriteSettings()
		id, _ := f.request()
		f.data(firstWindow)
		f.head(id, false, ":status", "400")
		select {
		case <-stopped:
		case <-time.After(patience):
		}
		f.WriteData(id, true, []byte("bad"))
		f.drain()
	})
	sent := begin(t, c, post("/", &pattern{}, -1))
	err := finish(t, "Send", sent)
	close(stopped)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.ReadHead("POST"); err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(c.Body()); err != nil || string(body) != "bad" || !c.Reusable() {
		t.Errorf("got %q, %v, reusable %v", body, err, c.Reusable())
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
