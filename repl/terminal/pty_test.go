//go:build unix

package terminal

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestReadLine(t *testing.T) {
	d := newDesk(t, 40, 10)
	p := d.open(Config{Continuation: "… ", Incomplete: func(s string) bool { return strings.HasSuffix(s, "{") }})
	got := d.reading(p.ReadLine, "one> ")
	if d.cooked() {
		t.Error("the terminal is not raw while a line is edited")
	}
	d.keys("get /x")
	d.shows("/x")
	d.keys("\x02y\r")
	d.want(got, "get /yx", nil)
	d.expectRestored()

	got = d.reading(p.ReadLine, "two> ")
	d.keys("post {\r}\r")
	d.want(got, "post {\n}", nil)
	d.expectRestored()
	if screen := d.screen(40, 10); screen.screen() != "one> get /yx\ntwo> post {\n… }" || screen.row != 3 || screen.col != 0 {
		t.Errorf("screen\n%s\ncursor %d,%d", boxed(screen.screen()), screen.row, screen.col)
	}
}

func TestReadLineFirstPromptIsOneWrite(t *testing.T) {
	d := newDesk(t, 40, 10)
	p := d.open(Config{})
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p.conf.Out = w
	p.ed = newEditor(&p.hist, &p.kills)
	p.start(">")
	p.mu.Lock()
	p.up = false
	p.mu.Unlock()
	w.Close()
	b := make([]byte, 1<<12)
	n, _ := r.Read(b)
	if !strings.Contains(string(b[:n]), pasteOn) || !strings.HasSuffix(string(b[:n]), frameOff) {
		t.Errorf("first write is %q", b[:n])
	}
	if more, err := r.Read(b); err != io.EOF {
		t.Errorf("a second write: %q", b[:more])
	}
}

func TestInterruptAndEnd(t *testing.T) {
	for _, test := range []struct {
		name, keys string
		err        error
		screen     string
	}{
		{"interrupt", "get\x03", ErrInterrupt, "> get^C"},
		{"interrupt on nothing", "\x03", ErrInterrupt, "> ^C"},
		{"interrupt in a search", "\x12x\x03", ErrInterrupt, "> ^C"},
		{"end on nothing", "\x04", io.EOF, ">"},
		{"end after deleting all", "ab\x02\x02\x04\x04\x04", io.EOF, ">"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t, 40, 10)
			p := d.open(Config{})
			got := d.reading(p.ReadLine, "> ")
			d.keys(test.keys)
			d.want(got, "", test.err)
			d.expectRestored()
			if s := d.screen(40, 10); s.screen() != test.screen || s.row != 1 || s.col != 0 {
				t.Errorf("screen\n%s\ncursor %d,%d", boxed(s.screen()), s.row, s.col)
			}
			got = d.reading(p.ReadLine, "next> ")
			d.keys("x\r")
			d.want(got, "x", nil)
		})
	}
}

// Keys that crash, hang or end the stock library: none may do more than edit.
func TestKeysThatKilledTheLibrary(t *testing.T) {
	long := strings.Repeat("/a/very/long/path", 20)
	complete := func(s string, pos int) Completions {
		return Completions{Start: pos - 4, End: pos, Candidates: []Candidate{{Text: long}, {Text: long + "x", Description: long}, {Text: "日本語"}}}
	}
	for _, test := range []struct{ name, keys string }{
		{"delete on an empty line", "\x1b[3~\x1b[3~"},
		{"NUL on an empty line", "\x00\x00"},
		{"search in an empty history", "\x12\x07\x13\x07\x12\x12\x1b"},
		{"transpose after one character", "a\x14b\x14\x14"},
		{"kill word in the first word", "abc\x02\x17\x17"},
		{"long candidates", "\t\t\t" + downKey + downKey + "\x1b"},
		{"wide prefix", "日本\t\t\x1b"},
		{"many tabs and moves", "日本" + strings.Repeat("\t"+leftKey+"\x1b[Z", 5) + "\x1b"},
		{"terminal replies", "\x1b[?62;4c\x1b]11;rgb:0/0/0\x1b\\\x1b[<0;1;1M\x1b[24;80R"},
		{"bytes that are no text", "\xff\xfe\xc3\x1b"},
		{"recall without history", upKey + downKey + "\x10\x0e"},
		{"vi letters", "\x1be\x1br\x1bP"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t, 30, 8)
			p := d.open(Config{Complete: complete})
			got := d.reading(p.ReadLine, "> ")
			d.keys(test.keys)
			d.keys("\x1b") // leaves whatever is open
			time.Sleep(2 * escWait)
			d.keys("\x05\x05\x15\x15alive\r") // the first only in case it still joined the Esc
			d.want(got, "alive", nil)
			d.expectRestored()
		})
	}
}

func TestPasteLarge(t *testing.T) {
	body := strings.Repeat(`{"name": "x", "n": 12},`, 100<<10/23)
	lines := strings.ReplaceAll(body, "},", "},\n")
	for _, test := range []struct{ name, keys, want string }{
		{"bracketed", "\x1b[200~" + lines + "\x1b[201~", lines},
		{"one line, bracketed", "\x1b[200~" + body + "\x1b[201~", body},
		{"not bracketed", body, body},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t, 80, 24)
			p := d.open(Config{Continuation: "… "})
			got := d.reading(p.ReadLine, "> ")
			d.keys(test.keys + "\r")
			d.want(got, test.want, nil)
			d.expectRestored()
			if n := len(d.output()); n > 4*len(test.keys) {
				t.Errorf("a paste of %d bytes wrote %d", len(test.keys), n)
			}
		})
	}
}

