package session

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"sonde/session/oauth2"
)

const (
	keySecret    = "canary-K3y!27182"    // what a request may carry to its own origin
	tokenSecret  = "canary-T0k3n/14142"  // what an authorization server handed out
	renewSecret  = "canary-R3n3w+17320"  // with which a new token is had
	clientSecret = "canary-Cl13nt=22360" // what proves to that server who asks
	knownUser    = "canary-user"
)

// A given is one way to have a credential for an origin.
type given struct {
	name   string
	give   func(n *town, s *Session, r *Request) error
	mark   string // what the request carries; "" is a client certificate
	typed  bool   // with the request, so that it lasts no longer
	query  bool   // in the query, which no redirect repeats
	silent bool   // no notice names it
}

func set(f func(s *Session) error) func(*town, *Session, *Request) error {
	return func(n *town, s *Session, r *Request) error { return f(s) }
}

func login(kind, user string) func(*town, *Session, *Request) error {
	return set(func(s *Session) error { return s.SetAuth(Auth{Kind: kind, User: user, Secret: keySecret}, "") })
}

func header(name, value string, secret bool) func(*town, *Session, *Request) error {
	return func(n *town, s *Session, r *Request) error {
		r.Headers = append(r.Headers, HeaderEdit{Name: name, Value: value, Secret: secret})
		return nil
	}
}

// givens returns every kind of credential there is.
func givens() []given {
	return []given{
		{name: "basic", give: login("basic", knownUser), mark: keySecret},
		{name: "bearer", give: login("bearer", ""), mark: keySecret},
		{name: "digest", give: login("digest", knownUser), mark: `Digest username="` + knownUser},
		{name: "API key header", give: login("apikey", "X-Api-Key"), mark: keySecret},
		{name: "API key of a plain name", give: login("apikey", "X-Plain"), mark: keySecret},
		{name: "API key parameter", give: login("apikey", "q=="), mark: keySecret},
		{name: "cookie set by hand", give: set(func(s *Session) error { return s.SetCookie("sid", keySecret, "") }), mark: keySecret},
		{name: "typed Cookie", give: header("Cookie", "sid="+keySecret, false), mark: keySecret, typed: true},
		{name: "typed Authorization", give: header("Authorization", "Bearer "+keySecret, false), mark: keySecret, typed: true},
		{name: "typed Proxy-Authorization", give: header("proxy-authorization", "Basic "+keySecret, false), mark: keySecret, typed: true},
		{name: "typed X-Api-Key", give: header("X-Api-Key", keySecret, false), mark: keySecret, typed: true},
		{name: "typed marked header", give: header("X-Plain", keySecret, true), mark: keySecret, typed: true},
		{name: "sticky X-Api-Key", give: set(func(s *Session) error { return s.SetHeader(Header{Name: "X-Api-Key", Value: keySecret}) }), mark: keySecret},
		{name: "sticky Cookie", give: set(func(s *Session) error { return s.SetHeader(Header{Name: "Cookie", Value: "a=" + keySecret}) }), mark: keySecret},
		{name: "sticky marked parameter", give: set(func(s *Session) error { return s.SetParam(Param{Name: "q", Value: keySecret, Secret: true}) }), mark: keySecret, query: true},
		{name: "userinfo in the URL", give: giveUserinfo, mark: keySecret, typed: true},
		{name: "netrc", give: giveNetrc, mark: keySecret, silent: true},
		{name: "oauth2 token", give: giveToken, mark: tokenSecret},
		{name: "client certificate", give: giveCert, silent: true},
	}
}

func giveUserinfo(n *town, s *Session, r *Request) error {
	scheme, rest, _ := strings.Cut(s.Settings.Base, "://")
	r.Target.Text = scheme + "://" + knownUser + ":" + EscapeSegment(keySecret) + "@" + rest + r.Target.Text
	return nil
}

func giveNetrc(n *town, s *Session, r *Request) error {
	n.file("netrc", []byte("machine a.test login "+knownUser+" password "+keySecret+"\ndefault login anonymous\n"))
	return nil
}

func giveToken(n *town, s *Session, r *Request) error {
	config := oauth2.Config{Grant: oauth2.GrantClient, ClientID: knownUser, ClientSecret: clientSecret, TokenURL: "https://login.test/token"}
	return s.AuthorizeOAuth(context.Background(), config, "", OAuthTell{})
}

func giveCert(n *town, s *Session, r *Request) error { return s.SetCert(n.clientCert(), "", "") }

// carries says that a request has the credential.
func (g *given) carries(s stop) bool {
	if g.mark == "" {
		return s.cert
	}
	return count(s.Head, g.mark) > 0
}

// every returns everything that has to do with any credential.
func every() []string {
	return []string{keySecret, tokenSecret, renewSecret, clientSecret, knownUser, "Authorization:", "authorization:", "Cookie:", "response="}
}

// clean fails the test if one byte of a credential has arrived at an origin.
func (n *town) clean(what, origin string) {
	n.t.Helper()
	stops, raw := n.at(origin)
	if len(stops) == 0 {
		n.t.Errorf("%s: %s was not asked at all", what, origin)
	}
	if k := count(raw, every()...); k > 0 {
		n.t.Errorf("%s: %d traces of a credential at %s:\n%s", what, k, origin, raw)
	}
	for _, s := range stops {
		if s.cert {
			n.t.Errorf("%s: the client certificate was shown to %s", what, origin)
		}
	}
}

