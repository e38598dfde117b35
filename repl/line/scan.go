package line

import (
	"strings"
	"unicode/utf8"
)

// A wordKind says which of the rules for words hold.
type wordKind int

const (
	wordItem  wordKind = iota // brackets run to their match; := opens JSON
	wordURL                   // a bracket is only a byte
	wordPlain                 // as wordURL, and $name is only text
)

// A reader collects the parts of one word or template.
type reader struct {
	p     *parser
	kind  wordKind
	word  Word
	place place
	run   int // start of the literal text that is not yet a part
	fed   int // end of the literal text that place has seen
}

// word reads the word at pos, which is not blank, and gives the offset behind it.
// After an error it gives what was read of it.
func (p *parser) word(pos int, kind wordKind) (Word, int, *SyntaxError) {
	r := reader{p: p, kind: kind, run: pos, fed: pos}
	r.word.Pos = pos
	if kind != wordItem {
		r.place.state = placePlain
	}
	end, err := r.read(pos)
	if err != nil {
		r.cut(max(r.run, err.Pos))
		r.word.End = r.run
		return r.word, end, err
	}
	r.cut(end)
	r.word.End = end
	return r.word, end, nil
}

// read goes from i to the end of the word.
func (r *reader) read(i int) (int, *SyntaxError) {
	p := r.p
	for !p.wordEnds(i) {
		var err *SyntaxError
		switch c := p.text[i]; {
		case c == '\\':
			i, err = r.backslash(i)
		case c == '\'':
			i, err = r.single(i)
		case c == '"':
			i, err = r.double(i)
		case strings.HasPrefix(p.text[i:], openMark):
			i, err = r.program(i)
		case (c == '{' || c == '[') && r.opensJSON(i):
			i, err = r.bracket(i)
		case c == '$':
			i, err = r.dollar(i)
		default:
			i++
		}
		if err != nil {
			return i, err
		}
	}
	return i, nil
}

// cut ends the literal text that runs up to i.
func (r *reader) cut(i int) {
	if i > r.run {
		r.feed(i)
		r.word.Parts = append(r.word.Parts, Part{Text: r.p.text[r.run:i], Pos: r.run})
	}
	r.run, r.fed = i, i
}

// feed shows the place the literal text up to i.
func (r *reader) feed(i int) {
	if len(r.word.Parts) == 0 && r.fed == r.run && r.kind == wordItem && isJSON(r.p.text[r.run:]) {
		r.word.JSON = true
		r.place.state = placeJSON
	}
	r.place.literal(r.p.text[r.fed:i])
	r.fed = i
}

// skip leaves the bytes from i to next out of the word.
func (r *reader) skip(i, next int) int {
	r.cut(i)
	r.run, r.fed = next, next
	return next
}

// escape adds the text that the escape from i to next stands for.
func (r *reader) escape(i, next int, text string) int {
	r.cut(i)
	r.word.Parts = append(r.word.Parts, Part{Text: text, Pos: i})
	r.place.literal(text)
	r.run, r.fed = next, next
	return next
}

// program reads the {{program}} at i.
func (r *reader) program(i int) (int, *SyntaxError) {
	part, end, err := r.p.braced(i)
	if err != nil {
		return i, err
	}
	r.cut(i)
	part.Context = r.place.program()
	r.word.Parts = append(r.word.Parts, part)
	r.run, r.fed = end, end
	return end, nil
}

// backslash reads an escape outside quotes: a line end is dropped, {{ is literal,
// and so is one character of any other kind.
func (r *reader) backslash(i int) (int, *SyntaxError) {
	p := r.p
	r.word.Quoted = true
	if n := p.joins(i); n > 0 {
		return r.skip(i, i+n), nil
	}
	if p.lineEnds(i + 1) {
		return i, p.finalBackslash(i)
	}
	_, size := utf8.DecodeRuneInString(p.text[i+1:])
	if strings.HasPrefix(p.text[i:], escaped) {
		size = len(openMark)
	}
	r.cut(i)
	next := i + 1 + size
	text := p.text[i+1 : next]
	r.word.Parts = append(r.word.Parts, Part{Text: text, Escaped: true, Pos: i + 1})
	r.place.escaped(text)
	r.run, r.fed = next, next
	return next, nil
}

// single reads '…', in which only {{program}} and \{{ are not literal.
func (r *reader) single(start int) (int, *SyntaxError) {
	p := r.p
	r.word.Quoted = true
	for i := r.skip(start, start+1); i < len(p.text); {
		n := strings.IndexAny(p.text[i:], `'\{`)
		if n < 0 {
			break
		}
		i += n
		var err *SyntaxError
		switch rest := p.text[i:]; {
		case rest[0] == '\'':
			return r.skip(i, i+1), nil
		case strings.HasPrefix(rest, escaped):
			i = r.skip(i, i+1) + len(openMark)
		case strings.HasPrefix(rest, openMark):
			i, err = r.program(i)
		default:
			i++
		}
		if err != nil {
			return i, err
		}
	}
	r.cut(len(p.text))
	return start, p.open(start, `\'`, "no closing ' for '")
}

// double reads "…", in which the escapes of JSON hold.
func (r *reader) double(start int) (int, *SyntaxError) {
	p := r.p
	r.word.Quoted = true
	for i := r.skip(start, start+1); i < len(p.text); {
		n := strings.IndexAny(p.text[i:], "\"\\{$")
		if n < 0 {
			break
		}
		i += n
		var err *SyntaxError
		switch c := p.text[i]; {
		case c == '"':
			return r.skip(i, i+1), nil
		case c == '\\':
			i, err = r.jsonEscape(i)
		case c == '$':
			i, err = r.dollar(i)
		case strings.HasPrefix(p.text[i:], openMark):
			i, err = r.program(i)
		default:
			i++
		}
		if err != nil {
			return i, err
		}
	}
	r.cut(len(p.text))
	return start, p.open(start, `\"`, `no closing " for "`)
}

// dollar refuses the name of a variable in a word of a request, where a person
// who knows a shell would expect its value.
func (r *reader) dollar(i int) (int, *SyntaxError) {
	p := r.p
	n := identifier(p.text[i+1:])
	if n == 0 || !p.request || r.kind == wordPlain {
		return i + 1, nil
	}
	if name := p.text[i+1 : i+1+n]; ask(p.k.Bound, name) {
		return i, boundName(i, name)
	}
	return i + 1 + n, nil
}

func boundName(pos int, name string) *SyntaxError {
	return failAt(pos, "{{"+name+"}}", "$%s is not replaced in a request: write {{%s}}", name, name)
}
