package repl

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sonde/repl/line"
	"sonde/repl/near"
)

// longestName is how many letters the name of an identity may have.
const longestName = 40

// deepestAs is how many @NAME may stand before a line.
const deepestAs = 8

func identityCommands() []*Command {
	return []*Command{{
		Name: "as", Args: "[NAME | -d NAME]", Group: GroupSession,
		Short: "be somebody else: a login, cookies, headers and connections of its own",
		Long: "A new name starts with nothing but the headers and parameters that are no secret.\n" +
			"Settings, variables and answers are the conversation's. `as` alone returns to the\n" +
			"first identity and lists them all, `as -d NAME` forgets one. `@NAME LINE` runs one\n" +
			"line as NAME.",
		Example: "> auth jdoe anything\n> as alice\n> auth alice anything\n> get /user | .login\n\"alice\"\n" +
			"> as\n*  the first  Basic jdoe   no cookies\n   alice      Basic alice  no cookies\n" +
			"> @alice get /user | .login\n\"alice\"\n> get /user | .login\n\"jdoe\"",
		Words:    []string{"-d"},
		Complete: func(sh *Shell, words []string) []Candidate { return sh.identityCandidates("", words[len(words)-1]) },
		Check:    checkAsWords,
		Run:      runAs,
	}}
}

func runAs(_ context.Context, sh *Shell, c Call) error {
	switch args := c.Args; {
	case len(args) == 0:
		sh.Session.As("")
		return sh.showIdentities()
	case args[0] == "-d":
		return sh.forgetIdentity(args[1])
	case sh.Session.As(args[0]):
		sh.newIdentity(args[0])
	}
	return nil
}

func checkAsWords(_ *Shell, c Call) error {
	args := c.Args
	switch {
	case len(args) == 0:
		return nil
	case args[0] == "-d" && len(args) != 2:
		return c.usage("-d takes one name")
	case args[0] == "-d" && args[1] == "":
		return misused("as", "the first identity stays", "`logout` as that one")
	case args[0] == "-d":
		return nil
	case len(args) > 1:
		return c.usage("takes one name; one line as somebody else is @NAME LINE")
	}
	return namesIdentity(args[0], "as")
}

// newIdentity says that there is one more.
func (sh *Shell) newIdentity(name string) {
	sh.notice("new identity " + name + ": no login, no cookies, connections of its own · back: ‹as›")
}

// become makes an identity the current one. op is what an error names.
func (sh *Shell) become(name, op string) error {
	err := namesIdentity(name, op)
	if err == nil && sh.Session.As(name) {
		sh.newIdentity(name)
	}
	return err
}

// namesIdentity says what is wrong with the name of an identity. op is what the
// error names.
func namesIdentity(name, op string) error {
	if cause := badIdentity(name); cause != "" {
		return misused(op, quoteWord(name)+" is no name of an identity: "+cause, "`as alice`")
	}
	return nil
}

// badIdentity says what is wrong with the name of an identity, "" if nothing is.
func badIdentity(name string) string {
	switch {
	case name == "":
		return "it is empty"
	case utf8.RuneCountInString(name) > longestName:
		return "it is too long"
	case name[0] == '-':
		return "it starts with -"
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r) {
			return "letters, digits, - _ and . make one"
		}
	}
	return ""
}

// showIdentities lists the identities with their logins and cookies.
func (sh *Shell) showIdentities() error {
	here := sh.Session.Name()
	defer sh.Session.As(here)
	var rows [][]string
	for _, name := range sh.Session.Identities() {
		sh.Session.As(name)
		mark := ""
		if name == here {
			mark = "*"
		}
		cookies := "no cookies"
		if n := len(sh.Session.Cookies()); n > 0 {
			cookies = plural(n, "cookie")
		}
		rows = append(rows, []string{mark, identityName(name), sh.loginText(), cookies})
	}
	return sh.rows(rows)
}

