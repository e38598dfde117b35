package item

import "testing"

func TestParse(t *testing.T) {
	tests := []struct {
		word string
		want Item
	}{
		{"Accept:text/html", Item{Kind: Header, Name: "Accept", Value: "text/html", Sep: 6}},
		{"Accept: text/html ", Item{Kind: Header, Name: "Accept", Value: "text/html", Sep: 6}},
		{"Link:<http://h/?a=b>", Item{Kind: Header, Name: "Link", Value: "<http://h/?a=b>", Sep: 4}},
		{"Accept:", Item{Kind: HeaderUnset, Name: "Accept", Sep: 6}},
		{"Accept: ", Item{Kind: HeaderUnset, Name: "Accept", Sep: 6}},
		{"Accept;", Item{Kind: HeaderEmpty, Name: "Accept", Sep: 6}},
		{"X-Note:@n.txt", Item{Kind: HeaderFile, Name: "X-Note", Value: "n.txt", Sep: 6}},
		{"q==a b", Item{Kind: Param, Name: "q", Value: "a b", Sep: 1}},
		{"q==", Item{Kind: Param, Name: "q", Sep: 1}},
		{"q===x", Item{Kind: Param, Name: "q", Value: "=x", Sep: 1}},
		{"q==@f", Item{Kind: ParamFile, Name: "q", Value: "f", Sep: 1}},
		{"[]==x", Item{Kind: Param, Name: "[]", Value: "x", Sep: 2}},
		{"name=value", Item{Kind: Field, Name: "name", Value: "value", Sep: 4}},
		{"name=", Item{Kind: Field, Name: "name", Sep: 4}},
		{"=x", Item{Kind: Field, Value: "x"}},
		{"a=b:=c==d@e", Item{Kind: Field, Name: "a", Value: "b:=c==d@e", Sep: 1}},
		{"mail=a@b.org", Item{Kind: Field, Name: "mail", Value: "a@b.org", Sep: 4}},
		{"a;b=c", Item{Kind: Field, Name: "a;b", Value: "c", Sep: 3}},
		{"a;b;", Item{Kind: HeaderEmpty, Name: "a;b", Sep: 3}},
		{"a=c;", Item{Kind: Field, Name: "a", Value: "c;", Sep: 1}},
		{"name=@f", Item{Kind: FieldFile, Name: "name", Value: "f", Sep: 4}},
		{"n:=5", Item{Kind: RawField, Name: "n", Value: "5", Sep: 1}},
		{`n:={"a": [1]}`, Item{Kind: RawField, Name: "n", Value: `{"a": [1]}`, Sep: 1}},
		{"n:=@f", Item{Kind: RawFieldFile, Name: "n", Value: "f", Sep: 1}},
		{"pic@a.png", Item{Kind: Upload, Name: "pic", Value: "a.png", Sep: 3}},
		{"pic@a.bin;type=image/png", Item{Kind: Upload, Name: "pic", Value: "a.bin", Type: "image/png", Sep: 3}},
		{"pic@a;b.bin", Item{Kind: Upload, Name: "pic", Value: "a;b.bin", Sep: 3}},
		{"@body.json", Item{Kind: BodyFile, Value: "body.json"}},
		{"@b;type=text/x", Item{Kind: BodyFile, Value: "b", Type: "text/x"}},
		{`{"a": "b=c"}`, Item{Kind: BodyText, Value: `{"a": "b=c"}`}},
		{"{}", Item{Kind: BodyText, Value: "{}"}},
		{"[]", Item{Kind: BodyText, Value: "[]"}},
		{"[1]", Item{Kind: BodyText, Value: "[1]"}},
		{`[1,"a=b"]`, Item{Kind: BodyText, Value: `[1,"a=b"]`}},
		{`["a=b"]`, Item{Kind: BodyText, Value: `["a=b"]`}},
		{"[[1]]", Item{Kind: BodyText, Value: "[[1]]"}},
		{"[1]:2", Item{Kind: BodyText, Value: "[1]:2"}},
		{"[0][1]", Item{Kind: BodyText, Value: "[0][1]"}},
		{"[]=x", Item{Kind: Field, Name: "[]", Value: "x", Sep: 2}},
		{"[]:=1", Item{Kind: RawField, Name: "[]", Value: "1", Sep: 2}},
		{"[0][a]=1", Item{Kind: Field, Name: "[0][a]", Value: "1", Sep: 6}},
		{"a[b][0]=x", Item{Kind: Field, Name: "a[b][0]", Value: "x", Sep: 7}},
		{`a\:b=c`, Item{Kind: Field, Name: "a:b", Value: "c", Sep: 4, path: `a\:b`}},
		{`a\=b\@c:x`, Item{Kind: Header, Name: "a=b@c", Value: "x", Sep: 7, path: `a\=b\@c`}},
		{`a\[b=c`, Item{Kind: Field, Name: `a\[b`, Value: "c", Sep: 4}},
		{`a\\=c`, Item{Kind: Field, Name: `a\\`, Value: "c", Sep: 3}},
		{`a=c\:d`, Item{Kind: Field, Name: "a", Value: `c\:d`, Sep: 1}},
	}
	for _, tt := range tests {
		got, ok := Parse(tt.word)
		if !ok || got != tt.want {
			t.Errorf("Parse(%q) = %+v, %v, want %+v", tt.word, got, ok, tt.want)
		}
	}
}

