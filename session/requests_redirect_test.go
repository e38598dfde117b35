package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
)

// moved redirects as httpbin does: /redirect/N goes on to N-1, down to /get;
// /status/CODE answers with CODE and Location: /redirect/0; everything else is 200.
func moved(w io.Writer, r *received) bool {
	path, _, _ := strings.Cut(r.Target, "?")
	name, number, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	n, err := strconv.Atoi(number)
	switch {
	case err == nil && name == "redirect" && n > 1:
		return redirect(302, fmt.Sprintf("/redirect/%d", n-1))(w, r)
	case err == nil && name == "redirect":
		return redirect(302, "/get")(w, r)
	case err == nil && name == "status":
		return redirect(n, "/get")(w, r)
	case r.Method == "HEAD":
		io.WriteString(w, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
		return true
	}
	return ok(w, r)
}

func TestRequestsRedirects(t *testing.T) {
	runRows(t, []row{
		{"test_HTTP_302_ALLOW_REDIRECT_GET", func(t *testing.T) {
			srv := serve(t, moved)
			x := do(t, based(t, srv), get("/redirect/1"))
			if x.Status != 200 || len(x.Hops) != 1 || x.Hops[0].Status != 302 || srv.count() != 2 {
				t.Errorf("got %d after %d hops and %d requests", x.Status, len(x.Hops), srv.count())
			}
		}},
		{"test_HTTP_307_ALLOW_REDIRECT_POST", func(t *testing.T) {
			srv := serve(t, moved)
			x := do(t, based(t, srv), send("POST", "/status/307", "test"))
			if got := srv.last(); x.Status != 200 || x.Hops[0].Status != 307 || got.Method != "POST" || got.Target != "/get" || got.Body != "test" {
				t.Errorf("got %d, and %q in\n%s", x.Status, got.Body, got.Head)
			}
		}},
		{"test_HTTP_307_ALLOW_REDIRECT_POST_WITH_SEEKABLE", func(t *testing.T) {
			srv := serve(t, moved)
			opened := 0
			r := send("POST", "/status/307", "")
			r.Content = &Content{Length: 4, Again: true, Open: func() (io.ReadCloser, error) {
				opened++
				return io.NopCloser(strings.NewReader("test")), nil
			}}
			do(t, based(t, srv), r)
			equal(t, "body", srv.last().Body, "test")
			equal(t, "opened", opened, 2)
		}},
		{"test_HTTP_302_TOO_MANY_REDIRECTS", func(t *testing.T) { tooMany(t, 30, "/redirect/20") }},
		{"test_HTTP_302_TOO_MANY_REDIRECTS_WITH_PARAMS", func(t *testing.T) { tooMany(t, 5, "/redirect/45") }},
		{"test_http_301_changes_post_to_get", func(t *testing.T) { goesOn(t, "POST", 301, "GET") }},
		{"test_http_301_doesnt_change_head_to_get", func(t *testing.T) { goesOn(t, "HEAD", 301, "HEAD") }},
		{"test_http_302_changes_post_to_get", func(t *testing.T) { goesOn(t, "POST", 302, "GET") }},
		{"test_http_302_doesnt_change_head_to_get", func(t *testing.T) { goesOn(t, "HEAD", 302, "HEAD") }},
		{"test_http_303_changes_post_to_get", func(t *testing.T) { goesOn(t, "POST", 303, "GET") }},
		{"test_http_303_doesnt_change_head_to_get", func(t *testing.T) { goesOn(t, "HEAD", 303, "HEAD") }},
	})
}

// tooMany asks for fifty redirects where limit are followed.
func tooMany(t *testing.T, limit int, last string) {
	t.Helper()
	srv := serve(t, moved)
	s := based(t, srv)
	s.Settings.Redirects = limit
	x, e := fails(t, s, get("/redirect/50"))
	equal(t, "error", e.Text, fmt.Sprintf("exceeded %d redirects", limit))
	equal(t, "requests", srv.count(), limit+1)
	if x == nil || len(x.Hops) != limit || x.Sent.URL != srv.URL+last {
		t.Errorf("got %+v", x)
	}
}

func goesOn(t *testing.T, method string, status int, want string) {
	t.Helper()
	srv := serve(t, moved)
	x := do(t, based(t, srv), send(method, fmt.Sprintf("/status/%d", status), ""))
	if x.Status != 200 || x.Sent.Method != want || srv.last().Method != want || len(x.Hops) != 1 || x.Hops[0].Status != status || x.Hops[0].Sent.Method != method {
		t.Errorf("got %d by %s (%s on the wire) after %v", x.Status, x.Sent.Method, srv.last().Method, x.Hops)
	}
}

func TestRequestsRedirectBodies(t *testing.T) {
	runRows(t, []row{
		{"test_header_and_body_removal_on_redirect", func(t *testing.T) {
			srv := serve(t, moved)
			bodyGone(t, wire(t, srv, based(t, srv), send("POST", "/status/302", "test=data")))
		}},
		{"test_transfer_enc_removal_on_redirect", func(t *testing.T) {
			srv := serve(t, moved)
			r := send("POST", "/status/302", "x")
			r.Content.Length, r.Content.Again = -1, false
			bodyGone(t, wire(t, srv, based(t, srv), r))
			equal(t, "first", srv.all()[0].header("Transfer-Encoding"), "chunked")
		}},
		{"test_redirect_with_wrong_gzipped_header", func(t *testing.T) {
			srv := serve(t, func(w io.Writer, r *received) bool {
				if r.N == 1 {
					reply(w, 302, "this is no gzip", "Location: /get", "Content-Encoding: gzip")
					return true
				}
				return ok(w, r)
			})
			equal(t, "status", do(t, based(t, srv), get("/")).Status, 200)
		}},
		{"test_requests_are_updated_each_time", func(t *testing.T) {
			srv := serve(t, func(w io.Writer, r *received) bool {
				if r.N < 3 {
					return redirect([]int{303, 307}[r.N-1], "/")(w, r)
				}
				return ok(w, r)
			})
			do(t, based(t, srv), send("POST", "/post", ""))
			for i, want := range []string{"POST", "GET", "GET"} {
				equal(t, fmt.Sprint("method ", i), srv.all()[i].Method, want)
			}
		}},
		{"test_manual_redirect_with_partial_body_read", func(t *testing.T) {
			srv := serve(t, moved)
			s := based(t, srv)
			enough := errors.New("enough")
			for i, watch := range []Watch{{Body: func(*Exchange, []byte) error { return enough }}, {}} {
				r := get(fmt.Sprintf("/redirect/%d", 2-i))
				r.NoFollow = true
				x, err := s.Do(context.Background(), r, watch)
				location, _ := x.HeaderValue("Location")
				equal(t, "stopped", errors.Is(err, enough), i == 0)
				equal(t, "status", x.Status, 302)
				equal(t, "Location", location, []string{"/redirect/1", "/get"}[i])
			}
			equal(t, "status", do(t, s, get("/get")).Status, 200)
		}},
	})
}

func bodyGone(t *testing.T, got received) {
	t.Helper()
	equal(t, "request", got.Method+" "+got.Target, "GET /get")
	for _, name := range []string{"Content-Length", "Content-Type", "Transfer-Encoding"} {
		equal(t, name, got.header(name), "")
	}
	equal(t, "body", got.Body, "")
}

func TestRequestsRedirectURLs(t *testing.T) {
	runRows(t, []row{
		{"test_fragment_maintained_on_redirect", func(t *testing.T) {
			srv := serve(t, moved)
			x := do(t, based(t, srv), get("/redirect/1#view=edit&token=hunter2"))
			equal(t, "first URL", x.Hops[0].Sent.URL, srv.URL+"/redirect/1#view=edit&token=hunter2")
			equal(t, "URL", x.Sent.URL, srv.URL+"/get#view=edit&token=hunter2")
			away := serve(t, redirect(302, srv.URL+"/get"))
			x = do(t, based(t, away), get("/#part"))
			equal(t, "URL elsewhere", x.Sent.URL, srv.URL+"/get#part")
		}},
		{"test_fragment_not_sent_with_request", func(t *testing.T) {
			srv := serve(t, ok)
			got := wire(t, srv, based(t, srv), get("/path/to/thing/#view=edit&token=hunter2"))
			equal(t, "target", got.Target, "/path/to/thing/")
			equal(t, "in the head", strings.Contains(got.Head, "hunter2"), false)
		}},
		{"test_fragment_update_on_redirect", func(t *testing.T) {
			srv := serve(t, func(w io.Writer, r *received) bool {
				if r.N < 3 {
					return redirect(302, []string{"/get#relevant-section", "/final-url/"}[r.N-1])(w, r)
				}
				return ok(w, r)
			})
			x := do(t, based(t, srv), get("/path/#view=edit"))
			equal(t, "second URL", x.Hops[1].Sent.URL, srv.URL+"/get#relevant-section")
			equal(t, "URL", x.Sent.URL, srv.URL+"/final-url/#relevant-section")
		}},
		{"test_uppercase_scheme_redirect", func(t *testing.T) {
			other := serve(t, ok)
			srv := serve(t, redirect(302, "HTTP"+strings.TrimPrefix(other.URL, "http")+"/html"))
			x := do(t, based(t, srv), get("/"))
			equal(t, "status", x.Status, 200)
			equal(t, "URL", x.Sent.URL, other.URL+"/html")
		}},
		{"test_redirecting_to_bad_url", func(t *testing.T) {
			srv := serve(t, redirect(302, "http://:1"))
			x, e := fails(t, based(t, srv), get("/"))
			equal(t, "phase", e.Phase, PhaseRedirect)
			equal(t, "status kept", x.Status, 302)
		}},
		{"test_redirect_rfc1808_to_non_ascii_location", func(t *testing.T) {
			var srv *server
			srv = serve(t, func(w io.Writer, r *received) bool {
				if r.N == 1 {
					return redirect(301, "//"+srv.ln.Addr().String()+"/š")(w, r)
				}
				return ok(w, r)
			})
			x := do(t, based(t, srv), get("/"))
			equal(t, "target", srv.last().Target, "/%C5%A1")
			equal(t, "URL", x.Sent.URL, srv.URL+"/%C5%A1")
		}},
	})
}

func TestRequestsHistory(t *testing.T) {
	runRows(t, []row{
		{"test_redirect_history_no_self_reference", func(t *testing.T) {
			srv := serve(t, moved)
			x := do(t, based(t, srv), get("/redirect/3"))
			for i, h := range x.Hops {
				if h.Sent.URL == x.Sent.URL || h.Status == x.Status {
					t.Errorf("hop %d is the answer itself: %+v", i, h)
				}
			}
			equal(t, "hops", len(x.Hops), 3)
		}},
		{"test_requests_in_history_are_not_overridden", func(t *testing.T) {
			srv := serve(t, moved)
			x := do(t, based(t, srv), get("/redirect/3"))
			for i, h := range x.Hops {
				equal(t, "URL", h.Sent.URL, fmt.Sprintf("%s/redirect/%d", srv.URL, 3-i))
				equal(t, "target", h.Sent.Target, srv.all()[i].Target)
			}
		}},
		{"test_history_is_always_a_list", func(t *testing.T) {
			srv := serve(t, moved)
			s := based(t, srv)
			equal(t, "hops without a redirect", len(do(t, s, get("/get")).Hops), 0)
			equal(t, "hops with one", len(do(t, s, get("/redirect/1")).Hops), 1)
		}},
		{"test_requests_history_is_saved", func(t *testing.T) {
			srv := serve(t, moved)
			s := based(t, srv)
			first := do(t, s, get("/redirect/5"))
			do(t, s, get("/redirect/2"))
			again, err := s.At(first.Number)
			must(t, err)
			equal(t, "exchanges", len(s.Exchanges()), 2)
			equal(t, "hops", len(again.Hops), 5)
			for i, h := range again.Hops {
				equal(t, "hop", h.Sent.Target, fmt.Sprintf("/redirect/%d", 5-i))
			}
		}},
	})
}
