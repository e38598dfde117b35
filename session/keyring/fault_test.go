//go:build linux

package keyring

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestUnlockedByPerson(t *testing.T) {
	b := newBus(t)
	b.put(service, "a", "geheim")
	r := newRing()
	b.change(func() { b.locked = true })
	_, err := r.Get(t.Context(), "a")
	if !errors.Is(err, ErrNone) {
		t.Errorf("prompt dismissed: %v, want ErrNone", err)
	}
	wantText(t, err, "read a from the keyring: the keyring is locked, or none was ever made")
	b.change(func() { b.open = true })
	wantGet(t, r, "a", "geheim")
}

// A keyring that says yes and keeps nothing, as when a prompt is dismissed.
func TestSetThatWasNotKept(t *testing.T) {
	b := newBus(t)
	r := newRing()
	b.fail(func(member string, n int) string {
		if member == "SearchItems" { // what was made is not found
			clear(b.items)
		}
		return ""
	})
	err := r.Set(t.Context(), "a", "geheim")
	wantText(t, err, "store a in the keyring: the keyring took it and does not have it")
}

func TestForeignEntriesAreReadOnly(t *testing.T) {
	b := newBus(t)
	b.put("gh:github.com", "jdoe", "gho_123")
	b.put("gh:github.com", "", "gho_current")
	b.put("https://git.example/", "jdoe", headPrefix+" a 1 b")
	r := newRing()
	wantGet(t, r, "gh:github.com/jdoe", "gho_123")
	wantGet(t, r, "gh:github.com/", "gho_current")
	wantGet(t, r, "https://git.example//jdoe", headPrefix+" a 1 b")
	const why = "entries of other programs are read only, ours have no slash in their name"
	wantText(t, r.Set(t.Context(), "gh:github.com/jdoe", "x"), "store gh:github.com/jdoe in the keyring: "+why)
	wantText(t, r.Delete(t.Context(), "gh:github.com/jdoe"), "delete gh:github.com/jdoe from the keyring: "+why)
	wantGet(t, r, "gh:github.com/jdoe", "gho_123")
	_, err := r.Get(t.Context(), "gh:github.com/nobody")
	if !errors.Is(err, ErrNotFound) || err.(*Error).Hint() != "" {
		t.Errorf("foreign entry that is not there: %v, hint %q", err, err.(*Error).Hint())
	}
}

func TestDeleteThatWasNotDone(t *testing.T) {
	b := newBus(t)
	b.put(service, "a", "geheim")
	b.change(func() { b.keeps = true })
	err := newRing().Delete(t.Context(), "a")
	wantText(t, err, "delete a from the keyring: the keyring says it is gone and still has it")
}

func TestNoKeyring(t *testing.T) {
	const unknown = "org.freedesktop.DBus.Error.ServiceUnknown"
	tests := []struct {
		name string
		set  func(t *testing.T) // the world
		want string
	}{
		{"socket that is not there", func(t *testing.T) {
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
		}, "no keyring on this machine (no D-Bus session)"},
		{"socket nobody listens on", func(t *testing.T) {
			b := newBus(t)
			b.listener.Close()
			os.WriteFile(strings.TrimPrefix(b.address, "unix:path="), nil, 0o600)
		}, "no keyring on this machine (no D-Bus session)"},
		{"address that makes no sense", func(t *testing.T) {
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", "nonsense")
		}, "no keyring on this machine (no D-Bus session: invalid bus address (no transport))"},
		{"bus without a keyring", func(t *testing.T) {
			newBus(t).fail(func(m string, _ int) string {
				if m == "OpenSession" || m == "Get" || m == "Unlock" {
					return unknown
				}
				return ""
			})
		}, "no keyring on this machine (nothing on the D-Bus session keeps secrets)"},
		{"locked collection", func(t *testing.T) {
			newBus(t).fail(func(m string, _ int) string {
				if m == "SearchItems" {
					return "org.freedesktop.Secret.Error.IsLocked"
				}
				return ""
			})
		}, "the keyring is locked"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.set(t)
			_, err := newRing().Get(t.Context(), "a")
			if !errors.Is(err, ErrNone) || errors.Is(err, ErrNotFound) {
				t.Errorf("%v is not ErrNone alone", err)
			}
			wantText(t, err, "read a from the keyring: "+tt.want)
		})
	}
	_, err := (*Ring)(nil).Get(t.Context(), "a")
	wantText(t, err, "read a from the keyring: no keyring on this machine (not in use)")
}

