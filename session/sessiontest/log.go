package sessiontest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// Where the server writes down what it was asked, in its directory.
const (
	requestsFile    = "requests"
	connectionsFile = "connections"
)

// log writes a request on the connection of a number down.
func (s *Server) log(r *request, number int) error {
	var b bytes.Buffer
	for _, line := range r.lines {
		b.WriteString(line)
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	b.Write(r.body)
	if len(r.body) > 0 && r.body[len(r.body)-1] != '\n' {
		b.WriteByte('\n')
	}
	b.WriteString("----\n")

	line := fmt.Sprintf("%d %s %s\n", number, r.method, r.target)
	if r.method == "" {
		line = fmt.Sprintf("%d malformed\n", number)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.appendTo(requestsFile, b.Bytes()); err != nil {
		return err
	}
	return s.appendTo(connectionsFile, []byte(line))
}

// appendTo appends to a file in the server's directory. It is opened each
// time, so that a test may remove or empty it in between.
func (s *Server) appendTo(name string, p []byte) error {
	f, err := os.OpenFile(filepath.Join(s.dir, name), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(p)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}
