//go:build linux

package keyring

import (
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func newRing() *Ring { return New(Options{Env: os.Getenv}) }

func mustSet(t *testing.T, r *Ring, name, secret string) {
	t.Helper()
	if err := r.Set(t.Context(), name, secret); err != nil {
		t.Fatalf("Set(%q): %v", name, err)
	}
}

func wantGet(t *testing.T, r *Ring, name, want string) {
	t.Helper()
	got, err := r.Get(t.Context(), name)
	if err != nil {
		t.Fatalf("Get(%q): %v", name, err)
	}
	if got != want {
		t.Fatalf("Get(%q) = %d bytes %.40q, want %d bytes %.40q", name, len(got), got, len(want), want)
	}
}

func wantText(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestStoreReadReplaceDelete(t *testing.T) {
	b := newBus(t)
	r := newRing()
	mustSet(t, r, "api token", "geheim")
	wantGet(t, r, "api token", "geheim")
	wantGet(t, r, "sonde/api token", "geheim")
	for _, secret := range []string{"", "zwei\nZeilen\x00\xff", "schlüssel"} {
		mustSet(t, r, "api token", secret)
		wantGet(t, r, "api token", secret)
	}
	if got := b.accounts(); len(got) != 1 {
		t.Errorf("accounts kept: %q, want one", got)
	}
	if err := r.Delete(t.Context(), "api token"); err != nil {
		t.Fatal(err)
	}
	_, err := r.Get(t.Context(), "api token")
	if !errors.Is(err, ErrNotFound) || errors.Is(err, ErrNone) {
		t.Errorf("Get after Delete: %v, want ErrNotFound", err)
	}
	wantText(t, err, "read 'api token' from the keyring: no such entry")
	if hint := err.(*Error).Hint(); hint != "secret-tool store --label=sonde service sonde username 'api token'" {
		t.Errorf("hint %q", hint)
	}
	err = r.Delete(t.Context(), "api token")
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("second Delete: %v, want ErrNotFound", err)
	}
}

func TestLongSecretIsKeptInParts(t *testing.T) {
	b := newBus(t)
	r := newRing()
	size := partSize(runtime.GOOS)
	for _, n := range []int{size, size + 1, 2*size + 1} {
		secret := strings.Repeat("0123456789abcde\n", n/16+1)[:n]
		mustSet(t, r, "session:prod", secret)
		wantGet(t, r, "session:prod", secret)
		want := 1
		if n > size {
			want += (n + size - 1) / size
		}
		if got := b.accounts(); len(got) != want {
			t.Errorf("%d bytes: %d entries %.200q, want %d", n, len(got), got, want)
		}
	}
	mustSet(t, r, "session:prod", "short")
	wantGet(t, r, "session:prod", "short")
	if got := b.accounts(); !slices.Equal(got, []string{"session:prod"}) {
		t.Errorf("entries after a short secret took the place: %q", got)
	}
	err := r.Set(t.Context(), "x", strings.Repeat("a", maxSecret+1))
	wantText(t, err, "store x in the keyring: 1048577 bytes are more than the 1048576 it may have")
}

func TestLongSecretIsDeletedWhole(t *testing.T) {
	b := newBus(t)
	r := newRing()
	mustSet(t, r, "a", strings.Repeat("x", 200_000))
	// A part that cannot be deleted: the entry stays and can be deleted again.
	b.fail(func(member string, n int) string {
		if member == "Delete" && n == 2 {
			return "org.freedesktop.DBus.Error.Failed"
		}
		return ""
	})
	if err := r.Delete(t.Context(), "a"); err == nil {
		t.Error("Delete with a part that stayed: no error")
	}
	b.fail(nil)
	if err := r.Delete(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	if got := b.accounts(); len(got) != 0 {
		t.Errorf("left behind: %q", got)
	}
}

// A secret that reads like the head of another is no head.
func TestSecretLikeAHead(t *testing.T) {
	newBus(t)
	r := newRing()
	for _, secret := range []string{
		head{id: "X", count: 1, sum: digest("a")}.String(),
		headPrefix, "a\x00b\x00",
	} {
		mustSet(t, r, "odd", secret)
		wantGet(t, r, "odd", secret)
	}
}

func TestDamagedPartsAreAnError(t *testing.T) {
	b := newBus(t)
	r := newRing()
	mustSet(t, r, "big", strings.Repeat("x", 100_000))
	second := b.find(".2")
	b.change(func() { b.items[second] = item{b.items[second].attributes, []byte("y")} })
	_, err := r.Get(t.Context(), "big")
	wantText(t, err, "read big from the keyring: a part of it is missing or changed, store it again")
	b.change(func() { delete(b.items, second) })
	_, err = r.Get(t.Context(), "big")
	if !errors.Is(err, errDamaged) {
		t.Errorf("Get without a part: %v", err)
	}
	mustSet(t, r, "big", "new")
	wantGet(t, r, "big", "new")
}

// Whichever call fails while a secret replaces another, the old or the new one
// is read afterwards, the new one if Set returned nil.
func TestReplaceStoppedAnywhere(t *testing.T) {
	b := newBus(t)
	r := newRing()
	older, newer := strings.Repeat("old ", 17_000), strings.Repeat("new", 23_000) // two parts each
	for _, member := range []string{"CreateItem", "GetSecret", "SearchItems", "Delete"} {
		for stop := 1; stop <= 4; stop++ {
			b.fail(nil)
			mustSet(t, r, "s", older)
			b.fail(func(m string, n int) string {
				if m == member && n >= stop {
					return "org.freedesktop.DBus.Error.Failed"
				}
				return ""
			})
			err := r.Set(t.Context(), "s", newer)
			b.fail(nil)
			got, getErr := r.Get(t.Context(), "s")
			if getErr != nil || got != older && got != newer || err == nil && got != newer {
				t.Errorf("%s %d failed: Set %v; then Get %d bytes %.10q, %v", member, stop, err, len(got), got, getErr)
			}
		}
	}
}

// What was written for a secret that then could not be kept is removed.
func TestFailedReplaceLeavesNothing(t *testing.T) {
	b := newBus(t)
	r := newRing()
	mustSet(t, r, "s", "old")
	for stop := 1; stop <= 3; stop++ { // two parts and the entry
		b.fail(func(m string, n int) string {
			if m == "CreateItem" && n == stop {
				return "org.freedesktop.DBus.Error.LimitsExceeded"
			}
			return ""
		})
		err := r.Set(t.Context(), "s", strings.Repeat("new", 23_000))
		wantText(t, err, "store s in the keyring: the keyring answers: what the daemon says")
		if got := b.accounts(); !slices.Equal(got, []string{"s"}) {
			t.Errorf("writing %d failed and left %q", stop, got)
		}
		wantGet(t, r, "s", "old")
	}
}
