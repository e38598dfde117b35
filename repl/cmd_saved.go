package repl

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"time"

	"sonde/repl/near"
	"sonde/session"
)

// SavedSessions is where sessions are kept under names, their secrets apart from
// the rest. What Save, Load and Remove return beside the error says what became
// of it, in words: what is kept where, what is missing. An error may have a method
// Hint, which returns what to type.
type SavedSessions interface {
	Save(ctx context.Context, name string, s *session.Session) (notes []string, err error)
	// Load puts what is kept in place of the settings, logins and cookies of s;
	// its connections and exchanges stay. On an error s is as it was.
	Load(ctx context.Context, name string, s *session.Session) (notes []string, err error)
	List() ([]SavedSession, error) // in the order of their names
	Remove(ctx context.Context, name string) (notes []string, err error)
}

// A SavedSession is one that is kept.
type SavedSession struct {
	Name string
	Base string    // "" is none
	Time time.Time // when it was saved
	Err  error     // why it is of no use; nil: it is
}

// checkSession judges the words of `session`.
func checkSession(_ *Shell, c Call) error {
	if len(c.Args) == 0 {
		return nil
	}
	switch word := c.Args[0]; word {
	case "list":
		if len(c.Args) > 1 {
			return c.usage("list takes no name")
		}
	case "save", "load", "rm":
		if len(c.Args) != 2 {
			return c.usage(word + " takes one name")
		}
		if err := session.CheckStoreName(c.Args[1]); err != nil {
			return savedFailure(err, word, c.Args[1])
		}
	default:
		return c.usage(quoteWord(word) + " is none of save, load, list and rm")
	}
	return nil
}

// runSaved handles the words of `session` that concern saved ones. done is false
// if there are none.
func runSaved(ctx context.Context, sh *Shell, c Call) (done bool, err error) {
	if len(c.Args) == 0 {
		return false, nil
	}
	switch word := c.Args[0]; {
	case sh.Saved == nil:
		return true, failed("session "+word, "no sessions are kept here", "")
	case word == "list":
		return true, sh.listSaved()
	case len(sh.behind) > 0 && word == "load":
		return true, misused("session load", "it is for all identities, and stands on a line without @NAME", "`session load "+c.Args[1]+"`")
	}
	return true, sh.savedSession(ctx, c.Args[0], c.Args[1])
}

// savedSession saves, loads or removes the session of a name.
func (sh *Shell) savedSession(ctx context.Context, word, name string) error {
	var notes []string
	var err error
	switch word {
	case "save":
		notes, err = sh.Saved.Save(ctx, name, sh.Session)
	case "load":
		notes, err = sh.Saved.Load(ctx, name, sh.Session)
	default:
		notes, err = sh.Saved.Remove(ctx, name)
	}
	for _, n := range notes {
		sh.notice(n)
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	f := savedFailure(err, word, name)
	if meant := sh.savedLike(name); errors.Is(err, fs.ErrNotExist) && meant != "" {
		f.Hint = "`session " + word + " " + meant + "`"
	}
	return f
}

// savedLike is the name of a saved session that is most like one that is none, ""
// if there is no such.
func (sh *Shell) savedLike(name string) string {
	all, err := sh.Saved.List()
	if err != nil {
		return "" // why a name was not found was told
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
	}
	if like := near.Names(name, names); len(like) > 0 {
		return like[0]
	}
	return ""
}

// savedFailure words an error of `session WORD NAME`. One about the name alone is of
// what was typed, and its hint is a name that will do.
func savedFailure(err error, word, name string) *Failure {
	op := strings.TrimRight("session "+word+" "+name, " ")
	f := &Failure{Op: op, Msg: err.Error(), Code: ExitFailed}
	if e, ok := errors.AsType[*session.StoreError](err); ok {
		f.Msg = e.Err.Error()
		if e.Op == "name" {
			f.Code = ExitUsage
		}
	}
	switch hint := hintOf(err); {
	case hint == "":
	case f.Code == ExitUsage && !strings.Contains(hint, " "):
		f.Hint = "`session " + word + " " + hint + "`"
	default:
		f.Hint = "`" + hint + "`"
	}
	return f
}

// listSaved prints what is kept.
func (sh *Shell) listSaved() error {
	all, err := sh.Saved.List()
	if err != nil {
		return savedFailure(err, "list", "")
	}
	if len(all) == 0 {
		sh.notice("no saved sessions; this one is kept with: ‹session save NAME›")
		return nil
	}
	var rows [][]string
	for _, s := range all {
		base := s.Base
		switch {
		case s.Err != nil:
			base = s.Err.Error()
		case base == "":
			base = "no base"
		}
		rows = append(rows, []string{s.Name, s.Time.Local().Format(time.DateTime), sh.maskURL(base)})
	}
	return sh.rows(rows)
}

// completeSaved offers the names of saved sessions behind a word that takes one.
func completeSaved(sh *Shell, words []string) []Candidate {
	word, n := last(words)
	if sh.Saved == nil || n != 1 || words[0] == "list" {
		return nil
	}
	all, err := sh.Saved.List()
	if err != nil {
		return nil // as if there were none: nothing is told while a person types
	}
	var out []Candidate
	for _, s := range all {
		out = appendIf(out, word, s.Name, s.Base, false)
	}
	return out
}
