package session

import (
	"encoding/base64"
	"slices"
	"strings"

	"sonde/session/digest"
)

// Auth is how a user proves who they are to one origin.
type Auth struct {
	// Kind is "basic" (RFC 7617), "bearer" (RFC 6750), "digest" (RFC 7616),
	// "apikey" or "oauth2". An apikey is the secret in a header of the name
	// User, or, if User ends in "==", in a query parameter of that name. Of
	// oauth2 the secret is the access token, see [Session.AuthorizeOAuth].
	Kind   string
	User   string // for basic and digest the user name, for apikey the name of the header or parameter, for oauth2 the client
	Secret string
	Source Source // FromNetrc if it was read there, else FromAuth or 0

	oauth  *grant        // of oauth2
	digest *digest.State // of digest: what the server asked for last
}

// An OriginAuth is an Auth and the origin it goes to; "" means the origin of
// the next request.
type OriginAuth struct {
	Origin string
	Auth   Auth
}

// credentials are the auths of a session, in the order first given. The one
// whose origin is "" is bound to the origin of the next request.
type credentials struct{ list []OriginAuth }

func (c *credentials) clear() int {
	n := len(c.list)
	c.list = nil
	return n
}

func (c *credentials) index(origin string) int {
	return slices.IndexFunc(c.list, func(a OriginAuth) bool { return a.Origin == origin })
}

// SetAuth makes a the credentials for an origin, in place of earlier ones and
// of sticky Authorization headers for it. origin "" means the base's, and
// without a base that of the next request. The secret becomes known to
// s.Secrets. The error says what about a or origin does not fit.
func (s *Session) SetAuth(a Auth, origin string) error {
	if err := a.check(); err != nil {
		return err
	}
	origin, err := s.originFor(origin)
	if err != nil {
		return err
	}
	if a.Kind == "digest" {
		a.digest = new(digest.State)
	}
	s.remember(a.User, a.Secret)
	if a.Kind != "apikey" {
		s.Settings.Headers = slices.DeleteFunc(s.Settings.Headers, func(h Header) bool {
			return strings.EqualFold(h.Name, "Authorization") && (h.Origin == origin || h.Origin == "")
		})
	}
	if i := s.creds.index(origin); i >= 0 {
		s.creds.list[i].Auth = a
		return nil
	}
	s.creds.list = append(s.creds.list, OriginAuth{Origin: origin, Auth: a})
	return nil
}

// originFor returns the normal form of an origin a person named, the base's
// for "", and "" if there is no base either.
func (s *Session) originFor(origin string) (string, error) {
	if origin == "" {
		return s.baseOrigin().String(), nil
	}
	o, err := OriginOf(origin)
	if err != nil {
		return "", err
	}
	return o.String(), nil
}

// AuthFor returns the credentials for an origin; "" means as in
// [Session.SetAuth].
func (s *Session) AuthFor(origin string) (Auth, bool) {
	origin, err := s.originFor(origin)
	if err != nil {
		return Auth{}, false
	}
	i := s.creds.index(origin)
	if i < 0 {
		return Auth{}, false
	}
	return s.creds.list[i].Auth, true
}

// ClearAuth forgets the credentials for an origin and says whether there were
// any; "" means as in [Session.SetAuth].
func (s *Session) ClearAuth(origin string) bool {
	origin, err := s.originFor(origin)
	if err != nil {
		return false
	}
	i := s.creds.index(origin)
	if i < 0 {
		return false
	}
	s.creds.list = slices.Delete(s.creds.list, i, i+1)
	return true
}

// AuthOrigins returns all credentials in the order first given.
func (s *Session) AuthOrigins() []OriginAuth { return slices.Clone(s.creds.list) }

// Identity returns the user of the base's credentials, "" if they name none.
// Without a base it is the user of the last credentials given.
func (s *Session) Identity() string {
	origin := s.baseOrigin().String()
	for _, a := range slices.Backward(s.creds.list) {
		if (a.Origin == origin || origin == "") && (a.Auth.Kind == "basic" || a.Auth.Kind == "digest") {
			return a.Auth.User
		}
	}
	return ""
}

func (a Auth) check() error {
	switch {
	case !slices.Contains([]string{"basic", "bearer", "digest", "apikey", "oauth2"}, a.Kind):
		return &Error{Phase: PhaseRequest, Text: "auth: unknown kind " + quote(a.Kind), Hint: "auth basic USER"}
	case (a.Kind == "basic" || a.Kind == "digest") && strings.Contains(a.User, ":"):
		return &Error{Phase: PhaseRequest, Text: "auth: a colon in the user name " + quote(a.User) + " (RFC 7617 has no way to send one)"}
	case a.Kind == "apikey" && strings.TrimSuffix(a.User, "==") == "":
		return &Error{Phase: PhaseRequest, Text: "auth: an API key needs the name of its header or parameter", Hint: "auth apikey X-Api-Key"}
	case hasControl(a.User) || hasControl(a.Secret):
		return &Error{Phase: PhaseRequest, Text: "auth: a control character in the user name or the secret"}
	}
	return nil
}

// header returns the field that carries a, or ok false if a parameter does or
// if it depends on the request.
func (a Auth) header() (f Field, ok bool) {
	switch a.Kind {
	case "basic":
		return Field{Name: "Authorization", Value: basic(a.User, a.Secret)}, true
	case "oauth2":
		if a.oauth != nil { // whose token may be newer
			a.Secret = a.oauth.token.Access
		}
		return Field{Name: "Authorization", Value: "Bearer " + a.Secret}, true
	case "bearer":
		return Field{Name: "Authorization", Value: "Bearer " + a.Secret}, true
	case "digest":
		return Field{}, false
	}
	return Field{Name: a.User, Value: a.Secret}, !strings.HasSuffix(a.User, "==")
}

// basic returns the credentials of RFC 7617, in UTF-8.
func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}
