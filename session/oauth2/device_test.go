package oauth2

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestDevice(t *testing.T) {
	t.Parallel()
	s := newAuthServer(t)
	s.device = []string{"authorization_pending"}
	c := s.config(GrantDevice)
	c.ClientID, c.ClientSecret = "public", ""
	var told []Prompt
	got, err := c.Device(t.Context(), overNetwork(t), fixed, func(p Prompt) { told = append(told, p) })
	if err != nil || got.Access == "" || got.Refresh == "" {
		t.Fatalf("got %+v, %v", got, err)
	}
	want := Prompt{URL: s.URL + "/verify", Complete: s.URL + "/verify?user_code=WDJB-MJHT", Code: "WDJB-MJHT", Expires: fixed().Add(time.Minute)}
	if len(told) != 1 || told[0] != want {
		t.Errorf("told %+v, want %+v once", told, want)
	}
}

// waits runs a device login on a clock of its own, with what the server answers
// to the polls, and returns the seconds before each poll.
func waits(t *testing.T, interval string, answers ...string) (seconds []int, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &authServer{URL: "https://as.test", now: time.Now, refresh: map[string]bool{}, device: answers, interval: interval}
		last := time.Now()
		_, err = s.config(GrantDevice).Device(t.Context(), direct(t, s), time.Now, func(Prompt) {})
		for _, at := range s.polls {
			seconds = append(seconds, int(at.Sub(last)/time.Second))
			last = at
		}
	})
	return seconds, err
}

func TestDevicePolls(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answers []string
		want    []int
		code    string // of the error, "" for a token
	}{
		{"at once", nil, []int{1}, ""},
		{"pending", []string{"authorization_pending", "authorization_pending"}, []int{1, 1, 1}, ""},
		{"slower for good", []string{"slow_down", "authorization_pending", "slow_down"}, []int{1, 6, 6, 11}, ""},
		{"denied", []string{"authorization_pending", "access_denied"}, []int{1, 1}, "access_denied"},
		{"over", []string{"expired_token"}, []int{1}, "expired_token"},
		{"unknown", []string{"something_else"}, []int{1}, "something_else"},
		{"no answers for a while", []string{"broken", "broken", "authorization_pending", "broken"}, []int{1, 2, 4, 1, 2}, ""},
		{"out of time", slices.Repeat([]string{"authorization_pending"}, 100), slices.Repeat([]int{1}, 59), "expired_token"},
	} {
		got, err := waits(t, "1", tt.answers...)
		// The last poll may or may not come in before the code is over.
		if !slices.Equal(got, tt.want) && !slices.Equal(got, append(tt.want, 1)) {
			t.Errorf("%s: polled after %v, want %v", tt.name, got, tt.want)
		}
		e, _ := errors.AsType[*Error](err)
		switch {
		case tt.code == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.code != "" && (e == nil || e.Code != tt.code):
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.code)
		}
	}
}

func TestDeviceInterval(t *testing.T) {
	for _, tt := range []struct {
		interval string
		want     int
	}{
		{"2", 2}, {`"3"`, 3}, {"null", 5}, {"0", 5}, {"-1", 5}, {"0.01", 1}, {"{}", 5},
	} {
		got, err := waits(t, tt.interval)
		if err != nil || !slices.Equal(got, []int{tt.want}) {
			t.Errorf("%s: polled after %v, %v, want %d", tt.interval, got, err, tt.want)
		}
	}
}

func TestDeviceGivesUpOnSilence(t *testing.T) {
	got, err := waits(t, "1", "broken", "broken", "broken", "broken")
	if e, ok := errors.AsType[*Error](err); !ok || e.Status != 502 || !slices.Equal(got, []int{1, 2, 4, 8}) {
		t.Errorf("got %v after %v, want the status of the fourth", err, got)
	}
}

// TestDeviceCanceled ends a login in the middle of a wait, at once.
func TestDeviceCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &authServer{URL: "https://as.test", now: time.Now, device: slices.Repeat([]string{"authorization_pending"}, 100)}
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		time.AfterFunc(2500*time.Millisecond, cancel)
		_, err := s.config(GrantDevice).Device(ctx, direct(t, s), time.Now, func(Prompt) {})
		if took := time.Since(start); !errors.Is(err, context.Canceled) || took != 2500*time.Millisecond {
			t.Errorf("got %v after %v", err, took)
		}
	})
}

// TestDeviceAnswers has device endpoints that are not as the RFC has them.
func TestDeviceAnswers(t *testing.T) {
	for _, tt := range []struct {
		body string
		want Prompt // zero: an error
	}{
		{`{"device_code":"d","user_code":"u\u001b[2J","verification_url":"https://as.test/v","verification_uri_complete":"file:///x"}`,
			Prompt{URL: "https://as.test/v", Code: "u\uFFFD[2J", Expires: fixed().Add(30 * time.Minute)}},
		{`{"device_code":"d","user_code":"u","verification_uri":"javascript:alert(1)"}`, Prompt{}},
		{`{"device_code":"d","user_code":"u","verification_uri":"http://as.test/v"}`, Prompt{}},
		{`{"device_code":"d","user_code":"u"}`, Prompt{}},
		{`{"user_code":"u","verification_uri":"https://as.test/v"}`, Prompt{}},
		{`{"device_code":"d","verification_uri":"https://as.test/v"}`, Prompt{}},
	} {
		do, address := answering(t, http.StatusOK, "application/json", tt.body)
		ctx, cancel := context.WithCancel(t.Context())
		var got Prompt
		_, err := Config{ClientID: "id", DeviceURL: address, TokenURL: address}.Device(ctx, do, fixed, func(p Prompt) {
			got = p
			cancel()
		})
		cancel()
		if got != tt.want || err == nil || errors.Is(err, context.Canceled) != (tt.want != Prompt{}) {
			t.Errorf("%s: told %+v, %v, want %+v", tt.body, got, err, tt.want)
		}
	}
}
