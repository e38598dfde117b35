package practice

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a clock that stands still until it is moved.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2031, 5, 6, 7, 8, 9, 400_000_000, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// peer is a server and a client that follows nothing and decodes nothing.
type peer struct {
	*Server
	t      *testing.T
	client *http.Client
	clock  *clock
}

func start(t *testing.T) *peer {
	t.Helper()
	c := newClock()
	s, err := Start(Options{Now: c.now, Slow: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{DisableCompression: true}
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return &peer{s, t, &http.Client{
		Transport:     tr,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, c}
}

// answer is a response that was read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

// do sends a request; header is "Name: value" lines.
func (p *peer) do(method, target, body string, header ...string) answer {
	p.t.Helper()
	a, err := p.try(method, target, body, header...)
	if err != nil {
		p.t.Fatalf("%s %s: %v", method, target, err)
	}
	return a
}

func (p *peer) try(method, target, body string, header ...string) (answer, error) {
	if strings.HasPrefix(target, "/") {
		target = p.URL() + target
	}
	req, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Add(name, value)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(b)}, err
}

// get is do for GET, decoded into v, which must answer 200.
func (p *peer) get(v any, target string, header ...string) answer {
	p.t.Helper()
	a := p.do("GET", target, "", header...)
	if a.status != 200 {
		p.t.Fatalf("GET %s: got %d %s, want 200", target, a.status, a.body)
	}
	a.into(p.t, v)
	return a
}

func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("decoding %q: %v", a.body, err)
	}
}

// wire sends text as it is on a connection of its own and gives all that comes
// back until the server closes it.
func (p *peer) wire(text string) string {
	p.t.Helper()
	conn := p.dial()
	defer conn.Close()
	if _, err := io.WriteString(conn, strings.ReplaceAll(text, "\n", "\r\n")); err != nil {
		p.t.Fatal(err)
	}
	b, err := io.ReadAll(conn)
	if err != nil {
		p.t.Fatalf("reading the answer to %q: %v", text, err)
	}
	return string(b)
}

func (p *peer) dial() net.Conn {
	p.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL(), "http://"))
	if err != nil {
		p.t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}

const asJDoe, asTQuill = "Authorization: Bearer x", "Authorization: Bearer tquill-token"

