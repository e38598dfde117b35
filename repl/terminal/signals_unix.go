//go:build unix

package terminal

import (
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// watch calls resized when the size of the screen changed and continued when
// the process goes on after a stop, until the returned function is called.
func watch(resized, continued func()) (stop func()) {
	signals := make(chan os.Signal, 4)
	done, gone := make(chan struct{}), make(chan struct{})
	signal.Notify(signals, unix.SIGWINCH, unix.SIGCONT)
	go func() {
		defer close(gone)
		for {
			select {
			case <-done:
				return
			case s := <-signals:
				if s == unix.SIGCONT {
					continued()
				} else {
					resized()
				}
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
		<-gone
	}
}

// stopGuard bounds the wait for a stop that does not come, because nobody
// could wake the process again and the system therefore ignores it.
const stopGuard = 50 * time.Millisecond

// stopProcess stops the process group, as the terminal itself does on Ctrl-Z,
// and returns when it goes on. It reports whether the process was stopped.
func stopProcess() bool {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGCONT)
	defer signal.Stop(signals)
	if unix.Kill(0, unix.SIGTSTP) != nil {
		return false
	}
	// After a real stop the first wait is over at once, for time went on, but
	// the signal that ended the stop follows closely.
	for range 2 {
		select {
		case <-signals:
			return true
		case <-time.After(stopGuard):
		}
	}
	return false
}

// deadly are the signals after which a secret prompt must not leave the
// terminal without echo.
func deadly() []os.Signal { return []os.Signal{unix.SIGTERM, unix.SIGHUP, unix.SIGINT, unix.SIGQUIT} }
