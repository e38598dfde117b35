package line

import (
	"slices"
	"strings"
	"testing"
)

func TestFirstWord(t *testing.T) {
	runLines(t, known(), []lineTest{
		{"", "empty"},
		{" \t ", "empty"},
		{"\n", "empty"},
		{"# get /x", "comment"},
		{"  #: chapter One", "comment"},
		{".", "query jq=."},
		{".0.url", "query jq=.0.url"},
		{"[.[].name]", "query jq=[.[].name]"},
		{"{a: .b}", "query jq={a: .b}"},
		{"(.a)", "query jq=(.a)"},
		{"$r.status", "query jq=$r.status"},
		{`"a b" | length`, `query jq="a b" | length`},
		{"1 + 1", "query jq=1 + 1"},
		{"keys", "query jq=keys"},
		{"keys|length", "query jq=keys|length"},
		{"map(.name)", "query jq=map(.name)"},
		{"map(.a | .b)", "query jq=map(.a | .b)"},
		{"keys[0]", "query jq=keys[0]"},
		{"if . then 1 else 2 end", "query jq=if . then 1 else 2 end"},
		{"def f: .a; f", "query jq=def f: .a; f"},
		{"length>3", "query jq=length>3"},
		{"status == 200", "query jq=status == 200"},
		{"status!=200", "query jq=status!=200"},
		{"./2", "query jq=./2"},
		{".. | numbers", "query jq=.. | numbers"},
		{"first", "command first"},
		{"jq first", "command jq rest=first jq=first"},
		{"first(.[])", "query jq=first(.[])"},
		{"!ls -l | wc # n", "shell !ls -l | wc # n"},
		{"! ls", "shell !ls"},
		{"@bob get /me | .id", "identity bob rest=get /me | .id"},
		{"auth basic bob", "command auth [basic] [bob]"},
		{"first|.name", "command first |.name"},
		{"first#x", "query jq=first"},
		{"status:active", "header status rest=active"},
	})
}

func TestRequestWord(t *testing.T) {
	runLines(t, known(), []lineTest{
		{"get /x", "request GET url=/x"},
		{"GET /x", "request GET url=/x"},
		{"Post /x", "request POST url=/x"},
		{"options /", "request OPTIONS url=/"},
		{"head /", "request HEAD url=/"},
		{"delete /x", "request DELETE url=/x"},
		{"patch x/y a=1", "request PATCH url=x/y [a=1]"},
		{"send PROPFIND /x", "request PROPFIND url=/x"},
		{"send m-search /x", "request M-SEARCH url=/x"},
		{"/users", "request GET url=/users"},
		{"?page=2", "request GET url=?page=2"},
		{":8080/x", "request GET url=:8080/x"},
		{"https://h/x q==1", "request GET url=https://h/x [q==1]"},
		{"localhost", "request GET url=localhost"},
		{"localhost:8080", "request GET url=localhost:8080"},
		{"localhost:8080/x a:b", "request GET url=localhost:8080/x [a:b]"},
		{"a.b:8080", "request GET url=a.b:8080"},
		{"env.local:3000/x", "request GET url=env.local:3000/x"},
		{"env.local", "query jq=env.local"},
		{"api.example.com:443/v1", "request GET url=api.example.com:443/v1"},
		{"127.0.0.1/x", "request GET url=127.0.0.1/x"},
		{"127.0.0.1:80", "request GET url=127.0.0.1:80"},
		{"[::1]:8080/x", "request GET url=[::1]:8080/x"},
		{"[::1]/x", "request GET url=[::1]/x"},
		{"get [::1]:8080/x", "request GET url=[::1]:8080/x"},
		{"[1,2]", "query jq=[1,2]"},
		{"1.5", "query jq=1.5"},
	})
	k := known()
	k.HasBase = false
	runLines(t, k, []lineTest{
		{"api.example.com/users", "request GET url=api.example.com/users"},
		{"api.example.com", "request GET url=api.example.com"},
		{"api.example.com: x", "header api.example.com rest=x"},
		{"bücher.example/x", "request GET url=bücher.example/x"},
	})
	runErrors(t, known(), []errorTest{{"api.example.com/users", "api", `no command "api.example.com/users"`}})
}

func TestRequestMethod(t *testing.T) {
	for text, want := range map[string]bool{"get /x": true, "/x": false, "send GET /x": true} {
		ln, err := Parse(text, known())
		if err != nil || ln.Method != want {
			t.Errorf("Parse(%q): got Method %v, %v; want %v", text, ln.Method, err, want)
		}
	}
}

