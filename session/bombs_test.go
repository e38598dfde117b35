package session

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// A bomb is a small body that becomes a large one.
type bomb struct {
	name, coding string
	make         func() []byte
	size         int64 // decoded
}

// repeated compresses the same zeros again and again, which gives the same bytes
// every time but for the first, so that a bomb of any size is made at once.
func repeated(w interface {
	io.Writer
	Flush() error
}, out *bytes.Buffer, step, size int) []byte {
	zeros := make([]byte, step)
	w.Write(zeros)
	w.Flush()
	first := out.Len()
	w.Write(zeros)
	w.Flush()
	again := out.Bytes()[first:]
	return append(bytes.Clone(out.Bytes()[:first]), bytes.Repeat(again, size/step-1)...)
}

func gzipBomb(size int) []byte {
	var out bytes.Buffer
	return repeated(gzip.NewWriter(&out), &out, 4<<20, size)
}

func zipped(body []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(body)
	w.Close()
	return out.Bytes()
}

func brotliBomb(size int) []byte {
	var out bytes.Buffer
	return repeated(brotli.NewWriterOptions(&out, brotli.WriterOptions{Quality: 5}), &out, 16<<20, size)
}

// zstdBomb writes the blocks itself: each says in four bytes that one byte is
// repeated 128 KiB times (RFC 8878, section 3.1.1.2).
func zstdBomb(size int) []byte {
	return append(zstdFrame(0, 0x68), bytes.Repeat([]byte{0x02, 0x00, 0x10, 0x00}, size/(128<<10))...)
}

// zstdFrame begins a frame (section 3.1.1.1).
func zstdFrame(descriptor byte, rest ...byte) []byte {
	return append(append(binary.LittleEndian.AppendUint32(nil, 0xFD2FB528), descriptor), rest...)
}

func bombs() []bomb {
	const quarter, giga = 256 << 20, 1 << 30
	return []bomb{
		{"gzip", "gzip", func() []byte { return gzipBomb(quarter) }, quarter}, // 254 KB
		{"twice", "gzip, gzip", func() []byte { return zipped(gzipBomb(giga)) }, giga},
		{"brotli", "br", func() []byte { return brotliBomb(10 * giga) }, 10 * giga},
		{"zstd", "zstd", func() []byte { return zstdBomb(giga) }, giga},
		{"zipped-zstd", "zstd, gzip", func() []byte { return zipped(zstdBomb(giga)) }, giga},
		{"gzip-in-brotli", "gzip, br", func() []byte { return brotliBombOf(gzipBomb(quarter)) }, quarter},
	}
}

func brotliBombOf(body []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, 2)
	w.Write(body)
	w.Close()
	return out.Bytes()
}

// allocated returns how many bytes f takes from the heap, whether it gives them
// back or not.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// TestBombs stops at the limit of decoded bytes, with no more memory than that,
// whatever the coding, whether the body is kept or saved.
func TestBombs(t *testing.T) { // L1, L3
	limits := []int64{8 << 20, DefaultSettings().MaxDecoded}
	for i, b := range bombs() {
		if i > 0 && !heavy() {
			limits = limits[:1]
		}
		t.Run(b.name, func(t *testing.T) {
			body := b.make()
			answer := []byte(head200 + "Content-Encoding: " + b.coding + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(string(body), 16<<10))
			srv := serve(t, func(w io.Writer, r *received) bool {
				if r.Target == "/good" {
					reply(w, 200, "good")
					return true
				}
				w.Write(answer)
				return true
			})
			for _, limit := range limits {
				explode(t, srv, &b, int64(len(body)), limit, false)
			}
			explode(t, srv, &b, int64(len(body)), limits[0], true)
		})
	}
}

