package line

import "strings"

// A heredoc is the <<WORD of a line whose body is still to come.
type heredoc struct {
	pos  int    // of the <<
	word string // "" for no heredoc
	raw  bool   // the word was quoted: the body is text as it stands
}

// heredocWord reads <<WORD, <<'WORD' or <<"WORD".
func (p *parser) heredocWord(here *heredoc, pos int) (int, *SyntaxError) {
	if !p.request {
		return pos, failAt(pos, "post /path "+clip(p.first(pos)), "<<: only a request takes a body")
	}
	if here.word != "" {
		return pos, failAt(pos, "", "<<: a second body")
	}
	start := pos + len("<<")
	const hint = "<<END"
	if p.wordEnds(start) {
		return pos, failAt(pos, hint, "<<: no word behind it that ends the body")
	}
	w, end, err := p.word(start, wordPlain)
	if err != nil {
		return end, err
	}
	text, ok := w.Literal()
	if !ok || text == "" || strings.ContainsAny(text, "\r\n") {
		return pos, failAt(pos, hint, "<<: the word that ends the body is plain text")
	}
	*here = heredoc{pos: pos, word: text, raw: w.Quoted}
	return end, nil
}

// body reads the body of a heredoc from the line behind pos, where the line that
// asked for it ends. The line feed before the closing word belongs to the body.
func (p *parser) body(ln *Line, pos int, here heredoc) (int, *SyntaxError) {
	if here.word == "" {
		return pos, nil
	}
	start, end := pos+1, -1
	for at := start; at <= len(p.text); {
		stop := p.lineEnd(at)
		if strings.TrimSuffix(p.text[at:stop], "\r") == here.word {
			end = at
			pos = stop
			break
		}
		at = stop + 1
	}
	if end < 0 {
		e := p.open(here.pos, here.word, "no line %s that ends the body", here.word)
		e.Until = here.word
		return pos, e
	}
	// a program in the body ends before the body does
	q := parser{text: p.text[:end], k: p.k, closed: true}
	t, err := q.template(start, here.raw)
	if err != nil {
		return err.Pos, err
	}
	ln.Heredoc = &t
	return pos, nil
}

// template reads the text from start to its end; raw leaves {{ alone.
func (p *parser) template(start int, raw bool) (Template, *SyntaxError) {
	r := reader{p: p, kind: wordPlain, run: start, fed: start}
	r.place.state = placePlain
	text := p.text[start:]
	open := strings.TrimLeft(text, " \t\r\n")
	t := Template{Pos: start, End: len(p.text)}
	if open != "" && (open[0] == '{' || open[0] == '[') && !strings.HasPrefix(open, openMark) {
		t.JSON = true
		r.place.state = placeJSON
	}
	for i := start; !raw && i < len(p.text); {
		n := strings.Index(p.text[i:], openMark)
		if n < 0 {
			break
		}
		if i += n; i > r.run && p.text[i-1] == '\\' {
			i = r.skip(i-1, i) + len(openMark)
			continue
		}
		var err *SyntaxError
		if i, err = r.program(i); err != nil {
			return t, err
		}
	}
	r.cut(len(p.text))
	t.Parts = r.word.Parts
	return t, nil
}
