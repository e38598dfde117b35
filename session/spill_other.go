//go:build !unix

package session

import (
	"io"
	"os"
)

// mapFile reads the content of a file into memory. Nil means the system could
// not.
func mapFile(f *os.File, size int64) []byte {
	b := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, size), b); err != nil {
		return nil
	}
	return b
}
