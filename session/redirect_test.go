package session

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"testing"
)

const canary = "CANARY-31415"

// A credential is one way to give the first origin a secret.
type credential struct {
	name    string
	give    func(s *Session, r *Request) error
	inQuery bool // which a redirect does not repeat
}

func typed(name, value string, marked bool) func(*Session, *Request) error {
	return func(s *Session, r *Request) error {
		r.Headers = append(r.Headers, HeaderEdit{Name: name, Value: value, Secret: marked})
		return nil
	}
}

func auth(kind, user string) func(*Session, *Request) error {
	return func(s *Session, r *Request) error { return s.SetAuth(Auth{Kind: kind, User: user, Secret: canary}, "") }
}

func everyCredential() []credential {
	return []credential{
		{name: "basic", give: auth("basic", "jdoe")},
		{name: "bearer", give: auth("bearer", "")},
		{name: "api key header", give: auth("apikey", "X-Api-Key")},
		{name: "api key parameter", give: auth("apikey", "key==")},
		{name: "sticky header", give: func(s *Session, r *Request) error {
			return s.SetHeader(Header{Name: "X-My-Token", Value: canary})
		}},
		{name: "marked sticky header", give: func(s *Session, r *Request) error {
			return s.SetHeader(Header{Name: "X-Plain", Value: canary, Secret: true})
		}},
		{name: "header put into the settings", give: func(s *Session, r *Request) error {
			s.Settings.Headers = append(s.Settings.Headers, Header{Name: "Authorization", Value: "Digest " + canary})
			return nil
		}},
		{name: "sticky parameter", give: func(s *Session, r *Request) error {
			return s.SetParam(Param{Name: "api_key", Value: canary})
		}, inQuery: true},
		{name: "cookie set by hand", give: func(s *Session, r *Request) error { return s.SetCookie("sid", canary, "") }},
		{name: "typed Cookie", give: typed("cookie", "sid="+canary, false)},
		{name: "typed Authorization", give: typed("Authorization", "Bearer "+canary, false)},
		{name: "typed Proxy-Authorization", give: typed("Proxy-Authorization", "Basic "+canary, false)},
		{name: "typed marked header", give: typed("X-Other", canary, true)},
		{name: "userinfo in the URL", give: func(s *Session, r *Request) error {
			scheme, rest, _ := strings.Cut(s.Settings.Base, "://")
			r.Target.Text = scheme + "://jdoe:" + canary + "@" + rest + r.Target.Text
			return nil
		}},
	}
}

// TestCredentialsStayAtTheirOrigin walks the whole matrix: where a redirect
// leads, with which status, and what kind of credential there is.
func TestCredentialsStayAtTheirOrigin(t *testing.T) { // R1-R5, R8-R10
	for _, way := range []struct {
		from, to string
		kept     bool
	}{
		{"http://a.test", "http://a.test:81", false},
		{"http://a.test", "http://b.test", false},
		{"http://a.test", "http://sub.a.test", false},
		{"http://sub.a.test", "http://a.test", false},
		{"https://a.test", "http://a.test", false},
		{"http://a.test", "https://a.test", true},
		{"http://a.test:80", "https://a.test:443", true},
		{"http://a.test:8080", "https://a.test", false},
		{"http://a.test", "https://a.test:8443", false},
		{"http://a.test", "https://b.test", false},
		{"https://a.test", "https://a.test:444", false},
	} {
		w := newWorld(t)
		status := 0
		first := w.add(way.from, func(out io.Writer, r *received) bool {
			return redirect(status, way.to+"/there")(out, r)
		})
		second := w.add(way.to, ok)
		for _, status = range []int{301, 302, 303, 307, 308} {
			for _, c := range everyCredential() {
				s, r := w.session(way.from), get("/start")
				r.Headers = []HeaderEdit{{Name: "X-Trace", Value: "7"}}
				if err := c.give(s, r); err != nil {
					t.Fatal(err)
				}
				var saw watcher
				if _, err := s.Do(context.Background(), r, saw.watch()); err != nil {
					t.Fatalf("%s, %d from %s to %s: %v", c.name, status, way.from, way.to, err)
				}
				checkWay(t, fmt.Sprintf("%s, %d from %s to %s", c.name, status, way.from, way.to),
					first.last(), second.last(), way.kept && !c.inQuery)
				if got := saw.of(NoticeCredentials); !way.kept && len(got) != 1 || way.kept && len(got) != 0 {
					t.Errorf("%s, %d from %s to %s: notices %v", c.name, status, way.from, way.to, saw.notices)
				}
				s.Close()
			}
		}
	}
}

