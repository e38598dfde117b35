package proxy

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

type vars map[string]string

func (v vars) lookup(name string) (string, bool) {
	value, ok := v[name]
	return value, ok
}

func TestEnvFor(t *testing.T) {
	both := vars{"HTTP_PROXY": "http://a:1", "HTTPS_PROXY": "http://b:2"}
	without := func(no string) vars {
		return vars{"ALL_PROXY": "http://p:1", "NO_PROXY": no}
	}
	tests := []struct {
		name               string
		env                vars
		scheme, host, port string
		want, from         string // no proxy: ""
	}{
		{"nothing set", vars{}, "http", "example.org", "80", "", ""},
		{"http", both, "http", "example.org", "80", "http://a:1", "HTTP_PROXY"},
		{"https", both, "https", "example.org", "443", "http://b:2", "HTTPS_PROXY"},
		{"unix", both, "unix", "/run/x.sock", "", "", ""},
		{"other scheme", vars{"HTTP_PROXY": "a"}, "https", "example.org", "443", "", ""},
		{"no scheme in the value", vars{"HTTPS_PROXY": "b:2"}, "https", "example.org", "443", "http://b:2", "HTTPS_PROXY"},
		{"all", vars{"ALL_PROXY": "socks5h://s"}, "https", "example.org", "443", "socks5h://s:1080", "ALL_PROXY"},
		{"own before all", vars{"all_proxy": "http://s", "HTTP_PROXY": "http://a:1"}, "http", "example.org", "80", "http://a:1", "HTTP_PROXY"},
		{"lower case wins", vars{"http_proxy": "http://l:1", "HTTP_PROXY": "http://u:1"}, "http", "example.org", "80", "http://l:1", "http_proxy"},
		{"empty lower case wins", vars{"http_proxy": "", "HTTP_PROXY": "http://u:1"}, "http", "example.org", "80", "", ""},
		{"empty falls to all", vars{"http_proxy": " ", "ALL_PROXY": "http://s:1"}, "http", "example.org", "80", "http://s:1", "ALL_PROXY"},
		{"CGI, HTTP_PROXY", vars{"REQUEST_METHOD": "GET", "HTTP_PROXY": "http://evil"}, "http", "example.org", "80", "", ""},
		{"CGI, http_proxy", vars{"REQUEST_METHOD": "GET", "http_proxy": "http://evil"}, "http", "example.org", "80", "", ""},
		{"CGI, HTTPS_PROXY", vars{"REQUEST_METHOD": "GET", "HTTPS_PROXY": "http://b:2"}, "https", "example.org", "443", "http://b:2", "HTTPS_PROXY"},

		{"localhost", both, "http", "localhost", "80", "", ""},
		{"name under localhost", both, "http", "api.localhost", "80", "", ""},
		{"127/8", both, "http", "127.9.9.9", "80", "", ""},
		{"IPv6 loopback", both, "http", "::1", "80", "", ""},
		{"IPv6 loopback in brackets", both, "http", "[::1]", "80", "", ""},
		{"mapped loopback", both, "http", "::ffff:127.0.0.1", "80", "", ""},
		{"unspecified", both, "http", "0.0.0.0", "80", "", ""},
		{"loopback by all", vars{"ALL_PROXY": "http://s"}, "http", "127.0.0.1", "8080", "", ""},

		{"excepted name", without("example.org"), "http", "example.org", "80", "", ""},
		{"excepted, below it", without("example.org"), "http", "api.example.org", "80", "", ""},
		{"not excepted, longer name", without("example.org"), "http", "notexample.org", "80", "http://p:1", "ALL_PROXY"},
		{"dot: below only", without(".example.org"), "http", "example.org", "80", "http://p:1", "ALL_PROXY"},
		{"dot: below", without(".example.org"), "http", "a.example.org", "80", "", ""},
		{"dot at the end of the host", without("example.org"), "http", "example.org.", "80", "", ""},
		{"dot at the end of the entry", without("example.org."), "http", "example.org", "80", "", ""},
		{"port", without("example.org:8080"), "http", "example.org", "8080", "", ""},
		{"other port", without("example.org:8080"), "http", "example.org", "80", "http://p:1", "ALL_PROXY"},
		{"second entry after a blank", without("a.test example.org"), "http", "example.org", "80", "", ""},
		{"second entry after comma and blank", without("a.test, example.org"), "http", "example.org", "80", "", ""},
		{"star", without("*"), "https", "example.org", "443", "", ""},
		{"CIDR", without("10.0.0.0/8"), "http", "10.2.3.4", "80", "", ""},
		{"outside of CIDR", without("10.0.0.0/8"), "http", "11.2.3.4", "80", "http://p:1", "ALL_PROXY"},
		{"IPv6 address", without("2001:db8::1"), "http", "2001:db8::1", "80", "", ""},
		{"IPv6 address in brackets", without("[2001:db8::1]"), "http", "[2001:db8::1]", "80", "", ""},
		{"excepted, bad value", vars{"ALL_PROXY": "http://u:p", "NO_PROXY": "example.org"}, "http", "example.org", "80", "", ""},
	}
	for _, test := range tests {
		got, from, ok, err := FromEnv(test.env.lookup).For(test.scheme, test.host, test.port)
		if got.String() != test.want || from != test.from || ok != (test.want != "") || err != nil {
			t.Errorf("%s: got %q from %q, %t, %v; want %q from %q", test.name, got, from, ok, err, test.want, test.from)
		}
	}
}

