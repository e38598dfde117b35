package session

import (
	"maps"
	"slices"
)

// An identity is who the session is to the servers, with all that must not be
// mixed with another's: credentials, cookies, headers, parameters, a client
// certificate, and the connections made under them.
type identity struct {
	name    string // "" is the one a session starts with
	creds   credentials
	jar     jar
	pool    pool
	cert    *clientCert // nil means none
	headers []Header    // while another identity is the current one
	params  []Param     // likewise
}

// Name returns the name of the current identity, "" for the one a session
// starts with.
func (s *Session) Name() string { return s.identity.name }

// Identities returns the names of all identities: "" first, then the others in
// the order of their names.
func (s *Session) Identities() []string {
	names := append(slices.Collect(maps.Keys(s.others)), s.identity.name)
	slices.Sort(names)
	return names
}

// As makes the identity of that name the current one: its credentials, cookies,
// headers, parameters, client certificate and connections, while settings and
// exchanges are the session's. One that does not exist yet is made, with the
// headers and parameters of the current one that are not secret, and isNew is
// true.
func (s *Session) As(name string) (isNew bool) {
	if name == s.identity.name {
		return false
	}
	next, known := s.others[name]
	if !known {
		next = identity{name: name, headers: s.withoutSecretHeaders(s.Settings.Headers), params: s.withoutSecretParams(s.Settings.Params)}
	}
	if s.others == nil {
		s.others = make(map[string]identity)
	}
	s.identity.headers, s.identity.params = s.Settings.Headers, s.Settings.Params
	s.others[s.identity.name] = s.identity
	delete(s.others, name)
	s.identity = next
	s.closeSurplus()
	s.Settings.Headers, s.Settings.Params = next.headers, next.params
	s.identity.headers, s.identity.params = nil, nil
	return !known
}

// Bare says that the current identity holds no login, cookie, client certificate
// or open connection. Headers and parameters do not count.
func (s *Session) Bare() bool {
	s.jar.expire(s.now())
	return len(s.creds.list) == 0 && len(s.jar.list) == 0 && s.cert == nil && s.pool.open() == 0
}

// closeSurplus keeps the connections of all identities together within bounds, at
// the cost of those that are not the current one.
func (s *Session) closeSurplus() {
	open := s.pool.open()
	for _, other := range s.others {
		open += other.pool.open()
	}
	for name, other := range s.others {
		if open <= maxIdle {
			return
		}
		open -= other.pool.open()
		other.pool.closeAll()
		s.others[name] = other
	}
}

// Forget removes an identity that is not the current one, with all it holds, and
// says whether there was one.
func (s *Session) Forget(name string) bool {
	other, ok := s.others[name]
	if ok {
		other.pool.closeAll()
		s.past.add(other.pool.stats)
		delete(s.others, name)
	}
	return ok
}
