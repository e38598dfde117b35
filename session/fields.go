package session

import (
	"errors"
	"slices"
	"strings"

	"sonde/session/http1"
	"sonde/session/secret"
)

// A rank says who set a field. A higher one overrides a lower one and stands
// in its place; an equal one stands beside it.
type rank uint8

const (
	byDefault rank = iota
	bySession
	byOrigin // by the session, for one origin
	byRequest
)

// fieldList is the header of a request while it is being put together.
type fieldList struct {
	fields  []Field
	secret  []bool
	ranks   []rank
	removed []string
}

func newFieldList(n int) *fieldList {
	return &fieldList{fields: make([]Field, 0, n), secret: make([]bool, 0, n), ranks: make([]rank, 0, n)}
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
func (l *fieldList) put(name, value string, by rank, isSecret bool) {
	isSecret = isSecret || secret.Name(name)
	i := l.index(name)
	if i < 0 || l.ranks[i] >= by {
		l.fields = append(l.fields, Field{Name: name, Value: value})
		l.secret, l.ranks = append(l.secret, isSecret), append(l.ranks, by)
		return
	}
	l.fields[i], l.secret[i], l.ranks[i] = Field{Name: name, Value: value}, isSecret, by
	for j := len(l.fields) - 1; j > i; j-- {
		if strings.EqualFold(l.fields[j].Name, name) && l.ranks[j] < by {
			l.cut(j)
		}
	}
}

// remove takes a field away and keeps it from being added by default.
func (l *fieldList) remove(name string) {
	for i := l.index(name); i >= 0; i = l.index(name) {
		l.cut(i)
	}
	l.removed = append(l.removed, name)
}

func (l *fieldList) cut(i int) {
	l.fields = slices.Delete(l.fields, i, i+1)
	l.secret, l.ranks = slices.Delete(l.secret, i, i+1), slices.Delete(l.ranks, i, i+1)
}

// open says that nobody has set or removed the field.
func (l *fieldList) open(name string) bool {
	return l.index(name) < 0 && !slices.ContainsFunc(l.removed, func(r string) bool { return strings.EqualFold(r, name) })
}

// checkField returns an Error unless the field can be sent.
func checkField(name, value string) error { return unfit(http1.CheckField(name, value)) }

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