func TestSticky(t *testing.T) {
	runLines(t, known(), []lineTest{
		{"Authorization: Bearer abc", "header Authorization rest=Bearer abc"},
		{"Authorization:Bearer abc  ", "header Authorization rest=Bearer abc"},
		{"Accept:", "header Accept rest="},
		{"Accept:   ", "header Accept rest="},
		{"X-Token: {{.token}}", "header X-Token rest=<.token>"},
		{"X-Token: a {{.token}} b", "header X-Token rest=a <.token> b"},
		{`If-None-Match: "abc"`, `header If-None-Match rest="abc"`},
		{"X: it's | fine > here", "header X rest=it's | fine > here"},
		{"X: a # note", "header X rest=a"},
		{"X: a#b", "header X rest=a#b"},
		{"X:#fff", "header X rest=#fff"},
		{`X: "a # b" # note`, `header X rest="a # b"`},
		{"X: it's # note, isn't it", "header X rest=it's"},
		{`X: \{{a}}`, "header X rest={{a}}"},
		{`X: a\b`, `header X rest=a\b`},
		{"X: a \\\n b", "header X rest=a  b"},
		{"X: a \\\n  ", "header X rest=a"},
		{"X: {a} {{.b}}", "header X rest={a} <.b>"},
		{"X-Time:12:30", "header X-Time rest=12:30"},
		{"X-Port:8080", "header X-Port rest=8080"},
		{"X:a==b", "header X rest=a==b"},
		{"X: a for https://h", "header X rest=a for https://h"},
		{"q==1", "param q rest=1"},
		{"q==", "param q rest="},
		{"q=='a b' # note", "param q rest=a b"},
		{"q=={{.id}}", "param q rest=<.id>"},
		{"filter[name]==x", "param filter[name] rest=x"},
		{"a==b:c", "param a rest=b:c"},
		{"q==a#b", "param q rest=a#b"},
	})
	runErrors(t, known(), []errorTest{
		{"status==200", "status==200", "status == 200   or   param status==200"},
		{"q==a b", "b", "q=='a b'"},
		{"q==1|x", "|x", "one word"},
		{"count:=5", "count:=5", "post /path count:=5"},
		{"limit=5", "limit=5", "limit==5"},
		{"a'b'==5", "a'b'==5", "no command"},
		{"=x", "=x", "no command"},
	})
}

func TestUnknownWord(t *testing.T) { // P9
	for _, tt := range []struct{ text, word, hint string }{
		{"gte /user", "gte", ""},
		{"  foo", "foo", ""},
		{"users/1", "users/1", "get users/1"},
		{"-r .a", "-r", "jq -r PROGRAM"},
		{"'/a|b'", "'/a", "get '/a"},
		{"Get-x", "Get-x", ""},
		{"AUTH", "AUTH", ""},
	} {
		_, err := Parse(tt.text, known())
		e, ok := err.(*SyntaxError)
		if !ok || e.Unknown != tt.word || e.Hint != tt.hint || e.Incomplete {
			t.Errorf("Parse(%q): got %#v, want Unknown %q and Hint %q", tt.text, err, tt.word, tt.hint)
		}
	}
	if _, err := Parse("keys", Knows{}); err == nil {
		t.Error("Parse with the zero Knows takes a word for a function")
	}
	runErrors(t, known(), []errorTest{
		{"| .a", "|", "nothing before the |"},
		{"gte " + strings.Repeat("x", 100), "gte", `no command "gte"`},
		{strings.Repeat("x", 100), "xxx", strings.Repeat("x", 40) + "…"},
	})
}

