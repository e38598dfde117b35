package session

import (
	"context"
	"net"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// lasting returns the credentials a session keeps.
func lasting() []given {
	return slices.DeleteFunc(givens(), func(g given) bool { return g.typed })
}

// signposts answers for a town in which /to?URL leads to that URL.
func signposts(g *given) func(origin string, r *received) string {
	return func(origin string, r *received) string {
		if origin == "https://login.test" {
			return issue()
		}
		if reply, refused := doorman(g, r); refused {
			return reply
		}
		_, query, _ := strings.Cut(r.Target, "?to=")
		if query == "" {
			return answerWith(200, "ok")
		}
		where, _, _ := strings.Cut(query, "&")
		return answerWith(307, "", "Location: "+strings.NewReplacer("!", "?to=").Replace(where))
	}
}

// equip returns a session that has the credential for its base, and a request.
func (n *town) equip(g *given, base, target string) (*Session, *Request) {
	n.t.Helper()
	s, r := n.session(base, map[string]string{"NETRC": n.dir + "/netrc"}), get(target)
	if err := g.give(n, s, r); err != nil {
		n.t.Fatal(err)
	}
	n.forget()
	return s, r
}

// TestCredentialsDoNotJoinChains goes on from another origin to its next page
// and to a third one, and back home, where the other may have prepared something.
func TestCredentialsDoNotJoinChains(t *testing.T) { // R6, R7
	t.Parallel()
	for _, g := range givens() {
		n := newTown(t, signposts(&g))
		const a, b, c = "https://a.test:8080", "https://a.test:8081", "http://b.test"
		s, r := n.equip(&g, a, "/start?to="+b+"/1!"+b+"/2!"+c+"/3!"+b+"/4")
		if _, err := s.Do(context.Background(), r, Watch{}); err != nil {
			t.Fatalf("%s: %v", g.name, err)
		}
		n.clean(g.name+", chain", b)
		if g.name != "digest" && g.name != "oauth2 token" { // whose way ends at the first that wants a login
			n.clean(g.name+", chain", c)
		}
		s, r = n.equip(&g, a, "/start?to="+b+"/!"+a+"/again")
		if _, err := s.Do(context.Background(), r, Watch{}); err != nil {
			t.Fatalf("%s: %v", g.name, err)
		}
		n.clean(g.name+", way back", b)
		home, _ := n.at(a)
		if last := home[len(home)-1]; last.Target == "/again" && g.carries(last) {
			t.Errorf("%s: back home with\n%s", g.name, last.Head)
		}
		n.forget()
		if x := do(t, s, get("/direct")); !g.typed {
			home, _ = n.at(a)
			if last := home[len(home)-1]; !g.carries(last) || x.Status != 200 {
				t.Errorf("%s: asked directly again: %d\n%s", g.name, x.Status, last.Head)
			}
		}
	}
}

// TestCredentialsDoNotFollowTargets asks other origins by URLs that were typed,
// came out of a body, or are below another base.
func TestCredentialsDoNotFollowTargets(t *testing.T) { // R13
	t.Parallel()
	for _, home := range []string{"http://a.test:8080", "https://a.test:8080"} {
		for _, g := range lasting() {
			if g.mark == "" && !strings.HasPrefix(home, "https") {
				continue
			}
			n := newTown(t, signposts(&g))
			s, _ := n.equip(&g, home, "/")
			do(t, s, get("/"))
			scheme, _, _ := strings.Cut(home, ":")
			for _, other := range []string{scheme + "://b.test:8080", scheme + "://a.test", "https://a.test:8443", "http://a.test:8444", scheme + "://sub.a.test:8080"} {
				if g.name == "netrc" && strings.Contains(other, "/a.test") {
					continue // a login of .netrc is for a host, whatever its port
				}
				n.forget()
				do(t, s, get(other+"/typed"))
				do(t, s, &Request{Method: "GET", Target: Target{Text: other + "/body", FromQuery: true}})
				if rest, ok := strings.CutPrefix(other, scheme+":"); ok {
					do(t, s, &Request{Method: "GET", Target: Target{Text: rest + "/relative", FromQuery: true}})
				}
				if err := s.SetBase(other); err != nil {
					t.Fatal(err)
				}
				do(t, s, get("/based"))
				do(t, s, get("relative"))
				n.clean(g.name, other)
				if err := s.SetBase(home); err != nil {
					t.Fatal(err)
				}
				x := do(t, s, &Request{Method: "GET", Target: Target{Text: "/back", FromQuery: true}})
				stops, _ := n.at(home)
				if last := stops[len(stops)-1]; !g.carries(last) || x.Status != 200 {
					t.Errorf("%s: at home again: %d\n%s", g.name, x.Status, last.Head)
				}
			}
		}
	}
}

// TestCredentialsWithoutBase gives a credential before any origin is known: it
// belongs to that of the next request, and to no later one.
func TestCredentialsWithoutBase(t *testing.T) {
	t.Parallel()
	for _, g := range lasting() {
		n := newTown(t, signposts(&g))
		s, _ := n.equip(&g, "", "/")
		do(t, s, get("https://a.test/first?to=https://b.test/redirected"))
		do(t, s, get("https://c.test/typed"))
		do(t, s, get("https://a.test/again"))
		n.clean(g.name, "https://b.test")
		n.clean(g.name, "https://c.test")
		stops, _ := n.at("https://a.test")
		if last := stops[len(stops)-1]; !g.carries(last) {
			t.Errorf("%s: its own origin did not get it:\n%s", g.name, last.Head)
		}
	}
}

// TestCredentialsOfIdentities gives two identities a credential each, and sees
// that neither sends the other's or uses its connections.
func TestCredentialsOfIdentities(t *testing.T) {
	t.Parallel()
	for _, g := range lasting() {
		if g.name == "netrc" { // which belongs to the person, whoever the session is
			continue
		}
		n := newTown(t, signposts(&g))
		s, _ := n.equip(&g, "https://a.test", "/")
		mine := do(t, s, get("/mine")).Conn
		if !s.As("bob") {
			t.Fatal("bob is no new identity")
		}
		n.forget()
		bobs := do(t, s, get("/bob")).Conn
		n.clean(g.name+", of another identity", "https://a.test")
		if bobs.ID == mine.ID || bobs.Reused || bobs.Identity != "bob" || mine.Identity != "" {
			t.Errorf("%s: connections %+v and %+v", g.name, mine, bobs)
		}
		if err := s.SetAuth(Auth{Kind: "bearer", Secret: "of-bob"}, ""); err != nil {
			t.Fatal(err)
		}
		if do(t, s, get("/bob?to=https://b.test/")); g.name != "digest" { // whose server leads nobody else on
			n.clean(g.name+", redirected as another", "https://b.test")
		}
		s.As("")
		n.forget()
		x := do(t, s, get("/mine"))
		stops, raw := n.at("https://a.test")
		if last := stops[len(stops)-1]; !g.carries(last) || strings.Contains(raw, "of-bob") || x.Conn.ID != mine.ID {
			t.Errorf("%s: back as the first, on connection %d:\n%s", g.name, x.Conn.ID, raw)
		}
		s.Logout()
		n.forget()
		do(t, s, get("/after"))
		n.clean(g.name+", after logout", "https://a.test")
		s.As("bob")
		n.forget()
		do(t, s, get("/bob"))
		if _, raw := n.at("https://a.test"); !strings.Contains(raw, "Bearer of-bob") {
			t.Errorf("%s: bob has lost his login by another's logout:\n%s", g.name, raw)
		}
	}
}

// TestCredentialsOfSockets takes unix sockets for origins: two of them are
// different ones, and no server leads to one.
func TestCredentialsOfSockets(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no unix sockets")
	}
	for _, g := range lasting() {
		if g.mark == "" || g.name == "netrc" || g.name == "oauth2 token" { // for hosts, or not without TLS
			continue
		}
		n := newTown(t, signposts(&g))
		var urls []string
		for _, name := range []string{"1.sock", "2.sock"} {
			path := filepath.Join(n.dir, name)
			ln, err := net.Listen("unix", path)
			if err != nil {
				t.Fatal(err)
			}
			n.listen(ln, path)
			urls = append(urls, "unix:"+path)
		}
		s, _ := n.equip(&g, urls[0], "/")
		do(t, s, get("/own"))
		if stops, _ := n.at(urls[0]); !g.carries(stops[len(stops)-1]) {
			t.Errorf("%s: the socket did not get it:\n%s", g.name, stops[0].Head)
		}
		for _, r := range []*Request{get(urls[1] + ":/"), get("http://localhost/"), get("/?to=http://localhost/")} {
			do(t, s, r)
		}
		n.clean(g.name, urls[1])
		n.clean(g.name, "http://localhost")
		s.SetBase("http://a.test")
		n.forget()
		x, err := s.Do(context.Background(), get("/?to="+urls[0]+":/secret"), Watch{})
		if g.name == "digest" && err == nil {
			continue // which has no login here, so that the way does not go on
		}
		stops, _ := n.at(urls[0])
		if err == nil || x == nil || x.Status != 307 || len(stops) > 0 {
			t.Errorf("%s: a server led to a socket: %v, %d requests there", g.name, err, len(stops))
		}
	}
}

