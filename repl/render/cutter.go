package render

import (
	"bytes"
	"io"

	"sonde/repl/jsontext"
)

// A cutter passes text on until it fills a number of screen rows, and then says
// jsontext.ErrStop. It counts the rows that long lines wrap into. What it is given
// has no control sequences but colours.
type cutter struct {
	w     io.Writer
	off   []byte // ends a colour; nil: there are none
	width int    // columns
	rows  int    // 0: no limit

	lines int   // rows ended so far
	col   int   // columns used in the current row
	seq   bool  // inside a colour sequence
	drawn int64 // bytes of text passed on, without colours
	ended bool  // the last byte was a line feed, or there was none
	full  bool  // the rows are used up
	mid   bool  // they ended inside of a line
}

// Write passes p on, up to the end of the last row.
func (c *cutter) Write(p []byte) (int, error) {
	if c.full {
		return len(p), jsontext.ErrStop
	}
	if len(p) == 0 {
		return 0, nil
	}
	n := len(p)
	if c.rows > 0 {
		n = c.fill(p)
	}
	if n > 0 {
		c.ended = p[n-1] == '\n'
		if _, err := c.w.Write(p[:n]); err != nil {
			return 0, err
		}
	}
	if !c.full {
		return len(p), nil
	}
	if c.mid {
		c.ended = true
		if _, err := c.w.Write(append(bytes.Clone(c.off), '\n')); err != nil {
			return 0, err
		}
	}
	return len(p), jsontext.ErrStop
}

// fill returns how much of p fits in the rows left.
func (c *cutter) fill(p []byte) int {
	for i, ch := range p {
		if c.lines == c.rows && !c.seq { // only what does not fit makes it full
			c.full = true
			return i
		}
		switch {
		case c.seq:
			c.seq = ch != 'm'
			continue
		case ch == '\x1b':
			c.seq = true
			continue
		}
		c.drawn++
		if ch == '\n' {
			c.lines, c.col = c.lines+1, 0
			continue
		}
		w := cells(ch, c.col)
		if c.col+w > c.width {
			if c.lines, c.col = c.lines+1, 0; c.lines == c.rows {
				c.full, c.mid = true, true
				c.drawn--
				return i
			}
		}
		c.col += w
	}
	return len(p)
}

// cells returns how many columns a byte takes that begins or continues a rune. It
// takes all but the shortest runes as wide: a row too few is better than one too
// many.
func cells(ch byte, col int) int {
	switch {
	case ch == '\t':
		return 8 - col%8
	case ch < 0x80:
		return 1
	case ch < 0xc0:
		return 0
	case ch < 0xe0:
		return 1
	}
	return 2
}