func checkWay(t *testing.T, what string, first, second received, kept bool) {
	t.Helper()
	carries := func(r received) bool {
		coded := base64.StdEncoding.EncodeToString([]byte("jdoe:" + canary))
		return strings.Contains(r.Head, canary) || strings.Contains(r.Head, coded)
	}
	if !carries(first) {
		t.Errorf("%s: the first origin did not get it:\n%s", what, first.Head)
	}
	if got := carries(second); got != kept {
		t.Errorf("%s: the credential went along: %v, want %v\n%s", what, got, kept, second.Head)
	}
	if second.header("X-Trace") != "7" {
		t.Errorf("%s: the plain header did not go along:\n%s", what, second.Head)
	}
}

func TestNoticeNamesCredentialAndOrigins(t *testing.T) { // R1, R3
	w := newWorld(t)
	w.add("https://a.test", redirect(302, "http://a.test/x"))
	w.add("http://a.test", ok)
	s := w.session("https://a.test")
	s.SetAuth(Auth{Kind: "basic", User: "jdoe", Secret: canary}, "")
	s.SetHeader(Header{Name: "X-Api-Key", Value: canary})
	var saw watcher
	if _, err := s.Do(context.Background(), get("/"), saw.watch()); err != nil {
		t.Fatal(err)
	}
	contains(t, "notice", saw.one(t, NoticeCredentials), "Authorization", "X-Api-Key", "https://a.test", "http://a.test", "downgrade")
	if hint := saw.of(NoticeCredentials)[0].Hint; hint != "auth USER for http://a.test\nX-Api-Key:VALUE for http://a.test" {
		t.Errorf("hint: got %q", hint)
	}
}

// TestChainsDoNotLeak goes on from a foreign origin: to its second page, and
// back home, where the foreign one may have prepared something.
func TestChainsDoNotLeak(t *testing.T) { // R6, R7
	w := newWorld(t)
	a := w.add("http://a.test", func(out io.Writer, r *received) bool {
		switch path, _, _ := strings.Cut(r.Target, "?"); path {
		case "/there":
			return redirect(302, "http://b.test/1")(out, r)
		case "/back":
			return redirect(307, "http://b.test/home")(out, r)
		}
		return ok(out, r)
	})
	b := w.add("http://b.test", func(out io.Writer, r *received) bool {
		switch r.Target {
		case "/1":
			return redirect(302, "/2")(out, r)
		case "/home":
			return redirect(307, "http://a.test/again")(out, r)
		}
		return ok(out, r)
	})
	for _, c := range everyCredential() {
		s := w.session("http://a.test")
		for _, start := range []string{"/there", "/back"} {
			r := get(start)
			if err := c.give(s, r); err != nil {
				t.Fatal(err)
			}
			do(t, s, r)
		}
		if got := a.last(); got.Target != "/again" || strings.Contains(got.Head, "Authorization") {
			t.Errorf("%s: back home with\n%s", c.name, got.Head)
		}
		w.leak(b, canary, "Authorization")
		if strings.Contains(a.last().Head, canary) {
			t.Errorf("%s: back home with\n%s", c.name, a.last().Head)
		}
	}
}

// TestOwnCredentialsOfTheOther sees that an origin gets what was given for it,
// and only that.
func TestOwnCredentialsOfTheOther(t *testing.T) {
	w := newWorld(t)
	w.add("http://a.test", redirect(302, "http://b.test/"))
	b := w.add("http://b.test", ok)
	s := w.session("http://a.test")
	s.SetAuth(Auth{Kind: "bearer", User: "", Secret: canary}, "")
	s.SetAuth(Auth{Kind: "bearer", User: "", Secret: "for-b"}, "http://b.test")
	do(t, s, get("/"))
	if got := b.last().header("Authorization"); got != "Bearer for-b" {
		t.Errorf("got %q", got)
	}
	w.leak(b, canary)
}

