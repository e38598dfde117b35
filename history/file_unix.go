//go:build unix

package history

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// openNoFollow opens a file, which must not be a symbolic link. It does not
// wait for the other end of a pipe.
func openNoFollow(path string, flag int) (*os.File, error) {
	f, err := os.OpenFile(path, flag|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o600)
	// FreeBSD and NetBSD have numbers of their own for this.
	if errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.EMLINK) {
		return nil, fmt.Errorf("%s is a symbolic link", path)
	}
	return f, err
}

// secure checks that f is a regular file of the user, and takes the permissions
// of others away. If there were any it returns a warning.
func secure(f *os.File) (warning string, err error) {
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a regular file", f.Name())
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != os.Geteuid() {
		return "", fmt.Errorf("%s belongs to another user", f.Name())
	}
	mode := info.Mode().Perm()
	if info.Size() == 0 && mode != 0o600 {
		// Just made, under an umask that takes more than is needed, or as good.
		return "", f.Chmod(0o600)
	}
	if mode&0o077 == 0 {
		return "", nil
	}
	warning = fmt.Sprintf("history %s was open to others (mode %04o), now it is not (0600)", f.Name(), mode)
	if err := f.Chmod(0o600); err != nil {
		// A file system without permissions, or read-only.
		warning = fmt.Sprintf("history %s is open to others (mode %04o): %v", f.Name(), mode, err)
	}
	return warning, nil
}

// replace renames the file from to the path of f, which stays open, and locked,
// until that is done.
func replace(_ *os.File, from, to string) error { return os.Rename(from, to) }
