package session

import (
	"strings"
	"time"
)

// parseCookieDate reads a date as servers write it into Expires, in any of
// the forms of RFC 6265, section 5.1.1.
func parseCookieDate(text string) (time.Time, bool) {
	var d cookieDate
	for token := range strings.FieldsFuncSeq(text, dateDelimiter) {
		d.take(token)
	}
	if d.year >= 70 && d.year <= 99 {
		d.year += 1900
	} else if d.year >= 0 && d.year <= 69 && d.hasYear {
		d.year += 2000
	}
	if !d.hasTime || !d.hasYear || d.day < 1 || d.day > 31 || d.month == 0 || d.year < 1601 ||
		d.hour > 23 || d.minute > 59 || d.second > 59 {
		return time.Time{}, false
	}
	t := time.Date(d.year, d.month, d.day, d.hour, d.minute, d.second, 0, time.UTC)
	return t, t.Day() == d.day
}

type cookieDate struct {
	hour, minute, second int
	day, year            int
	month                time.Month
	hasTime, hasYear     bool
}

func dateDelimiter(r rune) bool {
	return r == '\t' || r >= ' ' && r <= '/' || r >= ';' && r <= '@' || r >= '[' && r <= '`' || r >= '{' && r <= '~'
}

// take fits one token to the first part of the date that is still missing.
func (d *cookieDate) take(token string) {
	if !d.hasTime && d.takeTime(token) {
		return
	}
	n, digits := leadingInt(token)
	switch {
	case d.day == 0 && (digits == 1 || digits == 2):
		d.day = n
	case d.month == 0 && digits == 0 && monthOf(token) != 0:
		d.month = monthOf(token)
	case !d.hasYear && digits >= 2 && digits <= 4:
		d.year, d.hasYear = n, true
	}
}

func (d *cookieDate) takeTime(token string) bool {
	parts := strings.SplitN(token, ":", 4)
	if len(parts) < 3 {
		return false
	}
	var v [3]int
	for i := range v {
		n, digits := leadingInt(parts[i])
		if digits < 1 || digits > 2 || i < 2 && len(parts[i]) != digits {
			return false
		}
		v[i] = n
	}
	d.hour, d.minute, d.second, d.hasTime = v[0], v[1], v[2], true
	return true
}

func monthOf(token string) time.Month {
	if len(token) < 3 {
		return 0
	}
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	if i := strings.Index(names, strings.ToLower(token[:3])); i >= 0 && i%3 == 0 {
		return time.Month(i/3 + 1)
	}
	return 0
}

func leadingInt(s string) (n, digits int) {
	for digits < len(s) && digits < 5 && s[digits] >= '0' && s[digits] <= '9' {
		n = n*10 + int(s[digits]-'0')
		digits++
	}
	return n, digits
}
