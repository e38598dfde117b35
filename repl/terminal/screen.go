package terminal

import (
	"bytes"
	"strconv"
)

const (
	pasteOn   = "\x1b[?2004h"
	pasteOff  = "\x1b[?2004l"
	wrapOff   = "\x1b[?7l"
	wrapOn    = "\x1b[?7h"
	cursorOff = "\x1b[?25l"
	cursorOn  = "\x1b[?25h"
	frameOn   = "\x1b[?2026h" + cursorOff + wrapOff
	frameOff  = wrapOn + cursorOn + "\x1b[?2026l"
	eraseRow  = "\x1b[K"
	eraseDown = "\x1b[J"
)

// A screen knows what is drawn and works out the bytes that change it. Rows are
// parted by line breaks of its own and autowrap is off meanwhile, so a terminal
// that measures a character differently still has as many rows as it thinks.
type screen struct {
	drawn frame // no rows: nothing is drawn and the cursor is where the block begins
	top   int   // first row of the text that is shown
}

// A lead says what is known of the place where a prompt is to be drawn.
type lead int

const (
	leadClean   lead = iota // the cursor is at the start of an empty row
	leadTyped               // keys typed ahead may have been echoed there
	leadUnknown             // something else wrote last, perhaps no line end
)

// begin returns what is written in front of the first frame of a prompt. Echoed
// keys are wiped, for the editor draws them itself. Where the cursor may stand
// behind output without a line end, a mark and a row of blanks moves to a new row
// only if it does, so that the output is not overwritten.
func begin(cols int, l lead) []byte {
	b := []byte(nil)
	if l == leadUnknown {
		b = append(b, wrapOn+pickStyle+"%"+resetStyle...)
		b = append(b, bytes.Repeat([]byte{' '}, max(cols-1, 0))...)
	}
	return append(b, "\r"+eraseDown+pasteOn...)
}

// paint appends to b what turns the drawn frame into f.
func (s *screen) paint(b []byte, f frame) []byte {
	b = append(b, frameOn...)
	have, at := len(s.drawn.rows), s.drawn.cursor.row
	wrote := false // the cursor stands behind the text of row at
	for i, r := range f.rows {
		if i < have && s.drawn.rows[i] == r {
			continue
		}
		b = moveRow(b, at, i, max(have, 1))
		at, have = i, max(have, i+1)
		b, wrote = append(b, r.text...), true
		if r.width < f.cols { // at the last column it would erase what is there
			b = append(b, eraseRow...)
		}
	}
	if len(s.drawn.rows) > len(f.rows) {
		b = moveRow(b, at, len(f.rows), have)
		at, wrote = len(f.rows), false
		b = append(b, eraseDown...)
	}
	if !(wrote && at == f.cursor.row && f.rows[at].endsAt(f.cursor.col, f.cols)) {
		b = moveRow(b, at, f.cursor.row, max(have, 1))
		b = moveBy(b, f.cursor.col, 'C')
	}
	s.drawn = f
	return append(b, frameOff...)
}

// endsAt reports whether the cursor is sure to stand at col once the row is
// written: the row ends there, short of the edge, and no terminal measures it
// otherwise.
func (r row) endsAt(col, cols int) bool {
	if r.width != col || col >= cols {
		return false
	}
	for i := range len(r.text) {
		if r.text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// moveRow moves the cursor from one row of the block to the start of another;
// have rows exist already, the rest is made.
func moveRow(b []byte, from, to, have int) []byte {
	b = append(b, '\r')
	if to < from {
		return moveBy(b, from-to, 'A')
	}
	down := min(to, have-1) - from
	b = moveBy(b, down, 'B')
	for i := max(have-1, from); i < to; i++ {
		b = append(b, "\r\n"...)
	}
	return b
}

// moveBy moves the cursor n cells in a direction.
func moveBy(b []byte, n int, direction byte) []byte {
	if n <= 0 {
		return b
	}
	b = append(b, "\x1b["...)
	if n > 1 {
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return append(b, direction)
}

// erase appends to b what wipes the block, and leaves the cursor where it
// began. A terminal that became narrower has broken the rows anew: they are
// counted as it does that.
func (s *screen) erase(b []byte, cols int) []byte {
	cols = max(cols, 1)
	above := s.drawn.cursor.col / cols
	for _, r := range s.drawn.rows[:min(s.drawn.cursor.row, len(s.drawn.rows))] {
		above += max(1, (r.width+cols-1)/cols)
	}
	s.drawn = frame{}
	b = append(b, '\r')
	b = moveBy(b, above, 'A')
	return append(b, eraseDown...)
}

// end appends to b what puts the cursor behind the block; tail is written there
// if there is room.
func (s *screen) end(b []byte, tail string) []byte {
	if n := len(s.drawn.rows); n > 0 {
		last := s.drawn.rows[n-1]
		b = moveRow(b, s.drawn.cursor.row, n-1, n)
		b = moveBy(b, min(last.width, s.drawn.cols-1), 'C')
		if last.width+len(tail) <= s.drawn.cols {
			b = append(b, tail...)
		}
	}
	s.drawn, s.top = frame{}, 0
	return append(b, pasteOff...)
}

// leave is end with the cursor at the start of the row below.
func (s *screen) leave(b []byte, tail string) []byte {
	return append(s.end(b, tail), "\r\n"...)
}