func TestEnvForBadValue(t *testing.T) {
	e := FromEnv(vars{"https_proxy": "http://alice:CANARY"}.lookup)
	got, from, ok, err := e.For("https", "example.org", "443")
	var typed *Error
	if !errors.As(err, &typed) || ok || from != "https_proxy" || !got.IsZero() {
		t.Fatalf("got %v, %q, %t, %v; want an Error of https_proxy", got, from, ok, err)
	}
	if text := err.Error(); !strings.HasPrefix(text, "https_proxy: ") || strings.Contains(text, "CANARY") || typed.Hint != "env off" {
		t.Errorf("got %q, hint %q; want the variable, not its value, and the hint env off", text, typed.Hint)
	}
	if _, _, ok, err := (Env{}).For("https", "example.org", "443"); ok || err != nil {
		t.Errorf("the zero Env: got %t, %v; want no proxy", ok, err)
	}
}

func TestEnvVariables(t *testing.T) {
	tests := []struct {
		name string
		env  vars
		want []Variable
	}{
		{"none", vars{"NO_PROXY": "", "HTTP_PROXY": " "}, nil},
		{"all", vars{
			"HTTP_PROXY": "http://u:CANARY@a:1", "http_proxy": "l:2", "HTTPS_PROXY": "https://u:CANARY@b",
			"all_proxy": "socks5://c", "NO_PROXY": "example.org, *.test",
		}, []Variable{
			{"http_proxy", "http://l:2", ""}, {"HTTPS_PROXY", "https://u:••••••••@b:443", ""},
			{"all_proxy", "socks5://c:1080", ""}, {"NO_PROXY", "example.org, *.test", ""},
		}},
		{"bad value", vars{"HTTPS_PROXY": "alice:CANARY"}, []Variable{
			{"HTTPS_PROXY", "••••••••", "the proxy's port is no number from 1 to 65535"},
		}},
		{"CGI", vars{"REQUEST_METHOD": "GET", "HTTP_PROXY": "h"}, []Variable{
			{"HTTP_PROXY", "http://h:80", "ignored, since REQUEST_METHOD is set"},
		}},
	}
	for _, test := range tests {
		if got := FromEnv(test.env.lookup).Variables(); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %v; want %v", test.name, got, test.want)
		}
	}
}
