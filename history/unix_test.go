//go:build unix

package history

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain runs the tests, or a session as a process of its own if the
// environment says so: SESSION names it, HISTORY is its file, LINES how many
// lines it adds, and FULL says that there is room for few of them.
func TestMain(m *testing.M) {
	if session := os.Getenv("SESSION"); session != "" {
		os.Exit(runSession(session))
	}
	os.Exit(m.Run())
}

// runSession adds lines, and prints every one once it is kept.
func runSession(name string) int {
	if os.Getenv("FULL") != "" {
		defer limitFiles()()
	}
	l, err := Open(os.Getenv("HISTORY"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	lines, _ := strconv.Atoi(os.Getenv("LINES"))
	for i := range lines {
		line := fmt.Sprintf("post /session/%s/%d {\n%s}", name, i, strings.Repeat("x", i%200))
		if l.Add(line) == nil {
			fmt.Printf("%q\n", line)
		}
	}
	for _, warning := range l.Warnings() {
		fmt.Fprintln(os.Stderr, warning)
	}
	return 0
}

// limitFiles lets this process write files of no more than 1000 bytes, as a full
// disk would, and returns what lifts the limit again.
func limitFiles() (lift func()) {
	signal.Ignore(syscall.SIGXFSZ)
	var old syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old)
	limit := old
	limit.Cur = 1000
	if err == nil {
		err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
	}
	if err != nil {
		panic(err)
	}
	return func() { _ = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old) }
}

// session is the command that runs a session as a process.
func session(t *testing.T, name, path string, lines int, env ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "SESSION="+name, "HISTORY="+path, "LINES="+strconv.Itoa(lines))
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// kept reads the lines that a session printed.
func kept(t *testing.T, out io.Reader) (lines []string) {
	t.Helper()
	for scan := bufio.NewScanner(out); scan.Scan(); {
		// A session that was killed may have printed half a line.
		if line, err := strconv.Unquote(scan.Text()); err == nil {
			lines = append(lines, line)
		}
	}
	return lines
}

// Four processes at once: no line is lost and none is mixed with another. H4
func TestFourSessions(t *testing.T) {
	_, path := open(t)
	var cmds []*exec.Cmd
	for name := range 4 {
		cmd := session(t, strconv.Itoa(name), path, 250)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		cmds = append(cmds, cmd)
	}
	for _, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	next := map[string]int{}
	entries := reopen(t, path).Entries(0)
	for _, entry := range entries {
		var name, i, xs string
		_, _ = fmt.Sscanf(strings.ReplaceAll(entry, "/", " "), "post  session %s %s {\n%s", &name, &i, &xs)
		if want := strconv.Itoa(next[name]); i != want || !strings.HasSuffix(entry, "{\n"+strings.Repeat("x", next[name]%200)+"}") {
			t.Fatalf("session %q, line %s: got %q", name, want, entry)
		}
		next[name]++
	}
	if len(entries) != 1000 {
		t.Errorf("%d entries, want 1000", len(entries))
	}
}

// A process killed at any moment: each line it had been told is kept is there,
// and what it left can be read and added to. H5
func TestKill(t *testing.T) {
	_, path := open(t)
	for round := range 30 {
		cmd := session(t, strconv.Itoa(round), path, 1<<30)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		first := make([]byte, 1)
		if _, err := out.Read(first); err != nil { // the first line is kept
			t.Fatal(err)
		}
		time.AfterFunc(time.Duration(round%10)*300*time.Microsecond, func() { _ = cmd.Process.Kill() })
		lines := kept(t, io.MultiReader(strings.NewReader(string(first)), out))
		_ = cmd.Wait()
		if len(lines) == 0 {
			t.Fatal("nothing was kept")
		}
		there := map[string]bool{}
		for _, entry := range reopen(t, path).Entries(0) {
			there[entry] = true
		}
		for _, line := range lines {
			if !there[line] {
				t.Fatalf("round %d: %q was kept, but is not there", round, line)
			}
		}
	}
}

// Modes under an umask that takes nothing away and one that takes all. H3
func TestModes(t *testing.T) {
	for _, umask := range []int{0, 0o022, 0o777} {
		l, path := open(t)
		old := syscall.Umask(umask)
		err := l.Add("get /a")
		syscall.Umask(old)
		if err != nil {
			t.Errorf("umask %04o: %v", umask, err)
		}
		for path, want := range map[string]os.FileMode{
			path: 0o600, filepath.Dir(path): 0o700, filepath.Dir(filepath.Dir(path)): 0o700,
		} {
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("umask %04o: %s is %v, %v, want %v", umask, path, info.Mode(), err, want)
			}
		}
		wantWarnings(t, l)
	}
}

