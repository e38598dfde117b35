//go:build !unix

package terminal

import "os"

// watch does nothing: the size is asked again with every frame, and there is
// no stop to come back from.
func watch(resized, continued func()) (stop func()) { return func() {} }

// stopProcess does nothing: the system has no job control.
func stopProcess() bool { return false }

// deadly are the signals after which a secret prompt must not leave the
// terminal without echo.
func deadly() []os.Signal { return []os.Signal{os.Interrupt} }
