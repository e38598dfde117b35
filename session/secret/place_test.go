package secret

import (
	"encoding/json"
	"testing"
)

func TestHeader(t *testing.T) {
	for _, test := range []struct{ name, value, want string }{
		{"Authorization", "Basic amRvZTpw", "Basic " + Mask},
		{"authorization", "bearer  abc def", "bearer  " + Mask},
		{"Authorization", `Digest username="jdoe", response="1"`, "Digest " + Mask},
		{"Authorization", "token abc", "token " + Mask},
		{"Authorization", "Novel abc", Mask},
		{"Authorization", "abc", Mask},
		{"Authorization", "Basic", "Basic"},
		{"Authorization", "", ""},
		{"Authorization", "Bearer " + Mask, "Bearer " + Mask},
		{"Proxy-Authorization", "Basic amRvZTpw", "Basic " + Mask},
		{"Cookie", "sid=abc; theme=dark", "sid=" + Mask + "; theme=" + Mask},
		{"Cookie", "abc", Mask},
		{"Cookie", "a=;b=c=d", "a=;b=" + Mask},
		{"Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=" + Mask + "; Path=/; HttpOnly"},
		{"X-Api-Key", "Basic abc", Mask},
		{"X-Password", "abc", Mask},
		{"WWW-Authenticate", `Basic realm="x"`, `Basic realm="x"`},
		{"Location", "https://jdoe:pw@h.test/cb?a=1&code=abc&b=2#access_token=x", "https://jdoe:" + Mask + "@h.test/cb?a=1&code=" + Mask + "&b=2#access_token=x"},
		{"Link", `<https://h.test/x?page=2&token=abc>; rel="next"`, `<https://h.test/x?page=2&token=` + Mask + `>; rel="next"`},
		{"Accept", "text/html;q=0.9", "text/html;q=0.9"},
	} {
		if got := Header(test.name, test.value); got != test.want {
			t.Errorf("Header(%q, %q)\n got %q\nwant %q", test.name, test.value, got, test.want)
		}
	}
}

func TestURL(t *testing.T) {
	for _, test := range []struct{ url, want string }{
		{"https://h.test/x?page=2", "https://h.test/x?page=2"},
		{"https://jdoe:pw@h.test/", "https://jdoe:" + Mask + "@h.test/"},
		{"https://jdoe@h.test/", "https://jdoe@h.test/"},
		{"https://:pw@h.test/", "https://:" + Mask + "@h.test/"},
		{"https://a:b@c@h.test/", "https://a:" + Mask + "@h.test/"},
		{"https://a:b/c@h.test/", "https://a:" + Mask + "@h.test/"},
		{"https://h.test:8443/@jdoe", "https://h.test:8443/@jdoe"},
		{"http://u:/p@h.test", "http://u:" + Mask + "@h.test"},
		{"http://h.test:/x", "http://h.test:/x"},
		{"http://[::1]:8080/a@b", "http://[::1]:8080/a@b"},
		{"http://u:p@[::1]/", "http://u:" + Mask + "@[::1]/"},
		{"/x?a=1&token=abc&b", "/x?a=1&token=" + Mask + "&b"},
		{"?token=", "?token="},
		{"?api%5Fkey=abc#x", "?api%5Fkey=" + Mask + "#x"},
		{"?user%5Bpassword%5D=a%26b", "?user%5Bpassword%5D=" + Mask},
		{"/cb#access_token=abc&state=1", "/cb#access_token=" + Mask + "&state=1"},
		{"/a?b=c?token=1", "/a?b=c?token=1"},
		{"/a#/b?token=1", "/a#/b?token=" + Mask},
		{"", ""},
	} {
		if got := URL(test.url); got != test.want {
			t.Errorf("URL(%q)\n got %q\nwant %q", test.url, got, test.want)
		}
	}
}

