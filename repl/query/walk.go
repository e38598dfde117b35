package query

import (
	"context"
	"errors"

	"sonde/repl/jsontext"
)

// A signal is an error that never leaves this package, or not in this form. As
// a constant it costs nothing at start.
type signal string

// Error gives the signal's text.
func (s signal) Error() string { return string(s) }

// errStop ends a walk whose results are not wanted any more.
const errStop = signal("stopped")

// walker runs a path over one text.
type walker struct {
	ctx  context.Context
	p    *path
	emit func(Value) bool
	seen int
	doc  *Doc // whose values are walked; told where they end; may be nil
}

// learn notes where a value of the Doc ends, if n is one whose end was not
// known.
func (w *walker) learn(n node, end int) {
	if n.end < 0 && w.doc != nil {
		w.doc.found(n.start, end)
	}
}

// node is a value on the way: b[start:], its end if it is known, else -1.
type node struct {
	b          []byte
	start, end int
	miss       *missing
}

func (n node) kind() jsontext.Kind { return jsontext.KindOf(n.b[n.start]) }

func (n node) null(m *missing) node {
	if n.miss != nil {
		m = n.miss
	}
	return node{b: []byte("null"), end: len("null"), miss: m}
}

// runDoc runs the path over each value of d.
func (w *walker) runDoc(d *Doc) error {
	if d == nil {
		return w.step(node{b: []byte("null"), end: len("null")}, 0)
	}
	w.doc = d
	for i := 0; ; i++ {
		start, end, ok, err := d.next(i)
		if err != nil || !ok {
			return err
		}
		if err := w.step(node{b: d.b, start: start, end: end}, 0); err != nil {
			return err
		}
	}
}

// step takes step k and those behind it from n.
func (w *walker) step(n node, k int) error {
	if k == len(w.p.steps) {
		return w.result(n)
	}
	s := &w.p.steps[k]
	var err error
	switch s.kind {
	case stepField:
		n, err = w.field(n, s, k)
	case stepIndex:
		n, err = w.index(n, s, k)
	case stepSlice:
		n, err = w.slice(n, s, k)
	default:
		return w.each(n, s, k)
	}
	if err != nil {
		return w.failed(err, s)
	}
	return w.step(n, k+1)
}

// failed lets a ? behind the step hide that it did not fit.
func (w *walker) failed(err error, s *step) error {
	if e, ok := err.(*Error); ok && s.optional && e.Pos >= 0 {
		return nil
	}
	return err
}

func (w *walker) result(n node) error {
	if w.seen++; w.seen&255 == 0 && w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	if n.end < 0 {
		end, err := jsontext.Skip(n.b, n.start)
		if err != nil {
			return bodyError(err)
		}
		w.learn(n, end)
		n.end = end
	}
	if !w.emit(Value{raw: n.b[n.start:n.end:n.end], miss: n.miss}) {
		return errStop
	}
	return nil
}

func (w *walker) field(n node, s *step, k int) (node, error) {
	switch n.kind() {
	case jsontext.Null:
		return n.null(nil), nil
	case jsontext.Object:
		start, end, ok, after, err := jsontext.Member(n.b, n.start, s.key)
		if err == nil {
			w.learn(n, after)
		}
		switch {
		case err != nil:
			return node{}, bodyError(err)
		case ok:
			return node{b: n.b, start: start, end: end}, nil
		}
		return w.absent(n, k), nil
	}
	return node{}, w.misfit(n, k, "an object")
}

func (w *walker) index(n node, s *step, k int) (node, error) {
	switch n.kind() {
	case jsontext.Null:
		return n.null(nil), nil
	case jsontext.List:
		start, end, ok, err := jsontext.Index(n.b, n.start, s.from)
		switch {
		case err != nil:
			return node{}, bodyError(err)
		case ok:
			return node{b: n.b, start: start, end: end}, nil
		}
		return n.null(nil), nil
	case jsontext.String:
		return w.cutString(n, s)
	}
	return node{}, w.misfit(n, k, "a list")
}

