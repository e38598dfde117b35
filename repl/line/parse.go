package line

import "strings"

// Parse takes one line apart. The text may go on over several physical lines
// where the language says so; a second line after the end of the first is an
// error. The error is a *SyntaxError, and the Line then holds what was read
// before it, an unfinished last word included.
func Parse(text string, k Knows) (Line, error) {
	ln, end, err := parse(text, k)
	ln.Text = text
	if err != nil {
		return ln, err
	}
	rest := strings.TrimLeft(text[end:], " \t\r\n")
	if rest != "" {
		return ln, failAt(len(text)-len(rest), "", "a second line: one is run at a time")
	}
	return ln, nil
}

// Next takes the first line of a text of many apart, heredoc and all, and gives
// the offset at which the next one starts. After an error it is that of the
// physical line after the one with the mistake, the length of text if the text
// breaks off inside a line.
func Next(text string, k Knows) (ln Line, next int, err error) {
	ln, end, serr := parse(text, k)
	p := parser{text: text, k: k}
	switch {
	case serr == nil:
	case serr.Incomplete:
		end = len(text)
	case serr.Unknown != "":
		end = p.skipLine(ln.Pos)
	default:
		end = p.lineEnd(serr.Pos)
	}
	ln.Text = text[:end]
	if end < len(text) {
		end++
	}
	return ln, end, serr.asError()
}

// Split takes a text of arguments apart into its words, up to an unquoted pipe,
// a comment or the end of the line. The error is a *SyntaxError; the words read
// before it are given too, an unfinished last one included.
func Split(text string, k Knows) ([]Word, error) {
	p := parser{text: text, k: k}
	if i := strings.IndexByte(text, 0); i >= 0 {
		return nil, nulAt(i)
	}
	var words []Word
	for pos := p.blanks(0); !p.lineEnds(pos) && text[pos] != '#' && text[pos] != '|'; {
		w, end, err := p.word(pos, wordItem)
		words = append(words, w)
		if err != nil {
			return words, err
		}
		pos = p.blanks(end)
	}
	return words, nil
}

// A parser reads one line of a text. It never changes; what is read goes into
// the Line.
type parser struct {
	text    string
	k       Knows
	closed  bool // more text cannot follow: an end of text is no reason to ask for more
	request bool // words are those of a request
	depth   int  // of lines in lines
}

func parse(text string, k Knows) (Line, int, *SyntaxError) {
	p := parser{text: text, k: k}
	var ln Line
	end, err := p.line(&ln, 0)
	limit := end
	if err != nil {
		limit = p.lineEnd(err.Pos)
		if err.Incomplete { // which more text would not cure
			limit = len(text)
		}
	}
	if i := strings.IndexByte(text[:limit], 0); i >= 0 {
		return ln, end, nulAt(i)
	}
	return ln, end, err
}

func nulAt(i int) *SyntaxError { return failAt(i, "", "NUL byte in the line") }

// line reads the line that starts at pos into ln and gives the offset of its end:
// of the line feed behind it or of the end of the text.
func (p *parser) line(ln *Line, pos int) (int, *SyntaxError) {
	pos, err := p.decide(ln, p.blanks(pos))
	if err != nil {
		return pos, err
	}
	switch ln.Kind {
	case Query:
		return p.query(ln, pos)
	case Request:
		return p.requestLine(ln, pos)
	case Header:
		return p.header(ln, pos)
	case Param:
		return p.param(ln, pos)
	case Shell:
		return p.shellLine(ln, pos)
	case Identity:
		return p.identity(ln, pos)
	case Command:
		if TakesRest(ln.Name) {
			return p.rest(ln, pos)
		}
		return p.arguments(ln, pos)
	}
	return p.lineEnd(pos), nil // Empty, Comment
}

// inner finds the end of a line within a line. Its mistakes are left to the
// parse that runs it; only that it breaks off matters here.
func (p *parser) inner(pos int) (int, *SyntaxError) {
	// Nobody nests this deep by hand; it bounds time and stack.
	const deepest = 20
	if p.depth >= deepest {
		return p.lineEnd(pos), nil
	}
	q := *p
	q.depth++
	var ln Line
	end, err := q.line(&ln, pos)
	if err != nil && !err.Incomplete {
		return p.lineEnd(max(pos, err.Pos)), nil
	}
	return end, err
}

// skipLine is the end of a line that starts with an unknown word: with its
// heredoc if it has one.
func (p *parser) skipLine(pos int) int {
	q := *p
	q.request = true
	q.k.Bound = nil
	var ln Line
	end, err := q.arguments(&ln, pos)
	if err != nil {
		return p.lineEnd(pos)
	}
	return end
}

// blanks is the offset of the first byte from pos on that is no blank. A
// backslash before a line end joins the lines and counts as nothing.
func (p *parser) blanks(pos int) int {
	for pos < len(p.text) {
		switch c := p.text[pos]; {
		case c == ' ' || c == '\t':
			pos++
		case c == '\\' && p.joins(pos) > 0:
			pos += p.joins(pos)
		default:
			return pos
		}
	}
	return pos
}

// lineEnds reports whether the text or the physical line ends at pos.
func (p *parser) lineEnds(pos int) bool {
	rest := p.text[pos:]
	return rest == "" || rest[0] == '\n' || rest[0] == '\r' && (len(rest) == 1 || rest[1] == '\n')
}

// lineEnd is the offset of the line feed that ends the physical line at pos, or
// of the end of the text.
func (p *parser) lineEnd(pos int) int {
	if i := strings.IndexByte(p.text[pos:], '\n'); i >= 0 {
		return pos + i
	}
	return len(p.text)
}

// joins is the length of a backslash and the line end behind it, 0 if the
// backslash at pos has no line end behind it.
func (p *parser) joins(pos int) int {
	switch rest := p.text[pos:]; {
	case strings.HasPrefix(rest, "\\\n"):
		return 2
	case strings.HasPrefix(rest, "\\\r\n"):
		return 3
	}
	return 0
}

// wordEnds reports whether an unquoted word ends at pos.
func (p *parser) wordEnds(pos int) bool {
	if p.lineEnds(pos) {
		return true
	}
	c := p.text[pos]
	return c == ' ' || c == '\t' || c == '|'
}
