package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"sonde/session/retry"
)

// repeating returns a session that repeats as policy says.
func repeating(t *testing.T, srv *server, p retry.Policy) *Session {
	t.Helper()
	s := based(t, srv)
	s.Settings.Retries = []RetryRule{{Policy: p}}
	return s
}

// busyUntil answers with a status until the nth request.
func busyUntil(n, status int, lines ...string) func(io.Writer, *received) bool {
	return func(w io.Writer, r *received) bool {
		if r.N < n {
			reply(w, status, "not yet", lines...)
			return true
		}
		return ok(w, r)
	}
}

// on is a policy of that many repeats after the statuses, without limits of their
// own for the kinds of failure.
func on(total int, statuses ...int) retry.Policy {
	p := retry.Policy{Total: total, Connect: -1, Read: -1, Status: -1}
	for _, s := range statuses {
		p.On = append(p.On, retry.StatusRange{From: s, To: s})
	}
	return p
}

func waits(x *Exchange) (out string) {
	for _, a := range x.Attempts {
		out += fmt.Sprint(a.Status, " after ", a.Waited, " ")
	}
	return out
}

func TestRequestsRetries(t *testing.T) {
	runRows(t, []row{
		{"test_urllib3_retries", func(t *testing.T) {
			srv := serve(t, busyUntil(99, 500))
			x := do(t, repeating(t, srv, on(2, 500)), get("/status/500"))
			equal(t, "requests", srv.count(), 3)
			equal(t, "status", x.Status, 500)
			equal(t, "attempts", waits(x), "500 after 0s 500 after 0s 500 after 0s ")
		}},
		{"test_status_forcelist", func(t *testing.T) {
			srv := serve(t, busyUntil(2, 400))
			equal(t, "listed", do(t, repeating(t, srv, on(3, 400)), get("/")).Status, 200)
			srv = serve(t, busyUntil(2, 400))
			equal(t, "not listed", do(t, repeating(t, srv, on(3, 401)), get("/")).Status, 400)
			equal(t, "requests", srv.count(), 1)
		}},
		{"test_allowed_methods_with_status_forcelist", func(t *testing.T) {
			for method, want := range map[string]int{"GET": 2, "PUT": 2, "DELETE": 2, "HEAD": 2, "OPTIONS": 2, "POST": 1, "PATCH": 1} {
				srv := serve(t, func(w io.Writer, r *received) bool {
					io.WriteString(w, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
					return true
				})
				do(t, repeating(t, srv, on(1, 503)), send(method, "/", ""))
				equal(t, method, srv.count(), want)
			}
			srv := serve(t, busyUntil(2, 503))
			p := on(1, 503)
			p.Methods = []string{"POST"}
			equal(t, "POST named", do(t, repeating(t, srv, p), send("POST", "/", "body")).Status, 200)
			equal(t, "body", srv.last().Body, "body")
		}},
		{"test_retry_higher_total_loses", func(t *testing.T) {
			srv := serve(t, busyUntil(99, 500))
			p := on(9, 500)
			p.Status = 1
			do(t, repeating(t, srv, p), get("/"))
			equal(t, "status below total", srv.count(), 2)
		}},
		{"test_retry_total_none", func(t *testing.T) {
			srv := serve(t, busyUntil(99, 500))
			p := on(-1, 500)
			p.Status = 2
			do(t, repeating(t, srv, p), get("/"))
			equal(t, "no total", srv.count(), 3)
		}},
		{"test_retry_default", func(t *testing.T) { // off
			srv := serve(t, busyUntil(2, 500))
			equal(t, "status", do(t, based(t, srv), get("/")).Status, 500)
			equal(t, "requests", srv.count(), 1)
		}},
	})
}

func TestRequestsRetryConnections(t *testing.T) {
	refused := func(dials *int) Options {
		return Options{Dial: func(context.Context, string, string) (net.Conn, error) {
			*dials++
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		}}
	}
	runRows(t, []row{
		{"test_disabled", func(t *testing.T) {
			for connect, want := range []int{1, 2, 3} {
				dials := 0
				s := New(refused(&dials))
				p := on(9)
				p.Connect = connect
				s.Settings.Retries = []RetryRule{{Policy: p}}
				_, e := fails(t, s, get("http://127.0.0.1:1/"))
				equal(t, "phase", e.Phase, PhaseConnect)
				equal(t, fmt.Sprint("dials, connect=", connect), dials, want)
			}
		}},
		{"test_read_retries", func(t *testing.T) { // the server takes the request and goes
			for method, want := range map[string]int{"GET": 200, "PUT": 200, "POST": 0, "PATCH": 0} {
				srv := serve(t, func(w io.Writer, r *received) bool { return r.N > 1 && ok(w, r) })
				x, err := repeating(t, srv, on(2)).Do(context.Background(), send(method, "/", "body"), Watch{})
				if want == 0 {
					equal(t, method+" fails", err != nil, true)
					equal(t, method+" requests", srv.count(), 1)
					continue
				}
				if err != nil || x.Status != want || srv.count() != 2 || srv.last().Body != "body" {
					t.Errorf("%s: got %v, %v after %d requests", method, x, err, srv.count())
				}
			}
		}},
		{"POST with an Idempotency-Key", func(t *testing.T) { // D5
			for _, retries := range []int{0, 2} {
				srv := serve(t, func(w io.Writer, r *received) bool { return r.N > 1 && ok(w, r) })
				s := based(t, srv)
				if retries > 0 {
					s = repeating(t, srv, on(retries))
				}
				_, err := s.Do(context.Background(), with(send("POST", "/", "body"), HeaderEdit{Name: "Idempotency-Key", Value: "k1"}), Watch{})
				equal(t, "failed", err != nil, retries == 0)
				for _, r := range srv.all() {
					equal(t, "key and body", r.header("Idempotency-Key")+" "+r.Body, "k1 body")
				}
			}
		}},
		{"stream", func(t *testing.T) { // D6
			srv := serve(t, func(w io.Writer, r *received) bool { return r.N > 1 && ok(w, r) })
			r := send("PUT", "/", "body")
			r.Content.Again = false
			fails(t, repeating(t, srv, on(2)), r)
			equal(t, "requests", srv.count(), 1)
		}},
	})
}

func TestRequestsRetryWaits(t *testing.T) {
	runRows(t, []row{
		{"test_backoff", func(t *testing.T) { // the first repeat waits too, which it does not in urllib3
			srv := serve(t, busyUntil(4, 500))
			p := on(5, 500)
			p.Backoff = 2 * time.Millisecond
			x := do(t, repeating(t, srv, p), get("/"))
			equal(t, "attempts", waits(x), "500 after 0s 500 after 2ms 500 after 4ms 200 after 8ms ")
		}},
		{"test_backoff_reset_after_redirect", func(t *testing.T) {
			srv := serve(t, func(w io.Writer, r *received) bool {
				switch r.N {
				case 1, 2, 4:
					reply(w, 500, "")
					return true
				case 3:
					return redirect(302, "/end")(w, r)
				}
				return ok(w, r)
			})
			p := on(5, 500)
			p.Backoff = 2 * time.Millisecond
			x := do(t, repeating(t, srv, p), get("/"))
			equal(t, "attempts", waits(x), "500 after 0s 500 after 2ms 302 after 4ms 500 after 0s 200 after 2ms ")
		}},
		{"test_respect_retry_after_header_sleep", func(t *testing.T) {
			for value, want := range map[string]time.Duration{"0": 0, "Thu, 01 Jan 1970 00:00:01 GMT": 0, "garbage": time.Millisecond, "-1": time.Millisecond} {
				srv := serve(t, busyUntil(2, 503, "Retry-After: "+value))
				p := on(2, 503)
				p.Backoff = time.Millisecond
				x := do(t, repeating(t, srv, p), get("/"))
				equal(t, "status, "+value, x.Status, 200)
				equal(t, "wait, "+value, x.Attempts[1].Waited, want)
			}
		}},
		{"longer than is waited for", func(t *testing.T) { // D13
			srv := serve(t, busyUntil(2, 429, "Retry-After: 3600"))
			p := on(2, 429)
			p.MaxRetryAfter = time.Second
			equal(t, "status", do(t, repeating(t, srv, p), get("/")).Status, 429)
			equal(t, "requests", srv.count(), 1)
		}},
		{"cancel while waiting", func(t *testing.T) { // D14
			srv := serve(t, busyUntil(2, 500))
			p := on(2, 500)
			p.Backoff = time.Hour
			p.Cap = time.Hour
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(50*time.Millisecond, cancel)
			_, err := repeating(t, srv, p).Do(ctx, get("/"), Watch{})
			equal(t, "canceled", errors.Is(err, context.Canceled), true)
			equal(t, "requests", srv.count(), 1)
		}},
		{"rule of the longest prefix", func(t *testing.T) {
			srv := serve(t, busyUntil(99, 500))
			s := repeating(t, srv, on(1, 500))
			s.Settings.Retries = append(s.Settings.Retries, RetryRule{Prefix: srv.URL + "/api", Policy: on(3, 500)})
			do(t, s, get("/other"))
			equal(t, "elsewhere", srv.count(), 2)
			do(t, s, get("/api/x"))
			equal(t, "below", srv.count(), 2+4)
		}},
	})
}
