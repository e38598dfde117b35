package http2

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/http2/hpack"

	"sonde/session/http1"
)

func TestFields(t *testing.T) {
	r := &http1.Request{Method: "POST", Target: "/a?b", Header: []http1.Field{
		{Name: "Host", Value: "example.com:8443"}, {Name: "User-Agent", Value: "sonde"}, {Name: "Connection", Value: "Keep-Alive, X-Hop"},
		{Name: "Keep-Alive", Value: "5"}, {Name: "Proxy-Connection", Value: "close"}, {Name: "Transfer-Encoding", Value: "chunked"},
		{Name: "Upgrade", Value: "h2c"}, {Name: "TE", Value: "gzip"}, {Name: "TE", Value: "Trailers"}, {Name: "X-Hop", Value: "1"},
		{Name: "Cookie", Value: "a=1; b=2"}, {Name: "X-A", Value: "1"}, {Name: "x-a", Value: "2"},
	}}
	want := "[{:method POST} {:scheme https} {:authority example.com:8443} {:path /a?b} {user-agent sonde} {te trailers} {cookie a=1; b=2} {x-a 1} {x-a 2}]"
	if got := fmt.Sprint(Fields(r, "https", "")); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	want = strings.Replace(want, "example.com:8443", "other", 1)
	if got := fmt.Sprint(Fields(r, "https", "other")); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	bare := &http1.Request{Method: "GET", Target: "/"}
	if got, want := fmt.Sprint(Fields(bare, "http", "")), "[{:method GET} {:scheme http} {:path /}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	tunnel := &http1.Request{Method: "CONNECT", Target: "a:1"}
	if got, want := fmt.Sprint(Fields(tunnel, "http", "")), "[{:method CONNECT} {:authority a:1}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestSecretsAreNeverIndexed looks at how fields are compressed on the wire.
func TestSecretsAreNeverIndexed(t *testing.T) {
	seen := make(chan []hpack.HeaderField, 1)
	c, _ := script(t, func(f *far) {
		f.WriteSettings()
		id, fields := f.request()
		f.head(id, true, ":status", "200")
		seen <- fields
		f.drain()
	})
	r := get("/key")
	secret := []string{"Authorization", "Cookie", "Proxy-Authorization", "X-API-Key", "PRIVATE-TOKEN", "client-secret"}
	for _, name := range append([]string{"Accept", "User-Agent"}, secret...) {
		r.Header = append(r.Header, http1.Field{Name: name, Value: "value"})
	}
	if _, _, err := exchange(c, r); err != nil {
		t.Fatal(err)
	}
	got := 0
	for _, f := range <-seen {
		want := false
		for _, name := range secret {
			want = want || strings.EqualFold(name, f.Name)
		}
		if f.Sensitive != want {
			t.Errorf("%s: never indexed is %v, want %v", f.Name, f.Sensitive, want)
		}
		if f.Sensitive {
			got++
		}
	}
	if got != len(secret) {
		t.Errorf("got %d fields never indexed, want %d", got, len(secret))
	}
}

// TestUnfit has requests that are refused before anything is written.
func TestUnfit(t *testing.T) {
	c, _ := script(t, func(f *far) {})
	for _, tt := range []struct {
		method, target, name, value, want string
	}{
		{"G T", "/", "", "", "method"},
		{"", "/", "", "", "method"},
		{"GET", "", "", "", "target"},
		{"GET", "/a b", "", "", "target"},
		{"GET", "http://a/", "", "", "target: over HTTP/2 it starts with a slash"},
		{"GET", "/", "X-A", "b\r\nx-c: d", "header X-A"},
		{"GET", "/", ":path", "/", "header"},
		{"GET", "/", "x a", "b", "header"},
	} {
		r := &http1.Request{Method: tt.method, Target: tt.target}
		if tt.name != "" {
			r.Header = []http1.Field{{Name: tt.name, Value: tt.value}}
		}
		err := c.Begin(r)
		if _, ok := errors.AsType[*http1.UnfitError](err); !ok {
			t.Errorf("got %v, want an UnfitError", err)
		}
		wantError(t, err, tt.want)
	}
	// The script's server closes only after the client: let it see its preface.
	r := get("/")
	if err := errors.Join(c.Begin(r), c.Send(r)); err != nil {
		t.Fatal(err)
	}
}

// TestClosing has a request that asks for the connection to be closed.
func TestClosing(t *testing.T) {
	c, _ := script(t, func(f *far) {
		f.WriteSettings()
		id, fields := f.request()
		if len(fields) != 4 {
			f.t.Errorf("got fields %v", fields)
		}
		f.head(id, true, ":status", "200")
		f.drain()
	})
	r := get("/")
	r.Header = append(r.Header, http1.Field{Name: "connection", Value: "Close"})
	if _, _, err := exchange(c, r); err != nil || c.Reusable() {
		t.Errorf("got %v, reusable %v; want it closed afterwards", err, c.Reusable())
	}
}
