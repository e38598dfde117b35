package oauth2

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The parts of a login, as errors name them.
const (
	tokenEndpoint  = "token endpoint"
	authEndpoint   = "authorization endpoint"
	deviceEndpoint = "device endpoint"
	discovery      = "discovery"
)

// An Error is a refusal by the authorization server, or an answer of its that
// makes no sense. Its texts have no control characters, are cut to a length fit
// for a line, and hold none of the secrets of the request.
type Error struct {
	Endpoint    string // "token endpoint", "authorization endpoint", "device endpoint" or "discovery"
	Code        string // of RFC 6749 sections 4.1.2.1 and 5.2 or RFC 8628 section 3.5; "" if the answer has none
	Description string // the server's words, or what is wrong with the answer
	URI         string // a page about it, as the server gave it; mostly ""
	Status      int    // of the answer; 0 if the browser brought it or there was none
	Hint        string // something to type, in `backticks` if words stand around it; mostly ""
}

// Error returns the endpoint, the code and the description.
func (e *Error) Error() string {
	text := e.Endpoint
	for _, part := range [...]string{e.Code, e.Description} {
		if part != "" {
			text += ": " + part
		}
	}
	if e.URI != "" {
		text += " (" + e.URI + ")"
	}
	return text
}

// mask stands where a secret was.
const mask = "••••••••"

// hide masks the secrets of a request where the server repeats them. It comes
// before tidy, which might leave a part of one.
func (e *Error) hide(secrets []string) {
	for _, s := range secrets {
		secrets = append(secrets, url.QueryEscape(s))
	}
	// The longest first: one may be a part of another.
	slices.SortFunc(secrets, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, s := range secrets {
		if s == "" {
			continue
		}
		for _, text := range [...]*string{&e.Code, &e.Description, &e.URI} {
			*text = strings.ReplaceAll(*text, s, mask)
		}
	}
}

// tidy makes the texts fit to be shown.
func (e *Error) tidy() *Error {
	e.Code, e.Description, e.URI = clean(e.Code, 60), clean(e.Description, 300), clean(e.URI, 200)
	return e
}

// clean takes out what could drive a terminal or change the order of what is
// read, and cuts to a number of characters.
func clean(s string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.TrimSpace(s) {
		if n++; n > most {
			b.WriteRune('…')
			break
		}
		if r == '\n' || r == '\t' {
			r = ' '
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}

// notJSON is the error for an answer that cannot be read.
func notJSON(endpoint string, r Response) *Error {
	text := "status " + strconv.Itoa(r.Status) + ", "
	kind := ""
	if r.Header != nil {
		kind, _, _ = strings.Cut(r.Header("Content-Type"), ";")
	}
	switch kind = clean(kind, 60); {
	case len(r.Body) == 0:
		text += "an empty body"
	case kind == "" || strings.Contains(strings.ToLower(kind), "json"):
		text += "a body that is no JSON object of the expected form"
	default:
		text += kind + " instead of JSON"
	}
	return &Error{Endpoint: endpoint, Status: r.Status, Description: text}
}
