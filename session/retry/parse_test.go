package retry

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	base := Policy{Total: 3, Connect: -1, Read: -1, Status: -1, Backoff: DefaultBackoff}
	with := func(change func(*Policy)) Policy {
		p := base
		change(&p)
		return p
	}
	six := []string{"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"}
	for _, tt := range []struct {
		line  string
		want  Policy
		words string // "" means the line itself
		shown string
	}{
		{"off", Policy{}, "", "off"},
		{"0", Policy{}, "off", "off"},
		{"0 on 500", Policy{}, "off", "off"},
		{"3", base, "3 backoff 500ms",
			"3 on lost connections and on Retry-After · GET HEAD PUT DELETE OPTIONS TRACE · backoff 0.5 s"},
		{"3 on 429,500-599", with(func(p *Policy) { p.On = []StatusRange{{429, 429}, {500, 599}} }), "3 on 429,500-599 backoff 500ms",
			"3 on 429, 500-599 · GET HEAD PUT DELETE OPTIONS TRACE · backoff 0.5 s"},
		{"3 on 429, 5xx", with(func(p *Policy) { p.On = []StatusRange{{429, 429}, {500, 599}} }), "3 on 429,500-599 backoff 500ms",
			"3 on 429, 500-599 · GET HEAD PUT DELETE OPTIONS TRACE · backoff 0.5 s"},
		{"3 on 429 ,502 , 503 backoff 0", with(func(p *Policy) { p.On, p.Backoff = []StatusRange{{429, 429}, {502, 502}, {503, 503}}, 0 }),
			"3 on 429,502,503 backoff 0s", "3 on 429, 502, 503 · GET HEAD PUT DELETE OPTIONS TRACE · no backoff"},
		{"3 methods +post", with(func(p *Policy) { p.Methods = append(six[:6:6], "POST") }), "3 backoff 500ms methods +POST",
			"3 on lost connections and on Retry-After · GET HEAD PUT DELETE OPTIONS TRACE POST · backoff 0.5 s"},
		{"3 methods +POST,+PATCH,POST", with(func(p *Policy) { p.Methods = append(six[:6:6], "POST", "PATCH") }), "3 backoff 500ms methods +POST,PATCH",
			"3 on lost connections and on Retry-After · GET HEAD PUT DELETE OPTIONS TRACE POST PATCH · backoff 0.5 s"},
		{"3 methods GET", with(func(p *Policy) { p.Methods = []string{"GET"} }), "3 backoff 500ms methods GET",
			"3 on lost connections and on Retry-After · GET · backoff 0.5 s"},
		{"3 methods +GET", base, "3 backoff 500ms",
			"3 on lost connections and on Retry-After · GET HEAD PUT DELETE OPTIONS TRACE · backoff 0.5 s"},
		{"3 status 3 read 1 connect 2 retry-after 10m cap 60s jitter 0.2s backoff 1m on 502 METHODS GET",
			Policy{Total: 3, Connect: 2, Read: 1, Status: 3, On: []StatusRange{{502, 502}}, Backoff: time.Minute, Jitter: 200 * time.Millisecond,
				Cap: time.Minute, MaxRetryAfter: 10 * time.Minute, Methods: []string{"GET"}},
			"3 on 502 backoff 1m0s jitter 200ms cap 1m0s retry-after 10m0s methods GET connect 2 read 1 status 3",
			"3 on 502 · GET · backoff 60 s · jitter 0.2 s · cap 60 s · retry-after 600 s · connect 2 · read 1 · status 3"},
	} {
		got := mustParse(t, strings.Fields(tt.line)...)
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %+v, want %+v", tt.line, got, tt.want)
		}
		words := strings.Join(got.Words(), " ")
		if tt.words == "" {
			tt.words = tt.line
		}
		if words != tt.words {
			t.Errorf("%s: Words: got %q, want %q", tt.line, words, tt.words)
		}
		if again := mustParse(t, got.Words()...); !reflect.DeepEqual(again, got) {
			t.Errorf("%s: Words read back: got %+v, want %+v", tt.line, again, got)
		}
		if got.String() != tt.shown {
			t.Errorf("%s: String: got %q, want %q", tt.line, got.String(), tt.shown)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct{ line, want, hint string }{
		{"", "a number of repeats is wanted", "retry 3"},
		{"often", `"often" is no number from 0 to 100`, "retry 3"},
		{"-1", `"-1" is no number from 0 to 100`, "retry 3"},
		{"101", `"101" is no number from 0 to 100`, "retry 3"},
		{"1.5", `"1.5" is no number from 0 to 100`, "retry 3"},
		{"3 off", `"off" is not known here`, "retry 3 on 429,500-599 backoff 0.5s"},
		{"3 on", `"on" wants a value`, "retry 3 on 429,500-599"},
		{"3 on never", `"never" is no status, and no range of them`, "retry 3 on 429,500-599"},
		{"3 on 99", `"99" is no status, and no range of them`, "retry 3 on 429,500-599"},
		{"3 on 600", `"600" is no status, and no range of them`, "retry 3 on 429,500-599"},
		{"3 on 500-600", `"500-600" is no status, and no range of them`, "retry 3 on 429,500-599"},
		{"3 on 6xx", `"6xx" is no status, and no range of them`, "retry 3 on 429,500-599"},
		{"3 on 0500", `"0500" is no status, and no range of them`, "retry 3 on 429,500-599"},
		{"3 on +50", `"+50" is no status, and no range of them`, "retry 3 on 429,500-599"},
		{"3 on 0xx", `"0xx" is no status, and no range of them`, "retry 3 on 429,500-599"},
		{"3 on 599-500", `"599-500" is the wrong way round`, "retry 3 on 429,500-599"},
		{"3 on 429,,500", `"429,,500" is no status, and no range of them`, "retry 3 on 429,500-599"},
		{"3 on 429,", `"429," is no status, and no range of them`, "retry 3 on 429,500-599"},
		{"3 on 429 on 500", `"on" is given twice`, "retry 3 on 429,500-599"},
		{"3 backoff", `"backoff" wants a value`, "retry 3 backoff 0.5s"},
		{"3 backoff soon", `"soon" is no length of time`, "retry 3 backoff 0.5s"},
		{"3 backoff -1s", `"-1s" is less than no time`, "retry 3 backoff 0.5s"},
		{"3 backoff -1", `"-1" is less than no time`, "retry 3 backoff 0.5s"},
		{"3 backoff NaN", `"NaN" is no length of time`, "retry 3 backoff 0.5s"},
		{"3 backoff inf", `"inf" is no length of time`, "retry 3 backoff 0.5s"},
		{"3 backoff 1e3", `"1e3" is no length of time`, "retry 3 backoff 0.5s"},
		{"3 backoff 99999999999999999999", `"99999999999999999999" is longer than a year`, "retry 3 backoff 0.5s"},
		{"3 backoff 8761h", `"8761h" is longer than a year`, "retry 3 backoff 0.5s"},
		{"3 cap 0", `"0" is no time at all`, "retry 3 cap 60s"},
		{"3 jitter x", `"x" is no length of time`, "retry 3 jitter 0.5s"},
		{"3 methods +", `"+" is no method`, "retry 3 methods +POST"},
		{"3 methods G@T", `"G@T" is no method`, "retry 3 methods +POST"},
		{"3 methods any", `"any" is no method, each is named by itself`, "retry 3 methods +POST"},
		{"3 methods GET,+POST", `"GET,+POST" both adds methods and replaces them`, "retry 3 methods +POST"},
		{"3 read -1", `"-1" is no number from 0 to 100`, "retry 3 read 2"},
	} {
		_, err := Parse(strings.Fields(tt.line))
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Error() != tt.want || e.Hint() != tt.hint {
			t.Errorf("retry %s: got %v, %+v, want %q, hint %q", tt.line, err, e, tt.want, tt.hint)
		}
		if _, err := Parse(strings.Fields(strings.TrimPrefix(tt.hint, "retry "))); err != nil {
			t.Errorf("retry %s: the hint %q is wrong itself: %v", tt.line, tt.hint, err)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	for _, p := range []Policy{
		{Total: -1}, {Total: 101}, {Total: 1, Read: -2}, {Total: 1, Status: 101},
		{Total: 1, Backoff: -1}, {Total: 1, Cap: maxWait + 1}, {Total: 1, MaxRetryAfter: -1},
		{Total: 1, On: []StatusRange{{500, 400}}}, {Total: 1, On: []StatusRange{{0, 1000}}},
		{Total: 1, Methods: []string{"+POST"}}, {Total: 1, Methods: []string{""}}, {Total: 1, Methods: []string{"A B"}},
	} {
		if err := p.Check(); err == nil {
			t.Errorf("%+v: no error", p)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"3 on 429,500-599 backoff 0.5s jitter 0.2s cap 60s methods +POST connect 2 read 1 status 3 retry-after 1h",
		"3 methods GET, head", "0", "off", "2 backoff .5", "2 backoff 1ns", "2 on 5xx , 429", "3 methods +GET,FOO", "1 methods get,PUT,head",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		p, err := Parse(strings.Split(line, " "))
		if err != nil {
			if err.Error() == "" || strings.ContainsAny(err.Error(), "\n\x1b\x00") {
				t.Errorf("%q: error %q", line, err)
			}
			return
		}
		if err := p.Check(); err != nil {
			t.Errorf("%q: %+v: %v", line, p, err)
		}
		again, err := Parse(p.Words())
		if err != nil || !reflect.DeepEqual(again, p) {
			t.Errorf("%q: %q: got %+v, %v, want %+v", line, p.Words(), again, err, p)
		}
		for _, o := range []Outcome{refused(), dropped("GET"), answer("GET", 500)} {
			if d := p.Next(new(Tries), o, at(), func() float64 { return 0.999 }); d.Wait < 0 || d.Wait > p.cap() {
				t.Errorf("%q: wait %v", line, d.Wait)
			}
		}
	})
}