func TestWords(t *testing.T) {
	runLines(t, known(), []lineTest{
		{"get /x a b", "request GET url=/x [a] [b]"},
		{"get  /x\ta  ", "request GET url=/x [a]"},
		{"get /x 'a b'", "request GET url=/x [a b]"},
		{`get /x name="a b"c`, "request GET url=/x [name=a bc]"},
		{`get /x "name=a b"`, "request GET url=/x [name=a b]"},
		{`get /x 'it'\''s'`, "request GET url=/x [it's]"},
		{`get /x 'a\nb'`, `request GET url=/x [a\nb]`},
		{`get /x "\b\f\r\u00eA"`, "request GET url=/x [\b\f\rê]"},
		{`get /x "a\nb\t\"\\\/\u0041\ud83d\ude00"`, "request GET url=/x [a\nb\t\"\\/A😀]"},
		{`get /x a\ b \| \# \>`, "request GET url=/x [a b] [|] [#] [>]"},
		{`get /x ''`, "request GET url=/x []"},
		{"get /x 'a\nb'", "request GET url=/x [a\nb]"},
		{"get /x # note 'open", "request GET url=/x"},
		{"get /x a#b '# c' \"# d\"", "request GET url=/x [a#b] [# c] [# d]"},
		{"get /x#frag", "request GET url=/x#frag"},
		{"get /x a;b `c` $HOME a>b a<b !", "request GET url=/x [a;b] [`c`] [$HOME] [a>b] [a<b] [!]"},
		{"get '/x|y' | .a", "request GET url=/x|y |.a"},
		{"get /x?a='b|c'", "request GET url=/x?a=b|c"},
		{"post /x\r", "request POST url=/x"},
		{"get /x --timeout 5s --raw 'a b'", "request GET url=/x [--timeout] [5s] [--raw] [a b]"},
		{"get /ü☃/日本", "request GET url=/ü☃/日本"},
		{`get /x \日`, "request GET url=/x [日]"},
		{"ask -s pw 'New password'", "command ask [-s] [pw] [New password]"},
		{"auth bearer {{.token}}", "command auth [bearer] [<.token>]"},
		{"header Name:$token", "command header [Name:$token]"},
	})
	runErrors(t, known(), []errorTest{
		{`get /x "a\qb"`, `\q`, `\q is no escape of JSON`},
		{`get /x "\u12`, `\u`, "four hex digits"},
		{`get /x "\u00zz"`, `\u`, "four hex digits"},
		{`get /x "\u12"`, `\u`, "four hex digits"},
		{`get /x "\ud800 "`, `\ud`, "surrogate"},
		{`get /x "\ud800\u0041"`, `\ud`, "surrogate"},
		{"get /x\nget /y", "get /y", "a second line"},
		{"get /x a\x00b", "\x00", "NUL"},
		{"\x00", "\x00", "NUL"},
		{"X: 'a\x00", "\x00", "NUL"},
		{"get /x '\x00", "\x00", "NUL"},
		{"post /x <<END\n\x00\nEND", "\x00", "NUL"},
	})
}

func TestQuotedWord(t *testing.T) {
	ln, err := Parse(`get /x a 'a' "a" \a {} '{}' [1] [a]=x []=x a[0]:=[1,2]`, known())
	if err != nil {
		t.Fatal(err)
	}
	quoted := []bool{false, true, true, true, false, true, false, false, false, false}
	json := []bool{false, false, false, false, true, true, true, true, false, false}
	for i, w := range ln.Words {
		if w.Quoted != quoted[i] || w.JSON != json[i] {
			t.Errorf("word %s: got Quoted %v, JSON %v; want %v, %v", show(w.Parts), w.Quoted, w.JSON, quoted[i], json[i])
		}
	}
	if s, ok := ln.Words[1].Literal(); s != "a" || !ok {
		t.Errorf("Literal: got %q, %v", s, ok)
	}
}

// The reader of items has to know which bytes were escaped.
func TestEscapedPart(t *testing.T) {
	ln, err := Parse(`post /x a\:b=c\ d 'e\:f' \{{g`, known())
	if err != nil {
		t.Fatal(err)
	}
	want := [][]Part{
		{{Text: "a", Pos: 8}, {Text: ":", Escaped: true, Pos: 10}, {Text: "b=c", Pos: 11}, {Text: " ", Escaped: true, Pos: 15}, {Text: "d", Pos: 16}},
		{{Text: `e\:f`, Pos: 19}},
		{{Text: "{{", Escaped: true, Pos: 26}, {Text: "g", Pos: 28}},
	}
	for i, w := range ln.Words {
		if !slices.Equal(w.Parts, want[i]) {
			t.Errorf("word %d: got %+v, want %+v", i, w.Parts, want[i])
		}
	}
}

