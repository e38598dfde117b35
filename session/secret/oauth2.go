package secret

import "strings"

// oauth2 handles the arguments of auth oauth2: how to get a token, the client,
// its secret, and settings as name=value. What stands behind the client is the
// secret unless it can be nothing but a setting. Elsewhere URLs and scopes are
// none, and options are followed by what their names say, as other tools have it.
func (l *liner) oauth2(args []word) {
	client, given, scopes, value := false, false, false, false
	for i, w := range args {
		name := strings.ToLower(strings.TrimLeft(w.text, "-"))
		before, _, named := strings.Cut(name, "=")
		switch {
		case value:
			l.hideWord(w)
			value, given = false, true
		case i == 0 && flow(name), name == "ask", Reference(w.text), named && l.setting(w):
		case named && (before == "client_id" || before == "client_secret"):
			// Looked at by its name, as everywhere.
		case client && !given:
			l.hideWord(w)
			given = true
		case fieldName(name) && Field(name):
			value, scopes = true, false
		case name == "scope" || name == "scopes":
			scopes = true
		case scopes || strings.HasPrefix(w.text, "-") || strings.Contains(w.text, "://"):
		case !client:
			client = !named
		default:
			l.hideWord(w)
		}
	}
}

// setting reports whether w is a setting of auth oauth2, and remembers those
// whose names would mean a secret elsewhere. Such a name in front of what is no
// value for it is not taken for a setting.
func (l *liner) setting(w word) bool {
	name, value, _ := strings.Cut(w.text, "=")
	switch strings.ToLower(name) {
	case "issuer", "authorize", "device", "scope", "audience", "resource":
		return true
	case "token":
		if !strings.Contains(value, "://") {
			return false
		}
	case "auth":
		if value != "basic" && value != "post" {
			return false
		}
	default:
		return false
	}
	l.settings = append(l.settings, span{from: w.from, to: w.to})
	return true
}

// flow reports whether word says how to get a token with OAuth 2.0.
func flow(word string) bool {
	switch squash(word) {
	case "client", "clientcredentials", "device", "devicecode", "code", "authorizationcode",
		"refresh", "pkce", "browser", "implicit":
		return true
	}
	return false
}
