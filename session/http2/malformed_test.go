package http2

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	h2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"sonde/session/http1"
)

// TestMalformed is about what a server can get wrong: what is an error, what
// leaves the body incomplete, and what is accepted, with what warning.
func TestMalformed(t *testing.T) {
	const ok, st = "200", ":status"
	head := func(pairs ...string) func(*far, uint32) {
		return func(f *far, id uint32) { f.head(id, true, pairs...) }
	}
	body := func(after func(*far, uint32), pairs ...string) func(*far, uint32) {
		return func(f *far, id uint32) {
			f.head(id, false, append([]string{st, ok}, pairs...)...)
			after(f, id)
		}
	}
	data := func(text string, end bool) func(*far, uint32) {
		return func(f *far, id uint32) { f.WriteData(id, end, []byte(text)) }
	}
	settings := func(s ...h2.Setting) func(*far, uint32) {
		return func(f *far, id uint32) { f.WriteSettings(s...); f.head(id, true, st, ok) }
	}
	for _, tt := range []struct {
		name  string
		send  func(*far, uint32)
		head  string // in the error of the head
		body  string // in the error of the body
		warn  string // in a warning
		got   string // body
		reuse bool
	}{
		{name: "fine", send: body(data("ok", true), "content-length", "2"), got: "ok", reuse: true},
		{name: "no body", send: head(st, ok), reuse: true},
		{name: "blanks", send: head(st, ok, "x-a", " b\t"), warn: "x-a", reuse: true},
		{name: "a cookie with a control character", send: head(st, ok, "set-cookie", "a=\x01"), reuse: true},
		{name: "equal lengths", send: body(data("ok", true), "content-length", "2, 2", "content-length", "2"), got: "ok", reuse: true},
		{name: "unknown length", send: body(data("ok", true)), got: "ok", reuse: true},
		{name: "an end of its own", send: body(func(f *far, id uint32) {
			f.WriteData(id, false, []byte("ok"))
			f.WriteData(id, true, nil)
		}, "content-length", "2"), got: "ok", reuse: true},
		{name: "padding", send: body(func(f *far, id uint32) {
			f.WriteDataPadded(id, false, []byte("o"), make([]byte, 200))
			f.WriteDataPadded(id, false, nil, make([]byte, 255))
			f.WriteDataPadded(id, true, []byte("k"), make([]byte, 3))
		}, "content-length", "2"), got: "ok", reuse: true},
		{name: "mostly padding", send: body(func(f *far, id uint32) { // more of it than the window
			var b bytes.Buffer
			w := h2.NewFramer(&b, nil)
			for range streamWindow/256 + 1 {
				w.WriteDataPadded(id, false, []byte("x"), make([]byte, 255))
			}
			w.WriteData(id, true, nil)
			f.conn.Write(b.Bytes())
		}), got: strings.Repeat("x", streamWindow/256+1), reuse: true},
		{name: "frames nobody knows", send: func(f *far, id uint32) {
			f.WriteRawFrame(0xfa, 0xff, id, []byte("x"))
			f.WritePriority(id, h2.PriorityParam{StreamDep: 7})
			f.head(id, true, st, ok)
		}, reuse: true},
		{name: "upper case", send: head(st, ok, "X-Up", "1"), head: `may not be in a header name, "X-Up"`},
		{name: "a blank in a name", send: head(st, ok, "x up", "1"), head: "may not be in a header name"},
		{name: "a name that is empty", send: head(st, ok, "", "1"), head: "without a name"},
		{name: "a line break in a value", send: head(st, ok, "x-a", "b\r\nx-c: d"), head: `control character in the value of "x-a"`},
		{name: "a line break in a cookie", send: head(st, ok, "set-cookie", "a=b\nx-c: d"), head: `control character in the value of "set-cookie"`},
		{name: "NUL in a value", send: head(st, ok, "x-a", "\x00"), head: "control character"},
		{name: "ESC in a value", send: head(st, ok, "x-a", "\x1b[2J"), head: "control character"},
		{name: "no status", send: head("x-a", "b"), head: "no :status"},
		{name: "two statuses", send: head(st, ok, st, ok), head: "more than once"},
		{name: "status after fields", send: head("x-a", "b", st, ok), head: "after other fields"},
		{name: "status of four digits", send: head(st, "2000"), head: `"2000" is no status code`},
		{name: "status below 100", send: head(st, "099"), head: "no status code"},
		{name: "status of letters", send: head(st, "2x0"), head: "no status code"},
		{name: "pseudo-header of a request", send: head(st, ok, ":path", "/"), head: `no place there, ":path"`},
		{name: "connection", send: head(st, ok, "connection", "close"), head: "HTTP/2 does not have, connection"},
		{name: "transfer-encoding", send: head(st, ok, "transfer-encoding", "chunked"), head: "HTTP/2 does not have"},
		{name: "two lengths", send: head(st, ok, "content-length", "1", "content-length", "2"), head: "two different Content-Lengths"},
		{name: "negative length", send: head(st, ok, "content-length", "-1"), head: "no number of bytes"},
		{name: "signed length", send: head(st, ok, "content-length", "+1"), head: "no number of bytes"},
		{name: "huge length", send: head(st, ok, "content-length", "99999999999999999999"), head: "no number of bytes"},
		{name: "empty length", send: head(st, ok, "content-length", ""), head: "no number of bytes"},
		{name: "switching protocols", send: head(st, "101"), head: "switched protocols"},
		{name: "the end in an interim head", send: head(st, "103"), head: "ends with an interim head"},
		{name: "body before the head", send: data("x", true), head: "a body where none may be"},
		{name: "shorter than its length", send: body(data("ok", true), "content-length", "3"), got: "ok", body: "incomplete body, 2 of 3 bytes: the server ended it"},
		{name: "no body but a length", send: head(st, ok, "content-length", "3"), body: "incomplete body, 0 of 3 bytes"},
		{name: "longer than its length", send: body(data("okay", true), "content-length", "2"), got: "ok", body: "sent more than that"},
		{name: "a body of 204", send: func(f *far, id uint32) { f.head(id, false, st, "204"); f.WriteData(id, true, []byte("x")) }, body: "sent more than that"},
		{name: "204 with an end of its own", send: func(f *far, id uint32) { f.head(id, false, st, "204"); f.WriteData(id, true, nil) }, reuse: true},
		{name: "304 with a length", send: head(st, "304", "content-length", "7"), reuse: true},
		{name: "a second head", send: body(func(f *far, id uint32) { f.head(id, false, st, ok) }), body: "no place there"},
		{name: "a head in the middle", send: body(func(f *far, id uint32) { f.head(id, false, "x-a", "b") }), body: "second head"},
		{name: "pseudo-header in the trailer", send: body(func(f *far, id uint32) { f.head(id, true, st, ok) }), body: "in the trailer"},
		{name: "control in the trailer", send: body(func(f *far, id uint32) { f.head(id, true, "x-a", "\x1b") }), body: "in the trailer: a control character"},
		{name: "push", send: func(f *far, id uint32) {
			f.WritePushPromise(h2.PushPromiseParam{StreamID: id, PromiseID: 2, EndHeaders: true, BlockFragment: f.block(":method", "GET")})
		}, head: "pushed"},
		{name: "push allowed", send: settings(h2.Setting{ID: h2.SettingEnablePush, Val: 1}), head: "out of range"},
		{name: "window out of range", send: settings(h2.Setting{ID: h2.SettingInitialWindowSize, Val: 1 << 31}), head: "SETTINGS frame (FLOW_CONTROL_ERROR)"},
		{name: "reset of a stream to come", send: func(f *far, id uint32) { f.WriteRSTStream(id+2, h2.ErrCodeCancel) }, head: "does not exist"},
		{name: "reset of a stream of the server", send: func(f *far, id uint32) { f.WriteRSTStream(2, h2.ErrCodeCancel) }, head: "does not exist"},
		{name: "frame size out of range", send: settings(h2.Setting{ID: h2.SettingMaxFrameSize, Val: 1}), head: "out of range"},
		{name: "settings of a stream", send: func(f *far, id uint32) { f.WriteRawFrame(h2.FrameSettings, 0, id, nil) }, head: "malformed or misplaced SETTINGS"},
		{name: "settings cut", send: func(f *far, id uint32) { f.WriteRawFrame(h2.FrameSettings, 0, 0, []byte{1}) }, head: "FRAME_SIZE_ERROR"},
		{name: "ping cut", send: func(f *far, id uint32) { f.WriteRawFrame(h2.FramePing, 0, 0, []byte{1}) }, head: "PING"},
		{name: "window by nothing", send: func(f *far, id uint32) { f.WriteRawFrame(h2.FrameWindowUpdate, 0, id, make([]byte, 4)) }, head: "WINDOW_UPDATE"},
		{name: "window too wide", send: func(f *far, id uint32) { f.WriteWindowUpdate(0, 1<<31-1) }, head: "more be sent than"},
		{name: "window of a stream too wide", send: func(f *far, id uint32) { f.WriteWindowUpdate(id, 1<<31-1) }, head: "more be sent than"},
		{name: "window of a stream to come", send: func(f *far, id uint32) { f.WriteWindowUpdate(id+2, 1) }, head: "does not exist"},
		{name: "head of a stream to come", send: func(f *far, id uint32) { f.head(id+2, true, st, ok) }, head: "belongs to no request"},
		{name: "head of stream 0", send: func(f *far, id uint32) {
			f.AllowIllegalWrites = true
			f.head(0, true, st, ok)
		}, head: "HEADERS"},
		{name: "frame too large", send: func(f *far, id uint32) { f.WriteRawFrame(h2.FrameData, 0, id, make([]byte, 16<<10+1)) }, head: "larger than it may"},
		{name: "continuation of nothing", send: func(f *far, id uint32) { f.WriteContinuation(id, true, nil) }, head: "CONTINUATION"},
		{name: "interrupted head", send: func(f *far, id uint32) {
			f.WriteHeaders(h2.HeadersFrameParam{StreamID: id, BlockFragment: f.block(st, ok)})
			f.WritePing(false, [8]byte{})
		}, head: "PING"},
		{name: "data in a head", send: func(f *far, id uint32) {
			f.WriteHeaders(h2.HeadersFrameParam{StreamID: id, BlockFragment: f.block(st, ok)})
			f.WriteData(id, true, nil)
		}, head: "a body where none may be"},
		{name: "data in a trailer", send: body(func(f *far, id uint32) {
			f.WriteHeaders(h2.HeadersFrameParam{StreamID: id, EndStream: true, BlockFragment: f.block("x-a", "b")})
			f.WriteData(id, true, nil)
		}), body: "a body where none may be"},
		{name: "padding too long", send: body(func(f *far, id uint32) { f.WriteRawFrame(h2.FrameData, h2.FlagDataPadded, id, []byte{9, 1}) }), body: "more padding"},
		{name: "padding without room", send: body(func(f *far, id uint32) { f.WriteRawFrame(h2.FrameData, h2.FlagDataPadded, id, nil) }), body: "more padding"},
		{name: "no such table entry", send: func(f *far, id uint32) {
			f.WriteHeaders(h2.HeadersFrameParam{StreamID: id, BlockFragment: []byte{0xff, 0xff, 0x7f}, EndHeaders: true})
		}, head: "not compressed as it must be"},
		{name: "compression cut", send: func(f *far, id uint32) {
			b := f.block(st, ok, "x-a", "bcdefgh")
			f.WriteHeaders(h2.HeadersFrameParam{StreamID: id, BlockFragment: b[:len(b)-2], EndHeaders: true})
		}, head: "not compressed as it must be"},
		{name: "300 KiB in one value", send: func(f *far, id uint32) { split(f, id, f.block(st, ok, "x-a", strings.Repeat("\x7e", 400<<10))) }, head: "larger than 300 KiB"},
		{name: "525 KiB for 150", send: func(f *far, id uint32) {
			b := append(f.block(st, ok), 0, 3, 'x', '-', 'a', 0xff, 0x81, 0x9f, 0x20) // literal, its length in four bytes
			split(f, id, hpack.AppendHuffmanString(b, strings.Repeat("\xf9", 150<<10)))
		}, head: "larger than 300 KiB"},
		{name: "5001 fields", send: func(f *far, id uint32) {
			pairs := []string{st, ok}
			for range 5000 {
				pairs = append(pairs, "x-a", "b")
			}
			split(f, id, f.block(pairs...))
		}, head: "more than 5000 lines"},
		{name: "a large field a thousand times", send: func(f *far, id uint32) {
			pairs := []string{st, ok}
			for range 1000 { // one byte each, from the table
				pairs = append(pairs, "x-a", strings.Repeat("b", 3000))
			}
			split(f, id, f.block(pairs...))
		}, head: "larger than 300 KiB"},
		{name: "endless interim heads", send: func(f *far, id uint32) {
			for range 5001 {
				f.head(id, false, st, "103")
			}
		}, head: "more than 5000 lines"},
		{name: "many continuations", send: func(f *far, id uint32) {
			f.WriteHeaders(h2.HeadersFrameParam{StreamID: id, BlockFragment: f.block(st, ok)})
			for range 1001 {
				f.WriteContinuation(id, false, nil)
			}
		}, head: "more than 1000 control frames"},
		{name: "many pings", send: func(f *far, id uint32) { flood(func() { f.WritePing(false, [8]byte{1}) }) }, head: "more than 1000 control frames"},
		{name: "many settings", send: func(f *far, id uint32) { flood(func() { f.WriteSettings() }) }, head: "more than 1000 control frames"},
		{name: "many window updates", send: func(f *far, id uint32) { flood(func() { f.WriteWindowUpdate(0, 1) }) }, head: "more than 1000 control frames"},
		{name: "many empty frames", send: body(func(f *far, id uint32) { flood(func() { f.WriteData(id, false, nil) }) }), body: "more than 1000 control frames"},
		{name: "much padding", send: body(func(f *far, id uint32) { flood(func() { f.WriteDataPadded(id, false, nil, make([]byte, 99)) }) }), body: "more than 1000 control frames"},
		{name: "reset before the head", send: func(f *far, id uint32) { f.WriteRSTStream(id, h2.ErrCodeInternal) }, head: "the server ended the exchange: a fault inside the server (INTERNAL_ERROR)"},
		{name: "reset in the body", send: body(func(f *far, id uint32) {
			f.WriteData(id, false, []byte("ok"))
			f.WriteRSTStream(id, h2.ErrCodeEnhanceYourCalm)
		}, "content-length", "3"), got: "ok", body: "incomplete body, 2 of 3 bytes: the server ended the exchange: it is asked too much of (ENHANCE_YOUR_CALM)"},
		{name: "reset with an unknown code", send: func(f *far, id uint32) { f.WriteRSTStream(id, 77) }, head: "code 77"},
		{name: "reset after the end", send: body(func(f *far, id uint32) {
			f.WriteData(id, true, []byte("ok"))
			f.WriteRSTStream(id, h2.ErrCodeNo)
		}), got: "ok", reuse: true},
		{name: "data after the end", send: body(func(f *far, id uint32) { // at once
			f.conn.Write([]byte("\x00\x00\x02\x00\x01\x00\x00\x00\x01ok\x00\x00\x02\x00\x01\x00\x00\x00\x01ko"))
		}), got: "ok"},
		{name: "going away afterwards", send: func(f *far, id uint32) { f.WriteGoAway(id, h2.ErrCodeNo, nil); f.head(id, true, st, ok) }},
		{name: "going away", send: func(f *far, id uint32) {
			f.WriteGoAway(id, h2.ErrCodeEnhanceYourCalm, []byte("too_many_\x1bpings"))
		}, head: `the server is closing the connection: it is asked too much of (ENHANCE_YOUR_CALM), "too_many_\x1bpings"`},
		{name: "going away in the body", send: body(func(f *far, id uint32) { f.WriteGoAway(id, h2.ErrCodeInternal, nil) }), body: "the server is closing the connection: a fault inside the server"},
		{name: "closed before the head", send: func(f *far, id uint32) {}, head: "EOF"},
		{name: "closed in the head", send: func(f *far, id uint32) {
			f.WriteHeaders(h2.HeadersFrameParam{StreamID: id, BlockFragment: f.block(st, ok)})
		}, head: "the answer's head is cut"},
		{name: "closed in a frame", send: func(f *far, id uint32) { f.conn.Write([]byte{0, 0, 9, 1}) }, head: "unexpected EOF"},
		{name: "closed in the body", send: body(data("ok", false)), got: "ok", body: "incomplete body after 2 bytes: the server closed the connection"},
		{name: "closed in a frame of the body", send: body(func(f *far, id uint32) { f.conn.Write([]byte{0, 0, 9, 0, 0, 0, 0, 0, 1, 'o', 'k'}) }), got: "ok", body: "the server closed the connection"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := script(t, func(f *far) {
				f.WriteSettings()
				id, _ := f.request()
				tt.send(f, id)
				f.AllowIllegalReads = true
				if !strings.HasPrefix(tt.name, "closed") && !strings.HasPrefix(tt.name, "going away") {
					f.drain()
				}
			})
			h, body, err := exchange(c, get("/"))
			switch {
			case tt.head != "":
				wantError(t, err, tt.head)
				if h != nil {
					t.Error("there is a head")
				}
			case tt.body != "":
				wantError(t, err, tt.body)
				if _, ok := errors.AsType[*http1.IncompleteError](err); !ok {
					t.Errorf("got a %T, want an IncompleteError", err)
				}
				if !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("%v is no unexpected end", err)
				}
			case err != nil:
				t.Fatal(err)
			case tt.warn != "" && !strings.Contains(fmt.Sprint(h.Warnings), tt.warn):
				t.Errorf("got warnings %q, want %q", h.Warnings, tt.warn)
			}
			if body != tt.got {
				t.Errorf("got body %q, want %q", body, tt.got)
			}
			if c.Reusable() != tt.reuse {
				t.Errorf("reusable: got %v, want %v", !tt.reuse, tt.reuse)
			}
		})
	}
}

