package terminal

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sonde/repl/text"
)

// A stage shows views on a model terminal as a Terminal would.
type stage struct {
	vt     *vt
	screen screen
}

func newStage(t *testing.T, cols, rows int) *stage { return &stage{vt: newVT(t, cols, rows)} }

// show draws a view, after the model was given its first bytes.
func (s *stage) show(v view) {
	var b []byte
	if len(s.screen.drawn.rows) == 0 {
		b = begin(s.vt.cols, leadUnknown)
	} else if s.screen.drawn.cols != s.vt.cols {
		b = s.screen.erase(nil, s.vt.cols)
	}
	var f frame
	f, s.screen.top = v.layout(s.vt.cols, s.vt.rows, s.screen.top)
	s.vt.write(s.screen.paint(b, f))
}

func (s *stage) expect(t *testing.T, screen string, row, col int) {
	t.Helper()
	if got := s.vt.screen(); got != screen {
		t.Errorf("screen\n%s\nwant\n%s", boxed(got), boxed(screen))
	}
	if s.vt.row != row || s.vt.col != col {
		t.Errorf("cursor at row %d column %d, want row %d column %d", s.vt.row, s.vt.col, row, col)
	}
	if !s.vt.autowrap || s.vt.hidden || !s.vt.paste {
		t.Errorf("after a frame: autowrap %v, cursor hidden %v, bracketed paste %v", s.vt.autowrap, s.vt.hidden, s.vt.paste)
	}
}

func boxed(s string) string { return "  |" + strings.ReplaceAll(s, "\n", "\n  |") }

// typing is a view of a text whose cursor is where the bar is.
func typing(prompt, s string) view {
	before, after, _ := strings.Cut(s, "|")
	return view{prompt: prompt, cont: "… ", text: before + after, pos: len(before), sel: -1}
}

func TestRender(t *testing.T) {
	list := func(n int, description string) (items []Candidate) {
		for i := range n {
			items = append(items, Candidate{Text: fmt.Sprintf("item%d", i), Description: description})
		}
		return items
	}
	with := func(v view, items []Candidate, sel int) view {
		v.items, v.sel = items, sel
		return v
	}
	note := typing("> ", "get|")
	note.note = "search: g\x1b]0;x\a"
	tests := []struct {
		name       string
		cols, rows int
		view       view
		screen     string
		row, col   int
	}{
		{"empty", 20, 5, typing("> ", "|"), ">", 0, 2},
		{"coloured prompt", 20, 5, typing("\x1b[1;36mjdoe\x1b[0m> ", "get|"), "jdoe> get", 0, 9},
		{"cursor inside", 20, 5, typing("> ", "g|et"), "> get", 0, 3},
		{"fills the row", 6, 5, typing("> ", "abcd|"), "> abcd", 1, 0},
		{"wraps", 6, 5, typing("> ", "abcdef|g"), "> abcd\nefg", 1, 2},
		{"wide does not split", 6, 5, typing("> ", "abc日本|"), "> abc\n日本", 1, 4},
		{"lines", 20, 5, typing("> ", "a {\n b\n}|"), "> a {\n…  b\n… }", 2, 3},
		{"cursor at a line end", 20, 5, typing("> ", "ab|\nc"), "> ab\n… c", 0, 4},
		{"line as wide as the screen", 6, 5, typing("> ", "abcd\ne|"), "> abcd\n… e", 1, 3},
		{"prompt of two rows", 20, 5, typing("top\n> ", "a|"), "top\n> a", 1, 3},
		{"prompt wider than the screen", 4, 5, typing("\x1b[1mabcdef> ", "g|"), "abcd\nef>\ng", 2, 1},
		{"hostile prompt", 30, 5, typing("a\x1b]0;x\a\x1b[2J> ", "|"), `a\x1b]0;x\x07\x1b[2J>`, 0, 22},
		{"hostile text", 40, 5, typing("> ", "a\x1b[2J\u202eb\u009bc|"), `> a\x1b[2J\u202eb\u009bc`, 0, 24},
		{"tab", 20, 5, typing("> ", "a\tb|"), "> a    b", 0, 8},
		{"taller than the screen", 20, 3, typing("> ", "a\nb\nc\nd\ne|"), "… c\n… d\n… e", 2, 3},
		{"one column", 1, 4, typing(">", "ab日|"), "a\nb\n?", 3, 0},
		{"one row", 20, 1, with(typing("> ", "a\nb|"), list(3, ""), 1), "… b", 0, 3},
		{"menu", 40, 8, with(typing("> ", "i|"), list(3, "what it is"), -1),
			"> i\n item0  what it is\n item1  what it is\n item2  what it is", 0, 3},
		{"menu that is longer", 40, 6, with(typing("> ", "i|"), list(500, ""), 7),
			"> i\n item4\n item5\n item6\n item7\n 8/500", 0, 3},
		{"menu with nothing selected", 40, 4, with(typing("> ", "i|"), list(9, ""), -1), "> i\n item0\n item1\n 9", 0, 3},
		{"menu below text that is tall", 20, 4, with(typing("> ", "a\nb\nc\nd|"), list(9, ""), 0), "… c\n… d\n item0\n 1/9", 1, 3},
		{"menu cut to the width", 12, 8, with(typing("> ", "|"), []Candidate{{Text: "/a/long/path/indeed", Description: "d"}, {Text: "日本日本日本日本", Description: "\x1b[2Jx"}}, 0),
			">\n /a/long…  d\n 日本日…   …", 0, 2},
		{"candidate with control characters", 30, 8, with(typing("> ", "|"), []Candidate{{Text: "a\x1b[2J", Description: "\x1b]0;x"}, {Text: "b", Show: "c\nd"}}, 0),
			">\n a\\x1b[2J  \\x1b]0;x\n c\\nd", 0, 2},
		{"search", 30, 5, note, "> get\nsearch: g\\x1b]0;x\\x07", 0, 5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, test.cols, test.rows)
			s.show(test.view)
			s.expect(t, test.screen, test.row, test.col)
			// The same view again, drawn over what another left.
			s.show(with(typing("> ", "x\ny\nz|"), list(20, "long"), 3))
			s.show(test.view)
			f, _ := test.view.layout(test.cols, test.rows, 0)
			f.check(t, test.cols, test.rows)
			if len(s.vt.history) == 0 {
				s.expect(t, test.screen, test.row, test.col)
			}
		})
	}
}

