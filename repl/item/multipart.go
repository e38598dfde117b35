package item

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// A part is one part of a multipart body: its head and its content, which is
// text or a file.
type part struct {
	head string // with the delimiter line in front of it
	text string // without a file
	file *Item  // an Upload; nil: text
	size int64  // of the content; -1: unknown
}

// Multipart is the fields and uploads among items as multipart/form-data (RFC
// 7578), in their order; names are taken literally. An upload is streamed from
// its file and carries the last element of its path as its file name. Raw
// JSON that is an object, an array or null goes as a part of type
// application/json, other raw JSON as what it stands for.
//
// The boundary, 1 to 70 of the characters RFC 2046 allows, must not occur in
// the content: choose it by chance. The length is known when all sizes are.
// Errors are of type *Error, except one for a boundary that is none.
func Multipart(items []Item, boundary string, open Opener) (*Body, error) {
	if !isBoundary(boundary) {
		return nil, fmt.Errorf("multipart boundary %q: 1 to 70 letters, digits or '()+_,-./:=? expected", cut(boundary))
	}
	m := &partList{open: open, end: "--" + boundary + "--\r\n"}
	length := int64(len(m.end))
	for _, it := range items {
		if !it.IsField() {
			continue
		}
		p, err := it.part(boundary, open)
		if err != nil {
			return nil, err
		}
		m.parts = append(m.parts, p)
		m.streamed = m.streamed || p.file != nil
		if p.size < 0 || length < 0 {
			length = -1
			continue
		}
		length += int64(len(p.head)) + p.size + int64(len("\r\n"))
	}
	if !m.streamed {
		return Bytes(contentType(boundary), m.bytes()), nil
	}
	return &Body{ContentType: contentType(boundary), Length: length, Open: m.reader, Again: length >= 0}, nil
}

// contentType is the media type of a multipart body; a boundary that is no
// token needs quotes.
func contentType(boundary string) string {
	if strings.ContainsAny(boundary, `(),/:=? `) {
		boundary = `"` + boundary + `"`
	}
	return "multipart/form-data; boundary=" + boundary
}

// isBoundary reports whether s can be a boundary (RFC 2046, section 5.1.1),
// without the blanks it allows inside.
func isBoundary(s string) bool {
	for _, c := range []byte(s) {
		if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') && strings.IndexByte("'()+_,-./:=?", c) < 0 {
			return false
		}
	}
	return s != "" && len(s) <= 70
}

// part is the part that a field or an upload makes.
func (i Item) part(boundary string, open Opener) (part, error) {
	disposition := `form-data; name="` + escapeName(i.Name) + `"`
	p := part{}
	mediaType := ""
	var err error
	if i.Kind == Upload {
		p.file = &i
		disposition += `; filename="` + escapeName(filepath.Base(i.Value)) + `"`
		if mediaType, err = i.mediaType(); err != nil {
			return p, err
		}
		if p.size, err = i.size(open); err != nil {
			return p, err
		}
	} else {
		if p.text, mediaType, err = i.partText(open); err != nil {
			return p, err
		}
		p.size = int64(len(p.text))
	}
	p.head = "--" + boundary + "\r\nContent-Disposition: " + disposition + "\r\n"
	if mediaType != "" {
		p.head += "Content-Type: " + mediaType + "\r\n"
	}
	p.head += "\r\n"
	return p, nil
}

// partText is the content of a field's part and its media type, empty for
// plain text.
func (i Item) partText(open Opener) (text, mediaType string, err error) {
	read := func(path string) ([]byte, error) {
		r, _, err := open(path)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return io.ReadAll(r)
	}
	if i.Kind == Field || i.Kind == FieldFile {
		text, err = i.formText(read)
		return text, "", err
	}
	if text, err = i.jsonText(read); err != nil {
		return "", "", err
	}
	switch text[0] {
	case '"':
		return unquote(text), "", nil
	case '{', '[', 'n':
		return text, JSONType, nil
	}
	return text, "", nil
}

// escapeName escapes a field or file name the way browsers do (WHATWG HTML,
// multipart/form-data encoding): quotes and line breaks would end it early.
func escapeName(s string) string {
	return strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A").Replace(s)
}

// A partList is a multipart body that can be read several times.
type partList struct {
	parts    []part
	end      string // the closing delimiter
	open     Opener
	streamed bool // a part comes from a file
}

// bytes is the whole of a body without files.
func (m *partList) bytes() []byte {
	var b bytes.Buffer
	for _, p := range m.parts {
		b.WriteString(p.head)
		b.WriteString(p.text)
		b.WriteString("\r\n")
	}
	b.WriteString(m.end)
	return b.Bytes()
}

// reader reads the body from its start. Only the file it is at is open.
func (m *partList) reader() (io.ReadCloser, error) {
	return &partReader{m: m}, nil
}

// A partReader reads the parts of a body one after the other.
type partReader struct {
	m    *partList
	next int // of the parts; one more than their number after the closing delimiter
	cur  []io.Reader
	file io.Closer // of the file in cur; nil: none
}

// Read reads on, across the borders of parts.
func (r *partReader) Read(p []byte) (int, error) {
	for {
		if len(r.cur) == 0 {
			if r.next > len(r.m.parts) {
				return 0, io.EOF
			}
			if err := r.advance(); err != nil {
				return 0, err
			}
		}
		n, err := r.cur[0].Read(p)
		if err == io.EOF {
			r.cur, err = r.cur[1:], nil
		}
		if n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
	}
}

// advance makes the next part, or the closing delimiter, the current one.
func (r *partReader) advance() error {
	if err := r.Close(); err != nil {
		return err
	}
	if r.next == len(r.m.parts) {
		r.next++
		r.cur = []io.Reader{strings.NewReader(r.m.end)}
		return nil
	}
	p := r.m.parts[r.next]
	r.next++
	if p.file == nil {
		r.cur = []io.Reader{strings.NewReader(p.head + p.text + "\r\n")}
		return nil
	}
	f, err := p.file.open(r.m.open, p.size)
	if err != nil {
		return err
	}
	r.file = f
	r.cur = []io.Reader{strings.NewReader(p.head), f, strings.NewReader("\r\n")}
	return nil
}

// Close closes the file that is open, if one is.
func (r *partReader) Close() error {
	if r.file == nil {
		return nil
	}
	f := r.file
	r.file = nil
	return f.Close()
}
