package repl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"

	"sonde/repl/line"
)

// A target file is written beside its name and moved there when it is whole, so
// that an interrupted save leaves no half file under the name.
type targetFile struct {
	f    *os.File
	name string
	temp bool // f is beside name and has to be moved
	n    int64
}

// outFile opens the file of a line's `> FILE` or `>> FILE`; nil without one.
func (sh *Shell) outFile(ctx context.Context, ln line.Line) (*targetFile, error) {
	if ln.Out == nil {
		return nil, nil
	}
	name, err := sh.expandWord(ctx, ln, ln.Out.File)
	if err != nil {
		return nil, err
	}
	return createFile(name.text, ln.Out.Append)
}

// createFile opens a file for writing: beside its name when it may be replaced
// whole, itself when it is appended to or is no ordinary file.
func createFile(name string, add bool) (*targetFile, error) {
	if name == "" {
		return nil, misused("save", "a file name is wanted", "`save FILE`")
	}
	st, err := os.Stat(name)
	if err == nil && st.IsDir() {
		return nil, failed("save", name+" is a directory", "`save "+filepath.Join(name, "FILE")+"`")
	}
	special := err == nil && !st.Mode().IsRegular()
	if add || special {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
		if err != nil {
			return nil, failed("save", err.Error(), "")
		}
		return &targetFile{f: f, name: name}, nil
	}
	// what a link points at is replaced, not the link
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	f, err := createBeside(name)
	if err != nil {
		if e, ok := errors.AsType[*os.PathError](err); ok {
			err = fmt.Errorf("%s: %w", name, e.Err)
		}
		return nil, failed("save", err.Error(), "")
	}
	t := &targetFile{f: f, name: name, temp: true}
	if st != nil {
		if err := f.Chmod(st.Mode().Perm()); err != nil {
			return nil, t.fail(err)
		}
	}
	return t, nil
}

// createBeside makes a new hidden file in the folder of name, with the mode a
// new file gets.
func createBeside(name string) (*os.File, error) {
	for {
		temp := filepath.Join(filepath.Dir(name), fmt.Sprintf(".%s.%08x", filepath.Base(name), rand.Uint32()))
		f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, os.ErrExist) {
			return f, err
		}
	}
}

// Name is the name it will have.
func (t *targetFile) Name() string { return t.name }

// Write writes to the file.
func (t *targetFile) Write(p []byte) (int, error) {
	n, err := t.f.Write(p)
	t.n += int64(n)
	return n, err
}

// ReadFrom lets the kernel move the bytes where it can.
func (t *targetFile) ReadFrom(r io.Reader) (int64, error) {
	n, err := t.f.ReadFrom(r)
	t.n += n
	return n, err
}

// finish closes the file and, if what it holds is whole, gives it its name.
func (t *targetFile) finish(whole bool) error {
	if t.f == nil {
		return nil
	}
	f := t.f
	t.f = nil
	err := f.Close()
	if t.temp && (err != nil || !whole) {
		os.Remove(f.Name())
	}
	if err != nil {
		return failed("save", err.Error(), "")
	}
	if t.temp && whole {
		if err := os.Rename(f.Name(), t.name); err != nil {
			os.Remove(f.Name())
			return failed("save", err.Error(), "")
		}
	}
	return nil
}

// fail drops the file after an error.
func (t *targetFile) fail(err error) error {
	t.finish(false)
	return failed("save", err.Error(), "")
}

// saveTo writes a file with what write gives.
func (sh *Shell) saveTo(name string, write func(io.Writer) error) error {
	t, err := createFile(name, false)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(t, 64<<10)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if err != nil {
		t.finish(false)
		return err
	}
	if err := t.finish(true); err != nil {
		return err
	}
	sh.notice("saved " + sizeText(t.n) + " to " + name)
	return nil
}
