package retry

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

func at() time.Time { return time.Date(2019, 6, 3, 11, 0, 0, 0, time.UTC) }

func mustParse(t *testing.T, words ...string) Policy {
	t.Helper()
	p, err := Parse(words)
	if err != nil {
		t.Fatalf("Parse(%q): %v", words, err)
	}
	return p
}

func refused() Outcome { return Outcome{Kind: ConnectFailed, Method: "GET", BodyAgain: true} }

func dropped(method string) Outcome {
	return Outcome{Kind: ReadFailed, Method: method, BodyAgain: true}
}

func answer(method string, status int) Outcome {
	return Outcome{Kind: Answered, Status: status, Method: method, BodyAgain: true}
}

func later(method string, status int, retryAfter string) Outcome {
	o := answer(method, status)
	o.RetryAfter = retryAfter
	return o
}

// The names are those of urllib3's test_retry.py, whose meaning the cases have.
func TestRepeatsLikeUrllib3(t *testing.T) {
	none := Policy{Total: -1, Connect: -1, Read: -1, Status: -1}
	with := func(change func(*Policy)) Policy {
		p := none
		change(&p)
		return p
	}
	all := []StatusRange{{500, 599}}
	for _, tt := range []struct {
		name   string
		policy Policy
		tries  []Outcome
		want   []bool // whether each is repeated
	}{
		{"retry_both_specified", with(func(p *Policy) { p.Connect, p.Total = 3, 2 }),
			[]Outcome{refused(), refused(), refused()}, []bool{true, true, false}},
		{"retry_higher_total_loses", with(func(p *Policy) { p.Connect, p.Total = 2, 3 }), // D10
			[]Outcome{refused(), refused(), refused()}, []bool{true, true, false}},
		{"retry_higher_total_loses_vs_read", with(func(p *Policy) { p.Read, p.Total = 2, 3 }),
			[]Outcome{dropped("GET"), dropped("GET"), dropped("GET")}, []bool{true, true, false}},
		{"retry_total_none, connect", with(func(p *Policy) { p.Connect = 2 }),
			[]Outcome{refused(), refused(), refused()}, []bool{true, true, false}},
		{"retry_total_none, read", with(func(p *Policy) { p.Connect = 2 }),
			[]Outcome{dropped("GET"), dropped("GET"), dropped("GET")}, []bool{true, true, true}},
		{"retry_default", with(func(p *Policy) { p.Connect, p.Total = 1, 10 }),
			[]Outcome{refused(), refused()}, []bool{true, false}},
		{"retry_read_zero", with(func(p *Policy) { p.Read, p.Total = 0, 10 }),
			[]Outcome{dropped("GET")}, []bool{false}},
		{"connect zero", with(func(p *Policy) { p.Connect, p.Total = 0, 10 }), // D10
			[]Outcome{refused()}, []bool{false}},
		{"status_counter", with(func(p *Policy) { p.Status, p.Total, p.On = 2, 10, []StatusRange{{400, 400}} }),
			[]Outcome{answer("GET", 400), answer("GET", 400), answer("GET", 400)}, []bool{true, true, false}},
		{"urllib3_retries", with(func(p *Policy) { p.Total, p.On = 2, []StatusRange{{500, 500}} }), // D8
			[]Outcome{answer("GET", 500), answer("GET", 500), answer("GET", 500)}, []bool{true, true, false}},
		{"disabled", with(func(p *Policy) { p.Total, p.On = 0, all }),
			[]Outcome{refused(), dropped("GET"), answer("GET", 500)}, []bool{false, false, false}},
		{"the zero policy", Policy{}, []Outcome{refused(), dropped("GET"), later("GET", 503, "1")}, []bool{false, false, false}},
		{"status_forcelist", with(func(p *Policy) { p.Total, p.On = 9, all }),
			[]Outcome{answer("GET", 200), answer("GET", 400), answer("GET", 500), answer("GET", 599), answer("GET", 600)},
			[]bool{false, false, true, true, false}},
		{"allowed_methods_with_status_forcelist", with(func(p *Policy) { p.Total, p.On, p.Methods = 9, all, []string{"POST"} }),
			[]Outcome{answer("GET", 500), answer("POST", 500)}, []bool{false, true}},
		{"POST in the list of statuses only", with(func(p *Policy) { p.Total, p.On = 9, all }), // D9
			[]Outcome{answer("POST", 503), answer("PATCH", 503)}, []bool{false, false}},
		{"exhausted", with(func(p *Policy) { p.Total, p.On = 1, all }),
			[]Outcome{answer("GET", 500), answer("GET", 500)}, []bool{true, false}},
		{"retry_method_not_allowed", with(func(p *Policy) { p.Total = 10 }),
			[]Outcome{dropped("POST"), dropped("PUT"), dropped("DELETE"), dropped("OPTIONS"), dropped("TRACE"), dropped("HEAD"), dropped("PATCH")},
			[]bool{false, true, true, true, true, true, false}}, // D4
		{"a connect that failed is repeated for every method", with(func(p *Policy) { p.Total = 10 }),
			[]Outcome{{Kind: ConnectFailed, Method: "POST", BodyAgain: true}}, []bool{true}},
		{"history: kinds count apart", with(func(p *Policy) { p.Total, p.Connect, p.Read, p.Status, p.On = 10, 1, 1, 1, all }),
			[]Outcome{refused(), dropped("GET"), answer("GET", 500), answer("GET", 500)}, []bool{true, true, true, false}},
		{"respect_retry_after_header", with(func(p *Policy) { p.Total = 10 }),
			[]Outcome{later("GET", 413, "1"), later("GET", 429, "1"), later("GET", 503, "1"), later("GET", 500, "1"), later("POST", 503, "1"), answer("GET", 503)},
			[]bool{true, true, true, false, false, false}},
	} {
		var tries Tries
		for i, o := range tt.tries {
			if d := tt.policy.Next(&tries, o, at(), nil); d.Again != tt.want[i] {
				t.Errorf("%s: try %d (%+v): again %v, want %v (%s)", tt.name, i+1, o, d.Again, tt.want[i], d.Why)
			}
		}
	}
}

