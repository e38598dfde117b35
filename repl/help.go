package repl

import (
	"context"
	"fmt"
	"strings"

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

func runHelp(_ context.Context, sh *Shell, c Call) error {
	switch len(c.Args) {
	case 0:
		return sh.helpAll()
	case 1:
		return sh.helpOne(c.Args[0])
	}
	return c.usage("takes one word")
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
	for _, t := range topics() {
		fmt.Fprintf(sh.out, "help %s: %s\n", t.name, t.about)
	}
	return nil
}

// helpOne is all about one command.
func (sh *Shell) helpOne(word string) error {
	c := sh.lookup(strings.ToLower(word))
	if text := topicText(word); text != "" {
		_, err := sh.out.WriteString(text)
		return err
	}
	if c == nil {
		for _, m := range methods() {
			for _, w := range strings.Fields(m[0]) {
				if w == strings.ToLower(word) {
					what := "URL [ITEM…]: a request; the items: Name:value name==value name=value name:=JSON name@FILE @FILE {…}"
					if w == "send" {
						what = "METHOD " + what
					}
					fmt.Fprintf(sh.out, "%s %s\n", w, what)
					return nil
				}
			}
		}
		if query.IsFunction(word) {
			fmt.Fprintf(sh.out, "%s is a function of queries: `%s`, `map(…)`, `select(…)` on the last answer\n", word, word)
			return nil
		}
		hint := strings.Join(nearest(word, sh.names()), ", ")
		if hint == "" {
			hint = "`help`"
		}
		return misused("help", "no command "+quoteWord(word), hint)
	}
	fmt.Fprintf(sh.out, "%s\n  %s\n", c.Synopsis(), c.Short)
	if c.Long != "" {
		fmt.Fprintf(sh.out, "\n  %s\n", strings.ReplaceAll(c.Long, "\n", "\n  "))
	}
	if c.Example != "" {
		fmt.Fprintf(sh.out, "\n  %s\n", strings.ReplaceAll(sh.exampleText(c.Example), "\n", "\n  "))
	}
	return nil
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
