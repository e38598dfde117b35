//go:build instruments

package session

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"sonde/repl/item"
)

// The differential test gives the same sessions and requests to Python's
// requests and to a Session, answers both from the same raw servers, and compares
// what arrived, request by request, and what came of it. A difference that no
// rule of oracleRules explains fails the test. Run it with
//
//	go test -tags instruments -run Oracle -v ./session

// A pair is a name and a value; a nil value takes an inherited one away.
type pair [2]*string

func pairOf(name, value string) pair { return pair{&name, &value} }

func without(name string) pair { return pair{&name, nil} }

// An oracleCase is a session and what is asked with it.
type oracleCase struct {
	Headers  []pair          `json:"headers,omitempty"`
	Params   []pair          `json:"params,omitempty"`
	User     string          `json:"user,omitempty"` // of the session's basic auth, "" for none
	Password string          `json:"password,omitempty"`
	Cookies  []pair          `json:"cookies,omitempty"` // set by hand
	Requests []oracleRequest `json:"requests"`

	about   string
	answers map[string]scripted // by "REQUEST/STEP", as "0/start"
}

// An oracleRequest is one request. {A}, {B} and {L} in URLs and Locations stand
// for the first server, another port, and the first server by another name, {A@}
// and {a} for the first with userinfo and without a scheme; {C} is the path of the
// case and request.
type oracleRequest struct {
	Method  string `json:"method"`
	URL     string `json:"url"`
	Headers []pair `json:"headers,omitempty"`
	Params  []pair `json:"params,omitempty"`
	Cookies []pair `json:"cookies,omitempty"` // for this request only
	Body    string `json:"body,omitempty"`    // "form", "json", "raw", "stream", "" for none
	Fields  []pair `json:"fields,omitempty"`
	Raw     []byte `json:"raw,omitempty"`

	pasted bool // the URL is one out of a body, not typed
}

// scripted is an answer of the server.
type scripted struct {
	status int
	lines  []string
	body   string
}

// An outcome is what a request came to.
type outcome struct {
	Status int    `json:"status"`
	Hops   int    `json:"hops"`
	Body   []byte `json:"body"`
	Error  string `json:"error"`
}

// An arrival is a request as a server got it.
type arrival struct {
	at string // "A" or "B"
	received
}

// oracle is the servers and what they received.
type oracle struct {
	mu       sync.Mutex
	cases    []*oracleCase
	arrivals map[string][]arrival // of the client at work, by "CASE/REQUEST"
	fill     *strings.Replacer    // {A} and the like
}

// answer finds the answer for a target like /c/CASE/REQUEST/STEP and records what
// asked for it.
func (o *oracle) answer(at string) func(io.Writer, *received) bool {
	return func(w io.Writer, r *received) bool {
		path, _, _ := strings.Cut(r.Target, "?")
		parts := strings.SplitN(path, "/", 6)
		var id, request int
		if len(parts) < 5 || parts[1] != "c" {
			reply(w, 404, "no such case")
			return true
		}
		fmt.Sscan(parts[2], &id)
		fmt.Sscan(parts[3], &request)
		o.mu.Lock()
		key := fmt.Sprintf("%d/%d", id, request)
		o.arrivals[key] = append(o.arrivals[key], arrival{at, *r})
		o.mu.Unlock()
		a, known := o.cases[id].answers[parts[3]+"/"+parts[4]]
		if !known {
			a = scripted{status: 200, body: "ok"}
		}
		var lines []string
		for _, line := range a.lines {
			lines = append(lines, o.expand(line, id, request))
		}
		if r.Method == "HEAD" {
			fmt.Fprintf(w, "HTTP/1.1 %d Some Reason\r\n%sContent-Length: %d\r\n\r\n", a.status, crlf(lines), len(a.body))
			return true
		}
		reply(w, a.status, a.body, lines...)
		return true
	}
}

func (o *oracle) expand(text string, id, request int) string {
	return o.fill.Replace(strings.ReplaceAll(text, "{C}", fmt.Sprintf("/c/%d/%d", id, request)))
}