// flood does more than a client takes.
func flood(send func()) {
	for range 1100 {
		send()
	}
}

// split sends a block in as many frames as it takes.
func split(f *far, id uint32, block []byte) {
	n := min(len(block), maxFrame)
	f.WriteHeaders(h2.HeadersFrameParam{StreamID: id, BlockFragment: block[:n], EndStream: true, EndHeaders: n == len(block)})
	for block = block[n:]; len(block) > 0; block = block[n:] {
		n = min(len(block), maxFrame)
		f.WriteContinuation(id, n == len(block), block[:n])
	}
}

func TestNotHTTP2(t *testing.T) {
	for _, answer := range []string{
		"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "SSH",
		"\x00\x00\x00\x07\x00\x00\x00\x00\x00", // a frame, but not the first one
	} {
		c, _ := script(t, func(f *far) { io.WriteString(f.conn, answer) })
		_, _, err := exchange(c, get("/"))
		e, ok := errors.AsType[*http1.HeadError](err)
		if !ok || e.Cause != "the answer is not HTTP/2" || string(e.Raw) != answer {
			t.Errorf("got %v, raw %q; want %q", err, e.Raw, answer)
		}
	}
}

// TestHeadErrorShowsWhatCame has the fields so far in the error of a bad head.
func TestHeadErrorShowsWhatCame(t *testing.T) {
	c, _ := script(t, func(f *far) {
		f.WriteSettings()
		id, _ := f.request()
		f.head(id, true, ":status", "200", "x-a", "b", "X-C", "d", "x-e", "f")
		f.drain()
	})
	_, _, err := exchange(c, get("/"))
	e, ok := errors.AsType[*http1.HeadError](err)
	if want := "HTTP/2 200\r\nx-a: b\r\n\r\n"; !ok || string(e.Raw) != want {
		t.Errorf("got %v, want raw %q", err, want)
	}
}

