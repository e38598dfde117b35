//go:build instruments

package session

import (
	"slices"
	"strings"
)

// less returns the list without some of its elements.
func less(list []string, drop ...string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return slices.Contains(drop, s) })
}

// setBy says that an answer of the case sets a cookie with such a line.
func (d *difference) setBy(line string) bool {
	return slices.ContainsFunc(d.c.answers["0/start"].lines, func(s string) bool { return strings.HasPrefix(s, "Set-Cookie: "+line) })
}

// cookieRules are steps; the last makes the order ours.
func cookieRules() []rule {
	return []rule{
		{name: "V2 hand-set cookie at home", verdict: "ours", reason: "requests sends cookies set by hand, for the session or the request, to every host",
			step: func(d *difference, pairs []string) []string {
				if !d.away {
					return pairs
				}
				if d.n > 0 {
					pairs = less(pairs, texts(d.r.Cookies)...)
				}
				return less(pairs, texts(d.c.Cookies)...)
			}},
		{name: "typed Cookie is all", verdict: "neutral", reason: "cookies typed with a request take the place of the session's; requests adds them, those of the same name too",
			step: func(d *difference, pairs []string) []string {
				if d.n > 0 || len(d.r.Cookies) == 0 {
					return pairs
				}
				own := texts(d.r.Cookies)
				return slices.DeleteFunc(pairs, func(p string) bool { return !slices.Contains(own, p) })
			}},
		{name: "two typed Cookie fields", verdict: "ours", reason: "cookies= is lost in requests if there is a Cookie field; here both go out in one (RFC 6265, section 5.4)",
			fits: func(d *difference) bool {
				return d.what == "cookie" && len(d.r.Cookies) > 0 && d.theirs == "Cookie: "+d.typed("Cookie") &&
					d.ours == d.theirs+"; "+strings.Join(texts(d.r.Cookies), "; ")
			}},
		{name: "typed Cookie goes on", verdict: "ours", reason: "at a redirect requests drops a typed Cookie field, though not cookies=; here it stays with its origin",
			step: func(d *difference, pairs []string) []string {
				if typed := d.typed("Cookie"); d.n > 0 && !d.away && typed != "" {
					return append([]string{typed}, pairs...)
				}
				return pairs
			}},
		{name: "Secure cookie on loopback", verdict: "ours", reason: "this machine may set Secure cookies over http and gets them back, as in browsers",
			step: func(d *difference, pairs []string) []string {
				if d.setBy("a=1; Path=/; Secure") && strings.HasPrefix(d.at.header("Host"), "127.0.0.1") {
					return append(pairs, "a=1")
				}
				return pairs
			}},
		{name: "cookies beside userinfo", verdict: "ours", reason: "with userinfo in the URL requests binds cookies to the host \"user:password@host\"",
			step: func(d *difference, pairs []string) []string {
				ours := pairsOf(d.ours)
				missing := less(slices.Clone(ours), pairs...)
				if d.userinfo() && d.n > 0 && !slices.ContainsFunc(missing, func(p string) bool { return !strings.HasPrefix(p, "hop") }) &&
					slices.Equal(less(slices.Clone(ours), missing...), pairs) {
					return ours
				}
				return pairs
			}},
		{name: "server's in place of mine", verdict: "ours", reason: "a cookie the server sets replaces a hand-set one of that name; requests sends both",
			step: func(d *difference, pairs []string) []string {
				if slices.Contains(pairs, "hand=server") {
					return less(pairs, "hand=set")
				}
				return pairs
			}},
		{name: "cookie without =", verdict: "neutral", reason: "RFC 6265, section 5.2: ignored; it is named in a notice",
			step: func(d *difference, pairs []string) []string { return less(pairs, "novalue") }},
		{name: "cookie with Path=c", verdict: "ours", reason: "RFC 6265, section 5.2.4: not a path, so the default; requests stores a cookie that goes nowhere",
			step: func(d *difference, pairs []string) []string {
				if d.setBy("a=1; Path=c") && d.n > 0 {
					return append(pairs, "a=1")
				}
				return pairs
			}},
		{name: "cookie for localhost", verdict: "ours", reason: "requests has it that localhost is localhost.local: refuses Domain=localhost and takes Domain=local",
			step: func(d *difference, pairs []string) []string {
				switch asked := strings.HasPrefix(d.at.header("Host"), "localhost"); {
				case asked && d.setBy("a=1; Path=/; Domain=localhost"), asked && d.setBy("a=1; Path=/; Domain=.localhost"):
					return append(pairs, "a=1")
				case asked && d.setBy("a=1; Path=/; Domain=local"):
					return less(pairs, "a=1")
				}
				return pairs
			}},
		{name: "cookies of a typed Host", verdict: "ours", reason: "they are that host's; requests keeps the Host field, and so its cookies, after going elsewhere",
			step: func(d *difference, pairs []string) []string {
				if d.typed("Host") != "" && d.away {
					return less(pairs, "a=1")
				}
				return pairs
			}},
		{name: "cookie order", verdict: "neutral", reason: "longer paths first in both; then here what was typed or set by hand, there by the domain's place in a table",
			step: func(d *difference, pairs []string) []string {
				ours := pairsOf(d.ours)
				given := slices.Concat(texts(d.c.Cookies), texts(d.r.Cookies), []string{d.typed("Cookie")})
				same := slices.Equal(less(slices.Clone(ours), given...), less(slices.Clone(pairs), given...))
				if same && slices.Equal(slices.Sorted(slices.Values(ours)), slices.Sorted(slices.Values(pairs))) {
					return ours
				}
				return pairs
			}},
	}
}

