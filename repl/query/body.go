package query

import (
	"errors"
	"strings"
	"sync"
	"unicode/utf8"

	"sonde/repl/jsontext"
)

// A Doc is one body, or other JSON text, with what was already learned of it.
// It may hold several values (NDJSON); each is queried in turn. A Doc may be
// used from several goroutines. A nil Doc stands for the single value null.
type Doc struct {
	b []byte

	mu     sync.Mutex
	spans  []span // the values found so far
	walked bool   // all of them
	fault  error  // what stands after them, if it is not JSON

	trees  []any // the values decoded
	order  *jsontext.Order
	parsed bool
	wrong  error // why there are no more trees
}

// span is a value's place in the bytes of its Doc.
type span struct{ start, end int }

// NewDoc makes a Doc of b, which must not change from then on. Nothing is read
// yet: text that is not JSON is an error of the first program that looks at it.
func NewDoc(b []byte) *Doc { return &Doc{b: b} }

// Bytes returns the text as given to [NewDoc].
func (d *Doc) Bytes() []byte {
	if d == nil {
		return nil
	}
	return d.b
}

// Err reads the whole text, if that was not done before, and says what keeps
// it from being JSON; nil if nothing does.
func (d *Doc) Err() error {
	_, _, err := d.tree()
	return err
}

// next returns where value n begins, and its end if that is known, -1 if not.
// ok is false after the last value; the error says why it is the last when
// what follows is no JSON.
func (d *Doc) next(n int) (start, end int, ok bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n == 0 && len(d.spans) == 0 {
		if err := jsontext.Opening(d.b); err != nil {
			return 0, 0, false, bodyError(err)
		}
		return jsontext.Blank(d.b, 0), -1, true, nil
	}
	d.walk(n)
	switch {
	case n < len(d.spans):
		return d.spans[n].start, d.spans[n].end, true, nil
	case d.fault != nil:
		return 0, 0, false, bodyError(d.fault)
	}
	return 0, 0, false, nil
}

// found takes note of where the first value ends.
func (d *Doc) found(start, end int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.spans) == 0 {
		d.spans = append(d.spans, span{start, end})
	}
}

// walk finds the first n+1 values, with d.mu held.
func (d *Doc) walk(n int) {
	for len(d.spans) <= n && !d.walked {
		i := 0
		if k := len(d.spans); k > 0 {
			i = d.spans[k-1].end
		}
		i = jsontext.Blank(d.b, i)
		if i >= len(d.b) {
			d.walked = true
			return
		}
		end, err := jsontext.Skip(d.b, i)
		if err != nil {
			d.walked, d.fault = true, err
			return
		}
		d.spans = append(d.spans, span{i, end})
	}
}

// tree returns the values decoded, and the error that ended them.
func (d *Doc) tree() ([]any, *jsontext.Order, error) {
	if d == nil {
		return []any{nil}, nil, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.parsed {
		return d.trees, d.order, d.wrong
	}
	d.parsed, d.order = true, new(jsontext.Order)
	for i := 0; i < len(d.b) || i == 0; {
		v, end, err := jsontext.Decode(d.b, i, jsontext.Options{Order: d.order})
		if err != nil {
			d.wrong = bodyError(err)
			break
		}
		d.trees = append(d.trees, v)
		i = end
	}
	return d.trees, d.order, d.wrong
}

// one returns the text as a single value, which is what $r.body is: a list if
// there are several, a string of the text itself if that is no JSON, null if
// it is empty.
func (d *Doc) one() *Doc {
	if d == nil || d.empty() {
		return NewDoc([]byte("null"))
	}
	if jsontext.Opening(d.b) != nil {
		return d.quoted()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.walk(len(d.b))
	if d.fault != nil {
		return d.quoted()
	}
	if len(d.spans) == 1 {
		return d
	}
	list := make([]byte, 0, len(d.b)+2)
	for i, s := range d.spans {
		list = append(list, "[,"[min(i, 1)])
		list = append(list, d.b[s.start:s.end]...)
	}
	return NewDoc(append(list, ']'))
}

// empty reports whether there is nothing but blanks.
func (d *Doc) empty() bool { return jsontext.Blank(d.b, 0) == len(d.b) }

// quoted returns the text as a JSON string.
func (d *Doc) quoted() *Doc { return NewDoc(jsontext.AppendQuote(nil, d.text())) }

// text returns the bytes as a string; those that are no UTF-8 become U+FFFD.
func (d *Doc) text() string {
	if utf8.Valid(d.b) {
		return string(d.b)
	}
	var s strings.Builder
	s.Grow(len(d.b))
	for _, r := range string(d.b) {
		s.WriteRune(r)
	}
	return s.String()
}

// bodyError says in one line why a body cannot be queried.
func bodyError(err error) error {
	var syntax *jsontext.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	switch {
	case syntax.Msg == "empty text", syntax.Msg == "only blanks":
		return runError("the body is empty", "status")
	case strings.HasPrefix(syntax.Msg, "text ends"), strings.HasPrefix(syntax.Msg, "string without"):
		return runError("the body ends too early: "+syntax.Error(), "raw")
	}
	return runError("the body is not JSON: "+syntax.Error(), "raw")
}
