package practice

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"
)

// tokenReply is an answer of the token endpoint, good or bad.
type tokenReply struct {
	tokenAnswer
	refusal
	status int
	header map[string][]string
}

// ask posts a form, given as name=value pairs, to the token endpoint.
func (p *peer) ask(target string, pairs ...string) tokenReply {
	p.t.Helper()
	return p.askAs("", target, pairs...)
}

func (p *peer) askAs(basic, target string, pairs ...string) tokenReply {
	p.t.Helper()
	header := []string{"Content-Type: application/x-www-form-urlencoded"}
	if basic != "" {
		header = append(header, "Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte(basic)))
	}
	a := p.do("POST", target, formOf(pairs), header...)
	r := tokenReply{status: a.status, header: a.header}
	a.into(p.t, &r)
	if a.header.Get("Cache-Control") != "no-store" {
		p.t.Errorf("%s %v: an answer that may be stored", target, pairs)
	}
	return r
}

func formOf(pairs []string) string {
	form := url.Values{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		form.Add(name, value)
	}
	return form.Encode()
}

// userBy is the login that a bearer token opens, or the status and challenge.
func (p *peer) userBy(token string) string {
	p.t.Helper()
	got := p.do("GET", "/user", "", "Authorization: Bearer "+token)
	if got.status != 200 {
		return got.header.Get("WWW-Authenticate")
	}
	var u ownUser
	got.into(p.t, &u)
	return u.Login
}

const (
	clientGrant = "grant_type=client_credentials"
	codeGrant   = "grant_type=authorization_code"
	renewGrant  = "grant_type=refresh_token"
	pollGrant   = "grant_type=" + deviceGrant

	expiredChallenge = `Bearer realm="practice", error="invalid_token", error_description="The access token expired"`
	invalidChallenge = `Bearer realm="practice", error="invalid_token", error_description="The access token is not valid"`
)

func TestClientCredentials(t *testing.T) {
	p := start(t)
	for _, tt := range []struct {
		name, basic, target string
		form                []string
		status              int
		code                string
	}{
		{"in the form", "", "", []string{clientGrant, "client_id=c", "client_secret=s", "scope=a b"}, 200, ""},
		{"by Basic", "c:s", "", []string{clientGrant}, 200, ""},
		{"by Basic, coded", "my%20client:s%3A1", "", []string{clientGrant, "client_id=my client"}, 200, ""},
		{"no secret", "", "", []string{clientGrant, "client_id=c"}, 401, "invalid_client"},
		{"wrong secret", "", "", []string{clientGrant, "client_id=c", "client_secret=wrong"}, 401, "invalid_client"},
		{"wrong secret by Basic", "c:wrong", "", []string{clientGrant}, 401, "invalid_client"},
		{"another client by Basic", "c:s", "", []string{clientGrant, "client_id=d"}, 401, "invalid_client"},
		{"secret in two places", "c:s", "", []string{clientGrant, "client_secret=s"}, 400, "invalid_request"},
		{"no client", "", "", []string{clientGrant}, 401, "invalid_client"},
		{"two clients", "", "", []string{clientGrant, "client_id=c", "client_id=d"}, 400, "invalid_request"},
		{"no grant", "c:s", "", nil, 400, "invalid_request"},
		{"unknown grant", "c:s", "", []string{"grant_type=password"}, 400, "unsupported_grant_type"},
		{"odd lifetime", "c:s", "", []string{clientGrant, "lifetime=0"}, 400, "invalid_request"},
		{"odd expires", "c:s", "?expires=x", []string{clientGrant}, 400, "invalid_request"},
	} {
		got := p.askAs(tt.basic, "/oauth/token"+tt.target, tt.form...)
		if got.status != tt.status || got.Code != tt.code || (got.Access != "") != (tt.status == 200) {
			t.Errorf("%s: got %+v, want %d %s", tt.name, got, tt.status, tt.code)
		}
		if basic := got.header["Www-Authenticate"] != nil; basic != (tt.status == 401 && tt.basic != "") {
			t.Errorf("%s: challenge %v", tt.name, got.header)
		}
		if got.status == 200 && (p.userBy(got.Access) != "jdoe" || got.Type != "Bearer" || got.Expires != 3600 || got.Refresh != "") {
			t.Errorf("%s: got %+v, which opens %s", tt.name, got.tokenAnswer, p.userBy(got.Access))
		}
	}
	if got := p.do("POST", "/oauth/token", `{}`, "Content-Type: application/json"); got.status != 400 || !strings.Contains(got.body, "invalid_request") {
		t.Errorf("a JSON body: got %d %s", got.status, got.body)
	}
}

func TestAccessTokensExpire(t *testing.T) {
	p := start(t)
	short := p.ask("/oauth/token", clientGrant, "client_id=c", "client_secret=s", "lifetime=2")
	long := p.ask("/oauth/token?expires=4", clientGrant, "client_id=c", "client_secret=s")
	if short.Expires != 2 || long.Expires != 4 || short.Access == long.Access {
		t.Fatalf("got %+v and %+v", short, long)
	}
	p.clock.move(2*time.Second - 1)
	if got := p.userBy(short.Access); got != "jdoe" {
		t.Errorf("before its end: got %s", got)
	}
	p.clock.move(1)
	if got := p.userBy(short.Access); got != expiredChallenge {
		t.Errorf("at its end: got %s, want %s", got, expiredChallenge)
	}
	if got := p.userBy(long.Access); got != "jdoe" {
		t.Errorf("the other token: got %s", got)
	}
	if got := p.userBy(accessPrefix + "abc"); got != invalidChallenge {
		t.Errorf("a token that was never issued: got %s, want %s", got, invalidChallenge)
	}
}

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // RFC 7636, appendix B

// code asks for an authorization code and gives the query of the redirect.
func (p *peer) code(change ...string) url.Values {
	p.t.Helper()
	q := url.Values{
		"response_type": {"code"}, "client_id": {"c"}, "redirect_uri": {"http://127.0.0.1:1/cb?x=1"}, "state": {"s&t"},
		"scope": {"a b"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}
	for _, c := range change {
		name, value, _ := strings.Cut(c, "=")
		q.Set(name, value)
	}
	got := p.do("GET", "/oauth/authorize?"+q.Encode(), "")
	to, err := url.Parse(got.header.Get("Location"))
	if got.status != 302 || err != nil || to.Host != "127.0.0.1:1" || to.Path != "/cb" {
		p.t.Fatalf("authorize: got %d, Location %v, %v", got.status, to, err)
	}
	return to.Query()
}

func TestAuthorizationCode(t *testing.T) {
	p := start(t)
	q := p.code()
	if q.Get("x") != "1" || q.Get("state") != "s&t" || q.Get("iss") != p.URL() || q.Has("error") {
		t.Fatalf("got %v", q)
	}
	redirect := "redirect_uri=http://127.0.0.1:1/cb?x=1"
	good := []string{codeGrant, "client_id=c", redirect, "code=" + q.Get("code"), "code_verifier=" + verifier}
	for i, other := range []string{"client_id=d", "redirect_uri=http://127.0.0.1:1/", "code=x", "code_verifier=" + verifier + "x"} {
		bad := append([]string{}, good...)
		bad[i+1] = other
		if got := p.ask("/oauth/token", bad...); got.Code != "invalid_grant" {
			t.Errorf("with %s: got %+v, want invalid_grant", other, got)
		}
	}
	got := p.ask("/oauth/token", good...)
	if got.status != 200 || got.Scope != "a b" || got.Refresh == "" || p.userBy(got.Access) != "jdoe" {
		t.Fatalf("got %+v", got)
	}
	if again := p.ask("/oauth/token", good...); again.Code != "invalid_grant" {
		t.Errorf("the code again: got %+v", again)
	}
	if by := p.userBy(got.Access); by != invalidChallenge {
		t.Errorf("the token of a code that came twice: got %s", by)
	}
	if again := p.ask("/oauth/token", renewGrant, "client_id=c", "refresh_token="+got.Refresh); again.Code != "invalid_grant" {
		t.Errorf("the refresh token of a code that came twice: got %+v", again)
	}
	late := p.code().Get("code")
	p.clock.move(codeLife)
	good[3] = "code=" + late
	if got := p.ask("/oauth/token", good...); got.Code != "invalid_grant" {
		t.Errorf("a code after its time: got %+v", got)
	}
}

func TestAuthorizeRefusals(t *testing.T) {
	p := start(t)
	for change, want := range map[string]string{
		"response_type=token":         "unsupported_response_type",
		"code_challenge_method=plain": "invalid_request",
		"code_challenge=":             "invalid_request",
	} {
		if q := p.code(change); q.Get("error") != want || q.Has("code") || q.Get("state") != "s&t" {
			t.Errorf("%s: got %v, want %s", change, q, want)
		}
	}
	for _, redirect := range []string{
		"", "https://127.0.0.1/", "http://example.com/", "http://127.0.0.1.example.com/", "http://u@127.0.0.1/",
		"http://127.0.0.1/#f", "javascript:alert(1)", "//127.0.0.1/", "http://10.0.0.1/",
	} {
		got := p.do("GET", "/oauth/authorize?client_id=c&response_type=code&redirect_uri="+url.QueryEscape(redirect), "")
		if got.status != 400 || got.header.Get("Location") != "" {
			t.Errorf("redirect_uri %q: got %d to %q, want 400", redirect, got.status, got.header.Get("Location"))
		}
	}
	for _, redirect := range []string{"http://[::1]:9/x", "http://localhost:9", "http://127.0.0.2:9"} {
		if got := p.do("GET", "/oauth/authorize?client_id=c&redirect_uri="+url.QueryEscape(redirect), "").status; got != 302 {
			t.Errorf("redirect_uri %q: got %d, want 302", redirect, got)
		}
	}
}

// begin starts a login of a device and gives its code and that of its user.
func (p *peer) begin() (device, user string) {
	p.t.Helper()
	got := p.do("POST", "/oauth/device", "client_id=c&scope=a", "Content-Type: application/x-www-form-urlencoded")
	var v struct {
		Device   string `json:"device_code"`
		User     string `json:"user_code"`
		Page     string `json:"verification_uri"`
		Complete string `json:"verification_uri_complete"`
		Expires  int    `json:"expires_in"`
		Interval int    `json:"interval"`
	}
	got.into(p.t, &v)
	if got.status != 200 || v.Device == "" || len(v.User) != 9 || v.Page != p.URL()+"/oauth/verify" ||
		v.Complete != v.Page+"?user_code="+v.User || v.Expires != 600 || v.Interval != 1 {
		p.t.Fatalf("device: got %d %+v", got.status, v)
	}
	return v.Device, v.User
}

func TestDeviceLogin(t *testing.T) {
	p := start(t)
	device, user := p.begin()
	poll := func() tokenReply { return p.ask("/oauth/token", pollGrant, "client_id=c", "device_code="+device) }
	if got := poll().Code; got != "authorization_pending" {
		t.Errorf("before the user answers: got %s", got)
	}
	if got := poll().Code; got != "slow_down" {
		t.Errorf("again at once: got %s", got)
	}
	p.clock.move(time.Second)
	if got := poll().Code; got != "slow_down" {
		t.Errorf("a second later, when it is six: got %s", got)
	}
	if got := p.do("GET", "/oauth/verify?user_code=BBBB-BBBB", ""); got.status != 404 {
		t.Errorf("verify with another code: got %d", got.status)
	}
	typed := strings.ToLower(strings.ReplaceAll(user, "-", " "))
	if got := p.do("GET", "/oauth/verify?user_code="+url.QueryEscape(typed), ""); got.status != 200 || !strings.Contains(got.body, "jdoe") {
		t.Errorf("verify: got %d %s", got.status, got.body)
	}
	p.clock.move(11 * time.Second)
	if got := p.ask("/oauth/token", pollGrant, "client_id=d", "device_code="+device).Code; got != "invalid_grant" {
		t.Errorf("another client: got %s", got)
	}
	got := poll()
	if got.status != 200 || got.Scope != "a" || got.Refresh == "" || p.userBy(got.Access) != "jdoe" {
		t.Errorf("after the user agreed: got %+v", got)
	}
	if got := poll().Code; got != "invalid_grant" {
		t.Errorf("once more: got %s", got)
	}
	if got := p.do("GET", "/oauth/verify?user_code="+user, "").status; got != 404 {
		t.Errorf("verify of a device that is connected: got %d, want 404", got)
	}
}

func TestDeviceLoginFails(t *testing.T) {
	p := start(t)
	device, user := p.begin()
	p.do("GET", "/oauth/verify?deny=1&user_code="+user, "")
	if got := p.ask("/oauth/token", pollGrant, "client_id=c", "device_code="+device).Code; got != "access_denied" {
		t.Errorf("after no: got %s", got)
	}
	device, user = p.begin()
	p.clock.move(deviceLife)
	if got := p.ask("/oauth/token", pollGrant, "client_id=c", "device_code="+device).Code; got != "expired_token" {
		t.Errorf("after ten minutes: got %s", got)
	}
	if got := p.do("GET", "/oauth/verify?user_code="+user, "").status; got != 404 {
		t.Errorf("verify after ten minutes: got %d", got)
	}
	got := p.do("GET", "/oauth/verify?user_code=%3Cscript%3E", "")
	if got.status != 404 || strings.Contains(got.body, "<script>") {
		t.Errorf("markup as a code: got %d %s", got.status, got.body)
	}
	if got := p.do("GET", "/oauth/verify", ""); got.status != 200 || !strings.Contains(got.body, "<form>") {
		t.Errorf("the page without a code: got %d %s", got.status, got.body)
	}
}

func TestRefreshTokensRotate(t *testing.T) {
	p := start(t)
	first := p.ask("/oauth/token", codeGrant, "client_id=c", "redirect_uri=http://127.0.0.1:1/cb?x=1",
		"code="+p.code().Get("code"), "code_verifier="+verifier, "lifetime=2")
	renew := func(token string, more ...string) tokenReply {
		return p.ask("/oauth/token", append(more, renewGrant, "client_id=c", "refresh_token="+token)...)
	}
	p.clock.move(time.Hour)
	if got := renew(first.Refresh, "scope=a c").Code; got != "invalid_scope" {
		t.Errorf("more scope: got %s", got)
	}
	second := renew(first.Refresh, "scope=b")
	if second.status != 200 || second.Scope != "b" || second.Refresh == first.Refresh || second.Access == first.Access || p.userBy(second.Access) != "jdoe" {
		t.Fatalf("got %+v after %+v", second, first)
	}
	third := renew(second.Refresh)
	if third.status != 200 || p.userBy(third.Access) != "jdoe" {
		t.Fatalf("got %+v", third)
	}
	if got := p.ask("/oauth/token", renewGrant, "client_id=d", "refresh_token="+third.Refresh).Code; got != "invalid_grant" {
		t.Errorf("another client: got %s", got)
	}
	if got := renew(first.Refresh).Code; got != "invalid_grant" {
		t.Errorf("the first one again: got %s", got)
	}
	if got := renew(third.Refresh).Code; got != "invalid_grant" {
		t.Errorf("the newest one after that: got %s", got)
	}
	if got := p.userBy(third.Access); got != invalidChallenge {
		t.Errorf("its access token: got %s", got)
	}
}

func TestMetadata(t *testing.T) {
	p := start(t)
	var v, w map[string]any
	p.get(&v, "/.well-known/oauth-authorization-server")
	p.get(&w, "/.well-known/openid-configuration")
	for name, want := range map[string]string{
		"issuer": p.URL(), "token_endpoint": p.URL() + "/oauth/token", "authorization_endpoint": p.URL() + "/oauth/authorize",
		"device_authorization_endpoint": p.URL() + "/oauth/device",
	} {
		if v[name] != want || w[name] != want {
			t.Errorf("%s: got %v and %v, want %s", name, v[name], w[name], want)
		}
	}
}

// The constants of the tests fit together.
func TestVerifierFitsChallenge(t *testing.T) {
	sum := sha256.Sum256([]byte(verifier))
	if got := base64.RawURLEncoding.EncodeToString(sum[:]); got != "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" {
		t.Errorf("got %s", got)
	}
}
