package item

import "strings"

// A Span is the bytes [Start, End) of a word that a {{program}} put there.
type Span struct{ Start, End int }

// Parse takes a word apart. It reports false for a word that is no item: one
// without a separator, a header without a name, an option, or a second URL.
func Parse(word string) (Item, bool) { return ParseExpanded(word, nil) }

// ParseExpanded is Parse for a word in which the spans, in order and without
// overlap, hold values that were put in: no byte of a span separates, escapes
// or opens a path, so a value never makes an item.
func ParseExpanded(word string, spans []Span) (Item, bool) {
	if word == "" {
		return Item{}, false
	}
	typed := len(spans) == 0 || spans[0].Start > 0
	body := typed && (word[0] == '{' || word[0] == '[')
	if body && !opensWithPath(word) {
		return Item{Kind: BodyText, Value: word}, true
	}
	if typed && strings.HasPrefix(word, "--") {
		return Item{}, false
	}
	at, sep := findSeparator(word, spans)
	if sep == "" || sep == "@" && at == 0 && !typed {
		return Item{}, false
	}
	it := build(word, spans, at, sep)
	switch it.Kind {
	case Header, HeaderFile, HeaderUnset, HeaderEmpty:
		if body {
			return Item{Kind: BodyText, Value: word}, true
		}
		if at == 0 || isURL(it) {
			return Item{}, false
		}
	}
	return it, true
}

// opensWithPath reports whether a word that opens with a bracket starts like
// the path of an array element, "[]=", "[0]:=" or "[0][", and not like JSON.
func opensWithPath(word string) bool {
	if word[0] != '[' {
		return false
	}
	i := 1
	for i < len(word) && (isDigit(word[i]) || word[i] == '-') {
		i++
	}
	if i+1 >= len(word) || word[i] != ']' {
		return false
	}
	rest := word[i+1:]
	if rest[0] == '[' {
		// [0][1] is as little JSON as it is a field; what has a separator is
		// meant as a field.
		return strings.ContainsAny(rest, "=@")
	}
	return rest[0] == '=' || rest[0] == '@' || strings.HasPrefix(rest, ":=")
}

// isURL reports whether an item is a URL that stands where an item belongs.
func isURL(it Item) bool {
	return (it.Name == "http" || it.Name == "https") && strings.HasPrefix(it.Value, "//")
}

// findSeparator is the offset and text of the first separator outside the
// spans that no backslash escapes, "" for none.
func findSeparator(word string, spans []Span) (at int, sep string) {
	for i := 0; i < len(word); {
		end := len(word)
		if len(spans) > 0 {
			if i >= spans[0].Start {
				i = max(i, spans[0].End)
				spans = spans[1:]
				continue
			}
			end = spans[0].Start
		}
		if word[i] == '\\' {
			i += min(2, end-i)
			continue
		}
		if sep := separatorAt(word[i:end], end == len(word)); sep != "" {
			return i, sep
		}
		i++
	}
	return 0, ""
}

// separatorAt is the longest separator that text starts with, "" for none.
// A semicolon needs to be the last byte of the word.
func separatorAt(text string, last bool) string {
	switch text[0] {
	case ':':
		return longest(text, ":=@", ":=", ":@", ":")
	case '=':
		return longest(text, "==@", "==", "=@", "=")
	case '@':
		return "@"
	case ';':
		if last && len(text) == 1 {
			return ";"
		}
	}
	return ""
}

// longest is the first of the prefixes, given longest first, that text has.
func longest(text string, prefixes ...string) string {
	for _, p := range prefixes {
		if strings.HasPrefix(text, p) {
			return p
		}
	}
	return ""
}

// build makes the item of a word whose separator sep was found at offset at.
func build(word string, spans []Span, at int, sep string) Item {
	it := Item{Sep: at, Value: word[at+len(sep):]}
	it.Name, it.path = names(word[:at], spans)
	valueTyped := !spanAt(spans, at+len(sep))
	switch sep {
	case ":":
		it.Kind = Header
		if valueTyped {
			it.Value = strings.TrimLeft(it.Value, " \t")
		}
		if !spanAt(spans, len(word)-1) {
			it.Value = strings.TrimRight(it.Value, " \t")
		}
		if it.Value == "" {
			// A value that was asked for and came out empty is sent empty.
			it.Kind = HeaderEmpty
			if valueTyped {
				it.Kind = HeaderUnset
			}
		}
	case ":@":
		it.Kind = HeaderFile
	case ";":
		it.Kind = HeaderEmpty
	case "==":
		it.Kind = Param
	case "==@":
		it.Kind = ParamFile
	case "=":
		it.Kind = Field
	case "=@":
		it.Kind = FieldFile
	case ":=":
		it.Kind = RawField
	case ":=@":
		it.Kind = RawFieldFile
	case "@":
		it.Kind = Upload
		if at == 0 {
			it.Kind = BodyFile
		}
		it.Value, it.Type = cutType(it.Value, at+len(sep), spans)
	}
	return it
}

// cutType takes ";type=…" off a path that starts at offset at in its word.
func cutType(value string, at int, spans []Span) (path, mediaType string) {
	const mark = ";type="
	i := strings.LastIndex(value, mark)
	if i < 0 || spanAt(spans, at+i) {
		return value, ""
	}
	return value[:i], value[i+len(mark):]
}

// names resolves the escapes of a name as typed: name has those of separators
// resolved; path keeps all of them and has the brackets of spans escaped, and
// is empty when it would equal name.
func names(typed string, spans []Span) (name, path string) {
	if len(spans) == 0 && !strings.Contains(typed, `\`) {
		return typed, ""
	}
	var n, p strings.Builder
	for i := 0; i < len(typed); i++ {
		c := typed[i]
		switch {
		case spanAt(spans, i):
			n.WriteByte(c)
			if c == '[' || c == ']' || c == '\\' {
				p.WriteByte('\\')
			}
			p.WriteByte(c)
		case c == '\\' && i+1 < len(typed) && !spanAt(spans, i+1):
			i++
			if !isSeparator(typed[i]) {
				n.WriteByte(c)
			}
			n.WriteByte(typed[i])
			p.WriteByte(c)
			p.WriteByte(typed[i])
		default:
			n.WriteByte(c)
			p.WriteByte(c)
		}
	}
	if n.String() == p.String() {
		return n.String(), ""
	}
	return n.String(), p.String()
}

// spanAt reports whether offset i of the word lies in a span, or an empty span
// stands there.
func spanAt(spans []Span, i int) bool {
	for _, s := range spans {
		if s.Start <= i && (i < s.End || s.Start == s.End && i == s.Start) {
			return true
		}
	}
	return false
}

// isSeparator reports whether c occurs in a separator.
func isSeparator(c byte) bool { return c == ':' || c == ';' || c == '=' || c == '@' }

// isDigit reports whether c is an ASCII digit.
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
