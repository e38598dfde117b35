package practice

import (
	"fmt"
	"strings"
	"testing"
)

// TestDigestResponse compares with the answers that RFC 7616, section 3.9.1,
// gives; the others were computed with the hash functions of Python.
func TestDigestResponse(t *testing.T) {
	p := map[string]string{
		"realm": "http-auth@example.org", "uri": "/dir/index.html", "nc": "00000001",
		"nonce":  "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
		"cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
	}
	for _, tt := range []struct{ algorithm, qop, want string }{
		{"MD5", "auth", "8ca523f5e9506fed4657c9700eebdbec"},
		{"SHA-256", "auth", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
		{"SHA-512-256", "auth", "430d05014cecc49cab6fbe03176d41a1da86cbfe24a16580e22aaad928d960d0"},
		{"MD5-sess", "auth", "e783283f46242139c486a698fec7211d"},
		{"SHA-256", "auth-int", "2fa9fd5a55eaefc542900085331c15a0d8dcebeb505811bdd82a5b1f49ae156e"},
	} {
		o := digestOffer{algorithm: tt.algorithm, qop: tt.qop}
		if got := o.response("GET", "Circle of Life", "Mufasa", p, []byte("body")); got != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.algorithm, tt.qop, got, tt.want)
		}
	}
}

// digestLogin is the header of a client with that password, whose parameters
// are those of the challenge unless changed.
func digestLogin(method, target, user, password, challenge string, nc int, change map[string]string, body string) string {
	_, rest, _ := strings.Cut(challenge, " ")
	p := authParams(rest)
	p["uri"], p["cnonce"], p["nc"] = target, "c0ffee", fmt.Sprintf("%08x", nc)
	o := digestOffer{algorithm: p["algorithm"], qop: p["qop"]}
	p["response"] = o.response(method, password, user, p, []byte(body))
	p["username"] = user
	for name, value := range change {
		p[name] = value
	}
	header := "Authorization: Digest algorithm=" + p["algorithm"] + ", qop=" + p["qop"] + ", nc=" + p["nc"]
	for _, name := range []string{"username", "username*", "userhash", "realm", "nonce", "uri", "response", "opaque", "cnonce"} {
		if value := p[name]; value != "" {
			header += ", " + name + `="` + strings.ReplaceAll(value, `"`, `\"`) + `"`
		}
	}
	return header
}

func (p *peer) digestChallenge(method, target string) string {
	p.t.Helper()
	got := p.do(method, target, "")
	if got.status != 401 {
		p.t.Fatalf("%s %s: got %d, want 401", method, target, got.status)
	}
	return got.header.Get("WWW-Authenticate")
}

func TestDigestLogin(t *testing.T) {
	p := start(t)
	for _, algorithm := range []string{"", "MD5", "SHA-256", "SHA-512-256", "MD5-sess", "SHA-256-sess"} {
		for _, qop := range []string{"", "auth", "auth-int"} {
			target := "/digest-auth?password=open+sesame&algorithm=" + algorithm + "&qop=" + qop
			challenge := p.digestChallenge("POST", target)
			wantAlgorithm := algorithm
			if algorithm == "" {
				wantAlgorithm = "SHA-256"
			}
			if !strings.Contains(challenge, "algorithm="+wantAlgorithm+",") || !strings.Contains(challenge, "charset=UTF-8") {
				t.Errorf("%s: challenge %s", target, challenge)
			}
			for _, user := range []string{"jdoe", `J "the" Doe`, "Jörg"} {
				auth := digestLogin("POST", target, user, "open sesame", p.digestChallenge("POST", target), 1, nil, "text")
				var v struct{ User, Algorithm string }
				got := p.do("POST", target, "text", auth)
				if got.into(t, &v); got.status != 200 || v.User != user || v.Algorithm != wantAlgorithm {
					t.Errorf("%s as %s: got %d %s", target, user, got.status, got.body)
				}
			}
			auth := digestLogin("POST", target, "jdoe", "open sesame", challenge, 1, nil, "text")
			if got := p.do("POST", target, "changed", auth).status; (got == 401) != (qop == "auth-int") {
				t.Errorf("%s with another body: got %d", target, got)
			}
		}
	}
	if got := p.do("GET", "/users/J%C3%B6rg", "").status; got != 200 {
		t.Errorf("the account that logged in: got %d, want 200", got)
	}
}

