package secret

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// canaries are secrets of all the kinds that need care.
var canaries = [...]string{
	"hunter2hunter2", "c4n4ry-7h1ng", "p@ss/w:rd?", "a b c d e f", `quo"te\back`, "tab\tline\nend",
	"ünïcödé-pässwörd", "日本語のパスワード", "😀emoji😀secret", "<&>html<&>", "100%sure+plus", "semi;colon,comma",
	"it's mine now", "dXNlcjpwYXNz==", "deadbeefcafebabe", "-----dashes-----", "trailing space ", "$ecret$HOME",
	"a/b/c/d/e/f", "~!#$&'()*[]{}|", strings.Repeat("long", 300),
}

// encodings are the forms in which a secret may come back.
var encodings = [...]struct {
	name   string
	encode func(string) string
}{
	{"raw", func(s string) string { return s }},
	{"base64", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }},
	{"base64url", func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }},
	{"basic", func(s string) string { return base64.StdEncoding.EncodeToString([]byte("jdoe:" + s)) }},
	{"basic as user", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s + ":x-oauth-basic")) }},
	{"basic unknown user", func(s string) string { return base64.StdEncoding.EncodeToString([]byte("someone-else:" + s)) }},
	{"query", url.QueryEscape},
	{"path", url.PathEscape},
	{"userinfo", func(s string) string { return strings.TrimPrefix(url.UserPassword("", s).String(), ":") }},
	{"query lower", func(s string) string { return percent(s, "", "%%%02x") }},
	{"json", func(s string) string { b, _ := json.Marshal(s); return string(b[1 : len(b)-1]) }},
	{"json ascii", func(s string) string { return jsonText(s, true) }},
	{"json twice", func(s string) string { return jsonText(jsonText(s, false), false) }},
	{"hex", func(s string) string { return hex.EncodeToString([]byte(s)) }},
	{"HEX", func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) }},
}

func TestSetMasksEveryForm(t *testing.T) {
	for _, secret := range canaries {
		var set Set
		set.AddPair("jdoe", secret)
		for _, e := range encodings {
			form := e.encode(secret)
			for _, text := range []string{form, "before " + form + " after", `{"a":"` + form + `"}`, "x=" + form + "&y"} {
				got := set.Mask(text)
				if strings.Contains(got, form) || !HasMask(got) {
					t.Errorf("%s of %q in %q: got %q", e.name, secret, text, got)
				}
				if again := set.Mask(got); again != got {
					t.Errorf("%s of %q: masked again %q, want %q", e.name, secret, again, got)
				}
			}
		}
	}
}

func TestSetMaskKeepsTheRest(t *testing.T) {
	var set Set
	set.AddPair("jdoe", "hunter2hunter2")
	set.Add("abc12")
	for _, test := range []struct{ text, want string }{
		{"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("jdoe:hunter2hunter2")), "Authorization: Basic " + Mask},
		{"xhunter2hunter2y", "x" + Mask + "y"},
		{"hunter2hunter2hunter2", Mask},
		{"abc12 xabc12 abc123 abc12, _abc12 abc12", Mask + " xabc12 abc123 " + Mask + ", _abc12 " + Mask},
		{"éabc12 hunter2", "éabc12 hunter2"},
		{"hunter2hunter2abc12", Mask + Mask},
		{"", ""},
	} {
		if got := set.Mask(test.text); got != test.want {
			t.Errorf("Mask(%q)\n got %q\nwant %q", test.text, got, test.want)
		}
	}
}

func TestSetOverlappingValues(t *testing.T) {
	var set Set
	set.Add("abcdefgh")
	set.Add("efghijkl")
	if got := set.Mask("-abcdefghijkl-"); got != "-"+Mask+"-" {
		t.Errorf("got %q", got)
	}
}

func TestSetShortPair(t *testing.T) {
	var set Set
	set.AddPair("jdoe", "pw1")
	pair := base64.StdEncoding.EncodeToString([]byte("jdoe:pw1"))
	if got := set.Mask("Basic " + pair); got != "Basic "+Mask {
		t.Errorf("got %q", got)
	}
}

func TestSetRemove(t *testing.T) {
	var set Set
	const value = "hunter2hunter2"
	set.Add(value)
	set.Add(value)
	set.Remove(value)
	if got := set.Mask(value); got != Mask {
		t.Errorf("after one of two removed: got %q", got)
	}
	set.Remove(value)
	set.Remove(value)
	if got := set.Mask(value); got != value {
		t.Errorf("after both removed: got %q", got)
	}
	set.Add(value)
	set.Clear()
	if got := set.Mask(value); got != value {
		t.Errorf("after Clear: got %q", got)
	}
}

func TestSetIgnoresWhatIsTooShort(t *testing.T) {
	var set Set
	for _, value := range []string{"", "a", "ab", "•", Mask} {
		set.Add(value)
	}
	if got := set.Mask("a ab • " + Mask); got != "a ab • "+Mask {
		t.Errorf("got %q", got)
	}
}

func TestSetNil(t *testing.T) {
	var set *Set
	if got := set.Mask("hunter2 ghp_0123456789abcdefghij"); got != "hunter2 "+Mask {
		t.Errorf("got %q", got)
	}
}

func TestSetConcurrent(t *testing.T) {
	var set Set
	var group sync.WaitGroup
	for _, secret := range canaries {
		group.Go(func() {
			set.Add(secret)
			if got := set.Mask(secret); got == secret {
				t.Errorf("%q not masked", secret)
			}
			set.Remove(secret)
		})
	}
	group.Wait()
}
