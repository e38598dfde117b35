package terminal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"golang.org/x/term"
)

// ReadSecretTTY asks for a text nobody may see on a terminal without an open
// prompt, such as the controlling terminal of a script. It draws the prompt,
// echoes nothing, and puts the terminal back as it found it, also when a
// signal would end the process. The error is ErrInterrupt for Ctrl-C and such a
// signal, and io.EOF for Ctrl-D on an empty line or a terminal that is gone.
func ReadSecretTTY(tty *os.File, prompt string) (string, error) {
	if !term.IsTerminal(int(tty.Fd())) {
		return "", errors.New("read secret: not a terminal")
	}
	return readHidden(tty, tty, prompt)
}

// readHidden is ReadSecretTTY with the prompt on another file.
func readHidden(from *os.File, out io.Writer, prompt string) (string, error) {
	in, err := newInput(from)
	if err != nil {
		return "", fmt.Errorf("read secret: %w", err)
	}
	defer in.release()
	t := &tty{fd: int(from.Fd())}
	if err := t.raw(); err != nil {
		return "", fmt.Errorf("read secret: %w", err)
	}
	defer t.restore()
	stop := onSignal(deadly(), func() {
		t.restore()
		in.interrupt()
	})
	if _, err := io.WriteString(out, plainPrompt(prompt)); err != nil {
		stop()
		return "", fmt.Errorf("read secret: %w", err)
	}
	secret, err := hidden(&keyReader{src: single{in}})
	stop()
	t.restore()
	_, _ = io.WriteString(out, "\n")
	return secret, err
}

// onSignal calls f when one of the signals comes, once, until the returned
// function is called.
func onSignal(signals []os.Signal, f func()) (stop func()) {
	got, done, gone := make(chan os.Signal, 1), make(chan struct{}), make(chan struct{})
	signal.Notify(got, signals...)
	go func() {
		defer close(gone)
		select {
		case <-got:
			f()
		case <-done:
		}
	}()
	return func() {
		signal.Stop(got)
		close(done)
		<-gone
	}
}

// single is a source that takes one byte a time, so that what was typed behind
// the line's end stays for whoever reads next.
type single struct{ source }

func (s single) read(p []byte, wait time.Duration) (int, error) { return s.source.read(p[:1], wait) }

// hidden reads one line and draws nothing.
func hidden(keys *keyReader) (string, error) {
	ed := newEditor(&history{}, &killRing{})
	ed.secret = true
	for {
		k, err := keys.next()
		if err != nil {
			return "", err
		}
		switch ed.key(k) {
		case submit:
			return ed.text, nil
		case interrupt:
			return "", ErrInterrupt
		case endOfInput:
			return "", io.EOF
		}
	}
}
