package line

import "strings"

// requestLine reads a request: behind its method, or from its bare URL on.
func (p *parser) requestLine(ln *Line, pos int) (int, *SyntaxError) {
	q := *p
	q.request = true
	pos = q.blanks(pos)
	pos, err := q.target(ln, pos)
	if err != nil {
		return pos, err
	}
	return q.arguments(ln, pos)
}

// target reads the URL: a word, or a program that gives it.
func (p *parser) target(ln *Line, pos int) (int, *SyntaxError) {
	method := strings.ToLower(ln.Name)
	switch rest := p.text[pos:]; {
	case p.lineEnds(pos), rest[0] == '#', rest[0] == '|', rest[0] == '>':
		return pos, failAt(pos, method+" /path", "%s: no URL", method)
	case rest[0] == '{' && !strings.HasPrefix(rest, openMark):
		return pos, failAt(pos, method+" /path {…}", "%s: no URL before the body", method)
	case strings.HasPrefix(rest, "--"):
		flag := p.first(pos)
		return pos, failAt(pos, method+" /path "+clip(flag), "%s: %q stands before the URL", method, clip(flag))
	case ln.Method && isURLProgram(rest):
		return p.targetProgram(ln, pos)
	}
	w, end, err := p.word(pos, wordURL)
	ln.Target = &w
	return end, err
}

// isURLProgram reports whether a URL that starts like rest is a query. A relative
// path with dots in front is none.
func isURLProgram(rest string) bool {
	switch {
	case rest[0] == '$':
		return true
	case rest[0] != '.' || strings.HasPrefix(rest, "./") || strings.HasPrefix(rest, "../"):
		return false
	}
	dots := strings.HasPrefix(rest, "..")
	return !dots || len(rest) > 2 && strings.IndexByte(" \t\r\n|", rest[2]) < 0
}

// targetProgram reads a program up to the first blank or pipe outside its strings
// and brackets.
func (p *parser) targetProgram(ln *Line, pos int) (int, *SyntaxError) {
	prog, end, err := p.jq(pos, p.wordEnds)
	if err != nil {
		return end, err
	}
	ln.TargetProgram = &prog
	n := identifier(prog.Text[1:])
	if tail := prog.Text[1+n:]; prog.Text[0] == '$' && n > 0 && len(tail) > 1 && (tail[0] == '/' || tail[0] == '?') {
		if name := prog.Text[1 : 1+n]; ask(p.k.Bound, name) {
			return pos, boundName(pos, name)
		}
	}
	return end, nil
}

// arguments reads the words up to the end of the line, the heredoc, the stages
// and the file that a body is written to.
func (p *parser) arguments(ln *Line, pos int) (int, *SyntaxError) {
	here := heredoc{}
	for {
		pos = p.blanks(pos)
		if p.lineEnds(pos) || p.text[pos] == '#' {
			return p.body(ln, p.lineEnd(pos), here)
		}
		var err *SyntaxError
		switch rest := p.text[pos:]; {
		case rest[0] == '|':
			if pos, err = p.stages(ln, pos); err == nil {
				return p.body(ln, pos, here)
			}
		case rest[0] == '>':
			if pos, err = p.out(ln, pos); err == nil {
				return p.body(ln, pos, here)
			}
		case strings.HasPrefix(rest, "<<"):
			pos, err = p.heredocWord(&here, pos)
		default:
			var w Word
			w, pos, err = p.word(pos, wordItem)
			ln.Words = append(ln.Words, w)
		}
		if err != nil {
			return pos, err
		}
	}
}

// out reads > FILE or >> FILE, behind which only a comment may follow.
func (p *parser) out(ln *Line, pos int) (int, *SyntaxError) {
	start := pos
	sign := ">"
	if strings.HasPrefix(p.text[pos:], ">>") {
		sign = ">>"
	}
	pos = p.blanks(pos + len(sign))
	if p.lineEnds(pos) || strings.IndexByte("#|>", p.text[pos]) >= 0 {
		return pos, failAt(start, sign+" FILE", "%s: no file", sign)
	}
	w, end, err := p.word(pos, wordPlain)
	if err != nil {
		return end, err
	}
	ln.Out = &Out{Append: sign == ">>", File: w}
	return p.nothingMore(end, sign+" FILE", "| save FILE")
}
