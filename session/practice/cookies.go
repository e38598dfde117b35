package practice

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strconv"
)

// Names of the cookies that a login sets, and of the header that proves that
// a request comes from a page which could read the second.
const (
	sessionCookie = "sid"
	csrfCookie    = "csrftoken"
	csrfHeader    = "X-CSRFToken"
)

// maxNotes is how many notes a session keeps, the oldest go first.
const maxNotes = 100

// visit is what the server knows of a logged-in browser.
type visit struct {
	user  string
	csrf  string
	notes []string
}

// members reads a body that is a form or a JSON object.
// If ok is false, the answer is given.
func (s *Server) members(w http.ResponseWriter, r *http.Request) (o map[string]raw, ok bool) {
	if mediaType(r) == "application/x-www-form-urlencoded" {
		return s.form(w, r)
	}
	return s.object(w, r)
}

// form reads a urlencoded body as if it were a JSON object of strings.
func (s *Server) form(w http.ResponseWriter, r *http.Request) (o map[string]raw, ok bool) {
	body, ok := s.payload(w, r)
	if !ok {
		return nil, false
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		s.problem(w, r, http.StatusBadRequest, "Problems parsing form")
		return nil, false
	}
	o = make(map[string]raw, len(values))
	for name := range values {
		o[name] = encode(values.Get(name))
	}
	return o, true
}

// login makes a session. Its values are numbered, not random, so that what is
// recorded from a lesson is the same each time; they guard invented data on a
// loopback port.
func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	body, ok := s.members(w, r)
	if !ok {
		return
	}
	f := fields{resource: "Login", body: body}
	name, password := f.required("user"), f.text("password").value
	if len(f.faults) > 0 {
		s.invalid(w, r, f.faults...)
		return
	}
	if password != nil && *password == wrong {
		s.problem(w, r, http.StatusUnauthorized, "Bad credentials")
		return
	}
	s.mu.Lock()
	s.meet(name)
	s.state.logins++
	id := serial("s", s.state.logins)
	v := &visit{user: name, csrf: serial("c", s.state.logins)}
	s.state.sessions[id] = v
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	http.SetCookie(w, &http.Cookie{Name: csrfCookie, Value: v.csrf, Path: "/", SameSite: http.SameSiteLaxMode})
	s.reply(w, r, http.StatusOK, struct {
		OK    bool   `json:"ok"`
		User  string `json:"user"`
		Token string `json:"token"`
	}{true, name, name + "-token"})
}

// serial is the n-th value of a kind.
func serial(kind string, n int) string {
	return kind + strconv.FormatUint(scramble(uint64(n)<<8|uint64(kind[0])), 36)
}

// visitOf finds the session of a request by its cookie and calls do with it
// under s.mu. Without a session it answers 401 and returns false; no challenge
// goes with it, as no scheme of the Authorization header would help.
func (s *Server) visitOf(w http.ResponseWriter, r *http.Request, do func(v *visit)) bool {
	s.mu.Lock()
	var v *visit
	for _, c := range r.CookiesNamed(sessionCookie) {
		if found := s.state.sessions[c.Value]; found != nil {
			v = found
			break
		}
	}
	if v != nil {
		do(v)
	}
	s.mu.Unlock()
	if v == nil {
		s.problem(w, r, http.StatusUnauthorized, "Log in first: POST /login")
	}
	return v != nil
}

func (s *Server) private(w http.ResponseWriter, r *http.Request) {
	var answer struct {
		User  string   `json:"user"`
		Notes []string `json:"notes"`
	}
	answer.Notes = []string{}
	if s.visitOf(w, r, func(v *visit) {
		answer.User = v.user
		answer.Notes = append(answer.Notes, v.notes...)
	}) {
		s.reply(w, r, http.StatusOK, answer)
	}
}

// addNote wants the double-submitted token: header and cookie equal, and both
// of this session.
func (s *Server) addNote(w http.ResponseWriter, r *http.Request) {
	var csrf string
	if !s.visitOf(w, r, func(v *visit) { csrf = v.csrf }) {
		return
	}
	c, err := r.Cookie(csrfCookie)
	sent := r.Header.Get(csrfHeader)
	if err != nil || c.Value != csrf || subtle.ConstantTimeCompare([]byte(sent), []byte(csrf)) != 1 {
		s.problem(w, r, http.StatusForbidden, "CSRF check: send the cookie csrftoken as header X-CSRFToken too")
		return
	}
	body, ok := s.members(w, r)
	if !ok {
		return
	}
	f := fields{resource: "Note", body: body}
	note := f.required("note")
	if len(f.faults) > 0 {
		s.invalid(w, r, f.faults...)
		return
	}
	count := 0
	if s.visitOf(w, r, func(v *visit) {
		v.notes = append(v.notes, note)
		v.notes = v.notes[max(0, len(v.notes)-maxNotes):]
		count = len(v.notes)
	}) {
		s.reply(w, r, http.StatusCreated, struct {
			Note  string `json:"note"`
			Notes int    `json:"notes"`
		}{note, count})
	}
}

// logout forgets the session, if there is one, and takes the cookies back.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	for _, c := range r.CookiesNamed(sessionCookie) {
		delete(s.state.sessions, c.Value)
	}
	s.mu.Unlock()
	for _, name := range []string{sessionCookie, csrfCookie} {
		http.SetCookie(w, &http.Cookie{
			Name: name, Path: "/", MaxAge: -1, HttpOnly: name == sessionCookie, SameSite: http.SameSiteLaxMode,
		})
	}
	s.reply(w, r, http.StatusOK, raw(`{"ok":true}`))
}
