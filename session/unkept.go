package session

// Keep gives an exchange its number, makes it the current one and remembers it,
// as [Session.Do] does unless its Request is Unkept. The exchange has to be of
// such a request, and kept only once.
func (s *Session) Keep(x *Exchange) {
	s.log.add(x, s.Settings.KeepAnswers)
	s.log.settle(x, s.Settings.KeepBytes)
}

// Drop gives up the body of an exchange that was not kept. Nil is none.
func (s *Session) Drop(x *Exchange) {
	if x != nil && x.Number == 0 {
		x.Body.evict()
	}
}
