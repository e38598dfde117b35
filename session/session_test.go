package session

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestExchange(t *testing.T) {
	raw := "HTTP/1.1 200 Fine\r\nETag: x\r\nx-many: a\r\nX-Many: b\r\nTransfer-Encoding: chunked\r\n\r\n"
	srv := serve(t, always("HTTP/1.1 103 Early\r\n\r\n"+raw+"2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n"))
	s := based(t, srv)
	heads := 0
	x, err := s.Do(context.Background(), get("/x?y=1#z"), Watch{Head: func(x *Exchange) error {
		heads++
		if x.Number != 1 || x.Body.Len() != 0 || s.Last() != x || s.Current() != x {
			t.Errorf("at the head: %+v", x)
		}
		return nil
	}})
	if err != nil || heads != 1 {
		t.Fatal(err, heads)
	}
	if string(x.RawHead) != raw || len(x.Informational) != 1 || fmt.Sprint(x.Trailer) != "[{X-Sum 1}]" || x.Reason != "Fine" || x.Proto != "HTTP/1.1" {
		t.Errorf("got %+v", x)
	}
	if v, found := x.HeaderValue("x-MANY"); v != "a, b" || !found {
		t.Errorf("got %q", v)
	}
	if _, found := x.HeaderValue("X-None"); found {
		t.Error("found what is not there")
	}
	if x.Sent.URL != srv.URL+"/x?y=1#z" || x.Sent.Target != "/x?y=1" || x.Elapsed < x.Timing.Total || len(x.Attempts) != 1 || x.Attempts[0].Status != 200 {
		t.Errorf("got %+v", x)
	}
	if x.Attempts[0].Timing != x.Timing || x.Timing.Total < x.Timing.FirstByte || x.Timing.FirstByte < x.Timing.Connect {
		t.Errorf("got %+v and %+v", x.Attempts[0].Timing, x.Timing)
	}
}

// TestFixedClock: with a clock that stands still everything takes no time.
func TestFixedClock(t *testing.T) {
	now := time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
	srv := serve(t, ok)
	s := New(Options{Now: func() time.Time { return now }})
	defer s.Close()
	x := do(t, s, get(srv.URL))
	if x.Time != now || x.Elapsed != 0 || x.Timing != (Timing{}) {
		t.Errorf("got %v, %v, %+v", x.Time, x.Elapsed, x.Timing)
	}
}

func TestNumbersAndEviction(t *testing.T) { // L9
	body := strings.Repeat("x", 1<<10)
	srv := serve(t, func(w io.Writer, r *received) bool { reply(w, 200, body); return true })
	s := based(t, srv)
	s.Settings.KeepAnswers, s.Settings.KeepBytes = 5, 3<<10
	if _, err := s.At(1); err == nil || !strings.Contains(err.Error(), "nothing was asked") {
		t.Errorf("got %v", err)
	}
	for range 12 {
		do(t, s, get("/"))
	}
	kept := s.Exchanges()
	if len(kept) != 5 || kept[0].Number != 8 || kept[4] != s.Last() {
		t.Fatalf("got %d", len(kept))
	}
	for i, x := range kept {
		if evicted := i < 2; x.Body.Evicted() != evicted || (x.Body.Bytes() == nil) != evicted || x.Body.Len() != 1<<10 || x.Status != 200 {
			t.Errorf("number %d: evicted %v", x.Number, x.Body.Evicted())
		}
	}
	for n, want := range map[int]string{7: "no longer kept; the oldest is 8", 13: "there was none; the last is 12", 0: "there was none"} {
		if _, err := s.At(n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d: got %v, want %q", n, err, want)
		}
	}
	if err := s.Use(9); err != nil || s.Current().Number != 9 || s.Last().Number != 12 {
		t.Errorf("Use: %v", err)
	}
	if do(t, s, get("/")); s.Current().Number != 13 {
		t.Errorf("Current: %d", s.Current().Number)
	}
	s.Settings.KeepBytes = 0
	if x := do(t, s, get("/")); len(x.Body.Bytes()) != 1<<10 {
		t.Error("the newest body is gone")
	}
}

// TestMemoryStaysFlat makes many requests and looks at the heap.
func TestMemoryStaysFlat(t *testing.T) {
	body := strings.Repeat("x", 10<<10)
	srv := rawServe(t, rawAnswer(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)))
	s := based(t, srv)
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for range 200 {
		do(t, s, get("/"))
	}
	before := heap()
	for range 2000 {
		do(t, s, get("/"))
	}
	if after := heap(); after > before+2<<20 {
		t.Errorf("heap grew from %d to %d bytes", before, after)
	}
}

