package repl

import (
	"strings"

	"sonde/repl/near"
	"sonde/session/oauth2"
	"sonde/session/secret"
)

// A login is one use of the command auth, its words understood.
type login struct {
	Call
	args   []string // without `for ORIGIN`
	origin string   // "" is the base's
	kind   string   // that of a session.Auth, or "netrc" or "off"; "" shows the logins
	user   string   // name of the user, or of the header or parameter of a key

	password string        // of USER:PASSWORD
	at       int           // the word that is the secret or refers to it; 0: none
	config   oauth2.Config // of oauth2; the zero Config asks how it is done
}

// loginWords are the first words of auth that are no user.
func loginWords() []string {
	return []string{"basic", "digest", "bearer", "apikey", "netrc", "oauth2", "off"}
}

// parseLogin understands the words of auth. A user who has the name of such a word
// is told apart by `auth basic`, and by coming from an answer.
func parseLogin(c Call) (login, error) {
	args, origin, err := cutOrigin(c)
	l := login{Call: c, args: args, origin: origin}
	if err != nil || len(args) == 0 {
		return l, err
	}
	word, literal := l.typed(0)
	switch word = strings.ToLower(word); {
	case word == "off":
		l.kind = word
		return l, l.alone("`auth off`, or for a user of that name: `auth basic off`")
	case word == "netrc":
		l.kind = word
		return l, l.alone("`auth netrc`")
	case word == "oauth2":
		return l, l.oauth()
	case word == "bearer":
		l.kind = word
		return l, l.secretAt(1)
	case word == "apikey":
		return l, l.key()
	case word == "basic" || word == "digest":
		return l, l.name(word, 1)
	case literal && strings.HasPrefix(word, "-"):
		return l, noSuchOption(args[0])
	}
	return l, l.name("basic", 0)
}

// noSuchOption is the error for a word that reads like an option: auth has none.
func noSuchOption(word string) error {
	hint := "for a user of that name: `auth basic " + word + "`"
	if like := near.Names(strings.TrimLeft(word, "-"), loginWords()); len(like) > 0 {
		hint = "`auth " + like[0] + "`, or " + hint
	}
	return misused("auth", "no option "+word, hint)
}

// alone says that nothing may follow the first word.
func (l *login) alone(hint string) error {
	if len(l.args) > 1 {
		return misused("auth", l.kind+" takes no words", hint)
	}
	return nil
}

// name takes USER [SECRET] from word i on, or USER:SECRET as other tools do: a
// user name has no colon (RFC 7617, section 2).
func (l *login) name(kind string, i int) error {
	l.kind = kind
	if len(l.args) <= i {
		return misused("auth", kind+" wants a user name", "`auth "+kind+" USER`")
	}
	user, password, both := strings.Cut(l.args[i], ":")
	l.user, l.password = user, password
	switch {
	case both && len(l.args) > i+1:
		return misused("auth", "a colon in a user name, which no login can carry", "`auth "+kind+" "+user+"`")
	case both:
		l.at = -1
		return nil
	}
	return l.secretAt(i + 1)
}

// key takes NAME [SECRET]: NAME, also with the colon of a header, or NAME==.
func (l *login) key() error {
	const hint = "`auth apikey X-Api-Key`, or for a parameter: `auth apikey api_key==`"
	l.kind = "apikey"
	if len(l.args) < 2 {
		return misused("auth", "apikey wants the name of a header or parameter", hint)
	}
	l.user = strings.TrimSuffix(l.args[1], ":")
	if bare := strings.TrimSuffix(l.user, "=="); bare == "" || strings.ContainsAny(bare, ":= \t") {
		return misused("auth", "apikey wants the name and the key as two words", hint)
	}
	return l.secretAt(2)
}

// secretAt says that word i is the secret, and the last one; without it the
// secret is asked for.
func (l *login) secretAt(i int) error {
	switch {
	case len(l.args) > i+1 && secret.Reference(l.args[i]):
		return misused("auth", "too many words", "quote the reference: `auth … '"+strings.Join(l.args[i:], " ")+"'`")
	case len(l.args) > i+1:
		return misused("auth", "too many words", "a secret with blanks goes in quotes: `auth … 'SECRET'`")
	case len(l.args) == i+1:
		l.at = i
		return l.writtenOut(i)
	}
	return nil
}

// writtenOut says that a reference to a secret is in the line itself: one that came
// from an answer would let its server choose what is read, or run.
func (l *login) writtenOut(i int) error {
	if _, literal := l.typed(i); literal {
		return nil
	}
	if parts := l.Line.Words[i].Parts; secret.Reference(parts[0].Text + "x") {
		return misused("auth", "a reference is written out, without {{}}", "`auth … env:NAME`")
	}
	return nil
}

// oauth takes what stands behind oauth2.
func (l *login) oauth() error {
	l.kind = "oauth2"
	if len(l.args) == 1 {
		return nil
	}
	var err error
	if l.config, err = oauth2.ParseWords(l.args[1:]); err != nil {
		return oauthUsage(err)
	}
	if given := l.config.ClientSecret; given != "" && given != askWord {
		l.at = 3 // oauth2 GRANT CLIENT_ID SECRET
		return l.writtenOut(l.at)
	}
	return nil
}
