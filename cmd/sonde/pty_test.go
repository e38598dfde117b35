//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// patience is how long a terminal test waits for what has to come. It bounds a
// hang and measures nothing.
const patience = 20 * time.Second

// console is sonde at a pseudo-terminal.
type console struct {
	t     *testing.T
	cmd   *exec.Cmd
	tty   *os.File // the terminal's own side, whose state is looked at
	keys  *os.File // what is typed and shown
	found *term.State
	home  string

	mu   sync.Mutex
	seen bytes.Buffer
	from int // where the next wait begins
}

var escapes = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]|\x1b[>=]`)

// startConsole starts sonde at a new terminal with a home of its own.
func startConsole(t *testing.T, args ...string) *console {
	t.Helper()
	return startConsoleAs(t, "xterm-256color", args...)
}

// startConsoleAs does so at a terminal of another kind.
func startConsoleAs(t *testing.T, kind string, args ...string) *console {
	t.Helper()
	home := t.TempDir()
	keys, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(keys, &pty.Winsize{Rows: 40, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	found, err := term.GetState(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	c := &console{t: t, keys: keys, tty: tty, found: found, home: home, cmd: exec.Command("sonde", args...)}
	c.cmd.Env = append(os.Environ(), "HOME="+home, "XDG_STATE_HOME="+filepath.Join(home, "state"), "TERM="+kind)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = tty, tty, tty
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		buf := make([]byte, 32<<10)
		for {
			n, err := keys.Read(buf)
			c.mu.Lock()
			c.seen.Write(buf[:n])
			c.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		c.cmd.Process.Kill()
		c.cmd.Wait()
		tty.Close()
		keys.Close()
	})
	return c
}

// screen is everything drawn since the last wait, without escapes.
func (c *console) screen() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return escapes.ReplaceAllString(c.seen.String()[c.from:], "")
}

// wait returns what was drawn once it holds the pattern, and begins anew after.
func (c *console) wait(pattern string) string {
	c.t.Helper()
	re := regexp.MustCompile(pattern)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if s := c.screen(); re.MatchString(s) {
			c.mu.Lock()
			c.from = c.seen.Len()
			c.mu.Unlock()
			return s
		}
	}
	c.t.Fatalf("no %q on the screen:\n%s", pattern, c.screen())
	return ""
}

func (c *console) typeKeys(s string) {
	c.t.Helper()
	if _, err := c.keys.WriteString(s); err != nil {
		c.t.Fatal(err)
	}
}

// leaves waits for the end of the program and looks at the terminal it leaves.
func (c *console) leaves(code int) {
	c.t.Helper()
	done := make(chan struct{})
	go func() { c.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		c.t.Fatalf("the program is still there; its screen:\n%s", c.screen())
	}
	if got := c.cmd.ProcessState.ExitCode(); got != code {
		c.t.Errorf("exit code %d, want %d; the screen:\n%s", got, code, c.screen())
	}
	now, err := term.GetState(int(c.tty.Fd()))
	if err != nil {
		c.t.Fatal(err)
	}
	if *now != *c.found {
		c.t.Errorf("the terminal was left as %v, found as %v", *now, *c.found)
	}
}

// TestLessonAtThePrompt types the lesson as the teacher does.
func TestLessonAtThePrompt(t *testing.T) {
	c := startConsole(t, "--demo")
	if s := c.wait(`127\.0\.0\.1:\d+> $`); !strings.Contains(s, "try: get /user") {
		t.Errorf("the greeting says nothing of what to try:\n%s", s)
	}
	c.typeKeys("get /user\r")
	s := c.wait(`(?s)hint: .*auth jdoe.*127\.0\.0\.1:\d+> $`)
	for _, want := range []string{"401 Unauthorized", "new connection", "WWW-Authenticate: Basic", "Requires authentication"} {
		if !strings.Contains(s, want) {
			t.Errorf("the first answer has no %q:\n%s", want, s)
		}
	}
	c.typeKeys("auth jdoe\r")
	c.wait(`password for jdoe at http://127\.0\.0\.1:\d+ \(any will do here\): $`)
	c.typeKeys("canary-password\r")
	c.wait(`jdoe@127\.0\.0\.1:\d+> $`)
	c.typeKeys("get /user\r")
	if s := c.wait(`(?s)200 OK.*jdoe@127\.0\.0\.1:\d+> $`); !strings.Contains(s, "same connection") {
		t.Errorf("the second request does not say it used the same connection:\n%s", s)
	}
	c.typeKeys("get /user/repos\r")
	c.wait(`(?s)30 items.*jdoe@127\.0\.0\.1:\d+> $`)
	c.typeKeys(".0.url\r")
	c.wait(`(?s)"http://127\.0\.0\.1:\d+/repos/jdoe/hello-world".*> $`)
	c.typeKeys(".[].name\r")
	c.wait(`(?s)"hello-world".*> $`)
	c.typeKeys("session\r")
	s = c.wait(`(?s)answers +3 kept.*> $`)
	for _, want := range []string{"Basic jdoe ••••••••", "1 opened", "2 reused"} {
		if !strings.Contains(s, want) {
			t.Errorf("session does not show %q:\n%s", want, s)
		}
	}
	c.typeKeys("exit\r")
	c.leaves(0)
	c.mu.Lock()
	defer c.mu.Unlock()
	if strings.Contains(c.seen.String(), "canary-password") {
		t.Error("the password was on the screen")
	}
}

