// Package query runs jq programs over what a server answered.
//
// The language is jq as gojq speaks it, with .0.url for .[0].url ([Expand]),
// $r and $r1, $r2 … for the exchanges of the conversation, variables bound by
// let, and a few functions that look at the current exchange: status, reason,
// headers, header("etag"), elapsed, url, links, cookies and cookie("name").
//
// A program is compiled once ([Compile]) and run as often as wanted
// ([Program.Run]). One that is only a path, like .items[0].name, is answered
// from the bytes of the body: its results are pieces of the body exactly as
// received. So are a few forms around a path, like length and map(.name). Any
// other needs a tree of the body, which is made at the first such program and
// kept ([Doc]); numbers keep their text, objects the order of their keys.
//
// A program sees what its [Scope] holds and nothing else: no files, no
// network, no environment but the variables it names. It is stopped by its
// context, by a time limit that counts until its last result is taken, and by
// a watch on the heap. Values nested deeper than 10,000 are not compared or
// encoded, and where a program with a loop or a product puts values together,
// what would be a text or list of more than 256 MiB is refused before it is
// made. Three things get through: a single builtin that is busy is left to end
// by itself, out of sight; one that makes many values at a time, like match on
// a long text, may pass the limit before the watch can act; and an assignment
// to a path of millions of steps, built by the program itself, can exhaust the
// stack.
package query
