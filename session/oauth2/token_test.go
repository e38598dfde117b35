package oauth2

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestClientCredentials(t *testing.T) {
	s := newAuthServer(t)
	for _, how := range []string{"", "basic", "post"} {
		c := s.config(GrantClient)
		c.ClientAuth, c.Audience, c.Resource = how, "the-api", "https://api.test/"
		got, err := c.ClientCredentials(t.Context(), overNetwork(t), fixed)
		if err != nil {
			t.Fatalf("auth=%s: %v", how, err)
		}
		if !strings.HasPrefix(got.Access, "ACCESS") || got.Type != "Bearer" || got.Scope != "read write" || !got.Expires.Equal(fixed().Add(time.Hour)) {
			t.Errorf("auth=%s: got %+v", how, got)
		}
		sent := s.requests[len(s.requests)-1]
		if sent.Get("scope") != "read write" || sent.Get("audience") != "the-api" || sent.Get("resource") != "https://api.test/" {
			t.Errorf("auth=%s: sent %v", how, sent)
		}
		if sent.Has("client_secret") != (how == "post") {
			t.Errorf("auth=%s: secret in the form: %v", how, sent.Has("client_secret"))
		}
	}
}

func TestClientCredentialsWrongSecret(t *testing.T) {
	s := newAuthServer(t)
	c := s.config(GrantClient)
	c.ClientSecret = "not this one"
	_, err := c.ClientCredentials(t.Context(), overNetwork(t), fixed)
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Code != "invalid_client" || e.Status != 401 || !strings.HasPrefix(e.Hint, "the secret may be wrong: `auth oauth2 ") || !strings.HasSuffix(e.Hint, " auth=post`") || e.Error() != "token endpoint: invalid_client" {
		t.Errorf("got %+v", err)
	}
}

