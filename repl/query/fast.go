package query

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"sonde/repl/jsontext"
)

// A fast program is one the engine could run, but that is so common, and so
// easily answered from the bytes, that no tree is made for it:
//
//	PATH | length    PATH | keys    PATH | type
//	map(PATH)    PATH | map(PATH)    [PATH]    and these | length
//
// The path may be missing before the bar. What the bytes cannot answer as the
// engine would, like the length of a number, is left to the engine.
type fast struct {
	path  *path
	lead  int      // map: how many of its steps stand before it
	tail  fastTail // what is done with each result of the path
	count bool     // length of what is gathered is asked for
}

type fastTail uint8

const (
	tailLength fastTail = iota
	tailKeys
	tailType
	tailGather // all results become one list
	tailMap    // those behind each result of the lead do
)

// parseFast returns the fast program that source is, nil if it is none.
func parseFast(source string, offsets Offsets) *fast {
	list := tokens(source)
	word := func(i int) string { // counted from the end
		if i > len(list) {
			return ""
		}
		t := list[len(list)-i]
		if t.kind == tokString {
			return ""
		}
		return source[t.start:t.end]
	}
	var f fast
	if word(1) == "length" && word(2) == "|" && (word(3) == ")" || word(3) == "]") {
		f.count = true
		if f.gathers(source, offsets, list[:len(list)-2]) {
			return &f
		}
		f.count = false
	}
	switch word(1) {
	case "length":
		f.tail = tailLength
	case "keys":
		f.tail = tailKeys
	case "type":
		f.tail = tailType
	default:
		if f.gathers(source, offsets, list) {
			return &f
		}
		return nil
	}
	switch {
	case len(list) == 1:
		f.path = &path{n: -1}
	case word(2) == "|":
		f.path = parsePath(source[:list[len(list)-2].start], offsets)
	}
	if f.path == nil || f.path.root != "" {
		return nil
	}
	return &f
}

// gathers reads [PATH], map(PATH) and PATH | map(PATH).
func (f *fast) gathers(source string, offsets Offsets, list []token) bool {
	if len(list) < 3 {
		return false
	}
	last := list[len(list)-1]
	if source[list[0].start] == '[' && source[last.start] == ']' {
		f.tail = tailGather
		f.path = parsePath(source[:list[0].start]+" "+source[list[0].end:last.start], offsets)
		return f.path != nil && f.path.root == ""
	}
	i := slices.IndexFunc(list, func(t token) bool { return source[t.start:t.end] == "map" })
	if i < 0 || source[last.start] != ')' || list[i+1].start != list[i].end || source[list[i+1].start] != '(' {
		return false
	}
	if i > 0 {
		if source[list[i-1].start:list[i-1].end] != "|" {
			return false
		}
		lead := parsePath(source[:list[i-1].start], offsets)
		if lead == nil {
			return false
		}
		f.lead = len(lead.steps)
	}
	f.tail = tailMap
	f.path = parsePath(mapAsPath(source, list[i].start)[:last.start], offsets)
	return f.path != nil && f.path.root == ""
}

// mapAsPath writes the map( at i as the path it is, in as many letters: places
// in the text stay right.
func mapAsPath(source string, i int) string {
	return source[:i] + ".[]|" + source[i+len("map("):]
}

// answer runs the fast program; values it has no answer for go to the engine.
func (p *Program) answer(ctx context.Context, w *watch, in *Doc, s *Scope, emit func(Value) bool) error {
	f := p.fast
	walk := &walker{ctx: ctx, p: f.path, doc: in}
	for i := 0; ; i++ {
		start, end, ok, err := in.next(i)
		if err != nil || !ok {
			return err
		}
		root := node{b: in.b, start: start, end: end}
		var out []Value
		if f.tail == tailMap || f.tail == tailGather {
			out, err = f.gather(walk, root)
		} else {
			out, err = f.ask(walk, root)
		}
		if errors.Is(err, errNoAnswer) {
			if end, err = jsontext.Skip(in.b, start); err == nil {
				err = p.engine(ctx, w, NewDoc(in.b[start:end]), s, emit)
			} else {
				err = bodyError(err)
			}
		}
		for _, v := range out {
			if !emit(v) {
				return errStop
			}
		}
		if err != nil {
			return err
		}
	}
}