// TestCredentialsThroughProxies sends requests through a proxy that reads them,
// and through tunnels that it makes: a credential is seen by its own origin and,
// of plain http, on the way there; the proxy's login by the proxy alone.
func TestCredentialsThroughProxies(t *testing.T) { // R11
	t.Parallel()
	const login, password, at = "proxy-user", "canary-Pr0xy", "proxy.test:3128"
	for _, g := range lasting() {
		for _, home := range []string{"http://a.test", "https://a.test"} {
			if g.mark == "" && home == "http://a.test" {
				continue
			}
			n := newTown(t, signposts(&g))
			n.proxy[at] = true
			s, _ := n.equip(&g, home, "/")
			s.Settings.Proxy = "http://" + login + ":" + password + "@" + at
			for _, target := range []string{"/", "/?to=http://b.test/", "/?to=https://b.test/", "/?to=http://a.test:81/", "http://c.test/"} {
				do(t, s, get(target))
			}
			n.clean(g.name, "https://b.test")
			seen, raw := n.at("http://" + at)
			for _, r := range seen {
				if g.carries(r) && !strings.HasPrefix(r.Target, "http://a.test/") || count(r.Head, password, login+":"+password) == 0 {
					t.Errorf("%s from %s: the proxy got\n%s", g.name, home, r.Head)
				}
			}
			if has := count(raw, every()[:5]...) > 0; has != (home == "http://a.test") {
				t.Errorf("%s from %s: a credential in clear at the proxy: %v", g.name, home, has)
			}
			if _, inside := n.at("https://a.test"); home == "https://a.test" && (count(inside, password, login) > 0 || strings.Contains(inside, "roxy-")) {
				t.Errorf("%s: the proxy's login is inside the tunnel:\n%s", g.name, inside)
			}
			s.Settings.Proxy = "off"
			n.forget()
			do(t, s, get("/direct"))
			if _, raw := n.at(home); count(raw, password, login) > 0 || strings.Contains(raw, "roxy-") {
				t.Errorf("%s: without the proxy its login goes to\n%s", g.name, raw)
			}
		}
	}
}