// issue is the answer of the authorization server.
func issue() string {
	return answerWith(200, `{"access_token":"`+tokenSecret+`","token_type":"Bearer","refresh_token":"`+renewSecret+`","expires_in":3600}`, "Content-Type: application/json")
}

func answerWith(status int, body string, lines ...string) string {
	return fmt.Sprintf("HTTP/1.1 %d Some Reason\r\n%sContent-Length: %d\r\n\r\n%s", status, crlf(lines), len(body), body)
}

// doorman answers as a server that wants a login does: a digest login where the
// credential is one, and the foreign server asks for the very same.
func doorman(g *given, r *received) (reply string, refused bool) {
	const challenge = `WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256`
	switch {
	case g.name == "digest" && !strings.Contains(r.header("Authorization"), "Digest"):
		return answerWith(401, "", challenge), true
	case g.name == "oauth2 token" && r.header("Authorization") == "":
		return answerWith(401, "", `WWW-Authenticate: Bearer realm="r"`), true
	}
	return "", false
}

type way struct {
	from, to string
	kept     bool
}

// ways returns where a redirect can lead: every combination of scheme, host and
// port, and what is special about the standard ports.
func ways() []way {
	out := []way{
		{"http://a.test", "https://a.test", true},
		{"http://a.test:80", "https://a.test:443", true},
		{"https://a.test:443", "https://a.test", true},
		{"https://a.test", "http://a.test", false},
		{"http://a.test:8080", "https://a.test", false},
		{"http://a.test", "https://a.test:8443", false},
		{"http://a.test", "https://b.test", false},
		{"http://a.test", "https://sub.a.test", false},
		{"https://a.test", "https://test", false},
	}
	for _, from := range []string{"http", "https"} {
		for _, to := range []string{"http", "https"} {
			for _, host := range []string{"a.test", "b.test"} {
				for _, port := range []string{"8080", "8081"} {
					out = append(out, way{from + "://a.test:8080", to + "://" + host + ":" + port, from == to && host == "a.test" && port == "8080"})
				}
			}
		}
	}
	return out
}

// TestEveryCredentialAtEveryRedirect counts the bytes of a credential that
// arrive where a redirect leads: none at another origin, and all at its own.
func TestEveryCredentialAtEveryRedirect(t *testing.T) { // R1-R5, R8-R10, R12
	t.Parallel()
	for _, g := range givens() {
		t.Run(g.name, func(t *testing.T) {
			var to atomic.Value
			n := newTown(t, func(origin string, r *received) string {
				path, _, _ := strings.Cut(r.Target, "?")
				if origin == "https://login.test" {
					return issue()
				}
				if reply, refused := doorman(&g, r); refused {
					return reply
				}
				if path == "/end" {
					return answerWith(200, "ok")
				}
				return "HTTP/1.1 " + path[1:] + " Moved\r\nLocation: " + to.Load().(string) + "/end\r\nContent-Length: 0\r\n\r\n"
			})
			for _, w := range ways() {
				to.Store(w.to)
				walk(t, n, &g, w)
			}
		})
	}
}

// walk follows one way with each status of a redirect.
func walk(t *testing.T, n *town, g *given, w way) {
	s := n.session(w.from, map[string]string{"NETRC": n.dir + "/netrc"})
	defer s.Close()
	if !g.typed {
		if err := g.give(n, s, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		what := fmt.Sprintf("%d from %s to %s", status, w.from, w.to)
		n.forget()
		r := get(fmt.Sprintf("/%d", status))
		r.Headers = []HeaderEdit{{Name: "X-Trace", Value: "7"}}
		if g.typed {
			if err := g.give(n, s, r); err != nil {
				t.Fatal(err)
			}
		}
		var saw watcher
		x, err := s.Do(context.Background(), r, saw.watch())
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		n.judge(what, g, w, x)
		told := 1
		if w.kept || g.silent {
			told = 0
		}
		if got := saw.of(NoticeCredentials); len(got) != told {
			t.Errorf("%s: notices of what stays behind: got %v, want %d", what, got, told)
		}
	}
	if stops, _ := n.at("https://login.test"); len(stops) > 0 {
		t.Errorf("from %s to %s: the authorization server was asked again, %d times", w.from, w.to, len(stops))
	}
}

// judge looks at what has arrived.
func (n *town) judge(what string, g *given, w way, x *Exchange) {
	n.t.Helper()
	first, _ := n.at(w.from)
	last, _ := n.at(w.to)
	if len(first) == 0 || len(last) == 0 {
		n.t.Errorf("%s: %d requests at the first and %d at the last", what, len(first), len(last))
		return
	}
	end := last[len(last)-1]
	if path, _, _ := strings.Cut(end.Target, "?"); path != "/end" || end.header("X-Trace") != "7" {
		n.t.Errorf("%s: the last request is\n%s", what, end.Head)
	}
	atFirst := first[0]
	for _, s := range first { // a digest login may need to be asked for
		if !strings.HasPrefix(s.Target, "/end") {
			atFirst = s
		}
	}
	plain := strings.HasPrefix(w.from, "http:") && g.mark == "" // nobody asks for a certificate there
	if !g.carries(atFirst) && !plain {
		n.t.Errorf("%s: the first origin did not get it:\n%s", what, atFirst.Head)
	}
	if !w.kept {
		n.clean(what, w.to)
		return
	}
	if !g.query && !g.carries(end) && !(plain && w.to == w.from) || x.Status != 200 {
		n.t.Errorf("%s: %d, and it was not kept:\n%s", what, x.Status, end.Head)
	}
}
