package query

import (
	"fmt"
	"strings"
	"testing"
)

// repos makes a list of objects like those of a code host, about size bytes.
func repos(size int) []byte {
	var s strings.Builder
	s.WriteByte('[')
	for i := 0; s.Len() < size; i++ {
		if i > 0 {
			s.WriteByte(',')
		}
		fmt.Fprintf(&s, `{"id":%d,"name":"project-%d","full_name":"octocat/project-%d","private":%t,`, 100000+i*7919, i, i, i%3 == 0)
		s.WriteString(`"owner":{"login":"octocat","id":583231,"type":"User","site_admin":false},`)
		for _, part := range []string{"forks", "keys", "hooks", "events", "tags", "blobs", "trees", "branches", "commits", "pulls"} {
			fmt.Fprintf(&s, `"%s_url":"https://api.example.com/repos/octocat/project-%d/%s{/id}",`, part, i, part)
		}
		fmt.Fprintf(&s, `"stargazers_count":%d,"score":%d.50,"topics":["api","cli","json"],"license":null}`, i%500, i)
	}
	s.WriteByte(']')
	return []byte(s.String())
}

func benchRun(b *testing.B, text string, in func() *Doc) {
	p, err := Compile(text, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		for v, err := range p.Run(b.Context(), in(), nil) {
			if err != nil {
				b.Fatal(err)
			}
			_ = v
		}
	}
}

func BenchmarkRun(b *testing.B) {
	body := repos(10 << 20)
	kept := NewDoc(body)
	for _, text := range []string{".0.name", ".[-1].name", ".[].name", "map(.name)", "length", "map(select(.private)) | length"} {
		b.Run("again/"+text, func(b *testing.B) { benchRun(b, text, func() *Doc { return kept }) })
		b.Run("first/"+text, func(b *testing.B) { benchRun(b, text, func() *Doc { return NewDoc(body) }) })
	}
	small := NewDoc([]byte(`{"a":{"b":[1,2,3]}}`))
	for _, text := range []string{".a.b.1", ".a | length", "1 + 1"} {
		b.Run("small/"+text, func(b *testing.B) { benchRun(b, text, func() *Doc { return small }) })
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, text := range []string{".0.url", "map(.name)", "status == 200", ".items | map(select(.id > 5)) | sort_by(.name) | .0.name"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Compile(text, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	p, err := Compile("map(.)", nil)
	if err != nil {
		b.Fatal(err)
	}
	body := repos(10 << 20)
	var dst []byte
	for v, err := range p.Run(b.Context(), NewDoc(body), nil) {
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			dst = v.AppendJSON(dst[:0])
		}
	}
}
