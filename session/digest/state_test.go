package digest

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// challenged is a state in which one request was made before the next one if
// used is true, with a given nonce of the client.
func challenged(t *testing.T, field, client string, used bool) *State {
	t.Helper()
	c, ok := Choose(Parse([]string{field}))
	if !ok {
		t.Fatalf("%s: no challenge that can be answered", field)
	}
	s := new(State)
	s.Challenge(c)
	if s.client = client; used {
		s.count = 1
	}
	return s
}

const (
	mufasa = `realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
	json   = `realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8`
)

// The values of RFC 7616, section 3.9.2, are those of its erratum 4897: the
// ones printed come from a draft of SHA-512/256.
func TestKnownAnswers(t *testing.T) {
	for _, tt := range []struct {
		name, field, client               string
		method, uri, user, password, want string
	}{
		{"RFC 2617, section 3.5",
			`Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"`,
			"0a4f113b", "GET", "/dir/index.html", "Mufasa", "Circle Of Life",
			`Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41", qop="auth", nc=00000001, cnonce="0a4f113b"`},
		{"RFC 7616, section 3.9.1, MD5", "Digest algorithm=MD5, " + mufasa,
			"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "GET", "/dir/index.html", "Mufasa", "Circle of Life",
			`Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", response="8ca523f5e9506fed4657c9700eebdbec", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", algorithm=MD5, qop="auth", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"`},
		{"RFC 7616, section 3.9.1, both", "Digest algorithm=MD5, " + mufasa + ", Digest algorithm=SHA-256, " + mufasa,
			"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "GET", "/dir/index.html", "Mufasa", "Circle of Life",
			`Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", algorithm=SHA-256, qop="auth", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"`},
		{"RFC 7616, section 3.9.2", "Digest userhash=true, " + json,
			"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", "GET", "/doe.json", "Jäsøn Doe", "Secret, or not?",
			`Digest username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b", realm="api@example.org", nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", uri="/doe.json", response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", algorithm=SHA-512-256, qop="auth", nc=00000001, cnonce="NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", userhash=true`},
		{"RFC 7616, section 3.9.2, without the hashed name", "Digest userhash=false, " + json,
			"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", "GET", "/doe.json", "Jäsøn Doe", "Secret, or not?",
			`Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm="api@example.org", nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", uri="/doe.json", response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", algorithm=SHA-512-256, qop="auth", nc=00000001, cnonce="NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"`},
		{"not ASCII, no charset, as requests sends it", `Digest realm="r", nonce="n", qop="auth"`,
			"7a6f247d4392817d", "PUT", "/", "jörg", "päss",
			`Digest username="jörg", realm="r", nonce="n", uri="/", response="68a6ba3f76ed0384b8fb7944d26aaabc", qop="auth", nc=00000001, cnonce="7a6f247d4392817d"`},
	} {
		got, err := challenged(t, tt.field, tt.client, false).Authorization(tt.method, tt.uri, tt.user, tt.password, nil)
		if got != tt.want || err != nil {
			t.Errorf("%s:\ngot  %s, %v\nwant %s", tt.name, got, err, tt.want)
		}
	}
}

// The values are those of requests 2.28 for a second request with one nonce.
func TestLikeRequests(t *testing.T) {
	for _, tt := range []struct{ more, client, want string }{
		{"", "", "92c20866e498b8dcd263dc44fb532fa3"},
		{"algorithm=MD5", "", "92c20866e498b8dcd263dc44fb532fa3"},
		{`qop=auth`, "2021de9d89356a48", "cfb8b9cd17b2a16df6e4696ef9598e17"},
		{`qop="auth,auth-int"`, "1c53e3f88a708acb", "d161cf468b9c8dbaa2dacad14e2f4e3e"},
		{`qop="auth-int, auth", algorithm="md5"`, "72e9b8bc4deff66d", "569d4fff3532b40cab4aeb2bc484c0ed"},
		{`qop="auth", algorithm=MD5-sess`, "686d87cea0a59cc3", "477dba49f95cefe7c34873e4a7f51bed"},
		{`qop="auth", algorithm=SHA`, "183d34ea555d861e", "6c4117352ca37a34fab3c8340cd3451287dd145f"},
		{`algorithm=SHA`, "", "880e0080fe07579f2728a185f5ff3bf1d4e63394"},
		{`qop="auth", algorithm=SHA-256`, "23470432610f632f", "a9d62645dd4bee5ffe49a6f960cbf1d9fff8d37b01f690cc3e8e8ba78ba38f3d"},
		{`qop="auth", algorithm=SHA-512`, "ed75f4853e9ed129", "af62733c724597c217b49c3a3b255d84cc6c7386940656d88cc1d76e4f0a5a52c82d65d36cf775997866ad7ac6d6557ab027f1cd978eb877dce7abae5bc27a5f"},
	} {
		s := challenged(t, `Digest realm="me@kennethreitz.com", nonce="n0nce/+=", opaque="0p", `+tt.more, tt.client, true)
		got, err := s.Authorization("GET", "/digest-auth/auth/user/pass?a=b%20c", "user", "pass", nil)
		if err != nil || !strings.Contains(got, `, response="`+tt.want+`"`) {
			t.Errorf("%s: got %s, %v, want response %s", tt.more, got, err, tt.want)
		}
		if has := strings.Contains(got, `, qop="auth", nc=00000002, cnonce="`+tt.client+`"`); has != strings.Contains(tt.more, "qop") {
			t.Errorf("%s: got %s, want qop, nc and cnonce only if the server wrote qop", tt.more, got)
		}
	}
}

