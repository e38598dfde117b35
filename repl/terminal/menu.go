package terminal

import (
	"strings"
	"unicode/utf8"
)

// A menu lists the candidates of a completion below the text. While one is
// selected the text shows it in its place.
type menu struct {
	base       snapshot // text and cursor without the selected candidate
	start, end int      // the bytes of base a candidate replaces
	items      []Candidate
	sel        int // -1: none selected
}

// menuPage is how far the page keys move.
const menuPage = 8

// ask returns the completions at the cursor with offsets that hold: the range
// has the cursor in it and splits no rune.
func (e *editor) ask() Completions {
	if e.complete == nil || e.secret {
		return Completions{}
	}
	c := e.complete(e.text, e.pos)
	c.Start = min(max(c.Start, 0), e.pos)
	c.End = max(min(c.End, len(e.text)), e.pos)
	for c.Start > 0 && c.Start < len(e.text) && !utf8.RuneStart(e.text[c.Start]) {
		c.Start--
	}
	for c.End < len(e.text) && !utf8.RuneStart(e.text[c.End]) {
		c.End++
	}
	return c
}

// tab completes: the only candidate, or what all have in common and a menu.
func (e *editor) tab() {
	c := e.ask()
	switch len(c.Candidates) {
	case 0:
		return
	case 1:
		e.replace(c.Start, c.End, c.Candidates[0].Text)
		e.space(c.Candidates[0])
		return
	}
	typed, common := e.text[c.Start:c.End], commonPrefix(c.Candidates)
	if len(common) > len(typed) && strings.HasPrefix(common, typed) {
		e.replace(c.Start, c.End, common)
		c.End = e.pos
	}
	e.menu = &menu{
		base: snapshot{e.text, e.pos}, start: c.Start, end: c.End,
		items: c.Candidates, sel: -1,
	}
}

// commonPrefix returns what the texts of all candidates begin with.
func commonPrefix(list []Candidate) string {
	common := list[0].Text
	for _, c := range list[1:] {
		n := 0
		for n < len(common) && n < len(c.Text) && common[n] == c.Text[n] {
			n++
		}
		common = common[:n]
	}
	for len(common) > 0 && !utf8.ValidString(common) {
		common = common[:len(common)-1]
	}
	return common
}

// space puts a blank behind a chosen candidate that wants one, or steps over
// the one that is there.
func (e *editor) space(c Candidate) {
	switch {
	case !c.Space:
	case strings.HasPrefix(e.text[e.pos:], " "):
		e.pos++
	default:
		e.text = e.text[:e.pos] + " " + e.text[e.pos:]
		e.pos++
	}
}

// menuKey gives a key to the open menu. It reports whether the key was one of
// the menu; any other closes it and is then obeyed.
func (e *editor) menuKey(k key) bool {
	m := e.menu
	switch k.code {
	case keyTab, keyDown, ctrl('n'):
		if len(m.items) == 1 { // narrowed by typing: nothing is left to choose
			e.choose(0)
			e.closeMenu()
			e.space(m.items[0])
			break
		}
		e.choose(m.wrap(m.sel + 1))
	case keyBackTab, keyUp, ctrl('p'):
		e.choose(m.wrap(max(m.sel, 0) - 1))
	case keyPageDown:
		e.choose(min(m.sel+menuPage, len(m.items)-1))
	case keyPageUp:
		e.choose(max(m.sel-menuPage, 0))
	case keyEnter:
		if m.sel < 0 {
			e.menu = nil
			return false
		}
		e.closeMenu()
		e.space(m.items[m.sel])
	case keyEsc, ctrl('g'):
		e.text, e.pos = m.base.text, m.base.pos
		e.menu = nil
	case keyText, keyBackspace:
		e.narrow(k)
	default:
		e.closeMenu()
		return false
	}
	return true
}

// wrap returns i as an index that goes round.
func (m *menu) wrap(i int) int { return (i + len(m.items)) % len(m.items) }

// choose selects a candidate and shows it in the text.
func (e *editor) choose(i int) {
	m := e.menu
	m.sel = i
	s := m.items[i].Text
	e.text = m.base.text[:m.start] + s + m.base.text[m.end:]
	e.pos = m.start + len(s)
}

// closeMenu closes the menu and keeps what it shows.
func (e *editor) closeMenu() {
	if e.text != e.menu.base.text {
		e.undo.push(e.menu.base.text, e.menu.base.pos)
	}
	e.menu = nil
}

// narrow types on with the menu open: the list follows what is typed, and
// closes when a blank ends the word or nothing fits.
func (e *editor) narrow(k key) {
	start := e.menu.start
	e.closeMenu()
	e.plain(k)
	if k.code == keyText && strings.ContainsAny(k.text, " \t\n") || e.pos < start {
		return
	}
	c := e.ask()
	if len(c.Candidates) == 0 || c.Start != start {
		return
	}
	if len(c.Candidates) == 1 && c.Candidates[0].Text == e.text[c.Start:c.End] {
		return
	}
	e.menu = &menu{
		base: snapshot{e.text, e.pos}, start: c.Start, end: c.End,
		items: c.Candidates, sel: -1,
	}
}
