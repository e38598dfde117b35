package item

import (
	"errors"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

// write makes a file in a fresh directory and returns its path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// content reads a body once from start to end.
func content(t *testing.T, b *Body) string {
	t.Helper()
	r, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(iotest.OneByteReader(r))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestMultipart(t *testing.T) {
	pic, text := write(t, "a'b c.PNG", "\x89PNG\r\n\x00"), write(t, "t", "text\n")
	items := parseAll(t, "X:y", "a=1", "pic@"+pic, `j:={"n": 1.0}`, "n:=2", "t=@"+text, "t@"+text+";type=text/x; v=1", "a=")
	b, err := Multipart(items, "BOUND", OpenFile)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`--BOUND
Content-Disposition: form-data; name="a"

1
--BOUND
Content-Disposition: form-data; name="pic"; filename="a'b c.PNG"
Content-Type: image/png

PIC
--BOUND
Content-Disposition: form-data; name="j"
Content-Type: application/json

{"n": 1.0}
--BOUND
Content-Disposition: form-data; name="n"

2
--BOUND
Content-Disposition: form-data; name="t"

TEXT
--BOUND
Content-Disposition: form-data; name="t"; filename="t"
Content-Type: text/x; v=1

TEXT
--BOUND
Content-Disposition: form-data; name="a"


--BOUND--
`, "\n", "\r\n")
	want = strings.NewReplacer("PIC", "\x89PNG\r\n\x00", "TEXT", "text\n").Replace(want)
	for range 2 {
		if got := content(t, b); got != want {
			t.Errorf("body %q\nwant %q", got, want)
		}
	}
	if b.Length != int64(len(want)) || !b.Again || b.Show != nil {
		t.Errorf("Length %d, Again %v, Show %t, want %d, true, false", b.Length, b.Again, b.Show != nil, len(want))
	}
	if b.ContentType != "multipart/form-data; boundary=BOUND" {
		t.Errorf("ContentType %q", b.ContentType)
	}
}

func TestMultipartReadsBack(t *testing.T) {
	items := parseAll(t, "line\r\n\"break=1", "é[0]=--x\r\n--y")
	b, err := Multipart(items, "a'(=:?)/", OpenFile)
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(b.ContentType)
	if err != nil {
		t.Fatal(err)
	}
	form, err := multipart.NewReader(strings.NewReader(content(t, b)), params["boundary"]).ReadForm(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"line%0D%0A%22break": "1", "é[0]": "--x\r\n--y"} {
		if got := form.Value[name]; len(got) != 1 || got[0] != want {
			t.Errorf("field %q = %q, want %q", name, got, want)
		}
	}
	if b.Show == nil || string(b.Show()) != content(t, b) {
		t.Error("Show of a body without files differs from what is sent")
	}
}

func TestMultipartErrors(t *testing.T) {
	for _, boundary := range []string{"", "a b", "a\r\n", "é", strings.Repeat("x", 71)} {
		if _, err := Multipart(nil, boundary, OpenFile); err == nil {
			t.Errorf("boundary %q: no error", boundary)
		}
	}
	file := write(t, "f", "x")
	for word, want := range map[string]string{
		"a:=x": "a:=: not JSON", "a@": "a@: no file is named", "a=@": "a=@: no file is named",
		"a@" + file + ";type=x\ny": "a@: a control character in the media type",
	} {
		if _, err := Multipart(parseAll(t, word), "b", OpenFile); err == nil || err.Error() != want {
			t.Errorf("Multipart(%q): %v, want %s", word, err, want)
		}
	}
	_, err := Multipart(parseAll(t, "a@"+file+".none"), "b", OpenFile)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("upload of a missing file: %v, want it to wrap %v", err, fs.ErrNotExist)
	}
}

func TestOpenFileRefusesWhatIsNoFile(t *testing.T) {
	if _, _, err := OpenFile(t.TempDir()); err == nil || !strings.HasSuffix(err.Error(), "is a directory") {
		t.Errorf("OpenFile of a directory: %v", err)
	}
	if runtime.GOOS != "windows" {
		if _, _, err := OpenFile(os.DevNull); err == nil || !strings.HasSuffix(err.Error(), "is no regular file") {
			t.Errorf("OpenFile of a device: %v", err)
		}
	}
}

// A file that another program writes to while it is sent never gives a body
// of another length than the one announced.
func TestFileThatChanges(t *testing.T) {
	path := write(t, "f.json", "0123456789")
	b, err := File(parseAll(t, "@"+path)[0], OpenFile)
	if err != nil {
		t.Fatal(err)
	}
	if b.Length != 10 || b.ContentType != "application/json" || !b.Again {
		t.Errorf("Length %d, ContentType %q, Again %v", b.Length, b.ContentType, b.Again)
	}
	r, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := os.WriteFile(path, []byte("0123456789ABC"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != "0123456789" {
		t.Errorf("a file that grew gives %q, %v, want what it was", got, err)
	}
	if _, err := b.Open(); err == nil || !strings.HasSuffix(err.Error(), "the file changed from 10 to 13 bytes") {
		t.Errorf("Open of a file that grew: %v", err)
	}
}

func TestFileThatShrinks(t *testing.T) {
	path := write(t, "f", "0123456789")
	for _, word := range []string{"@" + path, "a@" + path} {
		var b *Body
		var err error
		it := parseAll(t, word)
		if err := os.WriteFile(path, []byte("0123456789"), 0o600); err != nil {
			t.Fatal(err)
		}
		if it[0].Kind == BodyFile {
			b, err = File(it[0], OpenFile)
		} else {
			b, err = Multipart(it, "b", OpenFile)
		}
		if err != nil {
			t.Fatal(err)
		}
		r, err := b.Open()
		if err != nil {
			t.Fatal(err)
		}
		// Go past the head of the part, so that the file is open.
		for head := make([]byte, 1); head[0] != '0'; {
			if _, err := io.ReadFull(r, head); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Truncate(path, 4); err != nil {
			t.Fatal(err)
		}
		_, err = io.ReadAll(r)
		if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "after 4 of 10 bytes") {
			t.Errorf("%s: a file that shrank: %v, want the bytes and %v", it[0].label(), err, io.ErrUnexpectedEOF)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestUnknownSize(t *testing.T) {
	opened := 0
	open := func(string) (io.ReadCloser, int64, error) {
		opened++
		return io.NopCloser(strings.NewReader("streamed")), -1, nil
	}
	b, err := Multipart(parseAll(t, "a=1", "f@x", "b=2"), "b", open)
	if err != nil {
		t.Fatal(err)
	}
	if b.Length != -1 || b.Again {
		t.Errorf("Length %d, Again %v, want -1, false", b.Length, b.Again)
	}
	if got := content(t, b); !strings.Contains(got, "\r\n\r\nstreamed\r\n--b\r\n") || !strings.HasSuffix(got, "--b--\r\n") {
		t.Errorf("body %q", got)
	}
	if opened != 2 {
		t.Errorf("the file was opened %d times, want once to look and once to send", opened)
	}
}

func TestContentType(t *testing.T) {
	for path, want := range map[string]string{
		"a.json": "application/json", "dir.txt/b.JPG": "image/jpeg", "c.tar.gz": "application/gzip",
		"none": "application/octet-stream", "x.unknown": "application/octet-stream", "d.csv": "text/csv", "e.html": "text/html",
	} {
		if got := ContentType(path); got != want {
			t.Errorf("ContentType(%q) = %q, want %q", path, got, want)
		}
	}
}
