package terminal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chzyer/readline"
	"golang.org/x/term"
)

// A Terminal is a prompt. ReadLine, ReadSecret and the history methods are for
// one goroutine; Print, Size, Restore and Close may be called from any.
type Terminal struct {
	conf   Config
	undraw func() // takes back what Open changed about Out
	tty    *tty
	in     *input
	keys   *keyReader
	feed   *feed
	rl     *readline.Instance
	hist   history
	kills  killRing

	busy   chan struct{} // holds one token while a line is read
	closed atomic.Bool
	ended  chan struct{}         // closed when the engine has seen the end of input
	crash  atomic.Pointer[crash] // nil: none

	ed      *editor // of the line being read
	outcome verdict // how it ended

	mu        sync.Mutex // guards what follows, and the screen itself
	up        bool       // a prompt is drawn
	stale     bool       // the view is newer than the screen
	hold      bool       // the next key is on its way: drawing can wait for it
	view      view
	screen    screen
	disturbed bool // another program had the screen since the last prompt
	ownStops  int  // stops by Ctrl-Z whose end was not yet reported
}

// A crash is a panic in a hook of the engine, kept for the caller of ReadLine,
// who can recover from it: in the engine's goroutine nobody could.
type crash struct {
	value any
	stack []byte
}

// Usable reports whether a Terminal can be opened: both files are terminals,
// TERM is not "dumb", and out has at least one column. If not, a PlainReader
// will do.
func Usable(in, out *os.File, env func(string) string) bool {
	if in == nil || out == nil || !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return false
	}
	if env != nil && env("TERM") == "dumb" {
		return false
	}
	cols, _, err := term.GetSize(int(out.Fd()))
	return err == nil && cols > 0
}

// Open prepares a prompt. Nothing is drawn and the terminal is not changed
// before the first line is read. The files stay the caller's to close, after
// Close.
func Open(c Config) (*Terminal, error) {
	if !Usable(c.In, c.Out, c.Env) {
		return nil, errors.New("open prompt: no terminal that can be drawn on")
	}
	undraw, err := drawable(c.Out)
	if err != nil {
		return nil, fmt.Errorf("open prompt: %w", err)
	}
	in, err := newInput(c.In)
	if err != nil {
		undraw()
		return nil, fmt.Errorf("open prompt: %w", err)
	}
	t := &Terminal{
		conf: c, in: in, undraw: undraw, tty: &tty{fd: int(c.In.Fd())}, keys: &keyReader{src: in},
		busy: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	t.feed = &feed{keys: t.keys}
	if t.rl, err = readline.NewEx(t.engine()); err != nil {
		in.close()
		in.release()
		undraw()
		return nil, fmt.Errorf("open prompt: %w", err)
	}
	return t, nil
}

// ReadLine draws the prompt and returns what the person typed, without the
// final line break. The prompt may hold SGR escapes and line breaks; other
// control characters in it are drawn as escapes. The error is ErrInterrupt for
// Ctrl-C, and io.EOF for Ctrl-D on an empty line, a terminal that is gone, or
// Close.
func (t *Terminal) ReadLine(prompt string) (string, error) {
	ed := newEditor(&t.hist, &t.kills)
	ed.complete, ed.incomplete = t.conf.Complete, t.conf.Incomplete
	return t.read(prompt, ed)
}

// ReadSecret is ReadLine for a text that nobody may see: nothing is drawn but
// the prompt, and the text goes into no history. Completion, recall, search
// and yanking are off.
func (t *Terminal) ReadSecret(prompt string) (string, error) {
	ed := newEditor(&t.hist, &killRing{})
	ed.secret = true
	return t.read(prompt, ed)
}

// read runs the engine once.
func (t *Terminal) read(prompt string, ed *editor) (string, error) {
	t.busy <- struct{}{}
	defer func() { <-t.busy }()
	if t.over() {
		return "", io.EOF
	}
	if err := t.tty.raw(); err != nil {
		return "", fmt.Errorf("read prompt: %w", err)
	}
	defer t.tty.restore()
	t.ed, t.outcome = ed, endOfInput
	t.start(prompt)
	defer t.finish("")
	stop := watch(t.resized, t.continued)
	_, err := t.rl.Readline()
	stop()
	if c := t.crash.Load(); c != nil {
		t.finish("")
		t.tty.restore()
		panic(fmt.Sprintf("%v\n\nwhile a line was edited:\n%s", c.value, c.stack))
	}
	switch {
	case errors.Is(err, readline.ErrInterrupt):
		return "", ErrInterrupt
	case err != nil || t.outcome != submit:
		return "", io.EOF
	}
	return ed.text, nil
}

// over reports whether no line can be read any more.
func (t *Terminal) over() bool {
	select {
	case <-t.ended:
		return true
	default:
		return t.closed.Load() || t.crash.Load() != nil
	}
}

// SetHistory replaces the texts that can be recalled, oldest first.
func (t *Terminal) SetHistory(entries []string) { t.hist.set(entries) }

// AddHistory appends a text to those that can be recalled. Nothing is added by
// ReadLine itself. Blank texts and a repetition of the newest are left out.
func (t *Terminal) AddHistory(entry string) { t.hist.add(entry) }

// Size returns how many columns and rows the screen has, 0 and 0 if it does
// not say.
func (t *Terminal) Size() (cols, rows int) {
	cols, rows, err := term.GetSize(int(t.conf.Out.Fd()))
	if err != nil {
		return 0, 0
	}
	return cols, rows
}

// How long Close and Restore wait for others.
const (
	closeWait   = time.Second
	restoreWait = 100 * time.Millisecond
)

// Close ends the prompt. A ReadLine that is waiting returns io.EOF, and so does
// any later one. Closing again does nothing.
func (t *Terminal) Close() error {
	if t.closed.Swap(true) {
		return nil
	}
	t.in.close()
	defer t.undraw()
	select {
	case t.busy <- struct{}{}:
	case <-time.After(closeWait):
		t.Restore()
		return errors.New("close prompt: the line being read did not end")
	}
	t.rl.Terminal.KickRead() // lets a loop at the gate see the end
	select {
	case <-t.ended:
		t.in.release()
	case <-time.After(closeWait):
	}
	<-t.busy
	return t.rl.Config.Stdin.Close()
}

// Restore puts the terminal back as it was found if a line is being read, and
// stops drawing. It is for signal handlers and panics: it never waits long,
// and may be called at any time, from any goroutine, more than once.
func (t *Terminal) Restore() {
	if !t.tty.restore() {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := []byte(frameOff + resetStyle)
		if t.lockSoon() {
			if t.up {
				b = t.screen.leave(b, "")
			}
			t.up = false
			t.mu.Unlock()
		}
		_, _ = t.conf.Out.Write(append(b, pasteOff...))
	}()
	select {
	case <-done:
	case <-time.After(2 * restoreWait):
	}
}

// lockSoon takes the lock unless its holder is stuck.
func (t *Terminal) lockSoon() bool {
	for deadline := time.Now().Add(restoreWait); time.Now().Before(deadline); {
		if t.mu.TryLock() {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

// guard is deferred in everything the engine or a signal calls. A panic ends
// the input, and ReadLine panics with it once the terminal is restored.
func (t *Terminal) guard() {
	if v := recover(); v != nil {
		t.crash.CompareAndSwap(nil, &crash{v, debug.Stack()})
		t.in.close()
	}
}