// The values were computed step by step with Python's hashlib.
func TestBodyAndSession(t *testing.T) {
	body := func(w io.Writer) error { _, err := io.WriteString(w, `{"a":1}`); return err }
	for _, tt := range []struct {
		more, method string
		used         bool
		body         func(io.Writer) error
		want         string
	}{
		{`qop="auth-int"`, "POST", false, body, `response="361a28a6c7fc11fa444ff416d9e9f32b07dbdcb9518943855a11f3c3bbd17354", algorithm=SHA-256, qop="auth-int", nc=00000001, cnonce="C"`},
		{`qop="auth-int"`, "POST", false, nil, `response="b48f4dff03a27825aec148b8391a1e20456eaa384c7d47f6c1606e1d6e66bc8c", algorithm=SHA-256, qop="auth-int", nc=00000001, cnonce="C"`},
		{`qop="auth", algorithm=SHA-256-sess`, "GET", true, nil, `response="e648206d807fb7a035beb8958932d972203b85d70030fb68982a60306d62dc82", algorithm=SHA-256-sess, qop="auth", nc=00000002, cnonce="C"`},
		{`algorithm=SHA-256-sess`, "GET", true, nil, `response="b67058c90d90813ccf4029d28c6b7bacdecfde46fa39d532ad12a5b59bce9712", algorithm=SHA-256-sess, cnonce="C"`},
	} {
		field := `Digest realm="r", nonce="N", ` + tt.more
		if !strings.Contains(field, "algorithm") {
			field += ", algorithm=SHA-256"
		}
		got, err := challenged(t, field, "C", tt.used).Authorization(tt.method, "/x", "Mufasa", "Circle of Life", tt.body)
		if want := `Digest username="Mufasa", realm="r", nonce="N", uri="/x", ` + tt.want; got != want || err != nil {
			t.Errorf("%s:\ngot  %s, %v\nwant %s", tt.more, got, err, want)
		}
	}
}

func TestNonceCount(t *testing.T) {
	s := State{Rand: strings.NewReader(strings.Repeat("\x01", 16) + strings.Repeat("\xab", 16))}
	if s.Ready() {
		t.Error("ready without a challenge")
	}
	for _, tt := range []struct{ nonce, want string }{
		{"a", `nc=00000001, cnonce="01010101010101010101010101010101"`},
		{"", `nc=00000002, cnonce="01010101010101010101010101010101"`},
		{"a", `nc=00000003, cnonce="01010101010101010101010101010101"`}, // the server said so again
		{"b", `nc=00000001, cnonce="abababababababababababababababab"`},
	} {
		if tt.nonce != "" {
			s.Challenge(Challenge{Nonce: tt.nonce, QOP: []string{"auth"}})
		}
		got, err := s.Authorization("GET", "/", "u", "p", nil)
		if err != nil || !s.Ready() || !strings.HasSuffix(got, tt.want) {
			t.Errorf("nonce %q: got %s, %v, want it to end in %s", tt.nonce, got, err, tt.want)
		}
	}
	s.Challenge(Challenge{Nonce: "c", QOP: []string{"auth"}})
	if got, err := s.Authorization("GET", "/", "u", "p", nil); !errors.Is(err, io.EOF) {
		t.Errorf("no random numbers left: got %q, %v, want an error", got, err)
	}
	var a, b State
	a.Challenge(Challenge{Nonce: "n", QOP: []string{"auth"}})
	b.Challenge(Challenge{Nonce: "n", QOP: []string{"auth"}})
	one, _ := a.Authorization("GET", "/", "u", "p", nil)
	if two, _ := b.Authorization("GET", "/", "u", "p", nil); one == two {
		t.Errorf("two clients chose the same nonce: %s", one)
	}
}

