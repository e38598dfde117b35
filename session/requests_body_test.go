package session

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// content is a body whose openings the test decides about.
func content(length int64, again bool, open func() (io.ReadCloser, error)) *Content {
	return &Content{Length: length, Again: again, Open: open}
}

func TestRequestsRewind(t *testing.T) {
	notAgain := func(opened *int, err error) func() (io.ReadCloser, error) {
		return func() (io.ReadCloser, error) {
			if *opened++; *opened > 1 && err != nil {
				return nil, err
			}
			return io.NopCloser(strings.NewReader("the data")), nil
		}
	}
	runRows(t, []row{
		{"test_rewind_body", func(t *testing.T) {
			opened := 0
			rewound(t, content(8, true, notAgain(&opened, nil)), "the data")
		}},
		{"test_rewind_partially_read_body", func(t *testing.T) { // what was read of a file before is no part of the body
			file := bytes.NewReader([]byte("the data"))
			rewound(t, content(4, true, func() (io.ReadCloser, error) {
				_, err := file.Seek(4, io.SeekStart)
				return io.NopCloser(file), err
			}), "data")
		}},
		{"test_rewind_body_no_seek", func(t *testing.T) {
			opened := 0
			e := notRewound(t, content(8, false, notAgain(&opened, nil)))
			contains(t, "error", e.Text, "cannot be rewound")
			equal(t, "opened", opened, 1)
		}},
		{"test_rewind_body_failed_seek", func(t *testing.T) {
			opened, broken := 0, errors.New("seek /dev/tape: illegal seek")
			e := notRewound(t, content(8, true, notAgain(&opened, broken)))
			contains(t, "error", e.Text, "request body", broken.Error())
			equal(t, "cause kept", errors.Is(e, broken), true)
		}},
		{"test_rewind_body_failed_tell", func(t *testing.T) { // a stream of unknown length
			opened := 0
			e := notRewound(t, content(-1, false, notAgain(&opened, nil)))
			contains(t, "error", e.Text, "cannot be rewound")
		}},
	})
}

// rewound sends a body that a 307 asks for again.
func rewound(t *testing.T, c *Content, want string) {
	t.Helper()
	srv := serve(t, moved)
	do(t, based(t, srv), &Request{Method: "POST", Target: Target{Text: "/status/307"}, Content: c})
	for i, r := range srv.all() {
		if r.Body != want {
			t.Errorf("request %d: body %q, want %q", i+1, r.Body, want)
		}
	}
	equal(t, "requests", srv.count(), 2)
}

// notRewound sends a body that cannot be sent again: the redirect is the answer.
func notRewound(t *testing.T, c *Content) *Error {
	t.Helper()
	srv := serve(t, moved)
	x, e := fails(t, based(t, srv), &Request{Method: "POST", Target: Target{Text: "/status/307"}, Content: c})
	if x == nil || x.Status != 307 || srv.count() != 1 {
		t.Errorf("got %+v after %d requests", x, srv.count())
	}
	return e
}

// framing is the fields of a received request that tell where its body ends.
func framing(r received) string {
	var out []string
	for line := range strings.SplitSeq(r.Head, "\r\n") {
		if name, _, _ := strings.Cut(line, ":"); strings.EqualFold(name, "Content-Length") || strings.EqualFold(name, "Transfer-Encoding") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "|")
}

func TestRequestsFraming(t *testing.T) {
	srv := serve(t, moved)
	s := based(t, srv)
	stream := func(text string) *Content {
		return content(-1, false, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil })
	}
	runRows(t, []row{
		{"test_no_content_length", func(t *testing.T) {
			for _, method := range []string{"GET", "HEAD"} {
				equal(t, method, framing(wire(t, srv, s, send(method, "/get", ""))), "")
			}
		}},
		{"test_no_body_content_length", func(t *testing.T) {
			for _, method := range []string{"POST", "PUT", "PATCH"} {
				equal(t, method, framing(wire(t, srv, s, send(method, "/get", ""))), "Content-Length: 0")
			}
			for _, method := range []string{"OPTIONS", "DELETE"} { // requests sends 0; RFC 9110, section 8.6, advises against it
				equal(t, method, framing(wire(t, srv, s, send(method, "/get", ""))), "")
			}
		}},
		{"test_empty_content_length", func(t *testing.T) {
			for _, method := range []string{"POST", "PUT", "PATCH", "OPTIONS"} {
				r := send(method, "/get", "")
				r.Content = text("")
				equal(t, method, framing(wire(t, srv, s, r)), "Content-Length: 0")
			}
		}},
		{"test_override_content_length", func(t *testing.T) { // requests sends "not zero"; here it is refused
			before := srv.count()
			for _, value := range []string{"not zero", "1", "-1", "00"} {
				_, e := fails(t, s, with(send("POST", "/post", ""), HeaderEdit{Name: "Content-Length", Value: value}))
				contains(t, "error", e.Text, "Content-Length", value)
			}
			equal(t, "requests", srv.count(), before)
		}},
		{"test_chunked_upload_does_not_set_content_length_header", func(t *testing.T) {
			r := send("POST", "/post", "")
			r.Content = stream("abc")
			got := wire(t, srv, s, r)
			equal(t, "framing", framing(got), "Transfer-Encoding: chunked")
			equal(t, "body", got.Body, "abc")
		}},
		{"test_stream_with_auth_does_not_set_transfer_encoding_header", func(t *testing.T) {
			must(t, s.SetAuth(Auth{Kind: "basic", User: "user", Secret: "pass"}, ""))
			got := wire(t, srv, s, send("POST", "/post", "test data"))
			equal(t, "framing", framing(got), "Content-Length: 9")
			equal(t, "Authorization", got.header("Authorization"), "Basic dXNlcjpwYXNz")
		}},
		{"test_empty_stream_with_auth_does_not_set_content_length_header", func(t *testing.T) {
			r := send("POST", "/post", "")
			r.Content = stream("")
			equal(t, "framing", framing(wire(t, srv, s, r)), "Transfer-Encoding: chunked")
		}},
		{"test_content_length_for_string_data_counts_bytes", func(t *testing.T) {
			got := wire(t, srv, s, send("POST", "/post", "This is a string containing multi-byte UTF-8 ☃️"))
			equal(t, "framing", framing(got), "Content-Length: 51")
		}},
		{"test_chunked_upload_uses_only_specified_host_header", func(t *testing.T) {
			r := with(send("POST", "/post", ""), HeaderEdit{Name: "Host", Value: "sample-host"})
			r.Content = stream("abc")
			got := wire(t, srv, s, r)
			equal(t, "Host fields", strings.Count(got.Head, "\r\nHost: "), 1)
			equal(t, "Host", got.header("Host"), "sample-host")
		}},
	})
}

