package jsontext

import (
	"errors"
	"io"
)

// ErrStop is what the writer under an Indenter returns to say that it has seen
// enough. The Indenter then writes nothing more and only counts what passes.
var ErrStop = errors.New("enough")

// IndentPalette holds the bytes written before each kind of token and, as Off,
// after it. Without Off nothing is coloured. Each must replace the one before
// it, as foreground colours do; an empty one draws its kind plain.
type IndentPalette struct{ Key, String, Number, Literal, Off []byte }

// IndentOptions say how an Indenter writes. The zero value writes what jq writes
// without colour.
type IndentOptions struct {
	Indent  int // blanks per level; 0 means 2
	Palette IndentPalette

	// Clean appends b to dst in a form that is safe to draw. It is given what may need
	// it: strings with bytes outside of printable ASCII, and text that is not JSON. Nil
	// leaves all bytes as they are.
	Clean func(dst, b []byte) []byte
	// Hold says how many bytes at the end of b must be seen by Clean together with
	// what follows. Nil means none.
	Hold func(b []byte) int
}

// An Indenter writes the JSON text that is written to it with line breaks and
// indentation like jq's, in one pass and in constant memory. Numbers, keys, their
// order, duplicates and escapes stay as they were received. Several values in a
// row each begin on a new line.
//
// It checks the grammar of RFC 8259 on the way, but not that strings are UTF-8. From
// the first byte that does not fit, or that nests deeper than MaxDepth, the text
// passes through as it is.
type Indenter struct {
	w   io.Writer
	o   IndentOptions
	err error // of w; sticky

	out   []byte // not written yet
	carry []byte // end of the last input, waiting for what follows
	lead  []byte // a line feed and blanks, as many as any line needed so far
	seq   indentSeq

	state  indentState
	stack  []byte // '{' or '[' for each open container
	key    bool   // the string being read is a key
	keyed  bool   // the colour of a key is still on
	esc    int    // inside an escape: 1 after the backslash, 2 to 5 before that many less one hex digits
	num    indentNum
	lit    string // what must still come of a literal
	ended  bool   // a line feed was the last byte written
	stop   bool   // w has seen enough
	skip   indentSkip
	offset int64 // of the byte after those handled
	bad    int64 // offset of the first bad byte; -1: none

	kind   byte
	items  int64
	values int64
}

// indentSeq holds what is written around tokens, colours included.
type indentSeq struct{ key, str, strEnd, num, lit, off []byte }

// indentState is what may come next.
type indentState uint8

const (
	indentTop      indentState = iota // a value or the end
	indentApart                       // white space or the end: a number or literal has just ended
	indentFirst                       // a value or ]
	indentValue                       // a value
	indentFirstKey                    // a key or }
	indentKey                         // a key
	indentColon                       // :
	indentAfter                       // a comma or the close of the container
	indentInString                    // the rest of a string
	indentInNumber
	indentInLiteral
	indentFailed // anything: the next byte is the first that is not JSON
	indentRaw    // anything: the text is no longer JSON
)

// indentWindow bounds how much input is handled before the output is looked at,
// indentFlush how much output is kept together.
const (
	indentWindow = 16 << 10
	indentFlush  = 32 << 10
)

// NewIndenter returns an Indenter that writes to w.
func NewIndenter(w io.Writer, o IndentOptions) *Indenter {
	if o.Indent == 0 {
		o.Indent = 2
	}
	x := &Indenter{w: w, o: o, bad: -1, ended: true}
	x.seq = indentSeq{key: []byte(`"`), str: []byte(`"`), strEnd: []byte(`"`)}
	if p := o.Palette; len(p.Off) > 0 {
		open := func(colour []byte, s string) []byte {
			if len(colour) == 0 {
				colour = p.Off
			}
			return append(append([]byte(nil), colour...), s...)
		}
		x.seq = indentSeq{key: open(p.Key, `"`), str: open(p.String, `"`), num: open(p.Number, ""), lit: open(p.Literal, ""),
			strEnd: append([]byte(`"`), p.Off...), off: p.Off}
	}
	return x
}

