package keyring

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	system "github.com/zalando/go-keyring"
)

const maxName = 128 // bytes: with a part of a secret it has to fit into one command line, see partSize

// An entry is where a secret is kept.
type entry struct{ service, account string }

// parseName takes a name apart. The account may be empty if the service is that
// of another program: some keep their current one so.
func parseName(name string) (entry, error) {
	e := entry{service: service, account: name}
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		e = entry{service: name[:i], account: name[i+1:]}
	}
	switch {
	case name == "":
		return entry{}, errors.New("the name is empty")
	case len(name) > maxName:
		return entry{}, fmt.Errorf("the name has %d bytes, at most %d will do", len(name), maxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return entry{}, errors.New("the name holds characters that cannot be typed")
	case e.service == "":
		return entry{}, errors.New("the service before the slash is empty")
	case e.account == "" && e.own():
		return entry{}, errors.New("the account after the slash is empty")
	}
	return e, nil
}

// own reports whether the entry is one that Set makes.
func (e entry) own() bool { return e.service == service }

// read returns the secret.
func (e entry) read(ctx context.Context) (string, error) {
	value, err := system.Get(e.service, e.account)
	for {
		if err != nil {
			return "", err
		}
		h, ok := parseHead(value)
		if !ok || !e.own() {
			if runtime.GOOS == "windows" {
				value = fromUTF16(value)
			}
			return value, nil
		}
		secret, err := e.join(ctx, h)
		if err == nil || !errors.Is(err, errDamaged) {
			return secret, err
		}
		// Another program may have replaced it meanwhile, and with it the parts.
		again, err := system.Get(e.service, e.account)
		if err == nil && again == value {
			return "", errDamaged
		}
		if err != nil {
			return "", err
		}
		value = again
	}
}

// write keeps the secret: its parts, then the entry that refers to them. Then
// it removes the parts of the secret there was.
func (e entry) write(ctx context.Context, secret string) error {
	old, err := system.Get(e.service, e.account)
	if err != nil && !errors.Is(err, system.ErrNotFound) {
		return err
	}
	value, h, err := e.pack(ctx, secret)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = e.drop(h) // nothing refers to them
		return err
	}
	if err := e.place(value, h); err != nil {
		return err
	}
	if oldHead, ok := parseHead(old); ok {
		// The secret is kept. What is not removed now, nothing refers to.
		_ = e.drop(oldHead)
	}
	return nil
}

// place makes value what the entry holds, and reads it again: a person may have
// refused to unlock the keyring, and not every system says so. Only when the
// entry is known not to refer to the parts of h are these removed.
func (e entry) place(value string, h head) error {
	failed := system.Set(e.service, e.account, value)
	got, err := system.Get(e.service, e.account)
	switch {
	case err == nil && got == value:
		return nil
	case err != nil && !errors.Is(err, system.ErrNotFound):
		return cmp.Or(failed, err)
	}
	_ = e.drop(h) // nothing refers to them
	return cmp.Or(failed, errKept)
}

// remove deletes the secret, its parts first: if that fails half-way, the entry
// still says which they are, and removing it again does the rest.
func (e entry) remove(ctx context.Context) error {
	value, err := system.Get(e.service, e.account)
	if err != nil {
		return err
	}
	if h, ok := parseHead(value); ok {
		if err := e.drop(h); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := system.Delete(e.service, e.account); err != nil {
		return err
	}
	_, err = system.Get(e.service, e.account)
	switch {
	case err == nil:
		return errRemains
	case errors.Is(err, system.ErrNotFound):
		return nil
	}
	return err
}
