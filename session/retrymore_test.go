package session

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"
)

// TestRetryAtRedirect takes the rule of the place a redirect leads to, and waits
// from the start of the formula there.
func TestRetryAtRedirect(t *testing.T) {
	var b *server
	n := 0
	b = serve(t, func(w io.Writer, r *received) bool {
		if n++; n < 3 {
			reply(w, 503, "busy")
			return true
		}
		return ok(w, r)
	})
	a := serve(t, func(w io.Writer, r *received) bool {
		if r.N == 1 {
			reply(w, 503, "busy")
			return true
		}
		return redirect(307, b.URL+"/end")(w, r)
	})
	s := based(t, a)
	s.Settings.Retries = []RetryRule{{Prefix: a.URL, Policy: persistent(1, 503)}, {Prefix: b.URL, Policy: persistent(3, 503)}}
	x := do(t, s, get("/"))
	hops, waited := []int{0, 0, 1, 1, 1}, []time.Duration{0, 4, 0, 4, 8}
	if x.Status != 200 || len(x.Attempts) != len(hops) || len(x.Hops) != 1 {
		t.Fatalf("got %d after %d attempts and %d redirects", x.Status, len(x.Attempts), len(x.Hops))
	}
	for i, at := range x.Attempts {
		if at.Hop != hops[i] || at.Waited != waited[i]*time.Millisecond {
			t.Errorf("attempt %d: hop %d after %v, want %d after %v", i+1, at.Hop, at.Waited, hops[i], waited[i]*time.Millisecond)
		}
	}
}

// TestRetryThroughRateLimit gets three quick requests past a server that takes
// one per interval.
func TestRetryThroughRateLimit(t *testing.T) { // D15
	const interval = 20 * time.Millisecond
	var last time.Time
	refused := 0
	srv := serve(t, func(w io.Writer, r *received) bool {
		if time.Since(last) < interval {
			refused++
			reply(w, 429, "slow down")
			return true
		}
		last = time.Now()
		return ok(w, r)
	})
	s := based(t, srv)
	p := persistent(9, 429)
	p.Backoff = interval
	s.Settings.Retries = []RetryRule{{Policy: p}}
	for range 3 {
		if x := do(t, s, get("/")); x.Status != 200 {
			t.Errorf("got %d", x.Status)
		}
	}
	if srv.count() != 3+refused {
		t.Errorf("%d requests, want 3 and the %d refused", srv.count(), refused)
	}
}

// TestCutBodyIsNotRepeated: the answer has begun, so it is shown as far as it
// came.
func TestCutBodyIsNotRepeated(t *testing.T) { // D16
	srv := serve(t, once("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"))
	s := based(t, srv)
	s.Settings.Retries = []RetryRule{{Policy: persistent(3, 500)}}
	x, e := fails(t, s, get("/"))
	if x == nil || string(x.Body.Bytes()) != "abc" || x.Err == nil || e.Phase != PhaseBody || srv.count() != 1 {
		t.Errorf("got %v, %v after %d requests", x, e, srv.count())
	}
}

// TestRetriesEnd gives the last failure, with every attempt of it, when they are
// used up.
func TestRetriesEnd(t *testing.T) {
	srv := serve(t, func(io.Writer, *received) bool { return false })
	s := based(t, srv)
	s.Settings.Retries = []RetryRule{{Policy: persistent(2)}}
	var saw watcher
	_, err := s.Do(context.Background(), &Request{Method: "PUT"}, saw.watch())
	if err == nil || srv.count() != 3 {
		t.Fatalf("got %v after %d requests, want an error after 3", err, srv.count())
	}
	if strings.Contains(err.Error(), "not sent again") {
		t.Errorf("of a request that was sent three times it is said: %q", err)
	}
	contains(t, "notice", saw.one(t, NoticeRetry), "2 repeats were allowed")
}

// TestThousandIdleDrops has the server close each connection as soon as it is
// idle: every request is answered, and each replacement is told.
func TestThousandIdleDrops(t *testing.T) {
	const times = 1000
	srv := serve(t, func(w io.Writer, r *received) bool {
		ok(w, r)
		return false
	})
	s := based(t, srv)
	notices, answers := 0, 0
	watch := Watch{Notice: func(n Notice) {
		if n.Kind == NoticeDropped {
			notices++
		}
	}}
	for i := range times + 1 {
		if i > 0 {
			waitUntil(t, "the close to arrive", func() bool { return s.pool.idle[0].probe() == idleClosed })
		}
		r := &Request{Method: []string{"GET", "POST"}[i%2]}
		x, err := s.Do(context.Background(), r, watch)
		if err != nil {
			t.Fatalf("request %d: %v", i+1, err)
		}
		if x.Status == 200 && string(x.Body.Bytes()) == "ok" && len(x.Attempts) == 1 {
			answers++
		}
	}
	if answers != times+1 || notices != times || srv.count() != times+1 {
		t.Errorf("got %d answers, %d notices, %d requests at the server; want %d, %d, %[4]d", answers, notices, srv.count(), times+1, times)
	}
	if st := s.Stats(); st.Dropped != times || st.Opened != times+1 {
		t.Errorf("got %+v", st)
	}
}
