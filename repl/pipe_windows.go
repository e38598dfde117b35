package repl

import (
	"errors"
	"syscall"
)

// isClosedPipe reports whether the reader of a pipe went away.
func isClosedPipe(err error) bool {
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, syscall.Errno(232))
}
