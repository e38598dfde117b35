package terminal

import (
	"strings"
	"testing"
)

func TestRecall(t *testing.T) {
	past := []string{"get /user", "post /a {\n}", "get /repos", "head /x", "get /repos"}
	tests := []struct{ name, before, keys, want string }{
		{"newest first", "|", upKey, "get /repos|"},
		{"further back", "|", upKey + upKey, "head /x|"},
		{"by what is in front of the cursor", "get|", upKey, "get /repos|"},
		{"the same text once only", "get|", upKey + upKey, "get /user|"},
		{"nothing further back", "get|", upKey + upKey + upKey, "get /user|"},
		{"back to the draft", "get|", upKey + upKey + downKey + downKey, "get|"},
		{"draft with its cursor", "|get", upKey + downKey, "|get"},
		{"nothing begins so", "zzz|", upKey, "zzz|"},
		{"down without a walk", "a|", downKey, "a|"},
		{"control-p and control-n", "|", "\x10\x10\x0e", "get /repos|"},
		{"inside a text of several lines first", "post|", upKey + upKey, "p|ost /a {\n}"},
		{"out of a text of several lines", "|", strings.Repeat(upKey, 6), "get /user|"},
		{"an edit begins a new walk", "|", upKey + "x" + upKey, "get /reposx|"},
		{"undo brings the draft", "ge|", upKey + undo, "ge|"},
		{"last word", "head |", "\x1b.", "head /repos|"},
		{"last word again and again", "|", "\x1b.\x1b.\x1b.", "/repos|"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := editing(test.before, past...)
			e.press(test.keys)
			if got := e.state(); got != test.want {
				t.Errorf("%s, %q: got %q, want %q", test.before, test.keys, got, test.want)
			}
		})
	}
}

func TestLastField(t *testing.T) {
	for s, want := range map[string]string{
		`get /a`: `/a`, `post /a name="x y"`: `name="x y"`, `one`: `one`, `a 'b c'`: `'b c'`, "a\nb": "b",
	} {
		if got := s[lastField(s):]; got != want {
			t.Errorf("last word of %q: got %q, want %q", s, got, want)
		}
	}
}

func TestSearch(t *testing.T) {
	past := []string{"get /user", "POST /Repos", "get /repos", "日本語"}
	tests := []struct{ name, before, keys, want string }{
		{"newest match", "|", "\x12user", "get /|user"},
		{"either case", "|", "\x12repos\x12", "POST /|Repos"},
		{"upper case is meant", "|", "\x12Re", "POST /|Repos"},
		{"back and forward", "|", "\x12get\x12\x13", "|get /repos"},
		{"wide text", "|", "\x12語", "日本|語"},
		{"backspace", "|", "\x12userx\x7f", "get /|user"},
		{"nothing found keeps the text", "draft|", "\x12zzz", "draft|"},
		{"control-g restores", "dra|ft", "\x12user\x07", "dra|ft"},
		{"control-g after a second search", "dra|ft", "\x12us\x12\x12\x07", "dra|ft"},
		{"escape keeps", "|", "\x12user\x1b", "get /|user"},
		{"a move keeps and moves", "|", "\x12user\x05", "get /user|"},
		{"again with the last query", "|", "\x12user\x1b\x15\x0b\x12\x12", "get /|user"},
		{"undo takes it back", "x|", "\x12user\x05" + undo, "x|"},
		{"query emptied", "x|", "\x12u\x7f", "x|"},
		{"enter accepts", "|", "\x12user\r", "get /user|"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := editing(test.before, past...)
			e.press(test.keys)
			if got := e.state(); got != test.want {
				t.Errorf("%s, %q: got %q, want %q", test.before, test.keys, got, test.want)
			}
		})
	}
	if v := editing("|", past...).press("\x12user\r"); v != submit {
		t.Errorf("Enter in a search: got verdict %d, want submit", v)
	}
}

// These keys crash or hang the library on an empty history.
func TestSearchEmptyHistory(t *testing.T) {
	for _, keys := range []string{"\x12\x07", "\x13\x03", "\x12x\x12\x13\x7f\x7f\r", "\x13\x1b", "\x12\x12\x07\x07"} {
		e := editing("ab|")
		e.press(keys)
		if e.text != "ab" {
			t.Errorf("%q changed the text to %q", keys, e.text)
		}
	}
}

func TestHistoryAdd(t *testing.T) {
	var h history
	h.set([]string{"a", "a", " ", "b\r\nc", "a", "\xff"})
	if got := strings.Join(h.entries, ","); got != "a,b\nc,a,\uFFFD" {
		t.Errorf("entries %q", got)
	}
}
