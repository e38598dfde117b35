package text

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK"},
		{"empty", "", ""},
		{"title", "\x1b]0;owned\a", `\x1b]0;owned\x07`},
		{"clipboard", "\x1b]52;c;aGk=\x1b\\", `\x1b]52;c;aGk=\x1b\`},
		{"link", "\x1b]8;;http://x\x1b\\y", `\x1b]8;;http://x\x1b\y`},
		{"erase", "a\x1b[2Jb", `a\x1b[2Jb`},
		{"report", "\x1b[6n", `\x1b[6n`},
		{"device control", "\x1bPq#0\x1b\\", `\x1bPq#0\x1b\`},
		{"reset", "\x1bc", `\x1bc`},
		{"bell, backspace, return, delete", "\a\b\r\x7f", `\x07\x08\r\x7f`},
		{"tab and line feed", "a\tb\nc", `a\tb\nc`},
		{"null", "\x00", `\x00`},
		{"raw C1", "\x9b31m", `\x9b31m`},
		{"C1 as UTF-8", "\u0080\u009b\u009f", `\u0080\u009b\u009f`},
		{"no-break space stays", "a\u00a0b", "a\u00a0b"},
		{"soft hyphen", "a\u00adb", `a\u00adb`},
		{"bidi", "\u202a\u202e\u2066\u2069\u200e\u200f\u061c", `\u202a\u202e\u2066\u2069\u200e\u200f\u061c`},
		{"zero width", "a\u200bb\u2060c\ufeff", `a\u200bb\u2060c\ufeff`},
		{"separators", "\u2028\u2029", `\u2028\u2029`},
		{"tags", "\U000e0041", `\U000e0041`},
		{"annotation", "\ufff9", `\ufff9`},
		{"invalid", "caf\xe9 \xff", `caf\xe9 \xff`},
		{"overlong", "\xc0\xaf", `\xc0\xaf`},
		{"surrogate", "\xed\xa0\x80", `\xed\xa0\x80`},
		{"cut rune", "\xe2\x82", `\xe2\x82`},
		{"replacement stays", "\ufffd", "\ufffd"},
		{"scripts", "größe 東京 данные ไทย", "größe 東京 данные ไทย"},
		{"combining", "e\u0301", "e\u0301"},
		{"family", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"heart on fire", "❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"},
		{"keycap", "1\ufe0f\u20e3", "1\ufe0f\u20e3"},
		{"joiner between letters", "pay\u200dpal\u200c", `pay\u200dpal\u200c`},
		{"joiners in a row", "👨\u200d\u200d👩", `👨\u200d\u200d👩`},
		{"selector hidden before a joiner", "a\ufe0f\u200d🔥", `a\ufe0f\u200d🔥`},
		{"Persian", "می\u200cخواهم", "می\u200cخواهم"},
		{"Hindi", "क्\u200dष", "क्\u200dष"},
		{"selector on a letter", "a\ufe01", `a\ufe01`},
		{"selectors as cargo", "😀\U000e0101", `😀\U000e0101`},
		{"ideograph variant", "葛\U000e0100", "葛\U000e0100"},
		{"backslash stays", `\x1b`, `\x1b`},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestCleanBlock(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a\tb\nc", "a\tb\nc"},
		{"a\r\nb\r\n", "a\nb\n"},
		{"over\rwritten", `over\rwritten`},
		{"\r", `\r`},
		{"\r\r\n", "\\r\n"},
		{"\v\f", `\x0b\x0c`},
	} {
		if got := CleanBlock(c.in); got != c.want {
			t.Errorf("CleanBlock(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCleanerMarksRuns(t *testing.T) {
	c := Cleaner{Before: []byte("<"), After: []byte(">")}
	got := string(c.Append([]byte("="), []byte("a\x1b\x9b\u202eb\ac")))
	if want := `=a<\x1b\x9b\u202e>b<\x07>c`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCleanSharesCleanText(t *testing.T) {
	s := strings.Repeat("x", 100)
	if n := testing.AllocsPerRun(10, func() { Clean(s) }); n != 0 {
		t.Errorf("clean text took %v allocations, want 0", n)
	}
}

// drawable says by the Unicode tables, not by the code under test, whether r may
// be left after cleaning; joiners and selectors are judged by their own tests.
func drawable(r rune, block bool) bool {
	switch {
	case r == '\n' || r == '\t':
		return block
	case r >= 0x0600 && r <= 0x0605, r == 0x06dd, r == 0x070f, r == 0x0890, r == 0x0891, r == 0x08e2,
		r == 0x110bd, r == 0x110cd: // format characters with a shape of their own
		return true
	case r == 0x200c || r == 0x200d:
		return true
	}
	return !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Cs, unicode.Noncharacter_Code_Point,
		unicode.Other_Default_Ignorable_Code_Point)
}

func TestCleanEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		want := drawable(r, false) && r != 0x200c && r != 0x200d && !unicode.Is(unicode.Variation_Selector, r)
		if got := Clean(string(r)) == string(r); got != want {
			t.Errorf("%U alone: drawn as it is %v, want %v", r, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"a\x1b[2J", "\u202e\u009b\x9b", "❤\ufe0f\u200d🔥", "a\ufe0f\u200d🔥", "\r\r\n", "\xed\xa0\x80", "葛\U000e0100",
		"12345678\x7f\xff", "\U0001fffe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, block := range []bool{false, true} {
			clean := Clean
			if block {
				clean = CleanBlock
			}
			got := clean(s)
			if again := clean(got); again != got {
				t.Fatalf("cleaning %q twice: %q, then %q", s, got, again)
			}
			if len(got) > 4*len(s) {
				t.Fatalf("%q grew from %d to %d bytes", s, len(s), len(got))
			}
			if !utf8.ValidString(got) {
				t.Fatalf("%q became %q, not UTF-8", s, got)
			}
			for _, r := range got {
				if !drawable(r, block) {
					t.Fatalf("%q left %U in %q", s, r, got)
				}
			}
		}
	})
}

func FuzzHold(f *testing.F) {
	f.Add("👨\u200d👩", 5)
	f.Add("a\r\nb", 2)
	f.Add("\r\n\xe0", 3)
	f.Add("1\ufe0f\u20e3", 1)
	f.Add("👨\u200d👩\u200d👧", 14)
	f.Add("❤\ufe0f\u200d🔥\u200d", 13)
	f.Add("葛\U000e0100\u200d\ufe0f\ufe0f", 6)
	f.Fuzz(func(t *testing.T, s string, at int) {
		if at < 0 || at > len(s) {
			return
		}
		first := []byte(s[:at])
		hold := Hold(first)
		if hold > holdLimit || hold > at {
			t.Fatalf("Hold(%q) = %d", first, hold)
		}
		if strings.Count(s, "\u200c")+strings.Count(s, "\u200d") > 6 {
			return // may be a chain that is longer than what is held
		}
		cut := at - hold
		got := string(AppendCleanBlock(AppendCleanBlock(nil, []byte(s[:cut])), []byte(s[cut:])))
		if want := CleanBlock(s); got != want {
			t.Fatalf("%q cut at %d: got %q, want %q", s, cut, got, want)
		}
	})
}

// TestHoldStream cuts text at every byte, again and again, as a stream is read.
func TestHoldStream(t *testing.T) {
	s := "a👨\u200d👩\u200d👧\u200d👦 1\ufe0f\u20e3 \u200d\ufe0f\ufe0f\u200d می\u200cخواهم \r\n ❤\ufe0f\u200d🔥 葛\U000e0100 \xe2\x82 é\u200d\u200d"
	want := CleanBlock(s)
	for size := 1; size < len(s); size++ {
		var got, held []byte
		for rest := []byte(s); len(rest) > 0; {
			n := min(size, len(rest))
			held = append(held, rest[:n]...)
			rest = rest[n:]
			cut := len(held) - Hold(held)
			got = AppendCleanBlock(got, held[:cut])
			held = append([]byte(nil), held[cut:]...)
		}
		if got = AppendCleanBlock(got, held); string(got) != want {
			t.Errorf("in pieces of %d: got %q, want %q", size, got, want)
		}
	}
}

func TestHoldLetsGo(t *testing.T) {
	b := []byte(strings.Repeat("👨\u200d", 1000))
	if got := Hold(b); got > holdLimit {
		t.Errorf("Hold of an endless chain is %d, want at most %d", got, holdLimit)
	}
}

func TestWidth(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int
	}{
		{"", 0}, {"abc", 3}, {"東京", 4}, {"e\u0301", 1}, {"👨\u200d👩\u200d👧", 2}, {"🇩🇪", 2}, {"❤\ufe0f", 2}, {"a東b", 4},
		{"한국어", 6}, {"ไทย", 3}, {"…", 1}, {"·", 1},
	} {
		if got := Width(c.in); got != c.want {
			t.Errorf("Width(%q) = %d, want %d", c.in, got, c.want)
		}
		sum, joined := 0, ""
		for cluster, w := range Clusters(c.in) {
			sum, joined = sum+w, joined+cluster
		}
		if sum != c.want || joined != c.in {
			t.Errorf("Clusters(%q) give %q of width %d, want width %d", c.in, joined, sum, c.want)
		}
	}
}

func TestClustersStop(t *testing.T) {
	for _, s := range []string{"abc", "東京都", "a東b"} {
		n := 0
		for range Clusters(s) {
			if n++; n == 2 {
				break
			}
		}
		if n != 2 {
			t.Errorf("Clusters(%q) yielded %d before the break, want 2", s, n)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		cols int
		want string
	}{
		{"hello", 5, "hello"}, {"hello", 4, "hel…"}, {"hello", 1, "…"}, {"hello", 0, ""}, {"hello", -1, ""}, {"", 3, ""},
		{"東京都", 6, "東京都"}, {"東京都", 5, "東京…"}, {"東京都", 4, "東…"}, {"東京都", 2, "…"},
		{"e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"}, {"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
		{"👨\u200d👩\u200d👧 x", 3, "👨\u200d👩\u200d👧…"},
	} {
		got := Cut(c.in, c.cols)
		if got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.in, c.cols, got, c.want)
		}
		if Width(got) > max(c.cols, 0) {
			t.Errorf("Cut(%q, %d) is %d wide", c.in, c.cols, Width(got))
		}
	}
}

func BenchmarkAppendClean(b *testing.B) {
	for _, c := range []struct{ name, unit string }{
		{"ASCII", "a line of plain text as bodies and headers have it, nothing to escape here at all. "},
		{"CJK", "東京特許許可局"},
		{"Mixed", "größe and café, naïve 東京 "},
		{"Hostile", "\x1b[2J\u202e"},
	} {
		in := []byte(strings.Repeat(c.unit, 1<<20/len(c.unit)))
		dst := make([]byte, 0, 4*len(in))
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				AppendClean(dst[:0], in)
			}
		})
	}
}

func BenchmarkWidth(b *testing.B) {
	s := strings.Repeat("größe and café, naïve 東京 ", 4)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Width(s)
	}
}
