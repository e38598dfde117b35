package oauth2

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// browse follows an address to its end as a browser does, and returns the
// status and the text of the last page, or 0 if there is none.
func browse(t *testing.T, address string) (status int, page string) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(address)
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b)
}

// login runs a code login whose browser is visit, and waits for both.
func login(t *testing.T, c Config, visit func(address string)) (Token, error) {
	t.Helper()
	var browser sync.WaitGroup
	defer browser.Wait()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return c.Code(ctx, overNetwork(t), fixed, func(address string) {
		browser.Go(func() { visit(address) })
	})
}

// callback takes the redirect URI and the state out of an address.
func callback(t *testing.T, address string) (redirect, state string) {
	u, err := url.Parse(address)
	if err != nil {
		t.Error(err)
		return "", ""
	}
	return u.Query().Get("redirect_uri"), u.Query().Get("state")
}

func TestCode(t *testing.T) {
	s := newAuthServer(t)
	c := s.config(GrantCode)
	c.Issuer, c.RequireIss, c.Resource = s.URL, true, "https://api.test/"
	var redirect string
	got, err := login(t, c, func(address string) {
		redirect, _ = callback(t, address)
		status, page := browse(t, address)
		if status != 200 || !strings.Contains(page, "terminal") || strings.Contains(page, "CODE") {
			t.Errorf("the browser got %d, %s", status, page)
		}
	})
	if err != nil || got.Access == "" || got.Refresh == "" || !got.Expires.Equal(fixed().Add(time.Hour)) {
		t.Fatalf("got %+v, %v", got, err)
	}
	if sent := s.requests[0]; sent.Get("resource") != "https://api.test/" || len(sent.Get("code_verifier")) < 43 {
		t.Errorf("sent %v", sent)
	}
	checkClosed(t, redirect)
}

// checkClosed says that nobody listens at a redirect URI any more.
func checkClosed(t *testing.T, redirect string) {
	t.Helper()
	u, err := url.Parse(redirect)
	if err != nil {
		t.Fatal(err)
	}
	if conn, err := net.Dial("tcp", u.Host); err == nil {
		conn.Close()
		t.Errorf("%s is still listened at", u.Host)
	}
}

