package line

import (
	"net/netip"
	"strings"
)

// isTarget reports whether a first word is a URL by its look alone: one with a
// scheme, one that starts with / ? or :, or one that starts with a host.
func isTarget(word string, hasBase bool) bool {
	if strings.IndexByte("/?:", word[0]) >= 0 || hasScheme(word) {
		return true
	}
	host, _ := hostPort(word)
	if strings.EqualFold(host, "localhost") {
		return true
	}
	return isDotted(host) && !hasBase
}

// isAddress reports whether a first word starts with an IP address or a.b:8080.
// Neither is jq, so they come before the query that a digit, a bracket or a name
// like status in front would make of them.
func isAddress(word string) bool {
	host, port := hostPort(word)
	if port && isDotted(host) {
		return true
	}
	if !isDigit(word[0]) && word[0] != '[' {
		return false
	}
	if in, ok := strings.CutPrefix(host, "["); ok {
		in, ok = strings.CutSuffix(in, "]")
		a, err := netip.ParseAddr(in)
		return ok && err == nil && a.Is6()
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Is4()
}

// hasScheme reports whether word starts with a scheme (RFC 3986, section 3.1)
// and "://".
func hasScheme(word string) bool {
	name, _, ok := strings.Cut(word, "://")
	if !ok || name == "" || !isLetter(name[0]) {
		return false
	}
	for i := range len(name) {
		if c := name[i]; !isLetter(c) && !isDigit(c) && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// hostPort is the first segment of word without a port of digits, and whether it
// had one. A colon with anything else behind it stays in the host.
func hostPort(word string) (host string, port bool) {
	if i := strings.IndexAny(word, "/?#"); i >= 0 {
		word = word[:i]
	}
	i := strings.LastIndexByte(word, ':')
	if i < 0 || i == len(word)-1 || strings.HasSuffix(word, "]") {
		return word, false
	}
	for j := i + 1; j < len(word); j++ {
		if !isDigit(word[j]) {
			return word, false
		}
	}
	return word[:i], true
}

// isDotted reports whether host is at least two names with dots between them.
// Bytes beyond ASCII count as letters, so that names in other scripts are hosts.
func isDotted(host string) bool {
	dots, label := 0, 0
	for i := range len(host) {
		switch c := host[i]; {
		case c == '.' && label > 0:
			dots++
			label = 0
		case isLetter(c), isDigit(c), c == '-', c == '_', c >= 0x80:
			label++
		default:
			return false
		}
	}
	return dots > 0 && label > 0
}
