package retry

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// String shows the policy to a person:
//
//	3 on 429, 500-599 · GET HEAD PUT DELETE OPTIONS TRACE · backoff 0.5 s
//
// The zero Policy, and any other that repeats nothing, is "off".
func (p Policy) String() string {
	if p.Total == 0 {
		return "off"
	}
	b := strings.Builder{}
	if p.Total > 0 {
		b.WriteString(strconv.Itoa(p.Total) + " ")
	}
	if len(p.On) == 0 {
		b.WriteString("on lost connections and on Retry-After")
	} else {
		b.WriteString("on " + p.statuses(", "))
	}
	b.WriteString(" · " + strings.Join(p.methods(), " "))
	if p.Backoff == 0 {
		b.WriteString(" · no backoff")
	} else {
		b.WriteString(" · backoff " + seconds(p.Backoff))
	}
	for _, w := range p.waits() {
		if w.length != 0 {
			b.WriteString(" · " + w.name + " " + seconds(w.length))
		}
	}
	for _, c := range p.counts() {
		if c.n >= 0 {
			b.WriteString(" · " + c.name + " " + strconv.Itoa(c.n))
		}
	}
	return b.String()
}

// Words returns the words behind "retry" from which [Parse] makes the policy
// again, {"off"} for one that repeats nothing. A policy that fails
// [Policy.Check] has words that Parse may not take.
func (p Policy) Words() []string {
	if p.Total == 0 {
		return []string{"off"}
	}
	words := []string{strconv.Itoa(p.Total)}
	if len(p.On) > 0 {
		words = append(words, "on", p.statuses(","))
	}
	words = append(words, "backoff", p.Backoff.String())
	for _, w := range p.waits() {
		if w.length != 0 {
			words = append(words, w.name, w.length.String())
		}
	}
	if len(p.Methods) > 0 {
		words = append(words, "methods", methodWord(p.Methods))
	}
	for _, c := range p.counts() {
		if c.n >= 0 {
			words = append(words, c.name, strconv.Itoa(c.n))
		}
	}
	return words
}

type namedWait struct {
	name   string
	length time.Duration
}

// waits are the lengths of time besides the backoff.
func (p Policy) waits() [3]namedWait {
	return [...]namedWait{{"jitter", p.Jitter}, {"cap", p.Cap}, {"retry-after", p.MaxRetryAfter}}
}

type namedCount struct {
	name string
	n    int
}

func (p Policy) counts() [3]namedCount {
	return [...]namedCount{{"connect", p.Connect}, {"read", p.Read}, {"status", p.Status}}
}

func (p Policy) statuses(separator string) string {
	var b strings.Builder
	for i, r := range p.On {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(strconv.Itoa(r.From))
		if r.To != r.From {
			b.WriteString("-" + strconv.Itoa(r.To))
		}
	}
	return b.String()
}

func (p Policy) methods() []string {
	if len(p.Methods) == 0 {
		idempotent := idempotentMethods()
		return idempotent[:]
	}
	return p.Methods
}

// methodWord writes methods the way they are typed: as an addition to the
// idempotent ones where it is one.
func methodWord(methods []string) string {
	idempotent := idempotentMethods()
	if n := len(idempotent); len(methods) > n && slices.Equal(methods[:n], idempotent[:]) {
		return "+" + strings.Join(methods[n:], ",")
	}
	return strings.Join(methods, ",")
}

func repeats(n int) string {
	if n == 1 {
		return "1 repeat was"
	}
	return strconv.Itoa(n) + " repeats were"
}

// seconds writes a length of time as "0.5 s".
func seconds(d time.Duration) string {
	if whole := d.Truncate(time.Second); d >= time.Minute && whole != d {
		d = whole + time.Second // the wait until a date: nobody wants its nanoseconds
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " s"
}

// quote shows text from elsewhere: without control characters, and not all of
// it if it is long.
func quote(text string) string {
	const most = 40
	if len(text) <= most {
		return strconv.Quote(text)
	}
	return strconv.Quote(text[:most]) + "…"
}
