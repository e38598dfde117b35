package digest

import (
	"reflect"
	"slices"
	"testing"
)

func TestParseChallenges(t *testing.T) {
	for _, tt := range []struct {
		values []string
		want   []offer
	}{
		{nil, nil},
		{[]string{""}, nil},
		{[]string{" , ,\t"}, nil},
		{[]string{"Basic"}, []offer{{Scheme: "Basic"}}},
		{[]string{`Basic realm="a, b=\"c\" \\ Digest d"`}, []offer{{"Basic", "", []param{{"realm", `a, b="c" \ Digest d`}}}}},
		{[]string{`Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple"`}, // RFC 9110, section 11.6.1
			[]offer{{"Newauth", "", []param{{"realm", "apps"}, {"type", "1"}, {"title", `Login to "apps"`}}}, {"Basic", "", []param{{"realm", "simple"}}}}},
		{[]string{"Negotiate", `Basic realm=x`}, []offer{{Scheme: "Negotiate"}, {"Basic", "", []param{{"realm", "x"}}}}},
		{[]string{"Negotiate a+/b==, NTLM abc, Basic realm = x"},
			[]offer{{Scheme: "Negotiate", Token: "a+/b=="}, {Scheme: "NTLM", Token: "abc"}, {"Basic", "", []param{{"realm", "x"}}}}},
		{[]string{"Negotiate, Digest realm=x"}, []offer{{Scheme: "Negotiate"}, {"Digest", "", []param{{"realm", "x"}}}}},
		{[]string{`Digest nonce=ab+/c==,realm="r"`}, []offer{{"Digest", "", []param{{"nonce", "ab+/c=="}, {"realm", "r"}}}}},
		{[]string{`Digest realm="r" nonce="n"`}, []offer{{"Digest", "", []param{{"realm", "r"}, {"nonce", "n"}}}}},
		{[]string{`realm="lost", Basic realm="r"`}, []offer{{"Basic", "", []param{{"realm", "r"}}}}},
		{[]string{"Basic", `realm="other field"`}, []offer{{Scheme: "Basic"}}},
		{[]string{`Digest realm="open, Basic`}, []offer{{Scheme: "Digest"}}},
		{[]string{`"Fake realm=x", Basic`}, []offer{{Scheme: "Basic"}}},
		{[]string{`Bearer error="invalid_token", error_description=""`}, []offer{{"Bearer", "", []param{{"error", "invalid_token"}, {"error_description", ""}}}}},
		{[]string{`Digest realm="\`}, []offer{{Scheme: "Digest"}}},
	} {
		if got := parseChallenges(tt.values); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q:\ngot  %+v\nwant %+v", tt.values, got, tt.want)
		}
	}
}

func TestOfferParam(t *testing.T) {
	o := offer{Params: []param{{"Realm", "a"}, {"realm", "b"}}}
	if got, ok := o.param("REALM"); got != "a" || !ok {
		t.Errorf("got %q, %v, want the first one", got, ok)
	}
	if got, ok := o.param("nonce"); got != "" || ok {
		t.Errorf("got %q, %v, want none", got, ok)
	}
}

func TestParse(t *testing.T) {
	got := Parse([]string{
		`Basic realm="b", DIGEST Realm="r \"q\"", NONCE="n", qop="auth,AUTH-INT , token", algorithm=SHA-256, opaque="o", stale=TRUE, charset=utf-8, userhash=True, domain="/a http://b/c"`,
		`Digest realm="no nonce"`,
		`Digest nonce=n2, qop=auth, stale=false, charset=latin1, userhash=1`,
	})
	want := []Challenge{
		{Realm: `r "q"`, Nonce: "n", Opaque: "o", Algorithm: "SHA-256", QOP: []string{"auth", "auth-int", "token"},
			Domain: []string{"/a", "http://b/c"}, Stale: true, Userhash: true, UTF8: true},
		{Nonce: "n2", QOP: []string{"auth"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestChooseStrongest(t *testing.T) {
	order := []string{"SHA-512-256", "sha-512", "SHA-256-sess", "SHA", "MD5"}
	for i := range order {
		var challenges []Challenge
		for _, algorithm := range slices.Backward(order[i:]) {
			challenges = append(challenges, Challenge{Algorithm: "MD4", Nonce: "x"}, Challenge{Algorithm: algorithm, Nonce: "n"})
		}
		got, ok := Choose(challenges)
		if !ok || got.Algorithm != order[i] {
			t.Errorf("%v: got %q, %v, want %q", order[i:], got.Algorithm, ok, order[i])
		}
	}
	got, ok := Choose([]Challenge{{Nonce: "first"}, {Nonce: "second", Algorithm: "MD5-sess"}})
	if !ok || got.Nonce != "first" {
		t.Errorf("two as strong: got %+v, want the first", got)
	}
}

func TestUnsupported(t *testing.T) {
	for _, tt := range []struct {
		c    Challenge
		want string
	}{
		{Challenge{Nonce: "n"}, ""},
		{Challenge{Nonce: "n", Algorithm: "md5-SESS", QOP: []string{"auth-int"}}, ""},
		{Challenge{Nonce: "n", Algorithm: "MD4"}, `algorithm "MD4"`},
		{Challenge{Nonce: "n", Algorithm: "ſHA-256"}, `algorithm "ſHA-256"`},
		{Challenge{Nonce: "n", Algorithm: "-sess"}, `algorithm "-sess"`},
		{Challenge{Nonce: "n", QOP: []string{"auth-conf", "x\x1b"}}, `qop "auth-conf,x\x1b"`},
	} {
		if got := tt.c.Unsupported(); got != tt.want {
			t.Errorf("%+v: got %s, want %s", tt.c, got, tt.want)
		}
		if _, ok := Choose([]Challenge{tt.c}); ok != (tt.want == "") {
			t.Errorf("%+v: chosen %v, want %v", tt.c, ok, tt.want == "")
		}
	}
}
