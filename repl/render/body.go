package render

import (
	"errors"
	"io"
	"strconv"

	"sonde/repl/jsontext"
	"sonde/repl/text"
)

// BodyInfo is what is known of a body before its first byte.
type BodyInfo struct {
	ContentType string // the field's value; empty: none
	Length      int64  // bytes after content decoding; -1: not known
}

// Limits bound what is drawn of a body. The zero value draws all of it.
type Limits struct {
	Lines int                // rows of the screen to fill; 0: no limit
	Note  func(Shown) string // text of the note under a body that was cut, with ‹marks›; nil: a plain one
}

// Shown is what was drawn of a body.
type Shown struct {
	Lines int   // rows drawn; counted only under a limit
	Bytes int64 // of the body: its length if that is known, else what has been written
	Cut   bool  // not all was drawn
	Kind  byte  // '[' or '{' if it is one JSON array or object, else 0
	Items int64 // elements of that array, members of that object, or how many JSON values there are
	Bad   int64 // offset of the first byte that is not JSON in a body that should be, in UTF-8; -1: none
}

// A BodyWriter draws the bytes of one body as they come. What it does with them it
// decides from the content type and the first piece: JSON is indented, text is
// cleaned for a screen, binary is summed up in a line. A style that is neither
// Pretty nor Screen passes every byte as it is.
//
// Close ends the drawing with a newline where one is missing, and for a screen with
// a note where something was left out. It does not close the writer below.
type BodyWriter struct {
	w    io.Writer
	st   *Style
	info BodyInfo
	lim  Limits

	kind  bodyKind
	typed bool // the content type says JSON
	in    int64
	cut   *cutter
	ind   *jsontext.Indenter // for JSON
	dec   decoder            // nil: the body is UTF-8
	utf8  []byte             // decoded input of the current window
	held  []byte             // end of the text so far, waiting for what follows
	out   []byte
	err   error
}

// bodyKind is how a body is drawn.
type bodyKind uint8

const (
	bodyUnseen bodyKind = iota // no byte has come
	bodyAsIs
	bodyBinary
	bodyJSON
	bodyText
)

// bodyWindow is how much text is handled at a time.
const bodyWindow = 32 << 10

// NewBody returns a writer that draws a body on w.
func NewBody(w io.Writer, info BodyInfo, st *Style, lim Limits) *BodyWriter {
	if st == nil {
		st = &Style{}
	}
	return &BodyWriter{w: w, st: st, info: info, lim: lim}
}

// Write draws p. It takes all of it, also where nothing more is drawn, unless the
// writer below gives an error.
func (b *BodyWriter) Write(p []byte) (int, error) {
	if b.err != nil || len(p) == 0 {
		return 0, b.err
	}
	rest := p
	if b.kind == bodyUnseen {
		rest = b.begin(p)
	}
	b.in += int64(len(p))
	switch b.kind {
	case bodyAsIs:
		_, b.err = b.w.Write(rest)
	case bodyJSON, bodyText:
		if b.kind == bodyJSON && b.dec == nil {
			_, b.err = b.ind.Write(rest)
			break
		}
		for len(rest) > 0 && b.err == nil {
			n := min(len(rest), bodyWindow)
			b.window(rest[:n])
			rest = rest[n:]
		}
	}
	if b.err != nil {
		return 0, b.err
	}
	return len(p), nil
}

// begin looks at the first piece of the body and returns what is to be drawn of it.
func (b *BodyWriter) begin(p []byte) []byte {
	if !b.st.Pretty && !b.st.Screen {
		b.kind = bodyAsIs
		return p
	}
	media := mediaType(b.info.ContentType)
	var known bool
	if b.st.Screen {
		b.dec, known = charsetOf(b.info.ContentType, p)
	}
	b.typed = isJSON(media)
	json := b.typed || mayBeJSON(media) && looksJSON(p)
	switch {
	case b.st.Screen && isBinary(media, p, known):
		b.kind = bodyBinary
		return nil
	case json && b.st.Pretty:
		b.kind = bodyJSON
	case b.st.Screen:
		b.kind = bodyText
	default:
		b.kind = bodyAsIs
		return p
	}
	b.cut = &cutter{w: b.w, off: b.st.paint.off, ended: true}
	if b.st.Screen {
		b.cut.width, b.cut.rows = b.st.Width, b.lim.Lines
	}
	if b.kind == bodyJSON {
		p = b.skipMark(p)
		b.ind = jsontext.NewIndenter(b.cut, b.st.indent())
	}
	return p
}

