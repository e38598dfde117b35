package session

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestHTTP2IsShownAsSent: a typed Host is the authority, what HTTP/2 has no place
// for is named, and the dry run says the same as the wire once it can know.
func TestHTTP2IsShownAsSent(t *testing.T) {
	var host, connection string
	_, s := modernPair(t, func(w http.ResponseWriter, r *http.Request) {
		host, connection = r.Host, r.Header.Get("Connection")
	})
	r := get("/x")
	r.Headers = []HeaderEdit{{Name: "Host", Value: "other.example"}, {Name: "Connection", Value: "X-Y"}, {Name: "X-Y", Value: "1"}}
	before, err := s.Prepare(r)
	if err != nil || before.Proto != "HTTP/1.1" {
		t.Fatalf("before a connection: got %+v, %v", before, err)
	}
	var told watcher
	x, err := s.Do(t.Context(), r, told.watch())
	if err != nil {
		t.Fatal(err)
	}
	authority := ""
	for _, f := range x.Sent.Header {
		if f.Name == ":authority" {
			authority = f.Value
		}
	}
	if host != "other.example" || authority != host || connection != "" {
		t.Errorf("the server saw Host %q and Connection %q, shown is %q", host, connection, authority)
	}
	contains(t, "the notice", told.one(t, NoticeWarning), "Connection", "X-Y", "HTTP/2")
	p, err := s.Prepare(r)
	if err != nil || p.Proto != "HTTP/2" {
		t.Fatalf("with a connection: got %+v, %v", p, err)
	}
	text := string(p.AppendHead(nil, true))
	contains(t, "the dry run", text, "GET /x HTTP/2\r\n", ":authority: other.example\r\n")
	if strings.Contains(text, "onnection") {
		t.Errorf("got %s", text)
	}
}

// TestKeyParameterFollowsHome: a key in the query goes along to the same origin
// as one in a header does, and once only.
func TestKeyParameterFollowsHome(t *testing.T) {
	w := newWorld(t)
	a := w.add("http://a.test", func(w2 io.Writer, r *received) bool {
		switch {
		case strings.HasPrefix(r.Target, "/own"):
			return redirect(302, "/end?k=theirs")(w2, r)
		case strings.HasPrefix(r.Target, "/away"):
			return redirect(302, "http://b.test/")(w2, r)
		case strings.HasPrefix(r.Target, "/start"):
			return redirect(302, "/end?x=1")(w2, r)
		}
		return ok(w2, r)
	})
	b := w.add("http://b.test", ok)
	s := w.session("http://a.test")
	if err := s.SetAuth(Auth{Kind: "apikey", User: "k==", Secret: "key-value"}, ""); err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]string{"/start": "/end?x=1&k=key-value", "/own": "/end?k=theirs"} {
		do(t, s, get(target))
		if got := a.last().Target; got != want {
			t.Errorf("%s: got %s, want %s", target, got, want)
		}
	}
	do(t, s, get("/away"))
	w.leak(b, "key-value")
}
