package repl

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"sonde/repl/item"
	"sonde/repl/line"
	"sonde/session"
)

// content makes the body of a request of its items, its heredoc or --raw.
func (sh *Shell) content(ctx context.Context, ln line.Line, d *draft) error {
	kinds := 0
	var whole *item.Item
	fields := d.items[:0:0]
	for i, it := range d.items {
		if it.IsField() {
			fields = append(fields, it)
			continue
		}
		kinds++
		whole = &d.items[i]
	}
	if d.raw != nil {
		kinds++
	}
	if ln.Heredoc != nil {
		kinds++
	}
	if kinds > 1 || kinds == 1 && len(fields) > 0 {
		return &Failure{Op: strings.ToLower(ln.Name), Msg: "more than one body is given", Code: ExitUsage,
			Hint: "either fields (`name=value`), or one of `{…}`, `@FILE`, `<<WORD`, `--raw TEXT`"}
	}
	body, err := sh.makeBody(ctx, ln, d, whole, fields)
	if err != nil {
		return d.itemFailure(ln, err)
	}
	if body == nil {
		return nil
	}
	c := session.Content{Type: body.ContentType, Length: body.Length, Open: body.Open, Again: body.Again, Show: body.Show}
	d.req.Content = &c
	if strings.HasPrefix(c.Type, "application/json") {
		d.req.Accept = "application/json, */*;q=0.5"
	}
	return nil
}

// makeBody is the body that is given, nil without one.
func (sh *Shell) makeBody(ctx context.Context, ln line.Line, d *draft, whole *item.Item, fields []item.Item) (*item.Body, error) {
	switch {
	case d.raw != nil:
		return item.Bytes(textType(*d.raw), []byte(*d.raw)), nil
	case ln.Heredoc != nil:
		e, err := sh.expandTemplate(ctx, ln, *ln.Heredoc)
		if err != nil {
			return nil, err
		}
		if ln.Heredoc.JSON && d.wantsJSON() {
			if err := checkValues(e.text); err != nil {
				return nil, err
			}
		}
		return item.Bytes(textType(e.text), []byte(e.text)), nil
	case whole != nil && whole.Kind == item.BodyText:
		if err := item.CheckJSON(whole.Value); err != nil {
			return nil, err
		}
		return item.Bytes("application/json", []byte(whole.Value)), nil
	case whole != nil:
		return item.File(*whole, item.OpenFile)
	case len(fields) == 0:
		return nil, nil
	}
	return sh.fieldsBody(d, fields)
}

// fieldsBody is JSON, a form, or multipart as soon as a file is uploaded.
func (sh *Shell) fieldsBody(d *draft, fields []item.Item) (*item.Body, error) {
	uploads := d.multipart
	for _, f := range fields {
		uploads = uploads || f.Kind == item.Upload
	}
	switch {
	case uploads:
		return item.Multipart(fields, boundary(fields), item.OpenFile)
	case d.form:
		text, err := item.FormBody(fields, readItemFile)
		if err != nil {
			return nil, err
		}
		return item.Bytes(item.FormType, []byte(text)), nil
	}
	b, err := item.JSONBody(fields, readItemFile)
	if err != nil {
		return nil, err
	}
	return item.Bytes("application/json", b), nil
}

// itemFailure points at the item an error is about.
func (d *draft) itemFailure(ln line.Line, err error) error {
	e, ok := errors.AsType[*item.Error](err)
	if !ok {
		return err
	}
	code := ExitUsage
	if e.Err != nil {
		code = ExitFailed
	}
	f := &Failure{Op: strings.ToLower(ln.Name), Msg: e.Error(), Code: code, Hint: e.Tip}
	if p, ok := errors.AsType[*os.PathError](e.Err); ok {
		f.Msg = p.Path + ": " + p.Err.Error()
	}
	if pos := d.place(ln, e); pos >= 0 {
		f.Text, f.Pos, f.At, f.Hint = ln.Text, pos, e.Tip, ""
	}
	return f
}

// place is where in the line an item's error is, -1 if what stands there is not
// what was read: a value took its place, or an escape.
func (d *draft) place(ln line.Line, e *item.Error) int {
	for i, it := range d.items {
		body := it.Kind == item.BodyText && (e.Item.Kind == item.None || e.Item.Kind == item.BodyText)
		if !body && (it.Name != e.Item.Name || it.Value != e.Item.Value) {
			continue
		}
		pos := d.itemPos[i] + e.Pos
		if body && !strings.HasPrefix(ln.Text[d.itemPos[i]:], it.Value) || pos > len(ln.Text) {
			return -1
		}
		return pos
	}
	if h := ln.Heredoc; h != nil {
		if text, ok := h.Literal(); ok && strings.HasPrefix(ln.Text[h.Pos:], text) {
			return h.Pos + e.Pos
		}
	}
	return -1
}

// textType is the media type of a body given as text: JSON if it is.
func textType(text string) string {
	if t := strings.TrimLeft(text, " \t\r\n"); t != "" && strings.IndexByte("{[", t[0]) >= 0 && item.CheckJSON(text) == nil {
		return "application/json"
	}
	return "text/plain; charset=utf-8"
}

// boundary separates the parts of a multipart body. The same items make the same
// one, so that a script sends what the prompt sends; the files' sizes and times
// are in it, so that what stands in a file cannot foresee it.
func boundary(items []item.Item) string {
	h := sha256.New()
	for _, it := range items {
		fmt.Fprintf(h, "%d %q %q\n", it.Kind, it.Name, it.Value)
		if it.Kind != item.Upload && it.Kind != item.FieldFile {
			continue
		}
		if st, err := os.Stat(it.Value); err == nil {
			fmt.Fprintf(h, "%d %d\n", st.Size(), st.ModTime().UnixNano())
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// largestItem is how much of a file fits into a field of JSON, a form or a header.
const largestItem = 64 << 20

// readItemFile reads the file of an item: an ordinary one, of a size that fits
// into a request held in memory. A pipe would wait for its writer for ever.
func readItemFile(path string) ([]byte, error) {
	f, size, err := item.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > largestItem {
		return nil, fmt.Errorf("%s has %s; upload it with name@%s", path, sizeText(size), path)
	}
	return io.ReadAll(io.LimitReader(f, largestItem))
}

// wantsJSON reports whether nothing on the line says that a body that opens like
// JSON is something else.
func (d *draft) wantsJSON() bool {
	for _, h := range d.req.Headers {
		if strings.EqualFold(h.Name, "Content-Type") {
			return strings.Contains(h.Value, "json")
		}
	}
	return true
}

// checkValues reports what keeps a text from being JSON, one value or one on each
// line; an [ini-like] text is none of our business.
func checkValues(text string) error {
	err := item.CheckJSON(text)
	if err == nil || iniLike(text) {
		return nil
	}
	for l := range strings.Lines(text) {
		if strings.TrimSpace(l) != "" && item.CheckJSON(l) != nil {
			return err
		}
	}
	return nil
}

// iniLike reports whether a text opens with a bare word in brackets.
func iniLike(text string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	word := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(first), "["), "]")
	return strings.HasPrefix(first, "[") && len(word) == len(strings.TrimSpace(first))-2 && isName(word) &&
		word != "true" && word != "false" && word != "null"
}
