package session

import (
	"fmt"
	"strings"
	"testing"

	"sonde/session/http1"
)

func head(t *testing.T, s *Session, r *Request) string {
	t.Helper()
	p, err := s.Prepare(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(p.AppendHead(nil, false))
}

func TestHeaderOrder(t *testing.T) {
	s := New(Options{UserAgent: "test/1"})
	s.SetBase("https://h.test/v3")
	s.SetHeader(Header{Name: "X-One", Value: "1"})
	s.SetHeader(Header{Name: "accept", Value: "text/html"})
	s.SetHeader(Header{Name: "X-Two", Value: "2"})
	s.SetAuth(Auth{Kind: "basic", User: "jdoe", Secret: "hunter2"}, "")
	s.SetCookie("a", "1", "")
	r := &Request{Method: "POST", Target: Target{Text: "/x"}, Content: text("hello"), Headers: []HeaderEdit{
		{Name: "x-Late", Value: "l"}, {Name: "X-TWO", Value: "two"}, {Name: "X-Late", Value: "m"}, {Name: "User-Agent", Value: "me"}, {Name: "X-Empty", Empty: true}}}
	want := "POST /v3/x HTTP/1.1\r\nHost: h.test\r\nUser-Agent: me\r\nAccept-Encoding: gzip, deflate, br, zstd\r\naccept: text/html\r\n" +
		"X-One: 1\r\nX-TWO: two\r\nx-Late: l\r\nX-Late: m\r\nX-Empty: \r\nAuthorization: Basic amRvZTpodW50ZXIy\r\nCookie: a=1\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n"
	if got := head(t, s, r); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestHeaderRemoval(t *testing.T) {
	s := New(Options{})
	s.SetBase("https://h.test")
	s.SetHeader(Header{Name: "X-One", Value: "1"})
	s.SetAuth(Auth{Kind: "bearer", User: "", Secret: "t0ken-value"}, "")
	r := get("/")
	for _, n := range []string{"x-one", "user-agent", "Accept", "accept-encoding", "authorization"} {
		r.Headers = append(r.Headers, HeaderEdit{Name: n, Remove: true})
	}
	if got := head(t, s, r); got != "GET / HTTP/1.1\r\nHost: h.test\r\n\r\n" {
		t.Errorf("got\n%s", got)
	}
	if _, err := s.Prepare(&Request{Method: "GET", Headers: []HeaderEdit{{Name: "host", Remove: true}}}); err == nil {
		t.Error("Host: removed")
	}
	if s.DropHeader("X-ONE") != 1 || len(s.Settings.Headers) != 0 {
		t.Error("DropHeader")
	}
}

func TestFraming(t *testing.T) {
	chunked := text("hello")
	chunked.Length = -1
	for _, tt := range []struct {
		method  string
		content *Content
		edits   []HeaderEdit
		want    string // of the framing fields; an error if it starts with "!"
	}{
		{"GET", nil, nil, ""},
		{"HEAD", nil, nil, ""},
		{"DELETE", nil, nil, ""},
		{"OPTIONS", nil, nil, ""},
		{"POST", nil, nil, "Content-Length: 0"},
		{"PUT", nil, nil, "Content-Length: 0"},
		{"PATCH", nil, nil, "Content-Length: 0"},
		{"POST", nil, []HeaderEdit{{Name: "Content-Length", Remove: true}}, ""},
		{"POST", text("hello"), nil, "Content-Length: 5"},
		{"GET", text("hello"), nil, "Content-Length: 5"},
		{"POST", text(""), nil, "Content-Length: 0"},
		{"POST", chunked, nil, "Transfer-Encoding: chunked"},
		{"POST", text("hello"), []HeaderEdit{{Name: "Transfer-Encoding", Value: "chunked"}}, "Transfer-Encoding: chunked"},
		{"POST", text("hello"), []HeaderEdit{{Name: "Content-Length", Remove: true}}, "Transfer-Encoding: chunked"},
		{"POST", text("hello"), []HeaderEdit{{Name: "content-length", Value: "5"}}, "content-length: 5"},
		{"POST", text("hello"), []HeaderEdit{{Name: "Content-Length", Value: "6"}}, "!not the length"},
		{"POST", text("hello"), []HeaderEdit{{Name: "Content-Length", Value: "5"}, {Name: "Content-Length", Value: "5"}}, "!not the length"},
		{"POST", text("hello"), []HeaderEdit{{Name: "Content-Length", Value: "5"}, {Name: "Transfer-Encoding", Value: "chunked"}}, "!not the length"},
		{"POST", nil, []HeaderEdit{{Name: "Content-Length", Value: "not zero"}}, "!not the length"},
		{"GET", nil, []HeaderEdit{{Name: "Transfer-Encoding", Value: "chunked"}}, "!only chunked"},
		{"POST", text("hello"), []HeaderEdit{{Name: "Transfer-Encoding", Value: "gzip, chunked"}}, "!only chunked"},
	} {
		p, err := New(Options{}).Prepare(&Request{Method: tt.method, Target: Target{Text: "http://h"}, Content: tt.content, Headers: tt.edits})
		if want, isError := strings.CutPrefix(tt.want, "!"); isError {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s %v: got %v, want %q", tt.method, tt.edits, err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s %v: %v", tt.method, tt.edits, err)
			continue
		}
		var got []string
		for _, f := range p.Header {
			if strings.EqualFold(f.Name, "Content-Length") || strings.EqualFold(f.Name, "Transfer-Encoding") {
				got = append(got, f.Name+": "+f.Value)
			}
		}
		if strings.Join(got, "|") != tt.want {
			t.Errorf("%s %v: got %q, want %q", tt.method, tt.edits, got, tt.want)
		}
	}
}

// TestUnfitIsNotSent holds names, values and methods that could smuggle
// something, or that the server would see otherwise than the user.
func TestUnfitIsNotSent(t *testing.T) { // P1, P2
	srv := serve(t, ok)
	s := based(t, srv)
	for _, e := range []HeaderEdit{
		{Name: "foo", Value: "bar\r\nbaz: qux"}, {Name: "foo", Value: "bar\n\rbaz: qux"}, {Name: "foo", Value: "bar\n"},
		{Name: "foo", Value: "bar\rbaz"}, {Name: "foo\r\nbar", Value: "x"}, {Name: "foo\n", Value: "x"}, {Name: "foo", Value: "\nbar"},
		{Name: "Host", Value: "h\r\nX: y"}, {Name: "Authorization", Value: "Basic x\r\n"}, {Name: "foo", Value: "a\x00b"},
		{Name: "foo", Value: " bar"}, {Name: "foo", Value: "\tbar"}, {Name: "foo", Value: "   "}, {Name: " foo", Value: "bar"},
		{Name: "   foo", Value: "bar"}, {Name: "foo ", Value: "bar"}, {Name: "", Value: "bar"}, {Name: "fo o", Value: "bar"}, {Name: "foo:", Value: "bar"},
	} {
		r := get("/")
		r.Headers = []HeaderEdit{e}
		if _, err := fails(t, s, r); err.Phase != PhaseRequest || !strings.Contains(err.Error(), "header") {
			t.Errorf("%+v: got %v", e, err)
		}
		if s.SetHeader(Header{Name: e.Name, Value: e.Value}) == nil {
			t.Errorf("%+v: taken as a sticky header", e)
		}
	}
	for _, method := range []string{"GE T", "", "GET\r\n", "GET /x HTTP/1.1\r\nX:", "GÉT"} {
		if _, err := fails(t, s, &Request{Method: method, Target: Target{Text: "/"}}); !strings.Contains(err.Error(), "method") {
			t.Errorf("%q: got %v", method, err)
		}
	}
	if srv.opened() != 0 || srv.count() != 0 {
		t.Errorf("%d connections, %d requests", srv.opened(), srv.count())
	}
}

func TestParams(t *testing.T) { // P5
	for _, tt := range []struct {
		sticky []Param
		target string
		own    []ParamEdit
		want   string
	}{
		{[]Param{{Name: "v", Value: "1"}}, "/x?q=2", []ParamEdit{{Name: "z", Value: "3"}}, "/x?q=2&v=1&z=3"},
		{[]Param{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}}, "/x", []ParamEdit{{Name: "a", Value: "9"}, {Name: "c", Value: "3"}}, "/x?a=9&b=2&c=3"},
		{[]Param{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}}, "/x", []ParamEdit{{Name: "a", Remove: true}}, "/x?b=2"},
		{[]Param{{Name: "a", Value: "1"}}, "/x", []ParamEdit{{Name: "A", Value: "2"}}, "/x?a=1&A=2"},
		{nil, "/x#frag", []ParamEdit{{Name: "a", Value: "1"}}, "/x?a=1"},
		{nil, "/x?", []ParamEdit{{Name: "a", Value: "1"}}, "/x?a=1"},
		{nil, "/x", []ParamEdit{{Name: "a", Value: "1"}, {Name: "a", Value: "2"}}, "/x?a=1&a=2"},
		{[]Param{{Name: "a", Value: "0"}}, "/x", []ParamEdit{{Name: "b", Value: "x"}, {Name: "a", Value: "1"}, {Name: "a", Value: "2"}}, "/x?a=1&a=2&b=x"},
		{nil, "/x", []ParamEdit{{Name: "q", Value: "ö ü+%41&="}, {Name: "a[]", Value: "[1]"}, {Name: "e", Value: ""}}, "/x?q=%C3%B6+%C3%BC%2B%2541%26%3D&a%5B%5D=%5B1%5D&e="},
		{nil, "/x?a[]=%41+b", nil, "/x?a[]=%41+b"},
		{nil, "/x", []ParamEdit{{Name: "a", Remove: true}}, "/x"},
		{[]Param{{Name: "a", Value: "1", Origin: "http://other.test"}}, "/x", nil, "/x"},
	} {
		s := New(Options{})
		s.SetBase("http://h.test")
		s.Settings.Params = tt.sticky
		r := get(tt.target)
		r.Params = tt.own
		p, err := s.Prepare(r)
		if err != nil || p.Target != tt.want {
			t.Errorf("%s with %v and %v: got %v, %v; want %s", tt.target, tt.sticky, tt.own, p.Target, err, tt.want)
		}
	}
}

