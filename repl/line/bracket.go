package line

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// opensJSON reports whether the bracket at i starts JSON that runs to its match:
// at the start of a word or of the value behind :=.
func (r *reader) opensJSON(i int) bool {
	if r.kind != wordItem {
		return false
	}
	if i == r.word.Pos {
		return isJSON(r.p.text[i:])
	}
	r.feed(i)
	return r.place.state == placeRaw
}

// bracket reads JSON from its opening bracket at start to the matching one. It
// knows strings and brackets; whether the rest is JSON is for others to say.
func (r *reader) bracket(start int) (int, *SyntaxError) {
	p := r.p
	var stack []int // offsets of what is open, a string as well
	for i := start; i < len(p.text); {
		n := len(stack)
		inString := n > 0 && p.text[stack[n-1]] == '"'
		if next, ok, err := r.special(i); ok {
			if i = next; err != nil {
				return i, err
			}
			continue
		}
		switch c := p.text[i]; {
		case inString && c == '\\':
			i++ // and the byte behind it, which ends nothing
		case inString && c != '"':
		case inString:
			stack = stack[:n-1]
		case c == '"' || c == '{' || c == '[':
			stack = append(stack, i)
		case c == '}' || c == ']':
			if closer(p.text[stack[n-1]]) != c {
				return i, failAt(i, "", "expected %c for the %c before it, found %c",
					closer(p.text[stack[n-1]]), p.text[stack[n-1]], c)
			}
			stack = stack[:n-1]
		}
		if i++; len(stack) == 0 {
			return i, nil
		}
		i = min(i, len(p.text))
	}
	r.cut(len(p.text))
	return start, p.openBracket(start, stack)
}

// openBracket is the error for JSON that does not end: about its innermost
// string, which hides all brackets behind it, or its first bracket.
func (p *parser) openBracket(start int, stack []int) *SyntaxError {
	at := start
	if top := stack[len(stack)-1]; p.text[top] == '"' {
		at = top
	}
	c := p.text[at]
	return p.open(at, "", "no closing %c for %c", closer(c), c)
}

// special reads what has a meaning of its own anywhere in JSON: {{program}}, \{{,
// \$, $name and a backslash at the end of a line. False: none of these is at i.
func (r *reader) special(i int) (next int, ok bool, err *SyntaxError) {
	p := r.p
	switch p.text[i] {
	case '{':
		if strings.HasPrefix(p.text[i:], openMark) {
			next, err = r.program(i)
			return next, true, err
		}
	case '$':
		next, err = r.dollar(i)
		return next, true, err
	case '\\':
		if n := p.joins(i); n > 0 {
			return r.skip(i, i+n), true, nil
		}
		if strings.HasPrefix(p.text[i:], escaped) {
			return r.skip(i, i+1) + len(openMark), true, nil
		}
		if strings.HasPrefix(p.text[i:], `\$`) {
			return r.skip(i, i+1) + 1, true, nil
		}
	}
	return i, false, nil
}

// jsonEscape reads an escape in double quotes: those of JSON (RFC 8259, section
// 7), \{{ and \$ for these characters themselves, and a line end for nothing.
func (r *reader) jsonEscape(i int) (int, *SyntaxError) {
	p := r.p
	if n := p.joins(i); n > 0 {
		return r.skip(i, i+n), nil
	}
	if i+1 == len(p.text) {
		return i + 1, nil // the quote is open, which double says
	}
	switch c := p.text[i+1]; c {
	case '"', '\\', '/', '$':
		return r.skip(i, i+1) + 1, nil
	case 'b':
		return r.escape(i, i+2, "\b"), nil
	case 'f':
		return r.escape(i, i+2, "\f"), nil
	case 'n':
		return r.escape(i, i+2, "\n"), nil
	case 'r':
		return r.escape(i, i+2, "\r"), nil
	case 't':
		return r.escape(i, i+2, "\t"), nil
	case 'u':
		return r.unicodeEscape(i)
	}
	if strings.HasPrefix(p.text[i:], escaped) {
		return r.skip(i, i+1) + len(openMark), nil
	}
	_, size := utf8.DecodeRuneInString(p.text[i+1:])
	bad := p.text[i : i+1+size]
	return i, failAt(i, `\`+bad, `%s is no escape of JSON`, bad)
}

// unicodeEscape reads \uXXXX, or two of them that make one character.
func (r *reader) unicodeEscape(i int) (int, *SyntaxError) {
	text := r.p.text
	c, ok := hex4(text[i+2:])
	if !ok {
		return i, failAt(i, `\u0041`, `\u: expected four hex digits`)
	}
	next := i + 6
	if utf16.IsSurrogate(c) {
		var low rune
		if strings.HasPrefix(text[next:], `\u`) {
			low, _ = hex4(text[next+2:])
		}
		if c = utf16.DecodeRune(c, low); c == utf8.RuneError {
			return i, failAt(i, `\ud83d\ude00`, `\u: half of a surrogate pair`)
		}
		next += 6
	}
	return r.escape(i, next, string(c)), nil
}

// hex4 reads four hex digits.
func hex4(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var v rune
	for i := range 4 {
		c := s[i]
		switch {
		case isDigit(c):
			v = v<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			v = v<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return v, true
}
