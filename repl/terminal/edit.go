package terminal

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sonde/repl/text"
)

// maxText bounds the text being edited, in bytes.
const maxText = 64 << 20

// An act is what a key did, as far as the next key needs to know: kills in a
// row join, a yank can be turned, typing in a row is undone as one.
type act int

const (
	actOther act = iota
	actInsert
	actKill
	actYank
	actLastWord
)

// A verdict says what the prompt does after a key.
type verdict int

const (
	stay verdict = iota
	submit
	interrupt
	endOfInput
	clearScreen
	suspend
)

// An editor is a text being edited. It does no input or output, and text is
// only ever replaced, so what was handed out before stays as it was.
type editor struct {
	text string
	pos  int // offset of the cursor in bytes

	complete   func(text string, pos int) Completions // nil: none
	incomplete func(text string) bool                 // nil: never
	hist       *history
	kills      *killRing
	secret     bool // the text is hidden: no history, completion, search or yank

	undo      undoStack
	last      act  // of the key before
	now       act  // of this key
	prefixed  bool // Ctrl-X was typed
	goal      int  // column kept by moves up and down; -1: none
	recall    recall
	lastWord  lastWord
	yankStart int // where the last yank began

	search *search // nil: not searching
	menu   *menu   // nil: no menu
}

func newEditor(hist *history, kills *killRing) *editor {
	return &editor{hist: hist, kills: kills, goal: -1}
}

// next returns the end of the grapheme cluster that starts at i.
func next(s string, i int) int {
	if i >= len(s) {
		return len(s)
	}
	for c := range text.Clusters(s[i:]) {
		return i + len(c)
	}
	return len(s)
}

// prev returns the start of the grapheme cluster that ends at i. It looks back
// to the nearest place that surely is a boundary, at most a few KB.
func prev(s string, i int) int {
	if i <= 1 {
		return 0
	}
	const farthest = 4096
	from := i - 1
	for from > 0 && !plainPair(s, from) && i-from < farthest {
		from--
	}
	for from > 0 && !utf8.RuneStart(s[from]) {
		from--
	}
	start := from
	for c := range text.Clusters(s[from:i]) {
		start, from = from, from+len(c)
	}
	return start
}

// plainPair reports whether the bytes around i are both ASCII and no line end,
// so that a cluster begins at i.
func plainPair(s string, i int) bool {
	return s[i-1] < utf8.RuneSelf && s[i] < utf8.RuneSelf && s[i] != '\n'
}

// lineStart returns where the logical line around i begins.
func lineStart(s string, i int) int { return strings.LastIndexByte(s[:i], '\n') + 1 }

// lineEnd returns where the logical line around i ends, before its LF.
func lineEnd(s string, i int) int {
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(s)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func notSpace(r rune) bool { return !unicode.IsSpace(r) }

// wordEnd returns the end of the first word at or after i.
func wordEnd(s string, i int, in func(rune) bool) int {
	if n := strings.IndexFunc(s[i:], in); n >= 0 {
		i += n
	} else {
		return len(s)
	}
	if n := strings.IndexFunc(s[i:], func(r rune) bool { return !in(r) }); n >= 0 {
		return i + n
	}
	return len(s)
}

// wordStart returns the start of the last word that begins before i.
func wordStart(s string, i int, in func(rune) bool) int {
	last := strings.LastIndexFunc(s[:i], in)
	if last < 0 {
		return 0
	}
	before := strings.LastIndexFunc(s[:last], func(r rune) bool { return !in(r) })
	if before < 0 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(s[before:])
	return before + size
}

// set replaces text and cursor; undo brings back what was there.
func (e *editor) set(s string, pos int) {
	if s != e.text {
		e.undo.push(e.text, e.pos)
	}
	e.text, e.pos = s, pos
}

// replace puts s in the place of the bytes from start to end and the cursor
// behind it.
func (e *editor) replace(start, end int, s string) {
	if len(e.text)-(end-start)+len(s) > maxText {
		return
	}
	e.set(e.text[:start]+s+e.text[end:], start+len(s))
}

// insert puts typed text at the cursor. Letters typed in a row are undone
// word by word.
func (e *editor) insert(s string) {
	if len(e.text)+len(s) > maxText {
		return
	}
	wordBegins := e.pos > 0 && e.text[e.pos-1] == ' ' && !strings.HasPrefix(s, " ")
	if e.last != actInsert || wordBegins {
		e.undo.push(e.text, e.pos)
	}
	e.text = e.text[:e.pos] + s + e.text[e.pos:]
	e.pos += len(s)
	e.now = actInsert
}

// deleteTo removes the text between the cursor and another offset, without
// keeping it.
func (e *editor) deleteTo(other int) {
	e.replace(min(e.pos, other), max(e.pos, other), "")
}

// moveLine moves the cursor to the logical line above or below, keeping the
// column, and reports whether there is one.
func (e *editor) moveLine(down bool) bool {
	start := lineStart(e.text, e.pos)
	goal := e.goal
	if goal < 0 {
		goal = text.Width(e.text[start:e.pos])
	}
	switch end := lineEnd(e.text, e.pos); {
	case down && end == len(e.text), !down && start == 0:
		return false
	case down:
		start = end + 1
	default:
		start = lineStart(e.text, start-1)
	}
	e.pos = start
	col := 0
	for c, w := range text.Clusters(e.text[start:lineEnd(e.text, start)]) {
		if col+w > goal {
			break
		}
		col += w
		e.pos += len(c)
	}
	e.goal = goal
	return true
}

// transpose swaps the clusters around the cursor, at the end of a line the
// last two, and moves on.
func (e *editor) transpose() {
	start, end := lineStart(e.text, e.pos), lineEnd(e.text, e.pos)
	mid := e.pos
	if mid == end {
		mid = max(start, prev(e.text, mid))
	}
	if mid <= start || mid >= end {
		return
	}
	left, right := max(start, prev(e.text, mid)), next(e.text, mid)
	e.replace(left, right, e.text[mid:right]+e.text[left:mid])
}

// transposeWords swaps the word at the cursor with the one before it.
func (e *editor) transposeWords() {
	rightEnd := wordEnd(e.text, e.pos, isWord)
	right := wordStart(e.text, rightEnd, isWord)
	left := wordStart(e.text, right, isWord)
	leftEnd := wordEnd(e.text, left, isWord)
	if left >= right || leftEnd > right || strings.IndexFunc(e.text[right:rightEnd], isWord) < 0 {
		return
	}
	e.replace(left, rightEnd, e.text[right:rightEnd]+e.text[leftEnd:right]+e.text[left:leftEnd])
}

// recase rewrites the text up to the end of the next word.
func (e *editor) recase(change func(string) string) {
	end := wordEnd(e.text, e.pos, isWord)
	e.replace(e.pos, end, change(e.text[e.pos:end]))
}

// capitalize makes the first letter upper case and the rest lower case.
func capitalize(s string) string {
	i := strings.IndexFunc(s, isWord)
	if i < 0 {
		return s
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return s[:i] + strings.ToUpper(s[i:i+size]) + strings.ToLower(s[i+size:])
}
