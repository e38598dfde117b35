package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// policy is who may import what, besides the standard library: each package with
// the packages of this module and of others that its own code (not its tests)
// may name. A package that is not listed may not exist.
const policy = `
cmd/sonde             : repl repl/render repl/terminal history session session/keyring session/practice
repl                  : repl/line repl/near repl/query repl/render repl/item repl/text session session/secret session/retry session/oauth2
repl/line             :
repl/item             :
repl/text             : github.com/clipperhouse/displaywidth
repl/jsontext         :
repl/near             :
repl/query            : repl/jsontext repl/near github.com/itchyny/gojq
repl/render           : repl/jsontext repl/text github.com/fatih/color
repl/terminal         : repl/text github.com/chzyer/readline golang.org/x/term golang.org/x/sys/unix golang.org/x/sys/windows
history               : golang.org/x/sys/unix golang.org/x/sys/windows
session               : session/http1 session/http2 session/secret session/coding session/digest session/neterr session/netrc session/oauth2 session/proxy session/retry golang.org/x/net/publicsuffix golang.org/x/net/idna
session/http1         :
session/http2         : session/http1 golang.org/x/net/http2 golang.org/x/net/http2/hpack
session/coding        : github.com/andybalholm/brotli github.com/klauspost/compress/zstd
session/digest        :
session/keyring       : github.com/zalando/go-keyring github.com/godbus/dbus/v5
session/neterr        :
session/netrc         :
session/oauth2        :
session/proxy         : session/neterr golang.org/x/net/http/httpproxy golang.org/x/net/proxy golang.org/x/net/idna
session/retry         :
session/secret        :
session/practice      :
session/sessiontest   :
`

// only is what some packages of the standard library and some names are kept to.
const only = `
flag        : cmd/sonde
net/http    : session/practice
os/exec     : cmd/sonde repl session/keyring
os/signal   : cmd/sonde repl/terminal
unsafe      : repl/jsontext
`

func table(text string) map[string][]string {
	m := map[string][]string{}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		name, list, _ := strings.Cut(line, ":")
		m[strings.TrimSpace(name)] = strings.Fields(list)
	}
	return m
}

func TestImportPolicy(t *testing.T) {
	allowed, kept := table(policy), table(only)
	for dir, files := range sources(t) {
		may, known := allowed[dir]
		if !known {
			t.Errorf("package %s is not in the policy", dir)
			continue
		}
		for file, imports := range files {
			for _, path := range imports {
				if homes, ok := kept[path]; ok && !contains(homes, dir) {
					t.Errorf("%s imports %s, which is kept to %v", file, path, homes)
				}
				own, isOwn := strings.CutPrefix(path, "sonde/")
				if !isOwn && !strings.Contains(strings.SplitN(path, "/", 2)[0], ".") {
					continue // the standard library
				}
				if isOwn {
					path = own
				}
				if !contains(may, path) {
					t.Errorf("%s imports %s; the policy gives %s %v", file, path, dir, may)
				}
			}
		}
	}
}

// TestLibrariesLeaveTheProcessAlone keeps streams, arguments, environment and
// the end of the process in cmd/sonde.
func TestLibrariesLeaveTheProcessAlone(t *testing.T) {
	for dir, files := range sources(t) {
		if dir == "cmd/sonde" {
			continue
		}
		for file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"os.Stdout", "os.Stderr", "os.Stdin", "os.Args", "os.Getenv", "os.LookupEnv", "os.Exit", "fmt.Print(", "fmt.Println(", "fmt.Printf("} {
				if strings.Contains(string(b), name) {
					t.Errorf("%s names %s; it is handed in", file, name)
				}
			}
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// sources are the imports of every file that is no test, by package and file.
func sources(t *testing.T) map[string]map[string][]string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string][]string{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(rel)
		if all[dir] == nil {
			all[dir] = map[string][]string{}
		}
		all[dir][path] = nil
		for _, im := range f.Imports {
			p, err := strconv.Unquote(im.Path.Value)
			if err != nil {
				return err
			}
			all[dir][path] = append(all[dir][path], p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
