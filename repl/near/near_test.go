package near

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	keys := "id name full_name node_id html_url url owner"
	commands := "get header headers help history let session set"
	for _, tt := range []struct{ word, names, want string }{
		{"nam", keys, "name full_name"},
		{"nmae", keys, "name"},
		{"NAME", keys, "name full_name"},
		{"urll", keys, "url"},
		{"ow", keys, "owner"},
		{"xyzzy", keys, ""},
		{"fullname", keys, "full_name name"},
		{"node-id", keys, "node_id"},
		{"", keys, ""},
		{"", "a b", ""},
		{"a", "", ""},
		{"gte", commands, "get"},
		{"sesion", commands, "session"},
		{"haeders", commands, "headers header"},
		{"sess", commands, "session"},
		{"Prod", "dev prod production", "prod production"},
		{"prod-eu", "dev prod", "prod"},
		{"si", "sid lang sid sid", "sid"},
		{"aa", "aab aac aad aae", "aab aac aad"},
		{strings.Repeat("x", 100), strings.Repeat("x", 99), strings.Repeat("x", 99)},
		{strings.Repeat("x", 100), strings.Repeat("y", 100), ""},
	} {
		if got := strings.Join(Names(tt.word, strings.Fields(tt.names)), " "); got != tt.want {
			t.Errorf("Names(%.20q, %.60q): got %q, want %q", tt.word, tt.names, got, tt.want)
		}
	}
}

func TestSlips(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"get", "get", 0}, {"get", "gte", 1}, {"get", "gett", 1},
		{"get", "et", 1}, {"get", "got", 1}, {"kitten", "sitting", 3}, {"ca", "abc", 3},
		{strings.Repeat("a", 64), strings.Repeat("b", 64), 64}, {strings.Repeat("a", 65), "a", 64},
	} {
		if got := slips(tt.a, tt.b); got != tt.want {
			t.Errorf("slips(%.10q, %.10q): got %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := slips(tt.b, tt.a); got != tt.want {
			t.Errorf("slips(%.10q, %.10q): got %d, want %d", tt.b, tt.a, got, tt.want)
		}
	}
}
