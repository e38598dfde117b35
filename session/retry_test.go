package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sonde/session/retry"
)

// persistent is a policy of that many repeats without limits of their own for
// the kinds of failure, and with short waits.
func persistent(total int, statuses ...int) retry.Policy {
	p := retry.Policy{Total: total, Connect: -1, Read: -1, Status: -1, Backoff: 4 * time.Millisecond}
	for _, s := range statuses {
		p.On = append(p.On, retry.StatusRange{From: s, To: s})
	}
	return p
}

// statuses answers with one status after the other, the last for good, and
// with the lines for all but 200.
func statuses(lines []string, list ...int) func(io.Writer, *received) bool {
	return func(w io.Writer, r *received) bool {
		status := list[min(r.N, len(list))-1]
		if status == 200 {
			return ok(w, r)
		}
		reply(w, status, "busy", lines...)
		return true
	}
}

// TestRetryTellsEveryWait sees that a person can follow each wait, that none is
// shorter than said, and that the answers not taken are kept.
func TestRetryTellsEveryWait(t *testing.T) { // D8, D11
	var at []time.Time
	answer := statuses(nil, 500, 502, 500, 200)
	srv := serve(t, func(w io.Writer, r *received) bool {
		at = append(at, time.Now())
		return answer(w, r)
	})
	s := based(t, srv)
	s.Settings.Retries = []RetryRule{{Policy: persistent(3, 500, 502)}}
	var told []Waiting
	x, err := s.Do(context.Background(), get("/"), Watch{Waiting: func(w Waiting) { told = append(told, w) }})
	if err != nil || x.Status != 200 || len(x.Attempts) != 4 {
		t.Fatalf("got %+v, %v", x, err)
	}
	if len(told) < 6 {
		t.Fatalf("told of %d moments of waiting, want the start and the end of 3: %+v", len(told), told)
	}
	for i, a := range x.Attempts {
		wait := []time.Duration{0, 4, 8, 16}[i] * time.Millisecond
		why := []AttemptReason{AttemptFirst, AttemptRetry, AttemptRetry, AttemptRetry}[i]
		status := []int{500, 502, 500, 200}[i]
		if a.Waited != wait || a.Why != why || a.Status != status || a.Hop != 0 || a.Err != nil || len(a.RawHead) == 0 {
			t.Errorf("attempt %d: got %+v, want a wait of %v and a %d", i+1, a, wait, status)
		}
		if status != 200 && string(a.Body) != "busy" {
			t.Errorf("attempt %d: body %q, want it kept", i+1, a.Body)
		}
		if i > 0 && at[i].Sub(at[i-1]) < wait {
			t.Errorf("attempt %d came %v after the one before, want at least %v", i+1, at[i].Sub(at[i-1]), wait)
		}
		if i == 0 {
			continue
		}
		mine := ofAttempt(told, i+1)
		first, last := mine[0], mine[len(mine)-1]
		if first.Left != wait || first.Total != wait || last.Left != 0 || first.Of != 4 || first.Server || first.Status != x.Attempts[i-1].Status || first.Reason != "Some Reason" {
			t.Errorf("attempt %d: told %+v first and %+v last", i+1, first, last)
		}
	}
	if srv.opened() != 1 || s.Stats().Requests != 4 {
		t.Errorf("%d connections and %d requests, want 1 and 4", srv.opened(), s.Stats().Requests)
	}
}