func TestStickyLists(t *testing.T) {
	s := New(Options{})
	s.SetBase("http://h.test")
	s.SetParam(Param{Name: "a", Value: "1"})
	s.SetParam(Param{Name: "b", Value: "2"})
	s.SetParam(Param{Name: "a", Value: "3"})
	s.SetParam(Param{Name: "token", Value: "abcdef"})
	s.SetHeader(Header{Name: "X-A", Value: "1"})
	s.SetHeader(Header{Name: "X-B", Value: "2"})
	s.SetHeader(Header{Name: "x-a", Value: "3"})
	s.SetHeader(Header{Name: "X-A", Value: "4", Origin: "http://other.test"})
	want := "[{a 3  false} {b 2  false} {token abcdef http://h.test false}] [{x-a 3 false  false} {X-B 2 false  false} {X-A 4 false http://other.test false}]"
	if got := fmt.Sprint(s.Settings.Params, s.Settings.Headers); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if s.DropParam("a") != 1 || s.DropParam("a") != 0 || len(s.Settings.Params) != 2 {
		t.Error("DropParam")
	}
	c := s.Settings.Clone()
	c.Headers[0].Value = "changed"
	if s.Settings.Headers[0].Value != "3" {
		t.Error("Clone is shallow")
	}
}

// TestPendingSecretsBind gives secrets before there is a base: they belong to
// the first origin asked.
func TestPendingSecretsBind(t *testing.T) {
	w := newWorld(t)
	a, b := w.add("http://a.test", ok), w.add("http://b.test", ok)
	s := w.session("")
	s.SetAuth(Auth{Kind: "bearer", User: "", Secret: canary}, "")
	s.SetHeader(Header{Name: "X-Api-Key", Value: canary})
	s.SetParam(Param{Name: "token", Value: canary})
	if got := head(t, s, get("http://b.test/")); strings.Count(got, canary) != 3 {
		t.Errorf("dry run: got\n%s", got)
	}
	do(t, s, get("http://a.test/"))
	do(t, s, get("http://b.test/"))
	if got := a.last().Head; strings.Count(got, canary) != 3 {
		t.Errorf("got\n%s", got)
	}
	w.leak(b, canary)
	if got := s.AuthOrigins(); len(got) != 1 || got[0].Origin != "http://a.test" {
		t.Errorf("got %+v", got)
	}
}

