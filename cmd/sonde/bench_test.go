package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The benchmarks here time whole processes, sonde's beside those of the programs
// people use today, in one run:
//
//	go test -run '^$' -bench . -benchtime 5x ./cmd/sonde
//
// A program that is not installed is left out.

// peers is what the benchmarks need: the real program, built as the README says,
// and a server.
type peers struct {
	sonde, url, dir string
}

// bigMB is the size of the large body in units of a million bytes.
const bigMB = 100

func newPeers(b *testing.B) *peers {
	b.Helper()
	p := &peers{dir: b.TempDir()}
	p.sonde = filepath.Join(p.dir, "sonde")
	build := exec.Command("go", "build", "-o", p.sonde, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	big := repositories(bigMB * 1000 * 1000)
	small := repositories(1000)
	if err := os.WriteFile(filepath.Join(p.dir, "big.json"), big, 0o666); err != nil {
		b.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := small
		if r.URL.Path == "/big" {
			body = big
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		w.Write(body)
	})}
	go srv.Serve(ln)
	b.Cleanup(func() { srv.Close() })
	p.url = "http://" + ln.Addr().String()
	return p
}

// repositories is a JSON array of at least n bytes.
func repositories(n int) []byte {
	var b bytes.Buffer
	b.WriteByte('[')
	for i := 0; b.Len() < n; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"name":"repo-%d","full_name":"jdoe/repo-%d","private":%t,"owner":{"login":"jdoe","id":7},`+
			`"url":"https://api.example.com/repos/jdoe/repo-%d","stargazers_count":%d,"score":%d.50,"language":%q,"topics":["a","b"],"license":null}`,
			i, i, i, i%3 == 0, i, i*7%1000, i, []string{"Go", "C", "Python"}[i%3])
	}
	b.WriteByte(']')
	return b.Bytes()
}

// script writes a file of n lines.
func (p *peers) script(b *testing.B, name, line string, n int) string {
	path := filepath.Join(p.dir, name)
	if err := os.WriteFile(path, []byte(strings.Repeat(line+"\n", n)), 0o666); err != nil {
		b.Fatal(err)
	}
	return path
}

// contest times each command as a whole process, its output thrown away.
func contest(b *testing.B, home string, commands [][]string) {
	for _, c := range commands {
		name, argv := c[0], c[1:]
		if _, err := exec.LookPath(argv[0]); err != nil {
			continue
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				cmd := exec.Command(argv[0], argv[1:]...)
				cmd.Env = append(os.Environ(), "HOME="+home)
				var errs bytes.Buffer
				cmd.Stdout, cmd.Stderr = io.Discard, &errs
				if f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
					cmd.Stdout = f
					defer f.Close()
				}
				if err := cmd.Run(); err != nil {
					b.Fatalf("%v: %v\n%s", argv, err, errs.String())
				}
			}
		})
	}
}

// python is a program that does what its lines say with one requests.Session.
func python(lines string) []string {
	return []string{"python3", "-c", "import requests,sys\ns=requests.Session()\n" + lines}
}

// withRequests leaves Python out where it has no requests.
func withRequests(commands [][]string) [][]string {
	if exec.Command("python3", "-c", "import requests").Run() == nil {
		return commands
	}
	var out [][]string
	for _, c := range commands {
		if c[1] != "python3" {
			out = append(out, c)
		}
	}
	return out
}

// BenchmarkStart is starting and leaving.
func BenchmarkStart(b *testing.B) {
	p := newPeers(b)
	contest(b, p.dir, withRequests([][]string{
		{"sonde", p.sonde, "--version"},
		{"curl", "curl", "--version"},
		{"jq", "jq", "--version"},
		{"requests", "python3", "-c", "import requests"},
	}))
}

// BenchmarkThousandGets is 1,000 GETs of 1 KB on one kept connection.
func BenchmarkThousandGets(b *testing.B) {
	p := newPeers(b)
	contest(b, p.dir, withRequests([][]string{
		{"sonde", p.sonde, "-q", "-f", p.script(b, "gets.sonde", "get /small", 1000), p.url},
		{"curl", "curl", "-s", "-K", p.script(b, "gets.curl", `url = "`+p.url+`/small"`, 1000)},
		append([]string{"requests"}, python("for _ in range(1000): s.get('"+p.url+"/small').content")...),
	}))
}

// BenchmarkDraw is fetching 100 MB of JSON and drawing it in colour.
func BenchmarkDraw(b *testing.B) {
	p := newPeers(b)
	contest(b, p.dir, [][]string{
		{"sonde", p.sonde, "--color", "always", "-q", "-c", "get /big", p.url},
		{"curl-jq", "sh", "-c", "curl -s " + p.url + "/big | jq -C ."},
	})
}

// BenchmarkPath is fetching 100 MB of JSON and asking for one value in it.
func BenchmarkPath(b *testing.B) {
	p := newPeers(b)
	contest(b, p.dir, withRequests([][]string{
		{"sonde", p.sonde, "-q", "-c", "get /big | .[0].url", p.url},
		{"curl-jq", "sh", "-c", "curl -s " + p.url + "/big | jq '.[0].url'"},
		append([]string{"requests"}, python("print(s.get('"+p.url+"/big').json()[0]['url'])")...),
	}))
}

// BenchmarkGroup is fetching 100 MB of JSON and a question that needs all of it.
func BenchmarkGroup(b *testing.B) {
	p := newPeers(b)
	const program = "group_by(.language) | map({language: .[0].language, n: length})"
	contest(b, p.dir, [][]string{
		{"sonde", p.sonde, "-q", "-c", "get /big | " + program, p.url},
		{"curl-jq", "sh", "-c", "curl -s " + p.url + "/big | jq '" + program + "'"},
	})
}
