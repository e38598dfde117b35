package oauth2

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadRequest(t *testing.T) {
	long := strings.Repeat("x", mostHead)
	for _, tt := range []struct {
		in     string
		target string
		status int
	}{
		{"GET /callback?a=b HTTP/1.1\r\nHost: h\r\n\r\n", "/callback?a=b", 200},
		{"GET / HTTP/1.0\n\n", "/", 200},
		{"GET / HTTP/1.1\r\n\r\nmore", "/", 200},
		{"", "", 0},
		{"GET / HTTP/1.1\r\nHost: h\r\n", "", 0},
		{"GET / HTTP/2.0\r\n\r\n", "", 400},
		{"GET /\r\n\r\n", "", 400},
		{"GET  / HTTP/1.1\r\n\r\n", "", 400},
		{"GET /a b HTTP/1.1\r\n\r\n", "", 400},
		{"GET /\x1b HTTP/1.1\r\n\r\n", "", 400},
		{"GET http://h/ HTTP/1.1\r\n\r\n", "", 400},
		{"\r\n", "", 400},
		{"\x16\x03\x01\x02\x00\n", "", 400}, // a TLS client
		{"GET /" + long + " HTTP/1.1\r\n\r\n", "", 431},
		{"GET / HTTP/1.1\r\nA: " + long + "\r\n\r\n", "", 431},
		{"GET / HTTP/1.1\r\n" + strings.Repeat("A: b\r\n", mostHead/6), "", 431},
		{"GET / HTTP/1.1\r\nA: " + long[:mostHead-23] + "\r\n\r\n", "/", 200},
	} {
		_, target, status := readRequest(strings.NewReader(tt.in))
		if target != tt.target || status != tt.status {
			t.Errorf("%.60q: got %s, %d, want %s, %d", tt.in, target, status, tt.target, tt.status)
		}
	}
}

func FuzzReadRequest(f *testing.F) {
	for _, s := range []string{
		"GET /callback?code=c&state=right HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
		"POST /callback?code=c&state=right HTTP/1.1\r\n\r\n",
		"GET /callback?error=e&state=right&state=right HTTP/1.0\n\n",
		"GET /favicon.ico HTTP/1.1\r\n\r\n", "GET %zz HTTP/1.1\r\n\r\n", "GET /callback?%zz HTTP/1.1\r\n\r\n", "\r\n\r\n", "GET / HTTP/1.1\r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		method, target, status := readRequest(bytes.NewReader(in))
		m, again, s := readRequest(iotest.OneByteReader(bytes.NewReader(in)))
		if m != method || again != target || s != status {
			t.Errorf("in pieces: got %q %q %d, want %q %q %d", m, again, s, method, target, status)
		}
		if status != 200 {
			if status != 0 && status != 400 && status != 431 || method != "" || target != "" {
				t.Errorf("got %q %q %d", method, target, status)
			}
			return
		}
		if !strings.HasPrefix(target, "/") || strings.ContainsAny(target, " \r\n\x00\x1b") || !bytes.Contains(in, []byte(target)) {
			t.Errorf("target %q", target)
		}
		l := &listener{state: "right"}
		status, answer := l.judge(method, target)
		if (status == 200) != (answer != nil) || answer != nil && (answer.Get("state") != "right" || method != "GET") {
			t.Errorf("%s %q: got %d, %v", method, target, status, answer)
		}
		if again, _ := l.judge(method, target); answer != nil && again != 410 {
			t.Errorf("a second time: got %d, want 410", again)
		}
		checkPage(t, status, answer.Has("code"))
	})
}

// checkPage reads an answer as a browser does.
func checkPage(t *testing.T, status int, granted bool) {
	t.Helper()
	r := bufio.NewReader(bytes.NewReader(page(status, granted)))
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatalf("%d: %v", status, err)
	}
	var body bytes.Buffer
	n, err := body.ReadFrom(resp.Body)
	if err != nil || n != resp.ContentLength || r.Buffered() != 0 || resp.StatusCode != status || !strings.HasSuffix(resp.Status, http.StatusText(status)) {
		t.Errorf("%d: got %s, %d bytes of %d, %v", status, resp.Status, n, resp.ContentLength, err)
	}
	if !strings.Contains(body.String(), "go back to the terminal") {
		t.Errorf("%d: got %s", status, body.String())
	}
}

func TestPage(t *testing.T) {
	for _, status := range []int{200, 400, 404, 405, 410, 431} {
		checkPage(t, status, true)
		checkPage(t, status, false)
	}
}
