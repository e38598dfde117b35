package jsontext

// window handles the next bytes of the text.
func (x *Indenter) window(b []byte) {
	if x.stop {
		x.count(b)
		return
	}
	base := x.offset
	for i := 0; i < len(b); {
		switch x.state {
		case indentInString:
			i = x.inString(b, i)
		case indentInNumber:
			i = x.inNumber(b, i)
		case indentInLiteral:
			i = x.inLiteral(b, i)
		case indentFailed:
			x.fail()
		case indentRaw:
			i = x.raw(b, i)
		default:
			i = x.token(b, i)
		}
		x.offset = base + int64(i)
		if len(x.carry) > 0 {
			return // those bytes are handled when they come again
		}
	}
}

// token handles white space or the token that begins at b[i], and returns the
// index of what follows.
func (x *Indenter) token(b []byte, i int) int {
	c := b[i]
	switch c {
	case ' ', '\t', '\n', '\r':
		return x.space(b, i)
	case '"':
		return x.quote(b, i)
	case ',':
		return x.comma(i)
	case ':':
		if x.state != indentColon {
			return x.failAt(i)
		}
		x.colon()
		return i + 1
	case '{', '[':
		return x.open(c, i)
	case '}', ']':
		return x.close(c, i)
	}
	if !x.begin() {
		return x.failAt(i)
	}
	return x.scalar(b, i)
}

// failAt gives up at b[i], before that byte is handled.
func (x *Indenter) failAt(i int) int {
	x.state = indentFailed
	return i
}

func (x *Indenter) space(b []byte, i int) int {
	for i++; i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r'); i++ {
	}
	if x.state == indentApart {
		x.state = indentTop
	}
	return i
}

// begin prepares for a value that begins here, and reports whether one may.
func (x *Indenter) begin() bool {
	switch x.state {
	case indentValue:
	case indentFirst:
		if len(x.stack) == 1 && x.values == 1 {
			x.items++
		}
		x.newline()
	case indentTop:
		x.values++
		x.ended = false
	default:
		return false
	}
	return true
}

// quote handles the string that begins at b[i].
func (x *Indenter) quote(b []byte, i int) int {
	switch x.state {
	case indentKey:
	case indentFirstKey:
		if len(x.stack) == 1 && x.values == 1 {
			x.items++
		}
		x.newline()
	default:
		if !x.begin() {
			return x.failAt(i)
		}
		x.key, x.keyed = false, false
		x.out = append(x.out, x.seq.str...)
		x.state = indentInString
		return x.inString(b, i+1)
	}
	x.key = true
	x.out = append(x.out, x.seq.key...)
	x.state = indentInString
	return x.inString(b, i+1)
}

// colon ends a key. Its colour stays on, for the value's own replaces it.
func (x *Indenter) colon() {
	x.out = append(x.out, ':', ' ')
	x.keyed = x.seq.off != nil
	x.state = indentValue
}

func (x *Indenter) comma(i int) int {
	if x.state != indentAfter {
		return x.failAt(i)
	}
	x.out = append(x.out, ',')
	x.newline()
	if len(x.stack) == 1 && x.values == 1 {
		x.items++
	}
	if x.stack[len(x.stack)-1] == '{' {
		x.state = indentKey
	} else {
		x.state = indentValue
	}
	return i + 1
}

func (x *Indenter) open(c byte, i int) int {
	if len(x.stack) == MaxDepth || !x.begin() {
		return x.failAt(i)
	}
	if len(x.stack) == 0 && x.values == 1 {
		x.kind = c
	}
	if x.keyed {
		x.keyed = false
		x.out = append(x.out, x.seq.off...)
	}
	x.out = append(x.out, c)
	x.stack = append(x.stack, c)
	x.state = indentFirst
	if c == '{' {
		x.state = indentFirstKey
	}
	return i + 1
}

func (x *Indenter) close(c byte, i int) int {
	top := len(x.stack) - 1
	if top < 0 || x.stack[top] != c-2 { // in ASCII a closing bracket is two after its opening one
		return x.failAt(i)
	}
	switch x.state {
	case indentAfter:
		x.stack = x.stack[:top]
		x.newline()
	case indentFirst, indentFirstKey:
		x.stack = x.stack[:top]
	default:
		return x.failAt(i)
	}
	x.out = append(x.out, c)
	x.state = indentAfter
	if top == 0 {
		x.valueEnd()
		x.state = indentTop
	}
	return i + 1
}

// valueEnd ends the line of a value at the top.
func (x *Indenter) valueEnd() {
	if x.state == indentInNumber || x.state == indentInLiteral {
		x.out = append(x.out, x.seq.off...)
	}
	x.out = append(x.out, '\n')
	x.ended = true
	x.state = indentApart
	if len(x.out) >= indentFlush {
		x.flush()
	}
}

// raw passes b[i:] through.
func (x *Indenter) raw(b []byte, i int) int {
	rest := b[i:]
	if x.o.Clean == nil {
		x.out = append(x.out, rest...)
	} else {
		rest = x.held(rest)
		x.out = x.o.Clean(x.out, rest)
	}
	if len(rest) > 0 {
		x.ended = rest[len(rest)-1] == '\n'
	}
	if len(x.out) >= indentFlush {
		x.flush()
	}
	return i + len(rest)
}

// held keeps the end of b that must wait for more, and returns what is before it.
func (x *Indenter) held(b []byte) []byte {
	if x.o.Hold == nil || x.o.Clean == nil {
		return b
	}
	n := x.o.Hold(b)
	x.carry = append(x.carry, b[len(b)-n:]...)
	return b[:len(b)-n]
}
