package practice

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// flaky is a gateway that loses two requests of three.
func (s *Server) flaky(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.state.flaky++
	try := (s.state.flaky-1)%3 + 1
	s.mu.Unlock()
	if try < 3 {
		s.problem(w, r, http.StatusBadGateway, "Bad Gateway")
		return
	}
	s.reply(w, r, http.StatusOK, struct {
		OK    bool `json:"ok"`
		Tries int  `json:"tries"`
	}{true, try})
}

// The resources that limit how often they answer, by the form of their
// Retry-After (RFC 9110, 10.2.3).
const (
	limitedSeconds = iota
	limitedDate
	limitedPaths // how many there are
)

// limited makes the handler of a resource that answers once a second. A date
// has whole seconds only, so that form closes until the next whole second after
// the second has passed.
func (s *Server) limited(form int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now := s.now()
		s.mu.Lock()
		open := s.state.open[form]
		closed := now.Before(open)
		if !closed {
			open = now.Add(time.Second)
			if form == limitedDate {
				open = open.Add(time.Second - 1).Truncate(time.Second)
			}
			s.state.open[form] = open
		}
		s.mu.Unlock()
		if !closed {
			s.reply(w, r, http.StatusOK, raw(`{"ok":true}`))
			return
		}
		after := "1"
		if form == limitedDate {
			after = open.UTC().Format(http.TimeFormat)
		}
		w.Header().Set("Retry-After", after)
		s.problem(w, r, http.StatusTooManyRequests, "Too many requests: one a second is enough")
	}
}

// hangUp closes the connection of the request that is being answered, after
// what was flushed and with no further word; over HTTP/2 it resets the stream.
// This is the documented use of the
// value; net/http does not log it.
func hangUp() { panic(http.ErrAbortHandler) }

// dropIdle answers in full, with nothing in the answer that says that the
// connection will end, and ends it.
//
// Over HTTP/2 a connection that closes would take the end of the stream with
// it. There the answer is followed by GOAWAY (RFC 9113, 6.8), which is what
// this field of the header makes net/http send.
func (s *Server) dropIdle(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // unread bytes would turn the end into a reset
	if r.ProtoMajor > 1 {
		w.Header().Set("Connection", "close")
	}
	s.reply(w, r, http.StatusOK, raw(`{"ok":true,"then":"the server closes this connection"}`))
	if r.ProtoMajor > 1 {
		return
	}
	_ = http.NewResponseController(w).Flush()
	hangUp()
}

// dropRead takes the whole request and closes instead of answering, every other
// time. The count is kept by method: whoever repeats a request is answered, and
// the answer tells how often it was received.
func (s *Server) dropRead(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	s.mu.Lock()
	s.state.reads[r.Method]++
	n := s.state.reads[r.Method]
	s.mu.Unlock()
	if n%2 == 1 {
		hangUp()
	}
	s.reply(w, r, http.StatusOK, struct {
		OK       bool   `json:"ok"`
		Method   string `json:"method"`
		Received int    `json:"received"`
	}{true, r.Method, n})
}

// dropHalf breaks off in the middle of its body.
func (s *Server) dropHalf(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", "1000")
	_, _ = io.Copy(w, io.NewSectionReader(pattern{}, 0, 100))
	_ = http.NewResponseController(w).Flush()
	hangUp()
}

// status answers with the status that the path names, from 200 up: those below
// are no final answers.
func (s *Server) status(w http.ResponseWriter, r *http.Request) {
	code, ok := s.amount(w, r, "code", 0, 200, 599)
	if !ok {
		return
	}
	switch code {
	case http.StatusNoContent, http.StatusResetContent, http.StatusNotModified:
		w.WriteHeader(code)
		return
	case http.StatusUnauthorized:
		s.unauthorized(w, r, http.StatusText(code))
		return
	case http.StatusProxyAuthRequired:
		w.Header().Set("Proxy-Authenticate", `Basic realm="practice"`)
	}
	message := http.StatusText(code)
	if message == "" {
		message = "Status " + strconv.Itoa(code)
	}
	s.problem(w, r, code, message)
}
