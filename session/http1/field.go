// Package http1 speaks HTTP/1.1 (RFC 9112) over one connection, as a client.
//
// A [Conn] sends a request exactly as it is given, field by field, and reads
// the answer's head exactly as it was received: order, case, repeated fields,
// reason phrase, and every interim (1xx) head before it. What is malformed is
// an error that carries the bytes received, never a guess; what is merely odd
// is accepted with a warning.
//
// Nothing a caller passes can smuggle a second header or request: method,
// target and fields are checked before the first byte is written.
package http1

// A Field is one line of a head or a trailer.
type Field struct {
	Name  string // as received, or as it will be sent
	Value string // without surrounding blanks; folded lines are joined with one space
}
