package terminal

import (
	"strconv"
	"strings"

	"sonde/repl/text"
)

// A frame is what the prompt's block of rows looks like, and where in it the
// cursor is.
type frame struct {
	rows   []row
	cursor place
	cols   int // of the screen it was made for
}

// maxMenuRows bounds the menu on tall screens.
const maxMenuRows = 12

// layout makes the frame of a view for a screen of the given size. Text that
// is taller than its share of the screen is scrolled; top is the first row
// shown, and the new one is returned.
func (v *view) layout(cols, height, top int) (frame, int) {
	cols, height = max(cols, 1), max(height, 1)
	rows, at := v.textRows(cols)
	left := height
	if v.note != "" && left > 1 {
		left--
	}
	menuRows := min(len(v.items), maxMenuRows, left-min(len(rows), max(1, left/2)))
	textRows := min(len(rows), left-menuRows)
	top = min(top, at.row, len(rows)-textRows)
	top = max(top, at.row-textRows+1, 0)

	f := frame{cols: cols, cursor: place{at.row - top, at.col}}
	for _, r := range rows[top : top+textRows] {
		f.rows = append(f.rows, v.draw(r, cols))
	}
	if v.note != "" && height > 1 {
		f.rows = append(f.rows, cutRow(text.Clean(v.note), dimStyle, cols))
	}
	f.rows = append(f.rows, v.menuRows(menuRows, cols)...)
	return f, top
}

// cutRow returns a row of clean text in one style, cut to the screen.
func cutRow(s, style string, cols int) row {
	s = text.Cut(s, cols)
	return row{style + s + resetStyle, text.Width(s)}
}

// menuRows draws the part of the menu around the selected candidate. If not
// all fit, the last row counts them.
func (v *view) menuRows(height, cols int) []row {
	if height < 1 {
		return nil
	}
	shownRows, count := height, ""
	if height < len(v.items) && height > 1 {
		shownRows--
		count = strconv.Itoa(len(v.items))
		if v.sel >= 0 {
			count = strconv.Itoa(v.sel+1) + "/" + count
		}
	}
	from := max(v.sel, 0) / shownRows * shownRows
	items := v.items[from:min(from+shownRows, len(v.items))]
	wide := 0
	for _, c := range items {
		wide = max(wide, text.Width(c.label()))
	}
	rows := make([]row, 0, height)
	for i, c := range items {
		rows = append(rows, c.menuRow(from+i == v.sel, wide, cols))
	}
	for count != "" && len(rows) < shownRows { // the last page is as tall as the others
		rows = append(rows, row{})
	}
	if count != "" {
		rows = append(rows, cutRow(" "+count, dimStyle, cols))
	}
	return rows
}

// label returns what the menu lists, safe to draw.
func (c Candidate) label() string {
	if c.Show != "" {
		return text.Clean(c.Show)
	}
	return text.Clean(c.Text)
}

// menuRow draws one candidate: label, padded to a common width, and
// description. A long label leaves a third of the row to the descriptions.
func (c Candidate) menuRow(selected bool, wide, cols int) row {
	if c.Description != "" {
		wide = min(wide, max(cols*2/3, 1))
	} else {
		wide = min(wide, cols-2)
	}
	if wide < 1 { // no room for the margins
		return cutRow(c.label(), "", cols)
	}
	label := text.Cut(c.label(), wide)
	label = " " + label + strings.Repeat(" ", max(wide-text.Width(label), 0)) + " "
	style := ""
	if selected {
		style = pickStyle
	}
	r := cutRow(label, style, cols)
	if room := cols - r.width - 1; c.Description != "" && room > 0 {
		description := cutRow(text.Clean(c.Description), dimStyle, room)
		r.text += " " + description.text
		r.width += 1 + description.width
	}
	return r
}
