//go:build unix

package session

import (
	"errors"
	"net"
	"syscall"
)

// peek looks at an idle connection without waiting and without taking
// anything from it. known is false if the connection cannot be looked at so.
func peek(conn net.Conn) (state idleState, known bool) {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return 0, false
	}
	rc, err := sc.SyscallConn()
	if err != nil {
		return idleClosed, true
	}
	err = rc.Read(func(fd uintptr) bool {
		state = peekFD(int(fd))
		return true
	})
	if err != nil {
		return idleClosed, true
	}
	return state, true
}

func peekFD(fd int) idleState {
	var b [1]byte
	for {
		n, _, err := syscall.Recvfrom(fd, b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EAGAIN):
			return idleAlive
		case err != nil || n == 0:
			return idleClosed
		default:
			return idleReadable
		}
	}
}