// normalised decodes what needs no encoding and writes the rest with capitals
// (RFC 3986, section 6.2.2).
func normalised(target string) string {
	var b strings.Builder
	for i := 0; i < len(target); i++ {
		if target[i] == '%' && i+2 < len(target) && hexDigit(target[i+1]) && hexDigit(target[i+2]) {
			if c := unhex(target[i+1])<<4 | unhex(target[i+2]); unreserved(c) {
				b.WriteByte(c)
			} else {
				b.WriteString(strings.ToUpper(target[i : i+3]))
			}
			i += 2
			continue
		}
		b.WriteByte(target[i])
	}
	return b.String()
}

func urlRules() []rule {
	target := func(fits func(theirs, ours string) bool) func(*difference) bool {
		return func(d *difference) bool { return d.what == "target" && fits(d.theirs, d.ours) }
	}
	return []rule{
		{name: "brackets in a query", verdict: "neutral", reason: "requests encodes them since urllib3 1.25; browsers and what people type do not",
			fits: target(func(theirs, ours string) bool {
				path, query, _ := strings.Cut(ours, "?")
				first, rest, _ := strings.Cut(query, "&")
				first = strings.NewReplacer("[", "%5B", "]", "%5D").Replace(first)
				return strings.Contains(query, "[") && theirs == strings.TrimSuffix(path+"?"+first+"&"+rest, "&")
			})},
		{name: "encoding kept", verdict: "ours", reason: "requests decodes %41 and writes %C3 for %c3; here an encoding goes as it was typed or received",
			fits: target(func(theirs, ours string) bool {
				return !strings.Contains(strings.ToLower(ours), "%2e") && theirs == normalised(ours)
			})},
		{name: "encoded dots", verdict: "neutral", reason: "requests sends /x/../b when it was typed, and /b when it was received",
			fits: target(func(theirs, ours string) bool {
				return strings.HasSuffix(ours, "/x/%2e%2e/b") && (strings.HasSuffix(theirs, "/x/../b") || strings.HasSuffix(theirs, "/b"))
			})},
		{name: "stray percent", verdict: "ours", reason: "requests encodes every % as soon as one stands alone, %41 in the same path too",
			fits: target(func(theirs, ours string) bool {
				return strings.HasSuffix(ours, "/%25zz%41") && strings.HasSuffix(theirs, "/%25zz%2541")
			})},
		{name: "empty query", verdict: "ours", reason: "/x? is not /x (RFC 3986, section 6.2.3); requests drops the question mark",
			fits: target(func(theirs, ours string) bool { return ours == theirs+"?" })},
		{name: "tab in a Location", verdict: "neutral", reason: "Python takes it out of the URL; here it is encoded",
			fits: target(func(theirs, ours string) bool { return strings.ReplaceAll(ours, "%09", "") == theirs })},
	}
}

func redirectRules() []rule {
	return []rule{
		{name: "Host stays at home", verdict: "ours", reason: "requests sends a typed Host field on to other origins",
			fits: func(d *difference) bool { return d.what == "host" && d.away && d.theirs == "Host: "+d.typed("Host") }},
		{name: "fields of a dropped body", verdict: "ours", reason: "requests takes only Content-Length, Content-Type and Transfer-Encoding away with the body",
			fits: func(d *difference) bool {
				return slices.Contains([]string{"content-language", "content-encoding", "expect"}, d.what) && d.n > 0 && d.ours == "" && d.at.Body == ""
			}},
		{name: "scheme without slashes", verdict: "ours", reason: "Location: http:x is relative in browsers; requests makes http:///x of it, and asks for /x",
			fits: func(d *difference) bool {
				return (d.what == "requests" || d.what == "outcome") && strings.HasPrefix(d.c.about, "Location \"http:") && d.got.Error == ""
			}},
		{name: "Location not in UTF-8", verdict: "ours", reason: "requests fails with UnicodeDecodeError; here the bytes are percent-encoded",
			fits: func(d *difference) bool { return d.asked.Error == "UnicodeDecodeError" && d.got.Error == "" }},
	}
}
