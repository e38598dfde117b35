package item

import (
	"net/url"
	"strings"
)

// FormType is the media type of what FormBody makes.
const FormType = "application/x-www-form-urlencoded"

// FormBody is the fields among items as application/x-www-form-urlencoded
// text (WHATWG URL, section 5.2), in their order and with repeated names; a
// space becomes a plus. Names are taken literally, brackets and all. Raw JSON
// may be a string, a number or a boolean.
//
// read gives the contents of a file; nil when no item names one. Errors are of
// type *Error: files that do not read, raw JSON of another type, and uploads.
func FormBody(items []Item, read func(path string) ([]byte, error)) (string, error) {
	var b strings.Builder
	for _, it := range items {
		if !it.IsField() {
			continue
		}
		if it.Kind == Upload {
			return "", &Error{Item: it, Pos: it.Sep, Msg: "an upload in a form without parts", Tip: "--multipart"}
		}
		value, err := it.formText(read)
		if err != nil {
			return "", err
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(it.Name))
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(value))
	}
	return b.String(), nil
}

// formText is the value of a field as a form carries it: text as it is, raw
// JSON as what it stands for.
func (i Item) formText(read func(string) ([]byte, error)) (string, error) {
	switch i.Kind {
	case Field:
		return i.Value, nil // a form may carry any bytes
	case FieldFile:
		return i.text(read)
	}
	text, err := i.jsonText(read)
	if err != nil {
		return "", err
	}
	switch text[0] {
	case '"':
		return unquote(text), nil
	case '{', '[':
		return "", &Error{Item: i, Pos: i.ValueOffset(), Msg: "a form has no objects and arrays", Tip: "leave out --form to send JSON"}
	case 'n':
		return "", &Error{Item: i, Pos: i.ValueOffset(), Msg: "a form has no null", Tip: cut(i.Name) + "= sends it empty"}
	}
	return text, nil
}
