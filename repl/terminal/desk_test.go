//go:build unix

package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// patience is how long a test waits for what has to come. It is long because
// the machine may be busy; nothing is measured with it.
const patience = 20 * time.Second

// A desk is a pseudo-terminal with a person at one end, the test, and a
// Terminal or a child process at the other.
type desk struct {
	t      *testing.T
	person *os.File
	tty    *os.File
	found  *term.State

	mu  sync.Mutex
	out bytes.Buffer
}

func newDesk(t *testing.T, cols, rows uint16) *desk {
	t.Helper()
	person, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	person = pollable(t, person)
	d := &desk{t: t, person: person, tty: tty}
	d.resize(cols, rows)
	if d.found, err = term.GetState(int(tty.Fd())); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		p := make([]byte, 1<<15)
		for {
			n, err := person.Read(p)
			d.mu.Lock()
			d.out.Write(p[:n])
			d.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		tty.Close()
		person.Close()
		<-done
	})
	return d
}

// pollable returns a file whose Close ends a Read that waits.
func pollable(t *testing.T, f *os.File) *os.File {
	t.Helper()
	fd, err := unix.Dup(int(f.Fd()))
	if err == nil {
		err = unix.SetNonblock(fd, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	unix.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), f.Name())
}

func (d *desk) resize(cols, rows uint16) {
	d.t.Helper()
	if err := pty.Setsize(d.tty, &pty.Winsize{Rows: rows, Cols: cols}); err != nil {
		d.t.Fatal(err)
	}
}

// open opens a Terminal on the desk.
func (d *desk) open(c Config) *Terminal {
	d.t.Helper()
	c.In, c.Out = d.tty, d.tty
	t, err := Open(c)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		if err := t.Close(); err != nil {
			d.t.Error(err)
		}
	})
	return t
}

func (d *desk) output() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.out.String()
}

// screen is what a person sees now.
func (d *desk) screen(cols, rows int) *vt {
	v := newVT(d.t, cols, rows)
	v.write([]byte(d.output()))
	return v
}

// keys types, in one burst.
func (d *desk) keys(s string) {
	d.person.SetWriteDeadline(time.Now().Add(patience))
	if _, err := d.person.WriteString(s); err != nil {
		d.t.Error(err)
	}
}

// until waits for something to become true.
func (d *desk) until(what string, holds func() bool) {
	d.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			stack := make([]byte, 1<<16)
			d.t.Fatalf("waited in vain until %s; output so far %q\n%s", what, d.output(), stack[:runtime.Stack(stack, true)])
		}
	}
}

// shows waits until the output has s in it.
func (d *desk) shows(s string) {
	d.t.Helper()
	d.until(fmt.Sprintf("%q is shown", s), func() bool { return strings.Contains(d.output(), s) })
}

// cooked reports whether the terminal is as it was found.
func (d *desk) cooked() bool {
	now, err := term.GetState(int(d.tty.Fd()))
	if err != nil {
		d.t.Fatal(err)
	}
	return *now == *d.found
}

// expectRestored waits until all output has come and checks that nothing of
// the prompt is left switched on.
func (d *desk) expectRestored() {
	d.t.Helper()
	if !d.cooked() {
		d.t.Error("the terminal is not as it was found")
	}
	for _, mode := range []struct{ on, off string }{
		{pasteOn, pasteOff}, {wrapOff, wrapOn}, {cursorOff, cursorOn}, {"\x1b[?2026h", "\x1b[?2026l"},
	} {
		d.until(fmt.Sprintf("%q is taken back", mode.on), func() bool {
			out := d.output()
			return strings.LastIndex(out, mode.on) <= strings.LastIndex(out, mode.off)
		})
	}
}

// A result is what a read gave.
type result struct {
	line string
	err  error
}

// reading starts a read and waits until its prompt is up.
func (d *desk) reading(read func(string) (string, error), prompt string) <-chan result {
	d.t.Helper()
	before := strings.Count(d.output(), prompt)
	done := make(chan result, 1)
	go func() {
		line, err := read(prompt)
		done <- result{line, err}
	}()
	d.until("a prompt", func() bool { return strings.Count(d.output(), prompt) > before })
	return done
}

// want waits for the result of a read.
func (d *desk) want(got <-chan result, line string, err error) {
	d.t.Helper()
	select {
	case r := <-got:
		if r.line != line || !errors.Is(r.err, err) {
			d.t.Errorf("read gave %.200q, %v, want %.200q, %v", r.line, r.err, line, err)
		}
	case <-time.After(patience):
		stack := make([]byte, 1<<16)
		d.t.Fatalf("read did not return; output %q\n%s", d.output(), stack[:runtime.Stack(stack, true)])
	}
}