// TestGoodbyeAfterViolation has the server told why the connection ends.
func TestGoodbyeAfterViolation(t *testing.T) {
	told := make(chan []string, 1)
	c, conn := script(t, func(f *far) {
		f.WriteSettings()
		id, _ := f.request()
		f.WriteHeaders(h2.HeadersFrameParam{StreamID: id, BlockFragment: []byte{0x80}, EndHeaders: true})
		told <- f.drain()
	})
	_, _, err := exchange(c, get("/"))
	wantError(t, err, "not compressed")
	conn.Close()
	if got := <-told; len(got) == 0 || got[len(got)-1] != "GOAWAY COMPRESSION_ERROR" {
		t.Errorf("the server got %q, want GOAWAY COMPRESSION_ERROR last", got)
	}
}

// TestHeadInPieces has a head arrive in frames that cut its fields anywhere.
func TestHeadInPieces(t *testing.T) {
	c, _ := script(t, func(f *far) {
		f.WriteSettings()
		id, _ := f.request()
		b := f.block(":status", "200", "etag", `"x"`, "set-cookie", "a=1", "x-b", "two", "set-cookie", "b=2", "x-latin", "caf\xe9")
		f.WriteHeaders(h2.HeadersFrameParam{StreamID: id, BlockFragment: b[:1], EndStream: true, PadLength: 7, Priority: h2.PriorityParam{Weight: 3}})
		for i := 1; i < len(b); i++ {
			f.WriteContinuation(id, i == len(b)-1, b[i:i+1])
		}
		f.drain()
	})
	h, _, err := exchange(c, get("/"))
	if err != nil {
		t.Fatal(err)
	}
	want := []http1.Field{{Name: "etag", Value: `"x"`}, {Name: "set-cookie", Value: "a=1"}, {Name: "x-b", Value: "two"}, {Name: "set-cookie", Value: "b=2"}, {Name: "x-latin", Value: "caf\xe9"}}
	if fmt.Sprint(h.Header) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", h.Header, want)
	}
}

