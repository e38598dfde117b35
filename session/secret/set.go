package secret

import (
	"slices"
	"strings"
	"sync"
)

// A Set knows the secret values of a conversation and masks them, in every
// form they may come back in. The zero value is ready to use, and a nil *Set
// can be asked to Mask: it knows no value but still masks what has the shape of
// a secret. A Set is safe for concurrent use.
type Set struct {
	mu      sync.Mutex
	entries map[string]*entry // by value
	needles []needle          // of all entries; nil until the next Mask needs them
}

// An entry is what a Set knows about one value.
type entry struct {
	count int      // how many times it was added
	users []string // users it was paired with
}

// Add makes value known. A value of six bytes or more is masked wherever it
// occurs; one of three to five only as a whole word; a shorter one is too
// common to be masked by value, and is masked by its place alone. Each Add
// needs its own Remove.
func (s *Set) Add(value string) { s.AddPair("", value) }

// AddPair is Add for a password, which basic authentication sends joined with
// its user in base64 (RFC 7617, section 2): that form is masked as well. An
// empty user adds the value alone.
func (s *Set) AddPair(user, value string) {
	if len(value) < shortest || strings.Trim(value, "•") == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries == nil {
		s.entries = make(map[string]*entry)
	}
	e := s.entries[value]
	if e == nil {
		e = new(entry)
		s.entries[value] = e
	}
	e.count++
	if user != "" && !slices.Contains(e.users, user) {
		e.users = append(e.users, user)
	}
	s.needles = nil
}

// Remove takes one Add of value back; after the last the value is forgotten.
// Removing a value that is not known does nothing.
func (s *Set) Remove(value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entries[value]
	if e == nil {
		return
	}
	if e.count--; e.count == 0 {
		delete(s.entries, value)
		s.needles = nil
	}
}

// Clear forgets every value.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries, s.needles = nil, nil
}

// Mask returns text with a Mask in place of every known value, as it is or in
// base64, hexadecimal, percent-encoded or as a JSON string, and of everything
// MaskShapes knows. Masking twice is masking once.
func (s *Set) Mask(text string) string {
	needles := s.current()
	return settle(text, func(text string) []span {
		spans := shapes(text, nil)
		for i := range needles {
			spans = needles[i].find(text, spans)
		}
		return spans
	})
}

// current returns what to look for, made anew if the values have changed. The
// slice is never written to again, so it may be used without the lock.
func (s *Set) current() []needle {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.needles == nil && len(s.entries) > 0 {
		for value, e := range s.entries {
			s.needles = append(s.needles, needles(value, e.users)...)
		}
	}
	return s.needles
}
