package practice

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestFlakyComesInThrees(t *testing.T) {
	p := start(t)
	for i, want := range []int{502, 502, 200, 502, 502, 200} {
		got := p.do("GET", "/flaky", "")
		if got.status != want || want == 200 && got.body != `{"ok":true,"tries":3}` {
			t.Errorf("request %d: got %d %s, want %d", i+1, got.status, got.body, want)
		}
	}
}

func TestLimited(t *testing.T) {
	p := start(t) // the clock stands at 09.4 s
	steps := []struct {
		target string
		move   time.Duration
		status int
		after  string
	}{
		{"/limited", 0, 200, ""},
		{"/limited", 0, 429, "1"},
		{"/limited", 999 * time.Millisecond, 429, "1"},
		{"/limited", time.Millisecond, 200, ""},
		{"/limited", 0, 429, "1"}, // now 10.4 s
		{"/limited/date", 0, 200, ""},
		{"/limited/date", 0, 429, "Tue, 06 May 2031 07:08:12 GMT"},
		{"/limited/date", 1500 * time.Millisecond, 429, "Tue, 06 May 2031 07:08:12 GMT"},
		{"/limited/date", 100 * time.Millisecond, 200, ""}, // 12.0 s
		{"/limited/date", 0, 429, "Tue, 06 May 2031 07:08:13 GMT"},
		{"/limited", 0, 200, ""},
	}
	for i, tt := range steps {
		p.clock.move(tt.move)
		got := p.do("GET", tt.target, "")
		if got.status != tt.status || got.header.Get("Retry-After") != tt.after {
			t.Errorf("step %d, %s: got %d after %q, want %d after %q", i, tt.target, got.status, got.header.Get("Retry-After"), tt.status, tt.after)
		}
	}
}

// The connection must end without a word about it in the answer.
func TestDropIdleClosesSilently(t *testing.T) {
	p := start(t)
	for _, request := range []string{
		"GET /drop/idle HTTP/1.1\nHost: x\n\n",
		"POST /drop/idle HTTP/1.1\nHost: x\nContent-Length: 5\n\nhello",
	} {
		conn := p.dial()
		defer conn.Close()
		_, _ = io.WriteString(conn, strings.ReplaceAll(request, "\n", "\r\n"))
		r := bufio.NewReader(conn)
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != 200 || resp.Close || resp.Header.Get("Connection") != "" || len(body) == 0 {
			t.Errorf("%q: got %d %v, %q, %v", request, resp.StatusCode, resp.Header, body, err)
		}
		if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
			t.Errorf("%q: after the answer got %q, %v, want the end", request, rest, err)
		}
	}
}

func TestDropReadAnswersTheRepetition(t *testing.T) {
	p := start(t)
	const get, post = "GET /drop/read HTTP/1.1\nHost: x\nConnection: close\n\n",
		"POST /drop/read HTTP/1.1\nHost: x\nContent-Length: 5\nConnection: close\n\nhello"
	for i, tt := range []struct{ request, want string }{
		{get, ""}, {post, ""}, {get, `{"ok":true,"method":"GET","received":2}`}, {post, `"received":2`}, {get, ""}, {get, `"received":4`},
	} {
		if got := p.wire(tt.request); (got == "") != (tt.want == "") || !strings.HasSuffix(got, tt.want) && !strings.Contains(got, tt.want) {
			t.Errorf("step %d: got %q, want %q", i, got, tt.want)
		}
	}
}

func TestDropHalfBreaksOff(t *testing.T) {
	p := start(t)
	got, err := p.try("GET", "/drop/half", "")
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(got.body) != 100 || got.header.Get("Content-Length") != "1000" {
		t.Errorf("got %d bytes, %v, want 100 and an unexpected end", len(got.body), err)
	}
}

func TestStatusHeaders(t *testing.T) {
	p := start(t)
	if got := p.do("GET", "/status/401", ""); got.header.Get("WWW-Authenticate") == "" {
		t.Errorf("401: got %v, want a challenge", got.header)
	}
	if got := p.do("GET", "/status/407", ""); got.header.Get("Proxy-Authenticate") == "" {
		t.Errorf("407: got %v, want a challenge", got.header)
	}
	for _, target := range []string{"/status/204", "/status/205", "/status/304"} {
		if got := p.do("POST", target, "x"); got.body != "" {
			t.Errorf("%s: got %q, want no body", target, got.body)
		}
	}
}

func TestEvents(t *testing.T) {
	p := start(t)
	const head = ": practice events\nretry: 1000\n\n"
	event := func(n string) string { return "id: " + n + "\nevent: tick\ndata: {\"n\":" + n + ",\"of\":3}\n\n" }
	tests := []struct {
		last, want string
	}{
		{"", head + event("1") + event("2") + event("3")},
		{"2", head + event("3")},
		{"3", head},
		{"x", head + event("1") + event("2") + event("3")},
	}
	for _, tt := range tests {
		got := p.do("GET", "/events?n=3&every=1", "", "Last-Event-ID: "+tt.last)
		if got.body != tt.want || got.header.Get("Content-Type") != "text/event-stream" {
			t.Errorf("after %q: got %q, want %q", tt.last, got.body, tt.want)
		}
	}
}

// The first event must come before the second is due.
func TestEventsArriveOneByOne(t *testing.T) {
	p := start(t)
	conn := p.dial()
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET /events?n=2&every=60000 HTTP/1.1\r\nHost: x\r\n\r\n")
	r := bufio.NewReader(conn)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("waiting for the first event: %v", err)
		}
		if strings.HasPrefix(line, `data: {"n":1`) {
			return
		}
	}
}
