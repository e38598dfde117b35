package item

import "strings"

// Explain says why word, which Parse refused, is no item and what to type
// instead. before is the item in front of it on the line, the zero Item for
// none: "Accept: text/html" is two words, and the first one alone would leave
// the header out.
func Explain(before Item, word string) *Error {
	e := &Error{Msg: "no item: " + cut(word), Tip: "name=value for a field, name==value for a parameter, Name:value for a header"}
	switch {
	case before.Kind == HeaderUnset:
		e.Msg = "a blank after " + before.Name + ":"
		e.Tip = before.Name + ":" + quoteWord(word)
	case strings.HasPrefix(word, "http://"), strings.HasPrefix(word, "https://"):
		e.Msg = "a second URL"
		e.Tip = "name=URL to send it as a field"
	case word == "@":
		e.Msg = "no file after @"
		e.Tip = "@FILE"
	case strings.HasPrefix(word, "-"):
		option, _, _ := strings.Cut(word, "=")
		e.Msg = "no option " + cut(option)
		e.Tip = "--form, --multipart, --raw TEXT, --timeout 5s, --no-follow, --no-retry or --dry-run"
	case strings.HasPrefix(word, ":"):
		e.Msg = "no header name before the colon"
		e.Tip = "Name" + cut(word)
	}
	return e
}

// quoteWord puts a word with blanks or quotes into single quotes.
func quoteWord(word string) string {
	if strings.ContainsAny(word, " \t\"'\\|#") {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return word
}
