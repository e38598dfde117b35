package line

import "strings"

const (
	openMark  = "{{"
	closeMark = "}}"
	// escaped is the hint for text that has {{ in it by chance.
	escaped = `\{{`
)

// braced reads the {{program}} at pos and gives the offset behind its }}.
//
// The program ends at the first }} with a complete program before it. That can
// only be the first one outside strings and brackets: before an earlier one
// something is open, and before a later one a bracket closes that none opened.
func (p *parser) braced(pos int) (Part, int, *SyntaxError) {
	start := pos + len(openMark)
	found := -1
	w := walk{text: p.text, stop: func(i int) bool {
		found = p.closeAt(i)
		return found >= 0
	}}
	got := w.from(start)
	switch {
	case got.bad:
		return Part{}, pos, failAt(pos, escaped, "{{: the brackets up to }} do not match")
	case found < 0:
		return Part{}, pos, p.open(pos, escaped, "no closing }} for {{")
	}
	text := strings.TrimLeft(w.blanked(start, found), " \t\r\n")
	at := found - len(text)
	text = strings.TrimRight(text, " \t\r\n")
	switch {
	case text == "":
		return Part{}, pos, failAt(pos, "{{.name}}", "{{}}: no program")
	case !ask(p.k.Program, text):
		return Part{}, pos, failAt(pos, escaped, "{{: no jq program up to }}")
	}
	return Part{Program: text, IsProgram: true, Pos: at}, found + len(closeMark), nil
}

// closeAt is the offset of the }} that stands at i, or in the rest of the line if
// a comment starts at i; -1 if there is none.
func (p *parser) closeAt(i int) int {
	switch p.text[i] {
	case '}':
		if strings.HasPrefix(p.text[i:], closeMark) {
			return i
		}
	case '#':
		if n := strings.Index(p.text[i:p.lineEnd(i)], closeMark); n >= 0 {
			return i + n
		}
	}
	return -1
}

// jq reads the jq text at pos up to the end of its line, a comment, or a byte at
// which stop, which may be nil, says true. It gives the text without the blanks
// behind it and the offset at which it stopped.
func (p *parser) jq(pos int, stop func(i int) bool) (Program, int, *SyntaxError) {
	w := walk{text: p.text}
	w.stop = func(i int) bool {
		c := p.text[i]
		return c == '#' || c == '\n' || stop != nil && stop(i)
	}
	got := w.from(pos)
	switch {
	case got.bad:
		// jq itself says best what is wrong; no further line cures it
		got.end = p.lineEnd(got.end)
	case got.open >= 0:
		return Program{}, got.end, p.openJQ(got.open)
	}
	text := strings.TrimRight(w.blanked(pos, got.end), " \t\r\n")
	return Program{Text: text, Pos: pos}, got.end, nil
}

// openJQ is the error for jq text in which the byte at pos opens something that
// does not end.
func (p *parser) openJQ(pos int) *SyntaxError {
	c := p.text[pos]
	if c == '\\' {
		return p.finalBackslash(pos)
	}
	return p.open(pos, "", "no closing %c for %c in the jq program", closer(c), c)
}

// isJQ reports whether the word at i is jq, which no jq function is.
func (p *parser) isJQ(i int) bool {
	return strings.HasPrefix(p.text[i:], "jq") && (p.blankAt(i+2) || p.text[i+2] == '|')
}

// raw takes a leading -r off: the offset behind it and its blanks, and whether
// there was one.
func (p *parser) raw(pos int) (int, bool) {
	if !strings.HasPrefix(p.text[pos:], "-r") || !p.blankAt(pos+2) {
		return pos, false
	}
	return p.blanks(pos + 2), true
}

// blankAt reports whether a word that ends at pos is a whole one.
func (p *parser) blankAt(pos int) bool {
	return p.lineEnds(pos) || p.text[pos] == ' ' || p.text[pos] == '\t' ||
		p.text[pos] == '\\' && p.joinsOrEnds(pos)
}

// query reads a line that is a jq program.
func (p *parser) query(ln *Line, pos int) (int, *SyntaxError) {
	prog, end, err := p.jq(pos, p.endsProgram)
	if err != nil {
		return end, err
	}
	if prog.Text != "" {
		ln.Program = &prog
	}
	return p.stages(ln, end)
}

// endsProgram reports whether the byte at i is a pipe after which no jq follows.
func (p *parser) endsProgram(i int) bool {
	if p.text[i] != '|' {
		return false
	}
	i = p.blanks(i + 1)
	if _, raw := p.raw(i); raw || p.isJQ(i) {
		return true // neither -r nor the word jq is a program
	}
	return strings.HasPrefix(p.text[i:], "!") || p.isSave(i)
}

// isSave reports whether the word at i is save.
func (p *parser) isSave(i int) bool {
	return strings.HasPrefix(p.text[i:], "save") && (p.blankAt(i+4) || p.text[i+4] == '|')
}
