package sessiontest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// find is the content of the file that answers a request, and its name with
// slashes, relative to the server's directory. An error wraps fs.ErrNotExist
// when no file does; the name is then the one a test should have.
func (s *Server) find(method, target string) (content []byte, name string, err error) {
	names := names(target)
	folders := []string{method, "ANY"}
	if method == "HEAD" {
		folders = []string{"HEAD", "GET", "ANY"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, folder := range folders {
		for _, n := range names {
			content, err := s.next(folder + "/" + n)
			if !errors.Is(err, fs.ErrNotExist) {
				return content, folder + "/" + n, err
			}
		}
	}
	return nil, method + "/" + names[0], fs.ErrNotExist
}

// next is the answer of a file to its next call: the one numbered so, else the
// one without a number, else the last numbered one.
func (s *Server) next(name string) ([]byte, error) {
	call := s.calls[name] + 1
	content, err := s.read(fmt.Sprintf("%s.%d", name, call))
	if errors.Is(err, fs.ErrNotExist) {
		content, err = s.read(name)
	}
	for last := call - 1; errors.Is(err, fs.ErrNotExist) && last > 0; last-- {
		content, err = s.read(fmt.Sprintf("%s.%d", name, last))
	}
	if err == nil {
		s.calls[name] = call
	}
	return content, err
}

// read reads a file of the server's directory. Folders do not exist as files,
// and names with .. do not exist at all.
func (s *Server) read(name string) ([]byte, error) {
	local := filepath.FromSlash(name)
	if !filepath.IsLocal(local) || strings.Contains(name, "/../") {
		return nil, fs.ErrNotExist
	}
	path := filepath.Join(s.dir, local)
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return nil, fs.ErrNotExist
	}
	return os.ReadFile(path)
}

// names are the file names that answer a request target, best first. The
// scheme and host of a target as proxies get it do not count.
func names(target string) []string {
	if scheme, rest, ok := strings.Cut(target, "://"); ok && !strings.ContainsAny(scheme, "/?") {
		_, path, _ := strings.Cut(rest, "/")
		target = "/" + path
	}
	path, query, hasQuery := strings.Cut(target, "?")
	path = strings.TrimPrefix(path, "/")
	plain := []string{path, path + "/_root"}
	if path == "" || strings.HasSuffix(path, "/") {
		plain = []string{path + "_root"}
	}
	var all []string
	if hasQuery {
		query = strings.ReplaceAll(query, "/", "%2F")
		for _, n := range plain {
			all = append(all, n+"?"+query)
		}
	}
	all = append(all, plain...)
	return withPortable(all)
}

// withPortable puts behind each name the one that any file system can hold,
// where that is another.
func withPortable(names []string) []string {
	var all []string
	for _, n := range names {
		all = append(all, n)
		if p := portable(n); p != n {
			all = append(all, p)
		}
	}
	return all
}

// portable percent-encodes the bytes of a name that Windows file names cannot
// hold.
func portable(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c < ' ' || strings.IndexByte(`?:*"<>|`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
