package practice

import (
	"net/http"
	"slices"
	"strconv"
)

func (s *Server) listIssues(w http.ResponseWriter, r *http.Request, login string) {
	a, i, ok := s.find(r, login)
	if !ok {
		s.notFound(w, r)
		return
	}
	f := fields{resource: "Issue"}
	state := f.choice(r.URL.Query(), "state", "open", "closed", "all")
	if len(f.faults) > 0 {
		s.invalid(w, r, f.faults...)
		return
	}
	list := []issueAnswer{}
	s.mu.Lock()
	for _, x := range slices.Backward(s.trackerOf(a, i).issues) {
		if state == "all" || x.closed.IsZero() == (state == "open") {
			list = append(list, answerOf(*x, a, i, s.base(r)))
		}
	}
	s.mu.Unlock()
	paginate(s, w, r, list)
}

// withIssue calls do with the issue that the path names, under s.mu, and
// answers 404 if there is none. What do returns is the answer's status; the
// answer is made of the issue as do left it.
func (s *Server) withIssue(w http.ResponseWriter, r *http.Request, login string, do func(t *tracker, x *issue, a account) int) {
	a, i, ok := s.find(r, login)
	if !ok {
		s.notFound(w, r)
		return
	}
	s.mu.Lock()
	t := s.trackerOf(a, i)
	status, at := http.StatusNotFound, slices.IndexFunc(t.issues, func(x *issue) bool {
		return strconv.Itoa(x.number) == r.PathValue("number")
	})
	var x issue
	if at >= 0 {
		kept := t.issues[at]
		status = do(t, kept, a)
		x = *kept
	}
	s.mu.Unlock()
	switch status {
	case http.StatusOK:
		s.reply(w, r, status, answerOf(x, a, i, s.base(r)))
	case http.StatusNoContent:
		w.WriteHeader(status)
	case http.StatusForbidden:
		s.problem(w, r, status, "Only the author and the owner may change this issue")
	default:
		s.notFound(w, r)
	}
}

func (s *Server) showIssue(w http.ResponseWriter, r *http.Request, login string) {
	s.withIssue(w, r, login, func(*tracker, *issue, account) int { return http.StatusOK })
}

func (s *Server) deleteIssue(w http.ResponseWriter, r *http.Request, login string) {
	s.withIssue(w, r, login, func(t *tracker, x *issue, a account) int {
		if login != x.author && login != a.login {
			return http.StatusForbidden
		}
		t.issues = slices.DeleteFunc(t.issues, func(y *issue) bool { return y == x })
		return http.StatusNoContent
	})
}

func (s *Server) changeIssue(w http.ResponseWriter, r *http.Request, login string) {
	body, ok := s.object(w, r)
	if !ok {
		return
	}
	f := fields{resource: "Issue", body: body}
	var title string
	if _, given := body["title"]; given {
		title = f.required("title")
	}
	text, labels, state := f.text("body"), f.list("labels"), f.oneOf("state", "open", "closed")
	if len(f.faults) > 0 {
		s.invalid(w, r, f.faults...)
		return
	}
	s.withIssue(w, r, login, func(_ *tracker, x *issue, a account) int {
		if login != x.author && login != a.login {
			return http.StatusForbidden
		}
		if title != "" {
			x.title = title
		}
		if text.given {
			x.body = text.value
		}
		if labels != nil {
			x.labels = labels
		}
		x.updated = s.now()
		x.setState(state, x.updated)
		return http.StatusOK
	})
}

func (s *Server) createIssue(w http.ResponseWriter, r *http.Request, login string) {
	a, i, ok := s.find(r, login)
	if !ok {
		s.notFound(w, r)
		return
	}
	body, ok := s.object(w, r)
	if !ok {
		return
	}
	f := fields{resource: "Issue", body: body}
	x := issue{
		title: f.required("title"), body: f.text("body").value, labels: f.list("labels"),
		author: login, created: s.now(),
	}
	if len(f.faults) > 0 {
		s.invalid(w, r, f.faults...)
		return
	}
	x.updated = x.created
	s.mu.Lock()
	t := s.trackerOf(a, i)
	t.last++
	x.number = t.last
	kept := x
	t.issues = append(t.issues, &kept)
	s.mu.Unlock()
	out := answerOf(x, a, i, s.base(r))
	w.Header().Set("Location", out.URL)
	s.reply(w, r, http.StatusCreated, out)
}
