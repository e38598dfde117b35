package practice

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// pause waits, but not beyond the end of ctx, which is that of the client's
// connection or of the server. It reports whether the time has passed.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// maxSeconds is the longest wait of /slow.
const maxSeconds = 60

// delayed sends nothing until the time is over.
func (s *Server) delayed(w http.ResponseWriter, r *http.Request) {
	wait := s.slow
	if text := r.URL.Query().Get("seconds"); text != "" {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || !(n >= 0 && n <= maxSeconds) { // false for NaN
			s.problem(w, r, http.StatusUnprocessableEntity, "seconds must be a number from 0 to 60")
			return
		}
		wait = time.Duration(n * float64(time.Second))
	}
	if !pause(r.Context(), wait) {
		return
	}
	s.reply(w, r, http.StatusOK, struct {
		OK     bool    `json:"ok"`
		Waited float64 `json:"waited"`
	}{true, wait.Seconds()})
}

// drip sends a body of known length one byte at a time.
func (s *Server) drip(w http.ResponseWriter, r *http.Request) {
	n, ok := s.amount(w, r, "bytes", 10, 1, 10_000)
	if !ok {
		return
	}
	delay, ok := s.amount(w, r, "delay", 200, 0, 10_000)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(n))
	if r.Method == http.MethodHead {
		return
	}
	for i := range n {
		if i > 0 && !pause(r.Context(), time.Duration(delay)*time.Millisecond) {
			return
		}
		c := byte('0' + i%10)
		if i == n-1 {
			c = '\n'
		}
		if !push(w, []byte{c}) {
			return
		}
	}
}

// push sends a part of a body at once and reports whether that worked.
func push(w http.ResponseWriter, part []byte) bool {
	_, err := w.Write(part)
	return err == nil && http.NewResponseController(w).Flush() == nil
}

// events sends server-sent events (WHATWG HTML, 9.2), numbered from 1 or from
// the one after Last-Event-ID.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	n, ok := s.amount(w, r, "n", 5, 0, 100_000)
	if !ok {
		return
	}
	every, ok := s.amount(w, r, "every", 200, 0, 60_000)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	first := positive(r.Header.Get("Last-Event-ID"), 0) + 1
	if !push(w, []byte(": practice events\nretry: 1000\n\n")) || r.Method == http.MethodHead {
		return
	}
	for i := first; i <= n; i++ {
		if i > first && !pause(r.Context(), time.Duration(every)*time.Millisecond) {
			return
		}
		event := fmt.Sprintf("id: %d\nevent: tick\ndata: {\"n\":%d,\"of\":%d}\n\n", i, i, n)
		if !push(w, []byte(event)) {
			return
		}
	}
}

// lines sends repositories of jdoe as newline-delimited JSON.
func (s *Server) lines(w http.ResponseWriter, r *http.Request) {
	n, ok := s.amount(w, r, "n", 10, 0, 100_000)
	if !ok {
		return
	}
	list := s.visible(accountOf(mainLogin), "", s.base(r))
	w.Header().Set("Content-Type", "application/x-ndjson")
	for i := range n {
		if _, err := w.Write(append(encode(list[i%len(list)]), '\n')); err != nil {
			return
		}
	}
}
