//go:build instruments

package session

import (
	"fmt"
	"slices"
	"strings"
)

// A difference is one thing that the two clients did otherwise.
type difference struct {
	c            *oracleCase
	r            *oracleRequest
	n            int    // which of the requests on the wire, from 0; redirects follow the first
	what         string // "target", "body", "requests", "outcome", "order", or a field name in lower case
	theirs, ours string
	away         bool     // the request went, or had been, where the session is not at home
	at           *arrival // as we sent it; nil if what is about more than one
	asked        outcome  // what came of it for requests
	got          outcome  // and for us
}

func (d *difference) String() string {
	return fmt.Sprintf("%s\n\t%s %s\n\twire %d, %s: requests %q, session %q", d.c.about, d.r.Method, d.r.URL, d.n, d.what, d.theirs, d.ours)
}

// compare lists the differences of one request and its redirects.
func compare(c *oracleCase, i int, theirs, ours []arrival, asked, got outcome) (out []*difference) {
	away := false
	add := func(n int, what, t, o string, at *arrival) {
		out = append(out, &difference{c: c, r: &c.Requests[i], n: n, what: what, theirs: t, ours: o, away: away, at: at, asked: asked, got: got})
	}
	if len(theirs) != len(ours) {
		add(min(len(theirs), len(ours)), "requests", fmt.Sprint(len(theirs), asked.Error), fmt.Sprint(len(ours), got.Error), nil)
	}
	for n := range min(len(theirs), len(ours)) {
		t, o := &theirs[n], &ours[n]
		away = away || o.place() != c.home()
		if l, r := t.at+" "+t.Method+" "+t.Target, o.at+" "+o.Method+" "+o.Target; l != r {
			add(n, "target", l, r, o)
		}
		if t.Body != o.Body {
			add(n, "body", t.Body, o.Body, o)
		}
		for _, name := range fieldNames(t, o) {
			if l, r := t.values(name), o.values(name); l != r {
				add(n, name, l, r, o)
			}
		}
		if l, r := t.given(o), o.given(t); l != r {
			add(n, "order", l, r, o)
		}
	}
	if l, r := asked.String(), got.String(); l != r {
		add(0, "outcome", l, r, nil)
	}
	return out
}

// place tells origins apart: the server, and the name it was asked by.
func (a *arrival) place() string {
	if strings.HasPrefix(a.header("Host"), "localhost") {
		return a.at + " by name"
	}
	return a.at
}

// home is the place of the session's base.
func (c *oracleCase) home() string {
	if strings.HasPrefix(c.Requests[0].URL, "http://localhost") {
		return "A by name"
	}
	return "A"
}

func (o outcome) String() string {
	if o.Error != "" {
		return "error"
	}
	return fmt.Sprintf("%d after %d: %s", o.Status, o.Hops, o.Body)
}

// fields returns the header of a request but for what each client says about
// itself and for the length of the body, which is compared with the body.
func (a *arrival) fields() (out []Field) {
	for line := range strings.SplitSeq(strings.TrimSuffix(a.Head, "\r\n"), "\r\n") {
		name, value, isField := strings.Cut(line, ":")
		if !isField || strings.Contains(name, " ") {
			continue
		}
		f := Field{Name: name, Value: strings.TrimPrefix(value, " ")}
		if !isDefault(f) && !(strings.EqualFold(name, "Content-Length") && f.Value == fmt.Sprint(len(a.Body)) && a.Body != "") {
			out = append(out, f)
		}
	}
	return out
}

// isDefault says that a field has the value its client gives it when nobody asks
// for another.
func isDefault(f Field) bool {
	switch f.Name {
	case "User-Agent":
		return f.Value == "sonde" || strings.HasPrefix(f.Value, "python-requests/")
	case "Accept-Encoding":
		return strings.HasPrefix(f.Value, "gzip, deflate")
	case "Accept":
		return f.Value == "*/*" || f.Value == "application/json, */*;q=0.5"
	case "Connection":
		return f.Value == "keep-alive"
	}
	return false
}

func fieldNames(lists ...*arrival) (names []string) {
	for _, a := range lists {
		for _, f := range a.fields() {
			if name := strings.ToLower(f.Name); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// values returns a field's lines, with its name in the case received.
func (a *arrival) values(name string) string {
	var out []string
	for _, f := range a.fields() {
		if strings.EqualFold(f.Name, name) {
			out = append(out, f.Name+": "+f.Value)
		}
	}
	return strings.Join(out, "|")
}

// given returns the order of the fields that the user gave and both sent.
func (a *arrival) given(b *arrival) string {
	var out []string
	for _, f := range a.fields() {
		switch name := strings.ToLower(f.Name); name {
		case "host", "authorization", "cookie", "content-length", "content-type", "transfer-encoding":
		default:
			if b.values(name) != "" {
				out = append(out, name)
			}
		}
	}
	return strings.Join(out, " ")
}
