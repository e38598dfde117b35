//go:build unix

package terminal

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestPlainReader(t *testing.T) {
	d := newDesk(t, 0, 0)
	r := NewPlainReader(d.tty, d.tty)
	defer r.Close()
	r.Continuation = "… "
	r.Incomplete = func(s string) bool { return strings.HasSuffix(s, "{") }
	got := d.reading(r.ReadLine, "plain> ")
	d.keys("post {\n}\n")
	d.want(got, "post {\n}", nil)

	got = d.reading(r.ReadSecret, "password: ")
	d.keys("canary\n")
	d.want(got, "canary", nil)
	d.expectRestored()

	got = d.reading(r.ReadLine, "plain> ")
	d.keys("half")
	d.shows("half")
	if err := unix.Kill(os.Getpid(), unix.SIGINT); err != nil {
		t.Fatal(err)
	}
	d.want(got, "", ErrInterrupt)
	d.keys("\x15")

	got = d.reading(func(prompt string) (string, error) { return r.ReadLine("\x1b[1m" + prompt + "\x1b[0m") }, "plain> ")
	d.keys("\x04")
	d.want(got, "", io.EOF)
	if out := d.output(); strings.Contains(out, "\x1b") || strings.Contains(out, "canary") {
		t.Errorf("output %q has escapes or the secret", out)
	}
}

func TestPlainReaderFromPipe(t *testing.T) {
	in, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if _, err := w.WriteString("one\r\n\x01\tt\xffwo\n\nlast"); err != nil {
		t.Fatal(err)
	}
	w.Close()
	var out bytes.Buffer
	r := NewPlainReader(in, &out)
	defer r.Close()
	for _, want := range []result{{"one", nil}, {"\x01\tt\uFFFDwo", nil}, {"", nil}, {"last", nil}, {"", io.EOF}, {"", io.EOF}} {
		if line, err := r.ReadLine("> "); line != want.line || err != want.err {
			t.Errorf("got %q, %v, want %q, %v", line, err, want.line, want.err)
		}
	}
	if want := strings.Repeat("> ", 6); out.String() != want {
		t.Errorf("output %q, want %q", out.String(), want)
	}
}
