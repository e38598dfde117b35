package coding

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// encoder is one way to make a body of a coding.
type encoder struct {
	name, coding string
	writer       func(io.Writer) io.WriteCloser
}

func encoders() []encoder {
	return []encoder{
		{"gzip", "gzip", func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }},
		{"zlib", "deflate", func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }},
		{"bare deflate", "deflate", func(w io.Writer) io.WriteCloser {
			e, _ := flate.NewWriter(w, flate.BestCompression)
			return e
		}},
		{"br", "br", func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }},
		{"zstd", "zstd", func(w io.Writer) io.WriteCloser {
			e, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(zstdWindow))
			return e
		}},
	}
}

func (e encoder) encode(text string) []byte {
	var b bytes.Buffer
	w := e.writer(&b)
	io.WriteString(w, text)
	w.Close()
	return b.Bytes()
}

// decode reads a whole body, in small steps.
func decode(t *testing.T, d *Decoders, in io.Reader, codings ...string) (string, error) {
	t.Helper()
	r, err := d.Reader(codings, in)
	if err != nil {
		t.Fatalf("Reader(%q): %v", codings, err)
	}
	var b strings.Builder
	_, err = io.CopyBuffer(struct{ io.Writer }{&b}, struct{ io.Reader }{r}, make([]byte, 1000))
	if n, again := r.Read(make([]byte, 10)); err != nil && (n != 0 || again != err) {
		t.Errorf("Read after the error gives %d, %v; want 0, %v", n, again, err)
	}
	return b.String(), err
}

// prose is text that compresses a little, the same in every run.
func prose(size int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, size)
	for i := range b {
		b[i] = "etaoin shrdlu"[r.IntN(13)]
	}
	return string(b)
}

func TestReaderDecodesWhatWasEncoded(t *testing.T) {
	var d Decoders
	for _, text := range []string{"", "a", strings.Repeat("hello, world. ", 4000), prose(300_000)} {
		for _, e := range encoders() {
			for range 2 { // the second time with kept memory
				body := e.encode(text)
				if got, err := decode(t, &d, bytes.NewReader(body), e.coding); got != text || err != nil {
					t.Errorf("%s: %d bytes become %d, %v", e.name, len(text), len(got), err)
				}
				if got, err := decode(t, &d, iotest.OneByteReader(bytes.NewReader(body)), e.coding); got != text || err != nil {
					t.Errorf("%s byte by byte: %d bytes become %d, %v", e.name, len(text), len(got), err)
				}
			}
		}
	}
}

func TestReaderChain(t *testing.T) {
	var d Decoders
	text := prose(5000)
	body := text
	var codings []string
	for range 2 {
		for _, e := range encoders() {
			body = string(e.encode(body))
			codings = append(codings, strings.ToUpper(e.coding))
		}
	}
	codings = append(codings, "identity")
	if got, err := decode(t, &d, strings.NewReader(body), codings...); got != text || err != nil {
		t.Errorf("chain of %d codings gives %d bytes, %v; want %d", len(codings), len(got), err, len(text))
	}
}

// names are those of Accept.
func names() []string { return strings.Split(Accept, ", ") }

func TestReaderEmptyBody(t *testing.T) { // M12
	var d Decoders
	for _, name := range append(names(), "identity", "x-gzip") {
		if got, err := decode(t, &d, strings.NewReader(""), name); got != "" || err != nil {
			t.Errorf("%s of nothing gives %q, %v; want nothing", name, got, err)
		}
	}
}

