package session

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestKnownSecretStaysHome types a secret the session knows in places whose name
// says nothing, before and after it is known: it goes to its own origin only, and
// into no file.
func TestKnownSecretStaysHome(t *testing.T) {
	home, other := serve(t, ok), serve(t, ok)
	s := based(t, home)
	for _, set := range []func() error{
		func() error { return s.SetHeader(Header{Name: "X-Before", Value: "canary-secret"}) },
		func() error { return s.SetAuth(Auth{Kind: "basic", User: "u", Secret: "canary-secret"}, "") },
		func() error { return s.SetHeader(Header{Name: "X-After", Value: "canary-secret"}) },
		func() error { return s.SetHeader(Header{Name: "Autorization", Value: "Bearer canary-slip"}) },
		func() error { return s.SetParam(Param{Name: "p", Value: "canary-secret"}) },
	} {
		if err := set(); err != nil {
			t.Fatal(err)
		}
	}
	do(t, s, get("/x"))
	if got := home.requests[0].Head; strings.Count(got, "canary-secret") != 3 {
		t.Errorf("home got:\n%s", got)
	}
	do(t, s, get(other.URL+"/x"))
	if got := other.requests[0].Head; strings.Contains(got, "canary") {
		t.Errorf("the other origin got:\n%s", got)
	}
	var file bytes.Buffer
	if err := s.Save(&file); err != nil || strings.Contains(file.String(), "canary") {
		t.Errorf("saved, %v:\n%s", err, file.String())
	}
}

func TestDropHeaderKeepsOtherOrigins(t *testing.T) {
	a, b := serve(t, ok), serve(t, ok)
	s := based(t, a)
	for _, srv := range []*server{a, b} {
		if err := s.SetBase(srv.URL); err != nil {
			t.Fatal(err)
		}
		if err := s.SetHeader(Header{Name: "X-Api-Key", Value: "key of " + srv.URL}); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.DropHeader("x-api-key"); n != 1 {
		t.Errorf("dropped %d, want 1", n)
	}
	do(t, s, get("/x"))
	if got := b.requests[0].header("X-Api-Key"); got != "" {
		t.Errorf("b got %q", got)
	}
	if err := s.SetBase(a.URL); err != nil {
		t.Fatal(err)
	}
	do(t, s, get("/x"))
	if got := a.requests[0].header("X-Api-Key"); got != "key of "+a.URL {
		t.Errorf("a got %q", got)
	}
}

// TestGzipMembers reads bodies of one member and of two, and with bytes behind
// that are no member.
func TestGzipMembers(t *testing.T) {
	member := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		io.WriteString(z, text)
		z.Close()
		return b.Bytes()
	}
	for _, tt := range []struct {
		name string
		body []byte
		want string
	}{
		{"one", member("hello"), "hello"},
		{"two", append(member("hello "), member("world")...), "hello world"},
		{"trailing bytes", append(member("hello"), "JUNK"...), "hello"},
		{"a trailing byte", append(member("hello"), 0), "hello"},
	} {
		srv := serve(t, func(w io.Writer, r *received) bool {
			fmt.Fprintf(w, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(tt.body), tt.body)
			return true
		})
		s := based(t, srv)
		for range 2 { // the second uses the kept reader
			x, err := s.Do(context.Background(), get("/x"), Watch{})
			if err != nil || string(x.Body.Bytes()) != tt.want {
				t.Errorf("%s: got %q, %v", tt.name, x.Body.Bytes(), err)
			}
		}
	}
}

// TestControlInSetCookie drops the cookie and keeps the answer.
func TestControlInSetCookie(t *testing.T) { // C11
	srv := serve(t, func(w io.Writer, r *received) bool {
		io.WriteString(w, "HTTP/1.1 200 OK\r\nSet-Cookie: bad=\x01x\r\nSet-Cookie: good=1\r\nContent-Length: 0\r\n\r\n")
		return true
	})
	s := based(t, srv)
	var saw watcher
	if _, err := s.Do(context.Background(), get("/x"), saw.watch()); err != nil {
		t.Fatal(err)
	}
	if got := s.Cookies(); len(got) != 1 || got[0].Name != "good" {
		t.Errorf("got %v", got)
	}
	saw.one(t, NoticeCookie)
}

// TestPostDroppedAtOnce says that the server may have acted, and guesses at TLS
// only where the origin never answered.
func TestPostDroppedAtOnce(t *testing.T) { // D3
	srv := serve(t, func(w io.Writer, r *received) bool {
		if r.Target == "/drop" {
			return false
		}
		io.WriteString(w, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
		return false
	})
	s := based(t, srv)
	_, err := s.Do(context.Background(), &Request{Method: "POST", Target: Target{Text: "/drop"}}, Watch{})
	contains(t, "first", err.Error(), "may have acted", "POST changes things", "TLS")
	do(t, s, get("/fine"))
	_, err = s.Do(context.Background(), &Request{Method: "POST", Target: Target{Text: "/drop"}}, Watch{})
	contains(t, "after an answer", err.Error(), "may have acted")
	if strings.Contains(err.Error(), "TLS") {
		t.Errorf("got %v", err)
	}
}
