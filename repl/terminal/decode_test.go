package terminal

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// bytesSource hands out chunks; between them lies a pause longer than any wait.
type bytesSource struct{ chunks []string }

func (s *bytesSource) read(p []byte, wait time.Duration) (int, error) {
	if len(s.chunks) == 0 {
		return 0, io.EOF
	}
	if s.chunks[0] == "" { // the pause
		if s.chunks = s.chunks[1:]; wait >= 0 {
			return 0, nil
		}
		return s.read(p, wait)
	}
	n := copy(p, s.chunks[0])
	if s.chunks[0] = s.chunks[0][n:]; s.chunks[0] == "" {
		s.chunks = s.chunks[1:]
	}
	return n, nil
}

func (s *bytesSource) ready() bool { return len(s.chunks) > 0 && s.chunks[0] != "" }

// keysOf decodes chunks that arrive one after the other, the last followed by
// a pause.
func keysOf(chunks ...string) []key {
	r := &keyReader{src: &bytesSource{append(chunks, "", "")}}
	var keys []key
	for {
		k, err := r.next()
		if err != nil {
			return keys
		}
		if k.code != keyNone {
			keys = append(keys, k)
		}
	}
}

func TestDecode(t *testing.T) {
	one := func(c code) []key { return []key{{code: c}} }
	typed := func(s string) []key { return []key{{keyText, s}} }
	tests := []struct {
		name, in string
		want     []key
	}{
		{"text in one piece", "get /users", typed("get /users")},
		{"wide text", "日本 👨‍👩‍👧 é", typed("日本 👨‍👩‍👧 é")},
		{"a byte that is no UTF-8", "a\xffb", typed("a\uFFFDb")},
		{"half a rune", "\xe6\x97", typed("\uFFFD")},
		{"C1 control in UTF-8", "\u009b", nil},
		{"NUL", "\x00", nil},
		{"carriage return", "\r", one(keyEnter)},
		{"line feed", "\n", one(keyEnter)},
		{"control letters", "\x01\x05\x17", []key{{code: ctrl('a')}, {code: ctrl('e')}, {code: ctrl('w')}}},
		{"interrupt and end", "\x03\x04", []key{{code: interruptKey}, {code: endKey}}},
		{"delete and backspace", "\x7f\x08", []key{{code: keyBackspace}, {code: keyBackspace}}},
		{"tab", "\t", one(keyTab)},
		{"escape alone", "\x1b", one(keyEsc)},
		{"escape twice", "\x1b\x1b", []key{{code: keyEsc}, {code: keyEsc}}},
		{"alt letter", "\x1bf", one(alt('f'))},
		{"alt dot", "\x1b.", one(alt('.'))},
		{"alt backspace", "\x1b\x7f", one(alt(0x7f))},
		{"alt control-h", "\x1b\x08", one(alt(0x7f))},
		{"alt enter", "\x1b\r", one(keyNewline)},
		{"arrows", "\x1b[A\x1b[B\x1b[C\x1b[D", []key{{code: keyUp}, {code: keyDown}, {code: keyRight}, {code: keyLeft}}},
		{"application arrows", "\x1bOA\x1bOB\x1bOC\x1bOD", []key{{code: keyUp}, {code: keyDown}, {code: keyRight}, {code: keyLeft}}},
		{"home in every encoding", "\x1b[H\x1b[1~\x1b[7~\x1bOH\x1b[1;2H", slices.Repeat(one(keyHome), 5)},
		{"end in every encoding", "\x1b[F\x1b[4~\x1b[8~\x1bOF\x1b[1;2F", slices.Repeat(one(keyEnd), 5)},
		{"delete", "\x1b[3~\x1b[3;2~", slices.Repeat(one(keyDelete), 2)},
		{"control delete", "\x1b[3;5~\x1b[3^", slices.Repeat(one(keyKillWord), 2)},
		{"word right", "\x1b[1;5C\x1b[1;3C\x1b[5C\x1bOc\x1b\x1b[C\x1bO5C", slices.Repeat(one(keyWordRight), 6)},
		{"word left", "\x1b[1;5D\x1b[1;3D\x1b[5D\x1bOd\x1b\x1b[D\x1b\x1bOD", slices.Repeat(one(keyWordLeft), 6)},
		{"shift arrows", "\x1b[1;2C\x1b[c\x1b[d", []key{{code: keyRight}, {code: keyRight}, {code: keyLeft}}},
		{"back tab", "\x1b[Z", one(keyBackTab)},
		{"pages", "\x1b[5~\x1b[6~", []key{{code: keyPageUp}, {code: keyPageDown}}},
		{"keypad enter and digit", "\x1bOM\x1bOq", []key{{code: keyEnter}, {keyText, "1"}}},
		{"spelled out keys", "\x1b[13;2u\x1b[27;5;119~\x1b[9;2u\x1b[98;3u\x1b[97;1u",
			[]key{{code: keyNewline}, {code: ctrl('w')}, {code: keyBackTab}, {code: alt('b')}, {keyText, "a"}}},
		{"function keys", "\x1bOP\x1b[15~\x1b[[A\x1b[24;2~\x1b[P", nil},
		{"device attributes", "\x1b[?62;4c\x1b[>1;10;0c\x1b[62;4c", nil},
		{"cursor and mode reports", "\x1b[24;80R\x1b[?2026;2$y\x1b[0n\x1b[8;24;80t", nil},
		{"colour report", "\x1b]11;rgb:0000/0000/0000\x07\x1b]10;rgb:ff/ff/ff\x1b\\", nil},
		{"device control string", "\x1bP1$r0m\x1b\\", nil},
		{"other strings", "\x1b_Gi=1;OK\x1b\\\x1b^x\x1b\\\x1bXy\x1b\\", nil},
		{"mouse", "\x1b[<0;10;20M\x1b[<0;10;20m\x1b[M !!", nil},
		{"focus", "\x1b[I\x1b[O", nil},
		{"a string that never ends", "\x1b]11;rgb", nil},
		{"a sequence that never ends", "\x1b[12;", nil},
		{"alt bracket", "\x1b[", nil},
		{"sequence broken off by a key", "\x1b[1\x03", one(interruptKey)},
		{"report between letters", "a\x1b[?62;4cb", []key{{keyText, "a"}, {keyText, "b"}}},
		{"paste", "\x1b[200~get /a\r\nget /b\rx\ty\x1b[201~", []key{{keyPaste, "get /a\nget /b\nx\ty"}}},
		{"paste with controls", "\x1b[200~a\x1b]0;t\x07\x00\x03\x9bb\u202eé\x1b[201~", []key{{keyPaste, "a]0;t\uFFFDb\u202eé"}}},
		{"paste then enter", "\x1b[200~x\x1b[201~\r", []key{{keyPaste, "x"}, {code: keyEnter}}},
		{"paste without begin", "\x1b[201~", nil},
		{"burst with enter", "get /a\rget /b\r", []key{{keyText, "get /a"}, {code: keyEnter}, {keyText, "get /b"}, {code: keyEnter}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := keysOf(test.in); !slices.Equal(got, test.want) {
				t.Errorf("keys of %q\n got %v\nwant %v", test.in, got, test.want)
			}
			if len(test.want) == 0 || test.want[0].code == keyText || test.want[0].code == keyEsc {
				return
			}
			// Cut anywhere, the keys stay the same as long as no pause lies between.
			for i := 1; i < len(test.in); i++ {
				if got := join(keysOf(test.in[:i], test.in[i:])); !slices.Equal(got, join(test.want)) {
					t.Errorf("keys of %q cut at %d\n got %v\nwant %v", test.in, i, got, test.want)
				}
			}
		})
	}
}