func TestUnknown(t *testing.T) {
	var d Decoders
	_, err := d.Reader([]string{"gzip", "compress"}, strings.NewReader(""))
	if err == nil || err.Error() != `unknown content coding "compress"` {
		t.Errorf("got %v, want one for compress", err)
	}
	_, err = d.Reader([]string{strings.Repeat("ü", 300) + "\x1b"}, strings.NewReader(""))
	if err == nil || len(err.Error()) > 100 || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("a long name is told as %v", err)
	}
	for name, want := range map[string]bool{"GZIP": true, "x-gzip": true, "br": true, "zstd": true, "identity": true, "": false, "compress": false, "dcb": false} {
		if got := kindOf(name) != unknown; got != want {
			t.Errorf("%q: got known %v, want %v", name, got, want)
		}
	}
	for _, name := range names() {
		if kindOf(name) == unknown {
			t.Errorf("%s of Accept is not known", name)
		}
	}
}

// TestCutBody cuts bodies at every place: what comes out is a beginning of the
// text, and the error is that of an early end.
func TestCutBody(t *testing.T) { // M12
	var d Decoders
	text := strings.Repeat("0123456789 hello ", 30) + prose(200)
	for _, e := range encoders() {
		body := e.encode(text)
		for n := 1; n < len(body); n++ {
			got, err := decode(t, &d, bytes.NewReader(body[:n]), e.coding)
			if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(text, got) {
				t.Errorf("%s cut at %d of %d: %d bytes, %v; want a beginning and %v", e.name, n, len(body), len(got), err, io.ErrUnexpectedEOF)
			}
		}
	}
}

// TestCutBodyPrefix cuts a long body in the middle and behind its data.
func TestCutBodyPrefix(t *testing.T) { // M12
	var d Decoders
	text := prose(600_000)
	for _, e := range encoders() {
		body := e.encode(text)
		got, err := decode(t, &d, bytes.NewReader(body[:len(body)/2]), e.coding)
		if !errors.Is(err, io.ErrUnexpectedEOF) || len(got) < len(text)/4 || !strings.HasPrefix(text, got) {
			t.Errorf("%s cut in the middle gives %d of %d bytes, %v", e.name, len(got), len(text), err)
		}
		if e.coding == "br" || e.name == "bare deflate" {
			continue // which have no checksum at the end
		}
		if got, err = decode(t, &d, bytes.NewReader(body[:len(body)-2]), e.coding); got != text || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s without its last bytes gives %d of %d bytes, %v", e.name, len(got), len(text), err)
		}
	}
}

func TestDamagedBody(t *testing.T) { // M12
	text := prose(3000)
	gz, zs, br := encoders()[0].encode(text), encoders()[4].encode(text), encoders()[3].encode(text)
	flip := func(b []byte, fromEnd int) string {
		b = bytes.Clone(b)
		b[len(b)-fromEnd] ^= 1
		return string(b)
	}
	for _, tt := range []struct{ name, coding, body, want, fault string }{
		{"gzip checksum", "gzip", flip(gz, 6), text, "gzip: invalid checksum"},
		{"zstd checksum", "zstd", flip(zs, 1), text, "zstd: CRC check failed"},
		{"not gzip", "gzip", "hello, world", "", "not gzip, though Content-Encoding says so"},
		{"not zstd", "zstd", "hello, world", "", "not zstd, though Content-Encoding says so"},
		{"not brotli", "br", "\xff\xff\xff\xff\xff", "", "brotli: "},
		{"garbage behind gzip", "gzip", string(gz) + "garbage", text, ""},
		{"two members", "gzip", string(gz) + string(gz), text + text, ""},
		{"half a member behind gzip", "gzip", string(gz) + "\x1f\x8b\x08", text, io.ErrUnexpectedEOF.Error()},
		{"two frames", "zstd", string(zs) + string(zs), text + text, ""},
		{"a skippable frame", "zstd", "\x50\x2a\x4d\x18\x03\x00\x00\x00abc" + string(zs), text, ""},
		{"garbage behind zstd", "zstd", string(zs) + "garbage", text, "zstd: bytes behind the last frame"},
		{"garbage behind br", "br", string(br) + "garbage", text, "brotli: excessive input"},
	} {
		var d Decoders
		for range 2 {
			got, err := decode(t, &d, strings.NewReader(tt.body), tt.coding)
			fault := ""
			if err != nil {
				fault = err.Error()
			}
			if got != tt.want || !strings.HasPrefix(fault, tt.fault) || tt.fault == "" && fault != "" {
				t.Errorf("%s: got %d bytes, error %q; want %d, %q", tt.name, len(got), fault, len(tt.want), tt.fault)
			}
		}
	}
}

