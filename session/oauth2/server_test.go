package oauth2

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	clientID     = "app one"
	clientSecret = "s3cr3t:with/odd+chars%"
)

// An authServer is an authorization server with one confidential client, one
// public one named "public", and all grants.
type authServer struct {
	URL string

	mu       sync.Mutex
	now      func() time.Time
	serial   int
	codes    map[string]url.Values // by code, the authorization request
	refresh  map[string]bool       // refresh tokens that are good
	rotate   bool                  // a refresh gives a new refresh token
	device   []string              // error codes for the next polls; then a token
	polls    []time.Time
	interval string       // as JSON; "" for 1
	requests []url.Values // of the token endpoint
	meta     map[string]any
	omitIss  bool
	deny     bool
}

func newAuthServer(t *testing.T) *authServer {
	t.Helper()
	s := &authServer{codes: map[string]url.Values{}, refresh: map[string]bool{}, now: time.Now, rotate: true}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

func (s *authServer) config(grant string) Config {
	return Config{
		Grant: grant, ClientID: clientID, ClientSecret: clientSecret, Scope: "read write",
		TokenURL: s.URL + "/token", AuthURL: s.URL + "/authorize?tenant=1", DeviceURL: s.URL + "/device",
	}
}

func (s *authServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Method + " " + r.URL.Path {
	case "POST /token":
		s.token(w, r)
	case "POST /device":
		if s.client(w, r) {
			reply(w, 200, map[string]any{
				"device_code": "DEVICECODE", "user_code": "WDJB-MJHT", "verification_uri": s.URL + "/verify",
				"verification_uri_complete": s.URL + "/verify?user_code=WDJB-MJHT", "expires_in": 60, "interval": json.RawMessage(cmp.Or(s.interval, "1")),
			})
		}
	case "GET /authorize":
		s.authorize(w, r)
	default:
		if m, ok := s.meta[r.URL.Path]; ok {
			reply(w, 200, m)
			return
		}
		http.NotFound(w, r)
	}
}

// client checks who asks, in both ways, and only one of them.
func (s *authServer) client(w http.ResponseWriter, r *http.Request) bool {
	id, secret := r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	if user, password, ok := r.BasicAuth(); ok {
		if secret != "" {
			refuse(w, 400, "invalid_request")
			return false
		}
		id, _ = url.QueryUnescape(user)
		secret, _ = url.QueryUnescape(password)
	}
	if id == clientID && secret == clientSecret || id == "public" && secret == "" {
		return true
	}
	w.Header().Set("WWW-Authenticate", "Basic")
	refuse(w, 401, "invalid_client")
	return false
}

func (s *authServer) token(w http.ResponseWriter, r *http.Request) {
	if !s.client(w, r) {
		return
	}
	s.requests = append(s.requests, r.PostForm)
	form := r.PostForm
	switch form.Get("grant_type") {
	case "client_credentials":
		s.issue(w, false)
	case "refresh_token":
		old := form.Get("refresh_token")
		if !s.refresh[old] {
			refuse(w, 400, "invalid_grant")
			return
		}
		if s.rotate {
			delete(s.refresh, old)
		}
		s.issue(w, s.rotate)
	case "authorization_code":
		asked, ok := s.codes[form.Get("code")]
		delete(s.codes, form.Get("code"))
		sum := sha256.Sum256([]byte(form.Get("code_verifier")))
		if !ok || asked.Get("redirect_uri") != form.Get("redirect_uri") ||
			asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
			refuse(w, 400, "invalid_grant")
			return
		}
		s.issue(w, true)
	case "urn:ietf:params:oauth:grant-type:device_code":
		s.polls = append(s.polls, s.now())
		if form.Get("device_code") != "DEVICECODE" {
			refuse(w, 400, "invalid_grant")
		} else if len(s.device) > 0 {
			code := s.device[0]
			s.device = s.device[1:]
			if code == "broken" {
				http.Error(w, "bad gateway", 502)
				return
			}
			refuse(w, 400, code)
		} else {
			s.issue(w, true)
		}
	default:
		refuse(w, 400, "unsupported_grant_type")
	}
}

func (s *authServer) issue(w http.ResponseWriter, refresh bool) {
	s.serial++
	n := strconv.Itoa(s.serial)
	m := map[string]any{"access_token": "ACCESS" + n, "token_type": "bearer", "expires_in": 3600}
	if refresh {
		m["refresh_token"] = "REFRESH" + n
		s.refresh["REFRESH"+n] = true
	}
	reply(w, 200, m)
}

func (s *authServer) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 ||
		q.Get("tenant") != "1" || len(q.Get("state")) < 22 || q.Get("scope") != "read write" {
		http.Error(w, "not as it should be: "+r.URL.RawQuery, 400)
		return
	}
	answer := url.Values{"state": {q.Get("state")}, "iss": {s.URL}}
	if s.omitIss {
		answer.Del("iss")
	}
	if s.deny {
		answer.Set("error", "access_denied")
		answer.Set("error_description", "no\x1b[31m such\nluck")
	} else {
		s.serial++
		code := "CODE" + strconv.Itoa(s.serial)
		s.codes[code] = q
		answer.Set("code", code)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+answer.Encode(), http.StatusFound)
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, status int, code string) {
	reply(w, status, map[string]any{"error": code})
}

// overNetwork is a Do made with net/http.
func overNetwork(t *testing.T) Do {
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return func(ctx context.Context, r Request) (Response, error) {
		resp, err := client.Do(httpRequest(ctx, t, r))
		if err != nil {
			return Response{}, err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return Response{Status: resp.StatusCode, Header: resp.Header.Get, Body: body}, err
	}
}

// direct is a Do that hands requests to a handler without a network between, as
// a bubble with a clock of its own needs it.
func direct(t *testing.T, h http.Handler) Do {
	return func(ctx context.Context, r Request) (Response, error) {
		if err := ctx.Err(); err != nil {
			return Response{}, err
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httpRequest(ctx, t, r))
		return Response{Status: w.Code, Header: w.Header().Get, Body: w.Body.Bytes()}, nil
	}
}

func httpRequest(ctx context.Context, t *testing.T, r Request) *http.Request {
	var body io.Reader
	if r.Form != nil {
		body = strings.NewReader(r.Form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, body)
	if err != nil {
		t.Error(err)
		return nil
	}
	for _, h := range r.Header {
		req.Header.Add(h[0], h[1])
	}
	if r.Form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return req
}

// answering is a Do over the network to a server that gives one answer.
func answering(t *testing.T, status int, kind, body string) (do Do, address string) {
	t.Helper()
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := body
		if r.ParseForm() == nil { // what a server may repeat
			for name, values := range r.PostForm {
				text = strings.ReplaceAll(text, "{"+name+"}", values[0])
				text = strings.ReplaceAll(text, "{%"+name+"}", url.QueryEscape(values[0]))
			}
			text = strings.ReplaceAll(text, "{basic}", strings.TrimPrefix(r.Header.Get("Authorization"), "Basic "))
		}
		w.Header()["Content-Type"] = nil
		if kind != "" {
			w.Header().Set("Content-Type", kind)
		}
		w.WriteHeader(status)
		io.Copy(w, bytes.NewBufferString(text))
	}))
	t.Cleanup(h.Close)
	return overNetwork(t), h.URL
}

// fixed is a clock that stands.
func fixed() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC) }