// TestInterruptEverywhere presses Ctrl-C in every state a line can wait in: the
// prompt is back and the next request works.
func TestInterruptEverywhere(t *testing.T) {
	c := startConsole(t, "--demo")
	c.wait(`> $`)
	for _, line := range []string{
		"get /slow?seconds=50",
		"get /drip?bytes=100000&delay=20",
		"last(range(infinite))",
		"[limit(1e9; repeat(1))] | length",
		"get /big?mb=1500",
		"! sleep 50",
		"auth jdoe",
	} {
		c.typeKeys(line + "\r")
		time.Sleep(300 * time.Millisecond)
		c.typeKeys("\x03")
		c.wait(`127\.0\.0\.1:\d+> $`)
		c.typeKeys("get /users/jdoe | .login\r")
		c.wait(`(?s)"jdoe".*> $`)
	}
	c.typeKeys("\x03")
	c.typeKeys("\x04")
	c.leaves(0)
	c.mu.Lock()
	defer c.mu.Unlock()
	if strings.Contains(c.seen.String(), "context") {
		t.Error("the screen speaks of contexts")
	}
}

// TestPastedLines runs what was pasted line by line, on Enter and not before.
func TestPastedLines(t *testing.T) {
	c := startConsole(t, "--demo")
	c.wait(`> $`)
	c.typeKeys("\x1b[200~# a note\nget /users/jdoe | .login\npost /echo {\n\"a\": 1}\nstatus\n\x1b[201~")
	if s := c.wait(`status\s*(…\s*)?$`); strings.Contains(s, `"jdoe"`) {
		t.Errorf("it ran before Enter:\n%s", s)
	}
	c.typeKeys("\r")
	c.wait(`(?s)"jdoe".*200 OK.*\n200\s+127\.0\.0\.1:\d+> $`)
	c.typeKeys("exit\r")
	c.leaves(0)
}

// TestEveryWayOut leaves the terminal as it was found.
func TestEveryWayOut(t *testing.T) {
	for _, way := range []struct {
		name string
		out  func(c *console)
		code int
	}{
		{"exit", func(c *console) { c.typeKeys("exit\r") }, 0},
		{"Ctrl-D", func(c *console) { c.typeKeys("\x04") }, 0},
		{"SIGTERM", func(c *console) { c.cmd.Process.Signal(syscall.SIGTERM) }, 143},
		{"SIGHUP", func(c *console) { c.cmd.Process.Signal(syscall.SIGHUP) }, 129},
		{"SIGTERM while a request runs", func(c *console) {
			c.typeKeys("get /slow?seconds=50\r")
			time.Sleep(200 * time.Millisecond)
			c.cmd.Process.Signal(syscall.SIGTERM)
		}, 143},
		{"SIGTERM at a hidden question", func(c *console) {
			c.typeKeys("auth jdoe\r")
			c.wait(`password for`)
			c.cmd.Process.Signal(syscall.SIGTERM)
		}, 143},
		{"Ctrl-D at a hidden question", func(c *console) {
			c.typeKeys("auth jdoe\r")
			c.wait(`password for`)
			c.typeKeys("\x03")
			c.wait(`> $`)
			c.typeKeys("\x04")
		}, 0},
	} {
		t.Run(way.name, func(t *testing.T) {
			c := startConsole(t, "--demo")
			c.wait(`> $`)
			way.out(c)
			c.leaves(way.code)
		})
	}
}

