package secret

import (
	"bytes"
	"strings"
)

// A word is one word of a typed line, split as the grammar of lines does, but
// of any text: an open quote or bracket that is never closed is an ordinary
// character.
type word struct {
	from, to int    // its place in the line, quotes included
	text     string // without quotes and backslashes
	at       []int  // for every byte of text, and for its end, the place in the line
	quotes   []byte // for every byte of text the quote it stands in, 0 for none
}

// split splits line[from:to] into words up to the first line end outside
// quotes and brackets, and returns where that is. An unquoted "|" is a word.
func split(line string, from, to int) (words []word, end int) {
	r := wordReader{line: line[:to], pos: from}
	for {
		for r.blank() && r.line[r.pos] != '\n' {
			r.pos += max(1, r.continuation())
		}
		if r.pos >= to || r.line[r.pos] == '\n' {
			return words, r.pos
		}
		words = append(words, r.read())
	}
}

// A wordReader reads words one after the other.
type wordReader struct {
	line string
	pos  int
	word word
	text []byte
}

// blank reports whether a blank stands at pos, or what counts as one: a line
// end with a backslash before it.
func (r *wordReader) blank() bool {
	return r.pos < len(r.line) && (blank(r.line[r.pos]) || r.continuation() > 0)
}

// continuation returns the length of the backslash and line end at pos, if any.
func (r *wordReader) continuation() int {
	for _, s := range [...]string{"\\\n", "\\\r\n"} {
		if strings.HasPrefix(r.line[r.pos:], s) {
			return len(s)
		}
	}
	return 0
}

// read reads the word that starts at pos.
func (r *wordReader) read() word {
	r.word, r.text = word{from: r.pos}, nil
	for r.pos < len(r.line) && !r.blank() {
		c := r.line[r.pos]
		if c == '|' {
			if r.pos == r.word.from {
				r.take(0)
			}
			break
		}
		if !r.group(c) {
			r.take(0)
		}
	}
	r.word.to = r.pos
	r.word.text = string(r.text)
	r.word.at = append(r.word.at, r.pos)
	return r.word
}

// take adds the byte at pos to the word.
func (r *wordReader) take(quote byte) {
	r.text = append(r.text, r.line[r.pos])
	r.word.at = append(r.word.at, r.pos)
	r.word.quotes = append(r.word.quotes, quote)
	r.pos++
}

// group reads what the byte c at pos starts: an escape, a quoted text, a
// template, a bracketed text. It reports false if c starts none of these.
func (r *wordReader) group(c byte) bool {
	end, kind := r.pos, byte(0)
	switch c {
	case '\\':
		if r.pos+1 == len(r.line) {
			return false
		}
		r.pos++
		r.take(c)
		return true
	case '\'', '"':
		return r.quoted(c)
	case '{', '[':
		if end += templateLen(r.line[r.pos:]); end > r.pos {
			break
		}
		if len(r.text) == 0 || bytes.HasSuffix(r.text, []byte(":=")) {
			end, kind = bracketEnd(r.line, r.pos), c
		}
	}
	if end == r.pos {
		return false
	}
	for r.pos < end {
		r.take(kind)
	}
	return true
}

// quoted reads the quoted text at pos, which the quote c opens. It reports
// false if nothing closes it.
func (r *wordReader) quoted(c byte) bool {
	end := r.pos + 1
	for end < len(r.line) && r.line[end] != c {
		if c == '"' && r.line[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(r.line) {
		return false
	}
	for r.pos++; r.pos < end; {
		if c == '"' && r.line[r.pos] == '\\' {
			r.pos++
		}
		r.take(c)
	}
	r.pos++
	return true
}

// bracketEnd returns the place behind the bracket that closes the one at
// line[at], strings apart, or at itself if none does.
func bracketEnd(line string, at int) int {
	depth := 0
	for i := at; i < len(line); {
		switch line[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"':
			if _, next, _ := stringAt(line, i); next > i {
				i = next
				continue
			}
		}
		i++
	}
	return at
}

// hideBytes hides the bytes of w's text from i to j but the quotes between and
// around them.
func (l *liner) hideBytes(w word, i, j int) {
	bare := func(i int) bool { return w.quotes[i] != '"' && w.quotes[i] != '\'' }
	for i < j {
		from, quote := i, w.quotes[i]
		for i++; i < j && (w.quotes[i] == quote || bare(i) && bare(from)); i++ {
		}
		l.hide(span{from: w.start(l.text, from), to: w.at[i-1] + 1})
	}
}

// start returns the place in the line of byte i of the word's text, with the
// backslash that escapes it.
func (w *word) start(line string, i int) int {
	at := w.at[i]
	escaped := w.quotes[i] == '\\' || w.quotes[i] == '"' && line[at-1] == '\\' && (i == 0 || w.at[i-1] < at-1)
	if escaped {
		at--
	}
	return at
}

// inside returns the place in the line of the value that starts at byte i of
// the word's text and ends with the word, without the quotes around it.
func (w *word) inside(line string, i int) span {
	if i >= len(w.text) {
		return span{}
	}
	from := w.start(line, i)
	switch q := w.quotes[i]; q {
	case '\'', '"':
		if line[w.to-1] == q && w.to-1 >= w.at[i] {
			return span{from: from, to: w.to - 1}
		}
		if i > 0 {
			return span{from: w.at[i-1] + 1, to: w.to}
		}
		return span{from: w.from, to: w.to}
	}
	return span{from: from, to: w.to}
}
