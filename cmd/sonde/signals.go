package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"sonde/repl"
)

// signals turns the process's signals into the ends of contexts, and sees to it
// that the terminal is left as it was found.
type signals struct {
	ctx    context.Context // ends with the first signal that ends the program
	cancel context.CancelFunc
	ch     chan os.Signal
	leave  func(code int) // restores the terminal and exits at once
	once   sync.Once      // listen

	mu      sync.Mutex
	prompt  bool               // lines come from a prompt: Ctrl-C ends a line, not the program
	running context.CancelFunc // ends the line that runs at the prompt; nil: none runs
	asked   bool               // the running line was asked to end
	idle    bool               // a script waits for its next line
	ended   int                // exit code of the signal that ends the program; 0: none came
}

// grace is how long a stuck operation may take to notice that it has to end.
const grace = 700 * time.Millisecond

// exit codes of the signals, as shells count them
const (
	codeHangup     = 129
	codeQuit       = 131
	codeTerminated = 143
)

// newSignals makes signals that are not caught yet: until something runs that has
// to be cleaned up after, the system ends the process as it ends any other, and a
// start that has nothing to do is not made longer.
func newSignals(leave func(code int)) *signals {
	s := &signals{ch: make(chan os.Signal, 4), leave: leave}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// listen starts, once, to catch SIGINT, SIGTERM, SIGHUP and SIGQUIT, but not one
// that the process was started to ignore.
func (s *signals) listen() { s.once.Do(s.start) }

func (s *signals) start() {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(sig) {
			signal.Notify(s.ch, sig)
		}
	}
	go func() {
		for sig := range s.ch {
			s.handle(sig)
		}
	}()
}

// handle ends the running line for Ctrl-C at the prompt, and everything else for
// the other signals. What does not end by itself, or is asked twice, is ended.
func (s *signals) handle(sig os.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sig == os.Interrupt && s.prompt {
		switch {
		case s.running == nil: // at the prompt Ctrl-C is a key
		case s.asked:
			s.leave(repl.ExitSignal)
		default:
			s.asked = true
			s.running()
		}
		return
	}
	code := repl.ExitSignal
	switch sig {
	case syscall.SIGTERM:
		code = codeTerminated
	case syscall.SIGHUP:
		code = codeHangup
	case syscall.SIGQUIT:
		code = codeQuit
	}
	if s.ended != 0 || s.prompt || s.idle {
		s.leave(code) // who waits for keys or for a line sees no context
	}
	s.ended = code
	s.cancel()
	time.AfterFunc(grace, func() { s.leave(code) })
}

// atPrompt says that lines are typed from now on.
func (s *signals) atPrompt() {
	s.listen()
	s.mu.Lock()
	s.prompt = true
	s.mu.Unlock()
}

// idleReader is the text of a script; while it is waited for nothing runs that a
// signal would have to wait for.
type idleReader struct {
	r io.Reader
	s *signals
}

// Read reads on.
func (i idleReader) Read(p []byte) (int, error) {
	i.s.setIdle(true)
	defer i.s.setIdle(false)
	return i.r.Read(p)
}

func (s *signals) setIdle(idle bool) {
	s.mu.Lock()
	s.idle = idle
	s.mu.Unlock()
}

// line derives the context of one line at the prompt, done with Ctrl-C.
func (s *signals) line(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	s.mu.Lock()
	s.running, s.asked = cancel, false
	s.mu.Unlock()
	return ctx, func() {
		s.mu.Lock()
		s.running = nil
		s.mu.Unlock()
		cancel()
	}
}

// code is the exit code of the signal that ended the program, 0 if none did.
func (s *signals) code() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

// stop gives the signals back. It is called once.
func (s *signals) stop() {
	signal.Stop(s.ch)
	s.cancel()
}