func explode(t *testing.T, srv *server, b *bomb, coded, limit int64, saved bool) {
	t.Helper()
	s := based(t, srv)
	defer s.Close()
	s.Settings.MaxDecoded = limit
	r := get("/bomb")
	if saved {
		f, err := os.Create(filepath.Join(t.TempDir(), "out"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r.SaveTo = f
	}
	var x *Exchange
	var err error
	var saw watcher
	took := allocated(func() { x, err = s.Do(context.Background(), r, saw.watch()) })
	if err != nil || !x.Truncated || x.Body.Len() != limit || len(saw.of(NoticeTruncated)) != 1 {
		t.Fatalf("%s, limit %d: got %d bytes, truncated %v, %v, %v", b.name, limit, x.Body.Len(), x.Truncated, err, saw.notices)
	}
	if most := min(limit, s.Settings.SpillOver)*5/2 + 24<<20; took > most {
		t.Errorf("%s, limit %d, saved %v: took %d bytes of memory, want at most %d", b.name, limit, saved, took, most)
	}
	if x.WireSize > coded || coded > 200<<10 && x.WireSize > coded/2 {
		t.Errorf("%s: %d of %d bytes were read", b.name, x.WireSize, coded)
	}
	var n tally
	if _, err := x.Body.WriteTo(&n); err != nil || int64(n) != limit {
		t.Errorf("%s: wrote %d bytes, %v", b.name, n, err)
	}
	if after := do(t, s, get("/good")); string(after.Body.Bytes()) != "good" || after.Conn.Reused {
		t.Errorf("%s: the request after it got %q on the same connection: %v", b.name, after.Body.Bytes(), after.Conn.Reused)
	}
}

// A tally counts zeros.
type tally int64

func (n *tally) Write(p []byte) (int, error) {
	*n += tally(bytes.Count(p, []byte{0}))
	return len(p), nil
}

// TestGreedyDecoders refuses frames that ask for more memory than any sensible
// one needs, before they get it.
func TestGreedyDecoders(t *testing.T) { // L3
	block := "\x02\x00\x10\x00\x03\x00\x10\x00"
	for _, tt := range []struct{ name, coding, body string }{
		{"a zstd window of 3 TiB", "zstd", string(zstdFrame(0, 0xff)) + block},
		{"a zstd window of 2 GiB", "zstd", string(zstdFrame(0, 21<<3)) + block},
		{"one zstd segment of 1 TiB", "zstd", string(zstdFrame(0xe0, 0, 0, 0, 0, 0, 1, 0, 0)) + block},
		{"a large brotli window", "br", "\x11\x1e" + strings.Repeat("\x00", 64)},
	} {
		srv := serve(t, func(w io.Writer, r *received) bool {
			reply(w, 200, tt.body, "Content-Encoding: "+tt.coding)
			return true
		})
		s := based(t, srv)
		var err error
		var x *Exchange
		took := allocated(func() { x, err = s.Do(context.Background(), get("/"), Watch{}) })
		if err == nil || x == nil || x.Err == nil || took > 40<<20 {
			t.Errorf("%s: got %v with %d bytes of memory", tt.name, err, took)
		}
		srv.stop()
	}
}

// TestManyCodings counts the codings of all fields before anything is decoded.
func TestManyCodings(t *testing.T) { // L2
	for _, tt := range []struct {
		fields string
		most   int
		want   string
	}{
		{"gzip, br, zstd, deflate, gzip, br", 0, "too many content codings (6 > 5)"},
		{"gzip,br\r\nContent-Encoding: zstd\r\ncontent-encoding: gzip,gzip ,br", 0, "too many content codings (6 > 5)"},
		{strings.Repeat("x, ", 999) + "x", 0, "too many content codings (1000 > 5)"},
		{strings.Repeat("identity, ", 999) + "identity", 0, ""},
		{"gzip, gzip", 1, "too many content codings (2 > 1)"},
		{"gzip, gzip, gzip, gzip, gzip, gzip", 6, ""},
	} {
		body := []byte("hello")
		for range strings.Count(tt.fields, "gzip") {
			if tt.want == "" {
				body = zipped(body)
			}
		}
		srv := serve(t, func(w io.Writer, r *received) bool {
			reply(w, 200, string(body), "Content-Encoding: "+tt.fields)
			return true
		})
		s := based(t, srv)
		s.Settings.MaxCodings = tt.most
		x, err := s.Do(context.Background(), get("/"), Watch{})
		switch {
		case tt.want == "" && (err != nil || string(x.Body.Bytes()) != "hello"):
			t.Errorf("%.60q: got %v, want the body", tt.fields, err)
		case tt.want != "" && (err == nil || x == nil || !strings.Contains(err.Error(), tt.want) || x.Body.Len() > 0):
			t.Errorf("%.60q: got %v, want %q", tt.fields, err, tt.want)
		}
		srv.stop()
	}
}
