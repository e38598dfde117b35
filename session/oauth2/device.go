package oauth2

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"
)

// A Prompt is what a person has to be told to confirm a device login: open URL
// and type Code there, or open Complete, which has the code in it. The texts
// come from the server.
type Prompt struct {
	URL      string
	Complete string // "" if the server has none
	Code     string
	Expires  time.Time // when the code is over
}

// Figures of RFC 8628, and ours where it leaves the choice.
const (
	defaultInterval = 5 * time.Second  // section 3.2
	slowDown        = 5 * time.Second  // section 3.5
	leastInterval   = time.Second      // whatever the server says
	defaultLife     = 30 * time.Minute // of a code whose expires_in is missing
	mostLost        = 3                // polls in a row that may get no answer
)

// A deviceGrant is the answer of RFC 8628 section 3.2. The second spelling of
// the address is that of Google, from before the RFC.
type deviceGrant struct {
	DeviceCode string          `json:"device_code"`
	UserCode   string          `json:"user_code"`
	URL        string          `json:"verification_uri"`
	OldURL     string          `json:"verification_url"`
	Complete   string          `json:"verification_uri_complete"`
	Expires    json.RawMessage `json:"expires_in"`
	Interval   json.RawMessage `json:"interval"`
}

// Device gets a token that a person confirms in a browser anywhere (RFC 8628).
// tell is called once, with what to show, and must return; then the server is
// asked, no more often than it wants, until the person has decided, the code is
// over, or ctx is done, which ends it at once. Three polls in a row may get no
// answer, each wait after one being twice as long. The error is an [*Error],
// that of ctx, or that of do.
func (c Config) Device(ctx context.Context, do Do, now func() time.Time, tell func(Prompt)) (Token, error) {
	f := url.Values{"client_id": {c.ClientID}} // section 3.1 wants it in the form
	add(f, "scope", c.Scope)
	add(f, "audience", c.Audience)
	add(f, "resource", c.Resource)
	var g deviceGrant
	start := now()
	if err := c.post(ctx, do, deviceEndpoint, c.DeviceURL, f, &g); err != nil {
		return Token{}, err
	}
	life := seconds(g.Expires)
	if life == 0 {
		life = defaultLife
	}
	prompt, err := g.prompt(start.Add(life))
	if err != nil {
		return Token{}, err
	}
	tell(prompt)

	ending, cancel := context.WithTimeout(ctx, life)
	defer cancel()
	t, err := c.poll(ending, do, now, g)
	switch {
	case err == nil:
		return t, nil
	case ctx.Err() != nil:
		return Token{}, fmt.Errorf("device login: %w", ctx.Err())
	case ending.Err() != nil:
		return Token{}, &Error{Endpoint: deviceEndpoint, Code: "expired_token", Description: "the code was not confirmed in time"}
	}
	return Token{}, err
}

// prompt checks what is shown and opened.
func (g deviceGrant) prompt(expires time.Time) (Prompt, error) {
	if g.URL == "" {
		g.URL = g.OldURL
	}
	if g.DeviceCode == "" || g.UserCode == "" {
		return Prompt{}, &Error{Endpoint: deviceEndpoint, Description: "the answer has no device_code or no user_code"}
	}
	if _, cause := secureURL(g.URL); cause != "" {
		return Prompt{}, &Error{Endpoint: deviceEndpoint, Description: "unfit URL of the page to open: " + cause}
	}
	if _, cause := secureURL(g.Complete); cause != "" {
		g.Complete = "" // a convenience
	}
	return Prompt{URL: g.URL, Complete: g.Complete, Code: clean(g.UserCode, 100), Expires: expires}, nil
}

// poll asks until there is a decision or ctx is done.
func (c Config) poll(ctx context.Context, do Do, now func() time.Time, g deviceGrant) (Token, error) {
	interval := defaultInterval
	if d := seconds(g.Interval); d > 0 {
		interval = max(leastInterval, d)
	}
	for lost := 0; ; {
		if err := sleep(ctx, interval<<lost); err != nil {
			return Token{}, err
		}
		f := c.form("urn:ietf:params:oauth:grant-type:device_code")
		f.Set("device_code", g.DeviceCode)
		t, err := c.token(ctx, do, now, f)
		if err == nil {
			return t, nil
		}
		e, answered := errors.AsType[*Error](err)
		switch {
		case answered && e.Code == "authorization_pending":
			lost = 0
		case answered && (e.Code == "slow_down" || e.Status == 429):
			lost, interval = 0, interval+slowDown
		case answered && (e.Code != "" || e.Status < 500) || lost == mostLost:
			return Token{}, err
		default:
			lost++
		}
	}
}

// sleep waits, or returns the error of ctx as soon as it is done.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
