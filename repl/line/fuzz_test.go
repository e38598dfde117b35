package line

import (
	"slices"
	"strings"
	"testing"
)

// FuzzQuote checks that quoted words read back as they were, wherever they stand.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{
		"a", "", "a b\x00it's", "{{\\{{{\x00\"$it\"", "'{{\\", ":=[\x00{\"a\": 1}\x00<<x\x00>", "\xff'\xfe\x00\\\n", "a\\\r\n",
		"#\x00|\x00.x\x00$x\x00--y", "name=\x00[0]=x", "\u2028\x7f'",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, all string) {
		words := strings.Split(all, "\x00")
		var b strings.Builder
		for _, w := range words {
			b.WriteString(" " + Quote(w))
		}
		for _, head := range []string{"get /x", "auth"} {
			ln, err := Parse(head+b.String(), known())
			if err != nil {
				t.Fatalf("Parse(%q): %v", head+b.String(), err)
			}
			var got []string
			for _, w := range ln.Words {
				s, ok := w.Literal()
				if !ok {
					t.Fatalf("%q has a program in it", b.String())
				}
				got = append(got, s)
			}
			if !slices.Equal(got, words) || len(ln.Stages) > 0 || ln.Out != nil || ln.Heredoc != nil {
				t.Fatalf("%q reads back as %q", words, summary(ln))
			}
		}
		// as the value of an item, as a URL and as a file
		w := Quote(words[0])
		ln, err := Parse("post a"+w+" b:="+w+" > "+w, known())
		if err != nil {
			t.Fatalf("value %q: %v", w, err)
		}
		u, _ := ln.Target.Literal()
		v, _ := ln.Words[0].Literal()
		file, _ := ln.Out.File.Literal()
		if u != "a"+words[0] || v != "b:="+words[0] || file != words[0] {
			t.Fatalf("%q reads back as %q", w, summary(ln))
		}
		if ln, err = Parse("get "+w, known()); err != nil && !strings.HasPrefix(w, "--") {
			t.Fatalf("URL %q: %v", w, err)
		}
	})
}

// FuzzParse checks that no text breaks the parser, that all offsets are right, and
// that a line parses alone as it does as the first of many.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"get /x a=b 'c d' \"e\\n\" | -r .a | save f # n", "post /x <<END > f\n{\"a\": {{.b}}}\nEND", "X: {{.a}} \\\n \" # \" b",
		"each .[] do get /x/{{.id}} every 2s", "let a = post /x a:=[1,\n2]", ".a | map(.b) \\\n| !cat", "q=='a'{{b}}\"\\u00e9\"",
		"@a jq -r .x", "get $it?x", "\r\n", "X:\\\r\n \\\n", "post {", "get /\\", "a==\\", "| ", "'", "jq \\", "get \xff\\\xff \x00", "[::", "send \\\nX /", "@0 \r\r",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ln, err := Parse(text, known())
		if e, ok := err.(*SyntaxError); ok {
			if e.Pos < 0 || e.Pos > len(text) || e.Msg == "" {
				t.Fatalf("Parse(%q): error %+v", text, e)
			}
			if e.Until != "" && !e.Incomplete {
				t.Fatalf("Parse(%q): wants %q but no more text", text, e.Until)
			}
			Caret(text, e.Pos)
		}
		checkOffsets(t, text, ln)
		first, n, nextErr := Next(text, known())
		if n < 0 || n > len(text) || n == 0 && text != "" {
			t.Fatalf("Next(%q): next line at %d", text, n)
		}
		checkOffsets(t, text, first)
		if nextErr == nil {
			checkOffsets(t, first.Text, first)
			again, err := Parse(first.Text, known())
			if err != nil || summary(again) != summary(first) {
				t.Fatalf("Parse(%q): got %s, %v; want %s as Next", first.Text, summary(again), err, summary(first))
			}
		}
		Split(text, known())
		if prog, line, pos, ok := SplitDo(text, isProgram); ok && (len(prog) > pos || !strings.HasPrefix(text[pos:], line)) {
			t.Fatalf("SplitDo(%q): %q, %q at %d", text, prog, line, pos)
		}
		CutTimes(text)
	})
}
