package proxy

import "syscall"

// errnos returns what the system says of a connection that the other side has
// ended, of one it refused, and of a place without a route to it.
func errnos() (gone, refused, noRoute []error) {
	const refusedErrno, netUnreachable, hostUnreachable syscall.Errno = 10061, 10051, 10065 // WSAECONNREFUSED and so on
	return []error{syscall.WSAECONNRESET, syscall.WSAECONNABORTED, syscall.ERROR_BROKEN_PIPE},
		[]error{refusedErrno}, []error{netUnreachable, hostUnreachable}
}
