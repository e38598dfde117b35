package item

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// An Opener opens the file at path for reading and tells its size in bytes,
// -1 when it cannot be known. It is asked once while a body is built, so that
// a missing file stops the request before it starts, and once more each time
// the body is opened; for what it cannot open twice it returns an error.
type Opener func(path string) (r io.ReadCloser, size int64, err error)

// OpenFile is the Opener of the file system. It refuses what is no regular
// file: of a directory nothing can be sent, and a pipe gives its bytes once
// and may wait for ever.
func OpenFile(path string) (io.ReadCloser, int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if err := regular(path, info); err != nil {
		return nil, 0, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	// The name may have come to mean something else in between.
	if info, err = f.Stat(); err == nil {
		err = regular(path, info)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// regular is an error for all but regular files.
func regular(path string, info os.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		return &os.PathError{Op: "read", Path: path, Err: errors.New("is a directory")}
	}
	return &os.PathError{Op: "read", Path: path, Err: errors.New("is no regular file")}
}

// size asks for the size of an item's file, and so whether it opens at all.
func (i Item) size(open Opener) (int64, error) {
	if i.Value == "" {
		return 0, i.fileError("no file is named", nil)
	}
	r, size, err := open(i.Value)
	if err != nil {
		return 0, i.fileError("", err)
	}
	if err := r.Close(); err != nil {
		return 0, i.fileError("", err)
	}
	return max(size, -1), nil
}

// open opens an item's file to be sent, of which size bytes are announced, -1
// for no announcement.
func (i Item) open(open Opener, size int64) (io.ReadCloser, error) {
	r, now, err := open(i.Value)
	if err != nil {
		return nil, i.fileError("", err)
	}
	if size < 0 {
		return r, nil
	}
	if now >= 0 && now != size {
		r.Close()
		return nil, i.fileError(fmt.Sprintf("the file changed from %d to %d bytes", size, now), nil)
	}
	return &sizedReader{r: r, item: i, left: size, size: size}, nil
}

// fileError is an error about an item's file.
func (i Item) fileError(msg string, cause error) *Error {
	return &Error{Item: i, Pos: i.ValueOffset(), Msg: msg, Err: cause}
}

// A sizedReader gives exactly size bytes of a file, or an error.
type sizedReader struct {
	r          io.ReadCloser
	item       Item
	left, size int64
}

// Read reads on. A file that ends before its announced size is an error that
// wraps io.ErrUnexpectedEOF; what it grew by since is left out.
func (s *sizedReader) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > s.left {
		p = p[:s.left]
	}
	n, err := s.r.Read(p)
	s.left -= int64(n)
	if err == io.EOF && s.left > 0 {
		return n, s.item.fileError(fmt.Sprintf("the file ended after %d of %d bytes", s.size-s.left, s.size), io.ErrUnexpectedEOF)
	}
	if err != nil && err != io.EOF {
		err = s.item.fileError("", err)
	}
	return n, err
}

// Close closes the file.
func (s *sizedReader) Close() error { return s.r.Close() }

// mediaType is the type typed for an item's file, else the one of its name.
func (i Item) mediaType() (string, error) {
	if i.Type == "" {
		return ContentType(i.Value), nil
	}
	for _, c := range []byte(i.Type) {
		if c < ' ' || c == 0x7f {
			return "", &Error{Item: i, Pos: i.ValueOffset() + len(i.Value), Msg: "a control character in the media type"}
		}
	}
	return i.Type, nil
}

// ContentType is the media type of a file by the extension of its name, upper
// or lower case, application/octet-stream for one it does not know.
func ContentType(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json":
		return "application/json"
	case ".ndjson", ".jsonl":
		return "application/x-ndjson"
	case ".har":
		return "application/json"
	case ".txt", ".text", ".log":
		return "text/plain"
	case ".md", ".markdown":
		return "text/markdown"
	case ".html", ".htm":
		return "text/html"
	case ".css":
		return "text/css"
	case ".csv":
		return "text/csv"
	case ".tsv":
		return "text/tab-separated-values"
	case ".ics":
		return "text/calendar"
	case ".js", ".mjs":
		return "text/javascript"
	case ".xml":
		return "application/xml"
	case ".yaml", ".yml":
		return "application/yaml"
	case ".pdf":
		return "application/pdf"
	case ".zip":
		return "application/zip"
	case ".gz", ".tgz":
		return "application/gzip"
	case ".tar":
		return "application/x-tar"
	case ".wasm":
		return "application/wasm"
	}
	return mediaContentType(path)
}

// mediaContentType is ContentType for pictures, sound and film.
func mediaContentType(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".svg":
		return "image/svg+xml"
	case ".avif":
		return "image/avif"
	case ".bmp":
		return "image/bmp"
	case ".ico":
		return "image/vnd.microsoft.icon"
	case ".mp3":
		return "audio/mpeg"
	case ".wav":
		return "audio/wav"
	case ".ogg":
		return "audio/ogg"
	case ".mp4":
		return "video/mp4"
	case ".webm":
		return "video/webm"
	}
	return "application/octet-stream"
}
