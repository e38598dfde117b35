package item

import "strings"

// JSONBody is the JSON text that the fields among items make, in their order;
// nil when there are none. Items that are no part of a body are passed over.
//
// A field set twice has its last value at its first place. Raw JSON goes in
// as typed, with its numbers, blanks and duplicate keys, unless a path leads
// into it, which rewrites what the path goes through. An index beyond the end
// of an array fills the gap with null.
//
// read gives the contents of a file; nil when no item names one. Errors are
// of type *Error: raw values that are no JSON, text that is not UTF-8, paths
// that do not read or do not fit what an earlier item set, and uploads, for
// which there is Multipart.
func JSONBody(items []Item, read func(path string) ([]byte, error)) ([]byte, error) {
	var root node
	for _, it := range items {
		if !it.IsField() {
			continue
		}
		text, err := it.jsonText(read)
		if err != nil {
			return nil, err
		}
		if err := root.putItem(it, text); err != nil {
			return nil, err
		}
	}
	if root.kind == nodeUnset {
		return nil, nil
	}
	return root.appendTo(nil), nil
}

// putItem puts the JSON text of a field to the place its name says.
func (n *node) putItem(it Item, text string) error {
	path := it.path
	if path == "" {
		path = it.Name
	}
	if i := invalidUTF8(path); i >= 0 {
		return &Error{Item: it, Pos: i, Msg: "the name is not UTF-8 text"}
	}
	steps, f := parsePath(path)
	if f == nil {
		f = n.put(path, steps, text)
	}
	if f != nil {
		return &Error{Item: it, Pos: f.pos, Msg: f.msg, Tip: f.tip}
	}
	return nil
}

// jsonText is the value of a field as JSON text.
func (i Item) jsonText(read func(string) ([]byte, error)) (string, error) {
	if i.Kind == Upload {
		return "", &Error{Item: i, Pos: i.Sep, Msg: "an upload in a JSON body", Tip: "--multipart, or " + cut(i.Name) + "=@FILE for the text of the file"}
	}
	text, err := i.text(read)
	if err != nil {
		return "", err
	}
	if i.Kind == Field || i.Kind == FieldFile {
		return quote(text), nil
	}
	text = strings.TrimPrefix(text, "\uFEFF") // editors on Windows begin files with it
	if f := checkJSON(text); f != nil {
		return "", i.notJSON(f)
	}
	return strings.Trim(text, " \t\r\n"), nil
}

// notJSON is the error of a raw field whose value has a fault.
func (i Item) notJSON(f *fault) *Error {
	e := &Error{Item: i, Pos: i.ValueOffset() + f.pos, Msg: f.msg, Tip: f.tip}
	if i.Kind == RawFieldFile {
		e.Pos = i.ValueOffset()
	}
	if f.pos == 0 && f.tip == "" {
		e.Tip = cut(i.Name) + "=VALUE sends a string"
	}
	return e
}

// Text is the value of a header or parameter, out of its file where it names
// one, and then without the line breaks at its end. read gives the contents of
// a file; nil when the item names none. Errors are of type *Error.
func (i Item) Text(read func(path string) ([]byte, error)) (string, error) {
	if i.Kind != HeaderFile && i.Kind != ParamFile {
		return i.Value, nil
	}
	text, err := i.text(read)
	return strings.TrimRight(text, "\r\n"), err
}

// text is the text an item was given, out of its file where it names one.
func (i Item) text(read func(string) ([]byte, error)) (string, error) {
	text := i.Value
	file := i.Kind == FieldFile || i.Kind == RawFieldFile || i.Kind == HeaderFile || i.Kind == ParamFile
	if file {
		if i.Value == "" {
			return "", i.fileError("no file is named", nil)
		}
		if read == nil {
			return "", &Error{Item: i, Pos: i.ValueOffset(), Msg: "files are not read here"}
		}
		content, err := read(i.Value)
		if err != nil {
			return "", &Error{Item: i, Pos: i.ValueOffset(), Err: err}
		}
		text = string(content)
	}
	at := invalidUTF8(text)
	switch {
	case at < 0:
		return text, nil
	case file && !i.IsField():
		return "", &Error{Item: i, Pos: i.ValueOffset(), Msg: "the file is not UTF-8 text"}
	case file:
		return "", &Error{Item: i, Pos: i.ValueOffset(), Msg: "the file is not UTF-8 text", Tip: cut(i.Name) + "@" + i.Value + " uploads it"}
	}
	return "", &Error{Item: i, Pos: i.ValueOffset() + at, Msg: "the value is not UTF-8 text"}
}