func TestTokenRefusals(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		kind   string
		body   string
		want   string
	}{
		{"code and words", 400, "application/json", `{"error":"invalid_scope","error_description":"no such scope"}`, "token endpoint: invalid_scope: no such scope"},
		{"with a page", 400, "application/json", `{"error":"invalid_scope","error_uri":"https://as.test/e"}`, "token endpoint: invalid_scope (https://as.test/e)"},
		{"status 200", 200, "application/json", `{"error":"bad_verification_code","error_description":"x"}`, "token endpoint: bad_verification_code: x"},
		{"control characters", 400, "application/json", `{"error":"a\u001b[2J","error_description":"x\u0007\u202ey\n\u009bz"}`, "token endpoint: a\uFFFD[2J: x\uFFFD\uFFFDy \uFFFDz"},
		{"members of other types", 400, "application/json", `{"error":"invalid_grant","error_description":{"en":"x"}}`, "token endpoint: invalid_grant"},
		{"error is an object", 400, "application/json", `{"error":{"message":"x"}}`, "token endpoint: status 400 without a code that says why"},
		{"a page", 502, "text/html; charset=utf-8", "<h1>Bad</h1>", "token endpoint: status 502, text/html instead of JSON"},
		{"a form", 200, "application/x-www-form-urlencoded", "access_token=x", "token endpoint: status 200, application/x-www-form-urlencoded instead of JSON"},
		{"nothing", 204, "", "", "token endpoint: status 204, an empty body"},
		{"a redirect", 302, "", "", "token endpoint: status 302, an empty body"},
		{"half a body", 200, "application/json", `{"access_token":"x"`, "token endpoint: status 200, a body that is no JSON object of the expected form"},
		{"an array", 200, "application/json", `[]`, "token endpoint: status 200, a body that is no JSON object of the expected form"},
		{"null", 200, "application/json", `null`, "token endpoint: the answer has no access_token"},
		{"no code", 500, "application/json", `{}`, "token endpoint: status 500 without a code that says why"},
		{"another type", 200, "application/json", `{"access_token":"x","token_type":"mac"}`, `token endpoint: token_type is "mac", not Bearer`},
		{"no type", 200, "application/json", `{"access_token":"x"}`, `token endpoint: token_type is "", not Bearer`},
		{"a line in the token", 200, "application/json", `{"access_token":"x\r\nA: b","token_type":"Bearer"}`, "token endpoint: a character in the token that no header can hold"},
	} {
		do, address := answering(t, tt.status, tt.kind, tt.body)
		c := Config{ClientID: "id", TokenURL: address}
		_, err := c.ClientCredentials(t.Context(), do, fixed)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

// TestTokenRefusalsHideSecrets has a server repeat all that it was sent.
func TestTokenRefusalsHideSecrets(t *testing.T) {
	do, address := answering(t, 400, "application/json",
		`{"error":"invalid_grant","error_description":"{refresh_token} {client_secret} {basic} end","error_uri":"https://as.test/?t={%refresh_token}"}`)
	for _, how := range []string{"basic", "post"} {
		c := Config{ClientID: "id", ClientSecret: "S3CRET-TOKEN", TokenURL: address, ClientAuth: how}
		_, err := c.Refresh(t.Context(), do, fixed, Token{Refresh: "S3CRET-TOKEN/AND+MORE"})
		if err == nil {
			t.Fatalf("auth=%s: no error", how)
		}
		text := err.Error()
		if strings.Contains(text, "S3CRET") || strings.Contains(text, "MORE") || strings.Contains(text, "aWQ6") {
			t.Errorf("auth=%s: got %s", how, text)
		}
		if !strings.Contains(text, mask) || !strings.Contains(text, "end") {
			t.Errorf("auth=%s: got %s, want the words around the secrets", how, text)
		}
	}
}

func TestErrorIsCut(t *testing.T) {
	do, address := answering(t, 400, "application/json", `{"error":"x","error_description":"`+strings.Repeat("long ", 1000)+`"}`)
	_, err := Config{ClientID: "id", TokenURL: address}.ClientCredentials(t.Context(), do, fixed)
	if err == nil || len(err.Error()) > 400 || !strings.HasSuffix(err.Error(), "…") {
		t.Errorf("got %v", err)
	}
}

func TestTokenForms(t *testing.T) {
	for _, tt := range []struct {
		members string
		want    Token
	}{
		{`"token_type":"BEARER"`, Token{Scope: "asked"}},
		{`"token_type":"Bearer","scope":"a b","refresh_token":"r"`, Token{Scope: "a b", Refresh: "r"}},
		{`"token_type":"Bearer","scope":["a","b"]`, Token{Scope: "a b"}},
		{`"token_type":"Bearer","scope":null,"expires_in":null,"refresh_token":null`, Token{Scope: "asked"}},
		{`"token_type":"Bearer","expires_in":"3600"`, Token{Scope: "asked", Expires: fixed().Add(time.Hour)}},
		{`"token_type":"Bearer","expires_in":1.5`, Token{Scope: "asked", Expires: fixed().Add(1500 * time.Millisecond)}},
		{`"token_type":"Bearer","expires_in":0`, Token{Scope: "asked"}},
		{`"token_type":"Bearer","expires_in":-5`, Token{Scope: "asked"}},
		{`"token_type":"Bearer","expires_in":"soon"`, Token{Scope: "asked"}},
		{`"token_type":"Bearer","expires_in":"NaN"`, Token{Scope: "asked"}},
		{`"token_type":"Bearer","expires_in":1e999`, Token{Scope: "asked", Expires: fixed().AddDate(1, 0, 0)}},
	} {
		do, address := answering(t, 200, "application/json", `{"access_token":"x",`+tt.members+`}`)
		got, err := Config{ClientID: "id", TokenURL: address, Scope: "asked"}.ClientCredentials(t.Context(), do, fixed)
		tt.want.Access, tt.want.Type = "x", "Bearer"
		if !tt.want.Expires.IsZero() {
			tt.want.Life = tt.want.Expires.Sub(fixed())
		}
		if err != nil || got != tt.want {
			t.Errorf("%s: got %+v, %v, want %+v", tt.members, got, err, tt.want)
		}
	}
}

func TestRefreshRotates(t *testing.T) {
	s := newAuthServer(t)
	c, do := s.config(GrantCode), overNetwork(t)
	s.refresh["FIRST"] = true
	first := Token{Refresh: "FIRST", Scope: "granted"}
	second, err := c.Refresh(t.Context(), do, fixed, first)
	if err != nil || second.Refresh == "FIRST" || second.Refresh == "" || second.Scope != "granted" {
		t.Fatalf("got %+v, %v", second, err)
	}
	if _, err := c.Refresh(t.Context(), do, fixed, second); err != nil {
		t.Errorf("the new refresh token: %v", err)
	}
	_, err = c.Refresh(t.Context(), do, fixed, first)
	if e, ok := errors.AsType[*Error](err); !ok || e.Code != "invalid_grant" {
		t.Errorf("the old refresh token: got %v, want invalid_grant", err)
	}
}

func TestRefreshKeepsTheOldOne(t *testing.T) {
	s := newAuthServer(t)
	s.rotate = false
	s.refresh["FIRST"] = true
	got, err := s.config(GrantDevice).Refresh(t.Context(), overNetwork(t), fixed, Token{Refresh: "FIRST"})
	if err != nil || got.Refresh != "FIRST" || got.Access == "" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestRefreshWithoutToken(t *testing.T) {
	s := newAuthServer(t)
	if got, err := s.config(GrantClient).Refresh(t.Context(), overNetwork(t), fixed, Token{}); err != nil || got.Access == "" {
		t.Errorf("client: got %+v, %v", got, err)
	}
	if _, err := s.config(GrantCode).Refresh(t.Context(), overNetwork(t), fixed, Token{Access: "x"}); err == nil {
		t.Error("code: no error")
	}
}

func TestTokenValid(t *testing.T) {
	now := fixed()
	for _, tt := range []struct {
		token Token
		want  bool
	}{
		{Token{}, false},
		{Token{Access: "x"}, true},
		{Token{Access: "x", Expires: now.Add(31 * time.Second)}, true},
		{Token{Access: "x", Expires: now.Add(30 * time.Second)}, false},
		{Token{Access: "x", Expires: now.Add(2 * time.Second), Life: 3 * time.Second}, true},
		{Token{Access: "x", Expires: now.Add(time.Second), Life: 3 * time.Second}, false},
		{Token{Access: "x", Expires: now.Add(-time.Hour)}, false},
		{Token{Expires: now.Add(time.Hour)}, false},
	} {
		if got := tt.token.Valid(now); got != tt.want {
			t.Errorf("%+v: got %v, want %v", tt.token, got, tt.want)
		}
	}
}

// TestInsecureEndpoints sends nothing to a URL that is not fit for secrets.
func TestInsecureEndpoints(t *testing.T) {
	for _, u := range []string{"", "http://as.test/token", "ftp://as.test/", "https://u:p@as.test/", "https:///token", "https://as.test/#x", "http://127.0.0.1.as.test/", "/token"} {
		c := Config{Grant: GrantClient, ClientID: "id", ClientSecret: "s", TokenURL: u}
		if _, err := c.ClientCredentials(t.Context(), nil, fixed); err == nil {
			t.Errorf("%q: no error", u)
		}
	}
}

func TestConfigJSONHasNoSecret(t *testing.T) {
	c := Config{Grant: GrantClient, ClientID: "id", ClientSecret: "CANARY", Issuer: "https://as.test", RequireIss: true}
	b, err := json.Marshal(c)
	if err != nil || strings.Contains(string(b), "CANARY") {
		t.Errorf("got %s, %v", b, err)
	}
	var back Config
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	c.ClientSecret = ""
	if back != c {
		t.Errorf("got %+v, want %+v", back, c)
	}
}