func TestEndpoints(t *testing.T) {
	p := start(t)
	const jsonBody, formBody = "Content-Type: application/json", "Content-Type: application/x-www-form-urlencoded"
	tests := []struct {
		method, target, body string
		header               []string
		status               int
		want                 string // part of the body
	}{
		{"GET", "/", "", nil, 200, `"current_user_url":"` + p.URL() + `/user"`},
		{"GET", "/openapi.json", "", nil, 200, `"openapi":"3.1.0"`},
		{"GET", "/user", "", nil, 401, `{"message":"Requires authentication","status":"401"}`},
		{"GET", "/user", "", []string{asJDoe}, 200, `"login":"jdoe"`},
		{"GET", "/user/repos", "", nil, 401, "Requires authentication"},
		{"GET", "/users/jdoe", "", nil, 200, `"name":"Jordan Doe"`},
		{"GET", "/users/nobody-yet", "", nil, 404, `"documentation_url":"` + p.URL() + `/openapi.json"`},
		{"GET", "/users/jdoe/repos?per_page=1", "", nil, 200, `"full_name":"jdoe/hello-world"`},
		{"GET", "/users/nobody-yet/repos", "", nil, 404, "Not Found"},
		{"GET", "/users/jdoe/repos?sort=color", "", nil, 422, `"field":"sort"`},
		{"GET", "/repos/jdoe/hello-world", "", nil, 200, `"stargazers_count":80`},
		{"GET", "/repos/jdoe/nothing", "", nil, 404, "Not Found"},
		{"GET", "/repos/nobody-yet/hello-world", "", nil, 404, "Not Found"},
		{"GET", "/repos/jdoe/hello-world/issues/1", "", nil, 200, `"number":1`},
		{"GET", "/repos/jdoe/hello-world/issues/01", "", nil, 404, "Not Found"},
		{"GET", "/repos/jdoe/hello-world/issues?state=odd", "", nil, 422, `"field":"state"`},
		{"GET", "/private", "", nil, 401, "POST /login"},
		{"POST", "/private/note", "note=x", []string{formBody}, 401, "POST /login"},
		{"POST", "/login", "user=jdoe", []string{formBody}, 200, `"token":"jdoe-token"`},
		{"POST", "/login", `{"user":"ann"}`, []string{jsonBody}, 200, `"token":"ann-token"`},
		{"POST", "/login", "user=jdoe&password=wrong", []string{formBody}, 401, "Bad credentials"},
		{"POST", "/login", "user=", []string{formBody}, 422, "missing_field"},
		{"POST", "/login", "user=%zz", []string{formBody}, 400, "Problems parsing form"},
		{"POST", "/login", "x", []string{"Content-Type: text/plain"}, 415, "Unsupported Media Type"},
		{"POST", "/logout", "", nil, 200, `{"ok":true}`},
		{"GET", "/slow", "", nil, 200, `{"ok":true,"waited":0.001}`},
		{"GET", "/slow?seconds=0.002", "", nil, 200, `"waited":0.002`},
		{"GET", "/slow?seconds=61", "", nil, 422, "0 to 60"},
		{"GET", "/slow?seconds=NaN", "", nil, 422, "0 to 60"},
		{"GET", "/drip?bytes=4&delay=1", "", nil, 200, "012\n"},
		{"GET", "/drip?bytes=x", "", nil, 422, "bytes must be a whole number from 1 to 10000"},
		{"GET", "/status/418", "", nil, 418, "I'm a teapot"},
		{"GET", "/status/599", "", nil, 599, "Status 599"},
		{"DELETE", "/status/503", "", nil, 503, "Service Unavailable"},
		{"GET", "/status/199", "", nil, 422, "200 to 599"},
		{"GET", "/status/204", "", nil, 204, ""},
		{"GET", "/bytes/3", "", nil, 200, "\x00\x07\x0e"},
		{"GET", "/big?mb=0", "", nil, 422, "1 to 2000"},
		{"GET", "/text", "", nil, 200, "Plain text."},
		{"GET", "/api-key", "", []string{"X-Api-Key: k"}, 200, `{"ok":true,"in":"header"}`},
		{"GET", "/api-key?api_key=k", "", nil, 200, `{"ok":true,"in":"query"}`},
		{"GET", "/api-key?api_key=wrong", "", nil, 401, "Bad credentials"},
		{"GET", "/api-key?api_key=k", "", []string{"X-Api-Key: wrong"}, 401, "Bad credentials"},
		{"GET", "/api-key", "", nil, 401, "X-Api-Key"},
		{"GET", "/digest-auth", "", nil, 401, "Requires authentication"},
		{"GET", "/digest-auth?algorithm=SHA-1", "", nil, 422, "MD5, SHA-256, SHA-512-256"},
		{"GET", "/digest-auth?qop=none", "", nil, 422, "auth-int"},
		{"GET", "/oauth/token", "", nil, 405, "Method Not Allowed"},
		{"GET", "/nothing/here", "", nil, 404, "Not Found"},
		{"GET", "/user/", "", []string{asJDoe}, 404, "Not Found"},
		{"GET", "//user", "", []string{asJDoe}, 404, "Not Found"},
	}
	for _, tt := range tests {
		got := p.do(tt.method, tt.target, tt.body, tt.header...)
		if got.status != tt.status || !strings.Contains(got.body, tt.want) {
			t.Errorf("%s %s: got %d %q, want %d with %q", tt.method, tt.target, got.status, got.body, tt.status, tt.want)
		}
	}
}