func TestLogout(t *testing.T) {
	srv := serve(t, ok)
	s := based(t, srv)
	s.SetAuth(Auth{Kind: "basic", User: "jdoe", Secret: canary}, "")
	s.SetAuth(Auth{Kind: "bearer", User: "", Secret: canary}, "http://other.test")
	s.SetHeader(Header{Name: "X-Token", Value: canary})
	s.SetHeader(Header{Name: "X-Trace", Value: "1"})
	s.SetParam(Param{Name: "api_key", Value: canary})
	s.SetParam(Param{Name: "page", Value: "1"})
	s.SetCookie("a", canary, "")
	do(t, s, get("/"))
	if got, want := s.Logout(), (Forgotten{Auths: 2, Cookies: 1, Headers: 1, Params: 1, Connections: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	do(t, s, get("/"))
	if r := srv.last(); strings.Contains(r.Head, "CANARY") || strings.Contains(r.Head, "Authorization") || r.header("X-Trace") != "1" || r.Target != "/?page=1" || srv.opened() != 2 {
		t.Errorf("got\n%s", r.Head)
	}
	if s.Secrets.Mask(canary) == canary || len(s.Exchanges()) != 2 {
		t.Error("what was said is no longer masked")
	}
}

func TestSaveAndLoad(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "er")
	path := filepath.Join(dir, "work.json")
	s := New(Options{})
	s.SetBase("https://jdoe:" + canary + "@h.test/v3")
	s.Settings.Dir, s.Settings.Verify = "repos", "off"
	s.SetHeader(Header{Name: "X-Token", Value: canary})
	s.SetHeader(Header{Name: "X-Plain", Value: canary, Secret: true})
	s.SetHeader(Header{Name: "Accept", Value: "a/b; <c>"})
	s.SetParam(Param{Name: "token", Value: canary})
	s.SetParam(Param{Name: "page", Value: "5"})
	s.SetCookie("sid", canary, "")
	if err := s.SaveFile(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), "CANARY") || strings.Contains(string(text), "off") {
		t.Errorf("got %s, %v", text, err)
	}
	if runtime.GOOS != "windows" {
		for name, want := range map[string]fs.FileMode{path: 0o600, dir: 0o700 | fs.ModeDir} {
			if info, err := os.Stat(name); err != nil || info.Mode() != want {
				t.Errorf("%s: mode %v, want %v", name, info.Mode(), want)
			}
		}
	}
	l := New(Options{})
	if err := l.LoadFile(path); err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(l.Settings)
	want := DefaultSettings()
	want.Base, want.Dir = "https://h.test/v3", "repos"
	want.Headers, want.Params = []Header{{Name: "Accept", Value: "a/b; <c>"}}, []Param{{Name: "page", Value: "5"}}
	if w, _ := json.Marshal(want); string(got) != string(w) {
		t.Errorf("got %s, want %s", got, w)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d files left", len(entries))
	}
}

func TestCorruptFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "work.json")
	s := New(Options{})
	s.Settings.Redirects = 7
	for i, text := range []string{"{", `{"version":9}`, `{"version":1,"settings":{"base":"ftp://x"}}`, `{"version":1,"settings":{"headers":[{"name":"A","value":"b\r\nC: d"}]}}`} {
		os.WriteFile(path, []byte(text), 0o600)
		err := s.LoadFile(path)
		aside := path + ".corrupt"
		if i > 0 {
			aside += fmt.Sprint(i + 1)
		}
		if kept, _ := os.ReadFile(aside); err == nil || !strings.Contains(err.Error(), aside) || string(kept) != text {
			t.Errorf("%s: got %v; %q kept", text, err, kept)
		}
	}
	if err := s.LoadFile(path); !errors.Is(err, fs.ErrNotExist) || s.Settings.Redirects != 7 {
		t.Errorf("got %v", err)
	}
}

// TestNamesUnderLocalhost: they are this machine, whatever DNS says.
func TestNamesUnderLocalhost(t *testing.T) {
	srv := serve(t, ok)
	_, port, _ := strings.Cut(srv.ln.Addr().String(), ":")
	s := New(Options{})
	defer s.Close()
	do(t, s, get("api.localhost:"+port+"/x"))
	if got := srv.last().header("Host"); got != "api.localhost:"+port {
		t.Errorf("got %q", got)
	}
}

// TestHeldIsExact joins bodies between requests, which must not confuse the
// count of what is held.
func TestHeldIsExact(t *testing.T) {
	srv := rawServe(t, rawAnswer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+chunks(strings.Repeat("x", 3000), 1000)))
	s := based(t, srv)
	s.Settings.KeepAnswers = 3
	for range 20 {
		do(t, s, get("/")).Body.Bytes()
	}
	sum := int64(0)
	for _, x := range s.Exchanges() {
		sum += x.Body.counted
	}
	if s.log.held != sum || sum > 3*16<<10 {
		t.Errorf("held %d, the sum is %d", s.log.held, sum)
	}
	s.Settings.KeepBytes = 1
	do(t, s, get("/"))
	if s.log.held != s.Last().Body.counted {
		t.Errorf("after eviction: held %d, the last has %d", s.log.held, s.Last().Body.counted)
	}
}

// rawAnswer answers every request that has no body, and does little else.
func rawAnswer(answer string) func(br *bufio.Reader, w io.Writer) bool {
	bytes := []byte(answer)
	return func(br *bufio.Reader, w io.Writer) bool {
		for {
			line, err := br.ReadSlice('\n')
			if err != nil {
				return false
			}
			if len(line) == 2 {
				w.Write(bytes)
				return true
			}
		}
	}
}
