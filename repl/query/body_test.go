package query

import (
	"errors"
	"strings"
	"testing"
)

// $r.body is there whatever was received: text if it is not JSON.
func TestScopeBodyText(t *testing.T) {
	for _, tt := range []struct{ body, want string }{
		{"<p>café</p>", `"<p>café</p>"`},
		{"a\xffb\xc3", "\"a\uFFFDb\uFFFD\""},
		{"{\"a\": 1", `"{\"a\": 1"`},
		{"1 2 x", `"1 2 x"`},
		{"", "null"},
		{" \n", "null"},
		{"1\n2\n", "[1,2]"},
		{`"x"`, `"x"`},
	} {
		v := &View{Body: NewDoc([]byte(tt.body))}
		s := &Scope{Current: v, Exchange: func(int) (*View, error) { return v, nil }}
		for _, program := range []string{
			"$r.body", "$r | .body", "[$r.body][0]", "$r1.body", "$r1 | .body", "$r1.body | [.] | .[0]", "$r | .status, .body | values | select(. != 0)",
		} {
			want := tt.want
			if strings.Contains(program, "values") && want == "null" {
				want = ""
			}
			if got, err := run(t, program, v.Body, s); err != nil || got != want {
				t.Errorf("%s of %q: got %s, %v, want %s", program, tt.body, got, err, want)
			}
		}
		if tt.want != "[1,2]" && tt.want != `"x"` {
			if got, err := run(t, ".", v.Body, s); err == nil {
				t.Errorf(". of %q: got %s, want an error", tt.body, got)
			}
		}
	}
	html := &View{Body: NewDoc([]byte("<p>"))}
	if got, err := run(t, "$r.body.a", nil, &Scope{Current: html}); err == nil || !strings.Contains(err.Error(), "expected an object, $r.body is the string") {
		t.Errorf("a key of a text: got %s, %v", got, err)
	}
}

// What the owner of the conversation says of a missing exchange comes back as
// it is, and nothing says that the program is wrong.
func TestScopeExchangeError(t *testing.T) {
	missing := &missingExchange{}
	s := &Scope{Exchange: func(int) (*View, error) { return nil, missing }}
	big := NewDoc([]byte("[" + strings.Repeat(" ", smallBody) + "1]"))
	for _, program := range []string{"$r9", "$r9.body", "$r9.body.a", "$r9.status", "[$r9.status] | length", "., $r9.status", "$r9 | .body"} {
		_, err := run(t, program, big, s)
		var e *Error
		var m *missingExchange
		if err != error(missing) || !errors.As(err, &m) || errors.As(err, &e) {
			t.Errorf("%s: got %#v", program, err)
		}
		_, err = run(t, program, big, nil)
		if !errors.As(err, &e) || e.Compile {
			t.Errorf("%s without exchanges: got %#v", program, err)
		}
	}
}

type missingExchange struct{}

func (*missingExchange) Error() string { return "no $r9" }
