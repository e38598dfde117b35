// Package history keeps the lines a person typed, from one session to the next,
// in one file that several sessions may use at once.
//
// An entry is one line of text in the file: a line end within it is written \n
// and a backslash \\. It is appended in one write under a lock, so that entries
// of two sessions never mix, and one that Add has returned for survives the end
// of the process, however that comes. What a crash leaves half written, a last
// line without its end, is skipped when reading, and the next Add closes it with
// a single backslash, which no whole entry ends with.
//
// The file is private, mode 0600 in a directory of mode 0700. Nothing is ever
// written through a symbolic link or to a file of another user. Keeping secrets
// out of it is the caller's part: an entry is stored as given.
package history

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	tailSize  = 4 << 20 // bytes at the end of the file that are read
	trimSize  = 8 << 20 // bytes above which the file is cut down
	trimCount = 10_000  // entries that are left then
	entrySize = 1 << 20 // bytes of the longest entry that is kept

	lockWait = 2 * time.Second // for another session to be done writing
)

// A Log is the history in one file. The zero Log has no file and keeps entries
// only as long as it lives; a nil *Log keeps none. A Log is safe for concurrent
// use, and so is its file.
type Log struct {
	path string

	mu       sync.Mutex
	unkept   []string // entries that are not in the file
	warnings []string
}

// Open returns the history in the file of the given path, which need not exist.
// It does no more than remember the path: the file is first read by Entries and
// first written, made if missing along with its directory, by Add. The null
// device stands for no file. An empty path is an error.
func Open(path string) (*Log, error) {
	if path == "" {
		return nil, errors.New("open history: empty path")
	}
	if path == os.DevNull {
		return new(Log), nil
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	return &Log{path: path}, nil
}

// Add appends an entry, which may have several lines. An entry that is empty or
// starts with a blank is ignored, as is one of more than 1 MiB. Control
// characters but tab and line end, and what is not UTF-8, are left out.
//
// If the entry cannot be kept in the file it is kept for this session. The
// error is then among Warnings too, but only once, so that a caller who shows
// those need not show it.
func (l *Log) Add(entry string) error {
	entry = clean(entry)
	if l == nil || entry == "" || entry[0] == ' ' || entry[0] == '\t' || len(entry) > entrySize {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.path == "" {
		l.unkept = append(l.unkept, entry)
		return nil
	}
	if err := l.append(encode(entry)); err != nil {
		l.unkept = append(l.unkept, entry)
		err = fmt.Errorf("keep history: %w", err)
		l.warn(err.Error())
		return err
	}
	return nil
}

// Entries returns the last max entries, or if max is 0 or less all of them,
// oldest first. Only the last 4 MiB of the file are looked at. Of equal entries
// in a row one is returned. A file that is not to be read leaves a warning.
func (l *Log) Entries(max int) []string {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	text, err := l.tail()
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		l.warn("read history: " + err.Error())
	}
	return last(text, l.unkept, max)
}

// Warnings returns what went wrong so far, each problem once and in words for a
// person: a file that could not be written, that is a symbolic link or of
// another user, or that others could read.
func (l *Log) Warnings() []string {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.warnings)
}

func (l *Log) warn(text string) {
	if !slices.Contains(l.warnings, text) {
		l.warnings = append(l.warnings, text)
	}
}

// tail reads the end of the file.
func (l *Log) tail() (string, error) {
	if l.path == "" {
		return "", nil
	}
	f, err := l.open(os.O_RDONLY)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return readTail(f)
}

// readTail reads whole lines from the last tailSize bytes of f.
func readTail(f *os.File) (string, error) {
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	// One byte more tells whether the first line is a whole one.
	from := max(0, info.Size()-tailSize-1)
	data, err := io.ReadAll(io.NewSectionReader(f, from, info.Size()-from))
	if err != nil {
		return "", err
	}
	text := string(data)
	if from > 0 {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text[:strings.LastIndexByte(text, '\n')+1], nil
}

// append writes line, which has no end, as one more line of the file.
func (l *Log) append(line string) error {
	f, locked, err := l.openLocked()
	if err != nil {
		return err
	}
	defer f.Close() // which unlocks it
	info, err := f.Stat()
	if err != nil {
		return err
	}
	heal, err := torn(f, info.Size())
	if err != nil {
		return err
	}
	if n, err := f.WriteString(heal + line + "\n"); err != nil {
		if n > 0 && locked {
			// A full disk took a part. Without it the file is as it was; if
			// that fails too, a torn line is left for the next Add to close.
			_ = f.Truncate(info.Size())
		}
		return err
	}
	if locked && info.Size() > trimSize {
		return trim(f, l.path)
	}
	return nil
}

// torn returns what closes the last line of f, a file of that size, if it has no
// end: a backslash that escapes nothing, so that it will not be taken for an
// entry, and the end.
func torn(f *os.File, size int64) (string, error) {
	if size == 0 {
		return "", nil
	}
	end := make([]byte, min(size, 4096))
	if _, err := f.ReadAt(end, size-int64(len(end))); err != nil && err != io.EOF {
		return "", err
	}
	switch {
	case end[len(end)-1] == '\n':
		return "", nil
	case whole(string(end)):
		return "\\\n", nil
	}
	return "\n", nil
}

// openLocked opens the file for appending and locks it. Another session may
// have put a new file in its place before the lock was got: then it starts
// again. Where there are no locks, or another session sits on its own, locked
// is false: a single append is whole all the same.
func (l *Log) openLocked() (f *os.File, locked bool, err error) {
	for deadline := time.Now().Add(lockWait); ; {
		f, err := l.open(os.O_RDWR | os.O_APPEND | os.O_CREATE)
		if err != nil {
			return nil, false, err
		}
		locked := lock(f, deadline)
		if l.current(f) || time.Now().After(deadline) {
			return f, locked, nil
		}
		f.Close()
	}
}

// current reports whether f is the file that the path leads to.
func (l *Log) current(f *os.File) bool {
	mine, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(l.path)
	return err == nil && os.SameFile(mine, there)
}

// open opens the file, after making its directory if flag asks for creation,
// and sees to it that it is a regular file that belongs to the user alone.
func (l *Log) open(flag int) (*os.File, error) {
	if flag&os.O_CREATE != 0 {
		if err := makeDir(filepath.Dir(l.path)); err != nil {
			return nil, err
		}
	}
	f, err := openNoFollow(l.path, flag)
	if err != nil {
		return nil, err
	}
	warning, err := secure(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	if warning != "" {
		l.warn(warning)
	}
	return f, nil
}

// makeDir makes a directory and those above it that are missing, with mode 0700
// whatever the umask. One that exists stays as it is.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil || !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := makeDir(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		if errors.Is(err, os.ErrExist) {
			return nil // another session was faster
		}
		return err
	}
	return os.Chmod(dir, 0o700)
}