func TestPasteDoesNotRun(t *testing.T) { // T10
	d := newDesk(t, 80, 24)
	p := d.open(Config{})
	got := d.reading(p.ReadLine, "> ")
	d.keys("\x1b[200~delete /a\r\ndelete /b\r\n\x1b[201~")
	d.shows("delete /b")
	select {
	case r := <-got:
		t.Fatalf("a paste ran: %q", r.line)
	case <-time.After(50 * time.Millisecond):
	}
	d.keys("\r")
	d.want(got, "delete /a\ndelete /b\n", nil)
}

func TestTypedAhead(t *testing.T) {
	d := newDesk(t, 40, 10)
	p := d.open(Config{})
	d.keys("get /a\nget /b\nge")
	d.shows("get /b") // the terminal echoed it
	d.want(d.reading(p.ReadLine, "> "), "get /a", nil)
	d.want(d.reading(p.ReadLine, "> "), "get /b", nil)
	got := d.reading(p.ReadLine, "> ")
	d.keys("t\r")
	d.want(got, "get", nil)
	d.expectRestored()
}

// What is typed while no line is read belongs to whoever reads the terminal
// then, such as a child process.
func TestKeysBetweenLinesAreNotTaken(t *testing.T) {
	d := newDesk(t, 40, 10)
	p := d.open(Config{})
	for range 3 {
		got := d.reading(p.ReadLine, "> ")
		d.keys("\x1b[200~a\x1b[201~\x1b\r\x7f\r")
		d.want(got, "a", nil)
		d.keys("for the child\n")
		b := make([]byte, 100)
		n, err := d.tty.Read(b)
		if string(b[:n]) != "for the child\n" || err != nil {
			t.Errorf("the child read %q, %v", b[:n], err)
		}
	}
}

func TestHistory(t *testing.T) {
	d := newDesk(t, 40, 10)
	p := d.open(Config{})
	p.SetHistory([]string{"get /a", "post /b"})
	got := d.reading(p.ReadLine, "> ")
	d.keys("get" + upKey + "\r")
	d.want(got, "get /a", nil)
	p.AddHistory("head /c")
	got = d.reading(p.ReadLine, "> ")
	d.keys(upKey + "\x01\x0b" + "\x12POST\x12")
	d.keys("\x07\x12post\r")
	d.want(got, "post /b", nil)
	if n := len(p.hist.entries); n != 3 {
		t.Errorf("reading lines left %d entries, want 3", n)
	}
}

func TestPrintWhilePrompting(t *testing.T) {
	d := newDesk(t, 40, 30)
	p := d.open(Config{})
	p.Print([]byte("before\n"))
	got := d.reading(p.ReadLine, "> ")
	var printers sync.WaitGroup
	for i := range 4 {
		printers.Go(func() {
			for j := range 4 {
				p.Print(fmt.Appendf(nil, "line %d of %d%s", j, i, []string{"\n", ""}[j%2]))
				p.Size()
			}
		})
	}
	for _, c := range "typed meanwhile" {
		d.keys(string(c))
	}
	printers.Wait()
	d.until("all is drawn", func() bool { return strings.HasSuffix(d.screen(40, 30).screen(), "> typed meanwhile") })
	d.keys("\r")
	d.want(got, "typed meanwhile", nil)
	p.Print([]byte("after\n"))
	d.shows("after")
	screen := d.screen(40, 30).screen()
	for i := range 4 {
		for j := range 4 {
			if line := fmt.Sprintf("\nline %d of %d\n", j, i); !strings.Contains(screen, line) {
				t.Errorf("%q is lost in\n%s", line, boxed(screen))
			}
		}
	}
	if !strings.HasPrefix(screen, "before\n") || !strings.HasSuffix(screen, "\n> typed meanwhile\nafter") {
		t.Errorf("screen\n%s", boxed(screen))
	}
}

func TestWindowChange(t *testing.T) { // T11
	d := newDesk(t, 40, 10)
	p := d.open(Config{})
	got := d.reading(p.ReadLine, "> ")
	d.keys("get /a/path/that/is/longer")
	d.shows("longer")
	for _, cols := range []uint16{20, 1, 3, 80} {
		d.resize(cols, 10)
		size := len(d.output())
		if err := unix.Kill(os.Getpid(), unix.SIGWINCH); err != nil {
			t.Fatal(err)
		}
		d.until("it is drawn again", func() bool { return len(d.output()) > size })
	}
	if cols, rows := p.Size(); cols != 80 || rows != 10 {
		t.Errorf("size %d by %d", cols, rows)
	}
	d.keys("日\r")
	d.want(got, "get /a/path/that/is/longer日", nil)
	d.expectRestored()
}

func TestUsable(t *testing.T) {
	d := newDesk(t, 80, 24)
	env := func(value string) func(string) string { return func(string) string { return value } }
	if !Usable(d.tty, d.tty, env("xterm")) {
		t.Error("a terminal is not usable")
	}
	if Usable(d.tty, d.tty, env("dumb")) {
		t.Error("a dumb terminal is usable")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if Usable(r, d.tty, env("xterm")) || Usable(d.tty, w, env("xterm")) || Usable(nil, nil, nil) {
		t.Error("a pipe is usable")
	}
	d.resize(0, 0)
	if Usable(d.tty, d.tty, env("xterm")) {
		t.Error("a terminal without columns is usable")
	}
	if _, err := Open(Config{In: d.tty, Out: d.tty, Env: env("xterm")}); err == nil {
		t.Error("Open on a terminal without columns gave no error")
	}
}
