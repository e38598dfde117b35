// Package netrc reads logins from a netrc file, which ftp, curl and Python's
// requests read too. The format is Python's: words between blanks and line
// ends, in double quotes where they hold blanks themselves, a backslash before
// a character that is to stand for itself, and comments from a # where a
// keyword could be to the end of the line.
//
//	machine api.example.com login alice password "two words"
//	default login anonymous password me@example.com
//
// Where readers of this format have been found to mix up logins this one is
// strict: an entry stands for itself, and a file that can be read in two ways
// is refused.
package netrc

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// maxSize is the most bytes a file may have.
const maxSize = 1 << 20

// A File is the entries of a netrc file. The zero value and nil have none.
type File struct {
	entries []entry
}

type entry struct {
	host        string // "" for the default entry
	login       string
	account     string
	password    string
	hasPassword bool
}

// Path returns the file to read as requests finds it: what the variable NETRC
// names, where a leading ~ is the home directory, and else .netrc or _netrc in
// the home directory. It is false if there is no such file; path is then where
// one was looked for, "" if nowhere. A home of "" means there is none; env
// returns the value of a variable and whether it is set.
func Path(env func(string) (string, bool), home string) (path string, ok bool) {
	if named, set := env("NETRC"); set {
		if rest, found := strings.CutPrefix(named, "~"); found && home != "" && (rest == "" || os.IsPathSeparator(rest[0])) {
			named = home + rest
		}
		return named, named != "" && exists(named)
	}
	if home == "" {
		return "", false
	}
	for _, name := range [...]string{".netrc", "_netrc"} {
		if path := filepath.Join(home, name); exists(path) {
			return path, true
		}
	}
	return filepath.Join(home, ".netrc"), false
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Load reads a file. The warning, "" if there is none, says that others can
// read the file as well. The error is one of the file system, whose text names
// the file, or an [*Error].
func Load(path string) (f *File, warning string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSize+1))
	if err != nil {
		return nil, "", err
	}
	if f, err = Parse(text); err != nil {
		if e, ok := err.(*Error); ok {
			e.Path = path
		}
		return nil, "", err
	}
	return f, openToOthers(file, path), nil
}

func openToOthers(file *os.File, path string) string {
	info, err := file.Stat()
	if err != nil || runtime.GOOS == "windows" || !info.Mode().IsRegular() || info.Mode()&0o077 == 0 {
		return ""
	}
	return fmt.Sprintf("%s: others may read the passwords in it (mode %04o): chmod 600 %[1]s", path, info.Mode().Perm())
}

// Lookup returns the login for a host, a name or an address without port. If a
// user is given, not "", only an entry with that login will do. It is false if
// there is no entry, or none with a password of its own.
//
// Of several entries that would do the first counts. The default entry is for
// hosts without entries only. An entry without login has its account, if any,
// in its place.
func (f *File) Lookup(host, user string) (login, password string, ok bool) {
	if f == nil || host == "" {
		return "", "", false
	}
	known := false
	for _, e := range f.entries {
		if strings.EqualFold(e.host, host) {
			known = true
			if e.serves(user) {
				return e.name(), e.password, true
			}
		}
	}
	for _, e := range f.entries {
		if e.host == "" && !known && e.serves(user) {
			return e.name(), e.password, true
		}
	}
	return "", "", false
}

func (e entry) serves(user string) bool { return e.hasPassword && (user == "" || e.login == user) }

func (e entry) name() string {
	if e.login == "" {
		return e.account
	}
	return e.login
}
