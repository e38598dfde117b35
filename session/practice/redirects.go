package practice

import (
	"net/http"
	"strconv"
	"strings"
)

// maxHops is the longest chain of /redirect/{n}.
const maxHops = 1000

// redirect makes the handler of a redirect within the origin. The Location is
// a path: that is allowed (RFC 9110, 10.2.2) and shows who resolves it.
func (s *Server) redirect(status int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.sendTo(w, r, status, to) }
}

func (s *Server) sendTo(w http.ResponseWriter, r *http.Request, status int, to string) {
	w.Header().Set("Location", to)
	s.reply(w, r, status, struct {
		Message string `json:"message"`
		URL     string `json:"url"`
		Status  string `json:"status"`
	}{http.StatusText(status), to, strconv.Itoa(status)})
}

// redirectChain counts down to /echo.
func (s *Server) redirectChain(w http.ResponseWriter, r *http.Request) {
	n, ok := s.amount(w, r, "n", 1, 1, maxHops)
	if !ok {
		return
	}
	to := "/echo"
	if n > 1 {
		to = "/redirect/" + strconv.Itoa(n-1)
	}
	s.sendTo(w, r, http.StatusFound, to)
}

func (s *Server) away(w http.ResponseWriter, r *http.Request) {
	s.sendTo(w, r, http.StatusFound, s.otherURL+"/there")
}

// arrival tells what the second origin received. Of a secret it says only that
// it came.
type arrival struct {
	Origin        string            `json:"origin"`
	Method        string            `json:"method"`
	Authorization *string           `json:"authorization"`
	Cookie        *string           `json:"cookie"`
	Headers       map[string]string `json:"headers"`
}

// present stands for the value of a secret.
const present = "present"

// serveOther is the second origin: one resource that answers every method.
func (s *Server) serveOther(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/there" {
		s.problem(w, r, http.StatusNotFound, "Not Found")
		return
	}
	a := arrival{Origin: "other", Method: r.Method, Headers: make(map[string]string)}
	if r.Header.Get("Authorization") != "" {
		a.Authorization = optional(present)
	}
	if r.Header.Get("Cookie") != "" {
		a.Cookie = optional(present)
	}
	for _, h := range headerPairs(r) {
		if secretName(h[0]) {
			h[1] = present
		}
		if before := a.Headers[h[0]]; before != "" && before != present {
			h[1] = before + ", " + h[1]
		}
		a.Headers[h[0]] = h[1]
	}
	s.reply(w, r, http.StatusOK, a)
}

// secretName reports whether a header of that name carries a secret.
func secretName(name string) bool {
	name = strings.ToLower(name)
	for _, part := range []string{"auth", "cookie", "key", "token", "secret", "session"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
