// Package line is the grammar of what is typed at the prompt, in a script and
// behind -c. It takes one line apart and runs nothing.
//
// # What a line is
//
// The first word decides. It ends at a blank or at a | outside quotes, and the
// first of these that fits holds:
//
//	# …                             a comment
//	! COMMAND                       a shell command, to the end of the line
//	@NAME LINE                      LINE as the identity NAME
//	get post put patch delete head  a request, in upper or lower case
//	options, send METHOD            a request with any other method
//	a command word                  that command
//	127.0.0.1… [::1]… a.b:8080…     a GET of that URL
//	. [ { ( $ " or a digit          a jq program over the body of the last answer
//	a jq keyword or function        the same, with anything but : or = behind it
//	/… ?… :… SCHEME://…             a GET of that URL
//	localhost…                      the same; a.b/… too as long as there is no base URL
//	Name:value                      a header of every request from now on
//	name==value                     a parameter of every request from now on
//
// Everything else is an error that names the word; nothing is guessed.
//
// The value of Name:value is the rest of the line without the blanks around it,
// quotes included; with no value the header is dropped. The value of name==value
// is one word. A name== that is also a function is refused, since a comparison may
// be meant: `status == 200` compares, `param status==200` sets a parameter.
//
// # Words
//
// The arguments of requests and commands are words with blanks between them.
//
//	'…'       text as it stands
//	"…"       text with the escapes of JSON: \" \\ \/ \b \f \n \r \t \u20ac
//	\         the next character as it stands
//	{…} […]   at the start of a word or behind :=, JSON up to the matching bracket
//
// Quotes may begin and end inside a word and only keep it together: name="a b" and
// "name=a b" are one and the same. JSON needs no quotes for the blanks in it.
//
// A line goes on in the next one while a quote, a bracket or a {{ is open, and
// behind a \ at its end, which disappears together with the line end. A # at the
// start of a word begins a comment.
//
// # Requests
//
//	METHOD URL [ITEM…] [<<WORD] [| STAGE…] [> FILE]
//
// The URL is a word. Behind a typed method one that starts with . is a jq program
// that gives the URL, unless ./ or ../ or nothing but .. stands there, and so is
// one that starts with $. Such a program ends at a blank or | outside its strings
// and brackets: get .[0].url, get $it.
//
// <<WORD makes a body of the following lines up to the one that is WORD. The line
// end before WORD belongs to the body. In the body of <<'WORD' a {{ means nothing.
//
// > FILE and >> FILE stand last and write or append the body to FILE. Behind a jq
// program > compares; there it is | save FILE that writes.
//
// $name in a word of a request is refused if name is a variable: {{name}} is its
// value, \$name and '$name' are the text.
//
// # Programs in words
//
// {{PROGRAM}} stands for the one result of a jq program. It is read in words, in
// single quotes too, in the values of Name:value and name==value and in heredocs,
// but not in jq itself and not behind a !. It ends at the first }} with a complete
// program before it; \{{ is {{ as text. A result never makes a second word, an
// item, a | or another program. A Part says whether a program stands in JSON, that
// is in a word or heredoc that opens with { or [ or behind :=, and whether inside a
// string of it.
//
// # Stages
//
// What follows the first | outside quotes is a jq program to the end of the line,
// with its own pipes. -r in front of it prints strings without quotes. It ends at
// a comment, and at a | outside its strings and brackets with one of these behind:
//
//	jq PROGRAM  or -r PROGRAM: goes on with another program; jq alone shows it
//	save FILE   writes the results, or the body if there is no program, to FILE
//	! COMMAND   gives them to a shell command
//
// The last two end the line. A line that is a jq program has such stages too, and
// so has `jq [-r] PROGRAM`, which makes a program of what would be something else.
//
// # Commands that take the rest
//
//	let NAME = PROGRAM or REQUEST
//	expect PROGRAM
//	table [PROGRAM]
//	each PROGRAM do LINE
//	until PROGRAM do LINE [every TIME] [for TIME]
//	after LINE
//	bench N [LINE]
//
// Their rest is not split into words and a | belongs to it. The do is the first
// one between blanks with a complete program before it. The times of until are cut
// from its end before LINE is read. A rest goes on over several lines by the rules
// of what it holds.
package line