func TestQuotedValues(t *testing.T) {
	s := challenged(t, `Digest realm="a \"b\" \\c", nonce="n"`, "", false)
	got, err := s.Authorization("GET", "/", `DOM\me "x"`, "p", nil)
	if want := `Digest username="DOM\\me \"x\"", realm="a \"b\" \\c", `; err != nil || !strings.HasPrefix(got, want) {
		t.Errorf("got %s, %v, want it to start with %s", got, err, want)
	}
}

func TestAuthorizationRefuses(t *testing.T) {
	bad := errors.New("gone")
	for _, tt := range []struct {
		name      string
		c         Challenge
		uri, user string
		body      func(io.Writer) error
		want      string
	}{
		{"no challenge", Challenge{}, "/", "u", nil, "digest login: no challenge yet"},
		{"algorithm", Challenge{Nonce: "n", Algorithm: "MD4"}, "/", "u", nil, `digest login: algorithm "MD4" not known`},
		{"qop", Challenge{Nonce: "n", QOP: []string{"x"}}, "/", "u", nil, `digest login: qop "x" not known`},
		{"line end in the name", Challenge{Nonce: "n"}, "/", "u\r\nX: y", nil, "digest login: control character in the user name"},
		{"NUL in the target", Challenge{Nonce: "n"}, "/\x00", "u", nil, "digest login: control character in the target"},
		{"line end in the realm", Challenge{Nonce: "n", Realm: "a\nb"}, "/", "u", nil, "digest login: control character in the realm"},
		{"body", Challenge{Nonce: "n", QOP: []string{"auth-int"}}, "/", "u", func(io.Writer) error { return bad }, "digest login: body: gone"},
	} {
		var s State
		s.Challenge(tt.c)
		got, err := s.Authorization("GET", tt.uri, tt.user, "hidden", tt.body)
		if got != "" || err == nil || err.Error() != tt.want || s.count != 0 {
			t.Errorf("%s: got %q, %v, count %d, want %q", tt.name, got, err, s.count, tt.want)
		}
	}
}

func FuzzAuthorization(f *testing.F) {
	f.Add("Digest algorithm=SHA-256, "+mufasa, "Mufasa", "/")
	f.Add("Digest userhash=true, "+json, "Jäsøn Doe", "/doe.json?a=\"")
	f.Add(`Basic realm="x", Negotiate ab==, Digest nonce=n, realm="\"\\", qop="auth-int"`, `a"b\`, "/x")
	f.Add(`Digest nonce="n`+"\x00"+`", charset=utf-8`, "ü", "/")
	f.Add(`"" , = Digest,Digest =`, "", "")
	f.Fuzz(func(t *testing.T, field, user, uri string) {
		for _, o := range parseChallenges([]string{field}) {
			if o.Scheme == "" || strings.ContainsFunc(o.Scheme, func(r rune) bool { return r > 0x7f || !isToken(byte(r)) }) {
				t.Errorf("%q: scheme %q", field, o.Scheme)
			}
		}
		c, ok := Choose(Parse([]string{field}))
		if !ok {
			return
		}
		s := State{Rand: bytes.NewReader(make([]byte, 16))}
		s.Challenge(c)
		value, err := s.Authorization("GET", uri, user, "p", nil)
		if err != nil {
			return
		}
		if strings.ContainsFunc(value, isControl) {
			t.Fatalf("%q: control character in %q", field, value)
		}
		sent := parseChallenges([]string{value})
		if len(sent) != 1 || sent[0].Scheme != "Digest" {
			t.Fatalf("%q: %q reads as %+v", field, value, sent)
		}
		for name, want := range map[string]string{"realm": c.Realm, "nonce": c.Nonce, "opaque": c.Opaque, "uri": uri, "algorithm": c.Algorithm} {
			if got, _ := sent[0].param(name); got != want {
				t.Errorf("%q: %s reads as %q in %q, want %q", field, name, got, value, want)
			}
		}
	})
}
