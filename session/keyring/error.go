package keyring

import (
	"context"
	"errors"
	"runtime"
	"strings"

	system "github.com/zalando/go-keyring"
)

var (
	// ErrNotFound says that the keyring has no entry of that name.
	ErrNotFound = errors.New("no such entry")

	// ErrNone says that no keyring can be used: there is none, nothing leads to
	// it, or it is locked. The text of the error found says which.
	ErrNone = errors.New("no keyring on this machine")

	// ErrAbsent is an ErrNone for a machine that has no keyring at all: nothing can
	// be in one.
	ErrAbsent = errors.New("no keyring at all")

	errForeign = errors.New("entries of other programs are read only, ours have no slash in their name")
	errDamaged = errors.New("a part of it is missing or changed, store it again")
	errKept    = errors.New("the keyring took it and does not have it")
	errRemains = errors.New("the keyring says it is gone and still has it")
)

// An Error says what could not be done with which entry.
type Error struct {
	Op   string // "read", "store" or "delete"
	Name string // as the caller wrote it
	Err  error  // why
}

// Error says operation, name and cause. It never holds a secret.
func (e *Error) Error() string {
	with := " from the keyring: "
	if e.Op == "store" {
		with = " in the keyring: "
	}
	return e.Op + " " + quote(e.Name) + with + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hint returns what to type in a shell to make an entry that was not found, or
// "" if that is of no help.
func (e *Error) Hint() string {
	entry, err := parseName(e.Name)
	if err != nil || !entry.own() || e.Op != "read" || !errors.Is(e.Err, ErrNotFound) {
		return ""
	}
	return storeCommand(runtime.GOOS, entry.account)
}

// storeCommand is the system's own command that asks for a secret and keeps it
// where Get finds it.
func storeCommand(goos, account string) string {
	switch goos {
	case "darwin":
		return "security add-generic-password -s " + service + " -a " + quote(account) + " -w"
	case "windows":
		name := service + ":" + account
		if quote(name) != name {
			return `cmdkey "/generic:` + name + `" "/user:` + account + `" /pass`
		}
		return "cmdkey /generic:" + name + " /user:" + account + " /pass"
	}
	return "secret-tool store --label=" + service + " service " + service + " username " + quote(account)
}

// quote makes one word of text for a POSIX shell, which is also how it is set
// apart in a message.
func quote(text string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@+,=%", r)
	}
	if text != "" && strings.IndexFunc(text, func(r rune) bool { return !plain(r) }) < 0 {
		return text
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '\ufffd'
		}
		return r
	}, text)
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// A reachError is a keyring that cannot be used. It is ErrNone.
type reachError struct {
	text   string
	cause  error // nil if there is nothing to add
	absent bool  // it is ErrAbsent as well
}

// Error says why there is no keyring.
func (e *reachError) Error() string { return e.text }

// Is says that it is ErrNone, or ErrAbsent.
func (e *reachError) Is(target error) bool {
	return target == ErrNone || target == ErrAbsent && e.absent
}

// Unwrap returns the underlying error, nil if there is none.
func (e *reachError) Unwrap() error { return e.cause }

// none is the error for a machine without a keyring.
func none(why string) error {
	return &reachError{text: ErrNone.Error() + " (" + why + ")", absent: true}
}

// locked is the error for a keyring that nobody unlocked.
func locked(cause error) error {
	return &reachError{text: "the keyring is locked", cause: cause}
}

// ours returns the error of this package that err is or stands for, nil if there
// is none: what is left came from the system.
func ours(err error) error {
	switch {
	case errors.Is(err, system.ErrNotFound):
		return ErrNotFound
	case errors.Is(err, system.ErrUnsupportedPlatform):
		return none(err.Error())
	}
	for _, known := range []error{errDamaged, errKept, errRemains, ErrNone, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return err
		}
	}
	return nil
}