// A file that others may read is made private, with one warning. H3
func TestModeTightened(t *testing.T) {
	l, path := open(t)
	put(t, path, "get /a\n", 0o644)
	wantEntries(t, l, 0, "get /a")
	add(t, l, "get /b")
	wantWarnings(t, l, "mode 0644")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	wantEntries(t, l, 0, "get /a", "get /b")
}

// The file stays private, and the user's to read, when it is cut down. H8
func TestTrimMode(t *testing.T) {
	for _, umask := range []int{0, 0o777} {
		l, path := open(t)
		put(t, path, strings.Repeat(strings.Repeat("x", 1023)+"\n", trimSize/1024+1), 0o600)
		old := syscall.Umask(umask)
		add(t, l, "get /a")
		syscall.Umask(old)
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 || info.Size() > tailSize {
			t.Errorf("umask %04o: got %v, %v, %d bytes", umask, info.Mode(), err, info.Size())
		}
	}
}

// Nothing is written through a symbolic link, to a device, a pipe, a directory
// or a file of another user; the session has its history all the same. H3, H7
func TestNotOurFile(t *testing.T) {
	for _, test := range []struct {
		name, warning string
		make          func(path string) error
	}{
		{"link", "is a symbolic link", func(path string) error {
			put(t, path+".real", "secret\n", 0o600)
			return os.Symlink(path+".real", path)
		}},
		{"dangling link", "is a symbolic link", func(path string) error { return os.Symlink(path+".real", path) }},
		{"full device", "is a symbolic link", func(path string) error { return os.Symlink("/dev/full", path) }},
		{"pipe", "is not a regular file", func(path string) error { return syscall.Mkfifo(path, 0o600) }},
		{"directory", "directory", func(path string) error { return os.Mkdir(path, 0o700) }},
		{"other user", "belongs to another user", func(path string) error {
			put(t, path, "secret\n", 0o600)
			return os.Chown(path, 12345, -1)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l, path := open(t)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := test.make(path); err != nil {
				t.Skip(err)
			}
			for _, entry := range []string{"get /a", "get /b"} {
				if err := l.Add(entry); err == nil {
					t.Error("no error")
				}
			}
			wantWarnings(t, l, test.warning)
			wantEntries(t, l, 0, "get /a", "get /b")
			if text, _ := os.ReadFile(path + ".real"); strings.Contains(string(text), "get") {
				t.Errorf("written: %q", text)
			}
		})
	}
}

// A directory that cannot be made: one warning, and the session goes on. H7
func TestNoDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	put(t, file, "", 0o600)
	l := reopen(t, filepath.Join(file, "sonde", "history"))
	for range 3 {
		if err := l.Add("get /a"); err == nil {
			t.Error("no error")
		}
	}
	wantWarnings(t, l, "keep history: ")
	wantEntries(t, l, 0, "get /a")
}

// No room for another line: what was kept stays whole, and there is one
// warning. A limit on the size of a file acts as a full disk does. H7
func TestNoSpace(t *testing.T) {
	_, path := open(t)
	cmd := session(t, "full", path, 100, "FULL=yes")
	var warnings strings.Builder
	cmd.Stderr = &warnings
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(warnings.String(), "\n"); got != 1 || !strings.Contains(warnings.String(), "keep history: ") {
		t.Errorf("warnings: %q", warnings.String())
	}
	lines := kept(t, strings.NewReader(string(out)))
	if len(lines) == 0 || len(lines) == 100 {
		t.Fatalf("%d lines kept", len(lines))
	}
	wantEntries(t, reopen(t, path), 0, lines...)
	if text, _ := os.ReadFile(path); !strings.HasSuffix(string(text), "\n") {
		t.Errorf("a torn line is left: %q", text)
	}
}

// Another session that sits on the lock is waited for, but not for ever.
func TestLockedByOther(t *testing.T) {
	l, path := open(t)
	add(t, l, "get /a")
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !lock(f, time.Now()) {
		t.Skip("no locks here")
	}
	other, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if lock(other, time.Now()) {
		t.Error("locked twice")
	}
	f.Close()
	if !lock(other, time.Now().Add(time.Minute)) {
		t.Error("not locked after the other was done")
	}
}
