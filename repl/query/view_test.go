package query

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// practice is an exchange as a server might leave it.
func practice() *View {
	return &View{
		Status: 200, Reason: "OK", URL: "https://api.example.com/v3/user/repos?page=1", Method: "GET",
		Elapsed: 1500 * time.Millisecond, Size: 17,
		Header: []Field{
			{"Content-Type", "application/json"}, {"ETag", `"abc"`}, {"Vary", "Accept"}, {"vary", "Cookie"},
			{"Set-Cookie", "a=1; Expires=Mon, 01 Jan 2040 00:00:00 GMT"}, {"Set-Cookie", "b=2"},
			{"Link", `<?page=2>; rel="next", <https://api.example.com/v3/user/repos?page=9>; rel="last"`},
			{"Link", `</help>; title="a, b; c"; rel="HELP about"`},
		},
		Body:          NewDoc([]byte(`{"status":"open","id":12345678901234567890,"list":[{"n":1.10}]}`)),
		RequestHeader: []Field{{"Accept", "*/*"}},
		RequestBody:   NewDoc([]byte(`{"q": 1.0}`)),
		SetCookies:    []Cookie{{"a", "1"}, {"b", "2"}},
	}
}

func practiceScope() *Scope {
	markup := &View{Status: 404, Header: []Field{{"Content-Type", "text/html"}}, BodyErr: errors.New("query: the body is not JSON")}
	token, err := ValueOf([]byte(`{"access":"t0k3n","n":1.0}`))
	if err != nil {
		panic(err)
	}
	return &Scope{
		Current: practice(),
		Exchange: func(n int) (*View, error) {
			switch n {
			case 1:
				return practice(), nil
			case 2:
				return markup, nil
			case 3:
				return nil, errors.New("$r3: dropped to save memory")
			}
			return nil, nil
		},
		Vars: map[string]Value{"token": token, "name": StringValue("jdoe")},
		Env: func(name string) (string, bool) {
			return "/home/jdoe", name == "HOME"
		},
		Cookie: func(name string) (string, bool) { return "jar", name == "csrftoken" },
	}
}

func TestScope(t *testing.T) {
	for _, tt := range []struct{ program, want string }{
		{"status", "200"},
		{"status == 200", "true"},
		{".status", `"open"`},
		{"{status}", `{"status":"open"}`},
		{"reason", `"OK"`},
		{"elapsed", "1.5"},
		{"url", `"https://api.example.com/v3/user/repos?page=1"`},
		{"headers.etag", `"\"abc\""`},
		{"headers.vary", `"Accept, Cookie"`},
		{`headers["set-cookie"][1]`, `"b=2"`},
		{`headers["set-cookie"] | length`, "2"},
		{`header("ETAG")`, `"\"abc\""`},
		{`header("nothing")`, "null"},
		{`header("set-cookie") | length`, "2"},
		{"links.next", `"https://api.example.com/v3/user/repos?page=2"`},
		{"links | keys", `["about","help","last","next"]`},
		{"links.help", `"https://api.example.com/help"`},
		{"cookies", `{"a":"1","b":"2"}`},
		{`cookie("csrftoken")`, `"jar"`},
		{`cookie("other")`, "null"},
		{"$r.status", "200"},
		{"$r.body.id", "12345678901234567890"},
		{"$r.body.list.0.n", "1.10"},
		{"$r1.body.list | map(.n)", "[1.10]"},
		{"$r | .status, .method", "200\n\"GET\""},
		{"$r | keys | join(\" \")", `"body elapsed headers method reason request size status url"`},
		{"$r.request", `{"method":"GET","url":"https://api.example.com/v3/user/repos?page=1","headers":{"accept":"*/*"},"body":{"q":1.0}}`},
		{"$r.nothing", "null"},
		{"$r2.status", "404"},
		{"$r2 | .body", "null"},
		{"$token.n", "1.0"},
		{"$token | {n, access}", `{"n":1.0,"access":"t0k3n"}`},
		{"$token.access + $name", `"t0k3njdoe"`},
		{"$name", `"jdoe"`},
		{"{$name}", `{"name":"jdoe"}`},
		{"{$name: 1}", `{"jdoe":1}`},
		{"$ENV.HOME", `"/home/jdoe"`},
		{`$ENV["HOME"] | length`, "10"},
		{"$ENV.PATH", "null"},
		{"env.HOME", "null"},
		{"$ENV | length", "0"},
		{"def status: 1; status", "1"},
		{". as $r | $r.status", `"open"`},
		{"5 as $name | $name", "5"},
		{"reduce 1 as $r (0; . + $r)", "1"},
		{"def f($token): $token; f(3)", "3"},
		{". as {status: $name} | $name", `"open"`},
		{"[status, $r1.status] | add", "400"},
	} {
		s := practiceScope()
		got, err := run(t, tt.program, s.Current.Body, s)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %s, %v, want %s", tt.program, got, err, tt.want)
		}
	}
}

// What looks only at the exchange works whatever the body is.
func TestScopeWithoutBody(t *testing.T) {
	for _, tt := range []struct{ program, want string }{
		{"status == 200", "true"},
		{"status == 200 | not", "false"},
		{"[status, reason]", `[200,"OK"]`},
		{`header("etag") != null`, "true"},
		{"if status < 400 then \"ok\" else \"bad\" end", `"ok"`},
		{`"got \(status)"`, `"got 200"`},
		{"{code: status}", `{"code":200}`},
		{"headers | length", "5"},
		{"$r.status", "200"},
		{"$r.body | length", ""},
	} {
		for _, body := range []string{"", "<html>", "{", "1\n2\n3"} {
			s := practiceScope()
			s.Current.BodyErr = errors.New("no JSON")
			got, err := run(t, tt.program, NewDoc([]byte(body)), s)
			if tt.want == "" {
				if err == nil || err.Error() != "no JSON" {
					t.Errorf("%s: got %s, %v, want the error of the body", tt.program, got, err)
				}
				continue
			}
			if err != nil || got != tt.want {
				t.Errorf("%s with body %q: got %s, %v, want %s", tt.program, body, got, err, tt.want)
			}
		}
	}
}

