package session

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	storeSuffix  = ".json"
	maxStoreName = 64 // bytes
)

// A Store is the directory of saved sessions, one file NAME.json for each. It
// need not exist before something is saved. Nothing is kept open: several
// programs may use one, and of two that save the same session the last wins.
//
// Names that differ only in upper and lower case are one file on some systems, and
// no two names on any: while one is saved, another spelling of it is an error.
type Store struct {
	Dir string // "" means there is no place for one, every call is an error
}

// A Saved is a saved session as [Store.List] finds it.
type Saved struct {
	Name string
	Time time.Time // when it was saved
	Base string    // without userinfo, "" if it has none
	Err  error     // why it could not be loaded, nil if it can
}

// A StoreError says what could not be done with which saved session.
type StoreError struct {
	Op   string // "save", "load", "rm", "list", or "name" if the name is at fault
	Name string // "" for list
	Err  error  // why; fs.ErrNotExist if nothing is saved under the name
	Tip  string // something to type, "" if there is nothing
}

// Error says operation, name and cause.
func (e *StoreError) Error() string {
	if e.Op == "list" {
		return "list saved sessions: " + e.Err.Error()
	}
	return fmt.Sprintf("%s session %q: %v", e.Op, e.Name, e.Err)
}

// Unwrap returns the cause.
func (e *StoreError) Unwrap() error { return e.Err }

// Hint returns what to type, "" if there is nothing.
func (e *StoreError) Hint() string { return e.Tip }

// errNotSaved is the fs.ErrNotExist of a person.
type errNotSaved struct{}

// Error says it in words.
func (errNotSaved) Error() string { return "nothing is saved under this name" }

// Is says that it is fs.ErrNotExist.
func (errNotSaved) Is(target error) bool { return target == fs.ErrNotExist }

// Path returns the file of the session of a name, which need not exist. The error
// is a [*StoreError], its hint a name to use.
func (d Store) Path(name string) (string, error) {
	if d.Dir == "" {
		return "", &StoreError{Op: "name", Name: name, Err: errors.New("there is no directory to keep sessions in")}
	}
	if err := CheckStoreName(name); err != nil {
		return "", err
	}
	return filepath.Join(d.Dir, name+storeSuffix), nil
}

// List returns what is saved, sorted by name: nothing if the directory does not
// exist. A file that makes no sense is listed with its error and left alone.
func (d Store) List() ([]Saved, error) {
	names, err := d.names()
	if err != nil {
		return nil, &StoreError{Op: "list", Err: err}
	}
	var list []Saved
	for _, name := range names {
		one := d.look(name)
		if errors.Is(one.Err, fs.ErrNotExist) {
			continue // removed meanwhile
		}
		list = append(list, one)
	}
	return list, nil
}

// names returns the names of the files that are sessions, sorted.
func (d Store) names() ([]string, error) {
	if _, err := d.Path("any"); err != nil {
		return nil, errors.Unwrap(err)
	}
	entries, err := os.ReadDir(d.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), storeSuffix)
		if ok && fitName(name) == name && name != "" && !e.IsDir() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// look reads what List tells of a session.
func (d Store) look(name string) Saved {
	path := filepath.Join(d.Dir, name+storeSuffix)
	one := Saved{Name: name}
	if info, err := os.Lstat(path); err == nil {
		one.Time = info.ModTime()
	}
	if one.Err = d.trusted(path); one.Err != nil {
		return one
	}
	f, err := os.Open(path)
	if err != nil {
		one.Err = err
		return one
	}
	defer f.Close()
	s := New(Options{})
	if one.Err = s.Load(f); one.Err == nil && s.Settings.Base != "" {
		one.Base, one.Err = ParseBase(s.Settings.Base)
	}
	return one
}

// Save keeps the settings of s, without anything secret, as [Session.SaveFile]
// does, in place of those saved before. A file that is a symbolic link, no file,
// or another user's is not replaced.
func (d Store) Save(name string, s *Session) error {
	path, err := d.place("save", name)
	if err != nil {
		return err
	}
	err = os.MkdirAll(d.Dir, 0o700)
	if err == nil {
		err = d.safe()
	}
	if err == nil {
		// A file that others can write is replaced by one that they cannot.
		err = ownFile(path)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errOthersWrite) {
			err = nil
		}
	}
	if err == nil {
		err = s.SaveFile(path)
	}
	return storeError("save", name, err)
}

// Load replaces the settings of s by those saved, as [Session.LoadFile] does: a
// file that makes no sense is moved aside. A file that others could have written
// is an error and stays where it is.
func (d Store) Load(name string, s *Session) error {
	path, err := d.place("load", name)
	if err != nil {
		return err
	}
	err = d.trusted(path)
	if errors.Is(err, fs.ErrNotExist) {
		return d.notSaved("load", name)
	}
	if err == nil {
		err = s.LoadFile(path)
	}
	return storeError("load", name, err)
}

// Remove forgets a saved session. If nothing is saved under the name, the error
// is fs.ErrNotExist.
func (d Store) Remove(name string) error {
	path, err := d.place("rm", name)
	if err != nil {
		return err
	}
	info, err := os.Lstat(path)
	if err == nil && info.IsDir() {
		err = errors.New(path + " is a directory")
	}
	if err == nil {
		err = os.Remove(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return d.notSaved("rm", name)
	}
	return storeError("rm", name, err)
}

var errOthersWrite = errors.New("others can write it")

// safe checks that the directory is the user's and nobody else can put a file
// in it. It is fs.ErrNotExist if there is none.
func (d Store) safe() error {
	info, err := os.Stat(d.Dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return errors.New(d.Dir + " is not a directory")
	}
	return onlyOwn(d.Dir, info)
}

// trusted checks that what is loaded from path is what the user saved.
func (d Store) trusted(path string) error {
	if err := d.safe(); err != nil {
		return err
	}
	return ownFile(path)
}

// ownFile checks that path is a file, the user's, and that nobody else can write
// it.
func ownFile(path string) error {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		return errors.New(path + " is a symbolic link")
	case !info.Mode().IsRegular():
		return errors.New(path + " is not a regular file")
	}
	return onlyOwn(path, info)
}

// An ownError is a file or directory that is not the user's alone.
type ownError struct {
	path string
	err  error // errOthersWrite, or whose it is
}

// Error names the path and what is wrong with it.
func (e *ownError) Error() string { return e.path + ": " + e.err.Error() }

// Unwrap returns what is wrong with it.
func (e *ownError) Unwrap() error { return e.err }

// storeError says of an error what was to be done. A nil error stays nil.
func storeError(op, name string, err error) error {
	if err == nil {
		return nil
	}
	e := &StoreError{Op: op, Name: name, Err: err}
	if own, ok := errors.AsType[*ownError](err); ok && errors.Is(err, errOthersWrite) {
		e.Tip = "chmod go-w " + shellQuote(own.path)
	}
	return e
}

// notSaved is the error for a name that nothing is saved under.
func (d Store) notSaved(op, name string) error {
	e := &StoreError{Op: op, Name: name, Err: errNotSaved{}}
	if names, _ := d.names(); len(names) > 0 {
		e.Tip = "session list"
	}
	return e
}
