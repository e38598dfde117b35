package digest

import "strings"

// An offer is one challenge: a way to log in that a server names in a 401 or a
// proxy in a 407 (RFC 9110, section 11.3).
type offer struct {
	Scheme string  // as sent, "Basic"; compare it without regard to case
	Token  string  // what stands in place of parameters (token68), as after Negotiate; "" if nothing does
	Params []param // in the order sent; nil if there are none
}

// A param is a parameter of an offer, its value without quotes and escapes.
type param struct{ Name, Value string }

// param returns the first parameter of a name, in any case.
func (o offer) param(name string) (value string, ok bool) {
	for _, p := range o.Params {
		if strings.EqualFold(p.Name, name) {
			return p.Value, true
		}
	}
	return "", false
}

// parseChallenges returns all that the values of WWW-Authenticate or Proxy-Authenticate
// fields offer, in the order sent. One value may hold several challenges (RFC
// 9110, section 11.6.1). What makes no sense is passed over.
func parseChallenges(values []string) []offer {
	var offers []offer
	for _, value := range values {
		first := len(offers) // parameters never belong to a challenge of another field
		for s := (scanner{text: value}); s.next(); {
			name := s.token()
			if name == "" {
				s.junk()
				continue
			}
			if s.equals() {
				if v, ok := s.value(); ok && len(offers) > first {
					last := &offers[len(offers)-1]
					last.Params = append(last.Params, param{name, v})
				}
				continue
			}
			offers = append(offers, offer{Scheme: name, Token: s.token68()})
		}
	}
	return offers
}

// A scanner reads the value of one field from left to right.
type scanner struct {
	text string
	pos  int
}

// next goes to where the next word starts, false at the end.
func (s *scanner) next() bool {
	s.skip(", \t")
	return s.pos < len(s.text)
}

func (s *scanner) skip(set string) {
	for s.pos < len(s.text) && strings.IndexByte(set, s.text[s.pos]) >= 0 {
		s.pos++
	}
}

// token reads a token (RFC 9110, section 5.6.2), which may be empty.
func (s *scanner) token() string {
	start := s.pos
	for s.pos < len(s.text) && isToken(s.text[s.pos]) {
		s.pos++
	}
	return s.text[start:s.pos]
}

// equals reads an equals sign with the blanks around it, if there is one.
func (s *scanner) equals() bool {
	start := s.pos
	if s.skip(" \t"); s.pos == len(s.text) || s.text[s.pos] != '=' {
		s.pos = start
		return false
	}
	s.pos++
	s.skip(" \t")
	return true
}

// value reads a quoted string, or what comes before the next comma or blank:
// some servers leave out the quotes where a token is not enough. It is not ok
// if the closing quote is missing.
func (s *scanner) value() (value string, ok bool) {
	start := s.pos
	if start == len(s.text) || s.text[start] != '"' {
		for s.pos < len(s.text) && strings.IndexByte(", \t", s.text[s.pos]) < 0 {
			s.pos++
		}
		return s.text[start:s.pos], true
	}
	var b strings.Builder
	for s.pos++; s.pos < len(s.text); s.pos++ {
		switch c := s.text[s.pos]; {
		case c == '"':
			s.pos++
			return b.String(), true
		case c == '\\' && s.pos+1 < len(s.text):
			s.pos++
			b.WriteByte(s.text[s.pos])
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

// token68 reads the token68 behind a scheme (RFC 9110, section 11.2), "" if
// parameters or nothing follow.
func (s *scanner) token68() string {
	start := s.pos
	s.skip(" \t")
	from := s.pos
	for s.pos < len(s.text) && (isAlphanumeric(s.text[s.pos]) || strings.IndexByte("-._~+/", s.text[s.pos]) >= 0) {
		s.pos++
	}
	body := s.pos
	s.skip("=")
	to := s.pos
	s.skip(" \t")
	if from == start || body == from || s.pos < len(s.text) && s.text[s.pos] != ',' {
		s.pos = start
		return ""
	}
	return s.text[from:to]
}

// junk passes over what can be neither a scheme nor a parameter.
func (s *scanner) junk() {
	for s.pos < len(s.text) && s.text[s.pos] != ',' {
		if s.text[s.pos] == '"' {
			s.value()
		} else {
			s.pos++
		}
	}
}

func isToken(c byte) bool {
	return isAlphanumeric(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
