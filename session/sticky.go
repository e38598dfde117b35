package session

import (
	"encoding/base64"
	"slices"
	"strings"

	"sonde/session/secret"
)

// secretHeader says that h goes to one origin only and is not shown: by its mark,
// its name, or because its value holds a secret that is known by now.
func (s *Session) secretHeader(h Header) bool {
	return h.Secret || secret.Name(h.Name) || isCredentials(h.Value) || s.holdsSecret(h.Value)
}

// isCredentials says that a value reads like credentials (RFC 9110, section
// 11.4), whatever its name: a slip of the pen in Authorization is no reason to
// show them or to send them elsewhere.
func isCredentials(value string) bool {
	scheme, rest, ok := strings.Cut(value, " ")
	return ok && rest != "" && (strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "Basic"))
}

// secretParam is secretHeader for a parameter.
func (s *Session) secretParam(p Param) bool {
	return p.Secret || secret.Param(p.Name) || s.holdsSecret(p.Value)
}

// secretEdit is secretHeader for a header typed with a request.
func (s *Session) secretEdit(e HeaderEdit) bool {
	return e.Secret || secret.Name(e.Name) || isCredentials(e.Value) || s.holdsSecret(e.Value)
}

// holdsSecret says that text holds a secret the session knows, or one that shows by
// its shape.
func (s *Session) holdsSecret(text string) bool { return s.Secrets.Mask(text) != text }

// SetHeader makes h a header of every request, in place of those of the same
// name for the same origin. A secret one without an origin is bound to the
// base's, or without a base to that of the next request. The error says what
// about the name or the value cannot be sent.
func (s *Session) SetHeader(h Header) error {
	if err := checkField(h.Name, h.Value); err != nil {
		return err
	}
	if s.secretHeader(h) {
		s.rememberField(h.Name, h.Value)
	}
	if s.secretHeader(h) || h.Origin != "" {
		origin, err := s.originFor(h.Origin)
		if err != nil {
			return err
		}
		h.Origin = origin
	}
	same := func(o Header) bool { return strings.EqualFold(o.Name, h.Name) && o.Origin == h.Origin }
	i := slices.IndexFunc(s.Settings.Headers, same)
	if i < 0 {
		s.Settings.Headers = append(s.Settings.Headers, h)
		return nil
	}
	s.Settings.Headers[i] = h
	rest := slices.DeleteFunc(s.Settings.Headers[i+1:], same)
	s.Settings.Headers = s.Settings.Headers[:i+1+len(rest)]
	return nil
}

// DropHeader stops sending a header of that name, whatever its case, to the base's
// origin, and returns how many there were. Those of other origins stay: coming
// back finds them again. A field of that name that the program would add by
// itself is left out from then on, and counts as one.
func (s *Session) DropHeader(name string) int {
	n := s.ForgetHeader(name)
	if !s.isDefault(name) {
		return n
	}
	s.Settings.Headers = append(s.Settings.Headers, Header{Name: name, Drop: true})
	return max(n, 1)
}

// ForgetHeader removes what was said about a header of that name, whatever its
// case, as far as it is for the base's origin: nothing is sent any more, or what
// the program sends by itself. It returns how much there was.
func (s *Session) ForgetHeader(name string) int {
	n, here := len(s.Settings.Headers), s.hereOrigin()
	s.Settings.Headers = slices.DeleteFunc(s.Settings.Headers, func(h Header) bool {
		return strings.EqualFold(h.Name, name) && (h.Origin == "" || here == "" || h.Origin == here)
	})
	return n - len(s.Settings.Headers)
}

// isDefault says that the program adds a field of that name by itself.
func (s *Session) isDefault(name string) bool {
	return strings.EqualFold(name, "Content-Type") ||
		slices.ContainsFunc(s.Defaults(), func(f Field) bool { return strings.EqualFold(f.Name, name) })
}

// DropHeaderFor removes the session's headers of that name that go to an origin
// only, and returns how many there were.
func (s *Session) DropHeaderFor(name, origin string) int {
	n := len(s.Settings.Headers)
	s.Settings.Headers = slices.DeleteFunc(s.Settings.Headers, func(h Header) bool {
		return strings.EqualFold(h.Name, name) && h.Origin == origin
	})
	return n - len(s.Settings.Headers)
}

