package session

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// Limits on cookies. The first two are those browsers keep to (RFC 6265bis,
// sections 5.5 and 5.6), the others curl's.
const (
	maxCookieAge     = 400 * 24 * time.Hour
	maxCookieSize    = 4096 // bytes of name and value
	maxAttributeSize = 1024
	maxSetCookies    = 50   // per answer, unless the settings say otherwise
	maxCookiesSent   = 150  // per request
	maxCookieHeader  = 8190 // bytes per request
	maxPerDomain     = 300
	maxCookies       = 3000
)

// cookieHost is whose cookies a request gets: the URL's host, or the one its
// Host header names.
type cookieHost struct {
	host   string
	secure bool // https
	local  bool // this machine
	path   string
	origin string
}

// parseSetCookie reads a Set-Cookie field (RFC 6265, section 5.2) and decides
// whether the answer of at may set it (section 5.3).
func parseSetCookie(line string, at cookieHost, now time.Time) SetCookie {
	pair, attributes, _ := strings.Cut(line, ";")
	name, value, ok := strings.Cut(pair, "=")
	c := SetCookie{Cookie: Cookie{Name: trimBlanks(name), Value: trimBlanks(value), Domain: at.host, HostOnly: true, Origin: at.origin}}
	switch {
	case !ok || c.Name == "":
		c.Refused = "no name"
	case hasControl(line) || strings.Contains(c.Name, "\t") || strings.Contains(c.Value, "\t"):
		c.Refused = "a control character"
	case len(c.Name)+len(c.Value) > maxCookieSize:
		c.Refused = "larger than 4096 bytes"
	}
	if c.Refused != "" {
		return c
	}
	a := readAttributes(&c.Cookie, attributes, now)
	c.Removed = !c.Expires.IsZero() && !c.Expires.After(now)
	if c.Path == "" {
		c.Path = defaultPath(at.path)
	}
	if strings.Contains(c.Path, "\t") {
		c.Refused = "a control character"
		return c
	}
	if c.Refused = c.setDomain(a.domain, at); c.Refused == "" {
		c.Refused = c.checkSecure(a, at)
	}
	return c
}

type attributes struct {
	domain  string
	hasPath bool
}

func readAttributes(c *Cookie, text string, now time.Time) (a attributes) {
	maxAge := false
	for text != "" {
		var attribute string
		attribute, text, _ = strings.Cut(text, ";")
		name, value, _ := strings.Cut(attribute, "=")
		if name, value = trimBlanks(name), trimBlanks(value); len(value) > maxAttributeSize {
			continue
		}
		switch strings.ToLower(name) {
		case "expires":
			if t, ok := parseCookieDate(value); ok && !maxAge {
				c.Expires = earlier(t, now.Add(maxCookieAge))
			}
		case "max-age":
			if t, ok := afterMaxAge(value, now); ok {
				c.Expires, maxAge = t, true
			}
		case "domain":
			a.domain = strings.ToLower(strings.TrimPrefix(value, "."))
		case "path":
			if a.hasPath = strings.HasPrefix(value, "/"); a.hasPath {
				c.Path = value
			} else {
				c.Path = ""
			}
		case "secure":
			c.Secure = true
		case "httponly":
			c.HttpOnly = true
		case "samesite":
			c.SameSite = sameSite(value)
		}
	}
	return a
}

func afterMaxAge(value string, now time.Time) (time.Time, bool) {
	digits := strings.TrimPrefix(value, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(value, 10, 64)
	switch {
	case digits != value || err == nil && n == 0:
		return now.Add(-time.Second), true
	case err != nil || n > int64(maxCookieAge/time.Second):
		return now.Add(maxCookieAge), true
	}
	return now.Add(time.Duration(n) * time.Second), true
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func sameSite(value string) string {
	for _, known := range [...]string{"Strict", "Lax", "None"} {
		if strings.EqualFold(value, known) {
			return known
		}
	}
	return ""
}

// setDomain widens the cookie to a domain if it may, and says why not.
func (c *Cookie) setDomain(domain string, at cookieHost) (refused string) {
	if domain == "" || domain == at.host {
		if domain != "" && !strings.HasSuffix(domain, ".") && !isAddress(domain) && !isPublicSuffix(domain) {
			c.HostOnly = false
		}
		return ""
	}
	switch {
	case strings.HasSuffix(domain, ".") || !domainMatch(at.host, domain):
		return "set for " + domain + " by " + at.host
	case isPublicSuffix(domain):
		return domain + " is a public suffix, anyone can have a name under it"
	}
	c.Domain, c.HostOnly = domain, false
	return ""
}

// checkSecure holds a cookie to its Secure attribute and the promises of its
// name (RFC 6265bis, section 4.1.3). This machine may set Secure cookies over
// http, as browsers allow it.
func (c *Cookie) checkSecure(a attributes, at cookieHost) (refused string) {
	name := strings.ToLower(c.Name)
	switch {
	case c.Secure && !at.secure && !at.local:
		return "Secure over http"
	case strings.HasPrefix(name, "__secure-") && !(c.Secure && at.secure):
		return "__Secure- without Secure and https"
	case strings.HasPrefix(name, "__host-") && !(c.Secure && at.secure && c.Path == "/" && a.hasPath && a.domain == ""):
		return "__Host- without Secure, https, Path=/ and no Domain"
	}
	return ""
}

// domainMatch says that host is domain or a name under it (RFC 6265,
// section 5.1.3). An address is only itself.
func domainMatch(host, domain string) bool {
	if host == domain {
		return true
	}
	return strings.HasSuffix(host, domain) && host[len(host)-len(domain)-1] == '.' && !isAddress(host)
}

// pathMatch follows RFC 6265, section 5.1.4.
func pathMatch(path, cookie string) bool {
	return strings.HasPrefix(path, cookie) &&
		(len(path) == len(cookie) || cookie[len(cookie)-1] == '/' || path[len(cookie)] == '/')
}

func defaultPath(path string) string {
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		return path[:i]
	}
	return "/"
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

func isPublicSuffix(domain string) bool {
	suffix, _ := publicsuffix.PublicSuffix(domain)
	return suffix == domain
}

func trimBlanks(s string) string { return strings.Trim(s, " \t") }
