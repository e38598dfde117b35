package retry

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of what can be asked for.
const (
	maxRepeats = 100
	maxWait    = 365 * 24 * time.Hour
)

// An Error says which word of a policy makes no sense.
type Error struct {
	Word  string // the word at fault; "" if one is missing
	Cause string // what is the matter with it
	Write string // a line that is right
}

// Error returns the word and the cause.
func (e *Error) Error() string {
	if e.Word == "" {
		return e.Cause
	}
	return quote(e.Word) + " " + e.Cause
}

// Hint returns a line to type.
func (e *Error) Hint() string { return e.Write }

// Parse reads the words behind "retry": how many repeats, 0 to 100, and then,
// in any order and each at most once,
//
//	on 429,500-599,5xx   the statuses that are repeated
//	backoff 0.5s         the wait before the first repeat (DefaultBackoff)
//	jitter 0.2s          what is added to a wait at random, at most
//	cap 60s              the longest wait (DefaultCap)
//	retry-after 10m      the longest wait a server may ask for (the longest wait)
//	methods +POST,PATCH  methods besides the idempotent ones
//	methods GET,HEAD     methods instead of the idempotent ones
//	connect 2            repeats after failed connects, at most
//	read 1               repeats after missing answers, at most
//	status 3             repeats after answers, at most
//
// A method is any token, as servers have methods of their own: one that is
// mistyped is taken for such a one. Lengths of time are Go's or bare seconds, from 0 to a year. A list may go on
// in the next word behind a comma. "off" and a number of 0 are the zero Policy.
// The error is an [*Error].
func Parse(words []string) (Policy, error) {
	if len(words) == 1 && words[0] == "off" {
		return Policy{}, nil
	}
	if len(words) == 0 || words[0] == "" {
		return Policy{}, &Error{"", "a number of repeats is wanted", "retry 3"}
	}
	p := Policy{Connect: -1, Read: -1, Status: -1, Backoff: DefaultBackoff}
	var err error
	if p.Total, err = parseCount(words[0], "retry 3"); err != nil {
		return Policy{}, err
	}
	seen := make([]string, 0, len(words)/2)
	for rest := words[1:]; len(rest) > 0; {
		name := strings.ToLower(rest[0])
		if slices.Contains(seen, name) {
			return Policy{}, &Error{rest[0], "is given twice", example(name)}
		}
		seen = append(seen, name)
		var value string
		value, rest = nextValue(rest[1:])
		if value == "" && example(name) != "" {
			return Policy{}, &Error{name, "wants a value", example(name)}
		}
		if err := p.set(name, value); err != nil {
			return Policy{}, err
		}
	}
	if p.Total == 0 {
		return Policy{}, nil
	}
	return p, nil
}

// nextValue takes one value from the words: the first, and those behind it that
// a comma ties to it.
func nextValue(words []string) (value string, rest []string) {
	for len(words) > 0 {
		value, words = value+words[0], words[1:]
		if !strings.HasSuffix(value, ",") && (len(words) == 0 || !strings.HasPrefix(words[0], ",")) {
			break
		}
	}
	return value, words
}

func (p *Policy) set(name, value string) (err error) {
	switch name {
	case "on":
		p.On, err = parseStatuses(value)
	case "methods":
		p.Methods, err = parseMethods(value)
	case "backoff":
		p.Backoff, err = parseWait(name, value)
	case "jitter":
		p.Jitter, err = parseWait(name, value)
	case "cap":
		p.Cap, err = parseWait(name, value)
	case "retry-after":
		p.MaxRetryAfter, err = parseWait(name, value)
	case "connect":
		p.Connect, err = parseCount(value, example(name))
	case "read":
		p.Read, err = parseCount(value, example(name))
	case "status":
		p.Status, err = parseCount(value, example(name))
	default:
		err = &Error{cmp.Or(name, " "), "is not known here", "retry 3 on 429,500-599 backoff 0.5s"}
	}
	return err
}

// example is a line to type for one setting, "" for a name that is none.
func example(name string) string {
	switch name {
	case "on":
		return "retry 3 on 429,500-599"
	case "methods":
		return "retry 3 methods +POST"
	case "backoff", "jitter":
		return "retry 3 " + name + " 0.5s"
	case "cap", "retry-after":
		return "retry 3 " + name + " 60s"
	case "connect", "read", "status":
		return "retry 3 " + name + " 2"
	}
	return ""
}

func parseCount(word, write string) (int, error) {
	n, err := strconv.ParseUint(word, 10, 64)
	if err != nil || n > maxRepeats {
		return 0, &Error{word, "is no number from 0 to " + strconv.Itoa(maxRepeats), write}
	}
	return int(n), nil
}

// parseWait reads a length of time. A cap of 0 would not be one: 0 stands for
// the default.
func parseWait(name, word string) (time.Duration, error) {
	d, err := time.ParseDuration(word)
	if err != nil {
		n, err := strconv.ParseFloat(word, 64)
		if err != nil || strings.Trim(word, "0123456789.-") != "" {
			return 0, &Error{word, "is no length of time", example(name)}
		}
		if n = math.Round(n * float64(time.Second)); math.Abs(n) > float64(maxWait) {
			n = math.Copysign(float64(maxWait)+float64(time.Second), n)
		}
		d = time.Duration(n)
	}
	switch {
	case d < 0:
		return 0, &Error{word, "is less than no time", example(name)}
	case d > maxWait:
		return 0, &Error{word, "is longer than a year", example(name)}
	case d == 0 && (name == "cap" || name == "retry-after"):
		return 0, &Error{word, "is no time at all", example(name)}
	}
	return d, nil
}

func parseStatuses(value string) ([]StatusRange, error) {
	var on []StatusRange
	for word := range strings.SplitSeq(value, ",") {
		from, to, ranged := strings.Cut(word, "-")
		if !ranged {
			to = from
		}
		if class, ok := strings.CutSuffix(strings.ToLower(word), "xx"); ok {
			from, to = class+"00", class+"99"
		}
		r := StatusRange{From: parseStatus(from), To: parseStatus(to)}
		if r.check() != "" {
			return nil, &Error{cmp.Or(word, value), r.check(), example("on")}
		}
		on = append(on, r)
	}
	return on, nil
}

// parseStatus returns 0 for what is not three digits.
func parseStatus(word string) int {
	n, err := strconv.ParseUint(word, 10, 16)
	if err != nil || len(word) != 3 {
		return 0
	}
	return int(n)
}

// parseMethods returns nil where the idempotent methods were meant.
func parseMethods(value string) ([]string, error) {
	list, added := strings.CutPrefix(value, "+")
	idempotent := idempotentMethods()
	var methods []string
	if added {
		methods = append(methods, idempotent[:]...)
	}
	for word := range strings.SplitSeq(list, ",") {
		if _, plus := strings.CutPrefix(word, "+"); plus && !added {
			return nil, &Error{value, "both adds methods and replaces them", example("methods")}
		}
		method := strings.ToUpper(strings.TrimPrefix(word, "+"))
		if cause := checkMethod(method); cause != "" {
			return nil, &Error{cmp.Or(word, value), cause, example("methods")}
		}
		if !slices.Contains(methods, method) {
			methods = append(methods, method)
		}
	}
	if slices.Equal(methods, idempotent[:]) {
		return nil, nil
	}
	return methods, nil
}
