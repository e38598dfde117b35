package jsontext

import (
	"slices"
	"sync"
	"unsafe"
)

// An Order remembers in which order the keys of decoded objects were written,
// which a Go map forgets. It is kept beside the tree and knows objects by
// identity, so it keeps them in memory. The zero Order is empty and ready. It may be asked from several goroutines once [Decode] is
// done.
type Order struct {
	// Objects with the same keys in the same order share one shape, a node of
	// this tree of key sequences.
	shapes []shape
	wide   map[edge]int32
	limit  int
	of     map[unsafe.Pointer]int32

	mu    sync.Mutex
	lists map[int32][]string
	own   map[unsafe.Pointer][]string
	rank  map[string]int
}

// shape is a sequence of keys: that of its parent and one more. Children are
// linked through next, starting at first, or are in Order.wide; fan counts
// them and hot is the one last taken.
type shape struct {
	key                      string
	parent, first, next, hot int32
	fan                      int32
	plain                    bool // key is the very bytes between the quotes
}

type edge struct {
	shape int32
	key   string
}

const (
	noShape   int32 = -1
	rootShape int32 = 0

	// maxLinked children are searched one by one, more through a map.
	maxLinked = 8
)

// grow makes ready for a text of n bytes, and bounds what odd texts, objects
// that are all different, may cost: past the limit the order is only a guess
// from what came before.
func (o *Order) grow(n int) {
	o.limit += 1<<12 + n/32
	if o.shapes == nil {
		o.shapes = append(o.shapes, shape{parent: noShape, first: noShape, next: noShape, hot: noShape})
		o.of = make(map[unsafe.Pointer]int32)
		o.wide = make(map[edge]int32)
	}
}

// guess reports whether b[i] starts the key that followed shape the last
// time, and where that key ends.
func (o *Order) guess(b []byte, i int, at int32) (next int32, end int) {
	next = o.shapes[at].hot
	if next == noShape || !o.shapes[next].plain {
		return noShape, i
	}
	key := o.shapes[next].key
	end = i + 1 + len(key)
	if end < len(b) && b[i] == '"' && b[end] == '"' && string(b[i+1:end]) == key {
		return next, end + 1
	}
	return noShape, i
}

// step returns the shape that has one key more than at, made if it is new,
// noShape when there is no room left.
func (o *Order) step(at int32, key string, plain bool) int32 {
	next := o.child(at, key)
	if next == noShape {
		if len(o.shapes) >= o.limit {
			return noShape
		}
		next = int32(len(o.shapes))
		o.shapes = append(o.shapes, shape{key: key, parent: at, first: noShape, next: noShape, hot: noShape, plain: plain})
		s := &o.shapes[at]
		if s.fan++; s.fan > maxLinked {
			o.wide[edge{at, key}] = next
		} else {
			o.shapes[next].next, s.first = s.first, next
		}
	}
	o.shapes[at].hot = next
	return next
}

func (o *Order) child(at int32, key string) int32 {
	for next := o.shapes[at].first; next != noShape; next = o.shapes[next].next {
		if o.shapes[next].key == key {
			return next
		}
	}
	if o.shapes[at].fan > maxLinked {
		if next, ok := o.wide[edge{at, key}]; ok {
			return next
		}
	}
	return noShape
}

// pointer is the identity of a map.
func pointer(m map[string]any) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&m))
}

func (o *Order) note(m map[string]any, at int32) {
	o.of[pointer(m)] = at
}

// Set notes the order of the keys of an object made by the program. The Order
// keeps keys.
func (o *Order) Set(m map[string]any, keys []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.own == nil {
		o.own = make(map[unsafe.Pointer][]string)
	}
	o.own[pointer(m)] = keys
}

// Keys returns the keys of m in the order they were written, nil if m is not
// an object this Order has seen, holds other keys by now, or was written with
// a name twice. The caller must not change the result.
func (o *Order) Keys(m map[string]any) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	keys, ok := o.own[pointer(m)]
	if !ok {
		at, ok := o.of[pointer(m)]
		if !ok {
			return nil
		}
		keys = o.list(at)
	}
	if len(keys) != len(m) {
		return nil
	}
	return keys
}

// list spells a shape out, once.
func (o *Order) list(at int32) []string {
	if keys, ok := o.lists[at]; ok {
		return keys
	}
	var keys []string
	for s := at; s != rootShape; s = o.shapes[s].parent {
		keys = append(keys, o.shapes[s].key)
	}
	slices.Reverse(keys)
	if o.lists == nil {
		o.lists = make(map[int32][]string)
	}
	o.lists[at] = keys
	return keys
}

// Rank tells the place of key among all keys in the order they were first
// met, for objects that are new but made of known keys.
func (o *Order) Rank(key string) (int, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.rank == nil {
		o.rank = make(map[string]int)
		for i := range o.shapes {
			k := o.shapes[i].key
			if _, ok := o.rank[k]; !ok && i > 0 {
				o.rank[k] = i
			}
		}
	}
	n, ok := o.rank[key]
	return n, ok
}
