// Package terminal reads lines from a person: a prompt with editing, history,
// completion and hidden input.
//
// The library chzyer/readline is the engine underneath: it owns the loop that
// reads, the gate that stops reading once a line is handed over, and the way
// a line, an interrupt or the end of input leaves it. What is seen and felt is
// made here. A decoder turns bytes into keys and shows the library one
// harmless rune for each; a pure editor applies the keys; a renderer draws
// what changed in one write. The library therefore never sees an editing key,
// never draws, never completes, and never stores a line or a secret.
//
// Between two calls of ReadLine the terminal is as it was found, so Ctrl-C is
// a signal again and a child process gets an ordinary terminal.
package terminal
