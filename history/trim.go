package history

import (
	"errors"
	"os"
	"strings"
)

// trim leaves the file of the given path its last entries, by putting a new one
// in its place. f is the file, locked; it stays so until the new one is there, and a session
// that waits for the lock then finds out that its file is not current. A crash
// at any moment leaves the old file or the new one.
func trim(f *os.File, path string) error {
	text, err := readTail(f)
	if err != nil {
		return err
	}
	lines := strings.SplitAfter(text, "\n")
	if n := len(lines) - 1 - trimCount; n > 0 {
		text = strings.Join(lines[n:], "")
	}
	// The name is the same each time, so that a crash leaves one such file at
	// most. The lock makes it ours.
	name := path + ".new"
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := writeNew(name, text); err != nil {
		_ = os.Remove(name)
		return err
	}
	if err := replace(f, name, path); err != nil {
		_ = os.Remove(name)
		return err
	}
	return nil
}

// writeNew writes a file that must not exist, mode 0600, down to the disk.
func writeNew(name, text string) error {
	f, err := openNoFollow(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close())
}
