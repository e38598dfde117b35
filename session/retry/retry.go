// Package retry decides whether a request that went wrong is sent again, and
// after what wait. It follows the rules of urllib3's Retry, which Python's
// requests hands its max_retries to, and does nothing itself: it neither sends
// nor waits, and is told the time and the chance.
//
// One deviation from urllib3 is on purpose: the first repeat waits as well, the
// wait before repeat n being backoff × 2^(n-1).
package retry

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// DefaultCap is the longest wait of a policy that names none.
const DefaultCap = 120 * time.Second

// DefaultBackoff is the wait before the first repeat when [Parse] is told none.
const DefaultBackoff = 500 * time.Millisecond

// A Policy says what is repeated, how often and after what wait. The zero value
// repeats nothing. It is plain data, and can be kept as JSON.
type Policy struct {
	Total   int `json:"total"`   // repeats in all, which beats the other three; negative means no limit of its own
	Connect int `json:"connect"` // repeats after connects that came to nothing; negative means no limit of its own
	Read    int `json:"read"`    // repeats after an answer that did not come; negative means no limit of its own
	Status  int `json:"status"`  // repeats after answers; negative means no limit of its own

	// On are the statuses that are repeated. Whatever it holds, a 413, 429 or
	// 503 that says when to come back (Retry-After) is repeated too.
	On []StatusRange `json:"on,omitempty"`

	Backoff       time.Duration `json:"backoff"`                   // the wait before the first repeat, doubled for each further one; 0 means none
	Jitter        time.Duration `json:"jitter,omitempty"`          // up to this much is added to a wait at random; 0 means nothing
	Cap           time.Duration `json:"cap,omitempty"`             // the longest wait; 0 means DefaultCap
	MaxRetryAfter time.Duration `json:"max_retry_after,omitempty"` // the longest wait a server may ask for; 0 means the longest wait

	// Methods are those repeated once the server may have seen the request. Nil
	// and empty mean the idempotent ones (RFC 9110, section 9.2.2): HEAD, GET,
	// PUT, DELETE, OPTIONS and TRACE.
	Methods []string `json:"methods,omitempty"`
}

// A StatusRange is the statuses from From to To, both included.
type StatusRange struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// A Kind is how far a try came.
type Kind int

// The kinds of outcome.
const (
	ConnectFailed Kind = iota // nothing of the request was written
	ReadFailed                // the request was sent, in part at least, and no whole head came back
	Answered                  // an answer's head came
)

// An Outcome is what became of one try.
type Outcome struct {
	Kind              Kind
	Status            int    // of an answer, else 0
	RetryAfter        string // the field Retry-After of an answer; "" means it had none
	Method            string
	HasIdempotencyKey bool // the request has a field Idempotency-Key, by which the server knows it again
	BodyAgain         bool // the body can be sent (again): there is none, it can be opened again, or nothing of it was read
}

// Tries is what was repeated so far for one request. The zero value is a
// request that was not repeated yet; redirects belong to the same request.
type Tries struct {
	Total, Connect, Read, Status int

	row int // repeats since the last redirect
}

// Redirected says that an answer was a redirect that is followed: no repeat,
// but the waits start small again.
func (t *Tries) Redirected() { t.row = 0 }

// A Decision is what to do after an outcome.
type Decision struct {
	Again      bool
	Wait       time.Duration // before the request is sent again
	FromServer bool          // Wait is the server's (Retry-After), not the formula's
	Why        string        // why a failure is not repeated; "" if it is, if the answer is none to repeat, and for the zero Policy
	Note       string        // something to tell either way, such as a Retry-After that makes no sense; "" means nothing
}

// Next decides about the outcome of a try made at now, and counts the repeat in
// t if there is to be one. The chance rnd returns numbers from 0 up to, not
// including, 1; nil means that nothing is added to waits.
func (p Policy) Next(t *Tries, o Outcome, now time.Time, rnd func() float64) (d Decision) {
	if p.Total == 0 {
		return d
	}
	var asked time.Duration
	if o.Kind == Answered && o.RetryAfter != "" {
		if asked, d.FromServer = RetryAfter(o.RetryAfter, now); !d.FromServer {
			d.Note = "Retry-After " + quote(o.RetryAfter) + " ignored"
		}
	}
	if o.Kind == Answered && !p.repeatable(o.Status, d.FromServer) {
		if !p.repeatable(o.Status, true) {
			d.Note = ""
		}
		return Decision{Note: d.Note}
	}
	if d.Why = p.refusal(*t, o); d.Why != "" {
		return Decision{Why: d.Why, Note: d.Note}
	}
	if most := cmp.Or(p.MaxRetryAfter, p.cap()); d.FromServer && asked > most {
		d.Why = "Retry-After of " + seconds(asked) + " is longer than " + seconds(most)
		return Decision{Why: d.Why}
	}
	t.count(o.Kind)
	d.Again, d.Wait = true, asked
	if !d.FromServer {
		d.Wait = p.wait(t.row, rnd)
	}
	return d
}

// repeatable says whether an answer of this status is one to repeat.
func (p Policy) repeatable(status int, retryAfter bool) bool {
	for _, r := range p.On {
		if r.From <= status && status <= r.To {
			return true
		}
	}
	return retryAfter && (status == 413 || status == 429 || status == 503)
}

// refusal says why an outcome is not repeated, "" if it may be.
func (p Policy) refusal(t Tries, o Outcome) string {
	if o.Kind != ConnectFailed && !o.HasIdempotencyKey && !p.allows(o.Method) {
		return o.Method + " is not repeated unless named (retry … methods +" + o.Method + ")"
	}
	if !o.BodyAgain {
		return "the body cannot be sent again, it was read from a stream"
	}
	done, most, after := t.Status, p.Status, " after an answer"
	switch o.Kind {
	case ConnectFailed:
		done, most, after = t.Connect, p.Connect, " after a failed connect"
	case ReadFailed:
		done, most, after = t.Read, p.Read, " after a missing answer"
	}
	switch {
	case p.Total >= 0 && t.Total >= p.Total:
		return repeats(p.Total) + " allowed"
	case most >= 0 && done >= most:
		return repeats(most) + " allowed" + after
	}
	return ""
}

// allows says whether a request that the server may have seen is repeated.
func (p Policy) allows(method string) bool {
	same := func(m string) bool { return strings.EqualFold(m, method) }
	if len(p.Methods) == 0 {
		idempotent := idempotentMethods()
		return slices.ContainsFunc(idempotent[:], same)
	}
	return slices.ContainsFunc(p.Methods, same)
}

func idempotentMethods() [6]string {
	return [...]string{"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"}
}

func (t *Tries) count(k Kind) {
	t.Total++
	t.row++
	switch k {
	case ConnectFailed:
		t.Connect++
	case ReadFailed:
		t.Read++
	case Answered:
		t.Status++
	}
}

func (p Policy) cap() time.Duration { return cmp.Or(p.Cap, DefaultCap) }

// wait is how long to wait before repeat n in a row, counted from 1.
func (p Policy) wait(n int, rnd func() float64) time.Duration {
	// As float64, so that a great n comes to the cap instead of around to below 0.
	w := math.Ldexp(float64(p.Backoff), n-1)
	if rnd != nil {
		w += rnd() * float64(p.Jitter)
	}
	if w >= float64(p.cap()) {
		return p.cap()
	}
	return time.Duration(w)
}
