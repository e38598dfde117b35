package proxy

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// An Env is what the environment says about proxies: HTTP_PROXY, HTTPS_PROXY,
// ALL_PROXY and NO_PROXY as curl and Python's requests know them. The zero Env
// says nothing.
type Env struct {
	http, https, all, no variable
	cgi                  bool
	match                func(*url.URL) (*url.URL, error) // nil: no proxy is named
}

// variable is an environment variable by the name it was found under, "" if it
// is not set.
type variable struct{ name, value string }

// A Variable is an environment variable about proxies, to be shown.
type Variable struct {
	Name  string // as it is set: "HTTPS_PROXY" or "https_proxy"
	Value string // with a mask in place of a password, or of all of a value that is no proxy
	Note  string // why it does not count, "" if it does
}

// FromEnv reads the environment by lookup, whose ok says that a variable is there. A name
// in lower case wins over the same in upper case, even if its value is empty.
// HTTP_PROXY counts in neither case if REQUEST_METHOD is set: a program that a
// web server runs (RFC 3875) has it from a client's header (CVE-2016-5385), and
// Windows does not tell the cases apart.
func FromEnv(lookup func(name string) (value string, ok bool)) Env {
	find := func(upper string) variable {
		for _, name := range [2]string{strings.ToLower(upper), upper} {
			if value, ok := lookup(name); ok {
				return variable{name, strings.TrimSpace(value)}
			}
		}
		return variable{}
	}
	e := Env{http: find("HTTP_PROXY"), https: find("HTTPS_PROXY"), all: find("ALL_PROXY"), no: find("NO_PROXY")}
	_, e.cgi = lookup("REQUEST_METHOD")
	if e.http.value != "" || e.https.value != "" || e.all.value != "" {
		// Only the matching is httpproxy's: the proxy it is given stands for
		// whichever variable counts.
		const some = "http://proxy"
		c := httpproxy.Config{HTTPProxy: some, HTTPSProxy: some, NoProxy: noProxy(e.no.value)}
		e.match = c.ProxyFunc()
	}
	return e
}

// noProxy puts the value of NO_PROXY into the form httpproxy reads: commas
// between the entries, where curl takes blanks too, no dot at the end of a name
// and no brackets around an address without a port.
func noProxy(value string) string {
	entries := strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	for i, entry := range entries {
		entry = strings.TrimSuffix(entry, ".")
		if strings.HasPrefix(entry, "[") && strings.HasSuffix(entry, "]") {
			entry = entry[1 : len(entry)-1]
		}
		entries[i] = entry
	}
	return strings.Join(entries, ",")
}

// For returns the proxy for requests to an origin and the name of the variable
// it is from. host is in lower case, an IPv6 address with or without brackets;
// port is not empty. ok is false if there is none: nothing is set, NO_PROXY
// names the host, or the host is this machine, whose servers no proxy reaches
// (requests asks the proxy even then). A value that is no proxy is an [Error].
func (e Env) For(scheme, host, port string) (s Server, from string, ok bool, err error) {
	host = strings.TrimSuffix(strings.Trim(host, "[]"), ".")
	v := e.variableFor(scheme)
	if v.value == "" || isThisMachine(host) {
		return Server{}, "", false, nil
	}
	u := &url.URL{Scheme: scheme, Host: net.JoinHostPort(host, port)}
	if p, err := e.match(u); p == nil || err != nil {
		return Server{}, "", false, nil
	}
	s, err = Parse(v.value)
	if err != nil {
		return Server{}, v.name, false, &Error{Phase: PhaseProxy, Text: v.name + ": " + err.Error(), Hint: "env off"}
	}
	return s, v.name, true, nil
}

// variableFor returns the variable that counts for a scheme.
func (e Env) variableFor(scheme string) variable {
	switch {
	case scheme == "http" && !e.cgi && e.http.value != "":
		return e.http
	case scheme == "https" && e.https.value != "":
		return e.https
	case scheme == "http" || scheme == "https":
		return e.all
	}
	return variable{}
}

// isThisMachine says that a host is loopback, or the unspecified address, which
// connects to loopback too.
func isThisMachine(host string) bool {
	host = strings.ToLower(host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") { // RFC 6761, section 6.3
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && (addr.Unmap().IsLoopback() || addr.Unmap().IsUnspecified())
}

// Variables returns the variables that are set and not empty, in the order
// HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY; nil if there are none. Of two
// that differ only in case it has the one that wins.
func (e Env) Variables() []Variable {
	var list []Variable
	for i, v := range [...]variable{e.http, e.https, e.all} {
		if v.value == "" {
			continue
		}
		shown := Variable{Name: v.name, Value: mask}
		if s, err := Parse(v.value); err != nil {
			shown.Note = err.Error()
		} else {
			shown.Value = s.String()
		}
		if i == 0 && e.cgi {
			shown.Note = "ignored, since REQUEST_METHOD is set"
		}
		list = append(list, shown)
	}
	if e.no.value != "" {
		list = append(list, Variable{Name: e.no.name, Value: e.no.value})
	}
	return list
}
