package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"sonde/repl"
	"sonde/repl/terminal"
	"sonde/session"
	"sonde/session/keyring"
)

// savedSessions keeps the settings of sessions in files, and their secrets in the
// system's keyring, where there is one.
type savedSessions struct {
	store session.Store
	ring  *keyring.Ring // nil: it is not to be used
	lost  error         // why there is no place for files; nil: there is

	// unread are the sessions whose secrets the keyring may have and that were
	// loaded without them, with why: what a session has now is not all of them.
	unread map[string]error
}

// savedSessions is where this process keeps sessions.
func (p *program) savedSessions() *savedSessions {
	v := &savedSessions{unread: map[string]error{}}
	v.store.Dir, v.lost = p.sessionDir()
	if p.get("SONDE_KEYRING") != "off" {
		v.ring = keyring.New(keyring.Options{Env: p.get, Interactive: terminal.IsTerminal(p.err)})
	}
	return v
}

// sessionDir is the directory of saved sessions.
func (e env) sessionDir() (string, error) {
	dir := e.get("XDG_STATE_HOME")
	if goos == "windows" {
		dir = e.get("LocalAppData")
	}
	if dir == "" {
		if e.home() == "" {
			return "", usageError{"session: HOME is not set, so there is no place for it"}
		}
		dir = filepath.Join(e.home(), ".local", "state")
	}
	return filepath.Join(dir, "sonde", "sessions"), nil
}

// account is the name of the keyring's entry for a session.
func account(name string) string { return "session " + name }

// Save is repl.SavedSessions'.
func (v *savedSessions) Save(ctx context.Context, name string, s *session.Session) (notes []string, err error) {
	delete(v.unread, name) // what is there now is meant
	path, had, err := v.save(ctx, name, s)
	if path == "" {
		return nil, err
	}
	notes = []string{name + " is kept in " + path}
	others := strings.Join(slices.DeleteFunc(s.Identities(), func(name string) bool { return name == "" }), ", ")
	switch {
	case err != nil:
		notes = append(notes, notKept(err))
		if others != "" {
			notes = append(notes, "nor is anything of the other identities: "+others)
		}
	case had:
		notes = append(notes, "its logins and cookies are in the system's keyring")
		if others != "" {
			notes = append(notes, "and so is all that the other identities have: "+others)
		}
	}
	return notes, nil
}

// notKept says that a session's secrets are not kept, and why.
func notKept(err error) string {
	return "its logins and cookies are not kept: " + cause(err)
}

// save writes the file of a session and hands its secrets to the keyring; had
// says that it has any. An error with a path is one of the keyring alone.
func (v *savedSessions) save(ctx context.Context, name string, s *session.Session) (path string, had bool, err error) {
	if v.lost != nil {
		return "", false, v.lost
	}
	here := s.Name()
	s.As("") // whose headers and parameters the file is for
	defer s.As(here)
	if err := v.store.Save(name, s); err != nil {
		return "", false, err
	}
	if path, err = v.store.Path(name); err != nil {
		return "", false, err
	}
	secrets, err := s.Private()
	had = err != nil || secrets != nil
	switch unread := v.unread[name]; {
	case err != nil:
	case unread != nil && had:
		err = unread
	case unread != nil:
	case had:
		err = v.ring.Set(ctx, account(name), string(secrets))
	default:
		err = v.ring.Delete(ctx, account(name))
		if errors.Is(err, keyring.ErrNotFound) || errors.Is(err, keyring.ErrNone) {
			err = nil // nothing was to be kept, and nothing is
		}
	}
	return path, had, err
}

// Load is repl.SavedSessions'.
func (v *savedSessions) Load(ctx context.Context, name string, s *session.Session) (notes []string, err error) {
	forgot, had, missing, err := v.load(ctx, name, s)
	if err != nil {
		return nil, err
	}
	if forgot != "" {
		notes = []string{forgot}
	}
	switch {
	case missing != nil:
		return append(notes, name+" is loaded without its logins and cookies: "+cause(missing)), nil
	case had:
		return append(notes, name+" is loaded, with its logins and cookies"), nil
	}
	return append(notes, name+" is loaded; no logins or cookies were kept with it"), nil
}

