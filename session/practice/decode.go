package practice

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// raw is JSON that is written as it stands.
type raw = json.RawMessage

// maxBody is how many bytes of a JSON or form body are read, 1 MiB.
const maxBody = 1 << 20

// payload reads the body of a request. When it is too long the answer is 413
// and ok is false. One that breaks off has nobody left to answer.
func (s *Server) payload(w http.ResponseWriter, r *http.Request) (body []byte, ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		s.problem(w, r, http.StatusRequestEntityTooLarge, "Request body larger than 1 MiB")
		return nil, false
	}
	if err != nil {
		hangUp() // the client left in the middle
	}
	return body, true
}

// mediaType is the media type of a request's body in lower case, "" for none
// or one that does not parse.
func mediaType(r *http.Request) string {
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return t
}

func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// object reads a body that must be one JSON object. No Content-Type at all
// passes for JSON, another one is refused. If ok is false, the answer is given.
func (s *Server) object(w http.ResponseWriter, r *http.Request) (o map[string]raw, ok bool) {
	if r.Header.Get("Content-Type") != "" && !isJSON(mediaType(r)) {
		w.Header().Set("Accept", "application/json")
		s.problem(w, r, http.StatusUnsupportedMediaType, "Unsupported Media Type: send application/json")
		return nil, false
	}
	body, ok := s.payload(w, r)
	if !ok {
		return nil, false
	}
	if !json.Valid(body) {
		s.problem(w, r, http.StatusBadRequest, "Problems parsing JSON")
		return nil, false
	}
	if err := json.Unmarshal(body, &o); err != nil || o == nil {
		s.problem(w, r, http.StatusBadRequest, "Body should be a JSON object")
		return nil, false
	}
	return o, true
}

// fields reads the members of a JSON object and collects what is wrong with
// them.
type fields struct {
	resource string
	body     map[string]raw
	faults   []fieldFault
}

// optionalText is a member that may be left out or null.
type optionalText struct {
	given bool
	value *string // nil is null
}

func (f *fields) fault(name, code string) {
	f.faults = append(f.faults, fieldFault{f.resource, name, code})
}

// text reads a member that is a string or null.
func (f *fields) text(name string) optionalText {
	v, given := f.body[name]
	t := optionalText{given: given}
	if given && json.Unmarshal(v, &t.value) != nil {
		f.fault(name, "invalid")
	}
	return t
}

// required reads a member that must be a string with something in it, and
// gives it without the blanks around it.
func (f *fields) required(name string) string {
	before := len(f.faults)
	t := f.text(name)
	if len(f.faults) > before {
		return ""
	}
	if t.value == nil || strings.TrimSpace(*t.value) == "" {
		f.fault(name, "missing_field")
		return ""
	}
	return strings.TrimSpace(*t.value)
}

// oneOf reads a member that must be one of values if it is given; else "".
func (f *fields) oneOf(name string, values ...string) string {
	v, given := f.body[name]
	if !given {
		return ""
	}
	var text string
	if json.Unmarshal(v, &text) != nil || !slices.Contains(values, text) {
		f.fault(name, "invalid")
	}
	return text
}

// list reads a member that is a list of strings; nil if it is not given. It is
// read as pointers because null would pass for "" otherwise.
func (f *fields) list(name string) []string {
	v, given := f.body[name]
	if !given {
		return nil
	}
	var items []*string
	if json.Unmarshal(v, &items) != nil || items == nil || slices.Contains(items, nil) {
		f.fault(name, "invalid")
		return nil
	}
	list := make([]string, len(items))
	for i, p := range items {
		list[i] = *p
	}
	return list
}
