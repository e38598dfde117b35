package session

import (
	"strings"
	"testing"
)

// The tests named TestRequests… hold the session to what Python's requests
// promises. Each subtest has the name of the test in that project's own suite
// (tests/test_requests.py, tests/test_lowlevel.py) whose meaning it holds, and
// looks at the bytes a raw server received. Where this program differs on
// purpose, the subtest says so and holds the difference.

// A row is one test of that suite.
type row struct {
	name string
	run  func(t *testing.T)
}

func runRows(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, r.run)
	}
}

// wire sends a request that must succeed and returns how it arrived.
func wire(t *testing.T, srv *server, s *Session, r *Request) received {
	t.Helper()
	do(t, s, r)
	return srv.last()
}

// with adds headers to a request.
func with(r *Request, headers ...HeaderEdit) *Request {
	r.Headers = append(r.Headers, headers...)
	return r
}

// asking adds parameters to a request.
func asking(r *Request, params ...ParamEdit) *Request {
	r.Params = append(r.Params, params...)
	return r
}

func send(method, target string, body string) *Request {
	r := &Request{Method: method, Target: Target{Text: target}}
	if body != "" {
		r.Content = text(body)
	}
	return r
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// must fails the test at an error of a call that sets something.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestRequestsMerge(t *testing.T) {
	runRows(t, []row{
		{"test_params_are_merged_case_sensitive", func(t *testing.T) {
			srv := serve(t, ok)
			s := based(t, srv)
			must(t, s.SetParam(Param{Name: "foo", Value: "bar"}))
			got := wire(t, srv, s, asking(get("/get"), ParamEdit{Name: "FOO", Value: "bar"}))
			equal(t, "target", got.Target, "/get?foo=bar&FOO=bar")
		}},
		{"test_params_original_order_is_preserved_by_default", func(t *testing.T) {
			srv := serve(t, ok)
			r := get("/")
			for _, name := range []string{"z", "a", "k", "d"} {
				asking(r, ParamEdit{Name: name, Value: "1"})
			}
			equal(t, "target", wire(t, srv, based(t, srv), r).Target, "/?z=1&a=1&k=1&d=1")
		}},
		{"test_params_are_added_before_fragment", func(t *testing.T) {
			srv := serve(t, ok)
			for _, tt := range []struct{ target, sent string }{
				{"/path#fragment", "/path?a=b"},
				{"/path?key=value#fragment", "/path?key=value&a=b"},
			} {
				x := do(t, based(t, srv), asking(get(tt.target), ParamEdit{Name: "a", Value: "b"}))
				equal(t, "target", srv.last().Target, tt.sent)
				equal(t, "URL", x.Sent.URL, srv.URL+tt.sent+"#fragment")
			}
		}},
		{"test_HTTP_200_OK_GET_WITH_MIXED_PARAMS", func(t *testing.T) {
			srv := serve(t, ok)
			s := based(t, srv)
			must(t, s.SetParam(Param{Name: "v", Value: "1"}))
			must(t, s.SetParam(Param{Name: "q", Value: "session"}))
			r := with(asking(get("/get?test=true"), ParamEdit{Name: "q", Value: "test"}, ParamEdit{Name: "z", Value: "3"}),
				HeaderEdit{Name: "User-agent", Value: "Mozilla/5.0"})
			got := wire(t, srv, s, r)
			equal(t, "target", got.Target, "/get?test=true&v=1&q=test&z=3")
			equal(t, "User-agent", got.header("User-Agent"), "Mozilla/5.0")
		}},
		{"test_urlencoded_get_query_multivalued_param", func(t *testing.T) {
			srv := serve(t, ok)
			s := based(t, srv)
			must(t, s.SetParam(Param{Name: "test", Value: "session"}))
			r := asking(get("/get"), ParamEdit{Name: "test", Value: "foo"}, ParamEdit{Name: "test", Value: "baz"})
			equal(t, "target", wire(t, srv, s, r).Target, "/get?test=foo&test=baz")
		}},
	})
}

func TestRequestsHeaders(t *testing.T) {
	runRows(t, []row{
		{"test_headers_on_session_with_None_are_not_sent", testHeadersDropped},
		{"test_header_remove_is_case_insensitive", func(t *testing.T) {
			srv := serve(t, ok)
			s := based(t, srv)
			must(t, s.SetHeader(Header{Name: "foo", Value: "bar"}))
			got := wire(t, srv, s, with(get("/get"), HeaderEdit{Name: "FOO", Remove: true}))
			equal(t, "header of one request", strings.Contains(strings.ToLower(got.Head), "\r\nfoo:"), false)
			equal(t, "header of the next", wire(t, srv, s, get("/get")).header("foo"), "bar")
		}},
		{"test_fixes_1329", func(t *testing.T) {
			srv := serve(t, ok)
			s := based(t, srv)
			must(t, s.SetHeader(Header{Name: "ACCEPT", Value: "BOGUS"}))
			must(t, s.SetHeader(Header{Name: "accept", Value: "application/json"}))
			got := wire(t, srv, s, get("/get"))
			equal(t, "Accept fields", strings.Count(strings.ToLower(got.Head), "\r\naccept:"), 1)
			equal(t, "Accept", got.header("Accept"), "application/json")
		}},
		{"test_headers_preserve_order", func(t *testing.T) {
			srv := serve(t, ok)
			s := based(t, srv)
			for _, h := range []Header{{Name: "Accept-Encoding", Value: "identity"}, {Name: "First", Value: "1"}, {Name: "Second", Value: "2"}} {
				must(t, s.SetHeader(h))
			}
			r := with(get("/get"), HeaderEdit{Name: "Third", Value: "3"}, HeaderEdit{Name: "Fourth", Value: "4"},
				HeaderEdit{Name: "Fifth", Value: "5"}, HeaderEdit{Name: "Second", Value: "222"})
			got := wire(t, srv, s, r)
			equal(t, "names", got.names(), "Host User-Agent Accept-Encoding Accept First Second Third Fourth Fifth")
			equal(t, "Accept-Encoding", got.header("Accept-Encoding"), "identity")
			equal(t, "Second", got.header("Second"), "222")
		}},
		{"test_user_agent_transfers", func(t *testing.T) {
			srv := serve(t, ok)
			for _, name := range []string{"User-agent", "user-agent"} {
				got := wire(t, srv, based(t, srv), with(get("/"), HeaderEdit{Name: name, Value: "Mozilla/5.0 (github.com/psf/requests)"}))
				contains(t, name, got.Head, "\r\n"+name+": Mozilla/5.0 (github.com/psf/requests)\r\n")
				equal(t, "fields", strings.Count(strings.ToLower(got.Head), "\r\nuser-agent:"), 1)
			}
		}},
	})
}

