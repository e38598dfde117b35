package practice

import (
	"strconv"
	"strings"
	"testing"
)

func TestRedirects(t *testing.T) {
	p := start(t)
	tests := []struct {
		method, target string
		status         int
		location       string
	}{
		{"GET", "/redirect/3", 302, "/redirect/2"},
		{"GET", "/redirect/1", 302, "/echo"},
		{"GET", "/redirect/0", 422, ""},
		{"GET", "/redirect/x", 422, ""},
		{"GET", "/moved", 301, "/user"},
		{"PUT", "/moved", 301, "/user"},
		{"POST", "/see-other", 303, "/user"},
		{"POST", "/temporary", 307, "/echo"},
		{"DELETE", "/permanent", 308, "/echo"},
		{"GET", "/loop", 302, "/loop"},
		{"GET", "/away", 302, p.otherURL + "/there"},
	}
	for _, tt := range tests {
		got := p.do(tt.method, tt.target, "")
		if got.status != tt.status || got.header.Get("Location") != tt.location {
			t.Errorf("%s %s: got %d to %q, want %d to %q", tt.method, tt.target, got.status, got.header.Get("Location"), tt.status, tt.location)
		}
		if tt.location != "" && !strings.Contains(got.body, `"status":"`+strconv.Itoa(tt.status)+`"`) {
			t.Errorf("%s %s: got body %s", tt.method, tt.target, got.body)
		}
	}
}

func TestRedirectChainArrives(t *testing.T) {
	p := start(t)
	p.client.CheckRedirect = nil
	if got := p.do("GET", "/redirect/5", ""); got.status != 200 || !strings.Contains(got.body, `"path":"/echo"`) {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

func TestOtherOriginTellsButDoesNotRepeat(t *testing.T) {
	p := start(t)
	there := p.otherURL + "/there"
	var a arrival
	got := p.do("GET", there, "", "Authorization: Bearer CANARY", "Cookie: a=CANARY", "X-Api-Key: CANARY", "X-Session: CANARY",
		"Proxy-Authorization: CANARY", "X-Trace: one", "X-Trace: two")
	got.into(t, &a)
	if a.Origin != "other" || a.Authorization == nil || *a.Authorization != "present" || a.Cookie == nil || *a.Cookie != "present" ||
		a.Headers["X-Trace"] != "one, two" || a.Headers["X-Api-Key"] != "present" {
		t.Errorf("got %s", got.body)
	}
	if strings.Contains(got.body, "CANARY") {
		t.Errorf("got %s, want no secret in it", got.body)
	}
	if got := p.do("POST", there, "x"); got.status != 200 || !strings.Contains(got.body, `"method":"POST","authorization":null,"cookie":null`) {
		t.Errorf("without credentials: got %d %s", got.status, got.body)
	}
	if got := p.do("GET", p.otherURL+"/user", ""); got.status != 404 {
		t.Errorf("elsewhere: got %d, want 404", got.status)
	}
}
