package secret

import (
	"iter"
	"strings"
)

// Name reports whether a header field of this name, in any case, carries a
// secret: Authorization, Proxy-Authorization, Cookie, Set-Cookie, and every
// name that contains key, token, secret, auth or session. The rule is literal,
// so that it can be told in one sentence: Idempotency-Key and Author count as
// secret too. Only the challenges WWW-Authenticate and Proxy-Authenticate
// (RFC 9110, section 11), which a server sends to everyone, do not.
func Name(name string) bool {
	switch name = strings.ToLower(name); name {
	case "www-authenticate", "proxy-authenticate":
		return false
	case "cookie", "set-cookie":
		return true
	}
	for _, part := range [...]string{"key", "token", "secret", "auth", "session"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// Field reports whether a form field, a query parameter or a JSON member of
// this name carries a secret. Case, "-" and "_" make no difference, and of a
// nested name (user[password], db.password) every part counts.
//
// Secret are password, passphrase, secret, token, api_key, private_key,
// credential, jwt and the like, also at the end of a longer name
// (access_token, client_secret, new_password), names that start with password,
// csrf or xsrf, and as a whole name, or as the last part of a nested one, the
// short words key, sig, signature, auth, session, sid, otp, pin, pass and
// cookie. Tokens that only page through a list (next_page_token) are not.
func Field(name string) bool {
	last := ""
	for part := range parts(name) {
		if plain(part) {
			return true
		}
		if strings.Trim(part, "0123456789") != "" {
			last = part
		}
	}
	return vague(last)
}

// Param reports whether a query parameter or urlencoded form field of this
// name carries a secret: what Field says, and "code", the authorization code
// of OAuth 2.0 (RFC 6749, section 4.1.2). In JSON, code is mostly the number
// of an error, so Field leaves it alone.
func Param(name string) bool { return squash(name) == "code" || Field(name) }

// plainly reports whether a name means a secret wherever it stands, in a jq
// program or a shell command as well, where a word such as key has other uses.
func plainly(name string) bool {
	for part := range parts(name) {
		if plain(part) {
			return true
		}
	}
	return false
}

// plain is the part of Field's rule that holds for any part of a name.
// name is squashed.
func plain(name string) bool {
	switch name {
	case "pwd", "pw", "jwt", "bearer", "authorization", "proxyauthorization":
		return true
	}
	for _, start := range [...]string{"password", "passwd", "csrf", "xsrf"} {
		if strings.HasPrefix(name, start) {
			return true
		}
	}
	for _, paging := range [...]string{"pagetoken", "nexttoken", "continuationtoken"} {
		if strings.HasSuffix(name, paging) {
			return false
		}
	}
	for _, end := range [...]string{
		"password", "passwd", "passphrase", "passcode", "secret", "token",
		"apikey", "secretkey", "privatekey", "accesskey", "accesskeyid", "signingkey",
		"sessionid", "sessid", "sessionkey", "credential", "credentials", "clientassertion",
	} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// vague is the part of Field's rule for words that are secret only as a whole
// name. name is squashed.
func vague(name string) bool {
	switch name {
	case "key", "sig", "signature", "auth", "session", "sid", "otp", "totp", "pin", "pass", "cookie", "xamzsignature":
		return true
	}
	return false
}

// parts yields the squashed parts of a nested name: a[b][0] and a.b.0.
func parts(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '[' || r == ']' || r == '.' }) {
			if !yield(squash(part)) {
				return
			}
		}
	}
}

// squash brings the spellings of one name together: accessToken, access-token
// and access_token.
func squash(name string) string {
	name = strings.ToLower(name)
	if strings.IndexAny(name, "-_ ") < 0 {
		return name
	}
	short := make([]byte, 0, len(name))
	for i := range len(name) {
		if c := name[i]; c != '-' && c != '_' && c != ' ' {
			short = append(short, c)
		}
	}
	return string(short)
}
