package practice

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// anyMethod stands in a route for every method, OPTIONS included.
const anyMethod = "*"

// A route is one method of one path. A segment {name} of the path matches any
// one segment, a last {name...} all that follow, none included.
type route struct {
	method string
	path   string
	serve  http.HandlerFunc
}

func (s *Server) table() []route {
	return slices.Concat(s.apiRoutes(), s.accessRoutes(), s.redirectRoutes(), s.faultRoutes(), s.formatRoutes())
}

func (s *Server) apiRoutes() []route {
	return []route{
		{"GET", "/", s.resource(s.index)},
		{"GET", "/openapi.json", s.description},
		{"GET", "/user", s.member(s.showUser)},
		{"PATCH", "/user", s.member(s.changeUser)},
		{"GET", "/user/repos", s.member(s.ownRepositories)},
		{"GET", "/users/{login}", s.resource(s.showAccount)},
		{"GET", "/users/{login}/repos", s.resource(s.accountRepositories)},
		{"GET", "/repos/{owner}/{repo}", s.resource(s.showRepository)},
		{"GET", "/repos/{owner}/{repo}/issues", s.resource(s.listIssues)},
		{"POST", "/repos/{owner}/{repo}/issues", s.member(s.createIssue)},
		{"GET", "/repos/{owner}/{repo}/issues/{number}", s.resource(s.showIssue)},
		{"PATCH", "/repos/{owner}/{repo}/issues/{number}", s.member(s.changeIssue)},
		{"DELETE", "/repos/{owner}/{repo}/issues/{number}", s.member(s.deleteIssue)},
		{"POST", "/login", s.login},
		{"POST", "/logout", s.logout},
		{"GET", "/private", s.private},
		{"POST", "/private/note", s.addNote},
	}
}

// accessRoutes are the ways to log in that need more than one request or a
// header of their own.
func (s *Server) accessRoutes() []route {
	return []route{
		{"GET", "/digest-auth", s.digest},
		{"POST", "/digest-auth", s.digest},
		{"GET", "/api-key", s.apiKey},
		{"GET", "/.well-known/oauth-authorization-server", s.metadata},
		{"GET", "/.well-known/openid-configuration", s.metadata},
		{"GET", "/oauth/authorize", s.authorize},
		{"POST", "/oauth/token", s.token},
		{"POST", "/oauth/device", s.device},
		{"GET", "/oauth/verify", s.verify},
	}
}

func (s *Server) redirectRoutes() []route {
	return []route{
		{anyMethod, "/redirect/{n}", s.redirectChain},
		{anyMethod, "/moved", s.redirect(http.StatusMovedPermanently, "/user")},
		{anyMethod, "/see-other", s.redirect(http.StatusSeeOther, "/user")},
		{anyMethod, "/temporary", s.redirect(http.StatusTemporaryRedirect, "/echo")},
		{anyMethod, "/permanent", s.redirect(http.StatusPermanentRedirect, "/echo")},
		{anyMethod, "/loop", s.redirect(http.StatusFound, "/loop")},
		{anyMethod, "/away", s.away},
	}
}

func (s *Server) faultRoutes() []route {
	return []route{
		{"GET", "/flaky", s.flaky},
		{"GET", "/limited", s.limited(limitedSeconds)},
		{"GET", "/limited/date", s.limited(limitedDate)},
		{anyMethod, "/drop/idle", s.dropIdle},
		{anyMethod, "/drop/read", s.dropRead},
		{"GET", "/drop/half", s.dropHalf},
		{"GET", "/slow", s.delayed},
		{"GET", "/drip", s.drip},
		{anyMethod, "/status/{code}", s.status},
	}
}

func (s *Server) formatRoutes() []route {
	return []route{
		{anyMethod, "/echo", s.echo},
		{anyMethod, "/echo/{rest...}", s.echo},
		{"GET", "/bytes/{n}", s.octets},
		{"GET", "/big", s.big},
		{"GET", "/events", s.events},
		{"GET", "/lines", s.lines},
		{"GET", "/gzip", s.gzip},
		{"GET", "/deflate", s.deflate},
		{"GET", "/br", s.precoded("br", brotliBody)},
		{"GET", "/zstd", s.precoded("zstd", zstdBody)},
		{"GET", "/xml", s.xml},
		{"GET", "/html", s.html},
		{"GET", "/png", s.png},
		{"GET", "/text", s.text},
		{"GET", "/latin1", s.latin1},
		{"GET", "/terminal", s.terminal},
		{"GET", "/terminal/json", s.terminalJSON},
	}
}

// dispatch finds the route of a request. It takes the place of http.ServeMux,
// which answers a path like /echo/a/../b with a redirect of its own before
// anybody could see how it was sent.
func (s *Server) dispatch(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet // net/http leaves the body out
	}
	for _, rt := range s.routes {
		if !rt.match(r) {
			continue
		}
		if rt.method == anyMethod || rt.method == method {
			rt.serve(w, r)
			return
		}
		allowed = append(allowed, rt.method)
		if rt.method == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
	}
	if allowed == nil {
		s.notFound(w, r)
		return
	}
	w.Header().Set("Allow", strings.Join(append(allowed, http.MethodOptions), ", "))
	if method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.problem(w, r, http.StatusMethodNotAllowed, "Method Not Allowed")
}

// match reports whether the path of r is that of the route, and if so hands the
// values of its {name} segments to r.
func (rt route) match(r *http.Request) bool {
	have, want := r.URL.EscapedPath(), rt.path
	type pair struct{ name, value string }
	var found [3]pair // no path has more names
	n := 0
	for {
		w, wantRest, wantMore := strings.Cut(want, "/")
		h, haveRest, haveMore := strings.Cut(have, "/")
		if strings.HasSuffix(w, "...}") {
			break
		}
		if name, ok := strings.CutPrefix(w, "{"); ok && h != "" {
			value, err := url.PathUnescape(h)
			if err != nil {
				return false
			}
			found[n] = pair{strings.TrimSuffix(name, "}"), value}
			n++
		} else if w != h {
			return false
		}
		if wantMore != haveMore {
			return false
		}
		if !wantMore {
			break
		}
		want, have = wantRest, haveRest
	}
	for _, p := range found[:n] {
		r.SetPathValue(p.name, p.value)
	}
	return true
}
