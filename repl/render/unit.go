package render

import (
	"strconv"
	"strings"
	"time"
)

// Size returns n bytes for people, in powers of 1000 with at most one decimal: 52 B, 14.2 kB,
// 1.2 MB. Below 0 it is "unknown size".
func Size(n int64) string {
	if n < 0 {
		return "unknown size"
	}
	if n < 1000 {
		return strconv.FormatInt(n, 10) + " B"
	}
	v, unit := float64(n)/1000, 0
	for v >= 999.95 && unit < 5 {
		v, unit = v/1000, unit+1
	}
	return decimal(v, 1) + " " + "kMGTPE"[unit:unit+1] + "B"
}

// Duration returns d for people: 0.1 ms, 3 ms, 1.53 s, 2 min 5 s, 1 h 5 min.
// Negative times are drawn as 0 ms.
func Duration(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case d <= 0:
		return "0 ms"
	case ms < 0.095:
		return decimal(max(ms, 0.01), 2) + " ms"
	case ms < 0.95:
		return decimal(ms, 1) + " ms"
	case ms < 999.5:
		return decimal(ms, 0) + " ms"
	case ms < 9995:
		return decimal(ms/1000, 2) + " s"
	case ms < 59950:
		return decimal(ms/1000, 1) + " s"
	}
	s := int64(d.Round(time.Second) / time.Second)
	if s < 3600 {
		return pair(s/60, " min", s%60, " s")
	}
	m := int64(d.Round(time.Minute) / time.Minute)
	return pair(m/60, " h", m%60, " min")
}

// fine is Duration with two digits below 10 ms, for times that are compared: 1.3 ms,
// 0.28 ms.
func fine(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms < 0.095 || ms >= 9.95:
		return Duration(d)
	case ms < 0.995:
		return decimal(ms, 2) + " ms"
	}
	return decimal(ms, 1) + " ms"
}

// bound returns a round time without rounding it: 1.5 ms, where Duration says 2 ms.
func bound(d time.Duration) string {
	switch {
	case d < time.Second:
		return decimal(float64(d)/1e6, 3) + " ms"
	case d < time.Minute:
		return decimal(float64(d)/1e9, 3) + " s"
	}
	return Duration(d)
}

// Seconds returns d in seconds for a countdown, where the unit must not jump:
// 0.5 s, 1.0 s, 12 s.
func Seconds(d time.Duration) string {
	s := max(d, 0).Seconds()
	if s < 9.95 {
		return strconv.FormatFloat(s, 'f', 1, 64) + " s"
	}
	return strconv.FormatFloat(s, 'f', 0, 64) + " s"
}

// pair joins two units and leaves the smaller one out if it is 0.
func pair(a int64, unitA string, b int64, unitB string) string {
	s := strconv.FormatInt(a, 10) + unitA
	if b != 0 {
		s += " " + strconv.FormatInt(b, 10) + unitB
	}
	return s
}

// decimal formats v with at most the given number of decimals.
func decimal(v float64, places int) string {
	s := strconv.FormatFloat(v, 'f', places, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
