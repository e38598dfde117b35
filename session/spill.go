package session

import (
	"io"
	"os"
	"runtime"
)

// A spill is a temporary file that holds a body which is too large for memory.
// Where the system allows it, it has no name from its first moment on, so that
// nothing of it stays behind however the program ends.
type spill struct {
	file   *os.File
	size   int64
	mapped []byte // the file as memory, nil until somebody asked
	inHeap bool   // mapped is a copy
}

func newSpill() (*spill, error) {
	f, err := os.CreateTemp("", "sonde-body-*")
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" {
		os.Remove(f.Name())
	}
	return &spill{file: f}, nil
}

// Write appends p.
func (s *spill) Write(p []byte) (int, error) {
	n, err := s.file.Write(p)
	s.size += int64(n)
	return n, err
}

// reader returns a reader of what has been written.
func (s *spill) reader() io.Reader { return io.NewSectionReader(s.file, 0, s.size) }

// bytes returns the whole content, nil if the file cannot be read. It is memory
// the system can take back at any time without losing it, if it has such a thing.
func (s *spill) bytes() []byte {
	if s.mapped != nil || s.size == 0 {
		return s.mapped
	}
	if s.mapped = mapFile(s.file, s.size); s.mapped != nil {
		return s.mapped
	}
	b := make([]byte, s.size)
	if _, err := io.ReadFull(s.reader(), b); err != nil {
		return nil
	}
	s.mapped, s.inHeap = b, true
	return b
}

// discard gives the file up. What bytes returned stays valid.
func (s *spill) discard() {
	s.file.Close()
	if runtime.GOOS == "windows" {
		os.Remove(s.file.Name())
	}
}
