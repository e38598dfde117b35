//go:build unix

package terminal

import (
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// input is a source that waits for a terminal and for being closed or
// interrupted, whichever comes first.
type input struct {
	fd          int
	wakeRead    *os.File // becomes readable to end a wait
	wake        *os.File
	closed      atomic.Bool
	interrupted atomic.Bool
}

func newInput(f *os.File) (*input, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	return &input{fd: int(f.Fd()), wakeRead: r, wake: w}, nil
}

// read implements source.
func (in *input) read(p []byte, wait time.Duration) (int, error) {
	for !in.closed.Load() {
		ready, err := in.wait(wait)
		if err != nil {
			return 0, io.EOF
		}
		if !ready {
			return 0, nil
		}
		if in.closed.Load() {
			break
		}
		if in.interrupted.Swap(false) {
			var b [1]byte
			_, _ = in.wakeRead.Read(b[:])
			return 0, ErrInterrupt
		}
		n, err := unix.Read(in.fd, p)
		switch {
		case n > 0:
			return n, nil
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			// Another process took what was there.
		default:
			return 0, io.EOF
		}
	}
	return 0, io.EOF
}

// ready implements source.
func (in *input) ready() bool {
	ready, err := in.wait(0)
	return ready && err == nil
}

// wait reports whether the terminal or the wake pipe became readable within
// the time given, negative for ever.
func (in *input) wait(d time.Duration) (bool, error) {
	deadline := time.Now().Add(d)
	for {
		n, err := waitReadable(in.fd, int(in.wakeRead.Fd()), d)
		if !errors.Is(err, unix.EINTR) {
			return n > 0, err
		}
		if d > 0 {
			d = max(time.Until(deadline), 0)
		}
	}
}

// close makes read return io.EOF from now on, also one that is waiting.
func (in *input) close() {
	if in.closed.CompareAndSwap(false, true) {
		_, _ = in.wake.Write([]byte{0})
	}
}

// interrupt makes one read return ErrInterrupt: the one that is waiting, else
// the next.
func (in *input) interrupt() {
	if !in.interrupted.Swap(true) {
		_, _ = in.wake.Write([]byte{0})
	}
}

// release frees the pipe; read must have ended.
func (in *input) release() {
	_ = in.wake.Close()
	_ = in.wakeRead.Close()
}