func TestBracketedWord(t *testing.T) {
	runLines(t, known(), []lineTest{
		{`post /x {"a": 1, "b": [2, 3]} c`, `request POST url=/x [{"a": 1, "b": [2, 3]}] [c]`},
		{`post /x [1, 2] | .a`, `request POST url=/x [[1, 2]] |.a`},
		{`post /x a:={"b": "} ] \" x"} c`, `request POST url=/x [a:={"b": "} ] \" x"}] [c]`},
		{`post /x a[b][0]:=[1, {"c": 2}]`, `request POST url=/x [a[b][0]:=[1, {"c": 2}]]`},
		{`post /x []=a [0][b]:=[1, 2]`, `request POST url=/x [[]=a] [[0][b]:=[1, 2]]`},
		{"post /x {\n \"a\": 1 # no comment\n}", "request POST url=/x [{\n \"a\": 1 # no comment\n}]"},
		{`post /x a=[b c`, `request POST url=/x [a=[b] [c]`},
		{`post /x a=b:=[c d`, `request POST url=/x [a=b:=[c] [d]`},
		{`post /x a\:=[b c`, `request POST url=/x [a:=[b] [c]`},
		{`post /x a\==[b c`, `request POST url=/x [a==[b] [c]`},
		{`post /x \[b c`, `request POST url=/x [[b] [c]`},
		{`post /x "a":=[1, 2]`, `request POST url=/x [a:=[1, 2]]`},
		{`post /x a:=@[b c`, `request POST url=/x [a:=@[b] [c]`},
		{`post /x {"a": "\{{b}}", "c": "\$it"}`, `request POST url=/x [{"a": "{{b}}", "c": "$it"}]`},
		{"post /x {\"a\": \\\n 1}", `request POST url=/x [{"a":  1}]`},
		{`post /x {}x`, `request POST url=/x [{}x]`},
		{`set x [1, 2]`, `command set [x] [[1, 2]]`},
	})
	runErrors(t, known(), []errorTest{
		{`post /x {]`, "]", "expected } for the { before it, found ]"},
		{`post /x {"a": [1}`, "}", "expected ]"},
		{`post {"a": 1}`, "{", "no URL before the body"},
	})
}

func TestPrograms(t *testing.T) {
	runLines(t, known(), []lineTest{
		{"get /users/{{.0.id}}", "request GET url=/users/<.0.id>"},
		{"get {{.0.url}}/issues", "request GET url=<.0.url>/issues"},
		{"get /x/{{ .a | .b }}/y q=={{name}}", "request GET url=/x/<.a | .b>/y [q==<name>]"},
		{`get /x a={{ {a: {b: "}}"}} }}z`, `request GET url=/x [a=<{a: {b: "}}"}}>z]`},
		{`get /x a={{{a:{b:1}}}}`, `request GET url=/x [a=<{a:{b:1}}>]`},
		{`get /x a={{"\("}}" + "x")"}}`, `request GET url=/x [a=<"\("}}" + "x")">]`},
		{`get /x 'a {{.b}} c'`, "request GET url=/x [a <.b> c]"},
		{`get /x '{{"it's"}}'`, `request GET url=/x [<"it's">]`},
		{`get /x "a {{.["b c"]}}"`, `request GET url=/x [a <.["b c"]>]`},
		{`get /x \{{a}} '\{{a}}' "\{{a}}"`, `request GET url=/x [{{a}}] [{{a}}] [{{a}}]`},
		{`get /x '\\{{a}}'`, `request GET url=/x [\{{a}}]`},
		{"get /x a={{ . # c }}", "request GET url=/x [a=<. # c>]"},
		{"get /x a={{[.a # }}\n]}}b", "request GET url=/x [a=<[.a # }}\n]>b]"},
		{"get /x {{.a # b\n}}", "request GET url=/x [<.a # b>]"},
		{"get /x a={{\n.a\n}}", "request GET url=/x [a=<.a>]"},
		{"get /x {{.k}}={{.v}}", "request GET url=/x [<.k>=<.v>]"},
		{"base {{.url}}", "command base [<.url>]"},
		{"get /x | save {{.name}}.json", "request GET url=/x |save <.name>.json"},
		{"get /x > {{.name}}.json", "request GET url=/x ><.name>.json"},
		{"get /x | {{a}}", "request GET url=/x |{{a}}"},
		{"!echo {{a", "shell !echo {{a"},
		{"expect .a == \"{{\"", "command expect rest=.a == \"{{\""},
		{"after get /x/{{.a}}", "command after rest=get /x/{{.a}}"},
	})
	runErrors(t, known(), []errorTest{
		{"get /x/{{}}", "{{", "no program"},
		{"get /x/{{ }}", "{{", "no program"},
		{"get /x/{{.a +}}", "{{", `\{{`},
		{"get /x/{{ (] }}", "{{", "do not match"},
		{"get /x/{{ ) }}", "{{", "do not match"},
	})
	if _, err := Parse("get /{{.a}}", Knows{}); err == nil {
		t.Error("a program is taken where nothing is known to be one")
	}
}