// Write takes the next piece of the text; where pieces end makes no difference to
// what is written. It takes all of p unless the writer below gives an error.
func (x *Indenter) Write(p []byte) (int, error) {
	if x.err != nil {
		return 0, x.err
	}
	if x.out == nil { // once, instead of growing to it: what is drawn is about twice what came
		x.out = make([]byte, 0, min(2*len(p)+len(p)/2+64, indentFlush+2*indentWindow))
	}
	rest := p
	for len(x.carry) > 0 && len(rest) > 0 {
		n := min(len(rest), 64)
		joined := append(x.carry, rest[:n]...)
		x.carry, rest = nil, rest[n:]
		x.window(joined)
	}
	for len(rest) > 0 && x.err == nil {
		n := min(len(rest), indentWindow)
		x.window(rest[:n])
		rest = rest[n:]
		if len(x.out) >= indentFlush {
			x.flush()
		}
		if len(x.carry) > 0 && len(rest) > 0 { // cut inside a group of runes: try again with more
			back := len(x.carry)
			x.carry = nil
			rest = p[len(p)-len(rest)-back:]
		}
	}
	x.flush()
	if x.err != nil {
		return 0, x.err
	}
	return len(p), nil
}

// Close writes what is still held back and ends the last line. Text that ends in
// the middle of a value is bad at its end. The writer below is left open.
func (x *Indenter) Close() error {
	if held := x.carry; len(held) > 0 && x.err == nil {
		x.carry = nil
		x.out = x.o.Clean(x.out, held)
		x.offset += int64(len(held))
	}
	if x.stop || x.err != nil {
		return x.err
	}
	switch x.state {
	case indentTop, indentApart, indentRaw:
	case indentInNumber:
		if len(x.stack) == 0 && x.num.complete() {
			x.valueEnd()
			break
		}
		fallthrough
	default:
		x.fail()
	}
	if !x.ended {
		x.out = append(x.out, '\n')
		x.ended = true
	}
	x.flush()
	return x.err
}

// Bad returns the offset of the first byte that is not JSON, and whether there is
// one. Bytes that came after the writer had enough are not checked.
func (x *Indenter) Bad() (offset int64, ok bool) { return max(x.bad, 0), x.bad >= 0 }

// Stopped reports whether the writer below has said ErrStop.
func (x *Indenter) Stopped() bool { return x.stop }

// Counts returns what has passed so far: how many values in a row, begun ones
// included, and of the first of them '{' or '[' (0 for another kind) and how many
// members or elements it has.
func (x *Indenter) Counts() (values int64, kind byte, items int64) {
	return x.values, x.kind, x.items
}

// flush writes the output kept so far.
func (x *Indenter) flush() {
	if len(x.out) == 0 || x.err != nil {
		return
	}
	if !x.stop {
		switch _, err := x.w.Write(x.out); {
		case errors.Is(err, ErrStop):
			x.stop = true
		case err != nil:
			x.err = err
		}
	}
	x.out = x.out[:0]
}

// newline begins a line at the depth of the open containers.
func (x *Indenter) newline() {
	if len(x.out) >= indentFlush {
		x.flush()
	}
	n := 1 + len(x.stack)*x.o.Indent
	if n > len(x.lead) {
		x.growLead(n)
	}
	x.out = append(x.out, x.lead[:n]...)
}

func (x *Indenter) growLead(n int) {
	if len(x.lead) == 0 {
		x.lead = append(make([]byte, 0, 2*n+32), '\n')
	}
	for len(x.lead) < 2*n {
		x.lead = append(x.lead, ' ')
	}
}

// fail turns to passing the text through, from the byte at x.offset on.
func (x *Indenter) fail() {
	if x.seq.off != nil {
		x.out = append(x.out, x.seq.off...)
	}
	x.bad, x.state = x.offset, indentRaw
}
