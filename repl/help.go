package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sonde/repl/near"
	"sonde/repl/query"
)

// methods are the request words, which are no commands but belong in help.
func methods() [][]string {
	return [][]string{
		{"get post put patch", "METHOD URL [ITEM…]: a request; the items are HTTPie's:"},
		{"delete head options", "Name:value name==value name=value name:=JSON name@FILE {…}"},
		{"send", "METHOD URL [ITEM…]: a request with any other method"},
	}
}

// others are the lines that start with no command, by the group they belong to.
func others(g Group) [][]string {
	switch g {
	case GroupRequest:
		return methods()
	case GroupSession:
		return [][]string{
			{"Name:value", "a header for every request; Name: alone drops it"},
			{"name==value", "a query parameter for every request"},
			{"@NAME LINE", "one line as another identity"},
		}
	case GroupAnswer:
		return [][]string{
			{".0.url  map(.name)", "jq on the answer at hand; also $r1.status, $NAME, and the"},
			{"", "functions status headers header(\"x\") elapsed url links cookies"},
			{"| PROGRAM", "behind a request: only this of its answer"},
			{"| save FILE  > FILE", "the answer to a file"},
			{"| !COMMAND  !COMMAND", "the answer to a shell command; a shell command alone"},
		}
	}
	return [][]string{{"# text", "a comment"}}
}

func checkHelp(sh *Shell, c Call) error {
	if len(c.Args) == 0 {
		return nil
	}
	_, err := sh.about(c)
	return err
}

func runHelp(_ context.Context, sh *Shell, c Call) error {
	if len(c.Args) == 0 {
		return sh.helpAll()
	}
	tell, err := sh.about(c)
	if err != nil {
		return err
	}
	return tell()
}

// helpAll lists everything, a line each.
func (sh *Shell) helpAll() error {
	fmt.Fprintf(sh.out, "sonde %s: a prompt for REST APIs\n", sh.Version)
	for g := GroupRequest; g <= GroupShell; g++ {
		fmt.Fprintf(sh.out, "\n%s\n", g)
		rows := others(g)
		for _, cmd := range sh.table {
			if cmd.Group == g {
				rows = append(rows, []string{cmd.Name, cmd.Short})
			}
		}
		for i := range rows {
			rows[i][0] = fmt.Sprintf("  %-20s", rows[i][0])
		}
		if err := sh.labels(rows); err != nil {
			return err
		}
	}
	fmt.Fprintf(sh.out, "\nhelp WORD: all about one of them\n")
	fmt.Fprintf(sh.out, "help oauth2: how a token is had\n")
	for _, t := range topics() {
		fmt.Fprintf(sh.out, "help %s: %s\n", t.name, t.about)
	}
	return nil
}

// about finds what help says of the words of a call; tell says it.
func (sh *Shell) about(c Call) (tell func() error, err error) {
	word := strings.ToLower(strings.Join(c.Args, " "))
	write := func(text string) func() error {
		return func() error {
			_, err := sh.out.WriteString(text)
			return err
		}
	}
	if word == "oauth2" || word == "auth oauth2" {
		return sh.explainOAuth, nil
	}
	if len(c.Args) > 1 {
		return nil, c.usage("takes one word")
	}
	if text := topicText(word); text != "" {
		return write(text), nil
	}
	if cmd := sh.lookup(lineKind(word)); cmd != nil {
		return write(sh.commandText(cmd)), nil
	}
	if text := methodText(word); text != "" {
		return write(text), nil
	}
	if word := c.Args[0]; query.IsFunction(word) {
		return write(fmt.Sprintf("%s is a function of queries: `%s`, `map(…)`, `select(…)` on the last answer\n", word, word)), nil
	}
	return nil, misused("help", "nothing is called "+quoteWord(c.Args[0]), sh.helpHint(word))
}

// lineKind is the command that does what a line does that starts with no command,
// as help lists it: @NAME, Name:value, name==value. Any other word is itself.
func lineKind(word string) string {
	switch {
	case strings.HasPrefix(word, "@"):
		return "as"
	case strings.Contains(word, "=="):
		return "param"
	case strings.Contains(word, ":"):
		return "header"
	}
	return word
}

// helpHint is what to type for a word that is nothing.
func (sh *Shell) helpHint(word string) string {
	words := sh.names()
	for _, m := range methods() {
		words = append(words, strings.Fields(m[0])...)
	}
	for _, t := range topics() {
		words = append(words, t.name)
	}
	var hints []string
	for _, w := range near.Names(word, words) {
		hints = append(hints, "`help "+w+"`")
	}
	if hints == nil {
		return "`help`"
	}
	return strings.Join(hints, " · ")
}

// methodText is what help says of a request word, "" if it is none.
func methodText(word string) string {
	for _, m := range methods() {
		if !slices.Contains(strings.Fields(m[0]), word) {
			continue
		}
		what := "URL [ITEM…]: a request; the items: Name:value name==value name=value name:=JSON name@FILE @FILE {…}\n"
		if word == "send" {
			what = "METHOD " + what
		}
		return word + " " + what
	}
	return ""
}

// commandText is all about one command.
func (sh *Shell) commandText(c *Command) string {
	text := c.Synopsis() + "\n  " + c.Short + "\n"
	if c.Long != "" {
		text += "\n  " + strings.ReplaceAll(c.Long, "\n", "\n  ") + "\n"
	}
	if c.Example != "" {
		text += "\n  " + strings.ReplaceAll(sh.exampleText(c.Example), "\n", "\n  ") + "\n"
	}
	return text
}

// exampleText fills in where the example would run.
func (sh *Shell) exampleText(s string) string {
	origin := sh.currentOrigin()
	if origin == "" {
		origin = "https://api.example.com"
	}
	_, host, _ := strings.Cut(origin, "://")
	host, _, _ = strings.Cut(host, ":")
	return strings.NewReplacer("$URL", origin, "$HOST", host).Replace(s)
}