func TestContext(t *testing.T) {
	runLines(t, known(), []lineTest{
		{`post /x {"a": {{.b}}, "c": "x {{.d}}"} e={{.f}}`, `request POST url=/x [{"a": <~.b>, "c": "x <'.d>"}] [e=<.f>]`},
		{`post /x [{{.a}}]`, `request POST url=/x [[<~.a>]]`},
		{`post /x a:={{.b}} c:={{.d}}x`, `request POST url=/x [a:=<~.b>] [c:=<~.d>x]`},
		{`post /x a:='"x {{.b}}"' 'c:={{.d}}'`, `request POST url=/x [a:="x <'.b>"] [c:=<~.d>]`},
		{`post /x '{"a": "\" {{.b}}"}'`, `request POST url=/x [{"a": "\" <'.b>"}]`},
		{`post /x "{\"a\": \"{{.b}}\"}"`, `request POST url=/x [{"a": "<'.b>"}]`},
		{`post /x a:=@{{.f}} X:{{.g}} {{.h}}:={{.i}} q=={{.j}} f@{{.k}}`, `request POST url=/x [a:=@<.f>] [X:<.g>] [<.h>:=<~.i>] [q==<.j>] [f@<.k>]`},
		{`post /x a='{{.b}}' a[{{.i}}]:={{.c}}`, `request POST url=/x [a=<.b>] [a[<.i>]:=<~.c>]`},
		{`post /x []={{.a}} []:={{.a}}`, `request POST url=/x [[]=<.a>] [[]:=<~.a>]`},
		{`get /x?a:={{.b}}`, `request GET url=/x?a:=<.b>`},
		{"post /x <<END\n{\"a\": {{.b}}, \"c\": \"{{.d}}\"}\nEND", "request POST url=/x <<{\"a\": <~.b>, \"c\": \"<'.d>\"}\n"},
		{"post /x <<END\n \n[{{.b}}]\nEND", "request POST url=/x << \n[<~.b>]\n"},
		{"post /x <<END\nhi {{.b}}\nEND", "request POST url=/x <<hi <.b>\n"},
		{"post /x <<END\n{{.b}}\nEND", "request POST url=/x <<<.b>\n"},
	})
}

func TestVariableInRequest(t *testing.T) {
	runErrors(t, known(), []errorTest{
		{"get /users/$it", "$it", "write {{it}}"},
		{"get /x a=$it", "$it", "{{it}}"},
		{`get /x "a $token b"`, "$token", "{{token}}"},
		{`post /x {"a": "$it"}`, "$it", "{{it}}"},
		{"get $it/issues", "$it", "{{it}}"},
		{"/users/$it", "$it", "{{it}}"},
	})
	runLines(t, known(), []lineTest{
		{"get $it", "request GET urljq=$it"},
		{"get $it.url a=1", "request GET urljq=$it.url [a=1]"},
		{"get $nope/x", "request GET urljq=$nope/x"},
		{`get /x/'$it' \$it "\$it" a=$other $items`, "request GET url=/x/$it [$it] [$it] [a=$other] [$items]"},
		{"get /x | .[$it] > $it", "request GET url=/x |.[$it] > $it"},
		{"get /x > $it", "request GET url=/x >$it"},
		{"set x $it", "command set [x] [$it]"},
		{"post /x <<END\n$it\nEND", "request POST url=/x <<$it\n"},
	})
}

func TestTargetProgram(t *testing.T) {
	runLines(t, known(), []lineTest{
		{"get .0.url", "request GET urljq=.0.url"},
		{"get .[0].url a=1", "request GET urljq=.[0].url [a=1]"},
		{`get .["a b"].url | .x`, `request GET urljq=.["a b"].url |.x`},
		{"get .url|.x", "request GET urljq=.url |.x"},
		{"get .[ 0 | . ].url > f", "request GET urljq=.[ 0 | . ].url >f"},
		{"get .", "request GET urljq=."},
		{"get ./x", "request GET url=./x"},
		{"get ../x", "request GET url=../x"},
		{"get ..", "request GET url=.."},
		{"get .. a=1", "request GET url=.. [a=1]"},
		{"get '.x'", "request GET url=.x"},
		{`get \$x`, "request GET url=$x"},
	})
}

