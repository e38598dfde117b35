package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// shapes returns the ways a body can be sent: its framing and its coding.
func shapes(body []byte) map[string]string {
	coded := string(zipped(body))
	return map[string]string{
		"length":         fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head200, len(body), body),
		"chunks":         chunked + chunks(string(body), 7777),
		"until the end":  head200 + "Connection: close\r\n\r\n" + string(body),
		"gzip, length":   fmt.Sprintf("%sContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", head200, len(coded), coded),
		"brotli, chunks": head200 + "Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(string(brotliBombOf(body)), 7777),
	}
}

// noise returns bytes that do not compress, so that every one of them counts.
func noise(size int) []byte {
	b := make([]byte, size)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

// openSpills returns how many files of the program are temporary ones for bodies; -1
// if the system does not tell.
func openSpills() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return -1
	}
	n := 0
	for _, e := range entries {
		if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.Contains(to, "sonde-body-") {
			n++
		}
	}
	return n
}

// temporary makes a directory the one for temporary files.
func temporary(t *testing.T, dir string) string {
	t.Helper()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, dir)
	}
	return dir
}

// TestSpilledBodies takes bodies around the size from where on they are kept in
// a file, in every shape: they are the same bytes, however they are read, while
// they come and after many more answers.
func TestSpilledBodies(t *testing.T) {
	const over = 64 << 10
	dir := temporary(t, t.TempDir())
	for _, size := range []int{0, 1, over - 1, over, over + 1, 3 * over, 1<<20 + 17} {
		body := noise(size)
		for shape, answer := range shapes(body) {
			what := fmt.Sprintf("%d bytes, %s", size, shape)
			srv := serve(t, func(w io.Writer, r *received) bool {
				if r.Target == "/more" {
					reply(w, 200, "more")
					return true
				}
				w.Write([]byte(answer))
				return shape != "until the end"
			})
			s := based(t, srv)
			s.Settings.SpillOver = over
			var heard, sofar bytes.Buffer
			x, err := s.Do(context.Background(), get("/body"), Watch{Body: func(x *Exchange, p []byte) error {
				heard.Write(p)
				sofar.Reset()
				_, err := x.Body.WriteTo(&sofar)
				if !bytes.Equal(sofar.Bytes(), heard.Bytes()) {
					t.Errorf("%s: after %d bytes WriteTo gives %d", what, heard.Len(), sofar.Len())
				}
				return err
			}})
			if err != nil || !bytes.Equal(heard.Bytes(), body) || x.Body.Len() != int64(size) || x.Body.Spilled() != (size > over) {
				t.Fatalf("%s: %v, heard %d, Len %d, in a file %v", what, err, heard.Len(), x.Body.Len(), x.Body.Spilled())
			}
			if _, saved := x.Body.Saved(); saved || x.Truncated || x.Body.Evicted() {
				t.Errorf("%s: saved %v, truncated %v, evicted %v", what, saved, x.Truncated, x.Body.Evicted())
			}
			if runtime.GOOS != "windows" {
				if names, err := os.ReadDir(dir); err != nil || len(names) > 0 {
					t.Errorf("%s: the file has a name: %v, %v", what, names, err)
				}
			}
			for range 3 {
				do(t, s, get("/more"))
			}
			sameTwice(t, what, x, body)
			s.Close()
			srv.stop()
		}
	}
	if n := openSpills(); n > 0 {
		t.Errorf("%d files are still open", n)
	}
}

// sameTwice reads a body in both ways, and again.
func sameTwice(t *testing.T, what string, x *Exchange, want []byte) {
	t.Helper()
	for range 2 {
		var b bytes.Buffer
		n, err := x.Body.WriteTo(&b)
		if err != nil || n != int64(len(want)) || !bytes.Equal(b.Bytes(), want) || !bytes.Equal(x.Body.Bytes(), want) {
			t.Errorf("%s: WriteTo gives %d bytes and %v, Bytes gives %d; want %d", what, n, err, len(x.Body.Bytes()), len(want))
		}
	}
}

// spilling returns a session in which everything goes to files, and a server
// that sends a body of a known length, and one in chunks from /chunks.
func spilling(t *testing.T, body []byte) (*Session, *server) {
	t.Helper()
	answers := shapes(body)
	srv := serve(t, func(w io.Writer, r *received) bool {
		switch r.Target {
		case "/good":
			reply(w, 200, "good")
		case "/chunks":
			w.Write([]byte(answers["chunks"]))
		case "/gzip":
			w.Write([]byte(answers["gzip, length"]))
		default:
			w.Write([]byte(answers["length"]))
		}
		return true
	})
	s := based(t, srv)
	s.Settings.SpillOver = 64 << 10
	return s, srv
}

// TestSpillsEndWithTheSession has no file left after Close, while what was read
// of one stays as it was.
func TestSpillsEndWithTheSession(t *testing.T) {
	temporary(t, t.TempDir())
	body := noise(200 << 10)
	s, _ := spilling(t, body)
	read, unread := do(t, s, get("/")), do(t, s, get("/chunks"))
	held := read.Body.Bytes()
	if n := openSpills(); n >= 0 && n != 2 {
		t.Errorf("%d files are open, want 2", n)
	}
	s.Close()
	if n := openSpills(); n > 0 {
		t.Errorf("%d files are open after Close", n)
	}
	if !bytes.Equal(held, body) {
		t.Error("the bytes have changed under their reader")
	}
	for _, x := range []*Exchange{read, unread} {
		n, err := x.Body.WriteTo(io.Discard)
		if n != 0 || err != nil || x.Body.Bytes() != nil || !x.Body.Evicted() || x.Body.Spilled() || x.Body.Len() != int64(len(body)) {
			t.Errorf("after Close: %d bytes, %v, evicted %v, in a file %v", n, err, x.Body.Evicted(), x.Body.Spilled())
		}
	}
	if x := do(t, s, get("/")); !bytes.Equal(x.Body.Bytes(), body) {
		t.Error("the session is of no use after Close")
	}
}

