//go:build !windows

package neterr

import "syscall"

func goneErrors() []syscall.Errno {
	return []syscall.Errno{syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED}
}

func refusedErrors() []syscall.Errno { return []syscall.Errno{syscall.ECONNREFUSED} }

func noRouteErrors() []syscall.Errno {
	return []syscall.Errno{syscall.ENETUNREACH, syscall.EHOSTUNREACH}
}
