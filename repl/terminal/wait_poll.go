//go:build unix && !darwin

package terminal

import (
	"time"

	"golang.org/x/sys/unix"
)

// waitReadable waits until one of two descriptors is readable or hung up and
// returns how many are. A negative time is for ever.
func waitReadable(a, b int, d time.Duration) (int, error) {
	ms := -1
	if d >= 0 {
		ms = int((d + time.Millisecond - 1) / time.Millisecond)
	}
	fds := [2]unix.PollFd{
		{Fd: int32(a), Events: unix.POLLIN},
		{Fd: int32(b), Events: unix.POLLIN},
	}
	return unix.Poll(fds[:], ms)
}
