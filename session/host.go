package session

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
)

// normalHost returns a host name or address in the one form it is compared
// and dialled in. whole is the URL for messages.
func normalHost(whole, host string) (string, error) {
	if host == "" {
		return "", urlError(whole, "no host", "")
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.String(), nil
	}
	host = strings.ToLower(host)
	if strings.HasPrefix(host, ".") || strings.Contains(host, "..") {
		return "", urlError(whole, "an empty label in the host", "")
	}
	name, cause := asciiHost(strings.TrimSuffix(host, "."))
	if cause != "" {
		return "", urlError(whole, cause, "")
	}
	labels := strings.Split(name, ".")
	if last := labels[len(labels)-1]; strings.Trim(last, "0123456789") == "" {
		return "", urlError(whole, quote(host)+" is neither a name nor an address", "")
	}
	if len(name) > 253 {
		return "", urlError(whole, "a host of more than 253 bytes", "")
	}
	if strings.HasSuffix(host, ".") {
		name += "."
	}
	return name, nil
}

// asciiHost checks a host name and puts it into the form DNS knows: what is not
// ASCII is mapped and encoded as browsers do it (UTS #46). cause is "" if the name
// is fit.
func asciiHost(host string) (ascii, cause string) {
	plain := true
	for _, r := range host {
		switch {
		case r < 0x80 && r != '.' && (!unreserved(byte(r)) || r == '~'):
			return "", "a " + quote(string(r)) + " in the host"
		case r >= 0x80:
			plain = false
		}
	}
	if !plain {
		mapped, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", quote(host) + " is no host name: " + strings.TrimPrefix(err.Error(), "idna: ")
		}
		host = mapped
	}
	for label := range strings.SplitSeq(host, ".") {
		if len(label) > 63 {
			return "", "a label of more than 63 bytes in the host"
		}
	}
	return host, ""
}

// isLoopback says that a host in normal form is this machine.
func isLoopback(host string) bool {
	host = strings.TrimSuffix(host, ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// bracketed returns a host as it stands in a URL.
func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}
