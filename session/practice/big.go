package practice

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// blockSize is about how long the repeated part of /big is, 1 MB.
const blockSize = 1_000_000

// bigBlock is as many repositories as make up blockSize, each with a comma
// behind it. They name their owner and not the server, so that one block does
// for every client.
func bigBlock() []byte {
	a := accountOf(mainLogin)
	var block []byte
	for i := 0; len(block) < blockSize; i++ {
		name := a.nameOf(i)
		block = append(block, encode(struct {
			ID          int64    `json:"id"`
			Name        string   `json:"name"`
			FullName    string   `json:"full_name"`
			Private     bool     `json:"private"`
			URL         string   `json:"url"`
			Description *string  `json:"description"`
			Stars       int      `json:"stargazers_count"`
			Score       float64  `json:"score"`
			Topics      []string `json:"topics"`
		}{
			a.repositoryID(i), name, a.login + "/" + name, i%9 == 4, "/repos/" + a.login + "/" + name,
			describe(name), int(number(name)>>8) % 900, float64(number(name)%1000) / 8, topics(name),
		})...)
		block = append(block, ',')
	}
	return block
}

// big streams one JSON array of at least mb megabytes. Its length is known
// without making it: the blocks, whose last comma becomes the closing bracket,
// and the opening one.
func (s *Server) big(w http.ResponseWriter, r *http.Request) {
	mb, ok := s.amount(w, r, "mb", 10, 1, 2000)
	if !ok {
		return
	}
	block := s.block()
	times := (mb*1_000_000 + len(block) - 1) / len(block)
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Content-Length", strconv.Itoa(times*len(block)+1))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = io.WriteString(w, "[")
	for range times - 1 {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
	_, _ = w.Write(block[:len(block)-1])
	_, _ = io.WriteString(w, "]")
}

// pattern is an endless sequence of bytes, each a function of its place.
type pattern struct{}

// ReadAt fills p with the bytes from off on; it does not fail.
func (pattern) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		at := off + int64(i)
		p[i] = byte(at*7 + at>>8)
	}
	return len(p), nil
}

// maxOctets is the longest answer of /bytes/{n}, 1 GiB.
const maxOctets = 1 << 30

// octets answers with the first n bytes of pattern. Ranges work (RFC 9110, 14),
// so that a broken download can go on.
func (s *Server) octets(w http.ResponseWriter, r *http.Request) {
	n, ok := s.amount(w, r, "n", 0, 0, maxOctets)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("ETag", `"bytes-`+strconv.Itoa(n)+`"`) // ServeContent looks for this spelling
	http.ServeContent(w, r, "", time.Time{}, io.NewSectionReader(pattern{}, 0, int64(n)))
}