// wideTexts are twenty texts whose clusters have the widths given. // T9
func wideTexts() []struct {
	s      string
	widths []int
} {
	return []struct {
		s      string
		widths []int
	}{
		{"日本語", []int{2, 2, 2}},
		{"한국어", []int{2, 2, 2}},
		{"a日b本", []int{1, 2, 1, 2}},
		{"👍", []int{2}},
		{"👍🏽x", []int{2, 1}},
		{"👨‍👩‍👧", []int{2}},
		{"👩‍💻👩🏾‍🚀", []int{2, 2}},
		{"🇩🇪🇯🇵", []int{2, 2}},
		{"e\u0301a", []int{1, 1}},
		{"n\u0303o\u0308\u0301", []int{1, 1}},
		{"❤️", []int{2}},
		{"⚠️x", []int{2, 1}},
		{"☃", []int{1}},
		{"ﬁ", []int{1}},
		{"Ｆｕｌｌ", []int{2, 2, 2, 2}},
		{"ｶﾅ", []int{1, 1}},
		{"ñandú", []int{1, 1, 1, 1, 1}},
		{"สวัสดี", []int{1, 1, 1, 1}},
		{"नमस्ते", nil},
		{"1️⃣ ok", []int{2, 1, 1, 1}},
	}
}

func TestCursorOnWideText(t *testing.T) {
	for _, test := range wideTexts() {
		for _, cols := range []int{10, 20, 80} {
			e := editing(test.s + "|")
			if test.widths == nil { // scripts whose cells terminals disagree about: only that both ends agree
				if text.Width(test.s) < 3 {
					t.Errorf("%q is %d cells wide", test.s, text.Width(test.s))
				}
				continue
			}
			s := newStage(t, cols, 5)
			for n := len(test.widths); n >= 0; n-- {
				s.show(view{prompt: "> ", text: e.text, pos: e.pos, sel: -1})
				row, col := 0, 2
				for _, w := range append(test.widths[:n:n], 1) { // the cursor, too, needs a cell
					if col+w > cols {
						row, col = row+1, 0
					}
					col += w
				}
				col--
				if s.vt.row != row || s.vt.col != col {
					t.Errorf("%q at %d columns, %d clusters in: cursor %d,%d, want %d,%d", test.s, cols, n, s.vt.row, s.vt.col, row, col)
				}
				e.press(leftKey)
			}
			if e.pos != 0 {
				t.Errorf("%q: %d Lefts end at byte %d, want 0", test.s, len(test.widths)+1, e.pos)
			}
		}
	}
}

// Whatever is typed, drawing the change must look like drawing it all.
func TestRenderChangesEqualWhole(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 7))
		cols, rows := 10+r.IntN(60), 3+r.IntN(20)
		s := newStage(t, cols, rows)
		e := spraying()
		for _, k := range keysOf(keySpray(r, 120)) {
			if e.key(k) != stay || len(e.text) > 2000 {
				e = spraying()
			}
			v := view{prompt: "\x1b[36mapi\x1b[0m> ", cont: "… ", text: e.text, pos: e.pos, sel: -1,
				spans: checkSpans([]Span{{0, 2, "1"}, {3, 9, "32"}}, len(e.text))}
			if e.menu != nil {
				v.items, v.sel = e.menu.items, e.menu.sel
			}
			if e.search != nil {
				v.note = e.search.note()
			}
			s.show(v)
			whole := newVT(t, cols, rows)
			f, _ := v.layout(cols, rows, s.screen.top)
			whole.write((&screen{}).paint(nil, f))
			if !strings.HasSuffix(s.vt.screen(), whole.screen()) || s.vt.line(s.vt.row) != whole.line(whole.row) || s.vt.col != whole.col {
				t.Fatalf("seed %d, %d by %d, text %q\ngot\n%s\nwant\n%s", seed, cols, rows, e.text, boxed(s.vt.screen()), boxed(whole.screen()))
			}
		}
	}
}

