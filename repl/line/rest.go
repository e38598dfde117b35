package line

import "strings"

// TakesRest reports whether a command's words are not split: the rest of the line
// is a program, a line, or both.
func TakesRest(name string) bool {
	switch name {
	case "let", "expect", "jq", "each", "until", "table", "after", "bench":
		return true
	}
	return false
}

// rest reads what stands behind the word of a command that takes it whole.
func (p *parser) rest(ln *Line, pos int) (int, *SyntaxError) {
	pos = p.blanks(pos)
	if ln.Name == "jq" {
		return p.jqCommand(ln, pos)
	}
	end, text, err := p.restText(ln, pos)
	if err != nil {
		return end, err
	}
	ln.Rest = asTyped(text, pos)
	return p.lineEnd(end), nil
}

// jqCommand reads `[-r] PROGRAM` and its stages.
func (p *parser) jqCommand(ln *Line, pos int) (int, *SyntaxError) {
	start, raw := p.raw(pos)
	end, err := p.query(ln, start)
	if ln.Program != nil {
		ln.Program.Raw = raw
	}
	ln.Rest = asTyped(p.text[pos:max(pos, end)], pos)
	return end, err
}

// asTyped is a rest of one literal part, without the blanks at its end.
func asTyped(text string, pos int) *Template {
	text = strings.TrimRight(text, " \t\r")
	t := &Template{Pos: pos, End: pos + len(text)}
	if text != "" {
		t.Parts = []Part{{Text: text, Pos: pos}}
	}
	return t
}

// restText is the text behind the command word, without a comment, and the offset
// of its end.
func (p *parser) restText(ln *Line, pos int) (int, string, *SyntaxError) {
	from := pos
	switch ln.Name {
	case "after":
	case "bench":
		from += len(p.first(pos))
	case "let":
		if from = p.letRequest(pos); from < 0 {
			return p.programText(pos)
		}
	case "each", "until":
		_, at, err := p.do(pos)
		if err != nil || at < 0 {
			return p.programText(pos)
		}
		from = at
	default:
		return p.programText(pos)
	}
	end, err := p.inner(from)
	return end, p.text[pos:max(pos, end)], err
}

// programText is a rest that is a program to the end of the line.
func (p *parser) programText(pos int) (int, string, *SyntaxError) {
	prog, end, err := p.jq(pos, nil)
	return end, prog.Text, err
}

// letRequest is the offset of the request in `NAME = REQUEST`; -1 if there is none.
func (p *parser) letRequest(pos int) int {
	n := identifier(p.text[pos:])
	at := p.blanks(pos + n)
	if n == 0 || !strings.HasPrefix(p.text[at:], "=") {
		return -1
	}
	at = p.blanks(at + 1)
	var ln Line
	if _, err := p.decide(&ln, at); err != nil || ln.Kind != Request {
		return -1
	}
	return at
}

// do finds the word do in `PROGRAM do LINE`: its offset and that of the line
// behind it; -1 if there is none.
func (p *parser) do(pos int) (at, line int, err *SyntaxError) {
	// More than one do outside brackets before the right one is no program that
	// anybody writes; the bound keeps the time linear.
	tries := 16
	at = -1
	w := walk{text: p.text}
	w.stop = func(i int) bool {
		c := p.text[i]
		if c == '\n' || c == '#' || tries == 0 {
			return true
		}
		if !p.isDo(i, pos) {
			return false
		}
		tries--
		if ask(p.k.Program, strings.TrimRight(w.blanked(pos, i), " \t\r\n")) {
			at = i
		}
		return at >= 0
	}
	got := w.from(pos)
	switch {
	case got.bad:
		return -1, -1, nil
	case got.open >= 0:
		return -1, -1, p.openJQ(got.open)
	case at < 0:
		return -1, -1, nil
	}
	return at, p.blanks(at + len("do")), nil
}

// isDo reports whether the word do stands at i, behind text that starts at pos.
func (p *parser) isDo(i, pos int) bool {
	return i > pos && strings.HasPrefix(p.text[i:], "do") && p.afterBlank(i) && p.blankAt(i+2)
}

// SplitDo parts `PROGRAM do LINE` at the first do between blanks, outside the
// strings and brackets of the program, before which program holds. linePos is the
// offset of line in text. False: there is no such do.
func SplitDo(text string, program func(string) bool) (prog, line string, linePos int, ok bool) {
	p := parser{text: text, k: Knows{Program: program}}
	at, linePos, _ := p.do(0)
	if at < 0 {
		return "", "", 0, false
	}
	w := walk{text: text, stop: func(i int) bool { return i >= at }}
	w.from(0)
	prog = strings.TrimRight(w.blanked(0, at), " \t\r\n")
	return prog, strings.TrimRight(text[linePos:], " \t\r\n"), linePos, true
}

// CutTimes cuts a trailing `every D` and `for D`, in any order and each at most
// once, from a text. D is what starts with a digit; "" if it was not given.
func CutTimes(text string) (rest, every, limit string) {
	rest = strings.TrimRight(text, " \t\r\n")
	for {
		before, value := lastWord(rest)
		before, word := lastWord(before)
		switch {
		case value == "" || !isDigit(value[0]):
			return rest, every, limit
		case word == "every" && every == "":
			every = value
		case word == "for" && limit == "":
			limit = value
		default:
			return rest, every, limit
		}
		rest = before
	}
}

// lastWord parts text at its last blank. Before is without blanks at its end.
func lastWord(text string) (before, word string) {
	i := strings.LastIndexAny(text, " \t\n") + 1
	return strings.TrimRight(text[:i], " \t\r\n"), text[i:]
}

// identity reads `@NAME LINE`.
func (p *parser) identity(ln *Line, pos int) (int, *SyntaxError) {
	if ln.Name == "" {
		return pos, failAt(pos-1, "@alice get /me", "@: no name of an identity")
	}
	start := p.blanks(pos)
	if p.lineEnds(start) || p.text[start] == '#' {
		return start, failAt(start, "as "+clip(ln.Name), "@%s: no line for it", clip(ln.Name))
	}
	end, err := p.inner(start)
	if err != nil {
		return end, err
	}
	ln.Rest = asTyped(p.text[start:end], start)
	return end, nil
}