// ofAttempt returns the moments of the wait before an attempt.
func ofAttempt(all []Waiting, n int) (out []Waiting) {
	for _, w := range all {
		if w.Attempt == n {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		out = []Waiting{{}}
	}
	return out
}

// TestRetryJitter never waits less than the formula, nor more than it and the
// jitter.
func TestRetryJitter(t *testing.T) { // D11
	srv := serve(t, statuses(nil, 500))
	s := based(t, srv)
	p := persistent(4, 500)
	p.Backoff, p.Jitter, p.Cap = time.Millisecond, 3*time.Millisecond, 6*time.Millisecond
	s.Settings.Retries = []RetryRule{{Policy: p}}
	for range 3 {
		x := do(t, s, get("/"))
		for i, a := range x.Attempts[1:] {
			low := min(time.Millisecond<<i, p.Cap)
			if high := min(low+p.Jitter, p.Cap); a.Waited < low || a.Waited > high {
				t.Errorf("repeat %d: waited %v, want %v to %v", i+1, a.Waited, low, high)
			}
		}
	}
}

// TestRetryAfterForms goes through what servers write there. The clock stands,
// 50 ms before a full second, as dates have no parts of seconds.
func TestRetryAfterForms(t *testing.T) { // D12, D13
	now := time.Date(2026, 3, 1, 12, 0, 0, int(950*time.Millisecond), time.UTC)
	soon, past := now.Add(50*time.Millisecond), now.Add(-time.Hour)
	const formula, asked = 4 * time.Millisecond, 50 * time.Millisecond
	for _, tt := range []struct {
		status     int
		value      string
		want       time.Duration
		fromServer bool
		once       bool   // no repeat
		notice     string // "" for none
	}{
		{status: 503, value: "0", fromServer: true},
		{status: 429, value: soon.Format("Mon, 02 Jan 2006 15:04:05 GMT"), want: asked, fromServer: true},
		{status: 413, value: soon.Format("Monday, 02-Jan-06 15:04:05 GMT"), want: asked, fromServer: true},
		{status: 503, value: soon.Format("Mon Jan _2 15:04:05 2006"), want: asked, fromServer: true},
		{status: 503, value: past.Format("Mon, 02 Jan 2006 15:04:05 GMT"), fromServer: true},
		{status: 500, value: "0", fromServer: true}, // on the list
		{status: 500, value: "garbage", want: formula, notice: `Retry-After "garbage" ignored`},
		{status: 500, value: "-1", want: formula, notice: `Retry-After "-1" ignored`},
		{status: 500, value: "1e9", want: formula, notice: `Retry-After "1e9" ignored`},
		{status: 500, value: "1.5", want: formula, notice: `Retry-After "1.5" ignored`},
		{status: 429, value: "garbage", once: true, notice: `Retry-After "garbage" ignored`}, // nor this, and it does not say when
		{status: 404, value: "0", once: true},                                                // not on the list
		{status: 429, value: "86400", once: true, notice: "not sent again: Retry-After of 86400 s is longer than 120 s"},
		{status: 429, value: "99999999999999999999", once: true, notice: "not sent again: Retry-After of"},
	} {
		name := fmt.Sprint(tt.status, " ", tt.value)
		srv := serve(t, statuses([]string{"Retry-After: " + tt.value}, tt.status, 200))
		s := New(Options{Now: func() time.Time { return now }})
		s.SetBase(srv.URL)
		s.Settings.Retries = []RetryRule{{Policy: persistent(2, 500)}}
		var saw watcher
		watch := saw.watch()
		server := false
		watch.Waiting = func(w Waiting) { server = w.Server }
		x, err := s.Do(context.Background(), get("/"), watch)
		s.Close()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if tt.once != (x.Status == tt.status) || tt.once != (srv.count() == 1) {
			t.Errorf("%s: got %d after %d requests, want one request: %v", name, x.Status, srv.count(), tt.once)
		} else if !tt.once && (x.Attempts[1].Waited != tt.want || server != tt.fromServer) {
			t.Errorf("%s: waited %v, as the server asked: %v; want %v, %v", name, x.Attempts[1].Waited, server, tt.want, tt.fromServer)
		}
		if tt.notice != "" {
			contains(t, name, saw.one(t, NoticeRetry), tt.notice)
		} else if n := saw.of(NoticeRetry); len(n) > 0 {
			t.Errorf("%s: got %v, want no notice", name, n)
		}
	}
}

// TestCancelWhileWaiting ends the wait at once: nothing more goes out, and the
// session goes on as before.
func TestCancelWhileWaiting(t *testing.T) { // D14
	srv := serve(t, statuses(nil, 503, 200))
	s := based(t, srv)
	p := persistent(3, 503)
	p.Backoff = time.Hour
	p.Cap = time.Hour
	s.Settings.Retries = []RetryRule{{Policy: p}}
	ctx, cancel := context.WithCancel(context.Background())
	var canceled time.Time
	x, err := s.Do(ctx, get("/"), Watch{Waiting: func(Waiting) { canceled = time.Now(); cancel() }})
	var e *Error
	if !errors.As(err, &e) || !e.Canceled() || e.Timeout || x == nil || x.Status != 503 || string(x.Body.Bytes()) != "busy" || s.Last() != x {
		t.Fatalf("got %v, %v", x, err)
	}
	if took := time.Since(canceled); took > 5*time.Second { // generous: the machine may be busy
		t.Errorf("returned after %v", took)
	}
	if srv.count() != 1 {
		t.Errorf("the server saw %d requests, want 1", srv.count())
	}
	if x := do(t, s, get("/")); x.Status != 200 || !x.Conn.Reused {
		t.Errorf("afterwards: got %d, reused %v", x.Status, x.Conn.Reused)
	}
}

// TestNoRetryForOneRequest beats every rule.
func TestNoRetryForOneRequest(t *testing.T) {
	srv := serve(t, statuses([]string{"Retry-After: 0"}, 503, 200))
	s := based(t, srv)
	s.Settings.Retries = []RetryRule{{Policy: persistent(3, 503)}}
	r := get("/")
	r.NoRetry = true
	if x := do(t, s, r); x.Status != 503 || srv.count() != 1 {
		t.Errorf("got %d after %d requests, want 503 after 1", x.Status, srv.count())
	}
}

// dropsSecond answers but for the second request, after which it closes.
func dropsSecond(w io.Writer, r *received) bool { return r.N != 2 && ok(w, r) }

// TestRetryOfDropped drops the connection under a request that the server has
// read. Only what is safe, or was allowed, goes out again, and then with the same
// body and key.
func TestRetryOfDropped(t *testing.T) { // D3, D4, D5, D6
	for _, tt := range []struct {
		method      string
		key, stream bool
		retries     bool
		methods     []string
		resent      bool
	}{
		{method: "PUT"},
		{method: "PUT", retries: true, resent: true},
		{method: "DELETE", retries: true, resent: true},
		{method: "POST", retries: true},
		{method: "PATCH", retries: true},
		{method: "POST", key: true},
		{method: "POST", key: true, retries: true, resent: true},
		{method: "POST", retries: true, methods: []string{"POST"}, resent: true},
		{method: "PUT", retries: true, stream: true},
		{method: "POST", key: true, retries: true, stream: true},
	} {
		name := fmt.Sprintf("%+v", tt)
		srv := serve(t, dropsSecond)
		s := based(t, srv)
		do(t, s, get("/1"))
		if tt.retries {
			p := persistent(2)
			p.Methods = tt.methods
			s.Settings.Retries = []RetryRule{{Policy: p}}
		}
		r := &Request{Method: tt.method, Target: Target{Text: "/2"}, Content: text("the body")}
		r.Content.Again = !tt.stream
		if tt.key {
			r.Headers = []HeaderEdit{{Name: "Idempotency-Key", Value: "k-1"}}
		}
		var saw watcher
		x, err := s.Do(context.Background(), r, saw.watch())
		if !tt.resent {
			e, _ := err.(*Error)
			if e == nil || !e.Sent || srv.count() != 2 {
				t.Errorf("%s: got %v, %v after %d requests, want an error after 2", name, x, err, srv.count())
				continue
			}
			why := e.Text
			for _, n := range saw.of(NoticeRetry) {
				why += n.Text
			}
			if n := strings.Count(why, "not sent again"); n == 0 {
				t.Errorf("%s: got %q, want a reason why it was not sent again", name, why)
			}
			continue
		}
		if err != nil || x.Status != 200 || srv.count() != 3 {
			t.Errorf("%s: got %v, %v after %d requests, want 200 after 3", name, x, err, srv.count())
			continue
		}
		a, b := srv.all()[1], srv.all()[2]
		if a.Head != b.Head || a.Body != "the body" || b.Body != "the body" {
			t.Errorf("%s: sent %+v and then %+v", name, a, b)
		}
		if len(x.Attempts) != 2 || x.Attempts[1].Why != AttemptRetry || x.Attempts[0].Err == nil {
			t.Errorf("%s: got attempts %+v", name, x.Attempts)
		} else if said := x.Attempts[0].Err.Text; strings.Contains(said, "not sent again") {
			t.Errorf("%s: of an attempt that was followed by another it is said: %q", name, said)
		}
	}
}

// TestRetryOfConnects repeats dials of any method, as nothing was sent, and not
// one more than allowed.
func TestRetryOfConnects(t *testing.T) { // D10
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := refusing.Addr().String()
	refusing.Close()
	for _, tt := range []struct{ total, connect, want int }{
		{total: 3, connect: -1, want: 4},
		{total: 2, connect: 9, want: 3}, // the total beats the rest
		{total: 9, connect: 0, want: 1},
		{total: 9, connect: 2, want: 3},
		{total: 0, connect: 5, want: 1},
	} {
		for _, method := range []string{"GET", "POST"} {
			dials := 0
			s := New(Options{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
				dials++
				return new(net.Dialer).DialContext(ctx, network, addr)
			}})
			p := persistent(tt.total)
			p.Connect, p.Backoff = tt.connect, 0
			s.Settings.Retries = []RetryRule{{Policy: p}}
			_, e := fails(t, s, &Request{Method: method, Target: Target{Text: "http://" + nobody}})
			if dials != tt.want || e.Phase != PhaseConnect || e.Sent {
				t.Errorf("%s, %+v: got %d dials, %+v", method, tt, dials, e)
			}
		}
	}
}

