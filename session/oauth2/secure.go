package oauth2

import (
	"net/netip"
	"net/url"
	"strings"
)

// secureURL parses a URL that gets secrets, or that a person is sent to. It has
// to be https, or http on this machine, as RFC 6749 section 3 and RFC 8252
// section 7.3 have it. cause is "" if it is fit.
func secureURL(raw string) (u *url.URL, cause string) {
	u, err := url.Parse(raw)
	switch {
	case raw == "":
		return nil, "there is none"
	case err != nil:
		return nil, "it does not parse"
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, "it does not start with https://"
	case u.Hostname() == "":
		return nil, "it has no host"
	case u.User != nil:
		return nil, "it has a user name in it"
	case u.Fragment != "":
		return nil, "it has a # in it"
	case u.Scheme == "http" && !loopbackHost(u.Hostname()):
		return nil, "it is not https"
	}
	return u, ""
}

// loopbackHost says that a host is this machine.
func loopbackHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