func TestHeadSendsHeadOfGet(t *testing.T) {
	p := start(t)
	for _, target := range []string{"/users/jdoe", "/bytes/12", "/big?mb=2", "/drip?delay=10000", "/events?every=60000", "/png", "/echo"} {
		head := p.do("HEAD", target, "")
		if head.status != 200 || head.body != "" || head.header.Get("Content-Type") == "" {
			t.Errorf("HEAD %s: got %d, %d bytes, %v", target, head.status, len(head.body), head.header)
		}
	}
	get, head := p.do("GET", "/users/jdoe", ""), p.do("HEAD", "/users/jdoe", "")
	for _, name := range []string{"Content-Length", "Content-Type", "Etag"} {
		if g, h := get.header.Get(name), head.header.Get(name); g != h || g == "" {
			t.Errorf("%s: got %q for GET, %q for HEAD", name, g, h)
		}
	}
}

func TestMethods(t *testing.T) {
	p := start(t)
	tests := []struct {
		method, target string
		status         int
		allow          string
	}{
		{"OPTIONS", "/user", 204, "GET, HEAD, PATCH, OPTIONS"},
		{"DELETE", "/user", 405, "GET, HEAD, PATCH, OPTIONS"},
		{"GET", "/login", 405, "POST, OPTIONS"},
		{"HEAD", "/login", 405, "POST, OPTIONS"},
		{"PUT", "/repos/jdoe/hello-world/issues/1", 405, "GET, HEAD, PATCH, DELETE, OPTIONS"},
		{"OPTIONS", "/echo", 200, ""},
		{"PURGE", "/echo", 200, ""},
	}
	for _, tt := range tests {
		got := p.do(tt.method, tt.target, "")
		if got.status != tt.status || got.header.Get("Allow") != tt.allow {
			t.Errorf("%s %s: got %d, Allow %q, want %d, %q", tt.method, tt.target, got.status, got.header.Get("Allow"), tt.status, tt.allow)
		}
	}
}

func TestConditionalRequests(t *testing.T) {
	p := start(t)
	first := p.do("GET", "/repos/jdoe/hello-world", "")
	tag := first.header.Get("ETag")
	tests := []struct {
		field  string
		status int
	}{
		{tag, 304}, {"W/" + tag, 304}, {`"other", ` + tag, 304}, {"*", 304}, {`"other"`, 200}, {strings.Trim(tag, `"`), 200},
	}
	for _, tt := range tests {
		got := p.do("GET", "/repos/jdoe/hello-world", "", "If-None-Match: "+tt.field)
		if got.status != tt.status || got.header.Get("ETag") != tag || (got.body == "") != (tt.status == 304) {
			t.Errorf("If-None-Match: %s: got %d, tag %s, %d bytes, want %d", tt.field, got.status, got.header.Get("ETag"), len(got.body), tt.status)
		}
	}
	if got := p.do("GET", "/repos/jdoe/nothing", "").header.Get("ETag"); got != "" {
		t.Errorf("ETag of a 404: got %q, want none", got)
	}
}

