package session

import (
	"os"
	"time"

	"sonde/session/netrc"
)

// netrcFile is .netrc as it was read last.
type netrcFile struct {
	looked  time.Time // when it was, zero for never
	path    string
	changed time.Time
	size    int64
	file    *netrc.File // nil means there is none
	err     error
	warning string
	told    bool // somebody was told what is wrong
}

// netrcLogins returns what .netrc holds now, nil if there is none. A change is
// seen within a second.
func (e *environment) netrcLogins(now time.Time) (*netrc.File, error) {
	if e.lookup == nil {
		return nil, nil
	}
	n := &e.logins
	if !n.looked.IsZero() && now.Sub(n.looked).Abs() < time.Second {
		return n.file, n.err
	}
	path, ok := netrc.Path(e.lookup, e.home)
	info, err := os.Stat(path)
	if !ok || err != nil {
		*n = netrcFile{looked: now}
		return nil, nil
	}
	if n.path != path || !n.changed.Equal(info.ModTime()) || n.size != info.Size() {
		*n = netrcFile{path: path, changed: info.ModTime(), size: info.Size()}
		n.file, n.warning, n.err = netrc.Load(path)
	}
	n.looked = now
	return n.file, n.err
}

// netrcFor returns the login .netrc has for where a hop leads. Its passwords are
// for hosts, not for origins, so they follow a redirect to another host only,
// and never from https to http. user "" is the one the file names.
func (s *Session) netrcFor(h *hop, user string) (Field, bool) {
	if s.Settings.IgnoreEnv || s.world.noLogins || s.world.lookup == nil || h.url.Scheme == "unix" {
		return Field{}, false
	}
	for _, left := range h.trail.left {
		if h.trail.allows(left) { // the same host's http, which led to its https
			continue
		}
		if left.Host == h.trail.now.Host || left.Scheme == "https" && h.trail.now.Scheme == "http" {
			return Field{}, false
		}
	}
	file, err := s.world.netrcLogins(s.now())
	if err != nil || file == nil {
		return Field{}, false
	}
	login, password, ok := file.Lookup(h.url.Host, user)
	if !ok {
		return Field{}, false
	}
	s.remember(login, password)
	return Field{Name: "Authorization", Value: basic(login, password)}, true
}

// NetrcAuth returns the login that .netrc has for an origin, "" for the base's,
// whatever Settings.IgnoreEnv says. The error says what is wrong with the file,
// or that it has none; it is of phase [PhaseAuth], or of [PhaseRequest] if there
// is no origin.
func (s *Session) NetrcAuth(origin string) (Auth, error) {
	o, err := s.originFor(origin)
	if err != nil {
		return Auth{}, err
	}
	at, err := OriginOf(o)
	if err != nil {
		return Auth{}, &Error{Phase: PhaseRequest, Text: "auth netrc: no base URL, so no host to look up", Hint: "auth netrc for https://HOST"}
	}
	file, err := s.world.netrcLogins(s.now())
	if err != nil {
		return Auth{}, &Error{Phase: PhaseAuth, Text: "auth netrc: " + err.Error(), Err: err}
	}
	if file == nil {
		return Auth{}, &Error{Phase: PhaseAuth, Text: "auth netrc: " + s.world.noNetrc(), Hint: "auth USER"}
	}
	login, password, ok := file.Lookup(at.Host, "")
	if !ok {
		return Auth{}, &Error{Phase: PhaseAuth, Text: "auth netrc: no password for " + at.Host + " in " + s.world.logins.path, Hint: "auth USER"}
	}
	return Auth{Kind: "basic", User: login, Secret: password, Source: FromNetrc}, nil
}

// noNetrc says which file is not there.
func (e *environment) noNetrc() string {
	if e.lookup != nil {
		if path, _ := netrc.Path(e.lookup, e.home); path != "" {
			return "there is no " + path
		}
	}
	return "there is no home directory to look for .netrc in"
}

// Netrc returns the path of the file .netrc, if there is one and it is used, and
// what is wrong with it, "" if nothing is. It is read if it was not yet.
func (s *Session) Netrc() (path, wrong string) {
	if s.Settings.IgnoreEnv || s.world.lookup == nil {
		return "", ""
	}
	_, err := s.world.netrcLogins(s.now())
	n := &s.world.logins
	if err != nil {
		return n.path, err.Error()
	}
	return n.path, n.warning
}
