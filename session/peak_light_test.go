//go:build !instruments || !linux

package session

// heavy says that tests may take as much time and memory as they need.
func heavy() bool { return false }