func TestDigestRefusals(t *testing.T) {
	p := start(t)
	const target = "/digest-auth"
	for _, tt := range []struct {
		name, password string
		change         map[string]string
		status         int
		want           string
	}{
		{"any password", "x", nil, 200, `"ok":true`},
		{"the wrong password", wrong, nil, 401, "Bad credentials"},
		{"uri of another resource", "x", map[string]string{"uri": "/user"}, 400, "uri"},
		{"no user", "x", map[string]string{"username": ""}, 401, "username"},
		{"the other form of the name", "x", map[string]string{"username": "", "username*": "UTF-8''J%C3%B6rg"}, 200, `"user":"Jörg"`},
		{"a hashed name", "x", map[string]string{"userhash": "true"}, 401, "userhash"},
		{"another realm", "x", map[string]string{"realm": "other"}, 401, "realm"},
		{"no opaque", "x", map[string]string{"opaque": ""}, 401, "opaque"},
		{"another algorithm", "x", map[string]string{"algorithm": "MD5"}, 401, "algorithm"},
		{"another qop", "x", map[string]string{"qop": "auth-int"}, 401, "qop"},
		{"no cnonce", "x", map[string]string{"cnonce": ""}, 401, "cnonce"},
		{"nc of seven digits", "x", map[string]string{"nc": "0000001"}, 401, "nc must be"},
		{"nc of nought", "x", map[string]string{"nc": "00000000"}, 401, "nc must be"},
		{"a short response", "x", map[string]string{"response": "abc"}, 401, "64 hexadecimal digits"},
		{"capitals", "x", map[string]string{"response": strings.Repeat("A", 64)}, 401, "lower case"},
	} {
		auth := digestLogin("GET", target, "jdoe", tt.password, p.digestChallenge("GET", target), 1, tt.change, "")
		got := p.do("GET", target, "", auth)
		if got.status != tt.status || !strings.Contains(got.body, tt.want) {
			t.Errorf("%s: got %d %s, want %d with %q", tt.name, got.status, got.body, tt.status, tt.want)
		}
	}
	known := target + "?password=secret"
	auth := digestLogin("GET", known, "jdoe", "secrets", p.digestChallenge("GET", known), 1, nil, "")
	if got := p.do("GET", known, "", auth); got.status != 401 || !strings.Contains(got.body, "Bad credentials") {
		t.Errorf("another password than ?password=: got %d %s", got.status, got.body)
	}
}

func TestDigestNonces(t *testing.T) {
	p := start(t)
	const target = "/digest-auth"
	challenge := p.digestChallenge("GET", target)
	try := func(challenge string, nc int) answer {
		return p.do("GET", target, "", digestLogin("GET", target, "jdoe", "x", challenge, nc, nil, ""))
	}
	for _, tt := range []struct {
		name   string
		nc     int
		status int
	}{{"first", 1, 200}, {"next", 2, 200}, {"again", 2, 401}, {"before", 1, 401}, {"one left out", 4, 200}} {
		got := try(challenge, tt.nc)
		stale := strings.HasSuffix(got.header.Get("WWW-Authenticate"), ", stale=true")
		if got.status != tt.status || stale != (tt.status == 401) {
			t.Errorf("%s: got %d %v, want %d", tt.name, got.status, got.header, tt.status)
		}
	}
	unknown := strings.Replace(challenge, `nonce="n`, `nonce="x`, 1)
	got := try(unknown, 1)
	if fresh := got.header.Get("WWW-Authenticate"); got.status != 401 || !strings.HasSuffix(fresh, ", stale=true") {
		t.Errorf("a nonce from elsewhere: got %d %s", got.status, fresh)
	} else if got := try(fresh, 1).status; got != 200 {
		t.Errorf("with the fresh nonce: got %d, want 200", got)
	}
}

func TestDigestStale(t *testing.T) {
	p := start(t)
	const target = "/digest-auth?stale=1"
	challenge, nc, statuses := p.digestChallenge("GET", target), 1, ""
	for range 7 {
		got := p.do("GET", target, "", digestLogin("GET", target, "jdoe", "x", challenge, nc, nil, ""))
		statuses += fmt.Sprint(got.status, " ")
		nc++
		if fresh := got.header.Get("WWW-Authenticate"); fresh != "" {
			challenge, nc = fresh, 1
		}
	}
	if want := "200 200 401 200 200 401 200 "; statuses != want {
		t.Errorf("got %s, want %s", statuses, want)
	}
}

func TestAuthParams(t *testing.T) {
	for text, want := range map[string]string{
		`a=b, C="d, \"e\"" ,f = g`: `map[a:b c:d, "e" f:g]`,
		`a="b`:                     `map[a:b]`,
		`a="b\`:                    `map[a:b\]`,
		`,, a=1,a=2`:               `map[a:1]`,
		`nothing`:                  `map[]`,
		``:                         `map[]`,
		`a="",b=`:                  `map[a: b:]`,
	} {
		if got := fmt.Sprint(authParams(text)); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestLedgerForgetsTheOldest(t *testing.T) {
	l := ledger[int]{prefix: "x_"}
	first := l.add(new(1))
	for i := range kept - 1 {
		l.add(&i)
	}
	if l.find(first) == nil || len(l.entries) != kept {
		t.Fatalf("%d entries, the first found: %v", len(l.entries), l.find(first) != nil)
	}
	last := l.add(new(2))
	if l.find(first) != nil || l.find(last) == nil || len(l.entries) != kept {
		t.Errorf("one more: %d entries, the first found: %v", len(l.entries), l.find(first) != nil)
	}
}
