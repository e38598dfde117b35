package text

import (
	"iter"
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// Width returns how many terminal cells s takes. Control characters count 0, and
// ambiguous East Asian characters 1: measure what Clean returned.
func Width(s string) int { return displaywidth.String(s) }

// Cut returns s if it is at most cols cells wide, else its beginning with "…" at
// the end, together at most cols cells. Clusters are never split. For cols below 1
// it returns "".
func Cut(s string, cols int) string {
	if cols < 1 {
		return ""
	}
	if len(s) <= cols { // a byte is never wider than a cell
		return s
	}
	width, end := 0, 0
	for cluster, w := range Clusters(s) {
		width += w
		if width > cols {
			return s[:end] + "…"
		}
		if width < cols { // there is still a cell left for the mark
			end += len(cluster)
		}
	}
	return s
}

// Clusters yields the grapheme clusters of s in order, each with its width in
// terminal cells (0, 1 or 2). Joined together they are s.
func Clusters(s string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for i := 0; i < len(s); {
			// Printable ASCII followed by more of it needs no tables.
			if printable(s[i]) && (i+1 == len(s) || printable(s[i+1])) {
				if !yield(s[i:i+1], 1) {
					return
				}
				i++
				continue
			}
			n, more := tabled(s[i:], yield)
			if !more {
				return
			}
			i += n
		}
	}
}

// tabled yields clusters of s until one is followed by printable ASCII, and returns
// how many bytes they took and whether more are wanted.
func tabled(s string, yield func(string, int) bool) (n int, more bool) {
	for g := displaywidth.StringGraphemes(s); g.Next(); {
		cluster := g.Value()
		if !yield(cluster, g.Width()) {
			return n, false
		}
		n += len(cluster)
		if n < len(s) && printable(s[n]) {
			return n, true
		}
	}
	return len(s), true
}

func printable(c byte) bool { return c >= 0x20 && c < 0x7f }

// Wrap breaks s at blanks into rows of at most cols cells; a word that is wider
// has a row of its own.
func Wrap(s string, cols int) iter.Seq[string] {
	return func(yield func(string) bool) {
		row := ""
		for word := range strings.SplitSeq(s, " ") {
			switch {
			case row == "" && word != "":
				row = word
			case Width(row)+1+Width(word) <= cols || row == "":
				row += " " + word
			default:
				if !yield(row) {
					return
				}
				row = word
			}
		}
		yield(row)
	}
}
