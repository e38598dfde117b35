//go:build unix

package session

import (
	"os"
	"syscall"
)

// mapFile returns the content of a file as memory that is backed by it. It is
// never unmapped: somebody may hold on to a part of it. So what it takes on the
// disk is given back when the program ends. Nil means that the system could not.
func mapFile(f *os.File, size int64) []byte {
	b, err := syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil
	}
	return b
}