func TestParseNoItem(t *testing.T) {
	for _, word := range []string{
		"", "word", "text/html", "/path", ":8080/x", ":x", ":", ";", ":@f",
		"http://h/x", "https://h:1/?a=b", `a\=b`, `a\:`, "--form", "--timeout=5s", `\`,
	} {
		if got, ok := Parse(word); ok {
			t.Errorf("Parse(%q) = %+v, want no item", word, got)
		}
	}
}

// A value that a program put in makes no separator, no escape and no path.
func TestParseExpanded(t *testing.T) {
	tests := []struct {
		word  string
		spans []Span
		want  Item
	}{
		{"a:b=c", []Span{{0, 3}}, Item{Kind: Field, Name: "a:b", Value: "c", Sep: 3}},
		{"a=@etc", []Span{{2, 6}}, Item{Kind: Field, Name: "a", Value: "@etc", Sep: 1}},
		{"a==b", []Span{{2, 4}}, Item{Kind: Field, Name: "a", Value: "=b", Sep: 1}},
		{"n:=1", []Span{{2, 4}}, Item{Kind: Header, Name: "n", Value: "=1", Sep: 1}},
		{`a\=b`, []Span{{1, 2}}, Item{Kind: Field, Name: `a\`, Value: "b", Sep: 2, path: `a\\`}},
		{"u[x]y]=1", []Span{{2, 5}}, Item{Kind: Field, Name: "u[x]y]", Value: "1", Sep: 6, path: `u[x\]y]`}},
		{"X:", []Span{{2, 2}}, Item{Kind: HeaderEmpty, Name: "X", Sep: 1}},
		{"X: a ", []Span{{2, 5}}, Item{Kind: Header, Name: "X", Value: " a ", Sep: 1}},
		{"a;", []Span{{0, 1}}, Item{Kind: HeaderEmpty, Name: "a", Sep: 1}},
		{"p@a;type=x", []Span{{2, 10}}, Item{Kind: Upload, Name: "p", Value: "a;type=x", Sep: 1}},
		{`{"a":"}"}`, []Span{{6, 7}}, Item{Kind: BodyText, Value: `{"a":"}"}`}},
		{"{x}=1", []Span{{0, 3}}, Item{Kind: Field, Name: "{x}", Value: "1", Sep: 3}},
		{"[0]=x", []Span{{1, 2}}, Item{Kind: Field, Name: "[0]", Value: "x", Sep: 3}},
		{"ab=c", []Span{{0, 1}, {1, 2}, {3, 4}}, Item{Kind: Field, Name: "ab", Value: "c", Sep: 2}},
	}
	for _, tt := range tests {
		got, ok := ParseExpanded(tt.word, tt.spans)
		if !ok || got != tt.want {
			t.Errorf("ParseExpanded(%q, %v) = %+v, %v, want %+v", tt.word, tt.spans, got, ok, tt.want)
		}
	}
	for _, tt := range []struct {
		word  string
		spans []Span
	}{
		{"a=b", []Span{{0, 3}}},
		{"@file", []Span{{0, 5}}},
		{"@file", []Span{{0, 0}}},
		{"{}", []Span{{0, 2}}},
		{"a;", []Span{{1, 2}}},
	} {
		if got, ok := ParseExpanded(tt.word, tt.spans); ok {
			t.Errorf("ParseExpanded(%q, %v) = %+v, want no item", tt.word, tt.spans, got)
		}
	}
}

func TestExplain(t *testing.T) {
	unset, _ := Parse("Accept:")
	tests := []struct {
		before    Item
		word      string
		msg, hint string
	}{
		{unset, "text/html", "a blank after Accept:", "Accept:text/html"},
		{unset, "a b", "a blank after Accept:", "Accept:'a b'"},
		{Item{}, "https://h/x", "a second URL", "name=URL to send it as a field"},
		{Item{}, ":x", "no header name before the colon", "Name:x"},
		{Item{}, "@", "no file after @", "@FILE"},
		{Item{}, "--data=x", "no option --data", "--form, --multipart, --raw TEXT, --timeout 5s, --no-follow, --no-retry or --dry-run"},
		{Item{}, "word", "no item: word", "name=value for a field, name==value for a parameter, Name:value for a header"},
	}
	for _, tt := range tests {
		e := Explain(tt.before, tt.word)
		if e.Error() != tt.msg || e.Hint() != tt.hint {
			t.Errorf("Explain(%q) = %q, hint %q, want %q, hint %q", tt.word, e.Error(), e.Hint(), tt.msg, tt.hint)
		}
	}
}

// Whatever the word, an item's parts lie where its separator says.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"a=b", `a\:b:=@c`, "X;", "[0][a]==@b", "@f;type=x", `\`, "http://h"} {
		f.Add(s, uint(0), uint(1))
		f.Add(s, uint(2), uint(2))
	}
	f.Fuzz(func(t *testing.T, word string, a, b uint) {
		if n := uint(len(word)) + 1; true {
			a, b = a%n, b%n
		}
		span := Span{int(min(a, b)), int(max(a, b))}
		it, ok := ParseExpanded(word, []Span{span})
		if !ok || it.Kind == BodyText {
			return
		}
		sep := it.Kind.separator()
		empty := it.Kind == HeaderEmpty && it.Sep < len(word) && word[it.Sep] == ':'
		if empty {
			sep = ":"
		}
		end := it.Sep + len(sep)
		if it.Sep < 0 || end > len(word) || word[it.Sep:end] != sep {
			t.Fatalf("%q: separator %q is not at %d: %+v", word, sep, it.Sep, it)
		}
		if span.Start < end && span.End > it.Sep && span.Start != span.End {
			t.Fatalf("%q: the separator at %d lies in %v", word, it.Sep, span)
		}
		if it.ValueOffset() != end && !empty {
			t.Fatalf("%q: ValueOffset %d, want %d", word, it.ValueOffset(), end)
		}
	})
}