// errNoAnswer says that the engine has to be asked.
const errNoAnswer = signal("not to be told from the bytes")

// ask puts the one question of the program to each result of its path.
func (f *fast) ask(w *walker, root node) (out []Value, err error) {
	w.emit = func(v Value) bool {
		var answer []byte
		if answer, err = f.reply(v); err == nil {
			out = append(out, Value{raw: answer})
		}
		return err == nil
	}
	if walkErr := w.step(root, 0); walkErr != errStop {
		err = walkErr
	}
	if err == errNoAnswer {
		return nil, err
	}
	return out, err
}

func (f *fast) reply(v Value) ([]byte, error) {
	kind := v.kind()
	if f.tail == tailType {
		return jsontext.AppendQuote(nil, typeName(kind)), nil
	}
	switch {
	case kind == jsontext.Null && f.tail == tailLength:
		return []byte("0"), nil
	case kind == jsontext.List:
		n, err := jsontext.Length(v.raw, 0)
		if err != nil {
			return nil, errNoAnswer
		}
		if f.tail == tailLength {
			return strconv.AppendInt(nil, int64(n), 10), nil
		}
		return indexes(n), nil
	case kind == jsontext.Object:
		keys, err := sortedKeys(v.raw)
		if err != nil {
			return nil, errNoAnswer
		}
		if f.tail == tailLength {
			return strconv.AppendInt(nil, int64(len(keys)), 10), nil
		}
		return quoteList(keys), nil
	}
	return nil, errNoAnswer
}

// typeName is the word jq has for a kind.
func typeName(kind jsontext.Kind) string {
	if kind == jsontext.List {
		return "array"
	}
	return kind.String()
}

func indexes(n int) []byte {
	list := []byte{'['}
	for i := range n {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, int64(i), 10)
	}
	return append(list, ']')
}

func quoteList(keys []string) []byte {
	list := []byte{'['}
	for i, k := range keys {
		if i > 0 {
			list = append(list, ',')
		}
		list = jsontext.AppendQuote(list, k)
	}
	return append(list, ']')
}

// sortedKeys returns the names of an object, each once.
func sortedKeys(raw []byte) ([]string, error) {
	var keys []string
	var bad error
	_, err := jsontext.Each(raw, 0, func(name []byte, _, _ int) bool {
		var k string
		k, bad = jsontext.Unquote(name)
		keys = append(keys, k)
		return bad == nil
	})
	if err != nil || bad != nil {
		return nil, errNoAnswer
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

// gather makes one list of all results of the path, or, for a map, one list
// of those behind each result of its lead.
func (f *fast) gather(w *walker, root node) (out []Value, err error) {
	if f.tail == tailGather {
		v, err := f.collect(w, root, 0)
		if err != nil {
			return nil, err
		}
		return []Value{v}, nil
	}
	lead := &walker{ctx: w.ctx, doc: w.doc, p: &path{n: -1, steps: f.path.steps[:f.lead]}}
	lead.emit = func(v Value) bool {
		var list Value
		if list, err = f.collect(w, node{b: v.raw, end: len(v.raw)}, f.lead); err == nil {
			out = append(out, list)
		}
		return err == nil
	}
	if leadErr := lead.step(root, 0); leadErr != errStop {
		err = leadErr
	}
	return out, err
}

// collect makes a list of what the steps from k on give, or counts it.
func (f *fast) collect(w *walker, n node, k int) (Value, error) {
	count := 0
	list := []byte{'['}
	w.emit = func(v Value) bool {
		if count++; f.count {
			return true
		}
		if count > 1 {
			list = append(list, ',')
		}
		list = append(list, v.raw...)
		return true
	}
	if err := w.step(n, k); err != nil {
		return Value{}, err
	}
	if f.count {
		return Value{raw: strconv.AppendInt(nil, int64(count), 10)}, nil
	}
	return Value{raw: append(list, ']')}, nil
}
