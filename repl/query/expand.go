package query

import (
	"sort"
	"strings"
)

// Expand writes the .0 shorthand out as jq has it: .0.url becomes .[0].url.
// A dot and digits, without leading zero or exponent, are an index
//
//   - right behind a complete term: .items.0, keys.0;
//   - where a term starts at the beginning or behind | ( [ { , or a colon;
//   - anywhere if another step follows directly: if .0.a then.
//
// Elsewhere, behind an operator, a semicolon or a keyword, they stay the
// number they are in jq. Strings, but not their interpolations, and comments
// are left alone. Text without the shorthand is returned as it is.
func Expand(text string) string {
	s, _ := ExpandOffsets(text)
	return s
}

// Offsets leads from places in an expanded program back to the text as typed.
// The zero Offsets is for text that did not change.
type Offsets []edit

// edit is one index: typed[from:to] was replaced by out[at:end].
type edit struct{ from, to, at, end int }

// Typed returns the place in the typed text that became the byte at pos of
// the expanded one.
func (o Offsets) Typed(pos int) int {
	i := sort.Search(len(o), func(i int) bool { return o[i].at > pos }) - 1
	if i < 0 {
		return pos
	}
	e := o[i]
	if pos >= e.end {
		return pos - e.end + e.to
	}
	return min(e.from+pos-e.at, e.to-1)
}

// ExpandOffsets is [Expand] with the way back.
func ExpandOffsets(text string) (string, Offsets) {
	if !hasDotDigit(text) {
		return text, nil
	}
	var out strings.Builder
	var edits Offsets
	done := 0
	s := scanner{text: text}
	prev := token{}
	for t := s.next(); t.kind != tokNone; t = s.next() {
		if t.kind == tokDotDigit {
			if !isIndex(text, prev, t) {
				s.exponent()
				t.kind, t.end = tokNumber, s.i
			} else {
				out.WriteString(text[done:t.start])
				e := edit{from: t.start, to: t.end, at: out.Len()}
				if !follows(text, prev, t) {
					out.WriteByte('.')
				}
				out.WriteByte('[')
				out.WriteString(text[t.start+1 : t.end])
				out.WriteByte(']')
				e.end, done = out.Len(), t.end
				edits = append(edits, e)
			}
		}
		prev = t
	}
	if len(edits) == 0 {
		return text, nil
	}
	out.WriteString(text[done:])
	return out.String(), edits
}

func hasDotDigit(text string) bool {
	for i := 0; i+1 < len(text); i++ {
		if text[i] == '.' && isDigitByte(text[i+1]) {
			return true
		}
	}
	return false
}

// isIndex reports whether the dot and digits t are an index where they stand.
func isIndex(text string, prev, t token) bool {
	if !indexDigits(text, t.start) {
		return false
	}
	if follows(text, prev, t) || startsStage(text, prev) {
		return true
	}
	return stepAt(text, t.end)
}

// indexDigits reports whether a dot at i is followed by digits that can be an
// index: no leading zero, and no exponent or letter behind them.
func indexDigits(text string, i int) bool {
	end := i + 1
	for end < len(text) && isDigitByte(text[end]) {
		end++
	}
	n := end - i - 1
	if n == 0 || n > 1 && text[i+1] == '0' {
		return false
	}
	return end == len(text) || !isNameByte(text[end])
}

// stepAt reports whether a step of a path begins at i.
func stepAt(text string, i int) bool {
	if i >= len(text) {
		return false
	}
	if text[i] == '[' {
		return true
	}
	if text[i] != '.' || i+1 >= len(text) {
		return false
	}
	c := text[i+1]
	return isNameByte(c) || c == '"' || c == '[' || indexDigits(text, i)
}

// follows reports whether t stands right behind a complete term, where jq has
// no number.
func follows(text string, prev, t token) bool {
	if prev.end != t.start {
		return false
	}
	switch prev.kind {
	case tokVariable, tokField, tokFormat, tokClose, tokDotDot, tokDotDigit:
		return true
	case tokIdent:
		return !splitsTerms(text[prev.start:prev.end])
	case tokString:
		return text[prev.end-1] == '"'
	case tokOp:
		return text[prev.start:prev.end] == "?"
	}
	return false
}

// startsStage reports whether a term behind prev is the start of something of
// its own, where a bare number would be of little use.
func startsStage(text string, prev token) bool {
	switch prev.kind {
	case tokNone, tokOpen:
		return true
	case tokOp:
		switch text[prev.start:prev.end] {
		case "|", ",", ":":
			return true
		}
	}
	return false
}

// splitsTerms tells the keywords behind which a new term starts from names and
// from the keywords that are terms or end one.
func splitsTerms(word string) bool {
	switch word {
	case "and", "as", "catch", "def", "elif", "else", "foreach", "if", "import", "include",
		"label", "module", "or", "reduce", "then", "try", "break":
		return true
	}
	return false
}
