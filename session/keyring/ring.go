package keyring

import (
	"context"
	"fmt"
	"time"
)

// service is the service of every entry that a [Ring] makes.
const service = "sonde"

const (
	waitAlone  = 5 * time.Second  // for a keyring when nobody is there to unlock it
	waitPerson = 60 * time.Second // for a person who is asked for a password
)

// Options are the surroundings of a [Ring].
type Options struct {
	// Env is the environment of this process, in which D-Bus is found: what is
	// handed in decides whether to look at all. nil means an empty one.
	Env func(name string) string

	// Interactive says that a person is there to unlock the keyring when it
	// asks: a call then takes up to 60 seconds, otherwise up to 5.
	Interactive bool
}

// A Ring is the system's keyring. It is safe for concurrent use: calls wait for
// each other. A nil *Ring has no keyring, every call is an error that is
// [ErrNone].
type Ring struct {
	env  func(string) string
	wait time.Duration
	busy chan struct{} // has room for one: the call under way
}

// New returns the system's keyring. It does nothing yet: whether there is one
// shows with the first call.
func New(o Options) *Ring {
	r := &Ring{env: o.Env, wait: waitAlone, busy: make(chan struct{}, 1)}
	if r.env == nil {
		r.env = func(string) string { return "" }
	}
	if o.Interactive {
		r.wait = waitPerson
	}
	return r
}

// Get returns the secret of a name. The error is an [*Error]; it is
// [ErrNotFound] if there is no such entry, [ErrNone] if no keyring can be used.
func (r *Ring) Get(ctx context.Context, name string) (string, error) {
	e, err := parseName(name)
	if err != nil {
		return "", &Error{Op: "read", Name: name, Err: err}
	}
	return r.do(ctx, "read", name, e.read)
}

// Set keeps a secret of at most 1 MiB, which may be any bytes, under a name of
// our own. It replaces the one that is there. When ctx or the time ends first,
// the keyring may keep it all the same. Errors are as for [Ring.Get].
func (r *Ring) Set(ctx context.Context, name, secret string) error {
	e, err := parseName(name)
	switch {
	case err == nil && !e.own():
		err = errForeign
	case err == nil && len(secret) > maxSecret:
		err = fmt.Errorf("%d bytes are more than the %d it may have", len(secret), maxSecret)
	}
	if err != nil {
		return &Error{Op: "store", Name: name, Err: err}
	}
	_, err = r.do(ctx, "store", name, func(ctx context.Context) (string, error) {
		return "", e.write(ctx, secret)
	})
	return err
}

// Delete removes what Set kept. Without such an entry the error is
// [ErrNotFound]. Errors are as for [Ring.Get].
func (r *Ring) Delete(ctx context.Context, name string) error {
	e, err := parseName(name)
	if err == nil && !e.own() {
		err = errForeign
	}
	if err != nil {
		return &Error{Op: "delete", Name: name, Err: err}
	}
	_, err = r.do(ctx, "delete", name, func(ctx context.Context) (string, error) {
		return "", e.remove(ctx)
	})
	return err
}

// do runs work, gives it up when ctx or the time ends, and says of an error what
// was to be done. Work that hangs is left behind and holds the ring: calls after
// it wait for their time and start nothing, so that no more than one ever hangs.
func (r *Ring) do(ctx context.Context, op, name string, work func(context.Context) (string, error)) (string, error) {
	if r == nil {
		return "", &Error{Op: op, Name: name, Err: &reachError{text: ErrNone.Error() + " (not in use)"}}
	}
	if why := unreachable(r.env); why != "" {
		return "", &Error{Op: op, Name: name, Err: none(why)}
	}
	limited, cancel := context.WithTimeout(ctx, r.wait)
	defer cancel()
	done := make(chan result, 1)
	select {
	case r.busy <- struct{}{}:
		go func() {
			defer func() { <-r.busy }()
			done <- guard(limited, work)
		}()
	case <-limited.Done():
	}
	select {
	case res := <-done:
		if res.err != nil {
			return "", &Error{Op: op, Name: name, Err: explain(res.err)}
		}
		return res.secret, nil
	case <-limited.Done():
	}
	err := context.Cause(ctx)
	if err == nil {
		err = &reachError{text: fmt.Sprintf("the keyring did not answer within %v, it may be locked", r.wait)}
	}
	return "", &Error{Op: op, Name: name, Err: err}
}

// A result is what a call on the keyring came to.
type result struct {
	secret string
	err    error
}

// guard runs work. What a keyring answers against its protocol makes the library
// panic, and in a goroutine that would be the end of the program.
func guard(ctx context.Context, work func(context.Context) (string, error)) (res result) {
	defer func() {
		if p := recover(); p != nil {
			res = result{err: &reachError{text: fmt.Sprintf("the keyring's answer makes no sense: %v", p)}}
		}
	}()
	secret, err := work(ctx)
	return result{secret, err}
}
