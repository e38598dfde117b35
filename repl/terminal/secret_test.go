//go:build unix

package terminal

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

func TestReadSecretLeavesNoTrace(t *testing.T) {
	d := newDesk(t, 40, 10)
	p := d.open(Config{Complete: func(s string, pos int) Completions {
		t.Errorf("completion was asked about %q", s)
		return Completions{}
	}})
	p.AddHistory("get /old")
	got := d.reading(p.ReadSecret, "password: ")
	d.keys("canaryx\x7f1" + upKey + "\t\x12\x01\x05\r")
	d.want(got, "canary1", nil)
	d.expectRestored()

	got = d.reading(p.ReadSecret, "password: ")
	d.keys("canary2\x15\x1b[200~canary3\n\x1b[201~\r")
	d.want(got, "canary3", nil)

	got = d.reading(p.ReadLine, "> ")
	d.keys("\x19\x1by" + upKey + upKey + "\x12can\x07\x1f\x1f" + downKey + "\r")
	d.want(got, "", nil)
	if strings.Contains(d.output(), "canary") {
		t.Errorf("a secret was drawn: %q", d.output())
	}

	for keys, err := range map[string]error{"abc\x03": ErrInterrupt, "\x04": io.EOF} {
		got = d.reading(p.ReadSecret, "password: ")
		d.keys(keys)
		d.want(got, "", err)
		d.expectRestored()
	}
}

func TestReadSecretTTY(t *testing.T) {
	for _, test := range []struct {
		name, keys, want string
		err              error
	}{
		{"typed", "canaryx\x7f\r", "canary", nil},
		{"line feed", "canary\n", "canary", nil},
		{"killed and typed", "old\x15canary\r", "canary", nil},
		{"pasted", "\x1b[200~canary\r\n\x1b[201~\r", "canary", nil},
		{"empty", "\r", "", nil},
		{"interrupt", "can\x03", "", ErrInterrupt},
		{"end", "\x04", "", io.EOF},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t, 40, 10)
			ask := func(prompt string) (string, error) { return ReadSecretTTY(d.tty, prompt) }
			got := d.reading(ask, "password: ")
			d.keys(test.keys)
			d.want(got, test.want, test.err)
			d.expectRestored()
			d.until("the row ends", func() bool { return d.output() == "password: \r\n" })
		})
	}
}

// Two secrets typed at once are two secrets.
func TestReadSecretTTYTakesOneLine(t *testing.T) {
	d := newDesk(t, 40, 10)
	ask := func(prompt string) (string, error) { return ReadSecretTTY(d.tty, prompt) }
	got := d.reading(ask, "first: ")
	d.keys("one\rtwo\r")
	d.want(got, "one", nil)
	d.want(d.reading(ask, "second: "), "two", nil)
}

func TestReadSecretTTYNoTerminal(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if _, err := ReadSecretTTY(r, "password: "); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("a pipe gave %v", err)
	}
}