func TestAbsoluteURLOfAnotherOrigin(t *testing.T) { // R13
	w := newWorld(t)
	w.add("http://a.test", ok)
	b := w.add("http://b.test", ok)
	for _, c := range everyCredential()[:9] {
		s := w.session("http://a.test")
		if err := c.give(s, get("/")); err != nil {
			t.Fatal(err)
		}
		do(t, s, get("/"))
		var saw watcher
		if _, err := s.Do(context.Background(), get("http://b.test/x"), saw.watch()); err != nil {
			t.Fatal(err)
		}
		w.leak(b, canary, "Authorization")
		contains(t, c.name, saw.one(t, NoticeCredentials), "http://a.test", "http://b.test")
		saw = watcher{}
		s.Do(context.Background(), get("/"), saw.watch())
		if len(saw.notices) > 0 {
			t.Errorf("%s: at home again: %v", c.name, saw.notices)
		}
	}
}

func TestMethodsAndBodies(t *testing.T) { // R17, R18
	w := newWorld(t)
	status := 0
	srv := w.add("http://a.test", func(out io.Writer, r *received) bool {
		if r.Target == "/start" {
			return redirect(status, "/end")(out, r)
		}
		if r.Method == "HEAD" {
			io.WriteString(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
			return true
		}
		return ok(out, r)
	})
	keeps := func(m string) string { return m }
	becomesGet := func(m string) string {
		if m == "HEAD" {
			return m
		}
		return "GET"
	}
	only301 := func(m string) string {
		if m == "POST" {
			return "GET"
		}
		return m
	}
	for _, tt := range []struct {
		status int
		method func(string) string
		body   bool
	}{{301, only301, false}, {302, becomesGet, false}, {303, becomesGet, false}, {307, keeps, true}, {308, keeps, true}} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
			status = tt.status
			s := w.session("http://a.test")
			r := &Request{Method: method, Target: Target{Text: "/start"}, Headers: []HeaderEdit{{Name: "Content-Language", Value: "en"}}}
			withBody := method != "GET" && method != "HEAD"
			if withBody {
				r.Content = text("hello")
			}
			var saw watcher
			if _, err := s.Do(context.Background(), r, saw.watch()); err != nil {
				t.Fatal(err)
			}
			got, want := srv.last(), tt.method(method)
			if got.Method != want {
				t.Errorf("%d %s: went on with %s, want %s", tt.status, method, got.Method, want)
			}
			if tt.body && withBody {
				if got.Body != "hello" || got.header("Content-Type") != "text/plain" || got.header("Content-Length") != "5" {
					t.Errorf("%d %s: body %q in\n%s", tt.status, method, got.Body, got.Head)
				}
			} else if got.Body != "" || !tt.body && strings.Contains(strings.ReplaceAll(got.Head, "Content-Length: 0\r\n", ""), "Content-") {
				t.Errorf("%d %s: body %q in\n%s", tt.status, method, got.Body, got.Head)
			}
			if changed := want != method || withBody && !tt.body; changed != (len(saw.of(NoticeMethod)) == 1) {
				t.Errorf("%d %s: notices %v", tt.status, method, saw.notices)
			}
		}
	}
}

func TestRedirectBodyResent(t *testing.T) {
	w := newWorld(t)
	w.add("http://a.test", redirect(307, "http://b.test/up"))
	b := w.add("http://b.test", ok)
	s := w.session("http://a.test")
	big := strings.Repeat("0123456789", 30000)
	do(t, s, &Request{Method: "POST", Target: Target{Text: "/"}, Content: text(big)})
	if got := b.last(); got.Body != big || got.Method != "POST" {
		t.Errorf("got %s with %d bytes", got.Method, len(got.Body))
	}
	once := text("stream")
	once.Again = false
	x, e := fails(t, s, &Request{Method: "POST", Target: Target{Text: "/"}, Content: once})
	contains(t, "error", e.Error(), "cannot be rewound")
	if x == nil || x.Status != 307 || string(x.Body.Bytes()) != "moved" || b.count() != 1 {
		t.Errorf("got %v, and %d requests at the second", x, b.count())
	}
}