func TestForm(t *testing.T) {
	for _, test := range []struct{ form, want string }{
		{"user=jdoe&password=a+b%26&x=1", "user=jdoe&password=" + Mask + "&x=1"},
		{"grant_type=authorization_code&code=abc", "grant_type=authorization_code&code=" + Mask},
		{"%zzpassword=abc", "%zzpassword=" + Mask},
		{"password", "password"},
		{"token=" + Mask, "token=" + Mask},
	} {
		if got := Form(test.form); got != test.want {
			t.Errorf("Form(%q)\n got %q\nwant %q", test.form, got, test.want)
		}
	}
}

func TestJSON(t *testing.T) {
	for _, test := range []struct{ body, want string }{
		{`{"user":"jdoe","password":"a\"b","n":1}`, `{"user":"jdoe","password":"` + Mask + `","n":1}`},
		{`{"token" : 123.5e3}`, `{"token" : "` + Mask + `"}`},
		{`{"token":-1,"pin":0}`, `{"token":"` + Mask + `","pin":"` + Mask + `"}`},
		{`{"token":null,"auth":true,"secret":false,"password":""}`, `{"token":null,"auth":true,"secret":false,"password":""}`},
		{`[{"access_token":"a"},{"access_token":"b"}]`, `[{"access_token":"` + Mask + `"},{"access_token":"` + Mask + `"}]`},
		{`{"secret":{"a":"b","c":[1,"d",null]}}`, `{"secret":{"a":"` + Mask + `","c":["` + Mask + `","` + Mask + `",null]}}`},
		{`{"session":{"user":"jdoe"}}`, `{"session":{"user":"jdoe"}}`},
		{`{"key":["a",{"b":"c"}]}`, `{"key":["` + Mask + `",{"b":"c"}]}`},
		{`{"pass\u0077ord":"a"}`, `{"pass\u0077ord":"` + Mask + `"}`},
		{`{"note":"password: x","code":404}`, `{"note":"password: x","code":404}`},
		{`{"text":"{\"token\":\"a\\\"b\",\"n\":1}"}`, `{"text":"{\"token\":\"` + Mask + `\",\"n\":1}"}`},
		{`"\"token\":\"\\"`, `"\"token\":\"` + Mask + `"`},
		{`"\"a\":\"\\\"token\\\":\\\"b\\\\\\\"c\\\"\""`, `"\"a\":\"\\\"token\\\":\\\"` + Mask + `\\\"\""`},
		{`"\"a\":\"\\\"token\\\":\\\"b\""`, `"\"a\":\"\\\"token\\\":\\\"` + Mask + `\""`},
		{`"\"token\":0\"x\":1"`, `"\"token\":\"` + Mask + `\"\"x\":1"`},
		{`"{\n\"token\":\n\t5,\"key\":[\n1,\n2\n]}"`, `"{\n\"token\":\n\t\"` + Mask + `\",\"key\":[\n\"` + Mask + `\",\n\"` + Mask + `\"\n]}"`},
		{`"\"token\":'"`, `"\"token\":'"`},
		{`["\"token\":'a",{"b":"it's"}]`, `["\"token\":'` + Mask + `",{"b":"it's"}]`},
		{`"{\"token\": 'a \"b\" c', \"n\": 1}"`, `"{\"token\": '` + Mask + `', \"n\": 1}"`},
		{`{"a":1}` + "\n" + `{"token":"x"}`, `{"a":1}` + "\n" + `{"token":"` + Mask + `"}`},
		{`{"token":"cut sho`, `{"token":"` + Mask},
		{`{"token":`, `{"token":`},
		{`{"token":[`, `{"token":[`},
		{``, ``},
	} {
		got := string(JSON([]byte(test.body)))
		if got != test.want {
			t.Errorf("JSON(%s)\n got %s\nwant %s", test.body, got, test.want)
		}
		if json.Valid([]byte(test.body)) && !json.Valid([]byte(got)) {
			t.Errorf("JSON(%s) = %s, no longer JSON", test.body, got)
		}
	}
}

func TestHasMask(t *testing.T) {
	if !HasMask("auth bearer "+Mask) || HasMask("auth bearer •••") {
		t.Error("HasMask does not tell a mask from less")
	}
}
