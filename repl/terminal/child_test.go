//go:build unix

package terminal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// childEnv names the part this binary plays when it is started as a child of
// a test, on the test's pseudo-terminal.
const childEnv = "SONDE_TERMINAL_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "prompt":
		os.Exit(childPrompt())
	case "secret":
		_, err := ReadSecretTTY(os.Stdin, "password: ")
		fmt.Println("secret gave", err)
		os.Exit(0)
	case "shell":
		os.Exit(childShell())
	}
	os.Exit(m.Run())
}

// childPrompt reads lines with all features on until one says quit.
func childPrompt() int {
	// Between lines the terminal is cooked, and keys may be signals.
	signal.Notify(make(chan os.Signal, 1), unix.SIGINT, unix.SIGQUIT)
	e := spraying()
	p, err := Open(Config{
		In: os.Stdin, Out: os.Stderr, Complete: e.complete, Incomplete: e.incomplete, Continuation: "… ",
		Painter: func(s string) []Span { return []Span{{0, len(s) / 2, "1;32"}, {len(s) / 3, len(s) + 5, "4"}} },
	})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer p.Close()
	for {
		line, err := p.ReadLine("\x1b[1mprompt\x1b[0m> ")
		switch {
		case errors.Is(err, io.EOF) && p.over():
			return 3
		case strings.HasSuffix(line, "quit"):
			return 0
		case err == nil:
			p.AddHistory(line)
			if word, ok := strings.CutPrefix(line[strings.LastIndexByte(line, '\n')+1:], "say "); ok {
				fmt.Println("said", word)
			}
		}
	}
}

// childShell runs a prompt in the foreground as a shell with job control does.
// When the prompt stops it says so, and any line typed then lets it go on.
func childShell() int {
	signal.Ignore(unix.SIGTTOU)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"=prompt")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Foreground: true, Ctty: 0}
	if err := cmd.Start(); err != nil {
		fmt.Println(err)
		return 1
	}
	pid, typed := cmd.Process.Pid, bufio.NewReader(os.Stdin)
	for {
		var status unix.WaitStatus
		if _, err := unix.Wait4(pid, &status, unix.WUNTRACED, nil); errors.Is(err, unix.EINTR) {
			continue
		}
		if !status.Stopped() {
			return status.ExitStatus()
		}
		own := unix.Getpgrp()
		unix.IoctlSetPointerInt(0, unix.TIOCSPGRP, own)
		fmt.Println("\nshell: stopped")
		typed.ReadString('\n')
		unix.IoctlSetPointerInt(0, unix.TIOCSPGRP, pid)
		unix.Kill(-pid, unix.SIGCONT)
	}
}

// start starts a child on the desk and returns where its end is told.
func (d *desk) start(part string) (cmd *exec.Cmd, ended <-chan error) {
	d.t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+part)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = d.tty, d.tty, d.tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	d.t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, done
}

// ends waits for a child to end well.
func (d *desk) ends(ended <-chan error) {
	d.t.Helper()
	select {
	case err := <-ended:
		if err != nil {
			d.t.Errorf("the child ended with %v; output %.2000q", err, d.output())
		}
	case <-time.After(patience):
		d.t.Fatalf("the child did not end; output %.2000q", d.output())
	}
}

