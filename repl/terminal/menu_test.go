package terminal

import (
	"slices"
	"strings"
	"testing"
)

// completing returns an editor that completes the word at the cursor from a
// list.
func completing(before string, words ...string) *editor {
	e := editing(before, "older")
	e.complete = func(s string, pos int) Completions {
		start := strings.LastIndexByte(s[:pos], ' ') + 1
		c := Completions{Start: start, End: pos}
		for _, w := range words {
			if strings.HasPrefix(w, s[start:pos]) {
				c.Candidates = append(c.Candidates, Candidate{Text: w, Space: !strings.HasSuffix(w, "/")})
			}
		}
		return c
	}
	return e
}

func TestComplete(t *testing.T) {
	words := []string{"header", "headers", "get", "日本", "日曜", "/users/", "/user"}
	const tab, back = "\t", "\x1b[Z"
	tests := []struct{ name, before, keys, want string }{
		{"the only one, with its blank", "ge|", tab, "get |"},
		{"the only one, over a blank", "ge| x", tab, "get |x"},
		{"nothing fits", "zz|", tab, "zz|"},
		{"what all have in common", "he|", tab, "header|"},
		{"wide, in common", "|", tab, "|"},
		{"wide prefix", "日|", tab, "日|"},
		{"select the first", "he|", tab + tab, "header|"},
		{"select the next", "he|", tab + tab + tab, "headers|"},
		{"go round", "he|", tab + tab + tab + tab, "header|"},
		{"back is the last", "he|", tab + back, "headers|"},
		{"arrows", "he|", tab + downKey + downKey + upKey, "header|"},
		{"up is the last", "日|", tab + upKey, "日曜|"},
		{"pages", "|", tab + "\x1b[6~", "/user|"},
		{"enter accepts", "日|", tab + tab + "\r", "日本 |"},
		{"escape closes", "日|", tab + tab + "\x1b", "日|"},
		{"control-g closes", "日|", tab + tab + "\x07", "日|"},
		{"a move accepts", "日|", tab + tab + leftKey, "日|本"},
		{"typing narrows to one", "日|", tab + "曜" + tab, "日曜 |"},
		{"typing goes on in the menu", "/u|", tab + "s" + tab, "/users/|"},
		{"backspace widens", "he|", tab + "s\x7f" + tab, "header|"},
		{"a blank closes", "日|", tab + tab + " ", "日本 |"},
		{"undo takes the choice back", "日|", tab + tab + "\r" + undo, "日|"},
		{"mid line", "x he| y", tab + tab + tab + "\r", "x headers |y"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := completing(test.before, words...)
			e.press(test.keys)
			e.check(t)
			if got := e.state(); got != test.want {
				t.Errorf("%s, %q: got %s, want %s", test.before, test.keys, got, test.want)
			}
		})
	}
}

func TestMenuStaysAndGoes(t *testing.T) {
	tests := []struct {
		name, keys string
		want       []string // of the open menu; nil: closed
	}{
		{"opens", "\t", []string{"ab", "abc", "ax"}},
		{"narrows", "\tb", []string{"ab", "abc"}},
		{"closes when whole", "\tbc", nil},
		{"closes when nothing fits", "\tz", nil},
		{"closes after a blank", "\t\t ", nil},
		{"closes on a paste", "\t\x1b[200~q\x1b[201~", nil},
		{"survives the end of its word's start", "\t\x7f", []string{"ab", "abc", "ax"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := completing("a|", "ab", "abc", "ax")
			e.press(test.keys)
			var got []string
			if e.menu != nil {
				for _, c := range e.menu.items {
					got = append(got, c.Text)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("menu of %q: got %q, want %q", test.keys, got, test.want)
			}
		})
	}
}

func TestMenuEnterWithoutChoiceSubmits(t *testing.T) {
	e := completing("he|", "header", "headers")
	if v := e.press("\t\r"); v != submit || e.text != "header" || e.menu != nil {
		t.Errorf("got verdict %d with %s, want the line as it is", v, e.state())
	}
}

func TestCompletionRangeIsChecked(t *testing.T) {
	for _, c := range []Completions{{Start: -5, End: 99}, {Start: 99, End: -5}, {Start: 1, End: 1}, {Start: 4, End: 2}} {
		e := editing("日本|語")
		c.Candidates = []Candidate{{Text: "x"}, {Text: "xy"}}
		e.complete = func(string, int) Completions { return c }
		e.press("\t\t\t\t\r")
		e.check(t)
	}
}
