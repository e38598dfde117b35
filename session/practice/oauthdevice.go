package practice

import (
	"html"
	"net/http"
	"strings"
	"time"
)

// How often a device may ask (RFC 8628, section 3.5): a little earlier passes,
// as clocks and networks are what they are.
const (
	pollInterval = time.Second
	pollSlack    = 100 * time.Millisecond
	slowDown     = 5 * time.Second
)

// deviceLogin is what a device code stands for.
type deviceLogin struct {
	from     *consent
	client   string
	scope    string
	userCode string
	expires  time.Time
	interval time.Duration
	polled   time.Time // zero before the first time
	decision decision
	used     bool
}

// decision is what the user said.
type decision int

const (
	undecided decision = iota
	approved
	denied
)

// device begins a login on a device without a browser (RFC 8628, section 3.1).
func (s *Server) device(w http.ResponseWriter, r *http.Request) {
	t, ok := s.clientRequest(w, r)
	if !ok {
		return
	}
	d := &deviceLogin{
		from: new(consent), client: t.client, scope: t.form.Get("scope"),
		expires: s.now().Add(deviceLife), interval: pollInterval,
	}
	s.mu.Lock()
	devices := &s.state.oauth.devices
	code := devices.add(d)
	d.userCode = userCode(devices.made)
	s.mu.Unlock()
	page := s.base(r) + "/oauth/verify"
	w.Header().Set("Cache-Control", "no-store")
	s.reply(w, r, http.StatusOK, struct {
		Device   string `json:"device_code"`
		User     string `json:"user_code"`
		Page     string `json:"verification_uri"`
		Complete string `json:"verification_uri_complete"`
		Expires  int    `json:"expires_in"`
		Interval int    `json:"interval"`
	}{code, d.userCode, page, page + "?user_code=" + d.userCode, int(deviceLife / time.Second), int(pollInterval / time.Second)})
}

// userCode is the n-th code for people: consonants, which make no words and no
// doubt (RFC 8628, section 6.1).
func userCode(n int) string {
	const letters = "BCDFGHJKLMNPQRSTVWXZ"
	x := scramble(uint64(n)<<8 | 'u')
	var code [9]byte
	for i := range code {
		if i == 4 {
			code[i] = '-'
			continue
		}
		code[i] = letters[x%uint64(len(letters))]
		x /= uint64(len(letters))
	}
	return string(code[:])
}

// plainCode is a user code as people may type it: any case, any separators.
func plainCode(code string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'A' && c <= 'Z' {
			return c
		}
		return -1
	}, strings.ToUpper(code))
}

// verify is the page where a person agrees. To come there with a code is to
// say yes; with deny=1 it is to say no.
func (s *Server) verify(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	typed := q.Get("user_code")
	if typed == "" {
		verifyPage(w, http.StatusOK, "Connect a device",
			`<form><label>Code <input name="user_code" autocomplete="off"></label> <button>Connect</button></form>`)
		return
	}
	answer := approved
	if q.Get("deny") == "1" {
		answer = denied
	}
	if !s.decide(plainCode(typed), answer) {
		verifyPage(w, http.StatusNotFound, "No such code",
			"<p>Nobody waits for "+html.EscapeString(typed)+": it is not a code, or old, or done with.</p>")
		return
	}
	if answer == denied {
		verifyPage(w, http.StatusOK, "Denied", "<p>The device is told.</p>")
		return
	}
	verifyPage(w, http.StatusOK, "Connected as "+mainLogin, "<p>Go back to the terminal.</p>")
}

// decide reports whether a device waits for that code.
func (s *Server) decide(code string, answer decision) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.state.oauth.devices.entries {
		if plainCode(d.userCode) == code && !d.used && s.now().Before(d.expires) {
			d.decision = answer
			return true
		}
	}
	return false
}

func verifyPage(w http.ResponseWriter, status int, title, body string) {
	send(w, status, "text/html; charset=utf-8", []byte("<!DOCTYPE html>\n<html lang=\"en\">\n"+
		"<head><meta charset=\"utf-8\"><title>"+title+"</title></head>\n<body>\n<h1>"+title+"</h1>\n"+body+"\n</body>\n</html>\n"))
}

// pollDevice gives tokens to a device once its user has agreed (RFC 8628,
// section 3.5).
func (o *oauth) pollDevice(t tokenRequest, now time.Time) (tokenAnswer, *refusal) {
	no := func(code, why string) (tokenAnswer, *refusal) { return tokenAnswer{}, &refusal{code, why} }
	d := o.devices.find(t.form.Get("device_code"))
	if d == nil || d.used || d.client != t.client {
		return no("invalid_grant", "the device code is not valid")
	}
	early := !d.polled.IsZero() && now.Sub(d.polled) < d.interval-pollSlack
	d.polled = now
	switch {
	case !now.Before(d.expires):
		return no("expired_token", "the device code expired")
	case early:
		d.interval += slowDown
		return no("slow_down", "ask less often")
	case d.decision == denied:
		return no("access_denied", "the user said no")
	case d.decision == undecided:
		return no("authorization_pending", "the user has not answered yet")
	}
	d.used = true
	return o.issue(t, d.from, d.scope, true, now), nil
}
