package terminal

import (
	"io"

	"github.com/chzyer/readline"
)

// engineWidth is what the engine takes for the width of the screen. It never
// draws, and so wide a screen needs none of its arithmetic.
const engineWidth = 1 << 20

// engine returns the configuration under which readline is an engine only: it
// reads one harmless rune for each key, its own buffer stays empty, and what
// it writes goes nowhere. Raw mode is entered and left around it, because it
// would pass over an error.
func (t *Terminal) engine() *readline.Config {
	nothing := func() error { return nil }
	return &readline.Config{
		Stdin:                  t.feed,
		Stdout:                 io.Discard,
		Stderr:                 io.Discard,
		HistoryLimit:           -1,
		DisableAutoSaveHistory: true,
		FuncIsTerminal:         func() bool { return true },
		FuncMakeRaw:            nothing,
		FuncExitRaw:            nothing,
		FuncGetWidth:           func() int { return engineWidth },
		FuncOnWidthChanged:     func(func()) {},
		FuncFilterInputRune:    t.filter,
		Listener:               listener{},
		Painter:                painter{t},
	}
}

// filter sees every rune before the engine does. It applies the key the rune
// stands for and lets only the end of the line through. Any other key becomes
// a bell, which the engine answers by asking the listener and the painter.
func (t *Terminal) filter(r rune) (rune, bool) {
	if r == 0 { // no more input: the engine ends its loop
		close(t.ended)
		return 0, true
	}
	defer t.guard()
	t.apply(r)
	if t.outcome != stay {
		return r, true
	}
	if r != keyRune { // the engine's gate closed behind it; the line goes on
		t.rl.Terminal.KickRead()
	}
	return readline.CharBell, true
}

// apply gives the next key to the editor and notes in outcome how the line
// ends, if it does.
func (t *Terminal) apply(r rune) {
	t.outcome = stay
	k := t.feed.take()
	switch v := t.ed.key(k.key); v {
	case submit, endOfInput:
		t.outcome = v
		t.finish("")
	case interrupt:
		t.outcome = v
		t.finish("^C")
	case clearScreen:
		t.publish(false)
		t.clear()
	case suspend:
		t.suspend()
	default:
		t.publish(k.more)
	}
}

// A listener makes the engine refresh, which is how the painter is asked.
type listener struct{}

// OnChange implements readline.Listener.
func (listener) OnChange([]rune, int, rune) ([]rune, int, bool) { return nil, 0, true }

// A painter draws the prompt where the engine would.
type painter struct{ t *Terminal }

// Paint implements readline.Painter. It returns nothing for the engine to draw.
func (p painter) Paint([]rune, int) []rune {
	defer p.t.guard()
	p.t.drawStale()
	return nil
}