func TestCodePublicClient(t *testing.T) {
	s := newAuthServer(t)
	c := s.config(GrantCode)
	c.ClientID, c.ClientSecret = "public", ""
	if got, err := login(t, c, func(a string) { browse(t, a) }); err != nil || got.Access == "" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestCodeDenied(t *testing.T) {
	s := newAuthServer(t)
	s.deny = true
	_, err := login(t, s.config(GrantCode), func(a string) {
		if status, page := browse(t, a); status != 200 || !strings.Contains(page, "did not grant") {
			t.Errorf("the browser got %d, %s", status, page)
		}
	})
	want := "authorization endpoint: access_denied: no\uFFFD[31m such luck"
	if err == nil || err.Error() != want || len(s.requests) != 0 {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestCodeIssuer is the mix-up of two servers: the answer of one is never sent
// to the other.
func TestCodeIssuer(t *testing.T) {
	for _, tt := range []struct {
		issuer           string
		required, absent bool
		want             string
	}{
		{"https://other.test", false, false, "not from https://other.test"},
		{"https://other.test", false, true, ""},
		{"https://other.test", true, true, "does not name its issuer"},
		{"", false, false, ""},
	} {
		s := newAuthServer(t)
		s.omitIss = tt.absent
		c := s.config(GrantCode)
		c.Issuer, c.RequireIss = tt.issuer, tt.required
		_, err := login(t, c, func(a string) { browse(t, a) })
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || len(s.requests) != 0) {
			t.Errorf("%+v: got %v", tt, err)
		}
	}
}

// TestCodeStrangeVisits has everything come in that is not the answer; the
// login goes on until that is there.
func TestCodeStrangeVisits(t *testing.T) {
	s := newAuthServer(t)
	got, err := login(t, s.config(GrantCode), func(address string) {
		redirect, state := callback(t, address)
		host := strings.TrimSuffix(strings.TrimPrefix(redirect, "http://"), callbackPath)
		for range 3 { // connections a browser keeps for later
			idle, err := net.Dial("tcp", host)
			if err != nil {
				t.Error(err)
				return
			}
			defer idle.Close()
		}
		for _, v := range []struct {
			target string
			want   int
		}{
			{"http://" + host + "/favicon.ico", 404},
			{"http://" + host + "/", 404},
			{redirect, 400},
			{redirect + "?code=EVIL", 400},
			{redirect + "?code=EVIL&state=", 400},
			{redirect + "?code=EVIL&state=" + state + "x", 400},
			{redirect + "?code=EVIL&state=" + strings.ToLower(state), 400},
			{redirect + "?error=access_denied&state=wrong", 400},
			{redirect + "?code=EVIL&code=EVIL&state=" + state, 400},
			{redirect + "?code=EVIL&state=wrong&state=" + state, 400},
			{redirect + "?state=" + state, 400},
			{redirect + "?code=EVIL;&state=" + state, 400},
			{redirect + "/more?code=EVIL&state=" + state, 404},
			{redirect + "?code=EVIL&pad=" + strings.Repeat("x", mostHead) + "&state=" + state, 431},
		} {
			if status, page := browse(t, v.target); status != v.want || strings.Contains(page, "EVIL") {
				t.Errorf("%.100s: got %d, want %d; %s", v.target, status, v.want, page)
			}
		}
		resp, err := http.PostForm(redirect+"?code=EVIL&state="+state, url.Values{"a": {"b"}})
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode != 405 {
				t.Errorf("POST: got %d, want 405", resp.StatusCode)
			}
		}
		if status, _ := browse(t, address); status != 200 {
			t.Errorf("the answer: got %d, want 200", status)
		}
	})
	if err != nil || got.Access == "" || len(s.requests) != 1 {
		t.Errorf("got %+v, %v after %d token requests", got, err, len(s.requests))
	}
}

// TestCodeTwoVisits sends the same answer many times; it counts once.
func TestCodeTwoVisits(t *testing.T) {
	s := newAuthServer(t)
	got, err := login(t, s.config(GrantCode), func(address string) {
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		resp, err := client.Get(address)
		if err != nil {
			t.Error(err)
			return
		}
		resp.Body.Close()
		var mu sync.Mutex
		accepted := 0
		var tabs sync.WaitGroup
		for range 8 {
			tabs.Go(func() {
				if status, _ := browse(t, resp.Header.Get("Location")); status == 200 {
					mu.Lock()
					defer mu.Unlock()
					accepted++
				}
			})
		}
		tabs.Wait()
		if accepted != 1 {
			t.Errorf("%d visits were accepted, want 1", accepted)
		}
	})
	if err != nil || got.Access == "" || len(s.requests) != 1 {
		t.Errorf("got %+v, %v after %d token requests", got, err, len(s.requests))
	}
}

// TestCodeCanceled ends a login nobody answers, with a connection open.
func TestCodeCanceled(t *testing.T) {
	s := newAuthServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var redirect string
	_, err := s.config(GrantCode).Code(ctx, overNetwork(t), fixed, func(address string) {
		redirect, _ = callback(t, address)
		u, _ := url.Parse(redirect)
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { conn.Close() })
		cancel()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	checkClosed(t, redirect)
}

// TestListenerEndsVisits closes while a visitor says nothing, who would have an
// hour.
func TestListenerEndsVisits(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := attend(t.Context(), ln, "state", time.Hour)
	silent, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if status, _ := browse(t, "http://"+ln.Addr().String()+"/elsewhere"); status != 404 { // accepted after the silent one
		t.Errorf("got %d, want 404", status)
	}
	closed := make(chan struct{})
	go func() { l.close(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(time.Minute): // never, not late
		t.Fatal("close waits for a silent visitor")
	}
	checkClosed(t, l.redirect)
}

func TestListenerOutOfTime(t *testing.T) {
	l, err := listen(t.Context(), "state")
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	browse(t, l.redirect+"?code=x&state=wrong")
	_, err = l.wait(t.Context(), time.Millisecond)
	want := "authorization endpoint: no answer came through the browser in time, only 1 that did not belong to this login"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestListenerGone has the listener end by itself.
func TestListenerGone(t *testing.T) {
	l, err := listen(t.Context(), "state")
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	l.net.Close()
	if _, err := l.wait(t.Context(), time.Minute); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

// TestChallenge is the example of RFC 7636 appendix B.
func TestChallenge(t *testing.T) {
	const want = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	if got := challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if a, b := newVerifier(), newVerifier(); a == b || len(a) != 43 {
		t.Errorf("got %s and %s", a, b)
	}
}

func TestCodeWrongURL(t *testing.T) {
	c := Config{Grant: GrantCode, ClientID: "id", AuthURL: "http://as.test/", TokenURL: "https://as.test/"}
	_, err := c.Code(t.Context(), nil, fixed, func(string) { t.Error("a browser was sent there") })
	if err == nil {
		t.Error("no error")
	}
}
