package history

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// open opens a history in a new directory.
func open(t *testing.T) (*Log, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state", "sonde", "history")
	return reopen(t, path), path
}

func reopen(t *testing.T, path string) *Log {
	t.Helper()
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// put makes path a file that holds text.
func put(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, l *Log, entries ...string) {
	t.Helper()
	for _, entry := range entries {
		if err := l.Add(entry); err != nil {
			t.Errorf("Add(%q): %v", entry, err)
		}
	}
}

func wantEntries(t *testing.T, l *Log, max int, want ...string) {
	t.Helper()
	if got := l.Entries(max); !slices.Equal(got, want) {
		t.Errorf("Entries(%d)\n got %q\nwant %q", max, got, want)
	}
}

func wantWarnings(t *testing.T, l *Log, want ...string) {
	t.Helper()
	got := l.Warnings()
	ok := len(got) == len(want)
	for i := 0; ok && i < len(got); i++ {
		ok = strings.Contains(got[i], want[i])
	}
	if !ok {
		t.Errorf("warnings: got %q, want %q", got, want)
	}
}

func TestEntriesOfOtherSessions(t *testing.T) {
	l, path := open(t)
	wantEntries(t, l, 0)
	if _, err := os.Lstat(path); err == nil {
		t.Error("reading made the file")
	}
	entries := []string{
		"get /users", `post /x a="b\nc"`, "post /x {\n  \"a\": 1\n}", `\`, `a\`, "a\\\nb", `\\n`, "{{.0.id}} ünïcödé 日本 😀",
	}
	add(t, l, entries...)
	wantEntries(t, l, 0, entries...)
	wantEntries(t, reopen(t, path), 0, entries...)
	wantEntries(t, l, 2, entries[len(entries)-2:]...)
	text, _ := os.ReadFile(path)
	if got := strings.Count(string(text), "\n"); got != len(entries) {
		t.Errorf("%d lines in the file, want %d", got, len(entries))
	}
	wantWarnings(t, l)
}

func TestAddLeavesOut(t *testing.T) {
	l, _ := open(t)
	add(t, l, "", " get /secret", "\tget /secret", "\x00", strings.Repeat("x", entrySize+1), "a\x00b\x1b[31m\xffc\u009b\r\nd\te", "\ufffd")
	wantEntries(t, l, 0, "ab[31mc\nd\te", "\ufffd")
}

func TestEntriesOnceInARow(t *testing.T) {
	l, path := open(t)
	add(t, l, "a", "a", "b", "a")
	wantEntries(t, l, 0, "a", "b", "a")
	wantEntries(t, reopen(t, path), 2, "b", "a")
}

// Whatever else wrote the file: CRLF, NUL, escape sequences, bytes that are not
// UTF-8, blank lines. H6
func TestEntriesCleaned(t *testing.T) {
	l, path := open(t)
	put(t, path, "get /a\r\n\r\n\n\x00get\x00 /b\x1b]0;t\a\n\xff\xfe\nget /c\xff\xc3\xa9\n\\q \\t\n", 0o600)
	wantEntries(t, l, 0, "get /a", "get /b]0;t", "get /cé", `\q \t`)
}

// A last line that a crash left without its end is no entry, neither at once
// nor when the next one has been added. H5
func TestTornLine(t *testing.T) {
	for _, text := range []string{"get /a\ndelete /us", "get /a\nx\\", "get /a\nx\\\\", "get /a\nx\\\\\\"} {
		l, path := open(t)
		put(t, path, text, 0o600)
		wantEntries(t, l, 0, "get /a")
		add(t, l, "get /b")
		wantEntries(t, l, 0, "get /a", "get /b")
		after, _ := os.ReadFile(path)
		if !strings.HasPrefix(string(after), text) || !strings.HasSuffix(string(after), "\\\nget /b\n") {
			t.Errorf("%q became %q", text, after)
		}
	}
}

// Of 100 MB the end is read and, when written to, kept. H6
func TestHugeFile(t *testing.T) {
	l, path := open(t)
	put(t, path, "", 0o600)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	var tail strings.Builder
	for i := range 12_000 {
		fmt.Fprintf(&tail, "get /users/%d\n", i)
	}
	const size = 100 << 20 // the rest is a hole, which reads as NULs
	if _, err := f.WriteAt([]byte("\n"+tail.String()), size); err != nil {
		t.Fatal(err)
	}
	f.Close()
	wantEntries(t, l, 2, "get /users/11998", "get /users/11999")
	if got := len(l.Entries(0)); got != 12_000 {
		t.Errorf("%d entries, want 12000", got)
	}
	add(t, l, "get /new")
	got := l.Entries(0)
	if len(got) != trimCount || got[len(got)-1] != "get /new" || got[0] != "get /users/2001" {
		t.Errorf("after Add: %d entries from %q to %q", len(got), got[0], got[len(got)-1])
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() > 1<<20 {
		t.Errorf("after Add: %v, %v bytes", err, info.Size())
	}
	if rest, _ := filepath.Glob(path + ".*"); rest != nil {
		t.Errorf("left behind: %q", rest)
	}
	add(t, l, "get /newer")
	wantEntries(t, l, 2, "get /new", "get /newer")
}

// Another session cuts the file down while this one waits for the lock: what
// this one adds must not go to the file that was replaced.
func TestTrimWhileOthersAdd(t *testing.T) {
	_, path := open(t)
	put(t, path, strings.Repeat("x", trimSize+1)+"\n", 0o600)
	const sessions, each = 8, 20
	var group sync.WaitGroup
	for s := range sessions {
		l := reopen(t, path)
		group.Go(func() {
			for i := range each {
				if err := l.Add(fmt.Sprintf("get /%d/%d", s, i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	got := reopen(t, path).Entries(0)
	slices.Sort(got)
	if got = slices.Compact(got); len(got) != sessions*each {
		t.Errorf("%d entries, want %d", len(got), sessions*each)
	}
}

func TestMissingEnd(t *testing.T) {
	l, path := open(t)
	put(t, path, strings.Repeat("x", tailSize*2), 0o600)
	wantEntries(t, l, 0)
	add(t, l, "get /a")
	wantEntries(t, l, 0, "get /a")
}

func TestWithoutFile(t *testing.T) {
	l := new(Log)
	add(t, l, "a", "b")
	wantEntries(t, l, 1, "b")
	null, err := Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	add(t, null, "a")
	wantEntries(t, null, 0, "a")
	wantWarnings(t, null)
	var none *Log
	add(t, none, "a")
	wantEntries(t, none, 0)
	wantWarnings(t, none)
	if _, err := Open(""); err == nil {
		t.Error("an empty path was opened")
	}
}

func TestDefaultPath(t *testing.T) {
	for _, test := range []struct {
		goos string
		env  map[string]string
		want string
	}{
		{"linux", map[string]string{"HOME": "/home/jdoe"}, "/home/jdoe/.local/state/sonde/history"},
		{"linux", map[string]string{"HOME": "/home/jdoe", "XDG_STATE_HOME": "/state"}, "/state/sonde/history"},
		{"linux", map[string]string{"HOME": "/home/jdoe", "XDG_STATE_HOME": "state"}, "/home/jdoe/.local/state/sonde/history"},
		{"darwin", map[string]string{"HOME": "/Users/jdoe"}, "/Users/jdoe/.local/state/sonde/history"},
		{"windows", map[string]string{"LocalAppData": `C:\Users\jdoe\AppData\Local`}, `C:\Users\jdoe\AppData\Local\sonde\history`},
		{"windows", map[string]string{"USERPROFILE": `C:\Users\jdoe`}, `C:\Users\jdoe\AppData\Local\sonde\history`},
		{"linux", nil, ""},
		{"windows", map[string]string{"HOME": "/home/jdoe"}, ""},
	} {
		got, err := DefaultPath(func(name string) string { return test.env[name] }, test.goos)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("DefaultPath(%v, %s) = %q, %v, want %q", test.env, test.goos, got, err, test.want)
		}
	}
}

func FuzzFile(f *testing.F) {
	f.Add("get /a\nget /b\n")
	f.Add("get /a\r\n\x00\xff\\\\n\\n\\q\ntorn\\")
	f.Add("\\")
	path := filepath.Join(f.TempDir(), "history")
	f.Fuzz(func(t *testing.T, text string) {
		put(t, path, text, 0o600)
		l := reopen(t, path)
		before := l.Entries(0)
		for _, entry := range before {
			if entry == "" || clean(entry) != entry {
				t.Errorf("entry %q is not clean", entry)
			}
		}
		add(t, l, "the last one")
		want := append(before, "the last one")
		if slices.Equal(before[max(0, len(before)-1):], []string{"the last one"}) {
			want = before
		}
		wantEntries(t, l, 0, want...)
	})
}

func FuzzEntry(f *testing.F) {
	f.Add("post /x {\n\\\"a\\\\n\"\r\n")
	path := filepath.Join(f.TempDir(), "history")
	f.Fuzz(func(t *testing.T, entry string) {
		put(t, path, "", 0o600)
		l := reopen(t, path)
		add(t, l, entry)
		want := []string{clean(entry)}
		if want[0] == "" || want[0][0] == ' ' || want[0][0] == '\t' {
			want = nil
		}
		wantEntries(t, l, 0, want...)
	})
}
