package session

import (
	"net/netip"
	"strings"
)

// Resolve returns the URL a target means now; nothing is sent. In this order:
//
//   - a scheme and "://", or "unix:": the URL itself
//   - "/x": x below the path of the base, whatever Dir says
//   - "?q" and "": the base and Dir, with that query
//   - ":8080/x" and ":/x": this machine
//   - a first segment that is localhost, an IP address, name.name:DIGITS or,
//     without a base, has a dot: that host
//   - anything else: a path below the base's path and Dir, in which ".." goes
//     up, at most to the root of the base's origin
//
// Without a scheme this machine is asked over http, others over https. What
// may not stand in a URL is percent-encoded once, but blanks and control
// characters are refused. The error is of phase [PhaseURL].
func (s *Session) Resolve(t Target) (*URL, error) {
	if t.FromQuery {
		return s.resolveReference(t.Text)
	}
	text := t.Text
	if err := checkTyped(text); err != nil {
		return nil, err
	}
	switch {
	case strings.Contains(text, "://") && startsWithScheme(text), isUnix(text):
		return parseURL(text, false)
	case strings.HasPrefix(text, ":"):
		return parseURL("http://localhost"+text, false)
	case text != "" && text[0] != '/' && text[0] != '?' && looksLikeHost(text, s.Settings.Base != ""):
		return parseAddress(text)
	}
	return s.belowBase(text)
}

// ParseBase returns the normal form of a URL that is to be the base, without
// its userinfo. It may lack the scheme. The error is of phase [PhaseURL].
func ParseBase(text string) (string, error) {
	u, err := parseBase(text)
	if err != nil {
		return "", err
	}
	return u.base(), nil
}

func parseBase(text string) (*URL, error) {
	u, err := parseAddress(text)
	if err != nil {
		return nil, err
	}
	if isBareWord(text) {
		return nil, urlError(text, "a host without a dot is written with its scheme", "base https://"+text)
	}
	if u.HasQuery {
		return nil, urlError(text, "a base has no query", "param NAME==VALUE")
	}
	u.Fragment = ""
	return u, nil
}

// isBareWord says that a base could as well be a word that was mistyped: no scheme,
// no dot, no port, and not this machine.
func isBareWord(text string) bool {
	host, _, _ := strings.Cut(text, "/")
	return !startsWithScheme(text) && !isUnix(text) && !strings.Contains(host, ":") && !looksLikeHost(host, false)
}

// base returns the URL as a base is written: a path of "/" is left out.
func (u *URL) base() string {
	if u.Path == "/" && !u.HasQuery {
		return u.Origin().String()
	}
	return u.String()
}

// parseAddress parses a URL that may lack its scheme.
func parseAddress(text string) (*URL, error) {
	if startsWithScheme(text) || isUnix(text) {
		return parseURL(text, false)
	}
	if strings.HasPrefix(text, ":") {
		text = "localhost" + text
	}
	u, err := parseURL("https://"+text, false)
	if err != nil || !isLoopback(u.Host) {
		return u, err
	}
	return parseURL("http://"+text, false)
}

func startsWithScheme(text string) bool {
	scheme, ok := schemeOf(text)
	return ok && strings.HasPrefix(text[len(scheme):], "://")
}

// looksLikeHost says that the first segment of a target is a host.
func looksLikeHost(text string, hasBase bool) bool {
	if i := strings.IndexAny(text, "/?#"); i >= 0 {
		text = text[:i]
	}
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		text = text[at+1:]
	}
	if strings.HasPrefix(text, "[") {
		return true
	}
	host, port, hasPort := strings.Cut(text, ":")
	hasPort = hasPort && port != "" && strings.Trim(port, "0123456789") == ""
	if strings.EqualFold(host, "localhost") && (hasPort || port == "") {
		return true
	}
	if _, err := netip.ParseAddr(host); err == nil && (hasPort || port == "") {
		return true
	}
	dot := strings.Contains(host, ".") && !strings.HasPrefix(host, ".")
	return dot && (hasPort || !hasBase)
}