func TestHeaderSpelling(t *testing.T) {
	p := start(t)
	got := p.wire("GET /user HTTP/1.1\nHost: " + strings.TrimPrefix(p.URL(), "http://") + "\nConnection: close\n\n")
	for _, want := range []string{
		"HTTP/1.1 401 Unauthorized\r\n", "\r\nWWW-Authenticate: Basic realm=\"practice\"\r\n", "\r\nContent-Length: 52\r\n",
		"\r\nContent-Type: application/json; charset=utf-8\r\n", "\r\nDate: Tue, 06 May 2031 07:08:09 GMT\r\n", "\r\nX-RateLimit-Limit: 60\r\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
}

// Two servers must give the same bytes but for their ports.
func TestAnswersAreDeterministic(t *testing.T) {
	p, q := start(t), start(t)
	show := func(p *peer, target string) string {
		a := p.do("GET", target, "", asJDoe)
		a.header.Del("Etag") // follows the port
		text := strings.ReplaceAll(fmt.Sprint(a.header, a.body), p.URL(), "URL")
		text = strings.ReplaceAll(text, p.TLSURL(), "TLSURL")
		return strings.ReplaceAll(text, strings.TrimPrefix(p.URL(), "http://"), "HOST")
	}
	for _, target := range []string{"/", "/user", "/user/repos?per_page=100", "/repos/jdoe/hello-world/issues", "/users/zwinter", "/png?of=jdoe", "/gzip", "/lines", "/bytes/1000", "/echo?a=b", "/br", "/.well-known/oauth-authorization-server"} {
		if a, b := show(p, target), show(q, target); a != b {
			t.Errorf("%s: got %s and %s", target, a, b)
		}
	}
}

func TestBaseFollowsLoopbackHost(t *testing.T) {
	p := start(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(p.URL(), "http://"), ":")
	tests := []struct{ host, want string }{
		{"localhost:" + port, "http://localhost:" + port},
		{"[::1]:" + port, "http://[::1]:" + port},
		{"evil.example:" + port, p.URL()},
		{"evil.example", p.URL()},
	}
	for _, tt := range tests {
		got := p.wire("GET /users/jdoe HTTP/1.1\nHost: " + tt.host + "\nConnection: close\n\n")
		if want := `"url":"` + tt.want + `/users/jdoe"`; !strings.Contains(got, want) {
			t.Errorf("Host: %s: got %q, want %s", tt.host, got, want)
		}
	}
}

// TestCloseEndsEverything closes while every kind of long answer is under way.
// When it returns nothing is being answered, and connections and listeners are
// gone.
func TestCloseEndsEverything(t *testing.T) {
	for range 5 {
		s, err := Start(Options{})
		if err != nil {
			t.Fatal(err)
		}
		var busy sync.WaitGroup
		for _, target := range []string{"/slow?seconds=60", "/events?every=60000", "/drip?delay=10000", "/big?mb=2000", "/user"} {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", target)
			if target != "/slow?seconds=60" { // the others are answering already
				if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil {
					t.Fatal(err)
				}
			}
			busy.Go(func() { _, _ = io.Copy(io.Discard, conn) })
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		}
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		if bytes.Contains(stacks, []byte("practice.(*Server).dispatch(")) {
			t.Errorf("something is still being answered after Close:\n%s", stacks)
		}
		busy.Wait() // every connection has ended
		for _, u := range []string{s.URL(), s.otherURL, s.TLSURL()} {
			if conn, err := net.Dial("tcp", u[strings.LastIndex(u, "/")+1:]); err == nil {
				conn.Close()
				t.Errorf("%s still listens after Close", u)
			}
		}
	}
}

func TestClientCancelEndsSlow(t *testing.T) {
	p := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	h := p.dated(func(w http.ResponseWriter, r *http.Request) {
		p.dispatch(w, r)
		close(done)
	})
	req, err := http.NewRequestWithContext(ctx, "GET", "/slow?seconds=60", nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &recorder{header: http.Header{}}
	go h.ServeHTTP(w, req)
	cancel()
	<-done
	if w.wrote {
		t.Error("/slow answered a client that had gone")
	}
}

// recorder notes whether anything was answered.
type recorder struct {
	header http.Header
	wrote  bool
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(int)             { r.wrote = true }
func (r *recorder) Write(b []byte) (int, error) { r.wrote = true; return len(b), nil }

func TestConcurrentClients(t *testing.T) {
	p := start(t)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			who := fmt.Sprintf("Authorization: Bearer user%d-token", i)
			for range 20 {
				for _, target := range []string{"/user", "/user/repos", "/repos/jdoe/hello-world/issues", "/limited", "/flaky"} {
					if _, err := p.try("GET", target, "", who); err != nil {
						t.Error(err)
					}
				}
				if a, err := p.try("POST", "/repos/jdoe/hello-world/issues", `{"title":"x"}`, who); err != nil || a.status != 201 {
					t.Errorf("POST issue: got %d, %v", a.status, err)
				}
			}
		})
	}
	all.Wait()
	var repo repository
	p.get(&repo, "/repos/jdoe/hello-world")
	if want := 24 + 80; repo.OpenIssues != want { // of 35 seeds, 11 are closed
		t.Errorf("open issues: got %d, want %d", repo.OpenIssues, want)
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		s, err := Start(Options{})
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}
