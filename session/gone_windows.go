package session

import "syscall"

// goneErrors are what the system says of a connection that the other side has
// ended.
func goneErrors() [3]syscall.Errno {
	return [3]syscall.Errno{syscall.WSAECONNRESET, syscall.WSAECONNABORTED, syscall.ERROR_BROKEN_PIPE}
}