// join puts text keys in a row together.
func join(keys []key) (joined []key) {
	for _, k := range keys {
		if n := len(joined); n > 0 && k.code == keyText && joined[n-1].code == keyText {
			joined[n-1].text += k.text
			continue
		}
		joined = append(joined, k)
	}
	return joined
}

func TestDecodeEscapeThenKeyAfterPause(t *testing.T) {
	got := keysOf("\x1b", "", "f")
	want := []key{{code: keyEsc}, {keyText, "f"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A terminal that never sends the end of a paste must not swallow the keyboard.
func TestDecodeEndlessPasteInterrupted(t *testing.T) {
	got := keysOf("\x1b[200~abc", "", "", "\x03", "", "x")
	want := []key{{code: interruptKey}, {keyText, "x"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestDecodeLargePasteInChunks(t *testing.T) {
	body := strings.Repeat("{\"a\": \"日本\"}\r\n", 8000)
	all := "\x1b[200~" + body + "\x1b[201~\r"
	var chunks []string
	for len(all) > 0 {
		n := min(len(all), 1021)
		chunks, all = append(chunks, all[:n]), all[n:]
	}
	got := keysOf(chunks...)
	if len(got) != 2 || got[0].code != keyPaste || got[0].text != strings.ReplaceAll(body, "\r", "") || got[1].code != keyEnter {
		t.Errorf("got %d keys, want the paste whole and Enter", len(got))
	}
}

func TestReaderKeepsNoDecodedBytes(t *testing.T) {
	r := &keyReader{src: &bytesSource{[]string{"hunter2\r"}}}
	for range 2 {
		if _, err := r.next(); err != nil {
			t.Fatal(err)
		}
	}
	if rest := string(r.buf[:cap(r.buf)]); strings.Contains(rest, "hunter") {
		t.Errorf("buffer still holds %q", rest)
	}
}

func TestFeedPassesOnlyGateKeys(t *testing.T) {
	f := &feed{keys: &keyReader{src: &bytesSource{[]string{"ab\x12\x13\x14\x17\x1a\t\x01\x1b[3~\x1bb\x00\r\x03\x04"}}}}
	var runes []rune
	for {
		p := make([]byte, 16)
		n, err := f.Read(p)
		if err != nil {
			break
		}
		r, size := utf8.DecodeRune(p[:n])
		if size != n {
			t.Fatalf("Read gave %q, want one rune", p[:n])
		}
		runes = append(runes, r)
	}
	want := append(slices.Repeat([]rune{keyRune}, 11), '\r', 3, 4)
	if !slices.Equal(runes, want) {
		t.Errorf("the engine is given %q, want %q", runes, want)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"abc\r", "\x1b[200~x\x1b[201~", "\x1b[1;5C", "\x1bO", "\x1b\x1b[A", "\xff\x1b]0;\x07", "\x1b[\x1b[\x1b", "\x1b[M\x1b", "\x1bO;A", "\x1b[99999999999u"} {
		f.Add([]byte(s), 3)
	}
	f.Fuzz(func(t *testing.T, in []byte, cut int) {
		var chunks []string
		for rest := string(in); rest != ""; {
			n := min(len(rest), max(cut&15, 1))
			chunks, rest = append(chunks, rest[:n]), rest[n:]
		}
		for _, k := range keysOf(chunks...) {
			if k.code != keyText && k.code != keyPaste {
				if k.text != "" {
					t.Errorf("key %d carries the text %q", k.code, k.text)
				}
				continue
			}
			bad := func(r rune) bool { return unicode.IsControl(r) && (k.code == keyText || r != '\n' && r != '\t') }
			if !utf8.ValidString(k.text) || strings.IndexFunc(k.text, bad) >= 0 {
				t.Errorf("text %q is not clean", k.text)
			}
		}
	})
}
