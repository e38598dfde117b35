package render

import (
	"io"
	"strings"

	"sonde/repl/text"
)

// A Table is text in columns.
type Table struct {
	Head   []string   // titles, drawn dim; nil: none
	Rows   [][]string // may have different lengths
	Labels bool       // the first column names the others and is drawn dim
	Right  []bool     // columns aligned to the right; nil: none
}

// gap is the number of blanks between columns.
const gap = 2

// WriteTable writes t with columns as wide as their widest cell. On a screen no
// line is wider than it: cells are cut, the last column first.
func WriteTable(w io.Writer, t Table, st *Style) error {
	l := newLine(st)
	rows := t.cleaned(l.Style)
	widths := fit(columns(rows), l.Style)
	for i, row := range rows {
		l.row(t, row, widths, i == 0 && len(t.Head) > 0)
		l.buf = append(l.buf, '\n')
	}
	_, err := w.Write(l.buf)
	return err
}

// cleaned returns head and rows as they may be drawn.
func (t Table) cleaned(st *Style) [][]string {
	rows := make([][]string, 0, len(t.Rows)+1)
	if len(t.Head) > 0 {
		rows = append(rows, t.Head)
	}
	for _, row := range t.Rows {
		clean := make([]string, len(row))
		for i, cell := range row {
			clean[i] = st.clean(cell)
		}
		for len(clean) > 0 && clean[len(clean)-1] == "" { // no blanks at the end of a line
			clean = clean[:len(clean)-1]
		}
		rows = append(rows, clean)
	}
	return rows
}

// columns returns the width of each column.
func columns(rows [][]string) []int {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], text.Width(cell))
		}
	}
	return widths
}

// fit narrows the columns until they fit the screen: the last one to what is left
// but not below a few cells, then the widest ones.
func fit(widths []int, st *Style) []int {
	if !st.Screen || len(widths) == 0 {
		return widths
	}
	const least = 8
	over := gap*(len(widths)-1) - st.Width
	for _, w := range widths {
		over += w
	}
	for i := len(widths) - 1; over > 0; {
		if take := min(over, widths[i]-least); take > 0 {
			widths[i], over = widths[i]-take, over-take
		}
		if i--; i < 0 {
			break
		}
	}
	return widths
}

// row appends one row; head rows and label cells are dim.
func (l *line) row(t Table, row []string, widths []int, head bool) {
	for i, cell := range row {
		if i > 0 {
			l.buf = append(l.buf, strings.Repeat(" ", gap)...)
		}
		cell = text.Cut(cell, widths[i])
		pad := strings.Repeat(" ", widths[i]-text.Width(cell))
		attr := []byte(nil)
		if head || t.Labels && i == 0 {
			attr = l.paint.dim
		}
		if i < len(t.Right) && t.Right[i] {
			l.buf = append(l.buf, pad...)
			pad = ""
		}
		if cell != "" {
			l.add(attr, cell)
		}
		if i < len(row)-1 {
			l.buf = append(l.buf, pad...)
		}
	}
}
