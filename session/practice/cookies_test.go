package practice

import (
	"net/http"
	"strings"
	"testing"
)

// logIn gives the Cookie header of a new session and its CSRF token.
func logIn(p *peer, user string) (cookies, csrf string) {
	p.t.Helper()
	a := p.do("POST", "/login", "user="+user+"&password=x", "Content-Type: application/x-www-form-urlencoded")
	var pairs []string
	for _, line := range a.header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			p.t.Fatal(err)
		}
		if c.Path != "/" || c.SameSite != http.SameSiteLaxMode || c.HttpOnly != (c.Name == "sid") || c.Value == "" {
			p.t.Errorf("got cookie %q", line)
		}
		if c.Name == "csrftoken" {
			csrf = c.Value
		}
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	return "Cookie: " + strings.Join(pairs, "; "), csrf
}

func TestCookieSession(t *testing.T) {
	p := start(t)
	ann, annToken := logIn(p, "ann")
	bob, bobToken := logIn(p, "bob")
	if ann == bob || annToken == bobToken || annToken == "" {
		t.Fatalf("sessions of two users: got %q and %q", ann, bob)
	}
	if got := p.do("GET", "/private", "", ann).body; got != `{"user":"ann","notes":[]}` {
		t.Errorf("private: got %s", got)
	}
	sidOnly, _, _ := strings.Cut(ann, "; ")
	notes := []struct {
		cookie, token string
		status        int
	}{
		{ann, annToken, 201},
		{ann, "", 403},
		{ann, bobToken, 403},
		{sidOnly, annToken, 403},
		{sidOnly + "; csrftoken=x", "x", 403},
		{"Cookie: sid=x; csrftoken=y", "y", 401},
	}
	for _, tt := range notes {
		got := p.do("POST", "/private/note", `{"note":"hi"}`, tt.cookie, "X-CSRFToken: "+tt.token)
		if got.status != tt.status {
			t.Errorf("note with %s, token %q: got %d %s, want %d", tt.cookie, tt.token, got.status, got.body, tt.status)
		}
	}
	if got := p.do("POST", "/private/note", "note=", ann, "X-CSRFToken: "+annToken, "Content-Type: application/x-www-form-urlencoded").status; got != 422 {
		t.Errorf("an empty note: got %d, want 422", got)
	}
	if got := p.do("GET", "/private", "", ann).body; got != `{"user":"ann","notes":["hi"]}` {
		t.Errorf("private after one note: got %s", got)
	}
	out := p.do("POST", "/logout", "", ann)
	for _, line := range out.header.Values("Set-Cookie") {
		if c, err := http.ParseSetCookie(line); err != nil || c.MaxAge != -1 || c.Path != "/" {
			t.Errorf("logout: got %q, want a cookie that ends at once", line)
		}
	}
	if len(out.header.Values("Set-Cookie")) != 2 {
		t.Errorf("logout: got %v, want two cookies", out.header.Values("Set-Cookie"))
	}
	if got := p.do("GET", "/private", "", ann).status; got != 401 {
		t.Errorf("private after logout: got %d, want 401", got)
	}
	if got := p.do("GET", "/private", "", bob).status; got != 200 {
		t.Errorf("another session after logout: got %d, want 200", got)
	}
}

func TestNotesAreBounded(t *testing.T) {
	p := start(t)
	ann, token := logIn(p, "ann")
	last := ""
	for range maxNotes + 3 {
		last = p.do("POST", "/private/note", `{"note":"n"}`, ann, "X-CSRFToken: "+token).body
	}
	if last != `{"note":"n","notes":100}` {
		t.Errorf("got %s, want 100 notes", last)
	}
}
