package session

import (
	"slices"
	"strings"

	"sonde/session/secret"
)

// addParams adds the session's and the request's parameters to the query: the
// URL's own first, then the session's, then the request's. A parameter of the
// request takes the place of the session's of that name.
func (s *Session) addParams(h *hop, r *Request) {
	q := paramList{hop: h, typed: r.Params}
	q.text.WriteString(h.url.Query)
	for _, p := range s.Settings.Params {
		if p.Origin == "" && !s.secretParam(p) {
			q.place(Part{Name: p.Name, Value: p.Value, Secret: p.Secret, Source: FromSession})
		} else if s.allows(h, p.Origin) {
			q.place(Part{Name: p.Name, Value: p.Value, Secret: true, Source: FromOrigin})
		}
	}
	s.placeKeys(&q)
	for _, e := range r.Params {
		if !e.Remove && !slices.Contains(q.done, e.Name) {
			q.add(typedParam(e))
		}
	}
	q.done = nil
	q.apply()
}

// placeKeys adds the keys that are sent as parameters to where the hop leads.
func (s *Session) placeKeys(q *paramList) {
	for _, a := range s.creds.list {
		if name, ok := strings.CutSuffix(a.Auth.User, "=="); ok && a.Auth.Kind == "apikey" && s.allows(q.hop, a.Origin) {
			q.place(Part{Name: name, Value: a.Auth.Secret, Secret: true, Source: FromAuth})
		}
	}
}

// addKeys adds them to what a redirect leads to, as logins in headers go along;
// one that the server put there itself stays as it is.
func (s *Session) addKeys(h *hop) {
	q := paramList{hop: h}
	q.text.WriteString(h.url.Query)
	for pair := range strings.SplitSeq(h.url.Query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		q.typed = append(q.typed, ParamEdit{Name: unescape(name), Remove: true})
	}
	s.placeKeys(&q)
	h.lost = nil
	q.apply()
}

// apply gives the hop the query that was put together.
func (q *paramList) apply() {
	if q.text.Len() == len(q.hop.url.Query) {
		return
	}
	u := *q.hop.url
	u.Query, u.HasQuery = q.text.String(), true
	q.hop.url = &u
}

func typedParam(e ParamEdit) Part {
	return Part{Name: e.Name, Value: e.Value, Secret: e.Secret || secret.Param(e.Name), Source: FromRequest}
}

// paramList is a query while it is being put together.
type paramList struct {
	hop   *hop
	typed []ParamEdit
	text  strings.Builder
	done  []string // names of the request's that stood in the session's place
}

// add appends a parameter to the query.
func (q *paramList) add(p Part) {
	if q.text.Len() > 0 {
		q.text.WriteByte('&')
	}
	q.text.WriteString(EscapeQuery(p.Name))
	q.text.WriteByte('=')
	q.text.WriteString(EscapeQuery(p.Value))
	q.hop.params = append(q.hop.params, p)
}

// place adds one of the session's, or in its place what the request has under
// that name.
func (q *paramList) place(p Part) {
	own := func(e ParamEdit) bool { return e.Name == p.Name }
	if !slices.ContainsFunc(q.typed, own) {
		q.add(p)
		return
	}
	q.hop.lost = append(q.hop.lost, Lost{Kind: "param", Part: p, To: FromRequest})
	if slices.Contains(q.done, p.Name) {
		return
	}
	q.done = append(q.done, p.Name)
	for _, e := range q.typed {
		if own(e) && !e.Remove {
			q.add(typedParam(e))
		}
	}
}
