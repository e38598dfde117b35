//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package history

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// lock takes the lock of f, waiting until deadline if another session has it.
// It reports false if the file system has no locks or the wait was in vain.
// Closing f gives the lock back.
func lock(f *os.File, deadline time.Time) bool {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true
		case errors.Is(err, syscall.EINTR):
			continue
		case !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(deadline):
			return false
		}
		time.Sleep(time.Millisecond)
	}
}
