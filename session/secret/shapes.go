package secret

import "strings"

// MaskShapes masks what is known to be a secret by its looks alone, as a net
// under everything else: tokens of GitHub, GitLab, Slack, Stripe, OpenAI, npm,
// Google and AWS, JSON Web Tokens (RFC 7519), PEM private keys (RFC 7468) and
// the password in a URL. Masking twice is masking once.
func MaskShapes(text string) string {
	return settle(text, func(text string) []span { return shapes(text, nil) })
}

// shapes appends the spans of everything in text that looks like a secret.
func shapes(text string, spans []span) []span {
	spans = tokens(text, spans)
	spans = privateKeys(text, spans)
	return userinfos(text, spans)
}

// tokens appends the spans of tokens that start with a prefix of their issuer.
// A word can start only where no letter, digit or underscore stands before.
func tokens(text string, spans []span) []span {
	for i := 0; i < len(text); {
		if !tokenByte(text[i]) {
			i++
			continue
		}
		end := i
		for end < len(text) && tokenByte(text[end]) {
			end++
		}
		// A run may be several words joined by "-" or "." (a JWT has dots).
		for i < end {
			if n := tokenLen(text[i:], text[i:end]); n > 0 {
				spans = append(spans, span{from: i, to: i + n})
				i += n
				continue
			}
			for i < end && (alnum(text[i]) || text[i] == '_') {
				i++
			}
			for i < end && text[i] == '-' {
				i++
			}
		}
	}
	return spans
}

// tokenByte reports whether c may be part of a token: the base64url digits.
func tokenByte(c byte) bool { return alnum(c) || c == '_' || c == '-' }

// tokenLen returns the length of the token that starts text, 0 if none does.
// run is the part of text up to the first byte no token but a JWT has.
func tokenLen(text, run string) int {
	switch run[0] {
	case 'e':
		return jwtLen(text)
	case 'A':
		return awsLen(run)
	case 'g', 's', 'x', 'n', 'r', 'w', 'h':
		return issuedLen(run)
	}
	return 0
}

// issuedLen is tokenLen for prefixes that their issuers publish for scanners
// like this one.
func issuedLen(run string) int {
	for _, p := range [...]struct {
		start string
		least int // characters that must follow
	}{
		{"ghp_", 8}, {"gho_", 8}, {"ghu_", 8}, {"ghs_", 8}, {"ghr_", 8}, {"github_pat_", 8},
		{"glpat-", 8}, {"xoxb-", 8}, {"xoxp-", 8}, {"xoxa-", 8}, {"xoxr-", 8}, {"xoxs-", 8},
		{"xoxe-", 8}, {"xoxo-", 8}, {"xoxc-", 8}, {"xoxd-", 8}, {"xapp-", 8},
		{"sk_live_", 8}, {"sk_test_", 8}, {"rk_live_", 8}, {"rk_test_", 8}, {"whsec_", 16},
		{"npm_", 30}, {"hf_", 30},
	} {
		if strings.HasPrefix(run, p.start) && len(run) >= len(p.start)+p.least {
			return len(run)
		}
	}
	// sk- starts words as well (sk-SK), so it must be long and hold a digit.
	if strings.HasPrefix(run, "sk-") && len(run) >= 19 && strings.ContainsAny(run, "0123456789") {
		return len(run)
	}
	return 0
}

// awsLen is tokenLen for the identifiers of AWS keys, and for the keys of
// Google's APIs: AKIA or ASIA and 16 capitals and digits, AIza and 35 more.
func awsLen(run string) int {
	if strings.HasPrefix(run, "AIza") && len(run) == 39 {
		return len(run)
	}
	if !strings.HasPrefix(run, "AKIA") && !strings.HasPrefix(run, "ASIA") {
		return 0
	}
	n := 4
	for n < len(run) && (run[n]-'0' < 10 || run[n]-'A' < 26) {
		n++
	}
	if n != 20 || n < len(run) && alnum(run[n]) {
		return 0
	}
	return n
}

// jwtLen is tokenLen for a JSON Web Token in compact form: three base64url
// parts (five if it is encrypted, RFC 7516), the first of which is a JSON
// object and so starts with eyJ.
func jwtLen(text string) int {
	if !strings.HasPrefix(text, "eyJ") {
		return 0
	}
	var ends [5]int // of the parts
	parts, start := 0, 0
	for parts < len(ends) {
		end := start
		for end < len(text) && tokenByte(text[end]) {
			end++
		}
		ends[parts] = end
		parts++
		if end == len(text) || text[end] != '.' {
			break
		}
		start = end + 1
	}
	switch {
	case parts < 3 || ends[0] < 8 || ends[1] < ends[0]+3:
		return 0
	case parts == 5 && ends[4] > ends[3]+1:
		return ends[4]
	}
	return ends[2]
}

// privateKeys appends the spans of PEM private keys: from BEGIN to the matching
// END, or to the end of text if that is missing.
func privateKeys(text string, spans []span) []span {
	const begin, dashes = "-----BEGIN ", "PRIVATE KEY-----"
	for at := 0; ; {
		i := strings.Index(text[at:], begin)
		if i < 0 {
			return spans
		}
		from := at + i
		at = from + len(begin)
		label, _, found := strings.Cut(text[at:min(len(text), at+64)], "-----")
		if !found || !strings.HasSuffix(label+"-----", dashes) {
			continue
		}
		at += len(label) + len("-----")
		end := "-----END " + label + "-----"
		to := len(text)
		if i := strings.Index(text[at:], end); i >= 0 {
			to = at + i + len(end)
		}
		spans = append(spans, span{from: from, to: to})
		at = to
	}
}
