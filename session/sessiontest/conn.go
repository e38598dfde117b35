package sessiontest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"strings"
	"time"
)

// serve answers the requests of a connection one after the other.
func (s *Server) serve(c net.Conn, number int) {
	r := bufio.NewReader(c)
	for {
		req, err := readHead(r)
		if err == io.EOF {
			return
		}
		if err == nil {
			if strings.EqualFold(req.field("Expect"), "100-continue") {
				io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\n")
			}
			err = req.readBody(r)
		}
		if len(req.lines) == 0 {
			return // nothing but the connection's end
		}
		if logErr := s.log(req, number); logErr != nil {
			s.send(c, failure("500 Internal Server Error", logErr.Error()))
			return
		}
		if err != nil {
			s.send(c, failure("400 Bad Request", err.Error()))
			return
		}
		a := s.answer(req)
		if !s.send(c, a) || a.hangUp || req.last() {
			return
		}
	}
}

// answer is what the server's files say to a request.
func (s *Server) answer(req *request) *answer {
	file, name, err := s.find(req.method, req.target)
	if errors.Is(err, fs.ErrNotExist) {
		a := failure("404 Not Found", "no file "+name)
		if req.method == "HEAD" {
			a.body = nil
		}
		return a
	}
	var a *answer
	if err == nil {
		s.mu.Lock()
		vars := maps.Clone(s.vars)
		s.mu.Unlock()
		a, err = parseAnswer(file, req.method, vars)
	}
	if err != nil {
		a := failure("500 Internal Server Error", name+": "+err.Error())
		a.hangUp = true
		return a
	}
	return a
}

// send writes an answer at the pace it asks for and reports whether the
// connection is still good.
func (s *Server) send(c net.Conn, a *answer) bool {
	if !s.wait(a.delay) || a.drop {
		return false
	}
	if !a.chunked && a.pace == 0 {
		_, err := c.Write(append(a.head[:len(a.head):len(a.head)], a.body...))
		return err == nil
	}
	if _, err := c.Write(a.head); err != nil {
		return false
	}
	for i, line := range bytes.SplitAfter(a.body, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		if i > 0 && !s.wait(a.pace) {
			return false
		}
		if a.chunked {
			line = fmt.Appendf(nil, "%x\r\n%s\r\n", len(line), line)
		}
		if _, err := c.Write(line); err != nil {
			return false
		}
	}
	if a.chunked {
		if _, err := io.WriteString(c, "0\r\n\r\n"); err != nil {
			return false
		}
	}
	return true
}

// wait lets time pass; false when the server closed before its end.
func (s *Server) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.done:
		return false
	}
}
