package jsontext

import (
	"unicode/utf8"
	"unsafe"
)

// Options say what [Decode] does besides decoding. The zero value is nothing.
type Options struct {
	Order *Order // where the order of keys is noted; nil: not at all
}

// Decode reads the value that starts at b[i], blanks before and after it
// included, and returns the offset after them: len(b) when nothing follows.
// The whole grammar of RFC 8259 is checked; the error is a [*SyntaxError].
//
// The value is made of nil, bool, int, json.Number, string, []any and
// map[string]any, what a jq engine takes. Numbers keep their text: an int is
// used only where it prints as it was written, json.Number everywhere else.
// Of several members of one name the last counts.
//
// Strings share the memory of b, so b must not change while the value lives.
func Decode(b []byte, i int, o Options) (v any, end int, err error) {
	if i == 0 {
		if err := Opening(b); err != nil {
			return nil, 0, err
		}
	}
	d := decoder{b: b, i: Blank(b, i), order: o.Order}
	if d.order != nil {
		d.order.grow(len(b))
	}
	v, err = d.value()
	if err != nil {
		return nil, d.i, err
	}
	return v, Blank(b, d.i), nil
}

// decoder reads one value. Elements and members gather on two stacks shared
// by all levels, so that each slice and map is made once, in its final size.
type decoder struct {
	b     []byte
	i     int
	depth int
	order *Order
	elems []any
	keys  []string
}

func (d *decoder) value() (any, error) {
	if d.i >= len(d.b) {
		return nil, d.unexpected("a value")
	}
	switch c := d.b[d.i]; {
	case c == '"':
		return d.text()
	case c == '{':
		return d.object()
	case c == '[':
		return d.list()
	case c == '-', '0' <= c && c <= '9':
		return d.number()
	case c == 't':
		return true, d.word("true")
	case c == 'f':
		return false, d.word("false")
	case c == 'n':
		return nil, d.word("null")
	}
	return nil, d.unexpected("a value")
}

func (d *decoder) unexpected(want string) error {
	return unexpected(d.b, d.i, d.i, want)
}

func (d *decoder) word(s string) error {
	if !hasPrefix(d.b[d.i:], s) {
		return d.unexpected("a value")
	}
	d.i += len(s)
	return nil
}

func (d *decoder) blank() {
	if d.i < len(d.b) && d.b[d.i] <= ' ' {
		d.i = Blank(d.b, d.i)
	}
}

// open steps over an opening bracket and the blanks behind it.
func (d *decoder) open() error {
	if d.depth++; d.depth > MaxDepth {
		return fault(d.i, "nested deeper than 10,000 levels")
	}
	d.i++
	d.blank()
	return nil
}

// more steps over what stands behind an element: true after a comma, false
// after the closing bracket.
func (d *decoder) more(closing byte) (bool, error) {
	d.blank()
	if d.i < len(d.b) {
		switch d.b[d.i] {
		case ',':
			d.i++
			d.blank()
			return true, nil
		case closing:
			d.i++
			d.depth--
			return false, nil
		}
	}
	return false, d.unexpected("a comma or " + string(closing))
}

func (d *decoder) closes(closing byte) bool {
	if d.i < len(d.b) && d.b[d.i] == closing {
		d.i++
		d.depth--
		return true
	}
	return false
}

func (d *decoder) list() (any, error) {
	if err := d.open(); err != nil {
		return nil, err
	}
	if d.closes(']') {
		return []any{}, nil
	}
	base := len(d.elems)
	for {
		v, err := d.value()
		if err != nil {
			return nil, err
		}
		d.elems = append(d.elems, v)
		more, err := d.more(']')
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
	}
	list := make([]any, len(d.elems)-base)
	copy(list, d.elems[base:])
	d.drop(base)
	return list, nil
}

// drop takes the elements from base on off the stack; they are cleared so
// that the stack keeps nothing alive.
func (d *decoder) drop(base int) {
	clear(d.elems[base:])
	d.elems = d.elems[:base]
}

func (d *decoder) object() (any, error) {
	if err := d.open(); err != nil {
		return nil, err
	}
	if d.closes('}') {
		return map[string]any{}, nil
	}
	base, kbase := len(d.elems), len(d.keys)
	shape := noShape
	if d.order != nil {
		shape = rootShape
	}
	for {
		key, next, err := d.key(shape)
		if err != nil {
			return nil, err
		}
		shape = next
		v, err := d.value()
		if err != nil {
			return nil, err
		}
		d.keys = append(d.keys, key)
		d.elems = append(d.elems, v)
		more, err := d.more('}')
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
	}
	keys, values := d.keys[kbase:], d.elems[base:]
	m := make(map[string]any, len(keys))
	for i, k := range keys {
		m[k] = values[i]
	}
	if shape != noShape && len(m) == len(keys) {
		d.order.note(m, shape)
	}
	d.drop(base)
	d.keys = d.keys[:kbase]
	return m, nil
}

// key reads a name and its colon. Objects of one list are mostly alike, so
// the name that stood here in the last one is tried first.
func (d *decoder) key(shape int32) (string, int32, error) {
	if shape != noShape {
		if next, end := d.order.guess(d.b, d.i, shape); next != noShape {
			d.i = end
			return d.order.shapes[next].key, next, d.colon()
		}
	}
	if d.i >= len(d.b) || d.b[d.i] != '"' {
		return "", noShape, d.unexpected("a name in quotes")
	}
	start := d.i + 1
	key, err := d.str()
	if err != nil {
		return "", noShape, err
	}
	if shape != noShape {
		// A name that had to be decoded must not be matched with raw bytes later.
		plain := key == "" || unsafe.StringData(key) == &d.b[start]
		shape = d.order.step(shape, key, plain)
	}
	return key, shape, d.colon()
}

func (d *decoder) colon() error {
	d.blank()
	if d.i >= len(d.b) || d.b[d.i] != ':' {
		return d.unexpected("a colon")
	}
	d.i++
	d.blank()
	return nil
}

func (d *decoder) text() (any, error) {
	s, err := d.str()
	if err != nil {
		return nil, err
	}
	return s, nil
}

// str reads the string at d.i. Without escapes it is the body's own memory.
func (d *decoder) str() (string, error) {
	start := d.i + 1
	ascii := true
	for i := start; ; {
		end, special := plainRun(d.b, i)
		if !special {
			return "", fault(d.i, "string without its closing quote")
		}
		switch c := d.b[end]; {
		case c == '"':
			raw := d.b[start:end]
			if !ascii && !utf8.Valid(raw) {
				d.i = end + 1
				return unquoteBody(raw)
			}
			d.i = end + 1
			return unsafe.String(unsafe.SliceData(raw), len(raw)), nil
		case c == '\\':
			return d.escapedString(start)
		case c < ' ':
			return "", fault(end, "control character in a string")
		}
		ascii = false
		for i = end; i < len(d.b) && d.b[i] >= utf8.RuneSelf; {
			i++
		}
	}
}

func (d *decoder) escapedString(start int) (string, error) {
	end, err := skipString(d.b, start-1)
	if err != nil {
		return "", err
	}
	s, err := unquoteBody(d.b[start : end-1])
	if e, ok := err.(*SyntaxError); ok {
		e.Offset += int64(start)
	}
	d.i = end
	return s, err
}
