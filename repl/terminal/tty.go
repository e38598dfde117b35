package terminal

import (
	"sync"

	"golang.org/x/term"
)

// A tty switches one terminal between the state it was found in and raw mode.
// Its methods may be called from any goroutine.
type tty struct {
	fd int

	mu    sync.Mutex
	found *term.State // nil: as found
}

// raw puts the terminal into raw mode. If it is already, the mode is set once
// more, since a shell may have changed it while the program was stopped.
func (t *tty) raw() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	state, err := term.MakeRaw(t.fd)
	if err == nil && t.found == nil {
		t.found = state
	}
	return err
}

// isRaw reports whether raw was called after the last restore.
func (t *tty) isRaw() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.found != nil
}

// restore puts the terminal into the state in which raw found it, and reports
// whether it was raw.
func (t *tty) restore() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.found == nil {
		return false
	}
	// A terminal that is gone needs no restoring.
	_ = term.Restore(t.fd, t.found)
	t.found = nil
	return true
}
