//go:build unix

package terminal

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

func TestCloseEndsRead(t *testing.T) {
	d := newDesk(t, 40, 10)
	p := d.open(Config{})
	got := d.reading(p.ReadLine, "> ")
	d.keys("half a li")
	d.shows("half a li")
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	d.want(got, "", io.EOF)
	d.expectRestored()
	if err := p.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if line, err := p.ReadLine("> "); line != "" || err != io.EOF {
		t.Errorf("ReadLine after Close gave %q, %v", line, err)
	}
}

func TestCloseLeavesNothingRunning(t *testing.T) {
	d := newDesk(t, 40, 10)
	before := runtime.NumGoroutine()
	for i := range 10 {
		p := d.open(Config{})
		if i%2 == 0 {
			got := d.reading(p.ReadLine, "> ")
			d.keys("x\r")
			d.want(got, "x", nil)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	d.until("all goroutines are gone", func() bool { return runtime.NumGoroutine() <= before })
}

func TestHangupEndsRead(t *testing.T) {
	d := newDesk(t, 40, 10)
	p := d.open(Config{})
	got := d.reading(p.ReadLine, "> ")
	d.keys("delete /everything")
	d.shows("everything")
	d.person.Close()
	d.want(got, "", io.EOF) // a line nobody entered does not run
	if _, err := p.ReadLine("> "); err == nil {
		t.Error("a second read on a terminal that is gone gave no error")
	}
}

func TestRestoreWhileReading(t *testing.T) {
	d := newDesk(t, 40, 10)
	p := d.open(Config{})
	p.Restore() // with nothing to do
	got := d.reading(p.ReadLine, "> ")
	d.keys("get")
	d.shows("get")
	p.Restore()
	d.expectRestored()
	size := len(d.output())
	p.resized()
	p.Print(nil)
	if out := d.output()[size:]; out != "" {
		t.Errorf("drawn after Restore: %q", out)
	}
	p.Restore()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	d.want(got, "", io.EOF)
	d.expectRestored()
}

func TestPanicReachesTheCaller(t *testing.T) {
	for _, test := range []struct {
		name, keys string
		config     Config
	}{
		{"completion", "ab\t", Config{Complete: func(string, int) Completions { panic("boom") }}},
		{"incomplete", "ab\r", Config{Incomplete: func(string) bool { panic("boom") }}},
		{"painter", "ab", Config{Painter: func(s string) []Span {
			if s != "" {
				panic("boom")
			}
			return nil
		}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t, 40, 10)
			p := d.open(test.config)
			caught := make(chan any, 1)
			got := d.reading(func(prompt string) (string, error) {
				defer func() { caught <- recover() }()
				return p.ReadLine(prompt)
			}, "> ")
			d.keys(test.keys)
			d.want(got, "", nil)
			if v := fmt.Sprint(<-caught); !strings.Contains(v, "boom") || !strings.Contains(v, "close_test.go") {
				t.Errorf("the caller caught %q, want the panic and where it was", v)
			}
			d.expectRestored()
		})
	}
}
