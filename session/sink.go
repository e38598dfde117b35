package session

import "io"

const (
	claimable = 1 << 30  // what a Content-Length is believed: pages nobody wrote to take no memory
	saveKeep  = 64 << 20 // what of a saved body is kept in memory as well
	maxPart   = 4 << 20
	minPart   = 512
	copySize  = 512 << 10
)

// A sink gives a body its place in memory: one part of the exact size if the
// length is known, else parts of growing size.
type sink struct {
	body   *Body
	to     io.Writer // where it is saved, nil if it is not
	length int64     // -1 if unknown
	limit  int64     // bytes to take at most, 0 for no limit
	over   int64     // bytes from where on it goes to a temporary file, 0 for never

	buf    []byte // the part being filled
	keep   bool   // in memory
	closed int64  // bytes in body.parts
}

// start makes the first part. ready is how much has come already.
func (k *sink) start(ready int64) error {
	k.keep = k.to == nil || k.length <= saveKeep
	if k.to == nil && k.over > 0 && k.length > k.over {
		if err := k.spill(); err != nil {
			return err
		}
	}
	switch {
	case !k.keep:
		k.buf = make([]byte, 0, copySize)
	case k.length >= 0:
		if n := min(k.length, claimable); n > 0 {
			k.buf = make([]byte, 0, n)
		}
	default:
		k.buf = make([]byte, 0, min(max(ready, minPart), maxPart))
	}
	return nil
}

// spill moves the body to a temporary file, where the rest of it goes as well.
func (k *sink) spill() error {
	file, err := newSpill()
	if err != nil {
		return err
	}
	if _, err := k.body.WriteTo(file); err != nil {
		file.discard()
		return err
	}
	k.body.spill, k.to = file, file
	k.body.parts, k.body.tail = nil, nil
	k.keep, k.buf = false, make([]byte, 0, copySize)
	return nil
}

// crossed moves a body that has become too large for memory to a file. What
// came last is still to be handed on from where it is, and is in the file.
func (k *sink) crossed() (moved bool, err error) {
	if k.to != nil || k.over <= 0 || k.body.size <= k.over {
		return false, nil
	}
	return true, k.spill()
}

// space returns where to put the next bytes. full says that the limit is
// reached. The space is empty when a body of known length is whole.
func (k *sink) space() (p []byte, full bool) {
	if k.limit > 0 && k.body.size >= k.limit {
		return nil, true
	}
	if !k.keep {
		k.buf = k.buf[:0]
	} else if len(k.buf) == cap(k.buf) {
		k.grow()
	}
	p = k.buf[len(k.buf):cap(k.buf)]
	if k.limit > 0 && int64(len(p)) > k.limit-k.body.size {
		p = p[:k.limit-k.body.size]
	}
	return p, false
}

func (k *sink) grow() {
	if k.length >= 0 {
		if int64(len(k.buf)) < k.length {
			k.buf = append(make([]byte, 0, k.believed()), k.buf...)
		}
		return
	}
	k.body.parts, k.body.tail = append(k.body.parts, k.buf), nil
	k.closed += int64(len(k.buf))
	k.buf = make([]byte, 0, min(max(2*cap(k.buf), minPart), maxPart))
}

// believed returns how large the one part becomes when what was first believed
// has come: as large as the body claims to be, within reason.
func (k *sink) believed() int64 {
	size := k.length
	if k.limit > 0 {
		size = min(size, k.limit)
	}
	const reason = 2 << 30
	return min(size, max(reason, 2*int64(len(k.buf))))
}

// took says that n bytes were put into the space.
func (k *sink) took(n int) {
	k.buf = k.buf[:len(k.buf)+n]
	k.body.size += int64(n)
	if k.keep {
		k.body.tail = k.buf
	}
	if k.keep && k.to != nil && k.body.size > saveKeep {
		// p of the caller stays valid, but from now on bytes pass through.
		k.keep, k.body.parts, k.body.tail, k.buf = false, nil, nil, make([]byte, 0, copySize)
	}
}

// finish hands the last part to the body.
func (k *sink) finish() {
	k.body.tail = nil
	if k.body.spill != nil {
		return
	}
	if !k.keep {
		k.body.saved = true
		if f, ok := k.to.(interface{ Name() string }); ok {
			k.body.path = f.Name()
		}
		return
	}
	if len(k.buf) == 0 {
		return
	}
	if len(k.body.parts) == 0 && cap(k.buf) > 2*len(k.buf) {
		k.buf = append(make([]byte, 0, len(k.buf)), k.buf...)
	}
	k.body.parts = append(k.body.parts, k.buf)
}
