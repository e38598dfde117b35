package repl

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// whoRows are the rows below a request, with single blanks.
func whoRows(text string) []string {
	_, block, _ := strings.Cut(text, "\n\n")
	var out []string
	for l := range strings.Lines(block) {
		out = append(out, strings.Join(strings.Fields(l), " "))
	}
	return out
}

func TestProvenance(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"nothing but the program's own", []string{"get /users/jdoe | empty"},
			"header Host, User-Agent, Accept-Encoding, Accept sonde"},
		{"a request over the session", []string{"Accept: application/json", "per_page==5", "get /users/jdoe Accept:text/plain per_page==3 | empty"},
			"header Accept this request, over the session's application/json\n" +
				"header Host, User-Agent, Accept-Encoding sonde\n" +
				"param per_page this request, over the session's 5"},
		{"a login and a header in its place", []string{"auth jdoe hidden", "get /user Authorization:'Basic aaaa' | empty"},
			"header Authorization this request, over the login's Basic ••••••••\n" +
				"header Host, User-Agent, Accept-Encoding, Accept sonde"},
		{"left out", []string{"X-Trace: abc", "auth jdoe hidden", "get /users/jdoe X-Trace: Authorization: | empty"},
			"header Host, User-Agent, Accept-Encoding, Accept sonde\n" +
				"header X-Trace left out by this request: the session's abc\n" +
				"header Authorization left out by this request: the login's Basic ••••••••"},
		{"cookies", []string{"post /login user=jdoe password=x | empty", "cookie mine=1", "get /private | empty"},
			"header Host, User-Agent, Accept-Encoding, Accept sonde\n" +
				"cookie mine session\n" +
				"cookie sid the server\n" +
				"cookie csrftoken the server"},
		{"a cookie header in the place of cookies", []string{"cookie mine=1", "get /users/jdoe Cookie:a=b | empty"},
			"header Cookie this request, over the session's mine\n" +
				"header Host, User-Agent, Accept-Encoding, Accept sonde"},
		{"a key in the query", []string{"auth apikey key== sesame", "get /users/jdoe | empty"},
			"header Host, User-Agent, Accept-Encoding, Accept sonde\n" +
				"param key auth"},
	} {
		sh, out, _, _ := newTestShell(t)
		text := run(t, sh, out, append(c.lines, "request")...)
		if got := strings.Join(whoRows(text), "\n"); got != c.want {
			t.Errorf("%s: got:\n%s\nwant:\n%s", c.name, got, c.want)
		}
		for _, s := range []string{"hidden", "sesame", "aaaa"} {
			if strings.Contains(text, s) {
				t.Errorf("%s: %q is shown:\n%s", c.name, s, text)
			}
		}
	}
}

// TestProvenanceProxy goes through a proxy of the environment, and past it.
func TestProvenanceProxy(t *testing.T) {
	sh, out, _ := shellOn(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "{}") })
	proxy := sh.Session.Settings.Base
	run(t, sh, out, "proxy http://user:sesame@"+strings.TrimPrefix(proxy, "http://"), "get http://example.test/x | empty")
	text := run(t, sh, out, "request")
	has(t, text, "GET http://example.test/x HTTP/1.1\n", "proxy ", "http://user:••••••••@127.0.0.1:", "session\n")
	if strings.Contains(text, "sesame") {
		t.Errorf("the password is shown:\n%s", text)
	}
	run(t, sh, out, "get /x --proxy off | empty")
	has(t, run(t, sh, out, "request"), "none ", "this request, over the session's http://user:••••••••@127.0.0.1:")
}

// TestProvenanceBehindBody stands a line away from what was sent.
func TestProvenanceBehindBody(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	run(t, sh, out, "post /echo --raw abc | empty", "get /users/jdoe | empty")
	has(t, run(t, sh, out, "request 1"), "\n\nabc\n\nheader ")
}

// TestProvenanceNarrow loses nothing on a narrow screen.
func TestProvenanceNarrow(t *testing.T) {
	sh, out, _, _ := newTestShell(t)
	run(t, sh, out, "X-Some-Header: a value of quite some length", "get /users/jdoe X-Some-Header:other | empty")
	sh.Screen = true
	sh.Style.Width = 40
	text := run(t, sh, out, "request")
	for _, l := range whoRows(text) {
		if len([]rune(l)) > 40 {
			t.Errorf("%d cells: %s", len([]rune(l)), l)
		}
	}
	if got := strings.Join(strings.Fields(strings.Join(whoRows(text), " ")), " "); !strings.Contains(got, "quite") || !strings.Contains(got, "length") {
		t.Errorf("got %s", got)
	}
}

// TestRawShowsInterimHeads has an answer with an interim one before it.
func TestRawShowsInterimHeads(t *testing.T) {
	sh, out, _ := shellOn(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		io.WriteString(w, "x")
	})
	sh.print = ""
	text := run(t, sh, out, "get /x", "raw")
	if !strings.HasPrefix(text, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n") || !strings.HasSuffix(text, "\r\n\r\nx") {
		t.Errorf("got %q", text)
	}
}

func TestRequestOverHTTP2(t *testing.T) {
	sh, out, notes := secureShell(t)
	run(t, sh, out, "auth jdoe hidden", "get /user api_key==sesame")
	text := run(t, sh, out, "request")
	has(t, text, "GET /user?api_key=•••••••• HTTP/2\n", ":authority: 127.0.0.1:", "\nuser-agent: ", "authorization: Basic ••••••••",
		"header  authorization ", "param   api_key ", "this request")
	if strings.Contains(text, "sesame") || strings.Contains(text, "hidden") {
		t.Errorf("a secret is shown:\n%s", text)
	}
	notes.Reset()
	has(t, run(t, sh, out, "raw"), "HTTP/2 200", "content-type: application/json")
	has(t, notes.String(), "HTTP/2 has no head in text")
}
