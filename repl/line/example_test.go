package line_test

import (
	"fmt"

	"sonde/repl/line"
)

func ExampleParse() {
	ln, err := line.Parse(`post /repos name="my repo" tags:=["a", "b"] | .id`, line.Knows{})
	if err != nil {
		fmt.Println(err)
		return
	}
	url, _ := ln.Target.Literal()
	fmt.Println(ln.Name, url)
	for _, w := range ln.Words {
		text, _ := w.Literal()
		fmt.Println(text)
	}
	fmt.Println(ln.Stages[0].Program.Text)
	// Output:
	// POST /repos
	// name=my repo
	// tags:=["a", "b"]
	// .id
}

func ExampleCaret() {
	const text = `get /x "a\qb"`
	_, err := line.Parse(text, line.Knows{})
	if e, ok := err.(*line.SyntaxError); ok {
		at, col := line.Caret(text, e.Pos)
		fmt.Printf("%s\n%*s %s\n", at, col+1, "^", e.Msg)
	}
	// Output:
	// get /x "a\qb"
	//          ^ \q is no escape of JSON
}
