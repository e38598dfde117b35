package practice

import "strconv"

// kept is how many entries a ledger has at most.
const kept = 1000

// A ledger hands out values that stand for something, such as tokens, and
// finds it again. The oldest go first. Server.mu guards it.
//
// The values are numbered, not random, for the reason given at login.
type ledger[T any] struct {
	prefix  string // what its values begin with
	made    int
	entries map[string]*T // nil while nothing has been made
}

func (l *ledger[T]) add(v *T) (id string) {
	if l.entries == nil {
		l.entries = make(map[string]*T)
	}
	l.made++
	id = ticket(l.prefix, l.made)
	l.entries[id] = v
	delete(l.entries, ticket(l.prefix, l.made-kept))
	return id
}

// find returns nil for what was never handed out, or is forgotten.
func (l *ledger[T]) find(id string) *T { return l.entries[id] }

// ticket is the n-th value that begins with prefix.
func ticket(prefix string, n int) string {
	x := scramble(uint64(number(prefix))<<32 + uint64(n))
	return prefix + strconv.FormatUint(x, 36) + strconv.FormatUint(scramble(x), 36)
}
