package session

import "slices"

// A trail is the way of one request through origins. It decides which
// credentials may go along: those of the origin reached now, as long as it was
// not left before, for an origin in between could have sent us back with
// something to do.
type trail struct {
	first, now Origin
	left       []Origin // in order, nil until a redirect leaves an origin
}

func newTrail(first Origin) trail { return trail{first: first, now: first} }

// move follows a redirect to an origin.
func (t *trail) move(to Origin) {
	if to != t.now {
		t.left = append(slices.Clip(t.left), t.now)
		t.now = to
	}
}

// allows says that credentials given for an origin may go with the next
// request: it is where we are, or the same host's http that redirected to its
// https.
func (t *trail) allows(given Origin) bool {
	if given == t.now {
		return !slices.Contains(t.left, t.now)
	}
	return len(t.left) == 1 && t.left[0] == given && given.upgrades(t.now)
}

// home says that what was typed with the request may still go along.
func (t *trail) home() bool { return t.allows(t.first) }