// TestBrokenInput checks that the error of the connection comes through as it
// is, wherever it happens, and even where the body could end.
func TestBrokenInput(t *testing.T) {
	var d Decoders
	broken := errors.New("the connection broke")
	text := strings.Repeat("hello ", 50)
	for _, e := range encoders() {
		body := e.encode(text)
		for _, n := range []int{0, 1, len(body) / 2, len(body) - 1, len(body)} {
			_, err := decode(t, &d, io.MultiReader(bytes.NewReader(body[:n]), iotest.ErrReader(broken)), e.coding)
			if whole := n == len(body); err != broken && !(whole && err == nil) {
				t.Errorf("%s broken at %d of %d gives %v, want %v", e.name, n, len(body), err, broken)
			}
		}
	}
	cut := iotest.ErrReader(io.ErrUnexpectedEOF) // which the zstd library takes for the end between frames
	if _, err := decode(t, &d, io.MultiReader(bytes.NewReader(encoders()[4].encode(text)), cut), "zstd"); err != io.ErrUnexpectedEOF {
		t.Errorf("zstd over a body that was cut gives %v, want %v", err, io.ErrUnexpectedEOF)
	}
}

// zeros is an endless body of zstd blocks that repeat one byte 128 KiB times.
type zeros struct{ sent int }

func (z *zeros) Read(p []byte) (int, error) {
	const header = "\x28\xb5\x2f\xfd\x00\x68" // 8 MiB window, no size, no checksum
	const block = "\x02\x00\x10\x00"
	for i := range p {
		if z.sent < len(header) {
			p[i] = header[z.sent]
		} else {
			p[i] = block[(z.sent-len(header))%len(block)]
		}
		z.sent++
	}
	return len(p), nil
}

// again is an endless repetition.
type again struct {
	body string
	at   int
}

func (a *again) Read(p []byte) (int, error) {
	n := copy(p, a.body[a.at:])
	a.at = (a.at + n) % len(a.body)
	return n, nil
}

// TestBombs reads 40 MiB of bodies that go on for ever, or for long, and
// counts the memory taken on the way.
func TestBombs(t *testing.T) { // L1, L3
	const size = 40 << 20
	var brotlied bytes.Buffer
	w := brotli.NewWriterLevel(&brotlied, 2)
	for range size/(1<<20) + 1 {
		w.Write(make([]byte, 1<<20))
	}
	w.Close()
	t.Logf("%d bytes of br for 41 MiB", brotlied.Len())
	for _, tt := range []struct {
		coding string
		in     io.Reader
	}{
		{"gzip", &again{body: string(encoders()[0].encode(strings.Repeat("\x00", 1<<20)))}},
		{"br", &brotlied},
		{"zstd", &zeros{}},
	} {
		var d Decoders
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, _ := d.Reader([]string{tt.coding}, tt.in)
		n, err := io.CopyN(io.Discard, r, size)
		runtime.ReadMemStats(&after)
		if n != size || err != nil {
			t.Errorf("%s: read %d, %v", tt.coding, n, err)
		}
		taken := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s: %d KiB taken", tt.coding, taken>>10)
		if taken > 20<<20 {
			t.Errorf("%s: reading 40 MiB took %d MiB of memory", tt.coding, taken>>20)
		}
	}
}

