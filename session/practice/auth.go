package practice

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// credentials is what an Authorization header amounts to.
type credentials int

const (
	noCredentials credentials = iota
	badCredentials
	expiredToken // issued here, once
	unknownToken // looks issued here, and is not or no longer good
	goodCredentials
)

// wrong is the one password and the one token that open nothing.
const wrong = "wrong"

// authenticate reads the Authorization header (RFC 7617, RFC 6750). The login
// is empty unless the credentials are good.
func (s *Server) authenticate(r *http.Request) (login string, c credentials) {
	if r.Header.Get("Authorization") == "" {
		return "", noCredentials
	}
	if user, password, ok := r.BasicAuth(); ok {
		if user == "" || password == wrong {
			return "", badCredentials
		}
		return user, goodCredentials
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, "token") ||
		token == "" || token == wrong {
		return "", badCredentials
	}
	if strings.HasPrefix(token, accessPrefix) {
		return s.issued(token)
	}
	if name, ok := strings.CutSuffix(token, "-token"); ok && name != "" {
		return name, goodCredentials
	}
	return mainLogin, goodCredentials
}

// loginHandler answers a request of login, which is empty for nobody.
type loginHandler func(w http.ResponseWriter, r *http.Request, login string)

// resource makes the handler of something anybody may see. Credentials are not
// needed, but bad ones are refused.
func (s *Server) resource(h loginHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		login, c := s.authenticate(r)
		s.meter(w.Header(), login)
		switch c {
		case badCredentials:
			s.unauthorized(w, r, "Bad credentials")
		case expiredToken:
			s.invalidToken(w, r, "The access token expired")
		case unknownToken:
			s.invalidToken(w, r, "The access token is not valid")
		default:
			h(w, r, login)
		}
	}
}

// member makes the handler of something that wants a login.
func (s *Server) member(h loginHandler) http.HandlerFunc {
	return s.resource(func(w http.ResponseWriter, r *http.Request, login string) {
		if login == "" {
			s.unauthorized(w, r, "Requires authentication")
			return
		}
		h(w, r, login)
	})
}

// unauthorized answers 401. The header is put in with its usual spelling, which
// Header.Set would turn into Www-Authenticate.
func (s *Server) unauthorized(w http.ResponseWriter, r *http.Request, message string) {
	w.Header()["WWW-Authenticate"] = []string{`Basic realm="practice"`}
	s.problem(w, r, http.StatusUnauthorized, message)
}

// invalidToken answers 401 as RFC 6750, section 3.1, has it.
func (s *Server) invalidToken(w http.ResponseWriter, r *http.Request, message string) {
	w.Header()["WWW-Authenticate"] = []string{
		`Bearer realm="practice", error="invalid_token", error_description="` + message + `"`}
	s.problem(w, r, http.StatusUnauthorized, message)
}

// apiKey wants a key in its own header or in the query. No challenge goes with
// a 401, as there is no scheme of the Authorization header for it.
func (s *Server) apiKey(w http.ResponseWriter, r *http.Request) {
	key, in := r.Header.Get("X-Api-Key"), "header"
	if key == "" {
		key, in = r.URL.Query().Get("api_key"), "query"
	}
	switch key {
	case "":
		s.problem(w, r, http.StatusUnauthorized, "Send a key as header X-Api-Key or parameter api_key")
	case wrong:
		s.problem(w, r, http.StatusUnauthorized, "Bad credentials")
	default:
		s.reply(w, r, http.StatusOK, struct {
			OK bool   `json:"ok"`
			In string `json:"in"`
		}{true, in})
	}
}

// bucket counts the requests of one login in the hour that ends at reset.
type bucket struct {
	used  int
	reset time.Time
}

// Requests per hour.
const (
	guestLimit  = 60
	memberLimit = 5000
)

// meter counts a request, remembers its login as an account in use, and tells
// both in the header.
func (s *Server) meter(h http.Header, login string) {
	limit := guestLimit
	if login != "" {
		limit = memberLimit
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.meet(login)
	now := s.now()
	b := s.state.buckets[login]
	if b == nil || !now.Before(b.reset) {
		b = &bucket{reset: now.Add(time.Hour)}
		s.state.buckets[login] = b
	}
	b.used++
	used := min(b.used, limit)
	s.state.requests++
	h["X-RateLimit-Limit"] = []string{strconv.Itoa(limit)}
	h["X-RateLimit-Remaining"] = []string{strconv.Itoa(limit - used)}
	h["X-RateLimit-Reset"] = []string{strconv.FormatInt(b.reset.Unix(), 10)}
	h["X-RateLimit-Resource"] = []string{"core"}
	h["X-RateLimit-Used"] = []string{strconv.Itoa(used)}
	h["X-Request-Id"] = []string{requestID(s.state.requests)}
}

// requestID gives the n-th request an id that looks like one and is the same
// in every run.
func requestID(n int) string {
	const hexDigits = "0123456789ABCDEF"
	var id [19]byte
	x := scramble(uint64(n))
	for i := range id {
		if i%5 == 4 {
			id[i] = ':'
			continue
		}
		id[i] = hexDigits[x&15]
		x >>= 4
	}
	return string(id[:])
}