func (s *Session) belowBase(text string) (*URL, error) {
	base, err := s.base()
	if err != nil {
		return nil, err
	}
	if base == nil {
		hint := "base https://HOST"
		return nil, &Error{Phase: PhaseURL, Text: "url " + quote(text) + ": no base URL to put it under", Hint: hint}
	}
	u := *base
	path, query, hasQuery, fragment := splitPath(text)
	root := strings.TrimSuffix(base.Path, "/")
	switch {
	case strings.HasPrefix(path, "/"):
		u.Path = root + encodePath(path)
	case path != "" && s.Settings.Dir != "":
		u.Path = root + "/" + encodePath(s.Settings.Dir) + "/" + encodePath(path)
	case path != "":
		u.Path = root + "/" + encodePath(path)
	case s.Settings.Dir != "":
		u.Path = root + "/" + encodePath(s.Settings.Dir)
	}
	u.Path = removeDotSegments(u.Path)
	u.Query, u.HasQuery = encodeQuery(query), hasQuery
	u.Fragment = encodeQuery(fragment)
	return &u, nil
}

// base returns the parsed base, nil without one. It is parsed once per change.
func (s *Session) base() (*URL, error) {
	if s.Settings.Base == "" {
		return nil, nil
	}
	if s.parsed == nil || s.parsedFrom != s.Settings.Base {
		u, err := parseBase(s.Settings.Base)
		if err != nil {
			return nil, err
		}
		s.parsed, s.parsedFrom = u, s.Settings.Base
	}
	return s.parsed, nil
}

// resolveReference resolves a URL out of a body against the base's origin, or
// without a base against the URL the last answer came from.
func (s *Session) resolveReference(text string) (*URL, error) {
	text = strings.Trim(text, " \t\r\n") // as those who read URLs out of text do
	if hasControl(text) {
		return nil, urlError(text, "a control character", "")
	}
	if isUnix(text) {
		return nil, urlError(text, "a body does not lead to a socket of this machine", "")
	}
	if startsWithScheme(text) {
		return parseURL(text, true)
	}
	from, err := s.base()
	if err != nil {
		return nil, err
	}
	if from != nil {
		root := *from
		root.Path, root.user = "/", nil
		return root.resolve(text)
	}
	last := s.Last()
	if last == nil {
		return nil, &Error{Phase: PhaseURL, Text: "url " + quote(text) + ": no base URL to resolve it against", Hint: "base https://HOST"}
	}
	if from, err = parseURL(last.Sent.URL, true); err != nil {
		return nil, err
	}
	from.Fragment = ""
	return from.resolve(text)
}

// ChangeDir returns what Settings.Dir becomes when a person who is in dir asks
// for text: "/x" starts at the base's path, ".." goes up, "" and "/" lead back
// to it. It does not climb above the base's path.
func ChangeDir(dir, text string) (string, error) {
	if err := checkTyped(text); err != nil {
		return "", err
	}
	if strings.ContainsAny(text, "?#") {
		return "", urlError(text, "a directory has no query", "")
	}
	if strings.Contains(text, "://") {
		return "", urlError(text, "a whole URL is no directory", "base "+text)
	}
	if text == "" {
		return "", nil
	}
	if !strings.HasPrefix(text, "/") {
		text = "/" + dir + "/" + text
	}
	return strings.Trim(removeDotSegments(text), "/"), nil
}

// checkTyped refuses what must not be in a URL a person typed: a blank there
// is a slip more often than a wish, and a control character is an attack.
func checkTyped(text string) error {
	for i := range len(text) {
		switch c := text[i]; {
		case c == ' ':
			return urlError(text, "a blank; write it as %20", strings.ReplaceAll(text, " ", "%20"))
		case c < ' ' || c == 0x7f:
			return urlError(text, "a control character", "")
		}
	}
	return nil
}
