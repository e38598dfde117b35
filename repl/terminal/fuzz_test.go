package terminal

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// keySpray returns random keys with a weight on those that do something.
func keySpray(r *rand.Rand, n int) string {
	parts := []string{
		"a", "b", " ", "/", "日本", "👨‍👩‍👧", "e\u0301", "{", "}", "\t", "\t", "\r", "\x1b\r", "\x7f", "\x1b[3~",
		upKey, downKey, leftKey, rightKey, "\x1b[5~", "\x1b[6~", "\x1b[Z", "\x1b[H", "\x1b[F", "\x1bb", "\x1bf",
		"\x1bd", "\x1b\x7f", "\x1by", "\x1b.", "\x1bt", "\x1bu", "\x1bc", "\x1b", "\x12", "\x13", "\x07", "\x14",
		"\x17", "\x15", "\x0b", "\x19", undo, "\x18\x15", "\x01", "\x05", "\x0c", "\x00", "\xff", "\xe6",
		"\x1b[200~p\nq\x1b[201~", "\x1b[?62;4c", "\x1b]11;x\x07", "\u200d", "\U0001F1E9", "\u0600",
	}
	var b strings.Builder
	for range n {
		b.WriteString(parts[r.IntN(len(parts))])
	}
	return b.String()
}

// spraying returns an editor with everything on.
func spraying() *editor {
	e := editing("|", "get /user", "get /日本", "post /a {\n \"x\": 1\n}", "x")
	e.incomplete = func(s string) bool { return strings.Count(s, "{") > strings.Count(s, "}") }
	e.complete = func(s string, pos int) Completions {
		c := Completions{Start: pos - 5, End: pos + 3} // deliberately careless
		if len(s)%3 == 0 {
			return c
		}
		for _, w := range []string{"日本", "日曜", "", s, strings.Repeat("long/", 50)}[:1+len(s)%5] {
			c.Candidates = append(c.Candidates, Candidate{Text: w, Space: len(s)%2 == 0})
		}
		return c
	}
	return e
}

// check fails the test if the editor's state does not hold together.
func (e *editor) check(t *testing.T) {
	t.Helper()
	if e.pos < 0 || e.pos > len(e.text) || !utf8.ValidString(e.text) || !utf8.ValidString(e.text[:e.pos]) {
		t.Fatalf("cursor %d in %q", e.pos, e.text)
	}
	if m := e.menu; m != nil && (m.sel < -1 || m.sel >= len(m.items) || m.start > m.end || m.end > len(m.base.text)) {
		t.Fatalf("menu %+v over %q", m, m.base.text)
	}
}

func FuzzEditor(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(keySpray(rand.New(rand.NewPCG(seed, 1)), 60))
	}
	f.Add("\u0600\x1b\x1bb") // a cluster without width behind a full row
	f.Fuzz(func(t *testing.T, in string) {
		e := spraying()
		top := 0
		for i, k := range keysOf(in) {
			if len(e.text) > 1<<12 {
				break
			}
			e.key(k)
			e.check(t)
			v := view{prompt: "\x1b[1mp\x1b[0m> ", cont: "… ", text: e.text, pos: e.pos, sel: -1}
			if e.menu != nil {
				v.items, v.sel = e.menu.items, e.menu.sel
			}
			var fr frame
			cols, rows := 1+i%23, 1+i%7
			fr, top = v.layout(cols, rows, top)
			fr.check(t, cols, rows)
		}
	})
}

// check fails the test if a frame does not fit its screen.
func (f frame) check(t *testing.T, cols, rows int) {
	t.Helper()
	if len(f.rows) < 1 || len(f.rows) > rows || f.cursor.row < 0 || f.cursor.row >= len(f.rows) || f.cursor.col < 0 || f.cursor.col >= cols {
		t.Fatalf("frame of %d rows with its cursor at %v on a screen of %d by %d", len(f.rows), f.cursor, cols, rows)
	}
	for i, r := range f.rows {
		if r.width > cols {
			t.Fatalf("row %d is %d cells wide on a screen of %d: %q", i, r.width, cols, r.text)
		}
	}
}
