//go:build linux || netbsd || openbsd || (dragonfly && cgo) || (freebsd && cgo)

package keyring

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/godbus/dbus/v5"
)

// unreachable says why there is no use in calling the keyring, or "". Without a
// session bus the library would start one, a daemon that nobody asked for and
// that has no keyring.
func unreachable(env func(string) string) string {
	if address := env("DBUS_SESSION_BUS_ADDRESS"); address != "" && address != "autolaunch:" {
		return ""
	}
	// The two places where the library looks then.
	dir := filepath.Join("/run/user", strconv.Itoa(os.Getuid()))
	if _, err := os.Stat(filepath.Join(dir, "bus")); err == nil {
		return ""
	}
	text, err := os.ReadFile(filepath.Join(dir, "dbus-session"))
	if err == nil && strings.HasPrefix(string(text), "DBUS_SESSION_BUS_ADDRESS=") {
		return ""
	}
	return "no D-Bus session"
}

// explain makes an error of this package from one of the library.
func explain(err error) error {
	if known := ours(err); known != nil {
		return known
	}
	if answer, ok := errors.AsType[dbus.Error](err); ok {
		return explainAnswer(answer)
	}
	_, fromNet := errors.AsType[*net.OpError](err)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED),
		errors.Is(err, dbus.ErrClosed), errors.Is(err, io.EOF):
		return none("no D-Bus session")
	case fromNet, strings.HasPrefix(err.Error(), "dbus: "):
		return none("no D-Bus session: " + strings.TrimPrefix(err.Error(), "dbus: "))
	case strings.HasPrefix(err.Error(), "failed to unlock"):
		return &reachError{text: "the keyring is locked, or none was ever made", cause: err}
	}
	return &reachError{text: err.Error(), cause: err}
}

// explainAnswer is explain for an error that came over the bus. The names are
// those of the D-Bus specification and of the Secret Service API.
func explainAnswer(err dbus.Error) error {
	const bus, secret = "org.freedesktop.DBus.Error.", "org.freedesktop.Secret.Error."
	switch {
	case err.Name == secret+"IsLocked":
		return locked(err)
	case err.Name == bus+"ServiceUnknown", err.Name == bus+"NameHasNoOwner",
		err.Name == bus+"NoReply", strings.HasPrefix(err.Name, bus+"Spawn."):
		return none("nothing on the D-Bus session keeps secrets")
	}
	return &reachError{text: "the keyring answers: " + err.Error(), cause: err}
}