func TestCountOnlyWhatIsRepeated(t *testing.T) {
	p := mustParse(t, "3", "on", "500")
	var tries Tries
	p.Next(&tries, answer("GET", 500), at(), nil)
	p.Next(&tries, answer("GET", 404), at(), nil)
	p.Next(&tries, dropped("POST"), at(), nil)
	p.Next(&tries, refused(), at(), nil)
	if want := (Tries{Total: 2, Connect: 1, Status: 1, row: 2}); tries != want {
		t.Errorf("got %+v, want %+v", tries, want)
	}
}

func TestIdempotencyKey(t *testing.T) { // D5
	p := mustParse(t, "2", "on", "503")
	for _, o := range []Outcome{dropped("POST"), answer("POST", 503), dropped("PATCH")} {
		o.HasIdempotencyKey = true
		if d := p.Next(new(Tries), o, at(), nil); !d.Again {
			t.Errorf("%+v: not repeated: %s", o, d.Why)
		}
		if d := (Policy{}).Next(new(Tries), o, at(), nil); d.Again {
			t.Errorf("%+v: repeated without a policy", o)
		}
	}
}

// waits returns the waits of n repeats of a 500.
func waits(p Policy, n int, rnd func() float64) (got []time.Duration) {
	var tries Tries
	for range n {
		got = append(got, p.Next(&tries, answer("GET", 500), at(), rnd).Wait)
	}
	return got
}