func TestResize(t *testing.T) {
	long := "get /aaaa bbbb cccc dddd eeee ffff gggg hhhh 日本語 iiii jjjj|"
	for _, widths := range [][]int{{30, 80, 45, 20, 70}, {79, 78, 77, 40, 39, 10, 80}, {2, 80}, {200, 80, 10, 11, 12}, {9, 8, 7, 80}} {
		s := newStage(t, 80, 40)
		s.vt.write([]byte("before\r\n"))
		v := typing("\x1b[1mapi\x1b[0m> ", long)
		s.show(v)
		for _, cols := range widths {
			s.vt.resize(cols)
			s.show(v)
			want := newStage(t, cols, 40)
			want.vt.write([]byte("before\r\n"))
			want.show(v)
			got, expected := s.vt.screen(), want.vt.screen()
			if cols >= len("before") && got != expected || s.vt.col != want.vt.col {
				t.Errorf("widths %v at %d: got\n%s\nwant\n%s", widths, cols, boxed(got), boxed(expected))
			}
		}
	}
}

func TestBeginKeepsOutputWithoutLineEnd(t *testing.T) {
	for _, test := range []struct {
		before string
		lead   lead
		want   string
	}{
		{"", leadUnknown, "> a"},
		{"done\r\n", leadUnknown, "done\n> a"},
		{"part", leadUnknown, "part%\n> a"},
		{strings.Repeat("x", 20), leadUnknown, strings.Repeat("x", 20) + "\n> a"},
		{"typed ahe", leadTyped, "> a"},
		{"done\r\n", leadClean, "done\n> a"},
	} {
		v := newVT(t, 20, 5)
		v.write([]byte(test.before))
		v.write(begin(20, test.lead))
		view := typing("> ", "a|")
		f, _ := view.layout(20, 5, 0)
		v.write((&screen{}).paint(nil, f))
		if got := v.screen(); got != test.want {
			t.Errorf("after %q: got\n%s\nwant\n%s", test.before, boxed(got), boxed(test.want))
		}
	}
}

func TestLeave(t *testing.T) {
	for _, test := range []struct{ text, tail, want string }{
		{"a|b", "", "> ab\n$"},
		{"a|b\ncd", "^C", "> ab\n… cd^C\n$"},
		{"a|bcdefg", "^C", "> abcdefg\n$"},
		{"|abcdefgh", "^C", "> abcdefgh\n$"},
	} {
		s := newStage(t, 10, 5)
		s.show(typing("> ", test.text))
		s.vt.write(s.screen.leave(nil, test.tail))
		s.vt.write([]byte("$"))
		if got := s.vt.screen(); got != test.want {
			t.Errorf("%q left: got\n%s\nwant\n%s", test.text, boxed(got), boxed(test.want))
		}
		if s.vt.paste {
			t.Error("bracketed paste is left on")
		}
	}
}

// A key in a text of any size costs no more than a screen.
func TestFrameBounded(t *testing.T) {
	big := strings.Repeat("abcdefghi\n", 20_000)
	v := view{prompt: "> ", cont: "… ", text: big, pos: len(big) / 2, sel: -1}
	var s screen
	f, top := v.layout(80, 24, 0)
	s.paint(nil, f)
	v.text, v.pos = v.text[:v.pos]+"x"+v.text[v.pos:], v.pos+1
	f, _ = v.layout(80, 24, top)
	if n := len(s.paint(nil, f)); n > 300 {
		t.Errorf("one key in a text of %d bytes wrote %d bytes", len(big), n)
	}
}

func TestCheckSpans(t *testing.T) {
	got := checkSpans([]Span{{0, 2, "1"}, {1, 3, "1"}, {3, 3, "1"}, {4, 5, "1m\x1b[2J"}, {5, 6, ""}, {8, 99, "1"}, {-1, 2, "1"}}, 10)
	if fmt.Sprint(got) != fmt.Sprint([]Span{{0, 2, "1"}, {5, 6, ""}}) {
		t.Errorf("got %v", got)
	}
}

func BenchmarkLayout100K(b *testing.B) {
	v := view{prompt: "> ", text: strings.Repeat(`{"a":1,"b":"xyz"},`, 5700), sel: -1}
	v.pos = len(v.text)
	for b.Loop() {
		v.layout(80, 24, 1<<20)
	}
}
