package session

// An Origin is where a credential belongs: scheme, host and port, all three
// (RFC 6454, section 4). Its fields are in lower case and Port is never empty,
// except in the zero Origin, which stands for none, and in that of a unix
// socket: its Scheme is "unix", its Host the path of the socket.
type Origin struct{ Scheme, Host, Port string }

// OriginOf returns the origin of a URL. A URL without a scheme gets the one it
// would get as a target. The error is of phase [PhaseURL].
func OriginOf(rawURL string) (Origin, error) {
	u, err := parseAddress(rawURL)
	if err != nil {
		return Origin{}, err
	}
	return u.Origin(), nil
}

// String returns the origin as a URL without a path, the scheme's own port
// left out: "https://api.github.com". The zero Origin gives "".
func (o Origin) String() string {
	switch o.Scheme {
	case "":
		return ""
	case "unix":
		return "unix:" + o.Host
	}
	return o.Scheme + "://" + o.hostPort()
}

// IsZero says that there is no origin.
func (o Origin) IsZero() bool { return o.Scheme == "" }

// hostPort returns the host as a person reads it: the port only where it is not
// the scheme's own.
func (o Origin) hostPort() string {
	if o.Scheme == "unix" {
		return o.String()
	}
	if o.Port == defaultPort(o.Scheme) {
		return bracketed(o.Host)
	}
	return bracketed(o.Host) + ":" + o.Port
}

// authority returns the value of the Host header (RFC 9110, section 7.2). A unix
// socket has no name; localhost is what those who listen there expect.
func (o Origin) authority() string {
	if o.Scheme == "unix" {
		return "localhost"
	}
	return o.hostPort()
}

// upgrades says that going from o to next is the switch from http to https on
// the standard ports of one host, which keeps credentials.
func (o Origin) upgrades(next Origin) bool {
	return o.Scheme == "http" && o.Port == "80" && next.Scheme == "https" && next.Port == "443" && o.Host == next.Host
}

func defaultPort(scheme string) string {
	switch scheme {
	case "http":
		return "80"
	case "https":
		return "443"
	}
	return ""
}