func TestTooManyRedirects(t *testing.T) { // R19
	w := newWorld(t)
	srv := w.add("http://a.test", func(out io.Writer, r *received) bool {
		return redirect(302, fmt.Sprintf("/%d", r.N))(out, r)
	})
	s := w.session("http://a.test")
	x, e := fails(t, s, get("/0"))
	if e.Text != "exceeded 30 redirects" || e.Hint != "redirects 60" || srv.count() != 31 || len(x.Hops) != 30 || x.Status != 302 || x.Number != 1 {
		t.Errorf("got %q, %d requests, %d hops", e.Text, srv.count(), len(x.Hops))
	}
	if x.Hops[7].Sent.Target != "/7" || x.Hops[7].Status != 302 || x.Sent.Target != "/30" || srv.opened() != 1 {
		t.Errorf("hop 7 is %q, the last %q, over %d connections", x.Hops[7].Sent.Target, x.Sent.Target, srv.opened())
	}
	s.Settings.Redirects = 5
	if fails(t, s, get("/")); srv.count() != 37 {
		t.Errorf("limit 5: got %d requests, want 6 more than 31", srv.count())
	}
	for _, r := range []*Request{{Method: "GET", Target: Target{Text: "/"}, NoFollow: true}, get("/")} {
		if x := do(t, s, r); x.Status != 302 || len(x.Hops) != 0 {
			t.Errorf("got %d after %d hops", x.Status, len(x.Hops))
		}
		s.Settings.Redirects = 0
	}
}

func TestBadLocation(t *testing.T) { // R20
	for _, tt := range []struct{ location, want string }{
		{"http://:1", "no host"},
		{"ftp://a.test/x", `"ftp"`},
		{"file:///etc/passwd", `"file"`},
		{"gopher:x", `"gopher"`},
		{"javascript:alert(1)", `"javascript"`},
		{"http://exa mple/", "in the host"},
		{"http://a.test:99999/", "no port"},
	} {
		w := newWorld(t)
		srv := w.add("http://a.test", redirect(302, tt.location))
		x, e := fails(t, w.session("http://a.test"), get("/"))
		contains(t, tt.location, e.Error(), tt.want)
		if x == nil || x.Status != 302 || string(x.Body.Bytes()) != "moved" || srv.count() != 1 {
			t.Errorf("%s: got %v after %d requests", tt.location, x, srv.count())
		}
	}
	w := newWorld(t)
	w.add("http://a.test", redirect(302, ""))
	if x := do(t, w.session("http://a.test"), get("/")); x.Status != 302 {
		t.Errorf("empty: got %d", x.Status)
	}
}

func TestRedirectForms(t *testing.T) { // R16, R21
	for _, tt := range []struct{ start, location, url, target string }{
		{"/a/b?q", "c", "http://a.test/a/c", "/a/c"},
		{"/a/b", "../c?x", "http://a.test/c?x", "/c?x"},
		{"/a/b", "?only", "http://a.test/a/b?only", "/a/b?only"},
		{"/a/b", "//b.test/x", "http://b.test/x", "/x"},
		{"/a/b", "HTTP://B.test/Caf\xc3\xa9", "http://b.test/Caf%C3%A9", "/Caf%C3%A9"},
		{"/a/b", "/caf\xe9 x", "http://a.test/caf%E9%20x", "/caf%E9%20x"},
		{"/a/b#frag", "/x", "http://a.test/x#frag", "/x"},
		{"/a/b#frag", "/x#own", "http://a.test/x#own", "/x"},
		{"/a/b", "/x%2Fy%41", "http://a.test/x%2Fy%41", "/x%2Fy%41"},
		{"/a/b", "http://user:pw@b.test/x", "http://b.test/x", "/x"},
	} {
		w := newWorld(t)
		answer := func(out io.Writer, r *received) bool {
			if r.N == 1 && strings.HasPrefix(r.Target, "/a/b") {
				return redirect(302, tt.location)(out, r)
			}
			return ok(out, r)
		}
		a := w.add("http://a.test", answer)
		b := w.add("http://b.test", ok)
		x := do(t, w.session("http://a.test"), get(tt.start))
		if x.Sent.URL != tt.url || x.Sent.Target != tt.target {
			t.Errorf("%s: got %s (%s), want %s", tt.location, x.Sent.URL, x.Sent.Target, tt.url)
		}
		for _, r := range append(a.all(), b.all()...) {
			if r.header("Referer") != "" || r.header("Authorization") != "" || strings.Contains(r.Head, "#") {
				t.Errorf("%s: sent\n%s", tt.location, r.Head)
			}
		}
	}
}

