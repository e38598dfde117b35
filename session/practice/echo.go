package practice

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// echoed is a request as it arrived.
type echoed struct {
	Method  string      `json:"method"`
	Target  string      `json:"target"` // as in the request line
	Path    string      `json:"path"`   // decoded
	Query   [][2]string `json:"query"`
	Headers [][2]string `json:"headers"`
	Size    int64       `json:"size"`
	SHA256  string      `json:"sha256"`
	Body    *string     `json:"body"`        // null unless it is UTF-8 text of up to 1 MiB
	Base64  *string     `json:"body_base64"` // null unless it is something else of up to 1 MiB
	JSON    raw         `json:"json"`
	Form    [][2]string `json:"form"`
	Files   []file      `json:"files"`
	Problem string      `json:"problem,omitempty"` // what is wrong with the body
}

// file is one file of a multipart body.
type file struct {
	Name     string `json:"name"`
	Filename string `json:"filename"`
	Type     string `json:"type"`
	Size     int64  `json:"size"`
	SHA256   string `json:"sha256"`
}

// headerPairs is the header of r by name; net/http does not keep the order of
// different names. Host and Transfer-Encoding, which it takes out, come first.
func headerPairs(r *http.Request) [][2]string {
	pairs := [][2]string{{"Host", r.Host}}
	if len(r.TransferEncoding) > 0 {
		pairs = append(pairs, [2]string{"Transfer-Encoding", strings.Join(r.TransferEncoding, ", ")})
	}
	var names []string
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range r.Header[name] {
			pairs = append(pairs, [2]string{name, v})
		}
	}
	return pairs
}

// formPairs splits a urlencoded text in its order. What does not decode stays
// as it is.
func formPairs(text string) [][2]string {
	pairs := [][2]string{}
	for part := range strings.SplitSeq(text, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, [2]string{unescape(name), unescape(value)})
	}
	return pairs
}

func unescape(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// measure counts and hashes what is written to it, and keeps the beginning.
type measure struct {
	hash hash.Hash
	size int64
	kept []byte
	keep int // how many bytes to keep
}

// Write takes p; it does not fail.
func (m *measure) Write(p []byte) (int, error) {
	m.hash.Write(p)
	m.size += int64(len(p))
	m.kept = append(m.kept, p[:min(len(p), m.keep-len(m.kept))]...)
	return len(p), nil
}

func (m *measure) sum() string { return hex.EncodeToString(m.hash.Sum(nil)) }

// echo answers with the request, whose body may have any size: files are hashed
// as they pass.
func (s *Server) echo(w http.ResponseWriter, r *http.Request) {
	e := echoed{
		Method:  r.Method,
		Target:  r.RequestURI,
		Path:    r.URL.Path,
		Query:   formPairs(r.URL.RawQuery),
		Headers: headerPairs(r),
		Form:    [][2]string{},
		Files:   []file{},
	}
	m := &measure{hash: sha256.New(), keep: maxBody}
	body := io.TeeReader(r.Body, m)
	kind := mediaType(r)
	if kind == "multipart/form-data" {
		r.Body = io.NopCloser(body)
		e.multipart(r)
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		hangUp() // the client left in the middle
	}
	e.Size, e.SHA256 = m.size, m.sum()
	if kind != "multipart/form-data" && e.Size <= maxBody {
		e.whole(kind, m.kept)
	}
	s.reply(w, r, http.StatusOK, e)
}

// whole reads a body that was kept.
func (e *echoed) whole(kind string, body []byte) {
	if utf8.Valid(body) {
		e.Body = new(string(body))
	} else {
		e.Base64 = new(base64.StdEncoding.EncodeToString(body))
	}
	switch {
	case kind == "application/x-www-form-urlencoded":
		e.Form = formPairs(string(body))
	case isJSON(kind) && json.Valid(body):
		e.JSON = body
	case isJSON(kind):
		e.Problem = "not JSON"
	}
}

// multipart reads the parts of a form (RFC 7578) until its end or a mistake.
func (e *echoed) multipart(r *http.Request) {
	parts, err := r.MultipartReader()
	for err == nil {
		var p *multipart.Part
		if p, err = parts.NextRawPart(); err != nil {
			break
		}
		m := &measure{hash: sha256.New(), keep: maxBody}
		if _, err = io.Copy(m, p); err != nil {
			break
		}
		if p.FileName() == "" {
			e.Form = append(e.Form, [2]string{p.FormName(), string(bytes.ToValidUTF8(m.kept, []byte("\uFFFD")))})
			continue
		}
		e.Files = append(e.Files, file{p.FormName(), p.FileName(), p.Header.Get("Content-Type"), m.size, m.sum()})
	}
	if err != io.EOF {
		e.Problem = err.Error()
	}
}
