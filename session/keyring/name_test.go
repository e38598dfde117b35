package keyring

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	tests := []struct {
		name             string
		service, account string
		err              string
	}{
		{name: "github", service: "sonde", account: "github"},
		{name: "api.example.com jürgen", service: "sonde", account: "api.example.com jürgen"},
		{name: "sonde/github", service: "sonde", account: "github"},
		{name: "gh:github.com/jdoe", service: "gh:github.com", account: "jdoe"},
		{name: "gh:github.com/", service: "gh:github.com"},
		{name: "https://a.example/x/jdoe", service: "https://a.example/x", account: "jdoe"},
		{name: "", err: "the name is empty"},
		{name: "/jdoe", err: "the service before the slash is empty"},
		{name: "sonde/", err: "the account after the slash is empty"},
		{name: "a\nb", err: "the name holds characters that cannot be typed"},
		{name: "a\xffb", err: "the name holds characters that cannot be typed"},
		{name: strings.Repeat("a", 129), err: "the name has 129 bytes, at most 128 will do"},
	}
	for _, tt := range tests {
		e, err := parseName(tt.name)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if e != (entry{tt.service, tt.account}) || text != tt.err {
			t.Errorf("parseName(%q) = %q, %q, %q; want %q, %q, %q", tt.name, e.service, e.account, text, tt.service, tt.account, tt.err)
		}
	}
	_, err := New(Options{}).Get(t.Context(), "a\x1b[2Jb")
	if err == nil || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("an error carries a control character: %q", err)
	}
}

func TestStoreCommand(t *testing.T) {
	tests := []struct{ goos, account, want string }{
		{"linux", "github", "secret-tool store --label=sonde service sonde username github"},
		{"linux", "o'neil", `secret-tool store --label=sonde service sonde username 'o'\''neil'`},
		{"darwin", "my api", "security add-generic-password -s sonde -a 'my api' -w"},
		{"windows", "github", "cmdkey /generic:sonde:github /user:github /pass"},
		{"windows", "my api", `cmdkey "/generic:sonde:my api" "/user:my api" /pass`},
	}
	for _, tt := range tests {
		if got := storeCommand(tt.goos, tt.account); got != tt.want {
			t.Errorf("storeCommand(%s, %q)\n got %s\nwant %s", tt.goos, tt.account, got, tt.want)
		}
	}
}

func TestPartsFitEverySystem(t *testing.T) {
	if n := partSize("windows"); n > 2560 {
		t.Errorf("Windows takes 2560 bytes, a part has %d", n)
	}
	// The line that goes to security(1) with every character of the name quoted.
	part := base64.StdEncoding.EncodeToString(make([]byte, partSize("darwin")))
	account := strings.Repeat(`'"'"'`, maxName) + "#0123456789abcdef.1048576"
	line := "add-generic-password -U -s sonde -a '" + account + "' -w 'go-keyring-base64:" + part + "'\n"
	if len(line) > 4096 {
		t.Errorf("macOS takes lines of 4096 bytes, the longest has %d", len(line))
	}
}

func TestPlain(t *testing.T) {
	tests := []struct {
		goos, secret string
		want         bool
	}{
		{"windows", "secret", true},
		{"windows", "s\x00e\x00", false}, // would be read as UTF-16
		{"linux", "s\x00e\x00", true},
		{"windows", strings.Repeat("a", 2049), false},
		{"darwin", strings.Repeat("a", 2049), false},
		{"linux", strings.Repeat("a", 2049), true},
		{"linux", headPrefix + " x", false},
	}
	for _, tt := range tests {
		if got := plain(tt.goos, tt.secret); got != tt.want {
			t.Errorf("plain(%s, %.20q) = %v, want %v", tt.goos, tt.secret, got, tt.want)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, n := range []int{0, 1, 4, 5, 8, 9} {
		text := strings.Repeat("é", n)[:n]
		parts := split(text, 4)
		if got := strings.Join(parts, ""); got != text {
			t.Errorf("split of %d bytes joins to %q, want %q", n, got, text)
		}
		for _, p := range parts {
			if len(p) > 4 {
				t.Errorf("split of %d bytes has a part of %d", n, len(p))
			}
		}
	}
}

func TestParseHead(t *testing.T) {
	h := head{id: "ABC", count: 3, sum: "ff"}
	if got, ok := parseHead(h.String()); !ok || got != h {
		t.Errorf("parseHead(%q) = %v, %v", h, got, ok)
	}
	for _, text := range []string{"", "secret", headPrefix, headPrefix + " a b c", headPrefix + " a -1 c", headPrefix + " a 9999999 c", h.String() + " d", " " + h.String()} {
		if got, ok := parseHead(text); ok {
			t.Errorf("parseHead(%q) = %v", text, got)
		}
	}
}

func TestFromUTF16(t *testing.T) {
	tests := []struct{ in, want string }{
		{"p\x00w\x00", "pw"},
		{"p\x00\xfc\x00=\xd8\x00\xde", "pü😀"},
		{"", ""},
		{"pw", "pw"},
		{"p\x00w", "p\x00w"},               // odd
		{"p\x00\x00\x00", "p\x00\x00\x00"}, // a zero
		{"p\x00=\xd8", "p\x00=\xd8"},       // half a pair
		{"schlüssel!", "schlüssel!"},       // UTF-8 of even length
		{"\x00p\x00w", "\x00p\x00w"},       // big endian
	}
	for _, tt := range tests {
		want := tt.want
		if got := fromUTF16(tt.in); got != want {
			t.Errorf("fromUTF16(%q) = %q, want %q", tt.in, got, want)
		}
	}
}
