// Package digest computes Digest logins (RFC 7616, and RFC 2617 before it): it
// reads the challenge of a server and makes the value of the field
// Authorization that answers it. It does no input and output. The same holds
// for proxies, whose fields are Proxy-Authenticate and Proxy-Authorization.
//
// Known are the algorithms MD5, SHA-256 and SHA-512-256 of RFC 7616 and, as
// Python's requests has them, SHA (which is SHA-1) and SHA-512, each with -sess
// too, and the protection qualities auth and auth-int.
package digest

import (
	"slices"
	"strings"
)

// A Challenge is what a server says about the Digest login it wants (RFC 7616,
// section 3.3).
type Challenge struct {
	Realm     string
	Nonce     string
	Opaque    string   // sent back as it is; "" means the server gave none
	Algorithm string   // as sent; "" means the server named none, which is MD5
	QOP       []string // in lower case; nil means the server gave none, as before RFC 2617
	Domain    []string // URIs the login is for; nil means all of the server
	Stale     bool     // the login was right and its nonce too old
	Userhash  bool     // the user's name may be sent as a hash
	UTF8      bool     // the server wants names and passwords in UTF-8
}

// Parse returns the Digest challenges among the values of WWW-Authenticate
// fields, in the order sent. One without a nonce is none.
func Parse(wwwAuthenticate []string) []Challenge {
	var challenges []Challenge
	for _, o := range parseChallenges(wwwAuthenticate) {
		if !strings.EqualFold(o.Scheme, "Digest") {
			continue
		}
		if c := challengeOf(o); c.Nonce != "" {
			challenges = append(challenges, c)
		}
	}
	return challenges
}

func challengeOf(o offer) Challenge {
	value := func(name string) string {
		v, _ := o.param(name)
		return v
	}
	is := func(name, want string) bool { return strings.EqualFold(value(name), want) }
	c := Challenge{
		Realm:     value("realm"),
		Nonce:     value("nonce"),
		Opaque:    value("opaque"),
		Algorithm: value("algorithm"),
		Stale:     is("stale", "true"),
		Userhash:  is("userhash", "true"),
		UTF8:      is("charset", "UTF-8"),
	}
	for quality := range strings.FieldsFuncSeq(strings.ToLower(value("qop")), isSeparator) {
		c.QOP = append(c.QOP, quality)
	}
	if domain := strings.Fields(value("domain")); len(domain) > 0 {
		c.Domain = domain
	}
	return c
}

func isSeparator(r rune) bool { return r == ',' || r == ' ' || r == '\t' }

// Choose returns the challenge to answer: of those that can be, the one with
// the strongest algorithm, and of those the first. It is false if none can be.
func Choose(challenges []Challenge) (Challenge, bool) {
	best, strongest := Challenge{}, 0
	for _, c := range challenges {
		if a := c.algorithm(); c.Unsupported() == "" && a.strength > strongest {
			best, strongest = c, a.strength
		}
	}
	return best, strongest > 0
}

// Unsupported says what of a challenge is not known here, `algorithm "MD4"`;
// "" means that it can be answered.
func (c Challenge) Unsupported() string {
	if c.algorithm().strength == 0 {
		return "algorithm " + quote(c.Algorithm)
	}
	if len(c.QOP) > 0 && c.quality() == "" {
		return "qop " + quote(strings.Join(c.QOP, ","))
	}
	return ""
}

// quality returns the protection quality to answer with, "" if the server knows
// none or none of ours. The whole body is hashed only for who insists on it.
func (c Challenge) quality() string {
	for _, known := range [...]string{"auth", "auth-int"} {
		if slices.Contains(c.QOP, known) {
			return known
		}
	}
	return ""
}
