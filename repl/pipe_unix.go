//go:build !windows

package repl

import (
	"errors"
	"syscall"
)

// isClosedPipe reports whether the reader of a pipe went away.
func isClosedPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