// TestLimits sets other limits of heads than the usual ones, which the server is
// told and held to.
func TestLimits(t *testing.T) {
	large := []string{":status", "200", "x-large", strings.Repeat("x", 2000)}
	many := []string{":status", "200"}
	for range 20 {
		many = append(many, "x", "y")
	}
	for _, tt := range []struct {
		limits http1.Limits
		head   []string
		told   uint32
		want   string
	}{
		{http1.Limits{}, large, 300 << 10, ""},
		{http1.Limits{}, many, 300 << 10, ""},
		{http1.Limits{Head: 1 << 10}, large, 1 << 10, "the answer's head is larger than 1 KiB"},
		{http1.Limits{Head: 1500}, large, 1500, "the answer's head is larger than 1500 bytes"},
		{http1.Limits{Head: 400 << 10}, append(large, "x-more", strings.Repeat("x", 350<<10)), 400 << 10, ""},
		{http1.Limits{Head: 10}, many, 10, "the answer's head is larger than 10 bytes"},
		{http1.Limits{Lines: 10}, many, 300 << 10, "the answer's head has more than 10 lines"},
		{http1.Limits{Lines: 21}, many, 300 << 10, ""},
	} {
		told := make(chan uint32, 1)
		c, _ := script(t, func(f *far) {
			frame, err := f.ReadFrame()
			if err != nil {
				t.Error(err)
				return
			}
			size, _ := frame.(*h2.SettingsFrame).Value(h2.SettingMaxHeaderListSize)
			told <- size
			id, _ := f.request()
			f.WriteSettings()
			rest := f.block(tt.head...)
			part := rest[:min(len(rest), maxFrame)]
			rest = rest[len(part):]
			f.WriteHeaders(h2.HeadersFrameParam{StreamID: id, BlockFragment: part, EndStream: true, EndHeaders: len(rest) == 0})
			for len(rest) > 0 {
				part = rest[:min(len(rest), maxFrame)]
				rest = rest[len(part):]
				f.WriteContinuation(id, len(rest) == 0, part)
			}
			f.drain()
		})
		c.Limit(tt.limits)
		_, _, err := exchange(c, get("/"))
		if got := <-told; got != tt.told {
			t.Errorf("%+v: the server was told %d, want %d", tt.limits, got, tt.told)
		}
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%+v: got %v", tt.limits, err)
		case tt.want != "":
			wantError(t, err, tt.want)
		}
	}
}