func (w *walker) slice(n node, s *step, k int) (node, error) {
	switch n.kind() {
	case jsontext.Null:
		return n.null(nil), nil
	case jsontext.String:
		return w.cutString(n, s)
	case jsontext.List:
		return w.sliceList(n, s)
	}
	return node{}, w.misfit(n, k, "a list")
}

// sliceList copies the elements asked for, as they are written, into a list.
func (w *walker) sliceList(n node, s *step) (node, error) {
	count := 0
	if s.from < 0 || s.open[1] || s.to < 0 {
		var err error
		if count, err = jsontext.Length(n.b, n.start); err != nil {
			return node{}, bodyError(err)
		}
	} else {
		count = s.to // as far as it is needed
	}
	from, to := s.bounds(count)
	first, last, at := -1, 0, 0
	_, err := jsontext.Each(n.b, n.start, func(_ []byte, start, end int) bool {
		if at >= from && at < to {
			if first < 0 {
				first = start
			}
			last = end
		}
		at++
		return at < to
	})
	if err != nil {
		return node{}, bodyError(err)
	}
	list := []byte("[]")
	if first >= 0 {
		list = append(append(list[:1:1], n.b[first:last]...), ']')
	}
	return node{b: list, end: len(list)}, nil
}

// bounds returns the range of a slice within n elements.
func (s *step) bounds(n int) (from, to int) {
	clamp := func(i, low int) int {
		if i < 0 {
			i += n
		}
		return min(max(i, low), n)
	}
	from, to = clamp(s.from, 0), n
	if !s.open[1] {
		to = clamp(s.to, from)
	}
	return from, to
}

// cutString gives a character of a string, or a slice of it.
func (w *walker) cutString(n node, s *step) (node, error) {
	end, err := jsontext.Skip(n.b, n.start)
	if err != nil {
		return node{}, bodyError(err)
	}
	text, err := jsontext.Unquote(n.b[n.start:end])
	if err != nil {
		return node{}, bodyError(err)
	}
	runes := []rune(text)
	from, to := s.from, s.from+1
	if s.kind == stepSlice {
		from, to = s.bounds(len(runes))
	} else {
		if from < 0 {
			from, to = from+len(runes), to+len(runes)
		}
		if from < 0 || from >= len(runes) {
			return n.null(nil), nil
		}
	}
	quoted := jsontext.AppendQuote(nil, string(runes[from:to]))
	return node{b: quoted, end: len(quoted)}, nil
}

func (w *walker) each(n node, s *step, k int) error {
	if kind := n.kind(); kind != jsontext.List && kind != jsontext.Object {
		return w.failed(w.misfit(n, k, "an object or a list"), s)
	}
	end, err := jsontext.EachStart(n.b, n.start, func(_ []byte, start int) (int, bool, error) {
		end, err := w.element(n.b, start, k+1)
		return end, err == nil, err
	})
	var syntax *jsontext.SyntaxError
	switch {
	case err == nil:
		w.learn(n, end)
	case errors.As(err, &syntax):
		return bodyError(err)
	}
	return err
}

// element takes the steps from k on for the value at start and returns its
// end. Of an object that is asked for one key the end comes with the key.
func (w *walker) element(b []byte, start, k int) (end int, err error) {
	if k < len(w.p.steps) && w.p.steps[k].kind == stepField && b[start] == '{' {
		from, to, ok, after, err := jsontext.Member(b, start, w.p.steps[k].key)
		switch {
		case err != nil:
			return after, err
		case ok:
			return after, w.step(node{b: b, start: from, end: to}, k+1)
		}
		return after, w.step(w.absent(node{b: b, start: start}, k), k+1)
	}
	end, err = jsontext.Skip(b, start)
	if err != nil {
		return end, err
	}
	return end, w.step(node{b: b, start: start, end: end}, k)
}

// absent is the null an object gives that has no such key.
func (w *walker) absent(n node, k int) node {
	return n.null(&missing{path: w.p, step: k, object: n.b[n.start:]})
}