// TestBaseRemembers goes from base A to base B and back: A's credentials are
// there again.
func TestBaseRemembers(t *testing.T) {
	s := New(Options{})
	s.SetBase("http://a.test")
	s.SetAuth(Auth{Kind: "basic", User: "jdoe", Secret: canary}, "")
	if n, told := s.Withheld("http://b.test"); !told || !strings.Contains(n.Text, "http://b.test") || n.Hint != "auth USER for http://b.test" {
		t.Errorf("got %v", n)
	}
	s.SetBase("http://b.test")
	if got := head(t, s, get("/")); strings.Contains(got, "Authorization") || s.Identity() != "" {
		t.Errorf("got\n%s", got)
	}
	s.SetBase("http://a.test")
	if got := head(t, s, get("/")); !strings.Contains(got, "Authorization: Basic") || s.Identity() != "jdoe" {
		t.Errorf("got\n%s", got)
	}
	if !s.ClearAuth("") || s.ClearAuth("") || s.Identity() != "" {
		t.Error("ClearAuth")
	}
}

func TestAuth(t *testing.T) {
	for _, tt := range []struct {
		auth Auth
		want string
	}{
		{Auth{Kind: "basic", User: "jdoe", Secret: "pässword"}, "Authorization: Basic amRvZTpww6Rzc3dvcmQ=\r\n"},
		{Auth{Kind: "basic", User: "jdoe", Secret: ""}, "Authorization: Basic amRvZTo=\r\n"},
		{Auth{Kind: "bearer", User: "", Secret: "abc"}, "Authorization: Bearer abc\r\n"},
		{Auth{Kind: "apikey", User: "X-Key", Secret: "abc"}, "X-Key: abc\r\n"},
		{Auth{Kind: "apikey", User: "key==", Secret: "a b"}, "GET /?key=a+b HTTP/1.1\r\n"},
	} {
		s := New(Options{})
		s.SetBase("http://h.test")
		if err := s.SetAuth(tt.auth, ""); err != nil {
			t.Fatal(err)
		}
		contains(t, tt.auth.Kind, head(t, s, get("/")), tt.want)
		if a, found := s.AuthFor("http://h.test/x"); !found || a != tt.auth {
			t.Errorf("AuthFor: got %v", a)
		}
	}
	for _, bad := range []Auth{{Kind: "basic", User: "a:b", Secret: "x"}, {Kind: "digest2", User: "a", Secret: "x"}, {Kind: "apikey", User: "==", Secret: "x"}, {Kind: "bearer", Secret: "a\nb"}} {
		if err := New(Options{}).SetAuth(bad, ""); err == nil {
			t.Errorf("%v: taken", bad)
		}
	}
}

