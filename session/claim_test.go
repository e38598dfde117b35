package session

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sonde/session/oauth2"
)

// asksDigest is a server that asks for a digest login and takes any answer.
func asksDigest(qop string) func(io.Writer, *received) bool {
	return func(w io.Writer, r *received) bool {
		if !strings.HasPrefix(r.header("Authorization"), "Digest ") {
			reply(w, 401, "", `WWW-Authenticate: Digest realm="r", nonce="n", qop="`+qop+`", algorithm=MD5`)
			return true
		}
		reply(w, 200, "in")
		return true
	}
}

// TestDigestReadsNoStream: a body that can be read once is not used up for its
// hash.
func TestDigestReadsNoStream(t *testing.T) {
	srv := serve(t, asksDigest("auth-int"))
	s := based(t, srv)
	if err := s.SetAuth(Auth{Kind: "digest", User: "u", Secret: "secret"}, ""); err != nil {
		t.Fatal(err)
	}
	do(t, s, get("/"))
	opened := 0
	stream := &Content{Length: 4, Open: func() (io.ReadCloser, error) {
		opened++
		return io.NopCloser(strings.NewReader("body")), nil
	}}
	sent := srv.count()
	for _, try := range []func(*Request) error{
		func(r *Request) error { _, err := s.Prepare(r); return err },
		func(r *Request) error { _, err := s.Do(context.Background(), r, Watch{}); return err },
	} {
		err := try(&Request{Method: "POST", Target: Target{Text: "/"}, Content: stream})
		if err == nil {
			t.Fatal("a stream was hashed")
		}
		contains(t, "the error", err.Error(), "auth-int", "read only once")
	}
	if opened != 0 || srv.count() != sent {
		t.Errorf("the body was opened %d times, and %d requests were sent", opened, srv.count()-sent)
	}
}

// TestDigestKeepsNetrcAway: before its first challenge a digest login sends
// nothing, and nobody's else takes its place.
func TestDigestKeepsNetrcAway(t *testing.T) {
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, ".netrc"), []byte("machine 127.0.0.1 login other password of-netrc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	srv := serve(t, asksDigest("auth"))
	s := New(Options{Env: func(string) (string, bool) { return "", false }, Home: home})
	t.Cleanup(func() { s.Close() })
	if err := s.SetBase(srv.URL); err != nil {
		t.Fatal(err)
	}
	if err := s.SetAuth(Auth{Kind: "digest", User: "u", Secret: "secret"}, ""); err != nil {
		t.Fatal(err)
	}
	if x := do(t, s, get("/")); x.Status != 200 {
		t.Errorf("got %d", x.Status)
	}
	for i, r := range srv.all() {
		if strings.HasPrefix(r.header("Authorization"), "Basic") {
			t.Errorf("request %d carries the login of .netrc:\n%s", i, r.Head)
		}
	}
}

// TestTypedBeatsToken: where somebody else says who the request is from, the
// token is neither renewed before nor after.
func TestTypedBeatsToken(t *testing.T) {
	asked := 0
	tokens := serve(t, func(w io.Writer, r *received) bool {
		asked++
		reply(w, 200, `{"access_token":"token-1","token_type":"Bearer","expires_in":1,"refresh_token":"again-1"}`, "Content-Type: application/json")
		return true
	})
	api := serve(t, func(w io.Writer, r *received) bool { reply(w, 401, ""); return true })
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := New(Options{Now: func() time.Time { return now }})
	t.Cleanup(func() { s.Close() })
	if err := s.SetBase(api.URL); err != nil {
		t.Fatal(err)
	}
	c := oauth2.Config{Grant: oauth2.GrantClient, ClientID: "me", ClientSecret: "mine", TokenURL: tokens.URL}
	if err := s.AuthorizeOAuth(context.Background(), c, "", OAuthTell{}); err != nil || asked != 1 {
		t.Fatal(err, asked)
	}
	now = now.Add(time.Hour)
	r := get("/")
	r.Headers = []HeaderEdit{{Name: "Authorization", Value: "Bearer typed-one"}}
	if x := do(t, s, r); x.Status != 401 || asked != 1 || api.count() != 1 {
		t.Errorf("got %d after %d token requests and %d to the API", x.Status, asked, api.count())
	}
	if do(t, s, get("/")); asked != 3 { // expired, and then not taken
		t.Errorf("%d token requests, want 3", asked)
	}
}

// TestLastAnswerStands: what was answered before a wait or a failed repeat is
// the answer, with all attempts.
func TestLastAnswerStands(t *testing.T) {
	srv := serve(t, statuses(nil, 503, 200))
	s := based(t, srv)
	s.Settings.Retries = []RetryRule{{Policy: persistent(1, 503)}}
	x, err := s.Do(context.Background(), get("/"), Watch{Waiting: func(w Waiting) {
		if w.Left == 0 {
			srv.stop()
		}
	}})
	if err == nil || x == nil || x.Status != 503 || len(x.Attempts) < 2 || s.Last() != x {
		t.Fatalf("got %+v, %v", x, err)
	}
	if x.Attempts[0].Status != 503 || x.Attempts[len(x.Attempts)-1].Err == nil {
		t.Errorf("got %+v", x.Attempts)
	}
}

// TestForgottenIdentityCounts: what an identity did stays counted.
func TestForgottenIdentityCounts(t *testing.T) {
	srv := serve(t, ok)
	s := based(t, srv)
	s.As("bob")
	do(t, s, get("/"))
	s.As("")
	before := s.Stats()
	if !s.Forget("bob") {
		t.Fatal("there is no bob")
	}
	after := s.Stats()
	if before.Open = 0; before != after || after.Opened != 1 {
		t.Errorf("got %+v after %+v", after, before)
	}
}

// TestRestoreTwice: cookies that are restored again are not doubled.
func TestRestoreTwice(t *testing.T) {
	srv := serve(t, func(w io.Writer, r *received) bool { reply(w, 200, "", "Set-Cookie: a=1"); return true })
	s := based(t, srv)
	if err := s.SetCookie("b", "2", ""); err != nil {
		t.Fatal(err)
	}
	do(t, s, get("/"))
	kept, err := s.Private()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Restore(kept); err != nil {
			t.Fatal(err)
		}
	}
	do(t, s, get("/"))
	if got := srv.last().header("Cookie"); got != "b=2; a=1" {
		t.Errorf("got %q", got)
	}
}

// TestIdentitiesShareTheBound: many identities do not keep many connections.
func TestIdentitiesShareTheBound(t *testing.T) {
	srv := serve(t, ok)
	s := New(Options{Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, srv.ln.Addr().String())
	}})
	t.Cleanup(func() { s.Close() })
	for _, name := range strings.Fields(strings.Repeat("a b c d e f g h ", 1)) {
		s.As(name)
		for _, host := range strings.Fields("http://1.test http://2.test http://3.test http://4.test http://5.test http://6.test") {
			do(t, s, get(host))
		}
	}
	s.As("")
	if open := s.Stats().Open; open > maxIdle {
		t.Errorf("%d connections are open, want at most %d", open, maxIdle)
	}
}
