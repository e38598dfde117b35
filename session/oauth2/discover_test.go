package oauth2

import (
	"context"
	"errors"
	"strings"
	"testing"
)

const (
	openID = "/.well-known/openid-configuration"
	plain  = "/.well-known/oauth-authorization-server"
)

// described is metadata of a server, with changes.
func described(issuer string, changes map[string]any) map[string]any {
	m := map[string]any{
		"issuer": issuer, "token_endpoint": issuer + "/token", "authorization_endpoint": issuer + "/authorize",
		"device_authorization_endpoint": issuer + "/device", "authorization_response_iss_parameter_supported": true,
	}
	for name, v := range changes {
		m[name] = v
	}
	return m
}

func TestComplete(t *testing.T) {
	for _, tt := range []struct {
		name, path, at string
	}{
		{"OpenID", "", openID},
		{"RFC 8414", "", plain},
		{"OpenID with a path", "/realms/a", "/realms/a" + openID},
		{"RFC 8414 with a path", "/realms/a", plain + "/realms/a"},
	} {
		s := newAuthServer(t)
		issuer := s.URL + tt.path
		s.meta = map[string]any{tt.at: described(issuer, nil)}
		c, err := Config{Grant: GrantCode, ClientID: "id", Issuer: issuer, TokenURL: "https://mine.test/token"}.Complete(t.Context(), overNetwork(t))
		want := Config{
			Grant: GrantCode, ClientID: "id", Issuer: issuer, RequireIss: true,
			TokenURL: "https://mine.test/token", AuthURL: issuer + "/authorize", DeviceURL: issuer + "/device",
		}
		if err != nil || c != want {
			t.Errorf("%s: got %+v, %v, want %+v", tt.name, c, err, want)
		}
	}
}

// TestCompleteSlash takes the issuer's own spelling, which its answers have.
func TestCompleteSlash(t *testing.T) {
	s := newAuthServer(t)
	s.meta = map[string]any{openID: described(s.URL, map[string]any{"issuer": s.URL + "/"})}
	c, err := Config{Grant: GrantClient, ClientID: "id", Issuer: s.URL}.Complete(t.Context(), overNetwork(t))
	if err != nil || c.Issuer != s.URL+"/" {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestCompleteClientAuth(t *testing.T) {
	for _, tt := range []struct {
		methods any
		given   string
		want    string
	}{
		{nil, "", ""},
		{[]string{"client_secret_post", "none"}, "", "post"},
		{[]string{"client_secret_post", "client_secret_basic"}, "", ""},
		{[]string{"client_secret_post"}, "basic", "basic"},
		{[]string{"private_key_jwt"}, "", ""},
	} {
		s := newAuthServer(t)
		s.meta = map[string]any{openID: described(s.URL, map[string]any{"token_endpoint_auth_methods_supported": tt.methods})}
		c, err := Config{Grant: GrantClient, ClientID: "id", Issuer: s.URL, ClientAuth: tt.given}.Complete(t.Context(), overNetwork(t))
		if err != nil || c.ClientAuth != tt.want {
			t.Errorf("%v: got %q, %v, want %q", tt.methods, c.ClientAuth, err, tt.want)
		}
	}
}

func TestCompleteRefusals(t *testing.T) {
	for _, tt := range []struct {
		name    string
		grant   string
		changes map[string]any
		want    string
	}{
		{"another issuer", GrantClient, map[string]any{"issuer": "https://evil.test"}, "that it is the issuer https://evil.test"},
		{"no issuer", GrantClient, map[string]any{"issuer": ""}, "no issuer in what is at"},
		{"not https", GrantClient, map[string]any{"token_endpoint": "http://as.test/token"}, "unfit URL of the token endpoint: it is not https"},
		{"a script", GrantCode, map[string]any{"authorization_endpoint": "javascript:alert(1)"}, "unfit URL of the authorization endpoint"},
		{"no device endpoint", GrantDevice, map[string]any{"device_authorization_endpoint": nil}, "the issuer names no device endpoint"},
		{"no metadata", GrantClient, map[string]any{"issuer": []int{1}}, "no JSON object of the expected form"},
	} {
		s := newAuthServer(t)
		s.meta = map[string]any{openID: described(s.URL, tt.changes)}
		_, err := Config{Grant: tt.grant, ClientID: "id", Issuer: s.URL}.Complete(t.Context(), overNetwork(t))
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Endpoint != "discovery" || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestCompleteNothingThere(t *testing.T) {
	s := newAuthServer(t)
	_, err := Config{Grant: GrantClient, ClientID: "id", Issuer: s.URL + "/x"}.Complete(t.Context(), overNetwork(t))
	if want := "discovery: status 404 of " + s.URL + plain + "/x"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestCompleteLocalEndpoint is an issuer elsewhere that points at this machine,
// where the client's secret would then be sent.
func TestCompleteLocalEndpoint(t *testing.T) {
	for _, u := range []string{"http://127.0.0.1:8080/token", "https://localhost/token", "http://[::1]/token"} {
		m := metadata{Issuer: "https://as.test", TokenURL: u}
		if c, err := (Config{Grant: GrantClient, Issuer: "https://as.test"}).merge(m, false); err == nil {
			t.Errorf("%s: got %+v", u, c)
		}
	}
}

// TestCompleteSendsNothing has all there is, or too little to ask.
func TestCompleteSendsNothing(t *testing.T) {
	do := func(context.Context, Request) (Response, error) {
		t.Error("a request was sent")
		return Response{}, nil
	}
	full := Config{Grant: GrantDevice, ClientID: "id", Issuer: "https://as.test", TokenURL: "https://as.test/t", DeviceURL: "https://as.test/d"}
	if c, err := full.Complete(t.Context(), do); err != nil || c != full {
		t.Errorf("got %+v, %v", c, err)
	}
	for _, issuer := range []string{"", "http://as.test", "https://as.test?x", "as.test"} {
		_, err := Config{Grant: GrantClient, ClientID: "id", Issuer: issuer}.Complete(t.Context(), do)
		if _, ok := errors.AsType[*UsageError](err); !ok {
			t.Errorf("%q: got %v", issuer, err)
		}
	}
}

// TestCompleteNoServer keeps the error of the Do, for its hint.
func TestCompleteNoServer(t *testing.T) {
	cause := errors.New("the network is down")
	n := 0
	do := func(context.Context, Request) (Response, error) { n++; return Response{}, cause }
	_, err := Config{Grant: GrantClient, ClientID: "id", Issuer: "https://as.test"}.Complete(t.Context(), do)
	if !errors.Is(err, cause) || n != 1 {
		t.Errorf("got %v after %d requests", err, n)
	}
}