// Without the address of a bus the library would run dbus-launch.
func TestNoBusIsStarted(t *testing.T) {
	for _, name := range []string{"bus", "dbus-session"} {
		if _, err := os.Stat(filepath.Join("/run/user", strconv.Itoa(os.Getuid()), name)); err == nil {
			t.Skip("this machine has a session bus where it is found without an address")
		}
	}
	dir := t.TempDir()
	mark := filepath.Join(dir, "started")
	if err := os.WriteFile(filepath.Join(dir, "dbus-launch"), []byte("#!/bin/sh\n>"+mark+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	for _, address := range []string{"", "autolaunch:"} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		for _, r := range []*Ring{newRing(), New(Options{})} {
			err := r.Set(t.Context(), "a", "b")
			wantText(t, err, "store a in the keyring: no keyring on this machine (no D-Bus session)")
		}
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("dbus-launch was run")
	}
}

func TestKeyringThatDoesNotAnswer(t *testing.T) {
	b := newBus(t)
	b.fail(func(member string, _ int) string {
		if member == "SearchItems" {
			return "silence"
		}
		return ""
	})
	r := newRing()
	if r.wait != 5*time.Second || New(Options{Interactive: true}).wait != time.Minute {
		t.Errorf("waits %v alone, %v for a person; want 5s and 1m0s", r.wait, New(Options{Interactive: true}).wait)
	}
	r.wait = 50 * time.Millisecond
	_, err := r.Get(t.Context(), "a")
	if !errors.Is(err, ErrNone) {
		t.Errorf("%v is not ErrNone", err)
	}
	wantText(t, err, "read a from the keyring: the keyring did not answer within 50ms, it may be locked")
	before := runtime.NumGoroutine()
	for range 5 {
		if _, err := r.Get(t.Context(), "a"); err == nil {
			t.Error("a later call got an answer")
		}
	}
	if now := runtime.NumGoroutine(); now > before {
		t.Errorf("%d goroutines after calls that hang, %d before", now, before)
	}
}

func TestCallIsInterrupted(t *testing.T) {
	b := newBus(t)
	asked := make(chan struct{})
	b.fail(func(member string, n int) string {
		if member != "SearchItems" {
			return ""
		}
		if n == 1 {
			close(asked)
		}
		return "silence"
	})
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		<-asked
		cancel(errors.New("interrupted"))
	}()
	_, err := New(Options{Env: os.Getenv, Interactive: true}).Get(ctx, "a")
	wantText(t, err, "read a from the keyring: interrupted")
}

// An answer against the protocol makes the library panic.
func TestAnswerThatMakesNoSense(t *testing.T) {
	b := newBus(t)
	b.change(func() { b.nonsense = true })
	_, err := newRing().Get(t.Context(), "a")
	if err == nil || !strings.Contains(err.Error(), "the keyring's answer makes no sense: ") {
		t.Errorf("got %v", err)
	}
}

func TestCallsAtOnce(t *testing.T) {
	newBus(t)
	r := newRing()
	errs := make(chan error)
	for i := range 8 {
		go func() {
			name := "n" + strconv.Itoa(i)
			err := r.Set(t.Context(), name, name)
			if got, getErr := r.Get(t.Context(), name); err == nil && got != name {
				err = errors.Join(errors.New(name+" holds "+got), getErr)
			}
			errs <- err
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
