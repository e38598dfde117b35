// Package neterr says what an error of package net means, on every system alike:
// Windows has numbers of its own for what happens to a connection, which are not
// those that package syscall names ECONNREFUSED and so on there.
package neterr

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// Cause returns the innermost cause of a network error in the system's words,
// without the addresses that package net puts before it. err must not be nil.
func Cause(err error) string {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Err != nil {
		err = op.Err
	}
	if call, ok := errors.AsType[*os.SyscallError](err); ok {
		err = call.Err
	}
	return err.Error()
}

// Gone says that the other side has closed or reset the connection, or that it
// was closed here.
func Gone(err error) bool {
	for _, end := range [...]error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed} {
		if errors.Is(err, end) {
			return true
		}
	}
	return isAny(err, goneErrors())
}

// Refused says that nothing accepts connections at the address.
func Refused(err error) bool { return isAny(err, refusedErrors()) }

// NoRoute says that the network has no way to the address.
func NoRoute(err error) bool { return isAny(err, noRouteErrors()) }

func isAny(err error, numbers []syscall.Errno) bool {
	for _, number := range numbers {
		if errors.Is(err, number) {
			return true
		}
	}
	return false
}
