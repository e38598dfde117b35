package practice

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// repository is one repository as the API shows it.
type repository struct {
	ID            int64    `json:"id"`
	Name          string   `json:"name"`
	FullName      string   `json:"full_name"`
	Private       bool     `json:"private"`
	Owner         owner    `json:"owner"`
	URL           string   `json:"url"`
	HTMLURL       string   `json:"html_url"`
	IssuesURL     string   `json:"issues_url"`
	Description   *string  `json:"description"`
	Fork          bool     `json:"fork"`
	Language      *string  `json:"language"`
	Stars         int      `json:"stargazers_count"`
	Forks         int      `json:"forks_count"`
	OpenIssues    int      `json:"open_issues_count"`
	Size          int      `json:"size"`
	Topics        []string `json:"topics"`
	License       *license `json:"license"`
	DefaultBranch string   `json:"default_branch"`
	Visibility    string   `json:"visibility"`
	Archived      bool     `json:"archived"`
	CreatedAt     string   `json:"created_at"`
	UpdatedAt     string   `json:"updated_at"`
}

type license struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// repositoryOf is the i-th repository of an account.
func (s *Server) repositoryOf(a account, i int, base string) repository {
	name := a.nameOf(i)
	address := base + "/repos/" + url.PathEscape(a.login) + "/" + name
	full := a.login + "/" + name
	n := number(name)
	created := a.born().AddDate(0, 0, 13*i)
	r := repository{
		ID:            a.repositoryID(i),
		Name:          name,
		FullName:      full,
		Private:       a.private(i),
		Owner:         ownerOf(a.login, base),
		URL:           address,
		HTMLURL:       page(base, full),
		IssuesURL:     address + "/issues{/number}",
		Description:   describe(name),
		Fork:          i%7 == 3,
		Language:      optional(pick(n, "Go", "Python", "Rust", "TypeScript", "C", "Shell", "")),
		Stars:         int(n>>8) % 900,
		Forks:         int(n>>16) % 60,
		OpenIssues:    s.openIssues(a, i),
		Size:          int(n % 40_000),
		Topics:        topics(name),
		License:       pick(n>>4, &license{"mit", "MIT License"}, &license{"isc", "ISC License"}, nil),
		DefaultBranch: "main",
		Visibility:    "public",
		Archived:      i%17 == 16,
		CreatedAt:     stamp(created),
		UpdatedAt:     stamp(created.AddDate(0, 0, int(n%700)).Add(hours(n))),
	}
	if r.Private {
		r.Visibility = "private"
	}
	if i == 0 {
		r.Stars = 80
	}
	return r
}

// describe invents what a repository is for; nil for those without a word.
func describe(name string) *string {
	if name == "hello-world" {
		return optional("The first repository of everybody")
	}
	thing := strings.ReplaceAll(name, "-", " ")
	return optional(pick(number(name)>>3,
		"Everything a "+thing+" needs, and a little more",
		"A "+thing+" in under 500 lines",
		"Notes & experiments: "+thing,
		"",
		thing+" für Möwen · 海鳥のための道具 🐦",
		"Yet another "+thing+"; <b>not</b> \"production ready\"",
	))
}

func topics(name string) []string {
	if name == "hello-world" {
		return []string{"example", "practice"}
	}
	return strings.Split(name, "-")
}

// visible is the repositories of an account that viewer may see.
func (s *Server) visible(a account, viewer, base string) []repository {
	var list []repository
	for i := range a.repos {
		if viewer == a.login || !a.private(i) {
			list = append(list, s.repositoryOf(a, i, base))
		}
	}
	return list
}

func (s *Server) ownRepositories(w http.ResponseWriter, r *http.Request, login string) {
	s.listRepositories(w, r, accountOf(login), login)
}

func (s *Server) accountRepositories(w http.ResponseWriter, r *http.Request, _ string) {
	a, ok := s.known(r.PathValue("login"))
	if !ok {
		s.notFound(w, r)
		return
	}
	s.listRepositories(w, r, a, "")
}

// listRepositories answers with the repositories of a that viewer may see,
// chosen and sorted as the query says.
func (s *Server) listRepositories(w http.ResponseWriter, r *http.Request, a account, viewer string) {
	q := r.URL.Query()
	f := fields{resource: "Repository"}
	visibility := f.choice(q, "visibility", "all", "public", "private")
	kind := f.choice(q, "type", "all", "owner", "forks", "sources")
	sort := f.choice(q, "sort", "", "full_name", "created", "updated", "stars")
	direction := f.choice(q, "direction", "", "asc", "desc")
	if len(f.faults) > 0 {
		s.invalid(w, r, f.faults...)
		return
	}
	list := slices.DeleteFunc(s.visible(a, viewer, s.base(r)), func(x repository) bool {
		return visibility != "all" && x.Visibility != visibility ||
			kind == "forks" && !x.Fork || kind == "sources" && x.Fork
	})
	sortRepositories(list, sort, direction)
	paginate(s, w, r, list)
}

// sortRepositories sorts by names upwards and by the rest downwards, unless a
// direction is given. Without a key the list stays as it is.
func sortRepositories(list []repository, key, direction string) {
	sign := -1
	if direction == "asc" || direction == "" && key == "full_name" {
		sign = 1
	}
	slices.SortStableFunc(list, func(a, b repository) int {
		switch key {
		case "full_name":
			return sign * strings.Compare(a.FullName, b.FullName)
		case "created":
			return sign * strings.Compare(a.CreatedAt, b.CreatedAt)
		case "updated":
			return sign * strings.Compare(a.UpdatedAt, b.UpdatedAt)
		case "stars":
			return sign * cmp.Compare(a.Stars, b.Stars)
		}
		return 0
	})
}

// find gives the repository that the path of r names, if login may see it.
func (s *Server) find(r *http.Request, login string) (a account, i int, ok bool) {
	a, ok = s.known(r.PathValue("owner"))
	if !ok {
		return a, 0, false
	}
	i = a.indexOf(r.PathValue("repo"))
	return a, i, i >= 0 && (login == a.login || !a.private(i))
}

func (s *Server) showRepository(w http.ResponseWriter, r *http.Request, login string) {
	a, i, ok := s.find(r, login)
	if !ok {
		s.notFound(w, r)
		return
	}
	s.reply(w, r, http.StatusOK, s.repositoryOf(a, i, s.base(r)))
}