// testHeadersDropped leaves a header out: for one request, and for good.
func testHeadersDropped(t *testing.T) {
	for _, name := range []string{"Accept-Encoding", "User-Agent", "Accept"} {
		srv := serve(t, ok)
		s := based(t, srv)
		got := wire(t, srv, s, with(get("/get"), HeaderEdit{Name: name, Remove: true}))
		equal(t, name+" of one request", strings.Contains(got.Head, name+":"), false)
		must(t, s.SetHeader(Header{Name: name, Value: "mine"}))
		equal(t, name+" dropped", s.DropHeader(name), 1)
		got = wire(t, srv, s, get("/get"))
		equal(t, name+" of the session", strings.Contains(got.Head, name+":"), false)
	}
}

func TestRequestsHeaderSafety(t *testing.T) {
	runRows(t, []row{
		{"test_header_no_return_chars", func(t *testing.T) {
			refused(t, HeaderEdit{Name: "foo", Value: "bar\r\nbaz: qux"}, HeaderEdit{Name: "foo", Value: "bar\n\rbaz: qux"},
				HeaderEdit{Name: "foo", Value: "bar\nbaz: qux"}, HeaderEdit{Name: "foo", Value: "bar\rbaz: qux"},
				HeaderEdit{Name: "foo", Value: "bar\r\n"}, HeaderEdit{Name: "foo", Value: "bar\n"}, HeaderEdit{Name: "foo", Value: "\nbar"},
				HeaderEdit{Name: "fo\ro", Value: "bar"}, HeaderEdit{Name: "fo\r\no", Value: "bar"}, HeaderEdit{Name: "fo\n\ro", Value: "bar"},
				HeaderEdit{Name: "fo\no", Value: "bar"}, HeaderEdit{Name: "foo\n", Value: "bar"}, HeaderEdit{Name: "\nfoo", Value: "bar"})
		}},
		{"test_header_no_leading_space", func(t *testing.T) {
			refused(t, HeaderEdit{Name: " foo", Value: "bar"}, HeaderEdit{Name: "\tfoo", Value: "bar"}, HeaderEdit{Name: "    foo", Value: "bar"},
				HeaderEdit{Name: "foo", Value: " bar"}, HeaderEdit{Name: "foo", Value: "    bar"}, HeaderEdit{Name: "foo", Value: "\tbar"},
				HeaderEdit{Name: " ", Value: "bar"})
		}},
		{"test_header_value_not_str", func(t *testing.T) { // a value is text here; what is no text in a header is refused
			refused(t, HeaderEdit{Name: "foo", Value: "\x00"}, HeaderEdit{Name: "bar", Value: "a\x01b"}, HeaderEdit{Name: "baz", Value: "a\x7f"})
		}},
		{"test_header_validation", func(t *testing.T) {
			srv := serve(t, ok)
			got := wire(t, srv, based(t, srv), with(get("/get"), HeaderEdit{Name: "foo", Value: "bar baz qux"},
				HeaderEdit{Name: "bar", Value: "fbbq"}, HeaderEdit{Name: "baz", Empty: true}, HeaderEdit{Name: "qux", Value: "1"}))
			contains(t, "head", got.Head, "\r\nfoo: bar baz qux\r\n", "\r\nbar: fbbq\r\n", "\r\nbaz: \r\n", "\r\nqux: 1\r\n")
		}},
	})
}

// refused sees that none of the headers is sent, typed with a request or for the
// session, and that the error names the header.
func refused(t *testing.T, headers ...HeaderEdit) {
	t.Helper()
	srv := serve(t, ok)
	s := based(t, srv)
	for _, h := range headers {
		if _, e := fails(t, s, with(get("/get"), h)); e.Phase != PhaseRequest || !strings.Contains(e.Text, "header") ||
			h.Name == "foo" && !strings.Contains(e.Text, "foo") {
			t.Errorf("%q: %q: got %v", h.Name, h.Value, e)
		}
		if err := s.SetHeader(Header{Name: h.Name, Value: h.Value}); err == nil {
			t.Errorf("%q: %q: taken for the session", h.Name, h.Value)
		}
	}
	if srv.opened() != 0 || srv.count() != 0 {
		t.Errorf("%d connections, %d requests", srv.opened(), srv.count())
	}
}