// load reads a session and its secrets, and says what it takes the place of; had
// says that there are any secrets. missing is why they are not restored, or not all
// of them.
func (v *savedSessions) load(ctx context.Context, name string, s *session.Session) (forgot string, had bool, missing, err error) {
	if v.lost != nil {
		return "", false, nil, v.lost
	}
	read := session.New(session.Options{})
	if err := v.store.Load(name, read); err != nil {
		return "", false, nil, err
	}
	secrets, missing := v.ring.Get(ctx, account(name))
	if ctx.Err() != nil {
		return "", false, nil, ctx.Err()
	}
	forgot = repl.Forgot(s.ForgetAll())
	s.Settings = read.Settings
	if missing == nil {
		had, missing = true, s.Restore([]byte(secrets))
	}
	if errors.Is(missing, keyring.ErrNotFound) {
		missing = nil
	}
	v.unread[name] = missing
	return forgot, had, missing, nil
}

// List is repl.SavedSessions'.
func (v *savedSessions) List() ([]repl.SavedSession, error) {
	if v.lost != nil {
		return nil, v.lost
	}
	all, err := v.store.List()
	if err != nil {
		return nil, err
	}
	out := make([]repl.SavedSession, len(all))
	for i, one := range all {
		out[i] = repl.SavedSession{Name: one.Name, Base: one.Base, Time: one.Time, Err: one.Err}
	}
	return out, nil
}

// Remove is repl.SavedSessions'.
func (v *savedSessions) Remove(ctx context.Context, name string) (notes []string, err error) {
	if v.lost != nil {
		return nil, v.lost
	}
	err = v.store.Remove(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	switch kept := v.ring.Delete(ctx, account(name)); {
	case kept == nil:
		return []string{"its logins and cookies are gone from the system's keyring"}, nil
	case err == nil && errors.Is(kept, keyring.ErrAbsent):
		notes = []string{"there is no keyring on this machine, so nothing of it was in one"}
	case err == nil && !errors.Is(kept, keyring.ErrNotFound):
		notes = []string{"if the system's keyring has logins of it, they are still there: " + cause(kept)}
	}
	return notes, err
}

// cause is why the keyring did not do something, without what and with which
// entry.
func cause(err error) string {
	if e, ok := errors.AsType[*keyring.Error](err); ok {
		err = e.Err
	}
	return err.Error()
}

// loadSession reads the session named on the command line, if it was saved
// before. That there is no keyring is told when there is something to keep in it.
func (p *program) loadSession() error {
	_, _, missing, err := p.saved.load(context.Background(), p.options.session, p.session)
	switch e, _ := errors.AsType[*session.StoreError](err); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case e != nil && e.Op == "name":
		fit := e.Tip[strings.LastIndexByte(e.Tip, ' ')+1:]
		return &session.Error{Phase: session.PhaseRequest, Text: "--session " + e.Name + ": " + e.Err.Error(), Hint: "sonde --session " + fit}
	}
	if err == nil && missing != nil && !errors.Is(missing, keyring.ErrNone) {
		p.note("session " + p.options.session + ": it is without its logins and cookies: " + cause(missing))
	}
	return err
}

// saveSession keeps it again.
func (p *program) saveSession() error {
	ctx, stop := p.signals.line(context.Background()) // Ctrl-C ends the wait for a keyring
	defer stop()
	path, _, err := p.saved.save(ctx, p.options.session, p.session)
	if err != nil && path != "" {
		p.note("session " + p.options.session + ": " + notKept(err))
		return nil
	}
	return err
}

// note tells something on the way, unless quiet is asked for.
func (p *program) note(text string) {
	if !p.quiet {
		fmt.Fprintln(p.err, "sonde: "+text)
	}
}