func TestRequestWithoutURL(t *testing.T) {
	runErrors(t, known(), []errorTest{
		{"get", "", "get: no URL"},
		{"get  ", "", "get /path"},
		{"delete | .a", "|", "delete: no URL"},
		{"get > x", ">", "no URL"},
		{"get # x", "#", "no URL"},
		{"send", "", "send: no method"},
		{"send X", "", "x: no URL"},
		{"send G@T /x", "@T", `invalid method "G@T"`}, // P2
		{"get --all /x", "--all", "get /path --all"},
	})
}

func TestStages(t *testing.T) {
	runLines(t, known(), []lineTest{
		{"get /x | .[].name", "request GET url=/x |.[].name"},
		{"get /x|.a", "request GET url=/x |.a"},
		{"get /x | -r .[].name", "request GET url=/x |-r .[].name"},
		{"get /x | .a | .b | save 'my file.json'", "request GET url=/x |.a | .b |save my file.json"},
		{"get /x | save f # note", "request GET url=/x |save f"},
		{"get /x | !jq . | wc # n", "request GET url=/x |!jq . | wc # n"},
		{"get /x | .a | !wc -l", "request GET url=/x |.a |!wc -l"},
		{"get /x | .a > 3", "request GET url=/x |.a > 3"},
		{"get /x | .a # note", "request GET url=/x |.a"},
		{`get /x | .a == "| save # x"`, `request GET url=/x |.a == "| save # x"`},
		{"get /x | map(. | save)", "request GET url=/x |map(. | save)"},
		{"get /x | saved", "request GET url=/x |saved"},
		{"get /x | map(\n.a\n) | .b", "request GET url=/x |map(\n.a\n) | .b"},
		{"get /x | .a \\\n | .b", "request GET url=/x |.a  \n | .b"},
		{".a | save f", "query jq=.a |save f"},
		{".a | .b | !cat", "query jq=.a | .b |!cat"},
		{".a > 3", "query jq=.a > 3"},
		{"keys | save f", "query jq=keys |save f"},
		{`"\(.a | "b")" | save f`, `query jq="\(.a | "b")" |save f`},
		{".a # | save f", "query jq=.a"},
		{"map(.a # it's (open\n) | .b", "query jq=map(.a # it's (open\n) | .b"},
		{"[.a, # | save f\n.b] | save f", "query jq=[.a, # | save f\n.b] |save f"},
		{".a)", "query jq=.a)"},
		{".a ) | save f", "query jq=.a ) | save f"},
		{"(.a]", "query jq=(.a]"},
		{"jq -r .a | save f", "command jq rest=-r .a | save f jq=-r .a |save f"},
		{"jq get", "command jq rest=get jq=get"},
		{"jq", "command jq rest="},
		{"jq -r", "command jq rest=-r"},
		{"jq -rx", "command jq rest=-rx jq=-rx"},
		{"again | .a", "command again |.a"},
		{"again > f", "command again >f"},
	})
	runErrors(t, known(), []errorTest{
		{"get /x |", "|", "nothing after the |"},
		{"get /x || .a", "|| .a", "nothing after the |"},
		{"get /x | # a", "| #", "nothing after the |"},
		{"get /x | save", "save", "save: no file"},
		{"get /x | save | .a", "save", "save: no file"},
		{"get /x | save f | .a", "| .a", "text after save FILE"},
		{"get /x | save a b", "b", "text after save FILE"},
		{"get /x | -r", "-r", "-r: no program"},
		{"get /x | !", "!", "no shell command"},
		{"!", "!", "no shell command"},
	})
}

func TestOut(t *testing.T) {
	runLines(t, known(), []lineTest{
		{"get /x > f.json", "request GET url=/x >f.json"},
		{"get /x >f.json", "request GET url=/x >f.json"},
		{"get /x a=1 >> 'my f' # note", "request GET url=/x [a=1] >>my f"},
		{"get /x >>f", "request GET url=/x >>f"},
		{"get /x '>' f", "request GET url=/x [>] [f]"},
	})
	runErrors(t, known(), []errorTest{
		{"get /x >", ">", ">: no file"},
		{"get /x >> # f", ">>", ">>: no file"},
		{"get /x > f g", "g", "text after > FILE"},
		{"get /x > f | .a", "| .a", "| save FILE"},
	})
}

