//go:build unix

package session

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

func TestStoreIsPrivate(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	d := newStore(t)
	mustSave(t, d, "prod", New(Options{}))
	path, _ := d.Path("prod")
	for p, want := range map[string]fs.FileMode{path: 0o600, d.Dir: 0o700, filepath.Dir(d.Dir): 0o700} {
		info, err := os.Stat(p)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, %v; want %v", p, info.Mode(), err, want)
		}
	}
}

func TestStoreRefusesLinks(t *testing.T) {
	d := newStore(t)
	mustSave(t, d, "prod", New(Options{}))
	target := filepath.Join(t.TempDir(), "target")
	if err := os.WriteFile(target, []byte(`{"version": 1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"link", "gone"} {
		if err := os.Symlink(target, filepath.Join(d.Dir, name+".json")); err != nil {
			t.Fatal(err)
		}
		if name == "gone" {
			os.Remove(target)
		}
		why := `session "` + name + `": DIR/` + name + `.json is a symbolic link`
		wantStoreError(t, d, d.Save(name, New(Options{})), "save "+why, "")
		wantStoreError(t, d, d.Load(name, New(Options{})), "load "+why, "")
		if err := d.Remove(name); err != nil {
			t.Errorf("a link itself is removed: %v", err)
		}
	}
	pipe := filepath.Join(d.Dir, "pipe.json")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	// It would wait for the other end.
	wantStoreError(t, d, d.Load("pipe", New(Options{})), `load session "pipe": DIR/pipe.json is not a regular file`, "")
	if list, err := d.List(); err != nil || len(list) != 2 || list[0].Err == nil {
		t.Errorf("List: %v, %v", list, err)
	}
}

func TestStoreOthersCanWrite(t *testing.T) {
	d := newStore(t)
	mustSave(t, d, "prod", New(Options{}))
	path, _ := d.Path("prod")
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	wantStoreError(t, d, d.Load("prod", New(Options{})),
		`load session "prod": DIR/prod.json: others can write it`, "chmod go-w 'DIR/prod.json'")
	mustSave(t, d, "prod", New(Options{})) // replaced by one of mode 0600
	if err := d.Load("prod", New(Options{})); err != nil {
		t.Error(err)
	}
	if err := os.Chmod(d.Dir, 0o777); err != nil {
		t.Fatal(err)
	}
	wantStoreError(t, d, d.Save("prod", New(Options{})), `save session "prod": DIR: others can write it`, "chmod go-w 'DIR'")
	wantStoreError(t, d, d.Load("prod", New(Options{})), `load session "prod": DIR: others can write it`, "chmod go-w 'DIR'")
}

func TestStoreOfAnotherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	d := newStore(t)
	mustSave(t, d, "prod", New(Options{}))
	path, _ := d.Path("prod")
	if err := os.Chown(path, 12345, -1); err != nil {
		t.Fatal(err)
	}
	wantStoreError(t, d, d.Save("prod", New(Options{})), `save session "prod": DIR/prod.json: belongs to another user`, "")
	wantStoreError(t, d, d.Load("prod", New(Options{})), `load session "prod": DIR/prod.json: belongs to another user`, "")
	if err := os.Chown(d.Dir, 12345, -1); err != nil {
		t.Fatal(err)
	}
	wantStoreError(t, d, d.Save("new", New(Options{})), `save session "new": DIR: belongs to another user`, "")
}

func TestStoreDirectoryIsAFile(t *testing.T) {
	d := Store{Dir: filepath.Join(t.TempDir(), "file")}
	if err := os.WriteFile(d.Dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Save("prod", New(Options{})); err == nil {
		t.Error("Save: no error")
	}
	if _, err := d.List(); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("List: %v", err)
	}
}

// Of two programs that save at once, the file is always a whole one of either.
func TestStoreTwoWritersAtOnce(t *testing.T) {
	d := newStore(t)
	bases := [2]string{"http://a.test", "http://b.test"}
	mustSave(t, d, "prod", sessionAt(t, bases[0]))
	var writers sync.WaitGroup
	for i := range bases {
		s := sessionAt(t, bases[i])
		for n := range 200 { // so that a file is more than one write
			s.Settings.Headers = append(s.Settings.Headers, Header{Name: "X-" + strconv.Itoa(n), Value: strings.Repeat(bases[i], 5)})
		}
		writers.Go(func() {
			for range 10 {
				if err := d.Save("prod", s); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { writers.Wait(); close(done) }()
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		default:
		}
		s := New(Options{})
		if err := d.Load("prod", s); err != nil {
			t.Fatal(err)
		}
		for _, h := range s.Settings.Headers {
			if !strings.HasPrefix(h.Value, s.Settings.Base) {
				t.Fatalf("base %s with header %s", s.Settings.Base, h.Value)
			}
		}
	}
	entries, err := os.ReadDir(d.Dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
