package jsontext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"testing"
)

// indentSample returns about n bytes of an array of repository-like objects.
func indentSample(n int) []byte {
	b := []byte{'['}
	for id := 0; len(b) < n; id++ {
		if id > 0 {
			b = append(b, ',')
		}
		repo := "https://api.example.com/repos/dev-" + strconv.Itoa(id) + "/parser-" + strconv.Itoa(id)
		b = fmt.Appendf(b, `{"id":%d,"node_id":"MDEwOlJlcG9zaXRvcnk%d","name":"parser-%d","private":false,"owner":{"login":"dev-%d","id":%d,"avatar_url":"https://avatars.example.com/u/%d?v=4","gravatar_id":"","type":"User","site_admin":false},`,
			id, id, id, id, id*7, id)
		for _, link := range [14]string{"forks", "keys{/key_id}", "collaborators{/collaborator}", "teams", "hooks", "issues/events{/number}", "events", "assignees{/user}",
			"branches{/branch}", "tags", "git/blobs{/sha}", "git/refs{/sha}", "languages", "stargazers"} {
			b = fmt.Appendf(b, `"%.6s_url":"%s/%s",`, link, repo, link)
		}
		b = fmt.Appendf(b, `"description":"A größe %d for \"vector\" and\nmore","homepage":null,"size":%d,"score":%g,"topics":["cache","東京"],"permissions":{"admin":false,"push":false,"pull":true}}`,
			id, id*31, float64(id)/997)
	}
	return append(b, ']')
}

func BenchmarkIndenter(b *testing.B) {
	in := indentSample(10 << 20)
	colour := IndentPalette{Key: []byte("\x1b[36m"), String: []byte("\x1b[32m"), Number: []byte("\x1b[35m"), Literal: []byte("\x1b[33m"), Off: []byte("\x1b[0m")}
	same := func(dst, b []byte) []byte { return append(dst, b...) }
	for _, c := range []struct {
		name string
		o    IndentOptions
	}{{"Plain", IndentOptions{}}, {"Colour", IndentOptions{Palette: colour}}, {"ColourClean", IndentOptions{Palette: colour, Clean: same}}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				x := NewIndenter(io.Discard, c.o)
				x.Write(in)
				x.Close()
			}
		})
	}
	b.Run("Counting", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		for b.Loop() {
			x := NewIndenter(&stopAfter{n: 100}, IndentOptions{})
			x.Write(in)
			x.Close()
		}
	})
	b.Run("EncodingJSONIndent", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		var out bytes.Buffer
		for b.Loop() {
			out.Reset()
			json.Indent(&out, in, "", "  ")
		}
	})
	b.Run("BareLoop", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		out := make([]byte, len(in))
		for b.Loop() {
			for i, c := range in {
				out[i] = c
			}
		}
	})
}