// skipMark draws a byte order mark before JSON, where it does not belong (RFC 8259
// section 8.1), and returns what follows it.
func (b *BodyWriter) skipMark(p []byte) []byte {
	const mark = "\xef\xbb\xbf"
	if len(p) < len(mark) || string(p[:len(mark)]) != mark {
		return p
	}
	if b.st.Screen {
		b.cut.Write(append(b.st.cleaner(false).Append(nil, p[:len(mark)]), '\n'))
	} else {
		b.cut.Write(p[:len(mark)])
	}
	return p[len(mark):]
}

// window draws one piece of text, or of JSON that is not in UTF-8.
func (b *BodyWriter) window(p []byte) {
	if b.kind == bodyText && b.cut.full {
		return
	}
	if b.dec != nil {
		b.utf8 = b.dec.decode(b.utf8[:0], p)
		p = b.utf8
	}
	if b.kind == bodyJSON {
		_, b.err = b.ind.Write(p)
		return
	}
	if len(b.held) > 0 {
		p = append(b.held, p...)
	}
	n := len(p) - text.Hold(p)
	b.clean(p[:n])
	b.held = append([]byte(nil), p[n:]...)
}

// clean draws p, which ends where text may be cut.
func (b *BodyWriter) clean(p []byte) {
	b.out = b.st.cleaner(true).Append(b.out[:0], p)
	if _, err := b.cut.Write(b.out); err != nil && !errors.Is(err, jsontext.ErrStop) {
		b.err = err
	}
}

// Close draws what was held back, the end of the last line, and the notes.
func (b *BodyWriter) Close() error {
	switch b.kind {
	case bodyBinary:
		return b.binary()
	case bodyJSON, bodyText:
		b.finish()
	}
	if b.err != nil || b.cut == nil || !b.st.Screen {
		return b.err
	}
	if b.cut.mid {
		b.err = Notice(b.w, "… "+Size(b.Shown().Bytes-b.cut.drawn)+" more", b.st)
	}
	if shown := b.Shown(); b.err == nil && shown.Cut {
		b.err = Note(b.w, b.note(shown), b.st)
	} else if b.err == nil && shown.Bad >= 0 {
		b.err = Note(b.w, badNote(shown), b.st)
	}
	return b.err
}

// finish ends the text or JSON.
func (b *BodyWriter) finish() {
	var last []byte
	if b.dec != nil {
		last = b.dec.end(nil)
	}
	if b.kind == bodyJSON {
		if len(last) > 0 && b.err == nil {
			_, b.err = b.ind.Write(last)
		}
		if err := b.ind.Close(); b.err == nil {
			b.err = err
		}
	} else if b.err == nil {
		b.clean(append(b.held, last...))
	}
	if b.err == nil && !b.cut.ended {
		_, b.err = b.w.Write([]byte("\n"))
	}
}

// binary writes the line that stands for bytes which are not text.
func (b *BodyWriter) binary() error {
	s := "binary, " + Size(b.Shown().Bytes)
	if media := mediaType(b.info.ContentType); media != "" {
		s += ", " + unmark(media)
	}
	return Notice(b.w, s+" · save it: ‹save FILE›", b.st)
}

// Shown says what was drawn; it is complete after Close.
func (b *BodyWriter) Shown() Shown {
	s := Shown{Bytes: max(b.in, b.info.Length), Bad: -1}
	if b.kind == bodyBinary {
		s.Cut = true
	}
	if b.cut != nil {
		s.Lines, s.Cut = b.cut.lines, b.cut.full
	}
	if b.ind == nil {
		return s
	}
	values, kind, items := b.ind.Counts()
	s.Kind, s.Items = kind, items
	if values != 1 {
		s.Kind, s.Items = 0, values
	}
	if at, bad := b.ind.Bad(); bad && b.typed {
		s.Bad = at
	}
	return s
}

// note returns the text under a body that was cut.
func (b *BodyWriter) note(s Shown) string {
	if b.lim.Note != nil {
		return b.lim.Note(s)
	}
	what := Size(s.Bytes)
	if s.Kind == '[' {
		what = strconv.FormatInt(s.Items, 10) + " items, " + what
	}
	return what + "; showing the first " + strconv.Itoa(s.Lines) + " lines"
}

func badNote(s Shown) string {
	if s.Bad >= s.Bytes {
		return "the JSON ends too early"
	}
	return "not JSON from byte " + strconv.FormatInt(s.Bad, 10) + " on; that is shown as it came"
}
