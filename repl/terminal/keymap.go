package terminal

import "strings"

// key applies one key and says what the prompt does next.
func (e *editor) key(k key) verdict {
	if k.code == keyNone {
		return stay
	}
	e.now = actOther
	defer func() { e.last = e.now }()
	if k.code == interruptKey {
		e.search, e.menu = nil, nil
		return interrupt
	}
	if e.search != nil && e.searchKey(k) || e.menu != nil && e.menuKey(k) {
		return stay
	}
	if e.prefixed {
		e.prefixed = false
		if k.code == ctrl('u') {
			e.undoChange()
		}
		return stay
	}
	if v, ok := e.decisive(k); ok {
		return v
	}
	if k.code != keyUp && k.code != keyDown && k.code != ctrl('p') && k.code != ctrl('n') {
		e.goal = -1
	}
	e.plain(k)
	return stay
}

// decisive handles the keys that may end the line or need the screen.
func (e *editor) decisive(k key) (v verdict, ok bool) {
	switch k.code {
	case keyEnter:
		if !e.secret && e.incomplete != nil && e.incomplete(e.text) {
			e.insert("\n")
			return stay, true
		}
		return submit, true
	case endKey:
		if e.text == "" {
			return endOfInput, true
		}
		e.deleteTo(next(e.text, e.pos))
		return stay, true
	case ctrl('l'):
		return clearScreen, true
	case ctrl('z'):
		return suspend, true
	}
	return stay, false
}

// plain applies a key that moves the cursor or changes the text.
func (e *editor) plain(k key) {
	if e.move(k.code) || e.cut(k.code) {
		return
	}
	switch k.code {
	case keyText:
		e.insert(k.text)
	case keyPaste:
		e.paste(k.text)
	case keyNewline:
		e.newline()
	case ctrl('_'):
		e.undoChange()
	case ctrl('t'):
		e.transpose()
	case alt('t'):
		e.transposeWords()
	case alt('u'):
		e.recase(strings.ToUpper)
	case alt('l'):
		e.recase(strings.ToLower)
	case alt('c'):
		e.recase(capitalize)
	case ctrl('x'):
		e.prefixed = true
	default:
		e.consult(k.code)
	}
}

// paste inserts a bracketed paste as one change. A secret copied with its line
// end loses that.
func (e *editor) paste(s string) {
	if e.secret {
		s = strings.Trim(s, "\n")
	}
	e.last = actOther
	e.insert(s)
	e.now = actOther
}

func (e *editor) newline() {
	if !e.secret {
		e.insert("\n")
	}
}

// move applies a key that only moves the cursor.
func (e *editor) move(c code) bool {
	switch c {
	case keyLeft, ctrl('b'):
		e.pos = prev(e.text, e.pos)
	case keyRight, ctrl('f'):
		e.pos = next(e.text, e.pos)
	case keyHome, ctrl('a'):
		e.pos = lineStart(e.text, e.pos)
	case keyEnd, ctrl('e'):
		e.pos = lineEnd(e.text, e.pos)
	case keyWordLeft, alt('b'):
		e.pos = wordStart(e.text, e.pos, isWord)
	case keyWordRight, alt('f'):
		e.pos = wordEnd(e.text, e.pos, isWord)
	case alt('<'):
		e.pos = 0
	case alt('>'):
		e.pos = len(e.text)
	default:
		return false
	}
	return true
}

// cut applies a key that takes text away.
func (e *editor) cut(c code) bool {
	switch c {
	case keyBackspace:
		e.deleteTo(prev(e.text, e.pos))
	case keyDelete:
		e.deleteTo(next(e.text, e.pos))
	case ctrl('k'):
		e.killLine()
	case ctrl('u'):
		e.killLineBack()
	case ctrl('w'):
		e.kill(wordStart(e.text, e.pos, notSpace))
	case alt(0x7f):
		e.kill(wordStart(e.text, e.pos, isWord))
	case alt('d'), keyKillWord:
		e.kill(wordEnd(e.text, e.pos, isWord))
	default:
		return false
	}
	return true
}

// consult applies a key that brings text from elsewhere; a secret takes none.
func (e *editor) consult(c code) {
	if e.secret {
		return
	}
	switch c {
	case keyTab:
		e.tab()
	case keyUp, ctrl('p'):
		e.up()
	case keyDown, ctrl('n'):
		e.down()
	case ctrl('r'):
		e.startSearch(false)
	case ctrl('s'):
		e.startSearch(true)
	case ctrl('y'):
		e.yank()
	case alt('y'):
		e.yankPop()
	case alt('.'):
		e.insertLastWord()
	}
}

// undoChange takes the last change back.
func (e *editor) undoChange() {
	if s, ok := e.undo.pop(e.text); ok {
		e.text, e.pos = s.text, s.pos
	}
}
