package sessiontest

import (
	"bufio"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// newServer serves the files, by name and content, until the test ends.
func newServer(t *testing.T, files map[string]string) (s *Server, dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range files {
		put(t, filepath.Join(dir, filepath.FromSlash(name)), content)
	}
	s, err := NewServer(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, dir
}

// put writes a file and the folders it is in.
func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// dial connects to the server; the connection ends with the test.
func dial(t *testing.T, s *Server) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}

// ask sends the text over a fresh connection, LF as CRLF, and reads until the
// server closes.
func ask(t *testing.T, s *Server, text string) string {
	t.Helper()
	return talk(t, dial(t, s), text)
}

// talk is ask over a connection that is open.
func talk(t *testing.T, c net.Conn, text string) string {
	t.Helper()
	if _, err := io.WriteString(c, strings.ReplaceAll(text, "\n", "\r\n")); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

// get asks for a target and wants no connection after.
func get(t *testing.T, s *Server, target string) string {
	t.Helper()
	return ask(t, s, "GET "+target+" HTTP/1.1\nConnection: close\n\n")
}

// logged is the content of one of the server's own files.
func logged(t *testing.T, dir, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// crlf is s with the line breaks of a head.
func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

func TestAnswer(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"length is added", "HTTP/1.1 200 OK\nX-b: 1\nx-A:2\n\nbody\n", crlf("HTTP/1.1 200 OK\nX-b: 1\nx-A:2\nContent-Length: 5\n\n") + "body\n"},
		{"CRLF stays", "HTTP/1.1 200 OK\r\nA: 1\r\n\r\nb\r\nc\n", crlf("HTTP/1.1 200 OK\nA: 1\nContent-Length: 5\n\n") + "b\r\nc\n"},
		{"head alone", "HTTP/1.1 201 Created\nLocation: /x\n", crlf("HTTP/1.1 201 Created\nLocation: /x\nContent-Length: 0\n\n")},
		{"length is kept", "HTTP/1.1 200 OK\ncontent-length: 2\n\nabc", crlf("HTTP/1.1 200 OK\ncontent-length: 2\n\n") + "abc"},
		{"until close", "HTTP/1.1 200 OK\nConnection: close\n\nabc", crlf("HTTP/1.1 200 OK\nConnection: close\n\n") + "abc"},
		{"no body", "HTTP/1.1 204 No Content\n\n", crlf("HTTP/1.1 204 No Content\n\n")},
		{"early hints", "HTTP/1.1 103 Early Hints\nLink: </a>\n\nHTTP/1.1 200 OK\n\nb", crlf("HTTP/1.1 103 Early Hints\nLink: </a>\n\nHTTP/1.1 200 OK\nContent-Length: 1\n\n") + "b"},
		{"chunked", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\none\nthree\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n6\r\nthree\n\r\n0\r\n\r\n"},
		{"line by line", "#lines 1ms\nHTTP/1.1 200 OK\n\na\nb", crlf("HTTP/1.1 200 OK\nContent-Length: 3\n\n") + "a\nb"},
		{"raw", "#raw\nHTTP/1.1 200 OK\nA: 1\n\nx", "HTTP/1.1 200 OK\nA: 1\n\nx"},
		{"drop", "#drop\n", ""},
		{"drop after a wait", "#delay 1ms\n#drop\nHTTP/1.1 200 OK\n", ""},
		{"expand", "#expand\nHTTP/1.1 200 OK\nLink: <$OTHER/x>\n\n$OTHERS $NONE", crlf("HTTP/1.1 200 OK\nLink: <http://h/x>\nContent-Length: 8\n\n") + "h2 $NONE"},
		{"unknown directive", "#dorp\n", crlf("HTTP/1.1 500 Internal Server Error\nContent-Type: application/json\nContent-Length: 38\n\n") + `{"error":"GET/x: no directive #dorp"}` + "\n"},
	}
	for _, tt := range tests {
		s, _ := newServer(t, map[string]string{"GET/x": tt.file})
		s.Set("OTHER", "http://h")
		s.Set("OTHERS", "h2")
		if got := get(t, s, "/x"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWhichFileAnswers(t *testing.T) {
	ok := func(body string) string { return "HTTP/1.1 200 OK\n\n" + body }
	files := map[string]string{
		"GET/_root": ok("root"), "GET/users/_root": ok("users"), "GET/users/7": ok("seven"),
		"GET/a%20b": ok("raw"), "ANY/any": ok("any"), "GET/any": ok("get"), "GET/page%3Fn=2": ok("two"), "GET/page": ok("one"),
		"GET/q%3Fu=a%2Fb": ok("slash"),
	}
	if runtime.GOOS != "windows" {
		files["GET/page?n=3"] = ok("three")
	} else {
		files["GET/page%3Fn=3"] = ok("three")
	}
	s, dir := newServer(t, files)
	tests := []struct{ target, want string }{
		{"/", "root"}, {"/?x=1", "root"}, {"/users", "users"}, {"/users/", "users"}, {"/users?x", "users"},
		{"/users/7", "seven"}, {"/a%20b", "raw"}, {"/any", "get"}, {"/page", "one"}, {"/page?n=1", "one"},
		{"/page?n=2", "two"}, {"/page?n=3", "three"}, {"/q?u=a/b", "slash"}, {"http://h.example:80/users/7", "seven"}, {"http://h.example", "root"},
		{"/none", `{"error":"no file GET/none"}` + "\n"},
		{"/../requests", `{"error":"no file GET/../requests"}` + "\n"},
		{"//etc/passwd", `{"error":"no file GET//etc/passwd"}` + "\n"},
	}
	for _, tt := range tests {
		_, body, _ := strings.Cut(get(t, s, tt.target), "\r\n\r\n")
		if body != tt.want {
			t.Errorf("GET %s: got %q, want %q", tt.target, body, tt.want)
		}
	}
	if got := ask(t, s, "DELETE /any HTTP/1.0\n\n"); !strings.HasSuffix(got, "any") {
		t.Errorf("DELETE /any: got %q", got)
	}
	if got := ask(t, s, "HEAD /users/7 HTTP/1.0\n\n"); got != "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" {
		t.Errorf("HEAD /users/7: got %q", got)
	}
	if got := ask(t, s, ".. /x HTTP/1.0\n\n"); !strings.HasPrefix(got, "HTTP/1.1 404") {
		t.Errorf("a method of dots: got %q", got)
	}
	if got := logged(t, dir, connectionsFile); !strings.HasPrefix(got, "1 GET /\n2 GET /?x=1\n") {
		t.Errorf("connections: %q", got)
	}
}

func TestCalls(t *testing.T) {
	ok := func(body string) string { return "HTTP/1.1 200 OK\n\n" + body }
	s, _ := newServer(t, map[string]string{
		"GET/last.1": ok("1"), "GET/last.2": ok("2"),
		"GET/then.1": ok("1"), "GET/then": ok("plain"),
		"GET/gap.1": ok("1"), "GET/gap.4": ok("4"),
	})
	for target, want := range map[string]string{"/last": "1222", "/then": "1plainplain", "/gap": "11144"} {
		var got string
		for len(got) < len(want) {
			_, body, _ := strings.Cut(get(t, s, target), "\r\n\r\n")
			got += body
		}
		if got != want {
			t.Errorf("calls of %s: got %s, want %s", target, got, want)
		}
	}
}

func TestRequestsAsReceived(t *testing.T) {
	s, dir := newServer(t, map[string]string{"ANY/x": "HTTP/1.1 200 OK\n\nok"})
	if logged(t, dir, requestsFile) != "" || logged(t, dir, connectionsFile) != "" {
		t.Error("the files do not start empty")
	}
	c := dial(t, s)
	r := bufio.NewReader(c)
	for _, text := range []string{
		crlf("GET /x?a=b HTTP/1.1\nhost: h\nX-One:1\nx-one: 2 \n\n"),
		crlf("POST /x HTTP/1.1\nContent-Length: 5\n\n") + "a\r\nbc",
		crlf("\nPOST /x HTTP/1.1\nTransfer-Encoding: chunked\n\n3;ext=1\nabc\n") + "1\r\n\n\r\n" + crlf("0\nTrailer: x\n\n"),
		crlf("PUT /x HTTP/1.1\nExpect: 100-continue\nContent-Length: 1\n\n") + "\n",
	} {
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
		want := "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
		if strings.Contains(text, "100-continue") {
			want = "HTTP/1.1 100 Continue\r\n\r\n" + want
		}
		got := make([]byte, len(want))
		if _, err := io.ReadFull(r, got); err != nil || string(got) != want {
			t.Fatalf("answer to %q: %q, %v, want %q", text, got, err, want)
		}
	}
	if got := ask(t, s, "nonsense\n\n"); !strings.HasPrefix(got, "HTTP/1.1 400 Bad Request\r\n") {
		t.Errorf("answer to nonsense: %q", got)
	}
	want := "GET /x?a=b HTTP/1.1\nhost: h\nX-One:1\nx-one: 2 \n\n----\n" +
		"POST /x HTTP/1.1\nContent-Length: 5\n\na\r\nbc\n----\n" +
		"POST /x HTTP/1.1\nTransfer-Encoding: chunked\n\nabc\n----\n" +
		"PUT /x HTTP/1.1\nExpect: 100-continue\nContent-Length: 1\n\n\n----\n" +
		"nonsense\n\n----\n"
	if got := logged(t, dir, requestsFile); got != want {
		t.Errorf("requests:\n%q\nwant\n%q", got, want)
	}
	want = "1 GET /x?a=b\n1 POST /x\n1 POST /x\n1 PUT /x\n2 malformed\n"
	if got := logged(t, dir, connectionsFile); got != want {
		t.Errorf("connections: %q, want %q", got, want)
	}
}

func TestLargeBodyIsSummedUp(t *testing.T) {
	s, dir := newServer(t, nil)
	body := strings.Repeat("x", maxBody+1)
	ask(t, s, "POST /x HTTP/1.0\nContent-Length: 1048577\n\n"+body)
	want := fmt.Sprintf("\n\n[1048577 bytes, SHA-256 %x]\n----\n", sha256.Sum256([]byte(body)))
	if got := logged(t, dir, requestsFile); !strings.HasSuffix(got, want) {
		t.Errorf("requests: %.200q, want the end %q", got, want)
	}
}

// A hang-up after an answer shows only when the next request goes out.
func TestCloseDirective(t *testing.T) {
	s, _ := newServer(t, map[string]string{"GET/x": "#close\nHTTP/1.1 200 OK\n\nok"})
	got := ask(t, s, "GET /x HTTP/1.1\n\n")
	if want := "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"; got != want {
		t.Errorf("got %q, want %q and the end", got, want)
	}
}

func TestTLS(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "GET", "x"), "HTTP/1.1 200 OK\n\nok")
	s, err := NewTLSServer(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(s.CA()) {
		t.Fatalf("CA: %q is no certificate", s.CA())
	}
	host := strings.TrimPrefix(s.URL(), "https://")
	for _, name := range []string{"127.0.0.1", "localhost"} {
		c, err := tls.Dial("tcp", host, &tls.Config{RootCAs: pool, ServerName: name, NextProtos: []string{"h2", "http/1.1"}})
		if err != nil {
			t.Fatal(err)
		}
		if p := c.ConnectionState().NegotiatedProtocol; p != "http/1.1" {
			t.Errorf("protocol %q, want http/1.1", p)
		}
		if got := talk(t, c, "GET /x HTTP/1.0\n\n"); !strings.HasSuffix(got, "ok") {
			t.Errorf("answer %q", got)
		}
		c.Close()
	}
	if c, err := tls.Dial("tcp", host, &tls.Config{RootCAs: x509.NewCertPool()}); err == nil {
		c.Close()
		t.Error("a client that does not trust the certificate got through")
	}
}

func TestCloseEndsEverything(t *testing.T) {
	s, dir := newServer(t, map[string]string{"GET/x": "#delay 1h\nHTTP/1.1 200 OK\n\n"})
	idle, waiting := dial(t, s), dial(t, s)
	if _, err := io.WriteString(waiting, "GET /x HTTP/1.1\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	for logged(t, dir, connectionsFile) == "" {
		time.Sleep(time.Millisecond)
	}
	s.Close()
	s.Close()
	for _, c := range []net.Conn{idle, waiting} {
		if n, err := c.Read(make([]byte, 1)); n > 0 || err == nil {
			t.Errorf("a connection of a closed server gave %d bytes, %v", n, err)
		}
	}
	if c, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://")); err == nil {
		c.Close()
		t.Error("a closed server accepts connections")
	}
}

func TestNewServerNeedsItsDirectory(t *testing.T) {
	if s, err := NewServer(filepath.Join(t.TempDir(), "none")); err == nil {
		s.Close()
		t.Error("no error for a directory that does not exist")
	}
}
