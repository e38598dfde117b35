package query

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"

	"sonde/repl/jsontext"
)

// ordering knows in which order to write the keys of what the engine made. A
// nil ordering sorts them.
type ordering struct {
	orders  []*jsontext.Order // of the bodies a program saw
	program *Program          // whose object constructions say the rest
}

// append appends v as JSON. Values deeper than [jsontext.MaxDepth] never get
// here: Run refuses them.
func (o *ordering) append(dst []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		return strconv.AppendBool(dst, v)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case float64:
		return appendFloat(dst, v)
	case *big.Int:
		return v.Append(dst, 10)
	case json.Number:
		return append(dst, v...)
	case string:
		return jsontext.AppendQuote(dst, v)
	case []any:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = o.append(dst, e)
		}
		return append(dst, ']')
	case map[string]any:
		dst = append(dst, '{')
		for i, k := range o.keys(v) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(jsontext.AppendQuote(dst, k), ':')
			dst = o.append(dst, v[k])
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// appendFloat writes a result of arithmetic the way jq does: NaN, which JSON
// does not have, as null, and infinities as the largest number.
func appendFloat(dst []byte, f float64) []byte {
	if math.IsNaN(f) {
		return append(dst, "null"...)
	}
	f = min(max(f, -math.MaxFloat64), math.MaxFloat64)
	format := byte('f')
	if a := math.Abs(f); a != 0 && a < 1e-6 || a >= 1e21 {
		format = 'e'
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, format, -1, 64)
	if n := len(dst); format == 'e' && n-start >= 4 && dst[n-2] == '0' && dst[n-3] == '-' {
		dst[n-2] = dst[n-1] // 1e-09 is written 1e-9
		dst = dst[:n-1]
	}
	return dst
}

// keys returns the keys of m in the order to write them: that of the body if
// m is an object of it; that of the program if it names them all in its
// object constructions; else first those a body has, as it has them, then
// those the program names, then the rest by name.
func (o *ordering) keys(m map[string]any) []string {
	if o == nil {
		return slices.Sorted(maps.Keys(m))
	}
	for _, order := range o.orders {
		if keys := order.Keys(m); keys != nil {
			return keys
		}
	}
	return o.arrange(m)
}

// place is where a key goes: by level, then by list, then by rank in it.
type place struct {
	key               string
	level, list, rank int
}

// arrange orders the keys of an object no body had.
func (o *ordering) arrange(m map[string]any) []string {
	places := make([]place, 0, len(m))
	named := true
	for k := range m {
		named = named && o.program.constructs(k)
		places = append(places, place{key: k})
	}
	for i := range places {
		o.locate(&places[i], named)
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.list, b.list),
			cmp.Compare(a.rank, b.rank), cmp.Compare(a.key, b.key))
	})
	keys := make([]string, len(places))
	for i, p := range places {
		keys[i] = p.key
	}
	return keys
}

func (o *ordering) locate(p *place, named bool) {
	if !named {
		for i, order := range o.orders {
			if rank, ok := order.Rank(p.key); ok {
				p.list, p.rank = i, rank
				return
			}
		}
	}
	if rank, ok := o.program.mentions(p.key); ok {
		p.level, p.rank = 1, rank
		return
	}
	p.level = 2
}
