package practice

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

const jsonType = "application/json; charset=utf-8"

// fault is the JSON of an answer that says no.
type fault struct {
	Message string       `json:"message"`
	Errors  []fieldFault `json:"errors,omitempty"`
	Docs    string       `json:"documentation_url,omitempty"`
	Status  string       `json:"status"`
}

// fieldFault names one field of a request that is not as it should be.
type fieldFault struct {
	Resource string `json:"resource"`
	Field    string `json:"field"`
	Code     string `json:"code"`
}

// encode gives v as compact JSON, <, > and & as they are, no newline at the
// end. Everything encoded here is made of plain types, which always encode.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("practice: %v", err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// reply answers with v as JSON. A 200 to GET or HEAD carries an entity tag and
// becomes 304 when the client has that one already (RFC 9110, 13.1.2).
func (s *Server) reply(w http.ResponseWriter, r *http.Request, status int, v any) {
	body := encode(v)
	if status == http.StatusOK && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		sum := sha256.Sum256(body)
		tag := `"` + hex.EncodeToString(sum[:16]) + `"`
		w.Header()["ETag"] = []string{tag}
		if noneMatch(r.Header.Values("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	send(w, status, jsonType, body)
}

// noneMatch reports whether the field If-None-Match names tag; weak tags match
// their strong twins there.
func noneMatch(fields []string, tag string) bool {
	for _, t := range strings.Split(strings.Join(fields, ","), ",") {
		t = strings.TrimPrefix(strings.TrimSpace(t), "W/")
		if t == "*" || t == tag {
			return true
		}
	}
	return false
}

// send answers with a whole body of known length. A client that has gone does
// not read it, and nobody else would want to know.
func send(w http.ResponseWriter, status int, mediaType string, body []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// problem answers with a message.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, message string) {
	s.reply(w, r, status, fault{Message: message, Status: strconv.Itoa(status)})
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	docs := s.base(r) + "/openapi.json"
	s.reply(w, r, http.StatusNotFound, fault{Message: "Not Found", Docs: docs, Status: "404"})
}

// invalid answers 422 and names the fields that are at fault.
func (s *Server) invalid(w http.ResponseWriter, r *http.Request, errs ...fieldFault) {
	s.reply(w, r, http.StatusUnprocessableEntity,
		fault{Message: "Validation Failed", Errors: errs, Status: "422"})
}

// amount is the parameter name of the query, or the path value of that name,
// as a whole number from least to most; def if it is not given. When it is
// something else the answer is 422 and ok is false.
func (s *Server) amount(w http.ResponseWriter, r *http.Request, name string, def, least, most int) (n int, ok bool) {
	text := r.PathValue(name)
	if text == "" {
		text = r.URL.Query().Get(name)
	}
	if text == "" {
		return def, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		s.problem(w, r, http.StatusUnprocessableEntity,
			fmt.Sprintf("%s must be a whole number from %d to %d", name, least, most))
		return 0, false
	}
	return n, true
}