// hereOrigin is the base's origin, "" without a base.
func (s *Session) hereOrigin() string {
	if base := s.baseOrigin(); !base.IsZero() {
		return base.String()
	}
	return ""
}

// SetParam makes p a parameter of every request, in place of those of the same
// name for the same origin. Secret ones are bound as in [Session.SetHeader].
func (s *Session) SetParam(p Param) error {
	if s.secretParam(p) {
		s.remember("", p.Value)
	}
	if s.secretParam(p) || p.Origin != "" {
		origin, err := s.originFor(p.Origin)
		if err != nil {
			return err
		}
		p.Origin = origin
	}
	same := func(o Param) bool { return o.Name == p.Name && o.Origin == p.Origin }
	i := slices.IndexFunc(s.Settings.Params, same)
	if i < 0 {
		s.Settings.Params = append(s.Settings.Params, p)
		return nil
	}
	s.Settings.Params[i] = p
	rest := slices.DeleteFunc(s.Settings.Params[i+1:], same)
	s.Settings.Params = s.Settings.Params[:i+1+len(rest)]
	return nil
}

// DropParam is DropHeader for a parameter.
func (s *Session) DropParam(name string) int {
	n, here := len(s.Settings.Params), s.hereOrigin()
	s.Settings.Params = slices.DeleteFunc(s.Settings.Params, func(p Param) bool {
		return p.Name == name && (p.Origin == "" || here == "" || p.Origin == here)
	})
	return n - len(s.Settings.Params)
}

// DropParamFor is DropHeaderFor for a parameter.
func (s *Session) DropParamFor(name, origin string) int {
	n := len(s.Settings.Params)
	s.Settings.Params = slices.DeleteFunc(s.Settings.Params, func(p Param) bool { return p.Name == name && p.Origin == origin })
	return n - len(s.Settings.Params)
}

// bind gives every secret without an origin the one it was typed for: the
// base's, or without a base that of the request now going out.
func (s *Session) bind(first Origin) {
	if base := s.baseOrigin(); !base.IsZero() {
		first = base
	}
	for i, h := range s.Settings.Headers {
		if h.Origin == "" && s.secretHeader(h) {
			s.Settings.Headers[i].Origin = first.String()
			s.rememberField(h.Name, h.Value)
		}
	}
	for i, p := range s.Settings.Params {
		if p.Origin == "" && s.secretParam(p) {
			s.Settings.Params[i].Origin = first.String()
			s.remember("", p.Value)
		}
	}
	if s.cert != nil && s.cert.Origin == "" {
		s.cert.Origin = first.String()
	}
	if i := s.creds.index(""); i >= 0 {
		s.creds.bind(i, first.String())
	}
	s.jar.bind(first)
}

// bind gives the credentials at i their origin, in place of older ones for it.
func (c *credentials) bind(i int, origin string) {
	if old := c.index(origin); old >= 0 {
		c.list[old].Auth = c.list[i].Auth
		c.list = slices.Delete(c.list, i, i+1)
		return
	}
	c.list[i].Origin = origin
}

// rememberField makes what is secret in a header field known: of credentials
// without their scheme (RFC 9110, section 11.4), of cookies the values.
func (s *Session) rememberField(name, value string) {
	switch {
	case strings.EqualFold(name, "Cookie"):
		for pair := range strings.SplitSeq(value, ";") {
			_, v, _ := strings.Cut(pair, "=")
			s.remember("", trimBlanks(v))
		}
		return
	case !strings.EqualFold(name, "Authorization") && !strings.EqualFold(name, "Proxy-Authorization") && !isCredentials(value):
		s.remember("", value)
		return
	}
	scheme, rest, ok := strings.Cut(value, " ")
	if !ok {
		s.remember("", value)
		return
	}
	s.remember("", trimBlanks(rest))
	if !strings.EqualFold(scheme, "Basic") {
		return
	}
	if pair, err := base64.StdEncoding.DecodeString(trimBlanks(rest)); err == nil {
		user, password, _ := strings.Cut(string(pair), ":")
		s.remember(user, password)
	}
}