// Random keys must leave the process alive and the terminal restored. Set
// SONDE_FUZZ_SECONDS to spray for longer.
func TestRandomKeys(t *testing.T) {
	duration := 1500 * time.Millisecond
	if s, err := strconv.Atoi(os.Getenv("SONDE_FUZZ_SECONDS")); err == nil {
		duration = time.Duration(s) * time.Second
	}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	d := newDesk(t, 60, 12)
	cmd, ended := d.start("prompt")
	d.shows("prompt")
	sent, deadline := 0, time.Now().Add(duration)
	for time.Now().Before(deadline) {
		keys := keySpray(r, 1+r.IntN(200))
		switch r.IntN(40) {
		case 0:
			keys += "\x03"
		case 1:
			keys += "\x04\x04"
		case 2:
			keys += "\x1a"
		case 3:
			keys += string([]byte{byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32())})
		case 4:
			d.resize(uint16(1+r.IntN(100)), uint16(1+r.IntN(30)))
		}
		// Ctrl-S, tested elsewhere, is left out: a terminal is cooked between two
		// lines, and Linux leaves it stopped for ever if the stop comes in the
		// very moment raw mode is set.
		keys = strings.NewReplacer("quit", "", "\x13", "").Replace(keys)
		d.keys(keys)
		if t.Failed() {
			_ = cmd.Process.Signal(unix.SIGABRT) // says where it hangs, unless its output does
			select {
			case <-ended:
			case <-time.After(time.Second):
			}
			t.Fatalf("seed %d: the process hangs after %d bytes; output %s", seed, sent, last(d.output(), 6000))
		}
		sent += len(keys)
		select {
		case err := <-ended:
			t.Fatalf("seed %d: the process ended with %v after %d bytes; last keys %q, output %q", seed, err, sent, keys, last(d.output(), 3000))
		default:
		}
	}
	t.Logf("seed %d: %d bytes of keys", seed, sent)
	d.alive()
	d.keys("\x03quit\r")
	d.ends(ended)
	d.expectRestored()
}

// last returns the last n bytes of s.
func last(s string, n int) string { return s[max(0, len(s)-n):] }

// alive checks that a child still obeys: it says a word it was never told.
func (d *desk) alive() {
	d.t.Helper()
	d.resize(80, 24)
	var word string
	asked := time.Time{}
	d.until("the prompt answers", func() bool {
		if time.Since(asked) > 2*sequenceWait { // what an unfinished sequence swallows comes again
			asked = time.Now()
			word = "w" + strconv.FormatInt(asked.UnixNano(), 36)
			d.keys("\x03say " + word + "\r")
		}
		return strings.Contains(last(d.output(), 1<<14), "said "+word)
	})
}

func TestSuspend(t *testing.T) { // G6
	d := newDesk(t, 40, 20)
	_, ended := d.start("shell")
	d.shows("> ")
	d.keys("say hel")
	d.shows("hel")
	for range 2 {
		stops := strings.Count(d.output(), "shell: stopped")
		d.keys("\x1a")
		d.until("it stops", func() bool { return strings.Count(d.output(), "shell: stopped") > stops })
		d.expectRestored()
		prompts := strings.Count(d.output(), "prompt")
		d.keys("fg\n")
		d.until("the prompt is back", func() bool { return strings.Count(d.output(), "prompt") > prompts })
	}
	d.keys("lo\r")
	d.shows("said hello")
	d.keys("quit\r")
	d.ends(ended)
	d.expectRestored()
	if got := strings.Count(d.screen(40, 20).screen(), "prompt>"); got != 4 { // three of the first line, one of the second
		t.Errorf("%d prompts on the screen:\n%s", got, boxed(d.screen(40, 20).screen()))
	}
}

// A child nobody could wake again must not wait for it.
func TestSuspendWithoutShell(t *testing.T) {
	d := newDesk(t, 40, 10)
	_, ended := d.start("prompt")
	d.shows("> ")
	d.keys("say a\x1ab\r")
	d.shows("said ab")
	d.keys("quit\r")
	d.ends(ended)
	d.expectRestored()
}

func TestReadSecretTTYSignal(t *testing.T) {
	for _, s := range []os.Signal{unix.SIGTERM, unix.SIGHUP} {
		d := newDesk(t, 40, 10)
		cmd, ended := d.start("secret")
		d.shows("password: ")
		d.keys("canary")
		// the kernel hands keys on in its own time, and echoes those that come
		// after the terminal was restored
		time.Sleep(200 * time.Millisecond)
		if err := cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
		d.shows("secret gave interrupted")
		d.ends(ended)
		d.expectRestored()
		if strings.Contains(d.output(), "canary") {
			t.Errorf("output %q", d.output())
		}
	}
}
