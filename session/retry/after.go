package retry

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// RetryAfter reads the field Retry-After (RFC 9110, section 10.2.3): whole
// seconds, or a date in one of the three forms of section 5.6.7, which becomes
// the time from now to then. A date in the past is no wait. A number too large
// for a Duration is the longest one. What is neither is not ok.
func RetryAfter(value string, now time.Time) (d time.Duration, ok bool) {
	value = strings.Trim(value, " \t")
	if value != "" && strings.Trim(value, "0123456789") == "" {
		const most = math.MaxInt64 / int64(time.Second)
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n > most {
			n = most
		}
		return time.Duration(n) * time.Second, true
	}
	t, ok := parseDate(value, now)
	if !ok {
		return 0, false
	}
	return max(t.Sub(now), 0), true
}

// parseDate reads an HTTP-date. Its time zone is GMT whether or not the date
// says so; UTC is taken for GMT, and a day of one digit for one of two.
func parseDate(value string, now time.Time) (time.Time, bool) {
	value = strings.TrimSuffix(strings.TrimSuffix(value, " GMT"), " UTC")
	for _, layout := range [...]string{"Mon, 2 Jan 2006 15:04:05", "Mon Jan _2 15:04:05 2006"} {
		if t, err := time.Parse(layout, value); err == nil {
			return t, true
		}
	}
	t, err := time.Parse("Monday, 2-Jan-06 15:04:05", value)
	if err != nil {
		return t, false
	}
	// A year of two digits is the last such year that is not more than 50
	// years ahead.
	for limit := now.AddDate(50, 0, 0); ; {
		next := t.AddDate(100, 0, 0)
		if t.After(limit) {
			return t.AddDate(-100, 0, 0), true
		}
		if next.After(limit) {
			return t, true
		}
		t = next
	}
}
