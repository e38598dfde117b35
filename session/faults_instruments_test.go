//go:build instruments

package session

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The fault run sends requests through toxiproxy, which breaks some of them, and
// counts at both ends. It needs
//
//	GOBIN=DIR go install github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0
//	SONDE_TOXIPROXY=DIR/server go test -tags instruments -race -count 1 -run Faults -v ./session
const toxiproxyVariable = "SONDE_TOXIPROXY"

// A toxic is a fault that toxiproxy brings about.
type toxic struct {
	Name       string           `json:"name"`
	Type       string           `json:"type"`
	Stream     string           `json:"stream"`
	Attributes map[string]int64 `json:"attributes"`
}

// A toxiproxy is a running one with one proxy, which leads to an address.
type toxiproxy struct {
	t      *testing.T
	api    string
	listen string
	client *http.Client
}

// freePort returns an address nobody listens at now.
func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

func startToxiproxy(t *testing.T, upstream string) *toxiproxy {
	t.Helper()
	path := os.Getenv(toxiproxyVariable)
	if path == "" {
		t.Fatalf("%s is to name the program toxiproxy-server", toxiproxyVariable)
	}
	api := freePort(t)
	host, port, _ := net.SplitHostPort(api)
	cmd := exec.Command(path, "-host", host, "-port", port)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	p := &toxiproxy{t: t, api: "http://" + api, listen: freePort(t), client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	deadline := time.Now().Add(30 * time.Second)
	for {
		answer, err := p.client.Get(p.api + "/version")
		if err == nil {
			answer.Body.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("toxiproxy does not answer: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.call("POST", "/proxies", map[string]any{"name": "p", "listen": p.listen, "upstream": upstream, "enabled": true})
	return p
}

// call asks the API for something, which must work.
func (p *toxiproxy) call(method, path string, body any) {
	p.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequest(method, p.api+path, bytes.NewReader(text))
	if err != nil {
		p.t.Fatal(err)
	}
	answer, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	said, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	if answer.StatusCode >= 300 {
		p.t.Fatalf("toxiproxy: %s %s: %s %s", method, path, answer.Status, said)
	}
}

// A ledger counts how often each request arrived, by method and id, and keeps
// nothing else, so that the memory it takes does not grow with the answers.
type ledger struct {
	mu   sync.Mutex
	seen map[string]int
}

func (l *ledger) arrived(method, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen[method+" "+id]++
}

func (l *ledger) count(key string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen[key]
}

// faults are what is done to the request that has drawn one. Each stays for as
// long as Do runs, on the kept connection and on every new one, so that one fault
// is one failure, whatever is tried meanwhile.
func faults(random *rand.Rand) toxic {
	if random.IntN(2) == 0 {
		way := []string{"upstream", "downstream"}[random.IntN(2)] // before the server has it, or after
		return toxic{"fault", "reset_peer", way, map[string]int64{"timeout": 0}}
	}
	// 20 bytes are less than the head, 200 less than the body.
	return toxic{"fault", "limit_data", "downstream", map[string]int64{"bytes": []int64{0, 20, 200}[random.IntN(3)]}}
}

// A faultSum is what came of a run.
type faultSum struct{ requests, injected, failed, resent int }

// run sends n requests, GET and POST in turn, the ids starting at first, and
// breaks one in fifty: in the mean one in a hundred by a reset, and one by a cut.
func (p *toxiproxy) run(s *Session, l *ledger, random *rand.Rand, first, n int) (sum faultSum) {
	for id := first; id < first+n; id++ {
		method := []string{"GET", "POST"}[id%2]
		fault := random.IntN(50) == 0
		if fault {
			p.call("POST", "/proxies/p/toxics", faults(random))
			sum.injected++
		}
		r := get(fmt.Sprint("/", id))
		if r.Method = method; method == "POST" {
			r.Content = text(fmt.Sprint("body of ", id))
		}
		x, err := s.Do(context.Background(), r, Watch{Notice: func(n Notice) {
			if n.Kind == NoticeResent {
				sum.resent++
			}
		}})
		if fault {
			p.call("DELETE", "/proxies/p/toxics/fault", nil)
		}
		sum.requests++
		key := fmt.Sprint(method, " /", id)
		switch arrived := l.count(key); {
		case err != nil && !fault:
			p.t.Errorf("%s: got %v, with nothing broken", key, err)
		case err == nil && fault:
			p.t.Errorf("%s: got %d, though it was broken", key, x.Status)
		case method == "POST" && arrived > 1:
			p.t.Errorf("%s: arrived %d times", key, arrived)
		case err == nil && (arrived != 1 || !strings.HasPrefix(string(x.Body.Bytes()), key+" ")):
			p.t.Errorf("%s: arrived %d times, got %.20q", key, arrived, x.Body.Bytes())
		}
		if err != nil {
			sum.failed++
		}
	}
	return sum
}

// usage is what a process holds that must not grow.
type usage struct{ goroutines, files, kilobytes int }

func measure(t *testing.T) (u usage) {
	t.Helper()
	debug.FreeOSMemory()
	u.goroutines = runtime.NumGoroutine()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skipf("nothing to count by: %v", err)
	}
	u.files = len(list)
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	u.kilobytes, err = strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// filler makes the answer's body longer than what limit_data lets pass.
func filler() string { return strings.Repeat("x", 500) }

// TestFaultsHTTP1 has 10,000 requests over kept HTTP/1.1 connections.
func TestFaultsHTTP1(t *testing.T) { // D17
	l := &ledger{seen: make(map[string]int)}
	var srv *server
	srv = serve(t, func(w io.Writer, r *received) bool {
		l.arrived(r.Method, r.Target)
		srv.mu.Lock()
		srv.requests = srv.requests[:0]
		srv.mu.Unlock()
		reply(w, 200, r.Method+" "+r.Target+" "+filler())
		return true
	})
	p := startToxiproxy(t, srv.ln.Addr().String())
	s := New(Options{})
	s.SetBase("http://" + p.listen)
	p.soak(s, l, 10000)
}

// TestFaultsHTTP2 has the same over HTTP/2, where a fault may also hit the
// handshake, or the middle of a frame.
func TestFaultsHTTP2(t *testing.T) { // D17
	l := &ledger{seen: make(map[string]int)}
	m, s := modernPair(t, func(w http.ResponseWriter, r *http.Request) {
		l.arrived(r.Method, r.URL.Path)
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, r.Method+" "+r.URL.Path+" "+filler())
	})
	p := startToxiproxy(t, m.addr)
	_, port, _ := net.SplitHostPort(p.listen)
	s.SetBase("https://" + zooHost + ":" + port)
	p.soak(s, l, 4000)
}

// soak runs n requests and holds the session to its promises. A tenth of them
// come before what it holds is measured, so that its caches are full by then.
func (p *toxiproxy) soak(s *Session, l *ledger, n int) {
	p.t.Helper()
	random := rand.New(rand.NewPCG(1, 2)) // the same faults each time
	warm := p.run(s, l, random, 0, n/10)
	s.CloseIdle()
	before := measure(p.t)
	sum := p.run(s, l, random, n/10, n-n/10)
	s.CloseIdle()
	after := measure(p.t)
	for range 200 { // the servers' goroutines need a moment to see that it is over
		if after.goroutines <= before.goroutines+5 && after.files <= before.files+5 {
			break
		}
		time.Sleep(10 * time.Millisecond)
		after = measure(p.t)
	}
	total := faultSum{warm.requests + sum.requests, warm.injected + sum.injected, warm.failed + sum.failed, warm.resent + sum.resent}
	p.t.Logf("%+v, before %+v, after %+v, %+v", total, before, after, s.Stats())
	if total.failed != total.injected || total.injected < n/100 {
		p.t.Errorf("%d failures of %d faults", total.failed, total.injected)
	}
	if after.goroutines > before.goroutines+5 || after.files > before.files+5 {
		p.t.Errorf("before %+v, after %+v: want the same goroutines and files, and 5 at most", before, after)
	}
	if grown := after.kilobytes - before.kilobytes; grown > 20<<10 {
		p.t.Errorf("grew by %d KiB, want 20 MiB at most", grown)
	}
}
