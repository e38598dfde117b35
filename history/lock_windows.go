package history

import (
	"errors"
	"math"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// lock takes the lock of f, waiting until deadline if another session has it.
// It reports false if the file system has no locks or the wait was in vain.
// Closing f gives the lock back.
//
// Locks bind everyone on this system, readers too, so the one byte locked is
// far behind the end of the file.
func lock(f *os.File, deadline time.Time) bool {
	place := windows.Overlapped{OffsetHigh: math.MaxInt32}
	for {
		err := windows.LockFileEx(windows.Handle(f.Fd()),
			windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place)
		if err == nil {
			return true
		}
		if !errors.Is(err, windows.ERROR_LOCK_VIOLATION) || time.Now().After(deadline) {
			return false
		}
		time.Sleep(time.Millisecond)
	}
}
