package practice

import (
	"encoding/base64"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestAuthentication(t *testing.T) {
	p := start(t)
	basic := func(user string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(user)) }
	tests := []struct {
		authorization string
		status        int
		login         string // or the message
	}{
		{basic("jdoe:anything"), 200, "jdoe"},
		{basic("jdoe:"), 200, "jdoe"},
		{basic("newcomer:secret"), 200, "newcomer"},
		{basic("jdoe:wrong"), 401, "Bad credentials"},
		{basic(":secret"), 401, "Bad credentials"},
		{"basic " + strings.TrimPrefix(basic("jdoe:x"), "Basic "), 200, "jdoe"},
		{"Basic !!!", 401, "Bad credentials"},
		{"Bearer abc", 200, "jdoe"},
		{"bearer abc", 200, "jdoe"},
		{"token abc", 200, "jdoe"},
		{"Bearer alice-token", 200, "alice"},
		{"Bearer -token", 200, "jdoe"},
		{"Bearer wrong", 401, "Bad credentials"},
		{"Bearer ", 401, "Bad credentials"},
		{"Digest username=\"jdoe\"", 401, "Bad credentials"},
	}
	for _, tt := range tests {
		got := p.do("GET", "/user", "", "Authorization: "+tt.authorization)
		var v struct{ Login, Message string }
		got.into(t, &v)
		if got.status != tt.status || v.Login+v.Message != tt.login {
			t.Errorf("%s: got %d %q, want %d %q", tt.authorization, got.status, v.Login+v.Message, tt.status, tt.login)
		}
		if challenge := got.header.Get("WWW-Authenticate"); (challenge == `Basic realm="practice"`) != (tt.status == 401) {
			t.Errorf("%s: got challenge %q with %d", tt.authorization, challenge, got.status)
		}
	}
	if got := p.do("GET", "/users/jdoe", "", "Authorization: Bearer wrong").status; got != 401 {
		t.Errorf("bad credentials for a public resource: got %d, want 401", got)
	}
}

func TestLoginMakesAccount(t *testing.T) {
	p := start(t)
	if got := p.do("GET", "/users/newcomer", "").status; got != 404 {
		t.Fatalf("before the login: got %d, want 404", got)
	}
	p.get(new(any), "/user", "Authorization: Bearer newcomer-token")
	var u ownUser
	p.get(&u, "/users/newcomer")
	if u.Login != "newcomer" || u.PublicRepos != 42 {
		t.Errorf("got %s with %d public repositories, want newcomer with 42", u.Login, u.PublicRepos)
	}
	var r repository
	p.get(&r, "/repos/newcomer/hello-world")
	if r.Stars != 80 || r.Owner.Login != "newcomer" || r.URL != p.URL()+"/repos/newcomer/hello-world" {
		t.Errorf("got %+v", r)
	}
}

func TestOddLoginsAreEscaped(t *testing.T) {
	p := start(t)
	login := "a/b ü<"
	auth := "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(login+":x"))
	var repos []repository
	p.get(&repos, "/user/repos?per_page=1", auth)
	if want := p.URL() + "/repos/a%2Fb%20%C3%BC%3C/hello-world"; repos[0].URL != want {
		t.Fatalf("got %s, want %s", repos[0].URL, want)
	}
	var one repository
	p.get(&one, repos[0].URL)
	if one.Owner.Login != login {
		t.Errorf("got %q, want %q", one.Owner.Login, login)
	}
}

func TestRateLimitCountsByLogin(t *testing.T) {
	p := start(t)
	check := func(auth, limit, remaining string) {
		t.Helper()
		h := p.do("GET", "/users/jdoe", "", auth).header
		if h.Get("X-RateLimit-Limit") != limit || h.Get("X-RateLimit-Remaining") != remaining || h.Get("X-RateLimit-Resource") != "core" {
			t.Errorf("got %s of %s left, want %s of %s", h.Get("X-RateLimit-Remaining"), h.Get("X-RateLimit-Limit"), remaining, limit)
		}
	}
	const nobody = "X-Nobody: 1"
	check(nobody, "60", "59")
	check(nobody, "60", "58")
	check(asJDoe, "5000", "4999")
	check(asTQuill, "5000", "4999")
	for range 70 {
		p.do("GET", "/users/jdoe", "")
	}
	check(nobody, "60", "0")
	h := p.do("GET", "/users/jdoe", "").header
	if want := strconv.FormatInt(p.clock.now().Add(time.Hour).Unix(), 10); h.Get("X-RateLimit-Reset") != want {
		t.Errorf("reset: got %s, want %s", h.Get("X-RateLimit-Reset"), want)
	}
	p.clock.move(time.Hour)
	check(nobody, "60", "59")
}

func TestRequestIDsDiffer(t *testing.T) {
	p := start(t)
	seen := map[string]bool{}
	for range 50 {
		id := p.do("GET", "/users/jdoe", "").header.Get("X-Request-Id")
		if len(id) != 19 || seen[id] {
			t.Fatalf("request id: got %q after %d others", id, len(seen))
		}
		seen[id] = true
	}
}

func TestChangeUser(t *testing.T) {
	p := start(t)
	tests := []struct {
		body   string
		status int
		want   string
	}{
		{`{"name":"J. D.","bio":null,"unknown":1}`, 200, `"name":"J. D.","bio":null`},
		{`{"bio":"<b>&"}`, 200, `"bio":"<b>&"`},
		{`{"name":7,"bio":[]}`, 422, `[{"resource":"User","field":"name","code":"invalid"},{"resource":"User","field":"bio","code":"invalid"}]`},
		{`{"name":}`, 400, "Problems parsing JSON"},
		{`[1]`, 400, "Body should be a JSON object"},
		{`null`, 400, "Body should be a JSON object"},
		{``, 400, "Problems parsing JSON"},
		{`{"name":"` + strings.Repeat("x", maxBody) + `"}`, 413, "larger than 1 MiB"},
	}
	for _, tt := range tests {
		got := p.do("PATCH", "/user", tt.body, asJDoe)
		if got.status != tt.status || !strings.Contains(got.body, tt.want) {
			t.Errorf("PATCH /user %.60s: got %d %s, want %d with %s", tt.body, got.status, got.body, tt.status, tt.want)
		}
	}
	var u user
	p.get(&u, "/users/jdoe")
	if *u.Name != "J. D." || *u.Bio != "<b>&" || u.UpdatedAt != "2031-05-06T07:08:09Z" {
		t.Errorf("afterwards: got name %v, bio %v, updated %s", *u.Name, *u.Bio, u.UpdatedAt)
	}
	if got := p.do("PATCH", "/user", `{}`).status; got != 401 {
		t.Errorf("without a login: got %d, want 401", got)
	}
}