// TestZstdWindowTooLarge sends headers that ask for memory and nothing else.
func TestZstdWindowTooLarge(t *testing.T) {
	for _, tt := range []struct{ name, head string }{
		{"16 MiB window", "\x28\xb5\x2f\xfd\x00\x70"},
		{"the largest window", "\x28\xb5\x2f\xfd\x00\xff"},
		{"one segment of 1 GiB", "\x28\xb5\x2f\xfd\xa0\x00\x00\x00\x40"},
		{"one segment of 2^62", "\x28\xb5\x2f\xfd\xe0\x00\x00\x00\x00\x00\x00\x00\x40"},
	} {
		var d Decoders
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := decode(t, &d, strings.NewReader(tt.head+"\x03\x00\x10\x00"), "zstd")
		runtime.ReadMemStats(&after)
		if err == nil || err.Error() != "zstd: window size exceeded (8 MiB)" {
			t.Errorf("%s: %v", tt.name, err)
		}
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 4<<20 {
			t.Errorf("%s took %d KiB", tt.name, taken>>10)
		}
	}
}

// TestReaderHandsOutWhatHasCome checks that a part which was flushed is read
// before the next one is sent.
func TestReaderHandsOutWhatHasCome(t *testing.T) {
	var d Decoders
	for _, e := range encoders() {
		in, out := io.Pipe()
		w := e.writer(out)
		parts := []string{"data: one\n\n", "data: two\n\n", prose(100) + "\n\n"}
		next := make(chan string)
		go func() {
			for part := range next {
				io.WriteString(w, part)
				w.(interface{ Flush() error }).Flush()
			}
			w.Close()
			out.Close()
		}()
		r, _ := d.Reader([]string{e.coding}, in)
		for _, part := range parts {
			next <- part
			got := make([]byte, len(part))
			if _, err := io.ReadFull(r, got); string(got) != part || err != nil {
				t.Errorf("%s: got %q, %v; want %q", e.name, got, err, part)
			}
		}
		close(next)
		if rest, err := io.ReadAll(r); len(rest) != 0 || err != nil {
			t.Errorf("%s: %q, %v behind the last part", e.name, rest, err)
		}
	}
}

// TestKeptMemory decodes small bodies again and again: only the first may take
// memory worth mentioning.
func TestKeptMemory(t *testing.T) {
	for _, e := range encoders() {
		var d Decoders
		body := e.encode(strings.Repeat("hello, world. ", 100))
		in, p := bytes.NewReader(body), make([]byte, 4096)
		once := func() {
			in.Reset(body)
			r, _ := d.Reader([]string{e.coding}, in)
			for {
				if _, err := r.Read(p); err != nil {
					break
				}
			}
		}
		once()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		const rounds = 100
		for range rounds {
			once()
		}
		runtime.ReadMemStats(&after)
		if each := (after.TotalAlloc - before.TotalAlloc) / rounds; each > 8<<10 {
			t.Errorf("%s takes %d bytes for every body", e.name, each)
		}
	}
}

func TestNoGoroutineIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		var d Decoders
		r, _ := d.Reader([]string{"zstd"}, &zeros{})
		r.Read(make([]byte, 10))
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

// FuzzReader gives any bytes to every decoder: no panic, no endless loop, and
// the same outcome with kept memory.
func FuzzReader(f *testing.F) {
	for i, e := range encoders() {
		f.Add(uint8(i), e.encode("hello, hello, hello"))
	}
	f.Add(uint8(4), []byte("\x28\xb5\x2f\xfd\x00\x68\x03\x00\x10\x00"))
	f.Fuzz(func(t *testing.T, pick uint8, body []byte) {
		coding := names()[int(pick)%len(names())]
		const most = 1 << 20
		var d Decoders
		var first string
		for i := range 2 {
			r, _ := d.Reader([]string{coding}, bytes.NewReader(body))
			text, err := io.ReadAll(io.LimitReader(r, most))
			outcome := string(text)
			if err != nil {
				outcome += err.Error()
			}
			if i == 1 && outcome != first {
				t.Errorf("%s of %q: second time %.100q, first %.100q", coding, body, outcome, first)
			}
			first = outcome
		}
	})
}
