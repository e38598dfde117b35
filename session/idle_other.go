//go:build !unix

package session

import "net"

// peek cannot look at a connection here; the caller reads with a short limit.
func peek(net.Conn) (state idleState, known bool) { return 0, false }
