package proxy

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		want Server
		show string
	}{
		{"http://h:3128", Server{"http", "h", "3128", "", ""}, "http://h:3128"},
		{"h:3128", Server{"http", "h", "3128", "", ""}, "http://h:3128"},
		{"h", Server{"http", "h", "80", "", ""}, "http://h:80"},
		{"h:", Server{"http", "h", "80", "", ""}, "http://h:80"},
		{"HTTPS://H.Example/", Server{"https", "h.example", "443", "", ""}, "https://h.example:443"},
		{"socks5://u:p@h", Server{"socks5", "h", "1080", "u", "p"}, "socks5://u:••••••••@h:1080"},
		{"socks5h://h:09050", Server{"socks5h", "h", "9050", "", ""}, "socks5h://h:9050"},
		{"u:p@h:1", Server{"http", "h", "1", "u", "p"}, "http://u:••••••••@h:1"},
		{"http://u:@h:1", Server{"http", "h", "1", "u", ""}, "http://u@h:1"},
		{"http://:p@h:1", Server{"http", "h", "1", "", "p"}, "http://:••••••••@h:1"},
		{"http://@h:1", Server{"http", "h", "1", "", ""}, "http://h:1"},
		{"http://a%40b:p%3a%2F%25@h:1", Server{"http", "h", "1", "a@b", "p:/%"}, "http://a%40b:••••••••@h:1"},
		{"http://u:p@q@h:1", Server{"http", "h", "1", "u", "p@q"}, "http://u:••••••••@h:1"},
		{"http://u:p:q@h:1", Server{"http", "h", "1", "u", "p:q"}, "http://u:••••••••@h:1"},
		{"http://u:++@h:1", Server{"http", "h", "1", "u", "++"}, "http://u:••••••••@h:1"},
		{"http://[2001:DB8::1]:8080", Server{"http", "2001:db8::1", "8080", "", ""}, "http://[2001:db8::1]:8080"},
		{"http://[::1]", Server{"http", "::1", "80", "", ""}, "http://[::1]:80"},
		{"http://[fe80::1%25eth0]:1", Server{"http", "fe80::1%eth0", "1", "", ""}, "http://[fe80::1%25eth0]:1"},
		{"http://BÜCHER.example:1", Server{"http", "xn--bcher-kva.example", "1", "", ""}, "http://xn--bcher-kva.example:1"},
	}
	for _, test := range tests {
		got, err := Parse(test.text)
		if err != nil || got != test.want {
			t.Errorf("Parse(%q) = %#v, %v; want %#v", test.text, got, err, test.want)
		}
		for _, shown := range []string{got.String(), fmt.Sprint(got), fmt.Sprintf("%+v", got)} {
			if shown != test.show {
				t.Errorf("Parse(%q) is shown as %q; want %q", test.text, shown, test.show)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	long := strings.Repeat("a", 256)
	tests := []struct{ text, want string }{
		{"", "no host"},
		{"http://", "no host"},
		{"http://u:CANARY@", "no host"},
		{"http://u:CANARY@:3128", "no host"},
		{"ftp://u:CANARY@h", "begins with"},
		{"socks4://h", "begins with"},
		{"://h", "begins with"},
		{"http://h/CANARY", "no path"},
		{"http://h?CANARY", "no path"},
		{"http://h#CANARY", "no path"},
		{"http://u:CANARY/x@h", "%2F"},
		{"http://u:CANARY#x@h", "%2F"},
		{"u:://CANARY@h", "%2F"},
		{"u:CANARY", "no number"},
		{"http://h:0", "no number"},
		{"http://h:65536", "no number"},
		{"http://h:+80", "no number"},
		{"http://u:CANARY%@h", "%25"},
		{"http://CANARY%zz@h", "%25"},
		{"http://h\r\nX-Evil: CANARY", "control character"},
		{"http://h\x00", "control character"},
		{"http://u:CANARY%0d%0a@h", "control character"},
		{"http://u%00:CANARY@h", "control character"},
		{"http://a%3Ab:CANARY@h", "colon"},
		{"socks5://:CANARY@h", "has a user"},
		{"socks5://u:" + long + "@h", "255"},
		{"http://2001:db8::1", "[ADDRESS]:PORT"},
		{"http://[::1", "[ADDRESS]:PORT"},
		{"http://[::1]x", "[ADDRESS]:PORT"},
		{"http://[CANARY]:80", "brackets"},
		{"http://[127.0.0.1]:80", "brackets"},
		{"http://[::1%\"00]", "brackets"},
		{"http://h CANARY", "no host has"},
		{"http://a..b", "no host name"},
		{"http://.b", "no host name"},
		{"http://\xff", "no host name"},
	}
	for _, test := range tests {
		s, err := Parse(test.text)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Text, test.want) || e.Hint == "" || e.Phase != PhaseProxy {
			t.Errorf("Parse(%q) = %v, %#v; want an error with %q", test.text, s, err, test.want)
			continue
		}
		if all := fmt.Sprintf("%s %+v", err, *e); strings.Contains(all, "CANARY") || strings.Contains(all, long) {
			t.Errorf("Parse(%q) repeats what may be a password: %s", test.text, all)
		}
	}
}

func TestServerAuthorization(t *testing.T) {
	tests := []struct{ text, want string }{
		{"http://h", ""},
		{"http://user:pass@h", "Basic dXNlcjpwYXNz"},
		{"https://user:@h", "Basic dXNlcjo="},
		{"http://%C3%BC:%E2%82%AC@h", "Basic w7w64oKs"},
		{"socks5://user:pass@h", ""},
	}
	for _, test := range tests {
		s, err := Parse(test.text)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := s.Authorization(); got != test.want || ok != (test.want != "") {
			t.Errorf("%s: Authorization() = %q, %t; want %q", test.text, got, ok, test.want)
		}
	}
}

func TestServerForwards(t *testing.T) {
	tests := []struct {
		server, scheme string
		want           bool
	}{
		{"http", "http", true}, {"https", "http", true}, {"socks5", "http", false}, {"socks5h", "http", false},
		{"http", "https", false}, {"https", "https", false}, {"socks5", "https", false}, {"", "http", false},
	}
	for _, test := range tests {
		s := Server{Scheme: test.server}
		if got := s.Forwards(test.scheme); got != test.want {
			t.Errorf("a %q proxy: Forwards(%q) = %t; want %t", test.server, test.scheme, got, test.want)
		}
	}
	if got := (Server{}).String(); got != "" || !(Server{}).IsZero() {
		t.Errorf("the zero Server is shown as %q", got)
	}
}

// FuzzParse checks that what is accepted can be sent and shown, and that what
// is shown, read again, is the same place.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"h", "http://u:p@h:1/", "socks5h://[::1%25x]:9", "https://%41:%3a@bücher.example", "u:p@[::1]:80", "1:2", "\u3002", "[::1%2525]", "[::1%\"00]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			if s != (Server{}) {
				t.Fatalf("Parse(%q) = %v with %v; want the zero Server", text, s, err)
			}
			return
		}
		if strings.ContainsAny(s.Host, " /@?#[]\r\n\x00") || s.Host == "" || !isHostPort(s.Address()) {
			t.Fatalf("Parse(%q) has the host %q, port %q", text, s.Host, s.Port)
		}
		again, err := Parse(s.String())
		if s.Password != "" {
			again.Password = s.Password
		}
		if err != nil || again != s {
			t.Fatalf("Parse(%q) = %#v, which is shown as %s; that read again is %#v, %v", text, s, s, again, err)
		}
	})
}
