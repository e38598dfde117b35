package secret

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzLine(f *testing.F) {
	for _, test := range lineCases {
		f.Add(placeholder(test.line, canary))
	}
	f.Add(`Auth 0 " "`) // a secret of blanks alone
	f.Fuzz(func(t *testing.T, line string) {
		got := Line(line)
		if again := Line(got); again != got {
			t.Errorf("Line(%q) = %q, masked again %q", line, got, again)
		}
		frame := func(s string) string {
			return strings.Join(strings.Fields(strings.ReplaceAll(s, Mask, "")), "")
		}
		if len(Values(line)) == 0 && frame(got) != frame(line) {
			t.Errorf("Line(%q) = %q, but there are no Values", line, got)
		}
		if got != line && !HasMask(got) {
			t.Errorf("Line(%q) = %q: changed without a mask", line, got)
		}
		if utf8.ValidString(line) && !utf8.ValidString(got) {
			t.Errorf("Line(%q) = %q: no longer UTF-8", line, got)
		}
	})
}

// FuzzLineSecret types every secret in every place, in the quotes it needs.
func FuzzLineSecret(f *testing.F) {
	for _, secret := range canaries {
		f.Add(secret)
	}
	f.Add("x#000")
	f.Add("=@00") // names a file behind a colon
	f.Fuzz(func(t *testing.T, secret string) {
		if !utf8.ValidString(secret) || len(secret) < 4 || stays(secret) || strings.Contains(secret, "{{") ||
			strings.Contains(secret, `\(`) || strings.ContainsRune(secret, '•') || strings.TrimSpace(secret) != secret ||
			strings.ContainsAny(secret, "\x00\x7f") || secret[0] == '@' || strings.HasPrefix(secret, "=@") || constant(secret) || knownScheme(secret) {
			t.Skip()
		}
		quoted := jsonText(secret, false)
		for _, place := range []string{
			`auth basic u "C"`, `auth bearer "C" for https://h.test`, `get /x "X-Api-Key:C"`, `get /x X-Api-Key:"C"`,
			`get /x "Authorization: Bearer C"`, `post /x "password=C"`, `post /x password="C" a=1`,
			`post /x {"a": 1, "password": "C", "b": 2}`, `let token = "C"`, `let t = post /login {"password": "C"} | .t`,
			`header "X-Key: C"`, `header "X-Key: C" for https://h.test # a`, `param "token==C"`,
			`each . do post /login "password=C"`, `cookie "sid=C"`, `! curl -H "X-Key: xC"`,
		} {
			check(t, strings.ReplaceAll(place, "C", quoted), quoted)
		}
		// Digits and a slash are a port and a path as well.
		if strings.Trim(secret[:strings.IndexAny(secret+"/", `/?#\`)], "0123456789") != "" {
			check(t, `get "http://u:`+quoted+`@h/"`, quoted)
		}
		for _, place := range []string{`auth basic u "C"`, `get /x "X-Api-Key:C"`, `post /x "password=C"`, `header "X-Key: C"`, `param "token==C"`} {
			line := strings.ReplaceAll(place, "C", quoted)
			// Behind = another one is a part of the separator.
			if values := Values(line); secret[0] != '=' && !slices.Contains(values, secret) {
				t.Errorf("Values(%q) = %q, without %q", line, values, secret)
			}
		}
		if strings.ContainsAny(secret, " \t\r\n\\'\"`|;&<>(){}[]#") {
			return
		}
		for _, place := range []string{
			"auth basic u C", "auth bearer C", "auth apikey X-Key C", "auth digest u C", "auth oauth2 client id C issuer=https://h.test", "X-Api-Key: C", "get /x X-Api-Key:C",
			"get /x token==C", "post /x password=C", "post /x token:=C", "cookie sid=C", "@bob auth bearer C",
			"auth bob C for https://h.test # a", "X-Api-Key: C # a",
		} {
			check(t, strings.ReplaceAll(place, "C", secret), secret)
		}
		if !variable(secret) {
			check(t, "! curl -u u:"+secret+"; exit 3", secret)
		}
		// A header is left out so, and what follows is a parameter or a flag.
		item := strings.Contains(secret, "==") || strings.Contains(secret, ":=") || strings.Contains(secret, "=@")
		if !item && !strings.HasPrefix(secret, "--") {
			check(t, "get /x X-Api-Key: "+secret, secret)
		}
	})
}

// check fails if secret survives in line.
func check(t *testing.T, line, secret string) {
	got := Line(line)
	frame := strings.ReplaceAll(line, secret, "")
	if strings.Count(got, secret) > strings.Count(frame, secret) {
		t.Errorf("Line(%q) = %q: secret %q is still there", line, got, secret)
	}
}

func FuzzSet(f *testing.F) {
	for _, secret := range canaries {
		f.Add(secret, "abcdef", "a "+secret+" b "+secret+"abcdef")
	}
	f.Fuzz(func(t *testing.T, one, two, text string) {
		var set Set
		set.AddPair("jdoe", one)
		set.Add(two)
		got := set.Mask(text)
		if again := set.Mask(got); again != got {
			t.Errorf("masked %q, masked again %q", got, again)
		}
		for _, secret := range []string{one, two} {
			if len(secret) >= anywhere && !strings.Contains(Mask, secret) && strings.Contains(got, secret) && !strings.ContainsRune(secret, '•') {
				t.Errorf("Mask(%q) = %q: %q is still there", text, got, secret)
			}
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, body := range []string{
		`{"user":"jdoe","password":"a\"b"}`, `{"token":-1.5e3,"pin":[1,"a",{"b":2}]}`, `{"secret":{"a":["b",null,true]}}`,
		`{"a":"{\"token\":\"x\\\"y\"}"}`, `{"pass\u0077ord":"x"}`, `[{"key":""}]`, `{"token":"`, `"\"token\":\"\\"`, `"\"token\":0"`, `"{\"token\":[\n0,\"a\"]}"`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got := JSON([]byte(body))
		if again := JSON(got); string(again) != string(got) {
			t.Errorf("JSON(%q) = %q, masked again %q", body, got, again)
		}
		if json.Valid([]byte(body)) && !json.Valid(got) {
			t.Errorf("JSON(%q) = %q, no longer JSON", body, got)
		}
	})
}