// TestSpillsAreForgotten drops the oldest with their answers, and the oldest
// when the files together are too large; memory is another matter.
func TestSpillsAreForgotten(t *testing.T) {
	temporary(t, t.TempDir())
	s, _ := spilling(t, noise(200<<10))
	s.Settings.KeepBytes = 1
	first, small, second := do(t, s, get("/")), do(t, s, get("/good")), do(t, s, get("/chunks"))
	if first.Body.Evicted() || second.Body.Evicted() || !small.Body.Evicted() || small.Body.Bytes() != nil {
		t.Errorf("evicted: %v, %v, %v; only what is in memory counts there", first.Body.Evicted(), small.Body.Evicted(), second.Body.Evicted())
	}
	first.Body.spill.size = 9 << 30 // as if it were; nothing of that size is made for a test
	third := do(t, s, get("/"))
	if !first.Body.Evicted() || first.Body.Bytes() != nil || second.Body.Evicted() || third.Body.Evicted() {
		t.Errorf("evicted: %v, %v, %v; want the oldest alone", first.Body.Evicted(), second.Body.Evicted(), third.Body.Evicted())
	}
	s.Settings.KeepAnswers = 1
	fourth := do(t, s, get("/"))
	if n := openSpills(); n >= 0 && n != 1 || !second.Body.Evicted() || !third.Body.Evicted() || fourth.Body.Evicted() || len(s.Exchanges()) != 1 {
		t.Errorf("%d files are open for %d answers", n, len(s.Exchanges()))
	}
}

// TestSpillWithoutPlace has nowhere to put a temporary file: that is said, what
// fits in memory is kept, and the session goes on.
func TestSpillWithoutPlace(t *testing.T) {
	temporary(t, filepath.Join(t.TempDir(), "not", "there"))
	body := noise(2 << 20)
	s, _ := spilling(t, body)
	for _, target := range []string{"/", "/chunks", "/gzip"} {
		x, e := fails(t, s, get(target))
		contains(t, target, e.Error(), "keeping the body in a temporary file", "no such file")
		if e.Phase != PhaseSave || e.Hint == "" || x == nil || x.Status != 200 || x.Err != e || strings.Contains(e.Error(), "\n") {
			t.Errorf("%s: got %+v", target, e)
		}
		if got := x.Body.Bytes(); x.Body.Spilled() || !bytes.HasPrefix(body, got) || int64(len(got)) != x.Body.Len() || target != "/" && len(got) < 64<<10 {
			t.Errorf("%s: kept %d bytes, Len %d", target, len(got), x.Body.Len())
		}
		if x := do(t, s, get("/good")); string(x.Body.Bytes()) != "good" || s.Stats().Open != 1 {
			t.Errorf("%s: the request after it got %q over %d connections", target, x.Body.Bytes(), s.Stats().Open)
		}
	}
	path := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := get("/chunks")
	r.SaveTo = f
	if x := do(t, s, r); x.Body.Spilled() {
		t.Error("what is saved needs no temporary file")
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, body) {
		t.Errorf("saved %d bytes, %v", len(got), err)
	}
}

// TestSpillsAreCut keeps of a body no more than is allowed, wherever it is kept,
// and all that came of one that breaks off or that is given up.
func TestSpillsAreCut(t *testing.T) {
	temporary(t, t.TempDir())
	body := noise(300 << 10)
	s, srv := spilling(t, body)
	for _, most := range []int64{100, 64 << 10, 64<<10 + 1, 200 << 10, 300<<10 - 1, 300 << 10} {
		for _, target := range []string{"/", "/chunks", "/gzip"} {
			s.Settings.MaxBody = most
			var saw watcher
			x, err := s.Do(context.Background(), get(target), saw.watch())
			cut := most < int64(len(body))
			if err != nil || !bytes.Equal(x.Body.Bytes(), body[:most]) || x.Truncated != cut || (len(saw.of(NoticeTruncated)) == 1) != cut {
				t.Errorf("%s, at most %d: %d bytes, %v, truncated %v, %v", target, most, x.Body.Len(), err, x.Truncated, saw.notices)
			}
		}
	}
	s.Settings.MaxBody = 0
	enough := errors.New("enough")
	x, err := s.Do(context.Background(), get("/chunks"), Watch{Body: func(x *Exchange, p []byte) error {
		if x.Body.Len() > 100<<10 {
			return enough
		}
		return nil
	}})
	if !errors.Is(err, enough) || !x.Body.Spilled() || !bytes.HasPrefix(body, x.Body.Bytes()) || x.Body.Len() != int64(len(x.Body.Bytes())) {
		t.Errorf("given up: %v with %d bytes", err, x.Body.Len())
	}
	srv.stop()
	for name, answer := range shapes(body) {
		if name == "until the end" {
			continue
		}
		srv := serve(t, once(answer[:len(answer)*2/3]))
		s := based(t, srv)
		s.Settings.SpillOver = 64 << 10
		x, e := fails(t, s, get("/"))
		if x == nil || e.Phase != PhaseBody || !x.Body.Spilled() || !bytes.HasPrefix(body, x.Body.Bytes()) || len(x.Body.Bytes()) < 128<<10 || x.Err == nil {
			t.Errorf("%s, cut: %v", name, e)
		}
		s.Close()
	}
}
