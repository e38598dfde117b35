package terminal

import (
	"strconv"
	"strings"
	"testing"

	"sonde/repl/text"
)

// A vt is a small model of a terminal: enough to tell what a person would see
// after the bytes the renderer wrote. A sequence it does not know fails the
// test, so nothing is drawn that was not thought of.
type vt struct {
	t          *testing.T
	cols, rows int
	cells      [][]string // "" is blank, a wide cell is followed by wideTail
	wrapped    []bool     // the row goes on in the next one by autowrap
	history    []string   // rows that went out at the top
	row, col   int
	autowrap   bool
	hidden     bool
	paste      bool
	pending    bool // autowrap is due
}

const wideTail = "\x00"

func newVT(t *testing.T, cols, rows int) *vt {
	v := &vt{t: t, cols: cols, rows: rows, autowrap: true}
	for range rows {
		v.cells = append(v.cells, make([]string, cols))
		v.wrapped = append(v.wrapped, false)
	}
	return v
}

func (v *vt) write(b []byte) {
	s := string(b)
	for s != "" {
		switch {
		case strings.HasPrefix(s, "\x1b["):
			end := 2
			for end < len(s) && (s[end] < 0x40 || s[end] > 0x7e) {
				end++
			}
			if end == len(s) {
				v.t.Fatalf("write ends inside a sequence: %q", s)
			}
			v.csi(s[2:end], s[end])
			s = s[end+1:]
		case s[0] == '\r':
			v.col, v.pending = 0, false
			s = s[1:]
		case s[0] == '\n':
			v.lineFeed()
			s = s[1:]
		case s[0] < 0x20 || s[0] == 0x7f:
			v.t.Fatalf("control character written: %q", s[:min(len(s), 20)])
		default:
			n := strings.IndexFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f })
			if n < 0 {
				n = len(s)
			}
			for c, w := range text.Clusters(s[:n]) {
				v.put(c, w)
			}
			s = s[n:]
		}
	}
}

func (v *vt) lineFeed() {
	v.pending = false
	if v.row < v.rows-1 {
		v.row++
		return
	}
	v.history = append(v.history, v.line(0))
	v.cells = append(v.cells[1:], make([]string, v.cols))
	v.wrapped = append(v.wrapped[1:], false)
}

func (v *vt) put(cluster string, w int) {
	if w == 0 { // joins what is before
		if v.col > 0 {
			v.cells[v.row][v.col-1] += cluster
		}
		return
	}
	if v.autowrap && (v.pending || v.col+w > v.cols) {
		v.wrapped[v.row] = true
		v.lineFeed()
		v.col = 0
	}
	if v.col+w > v.cols {
		v.col = v.cols - w
	}
	v.cells[v.row][v.col] = cluster
	if w == 2 {
		v.cells[v.row][v.col+1] = wideTail
	}
	v.col += w
	v.pending = v.col == v.cols
	v.col = min(v.col, v.cols-1)
}

func (v *vt) csi(params string, final byte) {
	if strings.HasPrefix(params, "?") {
		v.mode(params[1:], final == 'h')
		return
	}
	n, _ := strconv.Atoi(params)
	count := max(n, 1)
	switch final {
	case 'm':
		return
	case 'A':
		v.row = max(v.row-count, 0)
	case 'B':
		v.row = min(v.row+count, v.rows-1)
	case 'C':
		v.col = min(v.col+count, v.cols-1)
	case 'H':
		v.row, v.col = 0, 0
	case 'K':
		clear(v.cells[v.row][v.col:])
	case 'J':
		if n == 2 {
			for i := range v.cells {
				clear(v.cells[i])
			}
			break
		}
		clear(v.cells[v.row][v.col:])
		for i := v.row + 1; i < v.rows; i++ {
			clear(v.cells[i])
			v.wrapped[i] = false
		}
		v.wrapped[v.row] = false
	default:
		v.t.Fatalf("unknown sequence CSI %s %c", params, final)
	}
	v.pending = false
}

func (v *vt) mode(number string, on bool) {
	switch number {
	case "7":
		v.autowrap = on
	case "25":
		v.hidden = !on
	case "2004":
		v.paste = on
	case "2026":
	default:
		v.t.Fatalf("unknown mode %s", number)
	}
}

// line returns a row without the blanks at its end.
func (v *vt) line(i int) string {
	var b strings.Builder
	for _, c := range v.cells[i] {
		switch c {
		case "":
			b.WriteByte(' ')
		case wideTail:
		default:
			b.WriteString(c)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// screen returns all rows, without blank ones at the end.
func (v *vt) screen() string {
	var lines []string
	for i := range v.cells {
		lines = append(lines, v.line(i))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// resize changes the width the way most terminals do: rows wider than the new
// width are broken, rows the terminal broke itself are joined, and the cursor
// stays on its character.
func (v *vt) resize(cols int) {
	var cells [][]string
	var wrapped []bool
	row, col := 0, 0
	for i := 0; i < len(v.cells); {
		var line []string
		at := -1
		for {
			if i == v.row {
				at = len(line) + v.col
			}
			line = append(line, v.cells[i]...)
			i++
			if !v.wrapped[i-1] || i == len(v.cells) {
				break
			}
		}
		for len(line) > 0 && line[len(line)-1] == "" && len(line) > at+1 {
			line = line[:len(line)-1]
		}
		for first := true; first || len(line) > 0; first = false {
			n := min(cols, len(line))
			if n < len(line) && n > 0 && line[n] == wideTail && cols > 1 {
				n--
			}
			if at >= 0 && at < max(n, 1) {
				row, col = len(cells), at
				at = -1
			}
			at -= n
			cells = append(cells, append(line[:n:n], make([]string, cols-n)...))
			line = line[n:]
			wrapped = append(wrapped, len(line) > 0)
		}
	}
	drop := max(0, row-v.rows+1)
	for len(cells)-drop < v.rows {
		cells, wrapped = append(cells, make([]string, cols)), append(wrapped, false)
	}
	v.cells, v.wrapped = cells[drop:drop+v.rows], wrapped[drop:drop+v.rows]
	v.cols, v.row, v.col, v.pending = cols, row-drop, col, false
}
