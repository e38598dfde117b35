//go:build !unix

package terminal

import (
	"io"
	"os"
	"sync"
	"time"
)

// input is a source for systems that cannot wait for a terminal and for a
// pipe at once. A goroutine reads, only when asked to, so no key is taken
// from a child process.
type input struct {
	file       *os.File
	chunks     chan []byte
	interrupts chan struct{}
	done       chan struct{}
	once       sync.Once

	mu      sync.Mutex
	reading bool
	left    []byte // of a chunk that was too long
}

func newInput(f *os.File) (*input, error) {
	return &input{
		file: f, chunks: make(chan []byte, 1),
		interrupts: make(chan struct{}, 1), done: make(chan struct{}),
	}, nil
}

// read implements source.
func (in *input) read(p []byte, wait time.Duration) (int, error) {
	in.mu.Lock()
	if n := copy(p, in.left); n > 0 {
		in.left = in.left[n:]
		in.mu.Unlock()
		return n, nil
	}
	if !in.reading {
		in.reading = true
		go in.fetch()
	}
	in.mu.Unlock()

	var timeout <-chan time.Time
	if wait >= 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		timeout = timer.C
	}
	select {
	case <-in.done:
		return 0, io.EOF
	case <-in.interrupts:
		return 0, ErrInterrupt
	case chunk, ok := <-in.chunks:
		if !ok {
			return 0, io.EOF
		}
		n := copy(p, chunk)
		in.mu.Lock()
		in.reading = false
		in.left = chunk[n:]
		in.mu.Unlock()
		return n, nil
	case <-timeout:
		return 0, nil
	}
}

// fetch reads once.
func (in *input) fetch() {
	p := make([]byte, 4096)
	n, err := in.file.Read(p)
	if n == 0 || err != nil {
		close(in.chunks)
		return
	}
	in.chunks <- p[:n]
}

// ready implements source.
func (in *input) ready() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.left) > 0 || len(in.chunks) > 0
}

// close makes read return io.EOF from now on, also one that is waiting.
func (in *input) close() { in.once.Do(func() { close(in.done) }) }

// interrupt makes one read return ErrInterrupt: the one that is waiting, else
// the next.
func (in *input) interrupt() {
	select {
	case in.interrupts <- struct{}{}:
	default:
	}
}

// release frees what the input holds; a read of the console that is waiting
// ends with the process.
func (in *input) release() {}