func TestScopeErrors(t *testing.T) {
	for _, tt := range []struct{ program, want, hint string }{
		{"$r3.body", "$r3: dropped to save memory", ""},
		{"$r3.status", "$r3: dropped to save memory", ""},
		{"$r4.status", "query: $r4: no such exchange", "responses"},
		{"$r4.body.a", "query: $r4: no such exchange", "responses"},
		{"$r2.body.a", "query: the body is not JSON", ""},
		{"status = 404", "query: invalid path against: number (200)", "== to compare"},
		{"1 == 1 | path(1)", "query: invalid path against: number (1)", ""},
		{"header(1)", "query: header: the name must be a string", ""},
		{"cookie({})", "query: cookie: the name must be a string", ""},
	} {
		_, err := run(t, tt.program, nil, practiceScope())
		var e *Error
		if errors.As(err, &e); err == nil || err.Error() != tt.want || e != nil && e.Hint != tt.hint {
			t.Errorf("%s: got %v, want %s", tt.program, err, tt.want)
		}
	}
	for _, program := range []string{"status", "$r", "$r.body", "headers", `header("a")`} {
		_, err := run(t, program, nil, nil)
		if err == nil || !strings.HasSuffix(err.Error(), ": no answer yet") {
			t.Errorf("%s before any answer: got %v", program, err)
		}
	}
}

// A secret in a variable is reached by its name only.
func TestScopeKeepsVariablesApart(t *testing.T) { // Q1, Q13
	for _, program := range []string{"$__prog_args", "env", "$ENV", "[.. | strings]", "$r | tojson", "builtins", "[paths]", "headers, links, cookies", "$__loc__"} {
		s := practiceScope()
		got, err := run(t, program, s.Current.Body, s)
		if strings.Contains(got, "t0k3n") || strings.Contains(got, "/home") {
			t.Errorf("%s: got %s, %v", program, got, err)
		}
	}
}

func TestStatusOf(t *testing.T) {
	for _, tt := range []struct {
		program string
		want    []int
	}{
		{"status == 200", []int{0}},
		{".status == 200", nil},
		{"$r.status", []int{0}},
		{`$r["status"] == 1`, []int{0}},
		{"$r | .status == 200", []int{0}},
		{"$r12.status == 201 and $r3.status < 400", []int{12, 3}},
		{"$r1.body.status", nil},
		{"def status: 1; status", nil},
		{`. as $r | $r.status`, nil},
		{`"\(status)"`, []int{0}},
		{"map(select(.status == 1))", nil},
		{"[.[] | {a: status}]", []int{0}},
		{"{status}", nil},
		{".", nil},
	} {
		p, err := Compile(tt.program, nil)
		if err != nil {
			t.Errorf("%s: %v", tt.program, err)
			continue
		}
		if got := p.StatusOf(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.program, got, tt.want)
		}
	}
}

func TestHeadersOnly(t *testing.T) {
	for program, want := range map[string]bool{
		"headers": true, " headers # all": true, "headers.etag": false, "headers | keys": false, ".headers": false,
		"status": false, "def headers: 1; headers": false, "[headers]": false, ".": false,
	} {
		p, err := Compile(program, nil)
		if err != nil || p.HeadersOnly() != want {
			t.Errorf("%s: got %t, %v, want %t", program, !want, err, want)
		}
	}
	s := practiceScope()
	got, err := run(t, "headers", nil, s)
	want := `{"content-type":"application/json","etag":"\"abc\"","vary":"Accept, Cookie","set-cookie":["a=1; Expires=Mon, 01 Jan 2040 00:00:00 GMT","b=2"],"link":"<?page=2>; rel=\"next\", <https://api.example.com/v3/user/repos?page=9>; rel=\"last\", </help>; title=\"a, b; c\"; rel=\"HELP about\""}`
	if err != nil || got != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestLinks(t *testing.T) {
	for _, tt := range []struct{ field, want string }{
		{`<b>; rel=next`, `{"next":"http://h/a/b"}`},
		{`<b>;rel="next";rel="prev"`, `{"next":"http://h/a/b"}`},
		{`<b>; foo; rel = "next prev"`, `{"next":"http://h/a/b","prev":"http://h/a/b"}`},
		{`<b>; title="x\"y>"; REL="Next", <c>; rel=next`, `{"next":"http://h/a/b"}`},
		{`<//other/x>; rel="a", <#f>; rel=b`, `{"a":"http://other/x","b":"http://h/a/z#f"}`},
		{`<b>`, `{}`},
		{`b; rel=next`, `{}`},
		{`<b; rel=next`, `{}`},
		{`<b>; rel="next`, `{"next":"http://h/a/b"}`},
		{`<b>; rel`, `{}`},
		{`, ,`, `{}`},
	} {
		s := &Scope{Current: &View{URL: "http://h/a/z", Header: []Field{{"Link", tt.field}}}}
		if got, err := run(t, "links", nil, s); err != nil || got != tt.want {
			t.Errorf("%s: got %s, %v, want %s", tt.field, got, err, tt.want)
		}
	}
}
