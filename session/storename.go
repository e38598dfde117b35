package session

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// CheckStoreName says what is wrong with the name of a saved session: it has up to
// 64 letters, digits, - _ and . of ASCII, not a dot or a dash first, and Windows'
// names for devices are none. The error is a [*StoreError], its hint a name to use.
func CheckStoreName(name string) error {
	fit := fitName(name)
	if fit == name && fit != "" {
		return nil
	}
	err := errors.New("a name has letters, digits, - _ and . only, and neither . nor - first")
	switch {
	case len(name) > maxStoreName:
		err = fmt.Errorf("the name has %d bytes, at most %d will do", len(name), maxStoreName)
	case deviceName(name):
		err = errors.New("the name is a device on Windows")
	}
	return &StoreError{Op: "name", Name: name, Err: err, Tip: fit}
}

// fitName returns the name, or what is like it and will do, "" for nothing.
func fitName(name string) string {
	fit := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.", r) {
			return r
		}
		return '-'
	}, name)
	if fit != name {
		fit = strings.TrimRight(fit, "-")
	}
	fit = strings.TrimLeft(fit, ".-")
	if deviceName(fit) {
		fit = "my-" + fit
	}
	return fit[:min(len(fit), maxStoreName)]
}

// deviceName says that Windows takes a file of the name for a device, whatever
// follows the first dot.
func deviceName(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(stem) == 4 && (stem[:3] == "com" || stem[:3] == "lpt") && stem[3] >= '0' && stem[3] <= '9'
}

// place returns what Path does, for an operation that the hint of an error is to
// be the command of. Another spelling of a saved name is an error as well.
func (d Store) place(op, name string) (path string, err error) {
	path, err = d.Path(name)
	if err == nil {
		err = d.spelled(name)
	}
	if e, ok := errors.AsType[*StoreError](err); ok && e.Tip != "" {
		e.Tip = "session " + op + " " + e.Tip
	}
	return path, err
}

// spelled checks that no saved name differs from this one only in case. Where
// there are such names already, each is its own.
func (d Store) spelled(name string) error {
	names, _ := d.names() // why they cannot be read shows when the file is used
	if slices.Contains(names, name) {
		return nil
	}
	for _, other := range names {
		if strings.EqualFold(other, name) {
			err := errors.New("it is saved as " + other + ", and upper or lower case alone makes no other name")
			return &StoreError{Op: "name", Name: name, Err: err, Tip: other}
		}
	}
	return nil
}
