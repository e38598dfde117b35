package practice

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestMediaTypes(t *testing.T) {
	p := start(t)
	for target, want := range map[string]string{
		"/": jsonType, "/openapi.json": jsonType, "/xml": "application/xml; charset=utf-8", "/html": "text/html; charset=utf-8",
		"/png": "image/png", "/text": "text/plain; charset=utf-8", "/latin1": "text/plain; charset=ISO-8859-1",
		"/lines": "application/x-ndjson", "/bytes/1": "application/octet-stream", "/big?mb=1": jsonType, "/drip?bytes=1": "text/plain; charset=utf-8",
	} {
		if got := p.do("GET", target, "").header.Get("Content-Type"); got != want {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
	}
}

func TestContentCodings(t *testing.T) {
	p := start(t)
	tests := []struct{ target, accept, coding string }{
		{"/gzip", "gzip", "gzip"},
		{"/gzip", "br, GZIP;q=0.5", "gzip"},
		{"/gzip", "*", "gzip"},
		{"/gzip", "*, gzip;q=0", ""},
		{"/gzip", "br", ""},
		{"/gzip", "", ""},
		{"/deflate", "gzip, deflate", "deflate"},
		{"/deflate", "deflate;q=0.0", ""},
	}
	for _, tt := range tests {
		got := p.do("GET", tt.target, "", "Accept-Encoding: "+tt.accept)
		var r io.Reader = strings.NewReader(got.body)
		var err error
		switch got.header.Get("Content-Encoding") {
		case "gzip":
			r, err = gzip.NewReader(r)
		case "deflate":
			r, err = zlib.NewReader(r)
		}
		if err != nil {
			t.Fatal(err)
		}
		var v struct {
			Coding       string
			Repositories []repository
		}
		if err := json.NewDecoder(r).Decode(&v); err != nil || v.Coding != tt.coding || len(v.Repositories) != 42 {
			t.Errorf("%s for %q: got coding %q, %d repositories, %v", tt.target, tt.accept, v.Coding, len(v.Repositories), err)
		}
		if got.header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: got Vary %q", tt.target, got.header.Get("Vary"))
		}
	}
}

func TestDocumentsAreWellFormed(t *testing.T) {
	p := start(t)
	var doc struct {
		Repositories []struct {
			ID   int64  `xml:"id,attr"`
			Name string `xml:"name"`
		} `xml:"repository"`
	}
	if err := xml.Unmarshal([]byte(p.do("GET", "/xml", "").body), &doc); err != nil || len(doc.Repositories) != 3 || doc.Repositories[0].Name != "hello-world" {
		t.Errorf("/xml: got %+v, %v", doc, err)
	}
	a, b := p.do("GET", "/png?of=jdoe", "").body, p.do("GET", "/png?of=tquill", "").body
	if m, err := png.Decode(strings.NewReader(a)); err != nil || m.Bounds().Dx() != 60 || a == b {
		t.Errorf("/png: got %v, the same for two names: %v", err, a == b)
	}
	if got := p.do("GET", "/html?of=%3Cscript%3E", "").body; strings.Contains(got, "<script>") || !strings.Contains(got, "&lt;script&gt;") {
		t.Errorf("/html: got %s", got)
	}
	if got := p.do("GET", "/latin1", "").body; !strings.HasPrefix(got, "Gr\xfc\xdfe aus K\xf6ln") {
		t.Errorf("/latin1: got %q", got)
	}
	got := p.do("GET", "/lines?n=45", "").body
	d, n := json.NewDecoder(strings.NewReader(got)), 0
	for ; d.More(); n++ {
		if err := d.Decode(new(repository)); err != nil {
			t.Fatalf("/lines: %v", err)
		}
	}
	if n != 45 || strings.Count(got, "\n") != 45 {
		t.Errorf("/lines: got %d values on %d lines, want 45", n, strings.Count(got, "\n"))
	}
}

func TestTerminalIsHostile(t *testing.T) {
	p := start(t)
	got := p.wire("GET /terminal HTTP/1.1\nHost: x\n\n")
	head, body, _ := strings.Cut(got, "\r\n\r\n")
	reason, _, _ := strings.Cut(head, "\r\n")
	if !strings.HasPrefix(reason, "HTTP/1.1 200 OK \x1b[31m\x1b]0;") || !strings.Contains(head, "X-Hostile: \x1b[2J\x1b]52;c;") {
		t.Errorf("head: got %q", head)
	}
	for _, want := range []string{"\x1b[2J", "\x1b]0;", "\x1b]52;", "\x1b[6n", "\u009b", "\x9b", "\u202e", "\u200b", "\x7f", "\x00", "\xff"} {
		if !strings.Contains(body, want) {
			t.Errorf("body: got %q, want %q in it", body, want)
		}
	}
	if !strings.Contains(head, "Content-Length: "+strconv.Itoa(len(body))) {
		t.Errorf("length of %d: got %q", len(body), head)
	}
	if got := p.wire("HEAD /terminal HTTP/1.1\nHost: x\n\n"); !strings.HasSuffix(got, "\r\n\r\n") {
		t.Errorf("HEAD: got %q, want no body", got)
	}
	var v struct{ List []string }
	if p.get(&v, "/terminal/json"); v.List[0] != "\x1b[2J" || v.List[3] != "\u202egnp.exe" {
		t.Errorf("JSON: got %q", v.List)
	}
}