// TestHistoryKeepsNoSecrets types secrets at the prompt and reads the file, and
// recall in the next session.
func TestHistoryKeepsNoSecrets(t *testing.T) {
	c := startConsole(t, "--demo")
	c.wait(`> $`)
	for _, line := range []string{
		"auth basic u canary1secret", "auth bearer canary2secret", "X-Api-Key: canary3secret",
		"get /echo?token=canary4secret | .method", `post /echo {"password": "canary5secret"} | .method`,
		"cookie sid=canary6secret", " get /echo/unkept | .method",
	} {
		c.typeKeys(line + "\r")
		c.wait(`> $`)
	}
	c.typeKeys("history\r")
	if s := c.wait(`(?s)auth basic u ••••••••.*> $`); strings.Contains(s, "canary") || strings.Contains(s, "unkept") {
		t.Errorf("history shows a secret or a line that began with a blank:\n%s", s)
	}
	// recalled, the line asks for what was left out of it
	c.typeKeys("auth basic u\x1b[A")
	c.wait(`auth basic u ••••••••`)
	c.typeKeys("\r")
	c.wait(`value for ••••••••`)
	c.typeKeys("canary7secret\r")
	c.wait(`u@127\.0\.0\.1:\d+> $`)
	c.typeKeys("exit\r")
	c.leaves(0)
	b, err := os.ReadFile(filepath.Join(c.home, "state", "sonde", "history"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b, []byte("canary")) || !bytes.Contains(b, []byte("auth bearer ••••••••")) {
		t.Errorf("the history file:\n%s", b)
	}
}

// TestInterruptDrawing presses Ctrl-C while a long result is drawn.
func TestInterruptDrawing(t *testing.T) {
	c := startConsole(t, "--demo")
	c.wait(`> $`)
	c.typeKeys("get /big?mb=60\r")
	c.wait(`(?s)items.*127\.0\.0\.1:\d+> $`)
	for _, line := range []string{".", "body", "raw"} {
		c.typeKeys(line + "\r")
		c.wait(`(?s)\n.*\n`)
		before := c.drawn()
		c.typeKeys("\x03")
		c.wait(`(?s)stopped\s+127\.0\.0\.1:\d+> $`)
		if n := c.drawn() - before; n > 8<<20 {
			t.Errorf("%s: %d bytes were drawn after Ctrl-C", line, n)
		}
	}
	c.typeKeys("exit\r")
	c.leaves(0)
}

// drawn is how many bytes were drawn so far.
func (c *console) drawn() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen.Len()
}

// TestTabAfterBlank completes where nothing was typed yet.
func TestTabAfterBlank(t *testing.T) {
	c := startConsole(t, "--demo")
	c.wait(`> $`)
	c.typeKeys("get /users/jdoe | .login\r")
	c.wait(`(?s)"jdoe".*> $`)
	c.typeKeys("get \t\t\x03")
	c.wait(`> $`)
	c.typeKeys("get /us\t\x03")
	c.wait(`(?s)get /users/jdoe.*> $`)
	c.typeKeys("get /user/repos\x01\x0b.logi\t\r")
	c.wait(`(?s)"jdoe".*> $`)
	c.typeKeys("exit\r")
	c.leaves(0)
}

// TestDumbTerminal reads lines without a cursor to move: Ctrl-C drops a line and
// not the program, and an open bracket goes on.
func TestDumbTerminal(t *testing.T) {
	c := startConsoleAs(t, "dumb", "--demo")
	c.wait(`> $`)
	c.typeKeys("\x03")
	c.wait(`> $`)
	c.typeKeys("post /echo {\n")
	c.wait(`… $`)
	c.typeKeys("\"a\": 1} | .body\n")
	c.wait(`(?s)"a.*> $`)
	c.typeKeys("exit\n")
	c.leaves(0)
}

// TestScriptAtATerminal ends with the exit code it has in a pipe.
func TestScriptAtATerminal(t *testing.T) {
	c := startConsole(t, "--demo", "-c", "get /status/404")
	c.leaves(4)
}

// TestLinesBreakAtBlanks has a line that is longer than the terminal go on in the
// next row with a whole word.
func TestLinesBreakAtBlanks(t *testing.T) {
	c := startConsole(t, "--demo")
	c.wait(`> $`)
	c.typeKeys("get /status/404\r")
	c.wait(`\nhint: 404 can mean [^\r\n]{40,}\r\n  [^\r\n]*session\r\n`)
	c.typeKeys("exit\r")
	c.leaves(0)
}
