package history

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// last returns the last max entries of text, the lines of a file, and after
// them of more; all if max is 0 or less.
func last(text string, more []string, max int) []string {
	var entries []string // newest first
	add := func(entry string) {
		if entry != "" && (len(entries) == 0 || entries[len(entries)-1] != entry) {
			entries = append(entries, entry)
		}
	}
	full := func() bool { return max > 0 && len(entries) >= max }
	for i := len(more) - 1; i >= 0 && !full(); i-- {
		add(more[i])
	}
	for text != "" && !full() {
		text = text[:len(text)-1] // the line end
		start := strings.LastIndexByte(text, '\n') + 1
		if line := strings.TrimSuffix(text[start:], "\r"); whole(line) {
			add(clean(decode(line)))
		}
		text = text[:start]
	}
	slices.Reverse(entries)
	return entries
}

// encode makes one line of an entry.
func encode(entry string) string {
	return strings.ReplaceAll(strings.ReplaceAll(entry, `\`, `\\`), "\n", `\n`)
}

// decode is the inverse of encode. Escapes that encode does not write stay as
// they are.
func decode(line string) string {
	if strings.IndexByte(line, '\\') < 0 {
		return line
	}
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n").Replace(line)
}

// whole reports whether line may be a whole entry: one that ends in the middle
// of an escape was torn.
func whole(line string) bool {
	return (len(line)-len(strings.TrimRight(line, `\`)))%2 == 0
}

// clean returns entry without what no person types and no terminal should be
// sent: control characters but tab and line end (a carriage return before a
// line end goes too), and bytes that are not UTF-8.
func clean(entry string) string {
	if !strings.ContainsFunc(entry, unclean) {
		return entry
	}
	var out strings.Builder
	for i := 0; i < len(entry); {
		r, n := utf8.DecodeRuneInString(entry[i:])
		if !unclean(r) || r == utf8.RuneError && n > 1 {
			out.WriteString(entry[i : i+n])
		}
		i += n
	}
	return out.String()
}

// unclean reports whether r is to be left out. The replacement character may
// stand for itself or for a byte that is not UTF-8.
func unclean(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError
}
