package terminal

import (
	"strings"
	"testing"
)

// editing returns an editor whose text is s, with the cursor where the bar is.
func editing(s string, entries ...string) *editor {
	h := &history{}
	h.set(entries)
	e := newEditor(h, &killRing{})
	before, after, _ := strings.Cut(s, "|")
	e.text, e.pos = before+after, len(before)
	return e
}

// state shows text and cursor as editing reads them.
func (e *editor) state() string { return e.text[:e.pos] + "|" + e.text[e.pos:] }

// press types bytes as a terminal would send them and returns what the last
// key led to.
func (e *editor) press(bytes string) verdict {
	v := stay
	for _, k := range keysOf(bytes) {
		v = e.key(k)
	}
	return v
}

const (
	upKey    = "\x1b[A"
	downKey  = "\x1b[B"
	rightKey = "\x1b[C"
	leftKey  = "\x1b[D"
	undo     = "\x1f"
)

func TestEditKeys(t *testing.T) {
	tests := []struct{ name, before, keys, want string }{
		{"type", "a|c", "b", "ab|c"},
		{"left and right", "ab|c", "\x02\x02\x06", "a|bc"},
		{"left over a cluster", "a👨‍👩‍👧|b", leftKey, "a|👨‍👩‍👧b"},
		{"right over a combining mark", "|e\u0301x", rightKey, "e\u0301|x"},
		{"left at the start", "|a", leftKey, "|a"},
		{"backspace a flag", "x🇩🇪|", "\x7f", "x|"},
		{"backspace at the start", "|a", "\x7f", "|a"},
		{"delete", "a|bc", "\x1b[3~", "a|c"},
		{"control-d deletes", "a|bc", "\x04", "a|c"},
		{"delete at the end", "a|", "\x1b[3~\x04", "a|"},
		{"home and end of the line", "ab\ncd|e", "\x01x\x05y", "ab\nxcdey|"},
		{"start and end of the text", "ab\ncd|e", "\x1b<x\x1b>y", "xab\ncdey|"},
		{"word left", "get /users/42|", "\x1bb\x1bb", "get /|users/42"},
		{"word right", "|get /users/42", "\x1bf\x1bf", "get /users|/42"},
		{"word left wide", "日本 語|", "\x1b[1;5D", "日本 |語"},
		{"kill word back to a blank", "get /users/42|x", "\x17", "get |x"},
		{"kill word back in the first word", "get|", "\x17", "|"},
		{"kill word back over blanks", "get x  |", "\x17", "get |"},
		{"kill word back to a slash", "get /users/42|", "\x1b\x7f", "get /users/|"},
		{"kill word", "get |/users/42", "\x1bd", "get |/42"},
		{"control-delete", "|get x", "\x1b[3;5~", "| x"},
		{"kill to the end", "ab|cd\nef", "\x0b", "ab|\nef"},
		{"kill the line end", "ab|\nef", "\x0b", "ab|ef"},
		{"kill to the start", "ab\ncd|e", "\x15", "ab\n|e"},
		{"kill the line end before", "ab\n|cd", "\x15", "ab|cd"},
		{"yank", "get x|", "\x17a \x19", "get a x|"},
		{"kills in a row come back together", "a b c|", "\x17\x17\x19", "a b c|"},
		{"kills forward and back", "a b|c d", "\x0b\x17\x19", "a bc d|"},
		{"kills apart are apart", "a b|", "\x17\x01\x0b\x19", "a |"},
		{"yank pop", "a b|", "\x17\x01\x0b\x19\x1by", "b|"},
		{"yank pop goes round", "a b|", "\x17\x01\x0b\x19\x1by\x1by", "a |"},
		{"yank pop without yank", "a|", "\x1by", "a|"},
		{"yank from an empty ring", "a|", "\x19", "a|"},
		{"transpose at the end", "ab|", "\x14", "ba|"},
		{"transpose in the middle", "ab|cd", "\x14", "acb|d"},
		{"transpose one character", "a|", "\x14x", "ax|"},
		{"transpose nothing", "|", "\x14", "|"},
		{"transpose at the start", "|ab", "\x14", "|ab"},
		{"transpose after a line end", "a\nb|", "\x14", "a\nb|"},
		{"transpose clusters", "日👨‍👩‍👧|", "\x14", "👨‍👩‍👧日|"},
		{"transpose words", "one two|", "\x1bt", "two one|"},
		{"transpose words in one", "one|", "\x1bt", "one|"},
		{"upper case", "|get x", "\x1bu", "GET| x"},
		{"lower case", "|GET x", "\x1bl", "get| x"},
		{"capitalize", "a| éCOLE", "\x1bc", "a École|"},
		{"undo typing by words", "|", "get /user", "get /user|"},
		{"undo one word", "|", "get /user" + undo, "|"},
		{"undo all", "|", "a" + undo + undo + undo, "|"},
		{"undo a kill", "a b|", "\x17" + undo, "a b|"},
		{"undo by control-x control-u", "a b|", "\x17\x18\x15", "a b|"},
		{"control-x and another key", "a|", "\x18b", "a|"},
		{"alt-enter", "a|b", "\x1b\r", "a\n|b"},
		{"paste is one change", "|", "\x1b[200~a\nb c\x1b[201~x" + undo, "a\nb c|"},
		{"up and down inside the text", "abc\nd\nefg|", upKey + upKey, "abc|\nd\nefg"},
		{"the column is kept over a short line", "abcd\ne\nfghi|", upKey + upKey + downKey + downKey, "abcd\ne\nfghi|"},
		{"up by columns", "日本語\nabc|", upKey, "日|本語\nabc"},
		{"tab without completion", "a|", "\t", "a|"},
		{"keys without a meaning", "a|", "\x1bq\x1b[20~\x0f\x16\x1c\x00", "a|"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := editing(test.before)
			e.press(test.keys)
			if got := e.state(); got != test.want {
				t.Errorf("%s, %q: got %s, want %s", test.before, test.keys, got, test.want)
			}
		})
	}
}

