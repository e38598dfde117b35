package retry

import (
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) { // D12
	now := at()
	for _, tt := range []struct {
		value string
		want  time.Duration
		ok    bool
	}{
		{"0", 0, true},
		{"1000", 1000 * time.Second, true},
		{"\t42 ", 42 * time.Second, true},
		{"3600", time.Hour, true},
		{"007", 7 * time.Second, true},
		{"99999999999999999999999", 9223372036 * time.Second, true},
		{"9223372037", 9223372036 * time.Second, true},
		{"Mon, 3 Jun 2019 12:00:00 UTC", time.Hour, true},
		{"Mon, 3 Jun 2019 11:00:00 UTC", 0, true},
		{"Mon, 03 Jun 2019 11:30:12 GMT", 1812 * time.Second, true},
		{"Monday, 03-Jun-19 11:30:12 GMT", 1812 * time.Second, true},
		{"Mon Jun  3 11:30:12 2019", 1812 * time.Second, true},
		{"Thu Jun 13 11:00:00 2019", 10 * 24 * time.Hour, true},
		{"Tue, 01 Jan 1980 00:00:00 GMT", 0, true},
		{"Friday, 03-Jun-94 11:30:12 GMT", 0, true},                                            // 2094 is more than 50 years ahead
		{"Saturday, 03-Jun-69 10:00:00 GMT", now.AddDate(50, 0, 0).Sub(now) - time.Hour, true}, // 2069 is not
		{"Saturday, 03-Jun-69 12:00:00 GMT", 0, true},                                          // and an hour makes it 1969
		{"Sat, 01 Jan 9999 00:00:00 GMT", 1<<63 - 1, true},
		{"", 0, false},
		{" ", 0, false},
		{"-1", 0, false},
		{"+1", 0, false},
		{"1.0", 0, false},
		{"1.5", 0, false},
		{"1e9", 0, false},
		{"\u00b2", 0, false},
		{"garbage", 0, false},
		{"1, 2", 0, false},
		{"Mon, 03 Jun 2019 11:30:12 EST", 0, false},
		{"Mon, 33 Jun 2019 11:30:12 GMT", 0, false},
	} {
		if got, ok := RetryAfter(tt.value, now); got != tt.want || ok != tt.ok {
			t.Errorf("RetryAfter(%q) = %v, %v, want %v, %v", tt.value, got, ok, tt.want, tt.ok)
		}
	}
	elsewhere := now.In(time.FixedZone("", 3*60*60))
	if got, _ := RetryAfter("Mon, 03 Jun 2019 11:30:12 GMT", elsewhere); got != 1812*time.Second {
		t.Errorf("with a clock of another time zone: got %v, want 30m12s", got)
	}
}
