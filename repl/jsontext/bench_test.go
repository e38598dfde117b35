package jsontext

import (
	"encoding/json"
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
		name := fmt.Sprintf("project-%d", i)
		fmt.Fprintf(&s, `{"id":%d,"node_id":"R_kgDO%06d","name":%q,"full_name":"octocat/%s","private":%t,`,
			100000+i*7919, i, name, name, i%3 == 0)
		s.WriteString(`"owner":{"login":"octocat","id":583231,"node_id":"MDQ6VXNlcjU4MzIzMQ==",` +
			`"avatar_url":"https://avatars.example.com/u/583231?v=4","gravatar_id":"",` +
			`"url":"https://api.example.com/users/octocat","type":"User","site_admin":false},`)
		for _, part := range []string{"forks", "keys", "hooks", "events", "tags", "blobs", "trees", "branches",
			"languages", "stargazers", "subscribers", "commits", "comments", "issues", "pulls", "milestones",
			"notifications", "labels", "releases", "deployments"} {
			fmt.Fprintf(&s, `"%s_url":"https://api.example.com/repos/octocat/%s/%s{/id}",`, part, name, part)
		}
		fmt.Fprintf(&s, `"description":"The %d. of many \"examples\" – naïve","homepage":null,"size":%d,`, i, i*31%9999)
		fmt.Fprintf(&s, `"stargazers_count":%d,"score":%d.50,"has_issues":true,"topics":["api","cli","json"],`, i%500, i)
		s.WriteString(`"created_at":"2011-01-26T19:01:12Z","license":{"key":"mit","name":"MIT License"}}`)
	}
	s.WriteByte(']')
	return []byte(s.String())
}

func BenchmarkSkip(b *testing.B) {
	body := repos(10 << 20)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if end, err := Skip(body, 0); err != nil || end != len(body) {
			b.Fatal(end, err)
		}
	}
}

func BenchmarkIndexField(b *testing.B) {
	body := repos(10 << 20)
	n, err := Length(body, 0)
	if err != nil {
		b.Fatal(err)
	}
	for _, at := range []int{0, n - 1, -1} {
		b.Run(fmt.Sprint(at), func(b *testing.B) {
			for b.Loop() {
				start, _, _, err := Index(body, 0, at)
				if err != nil {
					b.Fatal(err)
				}
				if _, _, ok, err := Field(body, start, "full_name"); !ok || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	body := repos(10 << 20)
	b.Run("tree", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := Decode(body, 0, Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("order", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := Decode(body, 0, Options{Order: new(Order)}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			d := json.NewDecoder(strings.NewReader(string(body)))
			d.UseNumber()
			var v any
			if err := d.Decode(&v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
