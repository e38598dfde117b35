package practice

import (
	"net/http"
	"net/url"
	"time"
)

// profile is what an account in use may change about itself.
type profile struct {
	name    *string // nil is null
	bio     *string
	updated time.Time
}

// owner is the short form of a user, inside other answers.
type owner struct {
	Login   string `json:"login"`
	ID      int64  `json:"id"`
	Type    string `json:"type"`
	URL     string `json:"url"`
	HTMLURL string `json:"html_url"`
}

// user is an account as everybody sees it.
type user struct {
	owner
	AvatarURL   string  `json:"avatar_url"`
	ReposURL    string  `json:"repos_url"`
	Name        *string `json:"name"`
	Bio         *string `json:"bio"`
	Location    *string `json:"location"`
	PublicRepos int     `json:"public_repos"`
	Followers   int     `json:"followers"`
	Following   int     `json:"following"`
	CreatedAt   string  `json:"created_at"`
	UpdatedAt   string  `json:"updated_at"`
}

// ownUser is what the account sees of itself.
type ownUser struct {
	user
	PrivateRepos int `json:"total_private_repos"`
}

func ownerOf(login, base string) owner {
	return owner{
		Login:   login,
		ID:      accountOf(login).id(),
		Type:    "User",
		URL:     base + "/users/" + url.PathEscape(login),
		HTMLURL: page(base, login),
	}
}

// page is the address of the web page about something.
func page(base, of string) string { return base + "/html?of=" + url.QueryEscape(of) }

// meet remembers a login as an account in use. The caller holds s.mu.
func (s *Server) meet(login string) {
	if _, known := s.state.profiles[login]; login != "" && !known {
		a := accountOf(login)
		s.state.profiles[login] = profile{
			name:    optional(a.name),
			bio:     optional(a.bio),
			updated: a.born().AddDate(2, 0, 0),
		}
	}
}

// optional is nil for no text.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// known finds the account of a login that always exists or has been used.
func (s *Server) known(login string) (account, bool) {
	for _, a := range accounts() {
		if a.login == login {
			return a, true
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, used := s.state.profiles[login]
	return accountOf(login), used
}

func (s *Server) userOf(a account, base string) user {
	s.mu.Lock()
	s.meet(a.login)
	p := s.state.profiles[a.login]
	s.mu.Unlock()
	o := ownerOf(a.login, base)
	n := number(a.login)
	return user{
		owner:       o,
		AvatarURL:   base + "/png?of=" + url.QueryEscape(a.login),
		ReposURL:    o.URL + "/repos",
		Name:        p.name,
		Bio:         p.bio,
		Location:    optional(a.location),
		PublicRepos: a.public(),
		Followers:   int(n % 211),
		Following:   int(n % 37),
		CreatedAt:   stamp(a.born()),
		UpdatedAt:   stamp(p.updated),
	}
}

func (s *Server) showUser(w http.ResponseWriter, r *http.Request, login string) {
	a := accountOf(login)
	s.reply(w, r, http.StatusOK, ownUser{s.userOf(a, s.base(r)), a.repos - a.public()})
}

func (s *Server) showAccount(w http.ResponseWriter, r *http.Request, _ string) {
	a, ok := s.known(r.PathValue("login"))
	if !ok {
		s.notFound(w, r)
		return
	}
	s.reply(w, r, http.StatusOK, s.userOf(a, s.base(r)))
}

func (s *Server) changeUser(w http.ResponseWriter, r *http.Request, login string) {
	body, ok := s.object(w, r)
	if !ok {
		return
	}
	f := fields{resource: "User", body: body}
	name, bio := f.text("name"), f.text("bio")
	if len(f.faults) > 0 {
		s.invalid(w, r, f.faults...)
		return
	}
	s.mu.Lock()
	p := s.state.profiles[login]
	if name.given {
		p.name = name.value
	}
	if bio.given {
		p.bio = bio.value
	}
	p.updated = s.now()
	s.state.profiles[login] = p
	s.mu.Unlock()
	s.showUser(w, r, login)
}

// indexEntry is one line of the index: a name and a URL template.
type indexEntry struct{ name, path string }

func indexEntries() []indexEntry {
	return []indexEntry{
		{"current_user_url", "/user"},
		{"current_user_repositories_url", "/user/repos{?type,visibility,sort,direction,page,per_page}"},
		{"user_url", "/users/{login}"},
		{"user_repositories_url", "/users/{login}/repos{?type,sort,direction,page,per_page}"},
		{"repository_url", "/repos/{owner}/{repo}"},
		{"issues_url", "/repos/{owner}/{repo}/issues{?state,page,per_page}"},
		{"issue_url", "/repos/{owner}/{repo}/issues/{number}"},
		{"login_url", "/login"},
		{"private_url", "/private"},
		{"digest_url", "/digest-auth{?algorithm,qop,stale,password}"},
		{"api_key_url", "/api-key"},
		{"oauth_url", "/.well-known/oauth-authorization-server"},
		{"echo_url", "/echo"},
		{"events_url", "/events{?n,every}"},
		{"flaky_url", "/flaky"},
		{"limited_url", "/limited"},
		{"away_url", "/away"},
		{"slow_url", "/slow{?seconds}"},
		{"drop_url", "/drop/idle"},
		{"description_url", "/openapi.json"},
	}
}

// index answers with the entries as one object in their order, and with where
// the same API is to be had over TLS.
func (s *Server) index(w http.ResponseWriter, r *http.Request, _ string) {
	base := s.base(r)
	b := []byte{'{'}
	for i, e := range indexEntries() {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, encode(e.name)...)
		b = append(b, ':')
		b = append(b, encode(base+e.path)...)
	}
	b = append(b, `,"tls":`...)
	b = append(b, encode(s.tlsURL)...)
	s.reply(w, r, http.StatusOK, raw(append(b, '}')))
}
