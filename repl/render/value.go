package render

import (
	"io"

	"sonde/repl/jsontext"
	"sonde/repl/text"
)

// Value writes one JSON value, or several in a row, indented as jq does, with a newline after
// each. Pretty plays no part: whether to indent results is the caller's choice.
func Value(w io.Writer, json []byte, st *Style) error {
	if st == nil {
		st = &Style{}
	}
	x := jsontext.NewIndenter(w, st.indent())
	if _, err := x.Write(json); err != nil {
		return err
	}
	return x.Close()
}

// Raw writes a string without quotes and with a newline, as jq -r does. On a screen
// it is cleaned; line feeds and tabs stay.
func Raw(w io.Writer, s string, st *Style) error {
	l := newLine(st)
	if l.Screen {
		l.buf = l.cleaner(true).Append(l.buf, []byte(s))
	} else {
		l.buf = append(l.buf, s...)
	}
	return l.end(w)
}

// indent returns how JSON is drawn in this style.
func (s *Style) indent() jsontext.IndentOptions {
	p := &s.paint
	o := jsontext.IndentOptions{Palette: jsontext.IndentPalette{
		Key: p.key, String: p.str, Number: p.number, Literal: p.constant, Off: p.off}}
	if s.Screen {
		o.Clean, o.Hold = s.cleaner(true).Append, text.Hold
	}
	return o
}
