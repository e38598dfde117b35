package secret

import "strings"

// Header returns the value of a header field as it may be shown. Of
// Authorization and Proxy-Authorization the scheme stays if it is a registered
// one, of Cookie and Set-Cookie the names and the attributes; the value of any
// other field whose name is secret is masked whole. In every other field the
// passwords and secret parameters of URLs are masked, as in a Location. An
// empty value stays empty.
func Header(name, value string) string {
	return settle(value, func(value string) []span {
		if !Name(name) && !Field(name) {
			return urlSpans(value, nil)
		}
		return headerSpans(name, value, 0, len(value), nil)
	})
}

// headerSpans appends the secret spans of the value s[from:to] of the secret
// header field name.
func headerSpans(name, s string, from, to int, spans []span) []span {
	value := strings.TrimLeft(s[from:to], " \t")
	from = to - len(value)
	value = strings.TrimRight(value, " \t\r\n")
	to = from + len(value)
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization":
		if scheme, rest, ok := strings.Cut(value, " "); ok && knownScheme(scheme) {
			from = to - len(strings.TrimLeft(rest, " \t"))
		} else if knownScheme(value) {
			return spans
		}
	case "cookie":
		return cookieSpans(s, from, to, false, spans)
	case "set-cookie":
		return cookieSpans(s, from, to, true, spans)
	}
	if !stays(s[from:to]) {
		spans = append(spans, span{from: from, to: to})
	}
	return spans
}

// knownScheme reports whether word is an authentication scheme of the IANA
// registry, or one in wide use beside it. After any other word the secret may
// be the word itself.
func knownScheme(word string) bool {
	switch strings.ToLower(word) {
	case "basic", "bearer", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "ntlm",
		"oauth", "privatetoken", "scram-sha-1", "scram-sha-256", "vapid",
		"token", "apikey", "key", "hmac", "signature", "aws4-hmac-sha256":
		return true
	}
	return false
}

// cookieSpans appends the spans of the cookie values in s[from:to] (RFC 6265,
// section 4). With first set only the first pair is a cookie and the others are
// attributes. A cookie without a name is masked whole.
func cookieSpans(s string, from, to int, first bool, spans []span) []span {
	for from < to {
		end := to
		if i := strings.IndexByte(s[from:to], ';'); i >= 0 {
			end = from + i
		}
		value := strings.TrimLeft(s[from:end], " \t")
		if _, after, ok := strings.Cut(value, "="); ok {
			value = after
		}
		if !stays(value) {
			spans = append(spans, span{from: end - len(value), to: end})
		}
		if first {
			return spans
		}
		from = end + 1
	}
	return spans
}

// urlSpans appends the secret spans of all URLs in text.
func urlSpans(text string, spans []span) []span {
	f := pairFinder{text: text, spans: userinfos(text, spans)}
	f.equals()
	return f.spans
}