func TestOracle(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import requests").Run(); err != nil {
		t.Fatal("Python with requests, the other side of the comparison: ", err)
	}
	o := &oracle{cases: oracleCases()}
	a, b := serve(t, o.answer("A")), serve(t, o.answer("B"))
	host := a.ln.Addr().String()
	o.fill = strings.NewReplacer("{A}", a.URL, "{A@}", "http://url:p%41ss@"+host, "{a}", host,
		"{B}", b.URL, "{L}", strings.Replace(a.URL, "127.0.0.1", "localhost", 1))
	for id, c := range o.cases {
		for i := range c.Requests {
			c.Requests[i].URL = o.expand(c.Requests[i].URL, id, i)
		}
	}
	o.arrivals = map[string][]arrival{}
	theirs := runPython(t, python, o.cases)
	theirArrivals := o.arrivals
	o.arrivals = map[string][]arrival{}
	var ours [][]outcome
	for _, c := range o.cases {
		ours = append(ours, runSession(t, c))
	}
	tally := map[string]int{}
	for id, c := range o.cases {
		for i := range c.Requests {
			key := fmt.Sprintf("%d/%d", id, i)
			d := compare(c, i, theirArrivals[key], o.arrivals[key], theirs[id][i], ours[id][i])
			judge(t, key, d, tally)
		}
	}
	t.Logf("%d sessions; the order of the fields that the clients add is not compared:", len(o.cases))
	key := fmt.Sprintf("%d/0", slices.IndexFunc(o.cases, func(c *oracleCase) bool { return c.User != "" && c.Requests[0].Body != "" }))
	t.Logf("requests: %s", theirArrivals[key][0].names())
	t.Logf("session:  %s", o.arrivals[key][0].names())
	for _, r := range oracleRules() {
		t.Logf("%4d × %-28s %-8s %s", tally[r.name], r.name, r.verdict, r.reason)
		if tally[r.name] == 0 {
			t.Errorf("rule %s explains nothing any more", r.name)
		}
	}
}

func runPython(t *testing.T, python string, cases []*oracleCase) (out [][]outcome) {
	t.Helper()
	in, err := json.Marshal(cases)
	must(t, err)
	cmd := exec.Command(python, "testdata/oracle.py")
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	must(t, json.Unmarshal(text, &out))
	return out
}

// runSession asks the requests of a case with a Session.
func runSession(t *testing.T, c *oracleCase) (out []outcome) {
	t.Helper()
	s := New(Options{})
	defer s.Close()
	server, _, _ := strings.Cut(c.Requests[0].URL, "/c/")
	must(t, s.SetBase(originOf(t, server).String()))
	for _, p := range c.Headers {
		must(t, s.SetHeader(Header{Name: *p[0], Value: *p[1]}))
	}
	for _, p := range c.Params {
		must(t, s.SetParam(Param{Name: *p[0], Value: *p[1]}))
	}
	if c.User != "" {
		must(t, s.SetAuth(Auth{Kind: "basic", User: c.User, Secret: c.Password}, ""))
	}
	for _, p := range c.Cookies {
		must(t, s.SetCookie(*p[0], *p[1], ""))
	}
	for i := range c.Requests {
		x, err := s.Do(context.Background(), c.Requests[i].typed(t), Watch{})
		o := outcome{}
		if err != nil {
			o.Error = err.Error()
		}
		if x != nil && err == nil {
			o.Status, o.Hops, o.Body = x.Status, len(x.Hops), x.Body.Bytes()
		}
		out = append(out, o)
	}
	return out
}

// typed is the request as a line of this program gives it.
func (q *oracleRequest) typed(t *testing.T) *Request {
	t.Helper()
	r := &Request{Method: q.Method, Target: Target{Text: q.URL, FromQuery: q.pasted}}
	for _, p := range q.Headers {
		e := HeaderEdit{Name: *p[0], Remove: p[1] == nil}
		if p[1] != nil {
			e.Value, e.Empty = *p[1], *p[1] == ""
		}
		r.Headers = append(r.Headers, e)
	}
	for _, p := range q.Params {
		e := ParamEdit{Name: *p[0], Remove: p[1] == nil}
		if p[1] != nil {
			e.Value = *p[1]
		}
		r.Params = append(r.Params, e)
	}
	if len(q.Cookies) > 0 {
		var list []string
		for _, p := range q.Cookies {
			list = append(list, *p[0]+"="+*p[1])
		}
		r.Headers = append(r.Headers, HeaderEdit{Name: "Cookie", Value: strings.Join(list, "; ")})
	}
	r.Content = q.content(t)
	return r
}

func (q *oracleRequest) content(t *testing.T) *Content {
	t.Helper()
	var items []item.Item
	for _, p := range q.Fields {
		it, isItem := item.Parse(*p[0] + "=")
		if !isItem {
			t.Fatalf("%q is no field", *p[0])
		}
		it.Value = *p[1]
		items = append(items, it)
	}
	kind, body, err := "", q.Raw, error(nil)
	switch q.Body {
	case "":
		return nil
	case "form":
		var form string
		form, err = item.FormBody(items, nil)
		kind, body = item.FormType, []byte(form)
	case "json":
		body, err = item.JSONBody(items, nil)
		kind = item.JSONType
	}
	must(t, err)
	b := item.Bytes(kind, slices.Clone(body))
	c := &Content{Type: b.ContentType, Length: b.Length, Open: b.Open, Again: b.Again, Show: b.Show}
	if q.Body == "stream" {
		c.Length, c.Again = -1, false
	}
	return c
}
