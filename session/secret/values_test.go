package secret

import (
	"slices"
	"strings"
	"testing"
)

func TestValues(t *testing.T) {
	for _, test := range []struct {
		line string
		want []string
	}{
		{"get /x Authorization:Bearer CANARY", []string{"CANARY"}},
		{"get /x X-Api-Key: CANARY", []string{"CANARY"}},
		{"get /x X-Api-Key: id:CANARY", []string{"id:CANARY"}},
		{"get /x Authorization: Bearer CANARY", []string{"CANARY"}},
		{"token==CANARY {{", []string{"CANARY", "{{"}},
		{`get /x?token=CANARY\ b`, []string{`CANARY\ b`, "CANARY b"}},
		{`get "http://u:CANARY @h/"`, []string{"CANARY"}},
		{"!curl -u u:CANARY; exit 3", []string{"CANARY"}},
		{"get /x X-Key:one token==two password=one", []string{"one", "two"}},
		{`post /x {"password": "a\u0042\n\"c"}`, []string{`a\u0042\n\"c`, "aB\n\"c"}},
		{`auth bob "a\tb"`, []string{`a\tb`, "a\tb"}},
		{`auth bob 'a\tb'`, []string{`a\tb`}},
		{`post /x password='it'\''s it'`, []string{`it'\''s it`, "it's it"}},
		{`post /x password="a b"c`, []string{`"a b"c`, "a bc"}},
		{"auth bob first second", []string{"first second", "first", "second"}},
		{"X-Key: CANARY for https://h.test # note", []string{"CANARY", "note"}},
		{"Cookie: sid=one; theme=two", []string{"one", "two"}},
		{"auth bearer " + Mask, nil},
		{"auth bearer env:TOKEN", nil},
		{"get /users/1 page==2", nil},
		{"", nil},
	} {
		if got := Values(test.line); !slices.Equal(got, test.want) {
			t.Errorf("Values(%q)\n got %q\nwant %q", test.line, got, test.want)
		}
	}
}

// What Line hides Values tells, for every line there is a case for.
func TestValuesAreWhatLineHides(t *testing.T) {
	for _, test := range lineCases {
		line := placeholder(test.line, canary)
		values, masked := Values(line), Line(line)
		if (len(values) > 0) != (masked != line) {
			t.Errorf("%s: Values(%q) = %q, but Line is %q", test.name, line, values, masked)
		}
		has := slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, canary) })
		if hidden := strings.Count(line, canary) > strings.Count(masked, canary); has != hidden {
			t.Errorf("%s: Values(%q) = %q, but Line is %q", test.name, line, values, masked)
		}
	}
}
