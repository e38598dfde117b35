package session

import (
	"slices"
	"strings"
)

// addParams adds the session's and the request's parameters to the query: the
// URL's own first, then the session's, then the request's. A parameter of the
// request takes the place of the session's of that name.
func (s *Session) addParams(h *hop, r *Request) {
	var q strings.Builder
	add := func(name, value string) {
		if q.Len() > 0 {
			q.WriteByte('&')
		}
		q.WriteString(EscapeQuery(name))
		q.WriteByte('=')
		q.WriteString(EscapeQuery(value))
	}
	q.WriteString(h.url.Query)
	own := func(name string) func(ParamEdit) bool { return func(e ParamEdit) bool { return e.Name == name } }
	var done []string // names of the request's that stood in the session's place
	place := func(name, value string) {
		switch {
		case slices.Contains(done, name):
		case !slices.ContainsFunc(r.Params, own(name)):
			add(name, value)
		default:
			done = append(done, name)
			for _, e := range r.Params {
				if e.Name == name && !e.Remove {
					add(name, e.Value)
				}
			}
		}
	}
	for _, p := range s.Settings.Params {
		if p.Origin == "" && !s.secretParam(p) || s.allows(h, p.Origin) {
			place(p.Name, p.Value)
		}
	}
	for _, a := range s.creds.list {
		if name, ok := strings.CutSuffix(a.Auth.User, "=="); ok && a.Auth.Kind == "apikey" && s.allows(h, a.Origin) {
			place(name, a.Auth.Secret)
		}
	}
	for _, e := range r.Params {
		if !e.Remove && !slices.Contains(done, e.Name) {
			add(e.Name, e.Value)
		}
	}
	if q.Len() == len(h.url.Query) {
		return
	}
	u := *h.url
	u.Query, u.HasQuery = q.String(), true
	h.url = &u
}
