package line

import "strings"

// stages reads what stands behind a program, a request or a command from its
// first pipe on, and a comment, to the end of the line.
func (p *parser) stages(ln *Line, pos int) (int, *SyntaxError) {
	for !p.lineEnds(pos) && p.text[pos] == '|' {
		at := pos
		pos = p.blanks(pos + 1)
		var err *SyntaxError
		switch {
		case p.lineEnds(pos) || p.text[pos] == '#' || p.text[pos] == '|':
			return pos, failAt(at, "| .", "nothing after the |")
		case p.text[pos] == '!':
			return p.shellStage(ln, pos+1)
		case p.isSave(pos):
			return p.saveStage(ln, pos)
		default:
			pos, err = p.queryStage(ln, pos)
		}
		if err != nil {
			return pos, err
		}
	}
	return p.lineEnd(pos), nil
}

func (p *parser) queryStage(ln *Line, pos int) (int, *SyntaxError) {
	start := pos
	named := p.isJQ(pos) // `| jq PROGRAM` is what everybody types first
	if named {
		pos = p.blanks(pos + len("jq"))
	}
	pos, raw := p.raw(pos)
	prog, end, err := p.jq(pos, p.endsProgram)
	if err != nil {
		return end, err
	}
	if prog.Text == "" && named && !raw {
		prog.Text = "."
	}
	if prog.Text == "" {
		return pos, failAt(start, "| -r .", "-r: no program")
	}
	prog.Raw = raw
	ln.Stages = append(ln.Stages, Stage{Kind: StageQuery, Program: prog, Pos: prog.Pos})
	return end, nil
}

func (p *parser) shellStage(ln *Line, pos int) (int, *SyntaxError) {
	text, at, end, err := p.shellText(pos)
	if err != nil {
		return end, err
	}
	ln.Stages = append(ln.Stages, Stage{Kind: StageShell, Shell: text, Pos: at})
	return end, nil
}

// saveStage reads `save FILE`, behind which nothing may follow: what a further
// stage would get is not plain.
func (p *parser) saveStage(ln *Line, pos int) (int, *SyntaxError) {
	const hint = "| save FILE"
	at := p.blanks(pos + len("save"))
	if p.lineEnds(at) || p.text[at] == '#' || p.text[at] == '|' {
		return at, failAt(pos, hint, "save: no file")
	}
	w, end, err := p.word(at, wordPlain)
	if err != nil {
		return end, err
	}
	ln.Stages = append(ln.Stages, Stage{Kind: StageSave, File: &w, Pos: pos})
	return p.nothingMore(end, "save FILE", hint)
}

// nothingMore checks that only a comment follows what, and gives the end of the
// line.
func (p *parser) nothingMore(pos int, what, hint string) (int, *SyntaxError) {
	pos = p.blanks(pos)
	if !p.lineEnds(pos) && p.text[pos] != '#' {
		if p.text[pos] == '\\' && p.joinsOrEnds(pos) {
			return pos, p.finalBackslash(pos)
		}
		return pos, failAt(pos, hint, "text after %s, which ends the line", what)
	}
	return p.lineEnd(pos), nil
}

// shellLine reads a line that is a shell command.
func (p *parser) shellLine(ln *Line, pos int) (int, *SyntaxError) {
	text, at, end, err := p.shellText(pos)
	ln.Shell, ln.ShellPos = text, at
	return end, err
}

// shellText reads a shell command behind its !: all up to the first line end that
// has no backslash before it. The backslashes stay, the shell knows them too.
func (p *parser) shellText(pos int) (text string, at, end int, err *SyntaxError) {
	at = pos
	for at < len(p.text) && (p.text[at] == ' ' || p.text[at] == '\t') {
		at++
	}
	end = p.lineEnd(at)
	for {
		last := strings.TrimSuffix(p.text[at:end], "\r")
		if !strings.HasSuffix(last, `\`) {
			break
		}
		if end == len(p.text) {
			return "", at, end, p.finalBackslash(at + len(last) - 1)
		}
		end = p.lineEnd(end + 1)
	}
	text = strings.TrimRight(p.text[at:end], " \t\r")
	if text == "" {
		return "", at, end, failAt(pos-1, "!ls", "!: no shell command")
	}
	return text, at, end, nil
}