// TestWhoWins is the order among several ways to say who one is.
func TestWhoWins(t *testing.T) {
	s := New(Options{})
	s.SetBase("http://h.test")
	s.SetAuth(Auth{Kind: "bearer", User: "", Secret: "first"}, "")
	s.SetHeader(Header{Name: "Authorization", Value: "Token second"})
	contains(t, "a header after auth", head(t, s, get("/")), "Authorization: Token second\r\n")
	s.SetAuth(Auth{Kind: "bearer", User: "", Secret: "third"}, "")
	contains(t, "auth after the header", head(t, s, get("/")), "Authorization: Bearer third\r\n")
	contains(t, "userinfo", head(t, s, get("http://u:p@h.test/")), "Authorization: Basic dTpw\r\n")
	r := get("http://u:p@h.test/")
	r.Headers = []HeaderEdit{{Name: "authorization", Value: "Own fourth"}}
	if got := head(t, s, r); strings.Count(strings.ToLower(got), "authorization") != 1 || !strings.Contains(got, "authorization: Own fourth\r\n") {
		t.Errorf("got\n%s", got)
	}
}

func TestMaskedHead(t *testing.T) {
	s := New(Options{})
	s.SetBase("http://h.test")
	s.SetAuth(Auth{Kind: "basic", User: "jdoe", Secret: canary}, "")
	s.SetHeader(Header{Name: "X-Plain", Value: canary, Secret: true})
	s.SetCookie("sid", canary, "")
	r := get("/?token=" + canary)
	p, err := s.Prepare(r)
	if err != nil {
		t.Fatal(err)
	}
	got := string(p.AppendHead(nil, true))
	if strings.Contains(got, "CANARY") || strings.Contains(got, "Q0FOQVJZ") || !strings.Contains(got, "sid=••••••••") {
		t.Errorf("got\n%s", got)
	}
}

func TestAccept(t *testing.T) {
	s := New(Options{})
	json := text("{}")
	json.Type = "application/json"
	for _, tt := range []struct {
		r    *Request
		want string
	}{
		{&Request{Method: "GET"}, "*/*"},
		{&Request{Method: "GET", Content: json}, "application/json, */*;q=0.5"},
		{&Request{Method: "GET", Content: json, Accept: "text/csv"}, "text/csv"},
	} {
		tt.r.Target.Text = "http://h"
		contains(t, "accept", head(t, s, tt.r), "\r\nAccept: "+tt.want+"\r\n")
	}
}

// TestPreparedIsSent compares the dry run with the wire.
func TestPreparedIsSent(t *testing.T) {
	srv := serve(t, ok)
	s := based(t, srv)
	s.SetAuth(Auth{Kind: "basic", User: "jdoe", Secret: "x"}, "")
	r := &Request{Method: "PUT", Target: Target{Text: "/x?y"}, Content: text("hello"), Params: []ParamEdit{{Name: "a", Value: "b"}}}
	want := head(t, s, r)
	x := do(t, s, r)
	if got := srv.last().Head + "\r\n"; got != want || string(http1.AppendHead(nil, x.Sent.Method, x.Sent.Target, x.Sent.Header)) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if srv.last().Body != "hello" || x.Sent.BodySize != 5 {
		t.Errorf("body %q, %d", srv.last().Body, x.Sent.BodySize)
	}
}
