package repl

import "sonde/session"

// cutOrigin takes `for ORIGIN` off the end of a command's words.
func cutOrigin(c Call) (args []string, origin string, err error) {
	n := len(c.Args)
	switch {
	case n > 0 && c.Args[n-1] == "for" && (n == 1 || c.Args[n-2] != "-d"):
		return nil, "", misused(c.Command.Name, "for wants an origin", "`"+c.Command.Name+" … for https://HOST`")
	case n < 2 || c.Args[n-2] != "for":
		return c.Args, "", nil
	}
	origin, err = c.origin(c.Args[n-1])
	return c.Args[:n-2], origin, err
}

// origin is the origin that a word names. A word with a path names none: it would
// promise that only what is below the path gets something.
func (c Call) origin(word string) (string, error) {
	at, err := session.ParseBase(word)
	if err != nil {
		return "", misused(c.Command.Name, err.Error(), hintOf(err))
	}
	o, err := session.OriginOf(at)
	if err != nil {
		return "", misused(c.Command.Name, err.Error(), "")
	}
	if at != o.String() {
		return "", misused(c.Command.Name, "an origin has no path: "+quoteWord(word), "`"+c.Command.Name+" … for "+o.String()+"`")
	}
	return at, nil
}
