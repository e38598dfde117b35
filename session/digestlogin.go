package session

import (
	"errors"
	"io"

	"sonde/session/digest"
	"sonde/session/http1"
)

// addDigest adds the answer to the challenge of the server, if it has sent one
// before: its nonce saves the next 401.
func (s *Session) addDigest(p *Prepared, l *fieldList, h *hop, a *Auth, from Source) error {
	state := a.digest
	if state == nil || !state.Ready() {
		return nil
	}
	if !l.open("Authorization") {
		s.addLogin(l, Field{Name: "Authorization", Value: "Digest " + a.User}, from) // which loses, and counts as no use of the nonce
		return nil
	}
	if h.dry { // what is not sent does not count
		c := *state
		state = &c
	}
	var body func(io.Writer) error
	if p.Content != nil {
		body = p.Content.copyTo
	}
	value, err := state.Authorization(p.Method, p.Target, a.User, a.Secret, body)
	if err != nil {
		return &Error{Phase: PhaseRequest, Text: err.Error(), Err: err}
	}
	s.addLogin(l, Field{Name: "Authorization", Value: value}, from)
	return nil
}

// copyTo writes the content to w, which is an error if that would be all that can
// be done with it.
func (c *Content) copyTo(w io.Writer) error {
	if !c.Again {
		return errors.New("the server wants its hash (qop auth-int), and it is a stream that can be read only once")
	}
	in, err := c.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = io.Copy(w, in)
	return err
}

// answerChallenge takes a 401 that asks for a digest login, once for each
// request, and says whether the request is to be sent again with it. The server
// has not acted on what it did not let in.
func (d *doing) answerChallenge(head *http1.Head) bool {
	state := d.sent.login.digest
	if head.Status != 401 || d.hop.answered || state == nil {
		return false
	}
	var offered []string
	for _, f := range head.Header {
		if isField(f.Name, "WWW-Authenticate") {
			offered = append(offered, f.Value)
		}
	}
	all := digest.Parse(offered)
	c, ok := digest.Choose(all)
	switch {
	case !ok && len(all) > 0:
		d.notice(Notice{Kind: NoticeChallenge, Text: "the server wants a digest login of a kind that is not known: " + all[0].Unsupported()})
		return false
	case !ok:
		return false
	case d.sent.Content != nil && !d.sent.Content.Again:
		d.notice(Notice{Kind: NoticeChallenge, Text: "the server asks for a digest login, but the body was a stream that cannot be sent again; try it again now"})
		state.Challenge(c)
		return false
	}
	d.hop.answered = true
	state.Challenge(c)
	d.notice(Notice{Kind: NoticeChallenge, Text: "401 → the server's challenge is answered with the digest login of " + d.sent.login.user})
	return true
}
