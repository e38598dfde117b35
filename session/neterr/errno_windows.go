package neterr

import "syscall"

// Codes of Windows Sockets that package syscall has no name for.
const (
	wsaeNetUnreach  syscall.Errno = 10051
	wsaeConnRefused syscall.Errno = 10061
	wsaeHostUnreach syscall.Errno = 10065
)

func goneErrors() []syscall.Errno {
	return []syscall.Errno{syscall.WSAECONNRESET, syscall.WSAECONNABORTED, syscall.ERROR_BROKEN_PIPE}
}

func refusedErrors() []syscall.Errno { return []syscall.Errno{wsaeConnRefused} }

func noRouteErrors() []syscall.Errno { return []syscall.Errno{wsaeNetUnreach, wsaeHostUnreach} }
