package session

import (
	"errors"
	"slices"
	"strings"

	"sonde/session/http1"
	"sonde/session/secret"
)

// fieldList is the header of a request while it is being put together. A field
// of a higher Source overrides those of a lower one and stands in the place of
// the first; one of an equal Source stands beside it.
type fieldList struct {
	fields  []Field
	secret  []bool
	sources []Source
	removed []string
	lost    []Lost
}

func newFieldList(n int) *fieldList {
	return &fieldList{fields: make([]Field, 0, n), secret: make([]bool, 0, n), sources: make([]Source, 0, n)}
}

func (l *fieldList) index(name string) int {
	for i := range l.fields {
		if len(l.fields[i].Name) == len(name) && strings.EqualFold(l.fields[i].Name, name) {
			return i
		}
	}
	return -1
}

// put adds a field, in the place of the first one it overrides.
func (l *fieldList) put(name, value string, by Source, isSecret bool) {
	isSecret = isSecret || secret.Name(name)
	i := l.index(name)
	if i < 0 || l.sources[i] >= by || by > FromRequest {
		l.fields = append(l.fields, Field{Name: name, Value: value})
		l.secret, l.sources = append(l.secret, isSecret), append(l.sources, by)
		return
	}
	l.lose(i, by)
	l.fields[i], l.secret[i], l.sources[i] = Field{Name: name, Value: value}, isSecret, by
	for j := len(l.fields) - 1; j > i; j-- {
		if strings.EqualFold(l.fields[j].Name, name) && l.sources[j] < by {
			l.lose(j, by)
			l.cut(j)
		}
	}
}

// joinCookie adds more cookies to a Cookie field typed with the request: there may
// be one only (RFC 6265, section 5.4). It returns false if there is none yet.
func (l *fieldList) joinCookie(more string) bool {
	i := l.index("Cookie")
	if i < 0 || l.sources[i] != FromRequest {
		return false
	}
	l.fields[i].Value += "; " + more
	return true
}

// lose notes that field i gives way to one of another source.
func (l *fieldList) lose(i int, to Source) {
	if l.sources[i] != FromDefault {
		l.lost = append(l.lost, Lost{Kind: "header", Part: l.part(i), To: to})
	}
}

func (l *fieldList) part(i int) Part {
	return Part{Name: l.fields[i].Name, Value: l.fields[i].Value, Secret: l.secret[i], Source: l.sources[i]}
}

// remove takes a field away and keeps it from being added by default.
func (l *fieldList) remove(name string) {
	for i := l.index(name); i >= 0; i = l.index(name) {
		l.lose(i, FromRequest)
		l.cut(i)
	}
	l.removed = append(l.removed, name)
}

func (l *fieldList) cut(i int) {
	l.fields = slices.Delete(l.fields, i, i+1)
	l.secret, l.sources = slices.Delete(l.secret, i, i+1), slices.Delete(l.sources, i, i+1)
}

// open says that nobody has set or removed the field.
func (l *fieldList) open(name string) bool {
	return l.index(name) < 0 && !slices.ContainsFunc(l.removed, func(r string) bool { return strings.EqualFold(r, name) })
}

// checkField returns an Error unless the field can be sent.
func checkField(name, value string) error {
	return unfit(http1.CheckField(name, value))
}

// unfit turns what http1 refuses into an Error.
func unfit(err error) error {
	if err == nil {
		return nil
	}
	var u *http1.UnfitError
	if !errors.As(err, &u) {
		return err
	}
	return &Error{Phase: PhaseRequest, Text: u.Error(), Err: err}
}

// aboutBody says that a field describes the body and goes when it goes.
func aboutBody(name string) bool {
	const content = "content-"
	return len(name) > len(content) && strings.EqualFold(name[:len(content)], content) ||
		strings.EqualFold(name, "Transfer-Encoding") || strings.EqualFold(name, "Trailer") || strings.EqualFold(name, "Expect")
}
