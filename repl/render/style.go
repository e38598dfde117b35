// Package render draws answers, values and messages: status lines, headers,
// bodies, hints, errors with a caret, tables, and times as bars and histograms.
//
// Every function takes the writer, the value and a Style, which holds the
// decisions that were made once at the edge of the program: colour or not, a
// screen or a pipe, how wide. Nothing here asks the environment or keeps state
// between calls. Each call writes in one piece; errors are the writer's own.
//
// For a screen, all text from outside passes package text, so that no byte of a
// server drives the terminal. For a pipe, bytes stay as they are.
package render

import (
	"fmt"
	"io"

	"github.com/fatih/color"

	"sonde/repl/text"
)

// Options are the decisions a Style is made from.
type Options struct {
	Colour bool // colours and other attributes
	Pretty bool // JSON bodies are indented
	Screen bool // a terminal: control characters are drawn visibly, binary is summarised
	Wrap   bool // lines of the program's own are broken at blanks to fit the width
	Width  int  // columns; 0 means 80
	Rows   int  // lines of the screen; 0 means 24
}

// A Style is how one output stream is drawn. Make one with NewStyle; the zero
// Style draws plain text for a pipe. It does not change and may be shared.
type Style struct {
	Options
	paint palette
}

// palette holds the opening bytes of each attribute and the closing ones. All are
// nil without colour, so that drawing needs no further question.
type palette struct {
	off                        []byte
	dim, accent, shade, undim  []byte // shade and undim mark escapes inside any colour
	good, warn, bad            []byte
	key, str, number, constant []byte
}

// NewStyle returns the Style for o. It costs a few microseconds with colour and
// nothing without.
func NewStyle(o Options) *Style {
	if o.Width <= 0 {
		o.Width = 80
	}
	if o.Rows <= 0 {
		o.Rows = 24
	}
	s := &Style{Options: o}
	if !o.Colour {
		return s
	}
	dim, off := opening(color.Faint)
	cyan, _ := opening(color.FgCyan)
	green, _ := opening(color.FgGreen)
	yellow, _ := opening(color.FgYellow)
	red, _ := opening(color.FgRed)
	magenta, _ := opening(color.FgMagenta)
	s.paint = palette{
		off: []byte("\x1b[0m"), dim: dim, shade: dim, undim: off, accent: cyan,
		good: green, warn: yellow, bad: red,
		key: cyan, str: green, number: magenta, constant: yellow,
	}
	return s
}

// opening returns what the attribute writes before and after text, whatever the
// environment of the process says about colour.
func opening(a color.Attribute) (before, after []byte) {
	c := color.New(a)
	c.EnableColor()
	s := c.Sprint("\x00")
	for i := range len(s) {
		if s[i] == 0 {
			return []byte(s[:i]), []byte(s[i+1:])
		}
	}
	return nil, nil
}

// ColourWanted decides whether one stream is coloured. The first that speaks wins:
// the flag (always or never), NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR,
// TERM=dumb, and last whether that stream is a terminal. The flag may be empty,
// which means auto; other words are an error. Variables set to nothing do not
// count.
func ColourWanted(flag string, env func(string) (string, bool), isTerminal bool) (bool, error) {
	switch flag {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "", "auto":
	default:
		return false, fmt.Errorf("color %q: want auto, always or never", flag)
	}
	value := func(name string) string { v, _ := env(name); return v }
	if value("NO_COLOR") != "" {
		return false, nil
	}
	if v := value("FORCE_COLOR"); v != "" && v != "0" && v != "false" {
		return true, nil
	}
	if v := value("CLICOLOR_FORCE"); v != "" && v != "0" {
		return true, nil
	}
	if value("CLICOLOR") == "0" || value("TERM") == "dumb" {
		return false, nil
	}
	return isTerminal, nil
}

// line is one output line being put together in a style.
type line struct {
	*Style
	buf []byte
}

// newLine returns an empty line for st; nil draws as the zero Style.
func newLine(st *Style) *line {
	if st == nil {
		st = &Style{}
	}
	return &line{Style: st, buf: make([]byte, 0, 256)}
}

// clean returns s as it may be drawn in this style.
func (s *Style) clean(v string) string {
	if s.Screen {
		return text.Clean(v)
	}
	return v
}

// add appends s, which is ours or cleaned already, in the given attribute.
func (l *line) add(attr []byte, s string) {
	l.buf = append(l.buf, attr...)
	l.buf = append(l.buf, s...)
	if len(attr) > 0 {
		l.buf = append(l.buf, l.paint.off...)
	}
}

// outside appends s, which came from outside, in the given attribute.
func (l *line) outside(attr []byte, s string) { l.add(attr, l.clean(s)) }

// end writes the line with its newline.
func (l *line) end(w io.Writer) error {
	l.buf = append(l.buf, '\n')
	_, err := w.Write(l.buf)
	return err
}

// cleaner returns what cleans bytes for this screen, the escapes shaded.
func (s *Style) cleaner(block bool) text.Cleaner {
	return text.Cleaner{Block: block, Before: s.paint.shade, After: s.paint.undim}
}
