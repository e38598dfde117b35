package line

import "strings"

// header reads the value of Name:value, which is the rest of the line.
//
// Quotes are a part of it, since headers such as ETags have them; all they do is
// to keep a # between them from starting a comment.
func (p *parser) header(ln *Line, pos int) (int, *SyntaxError) {
	pos = p.blanks(pos)
	r := reader{p: p, kind: wordPlain, run: pos, fed: pos}
	r.place.state = placePlain
	ln.Rest = &Template{Pos: pos, End: pos}
	var err *SyntaxError
	i := pos
	for !p.lineEnds(i) {
		switch c := p.text[i]; {
		case c == '#' && p.afterBlank(i):
			ln.Rest.Parts, ln.Rest.End = r.trimmed(i, pos)
			return p.lineEnd(i), nil
		case c == '\\':
			i, err = r.headerBackslash(i)
		case strings.HasPrefix(p.text[i:], openMark):
			i, err = r.program(i)
		case (c == '\'' || c == '"') && p.afterMark(i):
			i = p.pastQuote(i)
		default:
			i++
		}
		if err != nil {
			return i, err
		}
	}
	ln.Rest.Parts, ln.Rest.End = r.trimmed(i, pos)
	return p.lineEnd(i), nil
}

// headerBackslash reads a backslash in a header value, where only \{{ and a line
// end behind it mean anything.
func (r *reader) headerBackslash(i int) (int, *SyntaxError) {
	switch p := r.p; {
	case p.joins(i) > 0:
		return r.skip(i, i+p.joins(i)), nil
	case p.lineEnds(i + 1):
		return i, p.finalBackslash(i)
	case strings.HasPrefix(p.text[i:], escaped):
		return r.skip(i, i+1) + len(openMark), nil
	}
	return i + 1, nil
}

// trimmed is what was read up to i without the blanks behind it, and its end.
func (r *reader) trimmed(i, start int) ([]Part, int) {
	end := i
	for end > r.run && strings.IndexByte(" \t\r", r.p.text[end-1]) >= 0 {
		end--
	}
	r.cut(end)
	parts := r.word.Parts
	for end == r.run && len(parts) > 0 { // a joined line may be all blanks
		last := &parts[len(parts)-1]
		if last.IsProgram {
			break
		}
		last.Text = strings.TrimRight(last.Text, " \t")
		if end = last.Pos + len(last.Text); last.Text != "" {
			break
		}
		parts = parts[:len(parts)-1]
		r.run = end
	}
	return parts, max(end, start)
}

// afterBlank reports whether a blank stands before i.
func (p *parser) afterBlank(i int) bool {
	c := p.text[i-1]
	return c == ' ' || c == '\t' || c == '\n'
}

// afterMark reports whether a quote at i can open something: behind a letter or
// digit it is an apostrophe.
func (p *parser) afterMark(i int) bool {
	c := p.text[i-1]
	return !isLetter(c) && !isDigit(c) && c < 0x80
}

// pastQuote is the offset behind a quoted text without programs that ends on its
// line, or behind the quote at i alone.
func (p *parser) pastQuote(i int) int {
	n := strings.IndexAny(p.text[i+1:], p.text[i:i+1]+"\n\\{")
	if n < 0 || p.text[i+1+n] != p.text[i] {
		return i + 1
	}
	return i + n + 2
}

// param reads the value of name==value, which is one word.
func (p *parser) param(ln *Line, pos int) (int, *SyntaxError) {
	w, end, err := p.word(pos, wordPlain)
	ln.Rest = &Template{Pos: w.Pos, End: w.End, Parts: w.Parts}
	if err != nil {
		return end, err
	}
	at := p.blanks(end)
	if !p.lineEnds(at) && p.text[at] != '#' && p.text[at] != '\\' {
		value := strings.TrimRight(p.text[pos:p.lineEnd(at)], " \t\r")
		return at, failAt(at, ln.Name+"=="+clip(Quote(value)), "%s==: text after the value, which is one word", ln.Name)
	}
	return p.nothingMore(at, "the value", "")
}
