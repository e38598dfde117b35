package practice

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	_ "embed"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"strconv"
	"strings"
)

//go:embed openapi.json
var description string

// description answers with the OpenAPI document of this server.
func (s *Server) description(w http.ResponseWriter, r *http.Request) {
	s.reply(w, r, http.StatusOK, raw(description))
}

func (s *Server) gzip(w http.ResponseWriter, r *http.Request) {
	s.coded(w, r, "gzip", func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
}

// deflate uses the zlib format, which is what the name of the coding means
// (RFC 9110, 8.4.1.2).
func (s *Server) deflate(w http.ResponseWriter, r *http.Request) {
	s.coded(w, r, "deflate", func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
}

// coded answers with the repositories of jdoe, in a content coding if the
// client accepts it.
func (s *Server) coded(w http.ResponseWriter, r *http.Request, coding string, writer func(io.Writer) io.WriteCloser) {
	w.Header().Set("Vary", "Accept-Encoding")
	if !accepts(r, coding) {
		coding = ""
	}
	body := encode(struct {
		Coding       *string      `json:"coding"`
		Repositories []repository `json:"repositories"`
	}{optional(coding), s.visible(accountOf(mainLogin), "", s.base(r))})
	if coding != "" {
		var b bytes.Buffer
		c := writer(&b)
		_, _ = c.Write(body) // a buffer takes everything
		_ = c.Close()
		body = b.Bytes()
		w.Header().Set("Content-Encoding", coding)
	}
	send(w, http.StatusOK, jsonType, body)
}

// accepts reports whether Accept-Encoding allows a coding (RFC 9110, 12.5.3).
// Unlike there, no such field means that only identity is wanted.
func accepts(r *http.Request, coding string) bool {
	all := false
	for item := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(item, ";")
		name = strings.TrimSpace(name)
		q, found := strings.CutPrefix(strings.TrimSpace(weight), "q=")
		value, err := strconv.ParseFloat(q, 64)
		ok := !found || err == nil && value > 0
		if strings.EqualFold(name, coding) {
			return ok
		}
		if name == "*" {
			all = ok
		}
	}
	return all
}

func (s *Server) xml(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<repositories owner=\"jdoe\">\n")
	for _, x := range s.visible(accountOf(mainLogin), "", s.base(r))[:3] {
		b.WriteString("  <repository id=\"" + strconv.FormatInt(x.ID, 10) + "\" fork=\"" + strconv.FormatBool(x.Fork) + "\">\n" +
			"    <name>" + x.Name + "</name>\n    <url>" + html.EscapeString(x.URL) + "</url>\n")
		if x.Description != nil {
			b.WriteString("    <description>" + html.EscapeString(*x.Description) + "</description>\n")
		}
		b.WriteString("  </repository>\n")
	}
	b.WriteString("</repositories>\n")
	send(w, http.StatusOK, "application/xml; charset=utf-8", []byte(b.String()))
}

// html is the web page that every html_url leads to.
func (s *Server) html(w http.ResponseWriter, r *http.Request) {
	of := r.URL.Query().Get("of")
	if of == "" {
		of = "practice"
	}
	of = html.EscapeString(of)
	send(w, http.StatusOK, "text/html; charset=utf-8", []byte("<!DOCTYPE html>\n<html lang=\"en\">\n"+
		"<head><meta charset=\"utf-8\"><title>"+of+"</title></head>\n"+
		"<body>\n<h1>"+of+"</h1>\n<p>A page for people. Programs ask <a href=\"/\">the API</a>.</p>\n</body>\n</html>\n"))
}

// png draws a small symmetric picture out of a name, for avatars.
func (s *Server) png(w http.ResponseWriter, r *http.Request) {
	const cells, scale = 5, 12
	n := scramble(uint64(number(r.URL.Query().Get("of"))))
	ink := color.RGBA{uint8(64 + n>>40%128), uint8(64 + n>>48%128), uint8(64 + n>>56%128), 255}
	m := image.NewPaletted(image.Rect(0, 0, cells*scale, cells*scale), color.Palette{color.RGBA{240, 240, 240, 255}, ink})
	for y := range cells * scale {
		for x := range cells * scale {
			column := min(x/scale, cells-1-x/scale)
			m.SetColorIndex(x, y, uint8(n>>(y/scale*3+column)&1))
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m) // a buffer takes everything
	send(w, http.StatusOK, "image/png", b.Bytes())
}

func (s *Server) text(w http.ResponseWriter, _ *http.Request) {
	send(w, http.StatusOK, "text/plain; charset=utf-8",
		[]byte("Plain text.\nA second line, with a tab:\tthere.\nGrüße, 星ゆき, 🐦 and é in two parts.\n"))
}

// latin1 answers in ISO-8859-1.
func (s *Server) latin1(w http.ResponseWriter, _ *http.Request) {
	var body []byte
	for _, c := range "Grüße aus Köln: déjà vu, señor, 20 £ à la carte.\n" {
		body = append(body, byte(c)) // the first 256 code points are that charset
	}
	send(w, http.StatusOK, "text/plain; charset=ISO-8859-1", body)
}
