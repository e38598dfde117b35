//go:build instruments

package session

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A rule is a known difference: either of one thing, which it recognises as a
// whole, or of cookies, of which several may differ at once. Then it takes
// requests' list of them one step towards ours.
type rule struct {
	name    string
	verdict string // whose way is better: "ours", "theirs", "neutral"
	reason  string
	fits    func(d *difference) bool
	step    func(d *difference, pairs []string) []string
}

func oracleRules() []rule {
	return slices.Concat(credentialRules(), cookieRules(), urlRules(), bodyRules(), headerRules(), redirectRules())
}

// judge finds the rules for the differences of one request.
func judge(t *testing.T, key string, list []*difference, tally map[string]int) {
	t.Helper()
	for _, d := range list {
		names := explain(d)
		if len(names) == 0 {
			t.Errorf("%s: %s", key, d)
		}
		for _, name := range names {
			tally[name]++
		}
	}
}

func explain(d *difference) (names []string) {
	for _, r := range oracleRules() {
		if r.fits != nil && r.fits(d) {
			return []string{r.name}
		}
	}
	if d.what != "cookie" {
		return nil
	}
	pairs, ours := pairsOf(d.theirs), pairsOf(d.ours)
	for _, r := range oracleRules() {
		if r.step == nil || slices.Equal(pairs, ours) {
			continue
		}
		if next := r.step(d, slices.Clone(pairs)); !slices.Equal(next, pairs) {
			pairs, names = next, append(names, r.name)
		}
	}
	if !slices.Equal(pairs, ours) {
		return nil
	}
	return names
}

// pairsOf returns the cookies of a Cookie field.
func pairsOf(line string) []string {
	if line == "" {
		return nil
	}
	return strings.Split(strings.TrimPrefix(line, "Cookie: "), "; ")
}

// texts writes pairs as a Cookie field does.
func texts(pairs []pair) (out []string) {
	for _, p := range pairs {
		out = append(out, *p[0]+"="+*p[1])
	}
	return out
}

// typed returns the value of a header typed with the request.
func (d *difference) typed(name string) string {
	for _, p := range d.r.Headers {
		if strings.EqualFold(*p[0], name) && p[1] != nil {
			return *p[1]
		}
	}
	return ""
}

func (d *difference) userinfo() bool { return strings.Contains(d.r.URL, "url:p%41ss@") }

func credentialRules() []rule {
	return []rule{
		{name: "V1 credentials at home", verdict: "ours", reason: "requests sends the session's auth to any URL; here it belongs to the origin it was given for",
			fits: func(d *difference) bool {
				return d.what == "authorization" && d.n == 0 && d.away && d.c.User != "" && d.ours == ""
			}},
		{name: "V5 secret header at home", verdict: "ours", reason: "requests takes a key header along to another origin",
			fits: func(d *difference) bool { return d.what == "x-api-key" && d.away && d.ours == "" }},
		{name: "nearest credentials win", verdict: "ours", reason: "typed before URL before session; in requests the session's auth beats both, and the URL's a typed one",
			fits: func(d *difference) bool {
				typed := d.typed("Authorization")
				return d.what == "authorization" && !d.away && (typed != "" && d.ours == "Authorization: "+typed ||
					typed == "" && d.userinfo() && d.ours == "Authorization: "+basic("url", "pAss"))
			}},
		{name: "basic auth in UTF-8", verdict: "ours", reason: "requests encodes text as Latin-1 and fails at the rest (RFC 7617, section 2.1: UTF-8)",
			fits: func(d *difference) bool {
				return strings.Trim(d.c.User, " abcdefghijklmnopqrstuvwxyz") != "" && (d.asked.Error == "UnicodeEncodeError" ||
					d.what == "authorization" && d.ours == "Authorization: "+basic(d.c.User, d.c.Password) &&
						d.theirs == "Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte(latin1(d.c.User+":"+d.c.Password))))
			}},
	}
}

// latin1 encodes text that ISO 8859-1 can hold.
func latin1(text string) string {
	var b []byte
	for _, r := range text {
		b = append(b, byte(r))
	}
	return string(b)
}

func bodyRules() []rule {
	return []rule{
		{name: "JSON text", verdict: "neutral", reason: "requests puts blanks after , and : and escapes what is not ASCII; the values are the same",
			fits: func(d *difference) bool {
				var l, r any
				return d.what == "body" && d.r.Body == "json" && json.Unmarshal([]byte(d.theirs), &l) == nil &&
					json.Unmarshal([]byte(d.ours), &r) == nil && reflect.DeepEqual(l, r)
			}},
		{name: "no length without a body", verdict: "ours", reason: "requests sends Content-Length: 0 with all methods but GET and HEAD (RFC 9110, section 8.6: only where content is expected)",
			fits: func(d *difference) bool {
				return d.what == "content-length" && d.theirs == "Content-Length: 0" && d.ours == "" && !slices.Contains([]string{"POST", "PUT", "PATCH"}, d.at.Method)
			}},
		{name: "stream not rewound", verdict: "ours", reason: "at a 307 or 308 requests sends the used-up stream, an empty body, without a word; here it is an error",
			fits: func(d *difference) bool {
				return (d.what == "requests" || d.what == "outcome") && d.r.Body == "stream" && strings.Contains(d.got.Error, "cannot be rewound") && d.asked.Error == ""
			}},
		{name: "wrong length refused", verdict: "ours", reason: "requests mends a typed Content-Length silently",
			fits: func(d *difference) bool {
				return (d.what == "requests" || d.what == "outcome") && d.typed("Content-Length") != "" && strings.Contains(d.got.Error, "is not the length")
			}},
		{name: "x-gzip", verdict: "ours", reason: "RFC 9110, section 8.4.1.3: the same as gzip; requests leaves it coded",
			fits: func(d *difference) bool {
				return d.what == "outcome" && strings.HasSuffix(d.c.about, "x-gzip") && d.got.Error == ""
			}},
		{name: "cut gzip body", verdict: "ours", reason: "requests takes the part that came for the whole",
			fits: func(d *difference) bool {
				return d.what == "outcome" && d.asked.Error == "" && strings.Contains(d.got.Error, "it ends in the middle")
			}},
	}
}

func headerRules() []rule {
	return []rule{
		{name: "header values in UTF-8", verdict: "neutral", reason: "requests sends text as Latin-1; what HTTPie sends, and what is on the user's screen, is UTF-8",
			fits: func(d *difference) bool {
				return d.at != nil && latin1(d.ours) != d.ours && d.theirs == latin1(d.ours)
			}},
		{name: "removed User-Agent", verdict: "ours", reason: "with None requests does not send its own, but the library under it sends another",
			fits: func(d *difference) bool {
				return d.what == "user-agent" && strings.HasPrefix(d.theirs, "User-Agent: python-urllib3/") && d.ours == ""
			}},
		{name: "removed Content-Type", verdict: "ours", reason: "requests sends the body's own type though the user took it away",
			fits: func(d *difference) bool {
				return d.what == "content-type" && d.ours == "" && slices.ContainsFunc(d.r.Headers, func(p pair) bool { return *p[0] == "Content-Type" && p[1] == nil })
			}},
	}
}
