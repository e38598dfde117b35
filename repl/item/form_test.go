package item

import (
	"errors"
	"net/url"
	"testing"
)

func TestFormBody(t *testing.T) {
	read := func(string) ([]byte, error) { return []byte("from file\n"), nil }
	tests := []struct {
		words []string
		want  string
	}{
		{nil, ""},
		{[]string{"X:y", "q==1"}, ""},
		{[]string{"a=x y", "b=1&2=3", "a=é"}, "a=x+y&b=1%262%3D3&a=%C3%A9"},
		{[]string{"user[name]=x", "t[]=1", "t[]=2"}, "user%5Bname%5D=x&t%5B%5D=1&t%5B%5D=2"},
		{[]string{"a="}, "a="},
		{[]string{`s:="x\u00e9"`, "n:=1.10", "b:=true"}, "s=x%C3%A9&n=1.10&b=true"},
		{[]string{"f=@any"}, "f=from+file%0A"},
		{[]string{"a=\xff"}, "a=%FF"},
		{[]string{`a\:b=~-_.*`}, "a%3Ab=~-_.%2A"},
	}
	for _, tt := range tests {
		got, err := FormBody(parseAll(t, tt.words...), read)
		if err != nil || got != tt.want {
			t.Errorf("FormBody(%q) = %q, %v, want %q", tt.words, got, err, tt.want)
		}
		if _, err := url.ParseQuery(got); err != nil {
			t.Errorf("FormBody(%q) = %q, which does not read back: %v", tt.words, got, err)
		}
	}
}

func TestFormBodyErrors(t *testing.T) {
	for _, tt := range []struct{ word, msg, hint string }{
		{`a:={"b":1}`, "a:=: a form has no objects and arrays", "leave out --form to send JSON"},
		{"a:=[]", "a:=: a form has no objects and arrays", "leave out --form to send JSON"},
		{"a:=null", "a:=: a form has no null", "a= sends it empty"},
		{"a:=NaN", "a:=: NaN is no JSON number", "null"},
		{"a@f", "a@: an upload in a form without parts", "--multipart"},
		{"a=@f", "a=@: files are not read here", ""},
	} {
		_, err := FormBody(parseAll(t, tt.word), nil)
		var e *Error
		if !errors.As(err, &e) || e.Error() != tt.msg || e.Hint() != tt.hint {
			t.Errorf("FormBody(%q): %v, want %s, hint %q", tt.word, err, tt.msg, tt.hint)
		}
	}
}
