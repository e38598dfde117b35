package oauth2

import (
	"errors"
	"strings"
	"testing"
)

func TestParseWords(t *testing.T) {
	for _, tt := range []struct {
		words []string
		want  Config
	}{
		{[]string{"client", "app", "env:SECRET", "issuer=https://as.test/realm", "scope=read write"},
			Config{Grant: "client", ClientID: "app", ClientSecret: "env:SECRET", Issuer: "https://as.test/realm", Scope: "read write"}},
		{[]string{"client", "app", "abc+/dGVzdA==", "token=http://localhost:8080/t", "auth=post"},
			Config{Grant: "client", ClientID: "app", ClientSecret: "abc+/dGVzdA==", TokenURL: "http://localhost:8080/t", ClientAuth: "post"}},
		{[]string{"device", "app", "token=https://a/t", "device=https://a/d", "audience=x=y"},
			Config{Grant: "device", ClientID: "app", TokenURL: "https://a/t", DeviceURL: "https://a/d", Audience: "x=y"}},
		{[]string{"code", "https://client.test/", "token=https://a/t", "authorize=https://a/a", "resource=https://api.test/", "auth=basic"},
			Config{Grant: "code", ClientID: "https://client.test/", TokenURL: "https://a/t", AuthURL: "https://a/a", Resource: "https://api.test/", ClientAuth: "basic"}},
	} {
		got, err := ParseWords(tt.words)
		if err != nil || got != tt.want {
			t.Errorf("%q: got %+v, %v, want %+v", tt.words, got, err, tt.want)
		}
	}
}

func TestParseWordsErrors(t *testing.T) {
	for _, tt := range []struct {
		line      string
		msg, hint string // parts of them
	}{
		{"", "client, device or code", "auth oauth2 client CLIENT_ID"},
		{"implicit app", "client, device or code", "auth oauth2 client CLIENT_ID"},
		{"client", "no client id", "auth oauth2 client CLIENT_ID"},
		{"client issuer=https://a", "no client id", "auth oauth2 client CLIENT_ID"},
		{"device app", "which server", "auth oauth2 device CLIENT_ID issuer="},
		{"device app token=https://a", "no device endpoint", "device=https://HOST"},
		{"code app token=https://a", "no authorization endpoint", "authorize=https://HOST"},
		{"code app CANARY one-more issuer=https://a", "too many words", "CLIENT_ID env:SECRET"},
		{"client app issuer=https://a scope=read CANARY", "behind the settings", `scope="ONE TWO"`},
		{"client app isssuer=CANARY", "", ""},
		{"client app iss=CANARY", "iss= is not one of issuer=", ""},
		{"client app scopes=CANARY", "scopes= is not one of", ""},
		{"code app authorization=CANARY", "authorization= is not one of", ""},
		{"client app client_secret=CANARY", "client_secret= is not one of", ""},
		{"client app issuer=https://a issuer=https://b", "issuer= is there twice", ""},
		{"client app issuer=", "issuer= has no value", ""},
		{"client app issuer=as.test", "issuer= wants a URL", "issuer=https://HOST"},
		{"client app token=http://as.test/CANARY", "token= wants a URL: it is not https", "token=https://HOST"},
		{"client app token=https://u:CANARY@as.test/", "a user name in it", "token=https://HOST"},
		{"client app issuer=https://a auth=CANARY", "basic or post", "auth=post"},
	} {
		_, err := ParseWords(strings.Fields(tt.line))
		e, ok := errors.AsType[*UsageError](err)
		if !ok {
			t.Errorf("%s: got %v", tt.line, err)
			continue
		}
		if !strings.Contains(e.Msg, tt.msg) || !strings.Contains(e.Hint, tt.hint) || strings.Contains(e.Msg+e.Hint, "CANARY") {
			t.Errorf("%s: got %q, hint %q, want %q, hint %q", tt.line, e.Msg, e.Hint, tt.msg, tt.hint)
		}
		words := strings.Fields(strings.ReplaceAll(e.Hint, `"ONE TWO"`, "ONE"))
		if len(words) < 3 {
			t.Errorf("%s: the hint %q is no line", tt.line, e.Hint)
		} else if _, err := ParseWords(words[2:]); err != nil {
			t.Errorf("%s: the hint %q is wrong itself: %v", tt.line, e.Hint, err)
		}
	}
}

func TestLine(t *testing.T) {
	for _, tt := range []struct {
		config Config
		want   string
	}{
		{Config{Grant: "client", ClientID: "app", ClientSecret: "CANARY", TokenURL: "https://as.test/token"},
			"auth oauth2 client app SECRET token=https://as.test/token"},
		{Config{Grant: "device", ClientID: "app", Issuer: "https://as.test", TokenURL: "https://as.test/token", DeviceURL: "https://as.test/d"},
			"auth oauth2 device app issuer=https://as.test"},
		{Config{Grant: "code", ClientID: "my app", TokenURL: "https://a/t", AuthURL: "https://a/a", Scope: `read "x"`, ClientAuth: "post"},
			`auth oauth2 code "my app" token=https://a/t authorize=https://a/a scope="read \"x\"" auth=post`},
	} {
		if got := tt.config.Line(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}