func TestBigIsOneArray(t *testing.T) {
	p := start(t)
	got := p.do("GET", "/big?mb=3", "")
	if n := strconv.Itoa(len(got.body)); got.header.Get("Content-Length") != n || len(got.body) < 3_000_000 || len(got.body) > 4_100_000 {
		t.Errorf("got %s bytes, announced %s", n, got.header.Get("Content-Length"))
	}
	var list []struct {
		ID   int64
		Name string
	}
	if got.into(t, &list); len(list) < 1000 || list[0].Name != "hello-world" || list[1].ID == list[0].ID {
		t.Errorf("got %d items", len(list))
	}
}

func TestBytesInRanges(t *testing.T) {
	p := start(t)
	whole := p.do("GET", "/bytes/1000", "")
	part := p.do("GET", "/bytes/1000", "", "Range: bytes=300-", "If-Range: "+whole.header.Get("ETag"))
	if part.status != 206 || part.body != whole.body[300:] || part.header.Get("Content-Range") != "bytes 300-999/1000" {
		t.Errorf("got %d, %d bytes, %q", part.status, len(part.body), part.header.Get("Content-Range"))
	}
	if got := p.do("GET", "/bytes/1000", "", "Range: bytes=1000-").status; got != 416 {
		t.Errorf("a range beyond the end: got %d, want 416", got)
	}
}

func TestEcho(t *testing.T) {
	p := start(t)
	var e echoed
	p.do("PATCH", "/echo/a/../b%2Fc//d?x=1&y=%C3%BC&x=2&z", `{"n":12345678901234567890.10,"h":"<"}`,
		"Content-Type: application/json", "X-Two: a", "X-Two: b", "Accept-Encoding: x").into(t, &e)
	if e.Method != "PATCH" || e.Target != "/echo/a/../b%2Fc//d?x=1&y=%C3%BC&x=2&z" || e.Path != "/echo/a/../b/c//d" {
		t.Errorf("got %s %s, path %s", e.Method, e.Target, e.Path)
	}
	if got := mustMarshal(t, e.Query); got != `[["x","1"],["y","ü"],["x","2"],["z",""]]` {
		t.Errorf("query: got %s", got)
	}
	if string(e.JSON) != `{"n":12345678901234567890.10,"h":"<"}` || *e.Body != string(e.JSON) || e.Size != int64(len(*e.Body)) {
		t.Errorf("body: got %s, %v", e.JSON, e.Body)
	}
	headers := mustMarshal(t, e.Headers)
	if !strings.HasPrefix(headers, `[["Host","127.0.0.1:`) || !strings.Contains(headers, `["X-Two","a"],["X-Two","b"]`) {
		t.Errorf("headers: got %s", headers)
	}
}

func TestEchoBodies(t *testing.T) {
	p := start(t)
	large := strings.Repeat("x", maxBody+1)
	tests := []struct{ body, contentType, want string }{
		{"", "", `"size":0,"sha256":"` + sum("") + `","body":"","body_base64":null,"json":null,"form":[],"files":[]}`},
		{"a=1&b=%26&a=2", "application/x-www-form-urlencoded", `"form":[["a","1"],["b","&"],["a","2"]]`},
		{"\xff\x00", "", `"body":null,"body_base64":"/wA="`},
		{"{", "application/json", `"problem":"not JSON"`},
		{"", "application/json", `"problem":"not JSON"`},
		{large, "", `"size":1048577,"sha256":"` + sum(large) + `","body":null,"body_base64":null`},
		{"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv", "multipart/form-data; boundary=x", `"problem":`},
		{"", "multipart/form-data", `"problem":`},
	}
	for _, tt := range tests {
		got := p.do("POST", "/echo", tt.body, "Content-Type: "+tt.contentType)
		if got.status != 200 || !strings.Contains(got.body, tt.want) {
			t.Errorf("%.30q as %q: got %d %s, want %s", tt.body, tt.contentType, got.status, got.body, tt.want)
		}
	}
}

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

func TestEchoMultipart(t *testing.T) {
	p := start(t)
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	big := strings.Repeat("0123456789", 300_000)
	_ = m.WriteField("note", "hello")
	f, err := m.CreateFormFile("doc", "a b.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(f, big)
	_ = m.Close()
	length := b.Len()
	req, err := http.NewRequest("POST", p.URL()+"/echo", io.MultiReader(&b)) // of unknown length: chunked
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	resp, err := p.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var e echoed
	if err := json.NewDecoder(resp.Body).Decode(&e); err != nil {
		t.Fatal(err)
	}
	want := file{"doc", "a b.txt", "application/octet-stream", 3_000_000, sum(big)}
	if len(e.Files) != 1 || e.Files[0] != want || mustMarshal(t, e.Form) != `[["note","hello"]]` {
		t.Errorf("got files %+v, form %v", e.Files, e.Form)
	}
	if e.Size != int64(length) || e.Problem != "" || !strings.Contains(mustMarshal(t, e.Headers), `["Transfer-Encoding","chunked"]`) {
		t.Errorf("got size %d, problem %q, headers %v", e.Size, e.Problem, e.Headers)
	}
}

func BenchmarkBig(b *testing.B) {
	s, err := Start(Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.SetBytes(200_000_000)
	for b.Loop() {
		resp, err := http.Get(s.URL() + "/big?mb=200")
		if err != nil {
			b.Fatal(err)
		}
		buf := make([]byte, 256<<10)
		if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, resp.Body, buf); err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
}