// loginText is the login of the current identity at the base, and how many it has
// elsewhere.
func (sh *Shell) loginText() string {
	all := sh.Session.AuthOrigins()
	if len(all) == 0 {
		return "no login"
	}
	shown, where := all[0].Auth, " for "+sh.originText(all[0].Origin)
	if a, ok := sh.Session.AuthFor(""); ok {
		shown, where = a, ""
	}
	text := authText(shown)
	if i := strings.LastIndexAny(text, " :="); i > 0 {
		text = strings.TrimRight(text[:i], " :=") // without the mask
	}
	text += where
	if len(all) > 1 {
		text += ", " + plural(len(all)-1, "more login")
	}
	return text
}

// forgetIdentity drops an identity that is not in use.
func (sh *Shell) forgetIdentity(name string) error {
	switch names := sh.Session.Identities(); {
	case name == sh.Session.Name() || slices.Contains(sh.behind, name):
		return failed("as", identityName(name)+" is in use", "`as`, then `as -d "+name+"`")
	case sh.Session.Forget(name):
		return nil
	default:
		msg := "no identity " + quoteWord(name)
		if like := near.Names(name, slices.DeleteFunc(names, func(n string) bool { return n == "" })); len(like) > 0 {
			msg += "; did you mean: " + strings.Join(like, ", ")
		}
		return failed("as", msg, "`as` lists them")
	}
}

// evalAs runs the line behind @NAME as that identity, and comes back whatever
// happens.
func (sh *Shell) evalAs(ctx context.Context, ln line.Line) error {
	if len(sh.behind) >= deepestAs {
		return misused("@"+ln.Name, "too many identities for one line", "`@"+ln.Name+" get /`")
	}
	text, _ := ln.Rest.Literal()
	if _, err := sh.Parse(text); err != nil {
		return within(sh.unknown(err, text), ln, text)
	}
	if err := namesIdentity(ln.Name, "@"+ln.Name); err != nil {
		return err
	}
	defer sh.actAs(ln.Name)()
	return within(sh.eval(ctx, text), ln, text)
}

// actAs makes an identity the current one until back is called. One that is new
// and that nothing was done as is forgotten then: it was a slip of the pen, or a
// line that failed.
func (sh *Shell) actAs(name string) (back func()) {
	here, s := sh.Session.Name(), sh.Session
	sh.behind = append(sh.behind, here)
	isNew := s.As(name)
	headers, params := slices.Clone(s.Settings.Headers), slices.Clone(s.Settings.Params)
	return func() {
		sh.behind = sh.behind[:len(sh.behind)-1]
		s.As(name) // the line may have ended as somebody else
		bare := s.Bare() && slices.Equal(headers, s.Settings.Headers) && slices.Equal(params, s.Settings.Params)
		s.As(here)
		switch {
		case isNew && bare:
			s.Forget(name)
		case isNew:
			sh.notice(name + " is a new identity, and stays: ‹as " + name + "›, or ‹as -d " + name + "› to forget it")
		}
	}
}

// checkAs checks @NAME, and with check the line behind it.
func (sh *Shell) checkAs(ln line.Line, check func(line.Line) error) error {
	if err := namesIdentity(ln.Name, "@"+ln.Name); err != nil {
		return err
	}
	text, _ := ln.Rest.Literal()
	return sh.checkBehind(ln, text, check)
}

// within places an error of a line that is a part of another, text, in that.
func within(err error, ln line.Line, text string) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	f := *asFailure(err, "", text)
	if f.Text == text && text != "" {
		f.Text, f.Pos = ln.Text, ln.Rest.Pos+f.Pos
	}
	return &f
}

// identityCandidates are the names of identities, each behind a mark, that a word
// begins.
func (sh *Shell) identityCandidates(mark, word string) []Candidate {
	var out []Candidate
	for _, name := range sh.Session.Identities() {
		if name != "" {
			out = appendIf(out, word, mark+name, "an identity", true)
		}
	}
	return out
}
