package terminal

import (
	"strings"

	"sonde/repl/text"
)

// A view is all that is drawn at one time. It is made when a key has been
// applied and not changed after, so any goroutine may draw it again.
type view struct {
	prompt string
	cont   string // in front of every further line
	text   string
	pos    int
	spans  []Span
	note   string      // one dim line below the text
	items  []Candidate // the menu
	sel    int         // its selected candidate, -1: none
}

const (
	resetStyle = "\x1b[0m"
	dimStyle   = "\x1b[2m"
	pickStyle  = "\x1b[7m"
)

// A row is one row of the screen as it is written, with its width in cells.
type row struct {
	text  string
	width int
}

// A textRow is a row of prompt and text before it is put into words: the lead,
// then the bytes start to end of the text.
type textRow struct {
	lead       row
	start, end int
	width      int // of all
}

// A place is a cell of the block that is drawn.
type place struct{ row, col int }

// A wrapper breaks a text into rows and finds the cursor's place.
type wrapper struct {
	cols int
	rows []textRow
	now  textRow // the row being filled
	at   place   // of the cursor
}

// put adds a cell of width w that starts at byte start. A cell that does not
// fit begins a new row; here says that the cursor is on it.
func (w *wrapper) put(start, width int, here bool) {
	if w.now.width+width > w.cols {
		w.flush(start, textRow{start: start})
	}
	if here { // what has no width does not go to a new row
		w.at = place{len(w.rows), min(w.now.width, w.cols-1)}
	}
	w.now.width += width
}

// flush ends the row at a byte and begins the next one.
func (w *wrapper) flush(end int, next textRow) {
	w.now.end = end
	w.rows = append(w.rows, w.now)
	w.now = next
}

// textRows breaks prompt and text into rows of at most cols cells and says
// where the cursor goes. A cell at the end of a full row begins the next.
func (v *view) textRows(cols int) ([]textRow, place) {
	w := wrapper{cols: cols}
	prompt := styledRows(v.prompt, cols)
	for _, p := range prompt {
		w.flush(0, textRow{lead: p, width: p.width})
	}
	w.rows = w.rows[1:] // the empty row in front of the prompt
	cont := continuation(v.cont, cols)
	i := 0
	for cluster, width := range text.Clusters(v.text) {
		start := i
		i += len(cluster)
		here := start <= v.pos && v.pos < i
		if cluster[len(cluster)-1] == '\n' {
			if here {
				w.put(start, 0, true)
			}
			w.flush(start, textRow{lead: cont, start: i, width: cont.width})
			continue
		}
		_, width = shown(cluster, width, cols)
		w.put(start, width, here)
	}
	if v.pos >= i { // the cursor, too, needs a cell
		if w.now.width >= cols {
			w.flush(i, textRow{start: i})
		}
		w.at = place{len(w.rows), w.now.width}
	}
	w.flush(i, textRow{})
	return w.rows, w.at
}

// shown returns how a cluster of width w is drawn on a screen of cols columns,
// and how wide that is. What would move the cursor or is invisible becomes an
// escape in ASCII.
func shown(cluster string, w, cols int) (string, int) {
	if len(cluster) == 1 && cluster[0] >= 0x20 && cluster[0] < 0x7f {
		return cluster, 1
	}
	if cluster == "\t" {
		n := min(4, cols)
		return "    "[:n], n
	}
	if clean := text.Clean(cluster); clean != cluster {
		cluster, w = clean, len(clean)
	}
	if w > cols {
		return "?", 1
	}
	return cluster, w
}

// continuation returns what stands in front of further lines; nothing on a
// screen too narrow for it.
func continuation(s string, cols int) row {
	rows := styledRows(s, cols)
	if len(rows) > 1 || rows[0].width*2 > cols {
		return row{}
	}
	return rows[0]
}

// A styler writes rows whose style goes on from one to the next.
type styler struct {
	rows  []row
	b     strings.Builder // of the row being filled
	width int
	style string // the SGR escapes in force
}

// sgr writes an SGR escape.
func (s *styler) sgr(escape string) {
	s.b.WriteString(escape)
	s.style += escape
	if escape == resetStyle || escape == "\x1b[m" {
		s.style = ""
	}
}

// flush ends the row.
func (s *styler) flush() {
	if s.style != "" {
		s.b.WriteString(resetStyle)
	}
	s.rows = append(s.rows, row{s.b.String(), s.width})
	s.b.Reset()
	s.b.WriteString(s.style)
	s.width = 0
}

// styledRows breaks a prompt into rows, at least one. SGR escapes (ECMA-48,
// 8.3.117) take no room and are carried over to the next row; any other control
// character is drawn as an escape in ASCII.
func styledRows(s string, cols int) []row {
	var out styler
	for s != "" {
		if n := sgrLen(s); n > 0 {
			out.sgr(s[:n])
			s = s[n:]
			continue
		}
		size := next(s, 0)
		cluster := s[:size]
		s = s[size:]
		if cluster[size-1] == '\n' {
			out.flush()
			continue
		}
		cluster, width := shown(cluster, text.Width(cluster), cols)
		if out.width+width > cols {
			out.flush()
		}
		out.b.WriteString(cluster)
		out.width += width
	}
	out.flush()
	return out.rows
}

// sgrLen returns the length of the SGR escape at the start of s, 0 if there is
// none.
func sgrLen(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && c != ':' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}

// draw puts a row into words.
func (v *view) draw(r textRow, cols int) row {
	var b strings.Builder
	b.WriteString(r.lead.text)
	spans := v.spans
	style := ""
	i := r.start
	for cluster, w := range text.Clusters(v.text[r.start:r.end]) {
		for len(spans) > 0 && spans[0].End <= i {
			spans = spans[1:]
		}
		want := ""
		if len(spans) > 0 && spans[0].Start <= i {
			want = spans[0].Style
		}
		if want != style {
			writeStyle(&b, style, want)
			style = want
		}
		out, _ := shown(cluster, w, cols)
		b.WriteString(out)
		i += len(cluster)
	}
	writeStyle(&b, style, "")
	return row{b.String(), r.width}
}

// writeStyle changes from one style to another.
func writeStyle(b *strings.Builder, from, to string) {
	if from != "" {
		b.WriteString(resetStyle)
	}
	if to != "" {
		b.WriteString("\x1b[" + to + "m")
	}
}
