package session

import (
	"context"
	"testing"
)

// TestUnkept sends requests whose answers are not remembered, and remembers the
// last of them afterwards.
func TestUnkept(t *testing.T) {
	srv := serve(t, ok)
	s := based(t, srv)
	first := do(t, s, get("/first"))
	var last *Exchange
	for range 3 {
		s.Drop(last)
		r := get("/x")
		r.Unkept = true
		last = do(t, s, r)
		if last.Number != 0 || s.Current() != first || len(s.Exchanges()) != 1 {
			t.Fatalf("number %d, %d kept; want none of it kept", last.Number, len(s.Exchanges()))
		}
	}
	s.Keep(last)
	if last.Number != 2 || s.Current() != last || last.Body.Evicted() {
		t.Errorf("number %d, current %v, evicted %v", last.Number, s.Current() == last, last.Body.Evicted())
	}
	s.Drop(last)
	s.Drop(nil)
	if last.Body.Evicted() {
		t.Error("what is kept was dropped")
	}
	if srv.opened() != 1 {
		t.Errorf("opened %d connections, want 1", srv.opened())
	}
}

// TestUnkeptRedirect ends at a redirect that leads nowhere, which is not
// remembered either.
func TestUnkeptRedirect(t *testing.T) {
	srv := serve(t, always("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"))
	s := based(t, srv)
	r := get("/x")
	r.Unkept = true
	x, err := s.Do(context.Background(), r, Watch{})
	if err == nil || x == nil || x.Number != 0 || len(s.Exchanges()) != 0 {
		t.Errorf("got %v, %v, %d kept", x, err, len(s.Exchanges()))
	}
}

// TestFailedAttemptTakesTime: an attempt without an answer says how long it took.
func TestFailedAttemptTakesTime(t *testing.T) {
	srv := serve(t, always("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"))
	x, err := based(t, srv).Do(context.Background(), get("/x"), Watch{})
	if err == nil || x == nil || len(x.Attempts) != 2 {
		t.Fatalf("got %v, %v", x, err)
	}
	for _, a := range x.Attempts {
		if a.Timing.Total <= 0 {
			t.Errorf("%s took %v", a.Sent.URL, a.Timing.Total)
		}
	}
	if a := x.Attempts[1]; a.Err == nil || a.Conn.ID != 0 {
		t.Errorf("got %+v", a)
	}
}
