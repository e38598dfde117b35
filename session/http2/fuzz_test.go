package http2

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	h2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"sonde/session/http1"
)

// A tape is a connection whose server said everything beforehand.
type tape struct {
	net.Conn // nothing else is called
	io.Reader
}

func (t tape) Read(p []byte) (int, error)  { return t.Reader.Read(p) }
func (t tape) Write(p []byte) (int, error) { return len(p), nil }

// FuzzServer feeds a client any bytes. Whatever they are, each call returns, and
// what was received keeps its promises.
func FuzzServer(f *testing.F) {
	record := func(play func(*far)) []byte {
		var b bytes.Buffer
		w := &far{Framer: h2.NewFramer(&b, nil)}
		w.enc = hpack.NewEncoder(&w.pack)
		w.WriteSettings()
		play(w)
		return b.Bytes()
	}
	f.Add(record(func(w *far) {
		w.head(1, false, ":status", "200", "content-length", "2", "x-a", "b")
		w.WriteData(1, true, []byte("ok"))
		w.head(3, true, ":status", "204")
	}), false)
	f.Add(record(func(w *far) {
		w.WriteSettings(h2.Setting{ID: h2.SettingInitialWindowSize, Val: 10}, h2.Setting{ID: h2.SettingHeaderTableSize, Val: 0})
		w.WriteWindowUpdate(1, 100000)
		w.WriteWindowUpdate(0, 100000)
		w.WritePing(false, [8]byte{})
		w.head(1, false, ":status", "103", "link", "x")
		w.head(1, false, ":status", "200")
		w.WriteDataPadded(1, false, []byte("ok"), make([]byte, 9))
		w.head(1, true, "x-sum", "1")
		w.WriteGoAway(1, h2.ErrCodeNo, []byte("bye"))
	}), true)
	f.Add(record(func(w *far) {
		b := w.block(":status", "200", "etag", "x")
		w.WriteHeaders(h2.HeadersFrameParam{StreamID: 1, BlockFragment: b[:3], PadLength: 3})
		w.WriteContinuation(1, true, b[3:])
		w.WriteRSTStream(1, h2.ErrCodeCancel)
	}), true)
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"), false)
	f.Fuzz(func(t *testing.T, received []byte, upload bool) {
		c := NewConn(tape{Reader: bytes.NewReader(received)}, "https")
		over := time.AfterFunc(patience, func() { panic("a call never returned") })
		defer over.Stop()
		for range 3 {
			r := get("/")
			if upload {
				r = post("/", strings.NewReader(strings.Repeat("x", 100000)), 100000)
			}
			h, body, err := exchange(c, r)
			if h != nil {
				checkHead(t, h)
			}
			if err == nil && c.Body().Length() >= 0 && int64(len(body)) != c.Body().Length() {
				t.Errorf("got %d bytes of a body of %d", len(body), c.Body().Length())
			}
			c.Buffered()
			c.Refused()
			if !c.Reusable() {
				break
			}
			if err != nil {
				t.Errorf("reusable after %v", err)
			}
		}
		if c.Probe() == nil {
			t.Error("a closed connection is alive")
		}
	})
}

// checkHead has one line for each field, and nothing in one that could be more.
func checkHead(t *testing.T, h *http1.Head) {
	if h.Status < 200 || h.Status > 999 || strings.Count(string(h.Raw), "\n") != len(h.Header)+2 {
		t.Errorf("got status %d and %d fields in %q", h.Status, len(h.Header), h.Raw)
	}
	for _, f := range h.Header {
		if http1.CheckField(f.Name, "") != nil || strings.ToLower(f.Name) != f.Name || strings.ContainsAny(f.Value, "\x00\r\n") {
			t.Errorf("got the field %q", f)
		}
	}
}
