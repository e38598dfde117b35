package practice

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Items on a page.
const (
	defaultPage = 30
	largestPage = 100
)

// choice reads the query parameter name, which must be one of values; the first
// of them if it is not given.
func (f *fields) choice(q url.Values, name string, values ...string) string {
	v := q.Get(name)
	if v == "" {
		return values[0]
	}
	if !slices.Contains(values, v) {
		f.fault(name, "invalid")
	}
	return v
}

// paginate answers with the page of list that the query asks for, and with the
// Link header (RFC 8288) that leads to the others. Numbers out of range do no
// harm: they become the nearest that makes sense, as is usual for such APIs.
func paginate[T any](s *Server, w http.ResponseWriter, r *http.Request, list []T) {
	q := r.URL.Query()
	size := min(positive(q.Get("per_page"), defaultPage), largestPage)
	number := positive(q.Get("page"), 1)
	last := max(1, (len(list)+size-1)/size)
	if links := pageLinks(s.base(r), r.URL, number, last); links != "" {
		w.Header().Set("Link", links)
	}
	items := []T{} // [], not null
	if number <= last {
		items = append(items, list[(number-1)*size:min(number*size, len(list))]...)
	}
	s.reply(w, r, http.StatusOK, items)
}

// positive reads a whole number from 1 up; def for anything else.
func positive(text string, def int) int {
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return n
	}
	return def
}

// pageLinks writes the relations that apply to page number of last.
func pageLinks(base string, u *url.URL, number, last int) string {
	var links []string
	add := func(rel string, n int) {
		links = append(links, "<"+base+withPage(u, n)+`>; rel="`+rel+`"`)
	}
	if number > 1 {
		add("prev", min(number-1, last))
	}
	if number < last {
		add("next", number+1)
		add("last", last)
	}
	if number > 1 {
		add("first", 1)
	}
	return strings.Join(links, ", ")
}

// withPage is the path and query of u with its page replaced, and the other
// parameters as they were sent.
func withPage(u *url.URL, n int) string {
	var query []string
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		if name, _, _ := strings.Cut(part, "="); part != "" && name != "page" {
			query = append(query, part)
		}
	}
	query = append(query, "page="+strconv.Itoa(n))
	raw := strings.Join(query, "&")
	return u.EscapedPath() + "?" + strings.NewReplacer("<", "%3C", ">", "%3E").Replace(raw)
}