func TestHeredoc(t *testing.T) {
	runLines(t, known(), []lineTest{
		{"post /x <<END\na\nb\nEND", "request POST url=/x <<a\nb\n"},
		{"post /x <<END\nEND", "request POST url=/x <<"},
		{"post /x <<END\r\na\r\nEND\r\n", "request POST url=/x <<a\r\n"},
		{"post /x <<END a:b | .id # note\n'{{.b}} END\n END\nEND", "request POST url=/x [a:b] |.id <<'<.b> END\n END\n"},
		{"post /x <<END > f\na\nEND", "request POST url=/x >f <<a\n"},
		{"post /x <<END | !cat <<E\na\nEND", "request POST url=/x |!cat <<E <<a\n"},
		{"post /x <<'END'\n{{a\nEND", "request POST url=/x <<{{a\n"},
		{"post /x <<\"END\"\n{{a\nEND", "request POST url=/x <<{{a\n"},
		{"post /x <<END\n\\{{a}} \\\n{{.b}}\nEND", "request POST url=/x <<{{a}} \\\n<.b>\n"},
		{"post /x '<<END'", "request POST url=/x [<<END]"},
		{"@bob post /x <<END\na\nEND", "identity bob rest=post /x <<END\na\nEND"},
		{"after post /x <<END\na\nEND", "command after rest=post /x <<END\na\nEND"},
		{"let t = post /x <<END | .t\na\nEND\n", "command let rest=t = post /x <<END | .t\na\nEND"},
		{"each .[] do post /x <<END\n{{.a}}\nEND", "command each rest=.[] do post /x <<END\n{{.a}}\nEND"},
	})
	runErrors(t, known(), []errorTest{
		{"post /x <<END\n{{.a\nEND", "{{.a", "no closing }}"},
		{"post /x <<END\n{{.a +}}\nEND", "{{.a", "no jq program"},
		{"post /x << END\na\nEND", "<< END", "no word"},
		{"post /x <<A <<B\nA\nB", "<<B", "a second body"},
		{"auth <<END\nEND", "<<END", "only a request"},
		{"post /x <<END\nEND\nget /y", "get /y", "a second line"},
		{"post /x <<''\n\n", "<<''", "plain text"},
	})
}

func TestIncomplete(t *testing.T) {
	for _, tt := range []struct{ text, at, until string }{
		{"get /x 'a", "'a", ""},
		{"get /x \"a", "\"a", ""},
		{"get /x \"a\\", "\"a", ""},
		{"get /x 'a\nb", "'a", ""},
		{"post /x {\"a\": 1,", "{", ""},
		{"post /x {\"a\": \"b", "\"b", ""},
		{"post /x a:=[1", "[1", ""},
		{"get /x/{{.a", "{{", ""},
		{"get /x '{{.a", "{{", ""},
		{"X: {{.a", "{{", ""},
		{"get /x \\", "\\", ""},
		{"get \\", "\\", ""},
		{"\\", "\\", ""},
		{"[.a # b", "[", ""},
		{"get /x <<'E", "'E", ""},
		{"get /x > 'f", "'f", ""},
		{"get /x | save 'f", "'f", ""},
		{"X: a \\", "\\", ""},
		{"q==a \\", "\\", ""},
		{"!ls \\", "\\", ""},
		{".a \\", "\\", ""},
		{".a | map(", "(", ""},
		{"{a: \"b", "\"b", ""},
		{"get /x | .[", "[", ""},
		{"get /x > f \\", "\\", ""},
		{"get .[", "[", ""},
		{"expect .a == [", "[", ""},
		{"let a = [1,", "[", ""},
		{"let a = post /x {", "{", ""},
		{"each .[", "[", ""},
		{"each .[] do get /x 'a", "'a", ""},
		{"until .a do post /x <<END", "<<END", "END"},
		{"jq [", "[", ""},
		{"after get 'x", "'x", ""},
		{"bench 3 get 'x", "'x", ""},
		{"@bob get 'x", "'x", ""},
		{"post /x <<END", "<<END", "END"},
		{"post /x <<END\na", "<<END", "END"},
		{"post /x <<'E F'\na\nE", "<<'E F'", "E F"},
		{"post /x <<END | .a\n", "<<END", "END"},
	} {
		ln, err := Parse(tt.text, known())
		e, ok := err.(*SyntaxError)
		if !ok || !e.Incomplete || e.Until != tt.until || !strings.HasPrefix(tt.text[e.Pos:], tt.at) {
			t.Errorf("Parse(%q): got %#v, want Incomplete at %q, Until %q", tt.text, err, tt.at, tt.until)
		}
		if ln.Text != tt.text {
			t.Errorf("Parse(%q): Text is %q", tt.text, ln.Text)
		}
	}
}

