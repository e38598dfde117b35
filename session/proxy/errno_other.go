//go:build !windows

package proxy

import "syscall"

// errnos returns what the system says of a connection that the other side has
// ended, of one it refused, and of a place without a route to it.
func errnos() (gone, refused, noRoute []error) {
	return []error{syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED},
		[]error{syscall.ECONNREFUSED}, []error{syscall.ENETUNREACH, syscall.EHOSTUNREACH}
}
