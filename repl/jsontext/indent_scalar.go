package jsontext

import (
	"encoding/binary"
	"math/bits"
)

// inString handles the rest of a string from b[i] on, up to its end or b's.
func (x *Indenter) inString(b []byte, i int) int {
	start := i
	for {
		if x.esc > 0 {
			if i = x.inEscape(b, i); x.esc > 0 { // b has ended, or the escape is bad
				x.out = append(x.out, b[start:i]...)
				return i
			}
		}
		if x.o.Clean == nil {
			i += indentPlain(b[i:])
		} else {
			i += indentASCII(b[i:])
		}
		if i == len(b) {
			part := x.held(b[start:])
			x.out = append(x.out, part...)
			return start + len(part)
		}
		switch c := b[i]; {
		case c == '"':
			x.out = append(x.out, b[start:i]...)
			return x.stringEnd(b, i+1)
		case c == '\\':
			x.esc = 1
			i++
		case c < 0x20:
			x.out = append(x.out, b[start:i]...)
			return x.failAt(i)
		default:
			if i = x.drawn(b, start, i); len(x.carry) > 0 {
				return i
			}
			start = i
		}
	}
}

// drawn writes the string from b[start] on, of which b[i] is the first byte that
// has to be cleaned, up to where no more has to be, and returns that index. The byte
// before b[i] is cleaned with it, for it may be the base of a mark.
func (x *Indenter) drawn(b []byte, start, i int) int {
	n := i + indentPlain(b[i:])
	if i > start {
		i--
	}
	x.out = append(x.out, b[start:i]...)
	part := b[i:n]
	if n == len(b) {
		part = x.held(part)
	}
	x.out = x.o.Clean(x.out, part)
	return i + len(part)
}

// stringEnd handles what follows the closing quote at b[i-1].
func (x *Indenter) stringEnd(b []byte, i int) int {
	if x.key {
		x.out = append(x.out, '"')
		x.state = indentColon
		if i < len(b) && b[i] == ':' {
			x.colon()
			i++
		}
		return i
	}
	x.out = append(x.out, x.seq.strEnd...)
	x.state = indentAfter
	if len(x.stack) == 0 {
		x.valueEnd()
		x.state = indentTop
	}
	return i
}

// inEscape handles the rest of an escape from b[i] on. With x.esc still set, b has
// ended inside of it or the byte at the index returned is bad.
func (x *Indenter) inEscape(b []byte, i int) int {
	for ; i < len(b) && x.esc > 0; i++ {
		c := b[i]
		switch {
		case x.esc > 1:
			if !(c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f') {
				return x.failAt(i)
			}
			x.esc--
			if x.esc == 1 {
				x.esc = 0
			}
		case c == 'u':
			x.esc = 5
		case c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r' || c == 't':
			x.esc = 0
		default:
			return x.failAt(i)
		}
	}
	return i
}

// scalar handles the number or literal that begins at b[i].
func (x *Indenter) scalar(b []byte, i int) int {
	c := b[i]
	x.keyed = false
	switch {
	case c == '-' || c >= '0' && c <= '9':
		x.out = append(x.out, x.seq.num...)
		x.num, x.state = indentNumStart, indentInNumber
		return x.inNumber(b, i)
	case c == 't':
		x.lit = "true"
	case c == 'f':
		x.lit = "false"
	case c == 'n':
		x.lit = "null"
	default:
		return x.failAt(i)
	}
	x.out = append(x.out, x.seq.lit...)
	x.state = indentInLiteral
	return x.inLiteral(b, i)
}

func (x *Indenter) inLiteral(b []byte, i int) int {
	n := min(len(x.lit), len(b)-i)
	if string(b[i:i+n]) != x.lit[:n] {
		for n = 0; b[i+n] == x.lit[n]; n++ {
		}
		x.out = append(x.out, b[i:i+n]...)
		return x.failAt(i + n)
	}
	x.out = append(x.out, b[i:i+n]...)
	if x.lit = x.lit[n:]; x.lit == "" {
		x.scalarEnd()
	}
	return i + n
}

func (x *Indenter) inNumber(b []byte, i int) int {
	start, num := i, x.num
	for i < len(b) {
		next := num.next(b[i])
		if next == indentNumEnd {
			break
		}
		num = next
		i++
	}
	x.num = num
	x.out = append(x.out, b[start:i]...)
	switch {
	case i == len(b):
	case num.complete():
		x.scalarEnd()
	default:
		return x.failAt(i)
	}
	return i
}

// scalarEnd ends a number or literal.
func (x *Indenter) scalarEnd() {
	if len(x.stack) == 0 {
		x.valueEnd()
		return
	}
	x.out = append(x.out, x.seq.off...)
	x.state = indentAfter
}

// indentNum is how much of a number has been read (RFC 8259 section 6).
type indentNum uint8

const (
	indentNumStart indentNum = iota
	indentNumMinus           // -
	indentNumZero            // 0
	indentNumInt             // 12
	indentNumDot             // 1.
	indentNumFrac            // 1.5
	indentNumE               // 1e
	indentNumSign            // 1e-
	indentNumExp             // 1e9
	indentNumEnd             // the byte does not belong to the number
)

// complete reports whether a number may end here.
func (n indentNum) complete() bool {
	return n == indentNumInt || n == indentNumZero || n == indentNumFrac || n == indentNumExp
}

// next returns how much has been read after c.
func (n indentNum) next(c byte) indentNum {
	switch {
	case c >= '0' && c <= '9':
		switch n {
		case indentNumInt, indentNumFrac, indentNumExp:
			return n
		case indentNumStart, indentNumMinus:
			if c == '0' {
				return indentNumZero
			}
			return indentNumInt
		case indentNumDot:
			return indentNumFrac
		case indentNumE, indentNumSign:
			return indentNumExp
		}
	case c == '.' && (n == indentNumInt || n == indentNumZero):
		return indentNumDot
	case c|0x20 == 'e' && (n == indentNumInt || n == indentNumZero || n == indentNumFrac):
		return indentNumE
	case c == '-' && n == indentNumStart:
		return indentNumMinus
	case (c == '-' || c == '+') && n == indentNumE:
		return indentNumSign
	}
	return indentNumEnd
}

// Words of eight equal bytes, for looking at eight bytes at a time. Borrows and
// carries between bytes reach only those above the lowest hit, so that the lowest
// hit is exact.
const (
	indentOnes  = 0x0101010101010101
	indentHigh  = 0x80 * indentOnes
	indentBlank = ' ' * indentOnes
	indentQuote = '"' * indentOnes
	indentSlash = '\\' * indentOnes
)

// indentPlain returns how many bytes at the start of b are neither a quote nor a
// backslash nor below 0x20.
func indentPlain(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		v := binary.LittleEndian.Uint64(b[i:])
		q, s := v^indentQuote, v^indentSlash
		if hit := ((v-indentBlank)&^v | (q-indentOnes)&^q | (s-indentOnes)&^s) & indentHigh; hit != 0 {
			return i + bits.TrailingZeros64(hit)>>3
		}
	}
	for i < len(b) && b[i] >= ' ' && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

// indentASCII is indentPlain that ends also at bytes from 0x7f on.
func indentASCII(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		v := binary.LittleEndian.Uint64(b[i:])
		if hit := (v | (v - indentBlank) | (v + indentOnes) | (v ^ indentQuote - indentOnes) | (v ^ indentSlash - indentOnes)) & indentHigh; hit != 0 {
			return i + bits.TrailingZeros64(hit)>>3
		}
	}
	for i < len(b) && b[i] >= ' ' && b[i] < 0x7f && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}
