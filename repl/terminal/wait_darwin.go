package terminal

import (
	"time"

	"golang.org/x/sys/unix"
)

// waitReadable waits until one of two descriptors is readable or hung up and
// returns how many are. A negative time is for ever. It is select and not poll
// because poll does not support terminals on every version of macOS: poll(2),
// BUGS.
func waitReadable(a, b int, d time.Duration) (int, error) {
	if max(a, b) >= unix.FD_SETSIZE {
		return 0, unix.EBADF
	}
	var set unix.FdSet
	set.Set(a)
	set.Set(b)
	var timeout *unix.Timeval
	if d >= 0 {
		tv := unix.NsecToTimeval(d.Nanoseconds())
		timeout = &tv
	}
	return unix.Select(max(a, b)+1, &set, nil, nil, timeout)
}
