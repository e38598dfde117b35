package digest

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A State is the conversation with one server about one login: the challenge
// answered last and how often its nonce was used. The zero value has no
// challenge yet. It is not safe for concurrent use.
type State struct {
	// Rand is where the client's own nonces come from; nil means crypto/rand.
	Rand io.Reader

	challenge Challenge
	client    string // the client's nonce; "" means none was made for the challenge
	count     uint32 // requests with the challenge's nonce
}

// Challenge takes a challenge to answer from now on. A nonce that is already in
// use is counted on.
func (s *State) Challenge(c Challenge) {
	if c.Nonce != s.challenge.Nonce {
		s.client, s.count = "", 0
	}
	s.challenge = c
}

// Ready says that there is a challenge to answer, so that a request can be sent
// with its login at once instead of after a 401.
func (s *State) Ready() bool { return s.challenge.Nonce != "" }

// Authorization returns the value of the field Authorization for one request.
// The uri is the request's target as it is sent, with its query. The body, nil
// for none, writes the content as it is sent, and is called only if the server
// wants its hash (auth-int). Each call counts as one request with the nonce.
//
// It is an error if there is no challenge or an unsupported one, if the user's
// name or the uri has a control character, or if body or Rand return one.
// Errors hold neither the user's name nor the password.
func (s *State) Authorization(method, uri, user, password string, body func(io.Writer) error) (string, error) {
	if !s.Ready() {
		return "", errors.New("digest login: no challenge yet")
	}
	if what := s.challenge.Unsupported(); what != "" {
		return "", fmt.Errorf("digest login: %s not known", what)
	}
	for _, part := range [...]struct{ name, text string }{
		{"user name", user}, {"target", uri}, {"realm", s.challenge.Realm}, {"nonce", s.challenge.Nonce},
		{"opaque", s.challenge.Opaque}, {"algorithm", s.challenge.Algorithm},
	} {
		if strings.ContainsFunc(part.text, isControl) {
			return "", fmt.Errorf("digest login: control character in the %s", part.name)
		}
	}
	if s.client == "" {
		if err := s.makeClientNonce(); err != nil {
			return "", err
		}
	}
	count := fmt.Sprintf("%08x", s.count+1)
	response, err := s.response(method, uri, user, password, count, body)
	if err != nil {
		return "", err
	}
	s.count++
	return s.write(uri, user, response, count), nil
}

func (s *State) makeClientNonce() error {
	from := s.Rand
	if from == nil {
		from = rand.Reader
	}
	var random [16]byte
	if _, err := io.ReadFull(from, random[:]); err != nil {
		return fmt.Errorf("digest login: random numbers: %w", err)
	}
	s.client = hex.EncodeToString(random[:])
	return nil
}

// response computes the proof that the password is known (RFC 7616, section
// 3.4.1). The client's nonce stays the same as long as the server's does, as
// the key of the -sess algorithms is made of both only once.
func (s *State) response(method, uri, user, password, count string, body func(io.Writer) error) (string, error) {
	c, a := s.challenge, s.challenge.algorithm()
	key := a.hash(user, c.Realm, password)
	if a.session {
		key = a.hash(key, c.Nonce, s.client)
	}
	request := a.hash(method, uri)
	quality := c.quality()
	if quality == "auth-int" {
		h := a.new()
		if body != nil {
			if err := body(h); err != nil {
				return "", fmt.Errorf("digest login: body: %w", err)
			}
		}
		request = a.hash(method, uri, hex.EncodeToString(h.Sum(nil)))
	}
	if quality == "" {
		return a.hash(key, c.Nonce, request), nil // RFC 2069
	}
	return a.hash(key, c.Nonce, count, s.client, quality, request), nil
}

// write puts the field together, in the order requests has. RFC 7616, section
// 3.4, wants qop without quotes; servers take it either way, save some that
// know only the quoted form, which requests sends for their sake.
func (s *State) write(uri, user, response, count string) string {
	c, a := s.challenge, s.challenge.algorithm()
	b := []byte("Digest ")
	switch {
	case c.Userhash:
		b = appendQuoted(b, "username", a.hash(user, c.Realm))
	case c.UTF8 && !isASCII(user):
		b = appendExtended(b, "username", user)
	default:
		b = appendQuoted(b, "username", user)
	}
	b = appendQuoted(append(b, ", "...), "realm", c.Realm)
	b = appendQuoted(append(b, ", "...), "nonce", c.Nonce)
	b = appendQuoted(append(b, ", "...), "uri", uri)
	b = appendQuoted(append(b, ", "...), "response", response)
	if c.Opaque != "" {
		b = appendQuoted(append(b, ", "...), "opaque", c.Opaque)
	}
	if c.Algorithm != "" {
		b = append(append(b, ", algorithm="...), c.Algorithm...)
	}
	quality := c.quality()
	if quality != "" {
		b = append(appendQuoted(append(b, ", "...), "qop", quality), ", nc="+count...)
	}
	if quality != "" || a.session {
		b = appendQuoted(append(b, ", "...), "cnonce", s.client)
	}
	if c.Userhash {
		b = append(b, ", userhash=true"...)
	}
	return string(b)
}