func TestRequestsPrepared(t *testing.T) {
	runRows(t, []row{
		{"test_prepared_from_session", func(t *testing.T) { // what a dry run shows is what goes, byte for byte
			srv := serve(t, ok)
			s := based(t, srv)
			must(t, s.SetAuth(Auth{Kind: "apikey", User: "Dummy-Auth-Test", Secret: "dummy-auth-test-ok"}, ""))
			must(t, s.SetHeader(Header{Name: "X-Session", Value: "1"}))
			must(t, s.SetParam(Param{Name: "v", Value: "1"}))
			must(t, s.SetCookie("a", "b", ""))
			r := with(asking(send("POST", "/headers?q=2", "hello"), ParamEdit{Name: "z", Value: "3"}), HeaderEdit{Name: "x-typed", Value: "2"})
			p, err := s.Prepare(r)
			must(t, err)
			got := wire(t, srv, s, r)
			equal(t, "head", got.Head+"\r\n", string(p.AppendHead(nil, false)))
			equal(t, "Dummy-Auth-Test", got.header("Dummy-Auth-Test"), "dummy-auth-test-ok")
		}},
		{"test_prepared_copy", func(t *testing.T) { // what is done to a prepared request is done to it alone
			s := New(Options{})
			must(t, s.SetBase("http://h.test/üniçø∂é"))
			r := with(send("GET", "/x", "foo=bar"), HeaderEdit{Name: "Cookie", Value: "foo=bar"})
			one, err := s.Prepare(r)
			must(t, err)
			before := slices.Clone(one.Header)
			for i := range one.Header {
				one.Header[i].Value = "changed"
			}
			two, err := s.Prepare(r)
			must(t, err)
			equal(t, "header kept", slices.Equal(two.Header, before), true)
			equal(t, "request kept", r.Headers[0].Value, "foo=bar")
			equal(t, "target", two.Target, "/%C3%BCni%C3%A7%C3%B8%E2%88%82%C3%A9/x")
		}},
		{"test_prepared_request_hook", func(t *testing.T) {
			srv := serve(t, ok)
			s := based(t, srv)
			var saw []int
			hook := Watch{Head: func(x *Exchange) error {
				saw = append(saw, x.Number)
				return nil
			}}
			for _, w := range []Watch{hook, {}, hook} {
				_, err := s.Do(context.Background(), get("/"), w)
				must(t, err)
			}
			equal(t, "seen", slices.Equal(saw, []int{1, 3}), true)
		}},
		{"test_unconsumed_session_response_closes_connection", func(t *testing.T) {
			srv := serve(t, ok)
			s := based(t, srv)
			enough := errors.New("enough")
			x, err := s.Do(context.Background(), get("/"), Watch{Head: func(*Exchange) error { return enough }})
			if x == nil || x.Status != 200 || !errors.Is(err, enough) || s.Stats().Open != 0 {
				t.Errorf("got %+v, %v, %d open", x, err, s.Stats().Open)
			}
			equal(t, "next", do(t, s, get("/")).Conn.Reused, false)
		}},
	})
}

func TestRequestsJSONAndLinks(t *testing.T) {
	runRows(t, []row{
		{"test_json_param_post_content_type_works", func(t *testing.T) {
			srv := serve(t, ok)
			r := send("POST", "/post", `{"life": 42}`)
			r.Content.Type = "application/json"
			got := wire(t, srv, based(t, srv), r)
			equal(t, "Content-Type", got.header("Content-Type"), "application/json")
			equal(t, "body", got.Body, `{"life": 42}`)
			contains(t, "Accept", got.header("Accept"), "application/json", "*/*")
			with(r, HeaderEdit{Name: "content-type", Value: "application/vnd.api+json"})
			got = wire(t, srv, based(t, srv), r)
			equal(t, "typed Content-Type", got.header("Content-Type"), "application/vnd.api+json")
			equal(t, "fields", strings.Count(strings.ToLower(got.Head), "\r\ncontent-type:"), 1)
		}},
		{"test_links", func(t *testing.T) { // the fields a query makes links of: all of them, in order, unchanged
			next, last := `<https://api.github.com/users/kennethreitz/repos?page=2&per_page=10>; rel="next"`, `<https://api.github.com/users/kennethreitz/repos?page=7&per_page=10>;  rel="last"`
			for _, lines := range [][]string{{"link: " + next + ", " + last}, {"Link: " + next, "LINK: " + last}} {
				srv := serve(t, func(w io.Writer, r *received) bool {
					reply(w, 200, "", append(lines, "status: 200 OK", "vary: Accept")...)
					return true
				})
				got, _ := do(t, based(t, srv), get("/")).HeaderValue("Link")
				equal(t, "Link", got, next+", "+last)
			}
		}},
	})
}
