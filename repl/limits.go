package repl

import (
	"math"
	"strconv"
	"strings"
	"time"

	"sonde/session"
)

// limitSettings are the limits of the session under their `set` names.
func limitSettings() []setting {
	return []setting{
		duration("connect-timeout", "for name lookup, TCP and TLS together", func(s *session.Settings) *time.Duration { return &s.ConnectTimeout }),
		duration("first-byte-timeout", "from the request to the first byte of its answer", func(s *session.Settings) *time.Duration { return &s.FirstByteTimeout }),
		duration("timeout", "of each attempt, to the end of the body", func(s *session.Settings) *time.Duration { return &s.Timeout }),
		toggle("http1", "HTTP/2 is not offered", func(sh *Shell) *bool { return &sh.Session.Settings.HTTP1 }),
		size("max-body", "of a body that is kept; more is cut off", func(s *session.Settings) *int64 { return &s.MaxBody }),
		size("max-decoded", "that a coded body (gzip, deflate, br, zstd) may become", func(s *session.Settings) *int64 { return &s.MaxDecoded }),
		size("spill", "from where on a body is kept in a temporary file", func(s *session.Settings) *int64 { return &s.SpillOver }),
		size("keep-bytes", "of bodies kept in memory; older ones go", func(s *session.Settings) *int64 { return &s.KeepBytes }),
		count("keep-answers", "answers kept; older ones go", 100000, func(s *session.Settings) *int { return &s.KeepAnswers }),
		sizeTo("max-head", "of an answer's head", 16<<20, func(s *session.Settings) *int { return &s.MaxHead }),
		count("max-headers", "lines of an answer's head", 100000, func(s *session.Settings) *int { return &s.MaxLines }),
		count("max-codings", "content codings of one body", 100, func(s *session.Settings) *int { return &s.MaxCodings }),
		count("max-cookies", "cookies taken of one answer", 3000, func(s *session.Settings) *int { return &s.MaxCookies }),
	}
}

// duration makes a setting of a time limit; off is none.
func duration(name, about string, at func(*session.Settings) *time.Duration) setting {
	return setting{name: name, values: "TIME|off", about: about,
		get: func(sh *Shell) string {
			if d := *at(&sh.Session.Settings); d > 0 {
				return durationText(d)
			}
			return "off"
		},
		set: func(sh *Shell, v string) bool {
			if v == "off" {
				*at(&sh.Session.Settings) = 0
				return true
			}
			d, err := parseDuration(v)
			if err == nil {
				*at(&sh.Session.Settings) = d
			}
			return err == nil
		}}
}

// size makes a setting of a number of bytes; off is no limit.
func size(name, about string, at func(*session.Settings) *int64) setting {
	return setting{name: name, values: "SIZE|off", about: about,
		get: func(sh *Shell) string { return bytesText(*at(&sh.Session.Settings)) },
		set: func(sh *Shell, v string) bool {
			n, ok := parseSize(v)
			if ok {
				*at(&sh.Session.Settings) = n
			}
			return ok
		}}
}

// sizeTo makes a setting of a number of bytes that has to be and has a bound.
func sizeTo(name, about string, most int64, at func(*session.Settings) *int) setting {
	return setting{name: name, values: "SIZE up to " + bytesText(most), about: about,
		get: func(sh *Shell) string { return bytesText(int64(*at(&sh.Session.Settings))) },
		set: func(sh *Shell, v string) bool {
			n, ok := parseSize(v)
			if !ok || n < 1 || n > most {
				return false
			}
			*at(&sh.Session.Settings) = int(n)
			return true
		}}
}

// count makes a setting of a number from 1.
func count(name, about string, most int, at func(*session.Settings) *int) setting {
	return setting{name: name, values: "NUMBER", about: about,
		get: func(sh *Shell) string { return strconv.Itoa(*at(&sh.Session.Settings)) },
		set: func(sh *Shell, v string) bool {
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 || n > most {
				return false
			}
			*at(&sh.Session.Settings) = n
			return true
		}}
}

// units are the powers of 1024, by the letter people write.
const units = "KMGT"

// parseSize reads a number of bytes: "100M", "4GiB", "1048576", "off".
func parseSize(v string) (int64, bool) {
	if v == "off" {
		return 0, true
	}
	text := strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(v), "B"), "I")
	factor := 1.0
	if i := strings.IndexAny(text, units); i >= 0 && i == len(text)-1 {
		factor = math.Pow(1024, float64(1+strings.IndexByte(units, text[i])))
		text = text[:i]
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n*factor >= 1) || n*factor > 1<<50 {
		return 0, false
	}
	return int64(n * factor), true
}

// bytesText is a number of bytes as parseSize reads it.
func bytesText(n int64) string {
	if n <= 0 {
		return "off"
	}
	unit := ""
	for i := 0; i < len(units) && n >= 1024 && n%1024 == 0; i++ {
		n, unit = n/1024, units[i:i+1]
	}
	return strconv.FormatInt(n, 10) + unit
}