// TestRetryUntilThereIsAServer starts the server while the client waits. A body
// that can be opened only once was not read by then, and so is sent.
func TestRetryUntilThereIsAServer(t *testing.T) {
	for _, again := range []bool{true, false} {
		srv := serve(t, ok)
		var up atomic.Bool
		s := New(Options{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if !up.Load() {
				addr = "127.0.0.1:1" // nobody is there
			}
			return new(net.Dialer).DialContext(ctx, network, addr)
		}})
		s.SetBase(srv.URL)
		s.Settings.Retries = []RetryRule{{Policy: persistent(2)}}
		opened := 0
		c := text("the body")
		c.Again = again
		open := c.Open
		c.Open = func() (io.ReadCloser, error) {
			if opened++; opened > 1 && !again {
				return nil, errors.New("opened twice")
			}
			return open()
		}
		x, err := s.Do(context.Background(), &Request{Method: "POST", Content: c}, Watch{Waiting: func(Waiting) { up.Store(true) }})
		if err != nil || len(x.Attempts) != 2 || srv.last().Body != "the body" {
			t.Errorf("can be opened again, %v: got %v, %v; the server got %q", again, x, err, srv.last().Body)
		}
		s.Close()
	}
}

// TestTimeoutIsPerAttempt gives each attempt the whole time, waits not counted.
func TestTimeoutIsPerAttempt(t *testing.T) {
	release := make(chan struct{})
	srv := serve(t, func(w io.Writer, r *received) bool {
		if r.N < 3 {
			<-release
			return false
		}
		return ok(w, r)
	})
	t.Cleanup(func() { close(release) })
	s := based(t, srv)
	const limit = 150 * time.Millisecond
	p := persistent(3)
	p.Backoff = limit
	s.Settings.Retries, s.Settings.Timeout = []RetryRule{{Policy: p}}, limit
	x := do(t, s, get("/"))
	if len(x.Attempts) != 3 || x.Elapsed < 5*limit {
		t.Fatalf("got %d attempts in %v, want 3 in at least %v", len(x.Attempts), x.Elapsed, 5*limit)
	}
	for _, a := range x.Attempts[:2] {
		if a.Err == nil || !a.Err.Timeout || a.Err.Phase != PhaseWait {
			t.Errorf("got %+v, want a timeout", a.Err)
		}
	}
	if srv.opened() != 3 {
		t.Errorf("%d connections, want 3", srv.opened())
	}
}