func TestBackoff(t *testing.T) { // D11
	const ms = time.Millisecond
	for _, tt := range []struct {
		name  string
		words []string
		want  []time.Duration
	}{
		{"backoff", []string{"9", "on", "500", "backoff", "0.1"}, []time.Duration{100 * ms, 200 * ms, 400 * ms, 800 * ms, 1600 * ms}},
		{"configurable_backoff_max", []string{"9", "on", "500", "backoff", "0.2", "cap", "1s"},
			[]time.Duration{200 * ms, 400 * ms, 800 * ms, 1000 * ms, 1000 * ms}},
		{"zero_backoff", []string{"9", "on", "500", "backoff", "0"}, []time.Duration{0, 0, 0}},
		{"the default", []string{"9", "on", "500"}, []time.Duration{500 * ms, 1000 * ms, 2000 * ms}},
	} {
		if got := waits(mustParse(t, tt.words...), len(tt.want), nil); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
	long := waits(mustParse(t, "100", "on", "500", "backoff", "8760h", "cap", "8760h"), 100, nil)
	if got, want := long[99], 365*24*time.Hour; got != want {
		t.Errorf("wait 100 of a year's backoff: got %v, want %v", got, want)
	}
	if got := waits(mustParse(t, "100", "on", "500", "backoff", "0.2"), 12, nil); got[11] != DefaultCap {
		t.Errorf("wait 12 of backoff 0.2s: got %v, want %v", got[11], DefaultCap)
	}
}

func TestBackoffJitter(t *testing.T) { // D11
	p := mustParse(t, "100", "on", "500", "backoff", "0.2", "jitter", "0.4", "cap", "1s")
	base := []time.Duration{200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond, time.Second}
	seed := rand.New(rand.NewPCG(1, 2))
	varied := false
	for range 50 {
		for i, got := range waits(p, len(base), seed.Float64) {
			if most := min(base[i]+p.Jitter, time.Second); got < base[i] || got > most {
				t.Fatalf("wait %d: got %v, want %v to %v", i+1, got, base[i], most)
			}
			varied = varied || got != base[i] && got != time.Second
		}
	}
	if !varied {
		t.Error("nothing was ever added to a wait")
	}
	if got, want := waits(p, 1, func() float64 { return 0.5 })[0], 400*time.Millisecond; got != want {
		t.Errorf("half the jitter: got %v, want %v", got, want)
	}
}

func TestBackoffResetAfterRedirect(t *testing.T) {
	p := mustParse(t, "3", "on", "500", "backoff", "0.2")
	var tries Tries
	var got []time.Duration
	for i := range 4 {
		if i == 2 {
			tries.Redirected()
		}
		if d := p.Next(&tries, answer("GET", 500), at(), nil); d.Again {
			got = append(got, d.Wait)
		}
	}
	want := []time.Duration{200 * time.Millisecond, 400 * time.Millisecond, 200 * time.Millisecond}
	if !slices.Equal(got, want) {
		t.Errorf("got waits %v, want %v: redirects start the waits again and count for nothing", got, want)
	}
}

func TestWaitTheServerAsksFor(t *testing.T) { // D12, D13
	for _, tt := range []struct {
		words      []string
		o          Outcome
		again      bool
		wait       time.Duration
		fromServer bool
		why, note  string
	}{
		{[]string{"3"}, later("GET", 503, "2"), true, 2 * time.Second, true, "", ""},
		{[]string{"3", "on", "502", "backoff", "9s"}, later("GET", 502, "2"), true, 2 * time.Second, true, "", ""},
		{[]string{"3"}, later("GET", 503, "Mon, 03 Jun 2019 11:00:07 GMT"), true, 7 * time.Second, true, "", ""},
		{[]string{"3"}, later("GET", 503, "Mon, 03 Jun 2019 10:00:00 GMT"), true, 0, true, "", ""},
		{[]string{"3"}, later("GET", 503, "120"), true, 120 * time.Second, true, "", ""},
		{[]string{"3"}, later("GET", 429, "3600"), false, 0, false, "Retry-After of 3600 s is longer than 120 s", ""},
		{[]string{"3", "cap", "5s"}, later("GET", 429, "6"), false, 0, false, "Retry-After of 6 s is longer than 5 s", ""},
		{[]string{"3", "cap", "5s", "retry-after", "1h"}, later("GET", 429, "3600"), true, time.Hour, true, "", ""},
		{[]string{"3", "retry-after", "1s"}, later("GET", 429, "2"), false, 0, false, "Retry-After of 2 s is longer than 1 s", ""},
		{[]string{"3"}, later("GET", 429, "99999999999999999999"), false, 0, false, "Retry-After of 9223372036 s is longer than 120 s", ""},
		{[]string{"3", "on", "429"}, later("GET", 429, "garbage"), true, 500 * time.Millisecond, false, "", `Retry-After "garbage" ignored`},
		{[]string{"3", "on", "429"}, later("GET", 429, "-1"), true, 500 * time.Millisecond, false, "", `Retry-After "-1" ignored`},
		{[]string{"3", "on", "429"}, later("GET", 429, "1e9"), true, 500 * time.Millisecond, false, "", `Retry-After "1e9" ignored`},
		{[]string{"3"}, later("GET", 429, "garbage"), false, 0, false, "", `Retry-After "garbage" ignored`},
		{[]string{"3"}, later("GET", 200, "garbage"), false, 0, false, "", ""},
		{[]string{"3", "on", "429"}, later("GET", 429, "\x1b[2J"), true, 500 * time.Millisecond, false, "", `Retry-After "\x1b[2J" ignored`},
	} {
		d := mustParse(t, tt.words...).Next(new(Tries), tt.o, at(), nil)
		want := Decision{Again: tt.again, Wait: tt.wait, FromServer: tt.fromServer, Why: tt.why, Note: tt.note}
		if d != want {
			t.Errorf("retry %q, %d with Retry-After %q: got %+v, want %+v", tt.words, tt.o.Status, tt.o.RetryAfter, d, want)
		}
	}
}

func TestWhyNotRepeated(t *testing.T) {
	stream := dropped("PUT")
	stream.BodyAgain = false
	for _, tt := range []struct {
		words []string
		done  Tries
		o     Outcome
		want  string
	}{
		{[]string{"3"}, Tries{}, dropped("POST"), "POST is not repeated unless named (retry … methods +POST)"},
		{[]string{"3", "on", "500"}, Tries{}, answer("POST", 500), "POST is not repeated unless named (retry … methods +POST)"},
		{[]string{"3", "on", "500"}, Tries{}, answer("POST", 404), ""},
		{[]string{"3"}, Tries{}, answer("GET", 200), ""},
		{[]string{"3"}, Tries{}, stream, "the body cannot be sent again, it was read from a stream"},
		{[]string{"3"}, Tries{Total: 3}, dropped("GET"), "3 repeats were allowed"},
		{[]string{"1"}, Tries{Total: 1}, refused(), "1 repeat was allowed"},
		{[]string{"3", "connect", "0"}, Tries{}, refused(), "0 repeats were allowed after a failed connect"},
		{[]string{"3", "read", "1"}, Tries{Total: 1, Read: 1}, dropped("GET"), "1 repeat was allowed after a missing answer"},
		{[]string{"3", "on", "5xx", "status", "1"}, Tries{Total: 1, Status: 1}, answer("GET", 500), "1 repeat was allowed after an answer"},
	} {
		tries := tt.done
		d := mustParse(t, tt.words...).Next(&tries, tt.o, at(), nil)
		if d.Again || d.Why != tt.want || tries != tt.done {
			t.Errorf("retry %q, %+v after %+v: got %+v and %+v, want why %q and nothing counted", tt.words, tt.o, tt.done, d, tries, tt.want)
		}
	}
}

func TestPolicyAsJSON(t *testing.T) {
	for _, p := range []Policy{{}, mustParse(t, "3", "on", "429,500-599", "methods", "+POST", "connect", "0", "cap", "1m", "jitter", "1s", "backoff", "0")} {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var got Policy
		if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, p) {
			t.Errorf("%s: got %+v, %v, want %+v", text, got, err, p)
		}
		if err := got.Check(); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
