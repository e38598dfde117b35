// Package repl is sonde's shell: one line in, one answer out.
//
// A line takes the same way whether it was typed at the prompt, piped in, read
// from a file or given with -c:
//
//  1. An [Editor] or [RunScript] hands over the text.
//  2. repl/line parses it: words, a program, or a caret, or "go on".
//  3. The table in commands.go gives the [Command]; queries and requests need none.
//  4. expand.go turns every {{PROGRAM}} into text, with the last answer at hand.
//  5. request.go makes a session.Request of the words, and the session sends it.
//  6. answer.go draws the answer while it comes, or hands it to the line's stages.
//  7. query.go runs jq programs over the answer at hand, through repl/query.
//  8. report.go says what went wrong, once, with a hint to type.
//
// Data goes to Out and nothing else does: status lines, notices, hints and errors
// go to Err unless both are the same terminal.
package repl
