package terminal

import (
	"bytes"
	"io"
	"sync"
	"time"
	"unicode/utf8"
)

// A source is where bytes come from.
type source interface {
	// read waits for bytes, for ever if wait is negative, and puts them in
	// p. It returns 0 and nil when the time is over, io.EOF when no bytes
	// will ever come again.
	read(p []byte, wait time.Duration) (int, error)

	// ready reports whether read would return at once.
	ready() bool
}

// How long an unfinished sequence may take to go on. A lone Esc is a key, so
// its wait is felt; the rest is never typed by hand and may come over a slow
// line.
const (
	escWait      = 50 * time.Millisecond
	sequenceWait = 300 * time.Millisecond
	pasteIdle    = time.Second
)

// maxSequence bounds an unfinished sequence in memory.
const maxSequence = 1 << 20

// A keyReader turns bytes into keys.
type keyReader struct {
	src source
	buf []byte // read and not yet decoded

	waited int // so many bytes at the end of buf have waited for more in vain
}

// waiting reports whether a further key is on its way already. What is
// waiting becomes a key within a bounded time, at worst keyNone.
func (r *keyReader) waiting() bool { return len(r.buf) > 0 || r.src.ready() }

// next returns the next key. Its error is io.EOF.
func (r *keyReader) next() (key, error) {
	for {
		k, n := decode(r.buf)
		if n == 0 && len(r.buf) > 0 {
			if r.waited < len(r.buf) {
				more, err := r.fill(r.patience())
				if err != nil {
					return key{}, err
				}
				if more && len(r.buf) < maxSequence {
					continue
				}
			}
			k, n = settle(r.buf)
			r.waited = len(r.buf) - n
		}
		if n > 0 {
			r.consume(n)
			if k.code == pasteStart {
				return r.paste()
			}
			return k, nil
		}
		if _, err := r.fill(-1); err != nil {
			return key{}, err
		}
	}
}

// patience returns how long the unfinished sequence in the buffer may wait.
func (r *keyReader) patience() time.Duration {
	if r.buf[0] == esc && (len(r.buf) == 1 || len(r.buf) == 2 && r.buf[1] == esc) {
		return escWait
	}
	return sequenceWait
}

// fill reads more bytes into the buffer; false means the time was over.
func (r *keyReader) fill(wait time.Duration) (bool, error) {
	var chunk [4096]byte
	n, err := r.src.read(chunk[:], wait)
	if n > 0 {
		r.waited = 0
	}
	r.buf = append(r.buf, chunk[:n]...)
	clear(chunk[:n])
	return n > 0, err
}

// consume drops n decoded bytes. They may be a secret, so they do not stay in
// memory behind the buffer's end.
func (r *keyReader) consume(n int) {
	rest := copy(r.buf, r.buf[n:])
	clear(r.buf[rest:])
	r.buf = r.buf[:rest]
	if rest == 0 && cap(r.buf) > 1<<16 {
		r.buf = nil
	}
}

// paste reads up to the end of a bracketed paste. A terminal that forgets the
// end must not swallow the keyboard: a Ctrl-C that comes alone after a pause
// drops the paste.
func (r *keyReader) paste() (key, error) {
	end := []byte("\x1b[201~")
	from, idle := 0, false
	for {
		if i := bytes.Index(r.buf[from:], end); i >= 0 {
			text := cleanInput(r.buf[:from+i])
			r.consume(from + i + len(end))
			return key{keyPaste, text}, nil
		}
		from = max(0, len(r.buf)-len(end)+1)
		had := len(r.buf)
		more, err := r.fill(pasteIdle)
		if err != nil {
			return key{}, err
		}
		if idle && more && string(r.buf[had:]) == "\x03" {
			r.consume(len(r.buf))
			return key{code: interruptKey}, nil
		}
		idle = !more
	}
}

// A feed is what the engine reads instead of the terminal: one rune for each
// key, one rune a time. Only Enter, Ctrl-C and Ctrl-D are passed as they are,
// because the engine's gate closes behind them; any other key becomes keyRune
// and waits in the queue.
type feed struct {
	keys *keyReader

	mu    sync.Mutex
	queue []queued
}

// A queued key knows whether a further one was on its way when it was read:
// then the screen need not be drawn in between.
type queued struct {
	key
	more bool
}

// keyRune stands for any key; it is in a private use area and never typed.
const keyRune = '\uE000'

// Read implements io.Reader. It returns one rune, or io.EOF at the end.
func (f *feed) Read(p []byte) (int, error) {
	k, err := f.keys.next()
	if err != nil {
		return 0, io.EOF
	}
	more := f.keys.waiting()
	f.mu.Lock()
	f.queue = append(f.queue, queued{k, more})
	f.mu.Unlock()
	return utf8.EncodeRune(p, k.engineRune()), nil
}

// Close implements io.Closer. The source is closed by its owner.
func (f *feed) Close() error { return nil }

// take returns the key that belongs to the rune the engine just received.
func (f *feed) take() queued {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.queue) == 0 {
		return queued{}
	}
	k := f.queue[0]
	f.queue[0] = queued{}
	f.queue = f.queue[1:]
	return k
}

// engineRune returns the rune the engine is given for a key.
func (k key) engineRune() rune {
	switch k.code {
	case keyEnter, interruptKey, endKey:
		return rune(k.code)
	}
	return keyRune
}