func TestUndoTypingStopsAtWords(t *testing.T) {
	e := editing("|")
	for _, c := range "get /user x" {
		e.press(string(c))
	}
	var got []string
	for range 4 {
		e.press(undo)
		got = append(got, e.state())
	}
	if want := "get /user |,get |,|,|"; strings.Join(got, ",") != want {
		t.Errorf("undo step by step: got %s, want %s", strings.Join(got, ","), want)
	}
}

func TestVerdicts(t *testing.T) {
	open := func(s string) bool { return strings.Count(s, "{") > strings.Count(s, "}") }
	tests := []struct {
		name, before, keys string
		want               verdict
		after              string
	}{
		{"enter", "a|b", "\r", submit, "a|b"},
		{"enter on nothing", "|", "\r", submit, "|"},
		{"enter on text that goes on", "{|", "\r", stay, "{\n|"},
		{"enter on text that is whole", "{\n}|", "\r", submit, "{\n}|"},
		{"interrupt", "ab|", "\x03", interrupt, "ab|"},
		{"end on nothing", "|", "\x04", endOfInput, "|"},
		{"end key on text", "|a", "\x04", stay, "|"},
		{"delete key on nothing is not the end", "|", "\x1b[3~", stay, "|"},
		{"clear", "a|", "\x0c", clearScreen, "a|"},
		{"suspend", "a|", "\x1a", suspend, "a|"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := editing(test.before)
			e.incomplete = open
			if got := e.press(test.keys); got != test.want || e.state() != test.after {
				t.Errorf("got %d with %s, want %d with %s", got, e.state(), test.want, test.after)
			}
		})
	}
}

func TestSecretKeepsToItself(t *testing.T) {
	kills := &killRing{list: []string{"cut before"}}
	e := newEditor(&history{entries: []string{"old"}}, kills)
	e.secret = true
	e.complete = func(string, int) Completions {
		t.Error("completion was asked about a secret")
		return Completions{}
	}
	e.press("hunter2" + upKey + "\x12\x13\t\x19\x1by\x1b.\x1b\r" + "\x15\x1b[200~\nhunter3\n\x1b[201~\x17" + "\x1b[200~hunter4\r\n\x1b[201~")
	if e.text != "hunter4" {
		t.Errorf("secret is %q, want hunter4", e.text)
	}
	if len(kills.list) != 1 || e.search != nil || e.menu != nil {
		t.Errorf("secret left something behind: %q", kills.list)
	}
}

func TestUndoBounded(t *testing.T) {
	var u undoStack
	big := strings.Repeat("x", maxUndoBytes/4)
	for range 3 * maxUndo {
		u.push("a", 0)
	}
	for range 10 {
		u.push(big, 0)
	}
	if len(u.list) > maxUndo || u.size > maxUndoBytes {
		t.Errorf("holds %d texts of %d bytes", len(u.list), u.size)
	}
}