func TestContinuation(t *testing.T) {
	runLines(t, known(), []lineTest{
		{"get \\\n/x \\\n  a=1", "request GET url=/x [a=1]"},
		{"get /x a=\\\nb", "request GET url=/x [a=b]"},
		{"get /x \"a\\\nb\"", "request GET url=/x [ab]"},
		{"get /x 'a\\\nb'", "request GET url=/x [a\\\nb]"},
		{"get /x a=\\\r\nb", "request GET url=/x [a=b]"},
		{"\\\nget /x", "request GET url=/x"},
		{".a \\\n| .b", "query jq=.a  \n| .b"},
		{".a \\\r\n| .b", "query jq=.a  \r\n| .b"},
		{"expect .a \\\n== 1", "command expect rest=.a  \n== 1"},
		{"!ls \\\n-l", "shell !ls \\\n-l"},
		{"{a:\n1}\n| .b\n"[:6], "query jq={a:\n1}"},
	})
}

// What is read before a mistake is there for completion and for taking secrets out.
func TestPartialLine(t *testing.T) {
	for _, tt := range []lineTest{
		{"auth basic 'my pass", "command auth [basic] [my pass]"},
		{`post /x "a b`, "request POST url=/x [a b]"},
		{`post /x {"a": [1`, `request POST url=/x [{"a": [1]`},
		{"get /x/{{.a", "request GET url=/x/"},
		{`get /x a "b\q c" d`, `request GET url=/x [a] [b]`},
		{"q=='a b", "param q rest=a b"},
	} {
		ln, err := Parse(tt.text, known())
		if err == nil {
			t.Errorf("Parse(%q): no error", tt.text)
		}
		if got := summary(ln); got != tt.want {
			t.Errorf("Parse(%q): got %s, want %s", tt.text, got, tt.want)
		}
		checkOffsets(t, tt.text, ln)
	}
}

func TestIdentityWithoutLine(t *testing.T) {
	runErrors(t, known(), []errorTest{
		{"@", "@", "no name"},
		{"@ get /x", "@", "no name"},
		{"@bob", "", "as bob"},
		{"@bob # x", "#", "as bob"},
	})
}

// A line within a line is checked when it runs, not when it is typed.
func TestRest(t *testing.T) {
	runLines(t, known(), []lineTest{
		{"let a = .b | .c # note", "command let rest=a = .b | .c"},
		{"let a = get /x > f g", "command let rest=a = get /x > f g"},
		{"let", "command let rest="},
		{"let a = first", "command let rest=a = first"},
		{"expect status == 200 and (.a | length) > 1", "command expect rest=status == 200 and (.a | length) > 1"},
		{"table .items | .[0]", "command table rest=.items | .[0]"},
		{"table", "command table rest="},
		{"each .[] do get /x/{{.id}} | .a", "command each rest=.[] do get /x/{{.id}} | .a"},
		{"each .[] do post /x name='a('", "command each rest=.[] do post /x name='a('"},
		{"until .done do again every 2s for 1m", "command until rest=.done do again every 2s for 1m"},
		{"until .done do get /x > f every 2s", "command until rest=.done do get /x > f every 2s"},
		{"after off", "command after rest=off"},
		{"after expect status == 200", "command after rest=expect status == 200"},
		{"bench 10 get /x", "command bench rest=10 get /x"},
		{"bench 10", "command bench rest=10"},
		{"after " + strings.Repeat("after ", 100) + "get /x", "command after rest=" + strings.Repeat("after ", 100) + "get /x"},
	})
}

func TestRestOffsets(t *testing.T) {
	const text = "expect  .a \\\n== 1 # note"
	ln, err := Parse(text, known())
	if err != nil {
		t.Fatal(err)
	}
	if got := text[ln.Rest.Pos:ln.Rest.End]; got != ".a \\\n== 1" {
		t.Errorf("got %q between Pos and End of the rest", got)
	}
	if s, ok := ln.Rest.Literal(); s != ".a  \n== 1" || !ok {
		t.Errorf("got %q, %v for the text of the rest", s, ok)
	}
}
