package practice

import (
	"net/url"
	"strconv"
	"time"
)

// issue is one issue of a repository.
type issue struct {
	number  int
	title   string
	body    *string
	author  string
	labels  []string
	closed  time.Time // zero while it is open
	created time.Time
	updated time.Time
}

// tracker is the issues of one repository, newest last.
type tracker struct {
	last   int // the highest number ever given
	issues []*issue
}

// seeds counts the issues that the i-th repository of an account begins with.
func (a account) seeds(i int) int {
	if i == 0 {
		return 35 // more than a page
	}
	return int(number(a.nameOf(i))>>5) % 6
}

// trackerOf is the issues of a repository, made up the first time. The caller
// holds s.mu.
func (s *Server) trackerOf(a account, i int) *tracker {
	name := a.login + "/" + a.nameOf(i)
	t := s.state.trackers[name]
	if t == nil {
		t = &tracker{}
		for range a.seeds(i) {
			t.seed(a, i)
		}
		s.state.trackers[name] = t
	}
	return t
}

// seed adds an invented issue.
func (t *tracker) seed(a account, i int) {
	t.last++
	n := number(a.nameOf(i) + strconv.Itoa(t.last))
	some := accounts()
	x := &issue{
		number: t.last,
		title: pick(n, "Start-up is slow on Tuesdays", "Typo in the manual", "Please add a dark mode",
			"Crash with an empty file", "Ünïcode in names", "Question: why is it called that?") +
			" (" + strconv.Itoa(t.last) + ")",
		body:    optional(pick(n>>3, "Steps:\n1. open it\n2. wait\n\nIt should not do that.", "", "See the title.")),
		author:  some[n>>6%uint32(len(some))].login,
		labels:  pick(n>>9, []string{"bug"}, []string{}, []string{"question", "help wanted"}),
		created: a.born().AddDate(1, 0, 13*i+t.last),
	}
	x.updated = x.created.Add(hours(n))
	if t.last%3 == 0 {
		x.closed = x.updated
	}
	t.issues = append(t.issues, x)
}

// hours is an invented span of up to ten days.
func hours(n uint32) time.Duration { return time.Duration(n%240) * time.Hour }

// openIssues counts the open issues of a repository.
func (s *Server) openIssues(a account, i int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, x := range s.trackerOf(a, i).issues {
		if x.closed.IsZero() {
			n++
		}
	}
	return n
}

// issueAnswer is an issue as the API shows it.
type issueAnswer struct {
	ID            int64   `json:"id"`
	Number        int     `json:"number"`
	Title         string  `json:"title"`
	State         string  `json:"state"`
	Body          *string `json:"body"`
	User          owner   `json:"user"`
	Labels        []label `json:"labels"`
	URL           string  `json:"url"`
	RepositoryURL string  `json:"repository_url"`
	CreatedAt     string  `json:"created_at"`
	UpdatedAt     string  `json:"updated_at"`
	ClosedAt      *string `json:"closed_at"`
}

type label struct {
	Name  string `json:"name"`
	Color string `json:"color"`
}

func answerOf(x issue, a account, i int, base string) issueAnswer {
	repo := base + "/repos/" + url.PathEscape(a.login) + "/" + a.nameOf(i)
	out := issueAnswer{
		ID:            (a.id()<<8+int64(i))<<20 + int64(x.number),
		Number:        x.number,
		Title:         x.title,
		State:         "open",
		Body:          x.body,
		User:          ownerOf(x.author, base),
		Labels:        []label{},
		URL:           repo + "/issues/" + strconv.Itoa(x.number),
		RepositoryURL: repo,
		CreatedAt:     stamp(x.created),
		UpdatedAt:     stamp(x.updated),
	}
	if !x.closed.IsZero() {
		out.State = "closed"
		out.ClosedAt = optional(stamp(x.closed))
	}
	for _, name := range x.labels {
		color := strconv.FormatUint(uint64(number(name)&0xFFFFFF|0x1000000), 16)[1:]
		out.Labels = append(out.Labels, label{name, color})
	}
	return out
}

// setState opens or closes the issue; "" leaves it as it is.
func (x *issue) setState(state string, now time.Time) {
	switch {
	case state == "open":
		x.closed = time.Time{}
	case state == "closed" && x.closed.IsZero():
		x.closed = now
	}
}
