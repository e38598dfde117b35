//go:build !unix

package history

import (
	"fmt"
	"os"
)

// openNoFollow opens a file, which must not be a symbolic link.
func openNoFollow(path string, flag int) (*os.File, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSymlink != 0 {
		return nil, fmt.Errorf("%s is a symbolic link", path)
	}
	return os.OpenFile(path, flag, 0o600)
}

// secure checks that f is a regular file. Who may read it follows from the
// directory, which the system keeps private to the user.
func secure(f *os.File) (warning string, err error) {
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", f.Name())
	}
	return "", err
}

// replace closes f, since an open file cannot be replaced, and renames the file
// from to its path. While another session has the file open that is refused,
// and tried again by a later Add.
func replace(f *os.File, from, to string) error {
	f.Close()
	if err := os.Rename(from, to); err != nil {
		return os.Remove(from)
	}
	return nil
}
