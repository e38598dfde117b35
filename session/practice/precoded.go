package practice

import (
	_ "embed"
	"net/http"
)

// The encoders of br and zstd are large, so their bodies come with the program.
// A test makes them and compares them with catalogueBody.
var (
	//go:embed catalogue.br
	brotliBody string
	//go:embed catalogue.zst
	zstdBody string
)

// catalogueBody is what the bodies say in a coding, "" for none.
func catalogueBody(coding string) []byte {
	return encode(struct {
		Coding *string  `json:"coding"`
		Names  []string `json:"names"`
	}{optional(coding), catalogue()})
}

// precoded makes the handler of a body that is there in a coding already. Who
// does not accept the coding gets it plain.
func (s *Server) precoded(coding, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Accept-Encoding")
		if !accepts(r, coding) {
			send(w, http.StatusOK, jsonType, catalogueBody(""))
			return
		}
		w.Header().Set("Content-Encoding", coding)
		send(w, http.StatusOK, jsonType, []byte(body))
	}
}