func TestRedirectBodyIsNotDecoded(t *testing.T) { // R22
	w := newWorld(t)
	bomb := strings.Repeat("x", 1<<20)
	srv := w.add("http://a.test", func(out io.Writer, r *received) bool {
		switch r.Target {
		case "/small":
			reply(out, 302, "not gzip at all", "Location: /end", "Content-Encoding: gzip")
		case "/large":
			reply(out, 302, bomb, "Location: /end", "Content-Encoding: gzip")
		case "/endless":
			io.WriteString(out, "HTTP/1.1 302 Found\r\nLocation: /end\r\nTransfer-Encoding: chunked\r\n\r\n")
			for {
				if _, err := fmt.Fprintf(out, "1000\r\n%s\r\n", bomb[:0x1000]); err != nil {
					return false
				}
			}
		default:
			return ok(out, r)
		}
		return true
	})
	for i, target := range []string{"/small", "/large", "/endless"} {
		if x := do(t, w.session("http://a.test"), get(target)); x.Status != 200 || len(x.Hops) != 1 {
			t.Errorf("%s: got %d", target, x.Status)
		}
		if got, want := srv.opened(), []int{1, 3, 5}[i]; got != want {
			t.Errorf("%s: %d connections so far, want %d", target, got, want)
		}
	}
}

// TestRedirectIntoNothing keeps the redirect as the answer when the place it
// leads to is not there.
func TestRedirectIntoNothing(t *testing.T) {
	w := newWorld(t)
	w.add("http://a.test", redirect(302, "http://nowhere.test/"))
	s := w.session("http://a.test")
	x, e := fails(t, s, get("/"))
	if x == nil || x.Status != 302 || x.Err != e || e.Phase != PhaseDNS || s.Last() != x {
		t.Errorf("got %v, %v", x, e)
	}
}

func TestHostHeaderStaysHome(t *testing.T) {
	w := newWorld(t)
	a := w.add("http://a.test", redirect(302, "http://b.test/"))
	b := w.add("http://b.test", ok)
	r := get("/")
	r.Headers = []HeaderEdit{{Name: "Host", Value: "virtual.test"}}
	do(t, w.session("http://a.test"), r)
	if a.last().header("Host") != "virtual.test" || b.last().header("Host") != "b.test" {
		t.Errorf("got %q and %q", a.last().header("Host"), b.last().header("Host"))
	}
}

// TestUpgradeByWayOfAnother: http to https of one host keeps credentials only
// if nobody else was in between.
func TestUpgradeByWayOfAnother(t *testing.T) {
	w := newWorld(t)
	w.add("http://a.test", redirect(302, "http://b.test/"))
	w.add("http://b.test", redirect(302, "https://a.test/"))
	end := w.add("https://a.test", ok)
	s := w.session("http://a.test")
	s.SetAuth(Auth{Kind: "bearer", User: "", Secret: canary}, "")
	do(t, s, get("/"))
	w.leak(end, canary)
}

// TestUnboundSecrets: a secret put into the settings goes nowhere but to the
// base, not even in a dry run.
func TestUnboundSecrets(t *testing.T) {
	s := New(Options{})
	s.SetBase("http://a.test")
	s.Settings.Headers = []Header{{Name: "X-Token", Value: canary}}
	s.Settings.Params = []Param{{Name: "token", Value: canary}}
	if got := head(t, s, get("/")); strings.Count(got, canary) != 2 {
		t.Errorf("to the base:\n%s", got)
	}
	if got := head(t, s, get("http://b.test/")); strings.Contains(got, canary) {
		t.Errorf("to another:\n%s", got)
	}
}

func TestStickyContentHeadersGoWithTheBody(t *testing.T) {
	w := newWorld(t)
	srv := w.add("http://a.test", func(out io.Writer, r *received) bool {
		if r.Target == "/" {
			return redirect(303, "/end")(out, r)
		}
		return ok(out, r)
	})
	s := w.session("http://a.test")
	s.SetHeader(Header{Name: "Content-Type", Value: "text/csv"})
	do(t, s, &Request{Method: "POST", Target: Target{Text: "/"}, Content: text("a;b")})
	if all := srv.all(); all[0].header("Content-Type") != "text/csv" || all[1].header("Content-Type") != "" {
		t.Errorf("got %+v", all)
	}
}

func TestLocationBringsNoUserinfo(t *testing.T) {
	from, err := parseURL("http://jdoe:pw@a.test/x", false)
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"/y", "?z", "//u:p@a.test/", "http://u:p@a.test/", ""} {
		to, err := from.resolve(ref)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, found := to.Userinfo(); found {
			t.Errorf("%q: has userinfo", ref)
		}
	}
}
