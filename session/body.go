package session

import "io"

// A Body is the body of an answer, decoded. It is in memory, in a temporary file
// if it is larger than Settings.SpillOver, where the request's SaveTo put it if
// that was more than 64 MiB, or nowhere because the session has forgotten it to
// make room. It is complete when [Session.Do] returns; what comes before that
// is what a [Watch] is given.
type Body struct {
	parts   [][]byte // in order; every one but the last is full
	spill   *spill   // what is in a file instead, nil if it is in memory
	tail    []byte   // what has come after parts while the body is being received
	size    int64    // of all that was decoded, kept or not
	saved   bool
	path    string
	evicted bool
	counted int64 // bytes the session counts for it, see exchanges
}

// Len returns the number of decoded bytes, also of a body that is no longer in
// memory.
func (b *Body) Len() int64 { return b.size }

// Bytes returns the decoded bytes as one slice, which must not be changed. It
// is nil if they cannot be had, see [Body.Saved] and [Body.Evicted]. The
// first call may join the bytes; later ones cost nothing.
func (b *Body) Bytes() []byte {
	if b.spill != nil {
		return b.spill.bytes()
	}
	switch len(b.parts) {
	case 0:
		return nil
	case 1:
		return b.parts[0]
	}
	n := 0
	for _, p := range b.parts {
		n += len(p)
	}
	all := make([]byte, 0, n)
	for i, p := range b.parts {
		all = append(all, p...)
		b.parts[i] = nil
	}
	b.parts = [][]byte{all}
	return all
}

// WriteTo writes the decoded bytes without joining them: while the body is
// being received those that have come. It writes nothing if they are not in
// memory.
func (b *Body) WriteTo(w io.Writer) (n int64, err error) {
	if b.spill != nil {
		return io.CopyBuffer(struct{ io.Writer }{w}, b.spill.reader(), make([]byte, copySize))
	}
	for _, p := range b.parts {
		m, err := w.Write(p)
		n += int64(m)
		if err != nil {
			return n, err
		}
	}
	if len(b.tail) == 0 {
		return n, nil
	}
	m, err := w.Write(b.tail)
	return n + int64(m), err
}

// Saved says that the bytes are only where SaveTo put them, and returns the
// name of that file if SaveTo has one (a method Name, as *os.File has).
func (b *Body) Saved() (path string, saved bool) { return b.path, b.saved }

// Evicted says that the session has forgotten the bytes to make room for newer
// ones.
func (b *Body) Evicted() bool { return b.evicted }

// held returns the number of bytes kept in memory.
func (b *Body) held() int64 {
	n := 0
	if b.spill != nil && b.spill.inHeap {
		n = len(b.spill.mapped)
	}
	for _, p := range b.parts {
		n += cap(p)
	}
	return int64(n)
}

func (b *Body) evict() {
	if len(b.parts) > 0 {
		b.parts, b.evicted = nil, true
	}
	b.discard()
}

// discard gives up the file a body is in.
func (b *Body) discard() {
	if b.spill != nil {
		b.spill.discard()
		b.spill, b.evicted = nil, true
	}
}

// Spilled says that the body is in a temporary file.
func (b *Body) Spilled() bool { return b.spill != nil }
