//go:build unix

package session

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// onlyOwn checks that a file or directory is the user's and that nobody else can
// write it. The error is an *ownError.
func onlyOwn(path string, info fs.FileInfo) error {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != os.Geteuid() {
		return &ownError{path, errors.New("belongs to another user")}
	}
	if info.Mode().Perm()&0o022 != 0 {
		return &ownError{path, errOthersWrite}
	}
	return nil
}
