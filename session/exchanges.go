package session

import (
	"fmt"
	"slices"
)

// exchanges are the ones remembered, oldest first, numbered without gaps.
type exchanges struct {
	list    []*Exchange
	next    int // number of the next one, less 1
	current *Exchange
	held    int64 // bytes of bodies in memory, but for the one being received
}

// add gives x its number and makes it the current one.
func (l *exchanges) add(x *Exchange, keep int) {
	l.next++
	x.Number = l.next
	for len(l.list) >= max(keep, 1) {
		l.held -= l.list[0].Body.counted
		l.list[0].Body.discard()
		l.list[0] = nil
		l.list = l.list[1:]
	}
	l.list = append(l.list, x)
	l.current = x
}

// settle counts the body of x, now complete, and forgets the oldest others
// until no more than limit bytes are held.
func (l *exchanges) settle(x *Exchange, limit int64) {
	x.Body.counted = x.Body.held()
	l.held += x.Body.counted
	for _, old := range l.list {
		if l.held <= limit || old == x {
			break
		}
		if old.Body.spill == nil {
			l.held -= old.Body.counted
			old.Body.counted = 0
			old.Body.evict()
		}
	}
	l.settleFiles(x)
}

// settleFiles keeps what is in temporary files within reason.
func (l *exchanges) settleFiles(x *Exchange) {
	const most = 8 << 30
	total := int64(0)
	for _, old := range slices.Backward(l.list) {
		if old.Body.spill == nil {
			continue
		}
		if total += old.Body.spill.size; total > most && old != x {
			old.Body.discard()
		}
	}
}

// Last returns the newest exchange, nil if there is none.
func (s *Session) Last() *Exchange {
	if n := len(s.log.list); n > 0 {
		return s.log.list[n-1]
	}
	return nil
}

// Current returns the exchange chosen with [Session.Use], or the newest one if
// it came after that; nil if there is none.
func (s *Session) Current() *Exchange { return s.log.current }

// At returns exchange number n. The error says whether there never was one, or
// which ones are still kept.
func (s *Session) At(n int) (*Exchange, error) {
	list := s.log.list
	if len(list) == 0 {
		return nil, &Error{Phase: PhaseRequest, Text: fmt.Sprintf("answer %d: nothing was asked yet", n), Hint: "get /"}
	}
	first := list[0].Number
	switch {
	case n > s.log.next || n < 1:
		return nil, &Error{Phase: PhaseRequest, Text: fmt.Sprintf("answer %d: there was none; the last is %d", n, s.log.next), Hint: "responses"}
	case n < first:
		return nil, &Error{Phase: PhaseRequest, Text: fmt.Sprintf("answer %d: no longer kept; the oldest is %d", n, first), Hint: "responses"}
	}
	return list[n-first], nil
}

// Exchanges returns the exchanges that are kept, oldest first. Old ones may
// have lost their bodies, see [Body.Evicted].
func (s *Session) Exchanges() []*Exchange { return slices.Clone(s.log.list) }

// Use makes exchange number n the current one until the next request. The
// error is that of [Session.At].
func (s *Session) Use(n int) error {
	x, err := s.At(n)
	if err == nil {
		s.log.current, s.failed = x, nil
	}
	return err
}
