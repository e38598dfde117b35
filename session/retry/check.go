package retry

import (
	"strconv"
	"strings"
)

// Check says what is wrong with a policy that did not come from [Parse], such as
// one of a file. A Total below 0 is refused: repeats have to come to an end.
func (p Policy) Check() error {
	if p.Total < 0 || p.Total > maxRepeats {
		return &Error{strconv.Itoa(p.Total), "is no number from 0 to " + strconv.Itoa(maxRepeats), "retry 3"}
	}
	for _, c := range p.counts() {
		if c.n < -1 || c.n > maxRepeats {
			return &Error{strconv.Itoa(c.n), "is no number from 0 to " + strconv.Itoa(maxRepeats), example(c.name)}
		}
	}
	waits := p.waits()
	for _, w := range append(waits[:], namedWait{"backoff", p.Backoff}) {
		if w.length < 0 || w.length > maxWait {
			return &Error{w.length.String(), "is not between 0 and a year", example(w.name)}
		}
	}
	for _, r := range p.On {
		if cause := r.check(); cause != "" {
			return &Error{strconv.Itoa(r.From) + "-" + strconv.Itoa(r.To), cause, example("on")}
		}
	}
	for _, m := range p.Methods {
		if cause := checkMethod(m); cause != "" {
			return &Error{m, cause, example("methods")}
		}
	}
	return nil
}

// check says what is wrong with a range, "" if nothing is.
func (r StatusRange) check() string {
	switch {
	case r.From < 100 || r.To < 100 || r.From > 599 || r.To > 599: // RFC 9110, section 15
		return "is no status, and no range of them"
	case r.From > r.To:
		return "is the wrong way round"
	}
	return ""
}

// checkMethod says what is wrong with a method, "" if nothing is. Methods are
// tokens (RFC 9110, section 9.1); one with a plus sign could not be told from
// an addition.
func checkMethod(method string) string {
	const tokenMarks = "!#$%&'*-.^_`|~"
	for i := range len(method) {
		c := method[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && strings.IndexByte(tokenMarks, c) < 0 {
			return "is no method"
		}
	}
	switch method {
	case "":
		return "is no method"
	case "*", "ANY", "ALL":
		return "is no method, each is named by itself"
	}
	return ""
}
