package http2

import (
	"errors"
	"strings"
	"testing"
	"time"

	h2 "golang.org/x/net/http2"
)

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
