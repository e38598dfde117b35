package query

import (
	"slices"

	"sonde/repl/jsontext"
	"sonde/repl/near"
)

// A Value is one result of a program, or the value of a variable. It is either
// a piece of a body, as received, or something the engine made. The zero
// Value is null.
type Value struct {
	raw   []byte // the text, if it came from text
	v     any    // else what the engine made
	order *ordering
	doc   *Doc // keeps the tree of raw once it is made; may be nil
	miss  *missing
}

// missing is a key that was not there: step of path did not find it in object.
type missing struct {
	path   *path
	step   int
	object []byte
}

// ValueOf makes a value of JSON text, which must hold one value and must not
// change from then on. The error is an [*Error].
func ValueOf(b []byte) (Value, error) {
	doc := NewDoc(b)
	trees, _, err := doc.tree()
	switch {
	case err != nil:
		return Value{}, err
	case len(trees) != 1:
		return Value{}, runError("one JSON value expected, the text holds several", "")
	}
	return Value{raw: b, doc: doc}, nil
}

// StringValue makes a string of s.
func StringValue(s string) Value { return Value{v: s} }

// Raw returns the text of a value that is a piece of a body, exactly as
// received, blanks and line ends inside it included. It is nil for a value the
// engine made. The caller must not change it.
func (v Value) Raw() []byte { return v.raw }

// AppendJSON appends the value as compact JSON, without a line end. Numbers
// and strings of a body are as received; keys keep their order.
func (v Value) AppendJSON(dst []byte) []byte {
	if v.raw != nil {
		return jsontext.AppendCompact(dst, v.raw)
	}
	return v.order.append(dst, v.v)
}

// Str returns the text of a string; ok is false for any other kind.
func (v Value) Str() (s string, ok bool) {
	if v.raw == nil {
		s, ok = v.v.(string)
		return s, ok
	}
	if v.kind() != jsontext.String {
		return "", false
	}
	s, err := jsontext.Unquote(v.trimmed())
	return s, err == nil
}

// IsNull reports whether the value is null.
func (v Value) IsNull() bool { return v.kind() == jsontext.Null }

// Truthy reports whether jq takes the value for true: everything but false
// and null.
func (v Value) Truthy() bool {
	switch v.kind() {
	case jsontext.Null:
		return false
	case jsontext.Bool:
		if v.raw != nil {
			return v.trimmed()[0] == 't'
		}
		return v.v == true
	}
	return true
}

// Kind names the kind of the value in the words shown to people: "object",
// "list", "string", "number", "boolean" or "null".
func (v Value) Kind() string { return v.kind().String() }

func (v Value) kind() jsontext.Kind {
	if v.raw != nil {
		return jsontext.KindOf(v.trimmed()[0])
	}
	switch v.v.(type) {
	case nil:
		return jsontext.Null
	case bool:
		return jsontext.Bool
	case string:
		return jsontext.String
	case []any:
		return jsontext.List
	case map[string]any:
		return jsontext.Object
	}
	return jsontext.Number
}

// trimmed is raw without blanks around it; it is not empty.
func (v Value) trimmed() []byte {
	i := jsontext.Blank(v.raw, 0)
	end := len(v.raw)
	for end > i+1 && v.raw[end-1] <= ' ' {
		end--
	}
	return v.raw[i:end]
}

// Missing tells, of a null that a path gave because an object had no such
// key, where that was: path leads to the object ("." is the body itself) and
// near holds up to three keys of it that look alike. ok is false for every
// other value.
func (v Value) Missing() (path, key string, nearby []string, ok bool) {
	if v.miss == nil {
		return "", "", nil, false
	}
	var keys []string
	_, err := jsontext.Each(v.miss.object, 0, func(raw []byte, _, _ int) bool {
		if k, err := jsontext.Unquote(raw); err == nil && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
		return len(keys) < 1000
	})
	if err != nil {
		keys = nil
	}
	key = v.miss.path.steps[v.miss.step].key
	return v.miss.path.describe(v.miss.step), key, near.Names(key, keys), true
}

// tree returns the value as the engine takes it, with the order of its keys.
func (v Value) tree() (any, *ordering, error) {
	if v.raw == nil {
		return v.v, v.order, nil
	}
	doc := v.doc
	if doc == nil {
		doc = NewDoc(v.raw)
	}
	trees, order, err := doc.tree()
	if err != nil || len(trees) != 1 {
		return nil, nil, err
	}
	return trees[0], &ordering{orders: []*jsontext.Order{order}}, nil
}
