//go:build instruments && linux

package keyring

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestRealKeyring needs an unlocked keyring daemon on the session bus. In CI:
//
//	dbus-run-session -- sh -c 'printf "\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null
//	    go test -tags instruments -count 1 -run TestRealKeyring ./session/keyring'
//
// with HOME and XDG_DATA_HOME set to directories of its own.
func TestRealKeyring(t *testing.T) {
	r := New(Options{Env: os.Getenv})
	const name = "test of sonde #1"
	t.Cleanup(func() { r.Delete(context.Background(), name) })
	long := strings.Repeat("line of a session, ü\n", 10_000)
	for _, secret := range []string{"first", "second\x00\xff", "", long, strings.Repeat("x", 70_000), "short again"} {
		mustSet(t, r, name, secret)
		wantGet(t, r, name, secret)
	}
	if err := r.Delete(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Get(t.Context(), name); !errors.Is(err, ErrNotFound) {
		t.Errorf("Get after Delete: %v, want ErrNotFound", err)
	}
	if err := r.Delete(t.Context(), name); !errors.Is(err, ErrNotFound) {
		t.Errorf("second Delete: %v, want ErrNotFound", err)
	}
	if out, _ := exec.Command("secret-tool", "search", "--all", "service", service).CombinedOutput(); strings.Contains(string(out), name) {
		t.Errorf("left behind:\n%s", out)
	}
}

// TestRealKeyringHint runs the command that a hint names, and reads what
// another program keeps.
func TestRealKeyringHint(t *testing.T) {
	if _, err := exec.LookPath("secret-tool"); err != nil {
		t.Fatal(err)
	}
	r := New(Options{Env: os.Getenv})
	_, err := r.Get(t.Context(), "o'neil test")
	var e *Error
	if !errors.As(err, &e) || e.Hint() == "" {
		t.Fatalf("Get of an entry that is not there: %v", err)
	}
	for _, tt := range []struct{ command, name string }{
		{e.Hint(), "o'neil test"},
		{"secret-tool store --label=other service sonde-test:other username jdoe", "sonde-test:other/jdoe"},
	} {
		cmd := exec.Command("sh", "-c", tt.command)
		cmd.Stdin = strings.NewReader("geheim")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", tt.command, err, out)
		}
		wantGet(t, r, tt.name, "geheim")
	}
	exec.Command("secret-tool", "clear", "service", "sonde-test:other", "username", "jdoe").Run()
	if err := r.Delete(t.Context(), "o'neil test"); err != nil {
		t.Error(err)
	}
}

// TestRealBusWithoutKeyring needs dbus-daemon: a bus whose directory of
// services is empty.
func TestRealBusWithoutKeyring(t *testing.T) {
	dir := t.TempDir()
	config := `<busconfig><type>session</type><listen>unix:path=` + dir + `/bus</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
	if err := os.WriteFile(dir+"/conf", []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	daemon := exec.Command("dbus-daemon", "--config-file="+dir+"/conf", "--nofork", "--print-address")
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { daemon.Process.Kill(); daemon.Wait() }()
	buf := make([]byte, 500)
	n, err := out.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	disconnect()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(string(buf[:n])))
	_, err = New(Options{Env: os.Getenv}).Get(t.Context(), "a")
	wantText(t, err, "read a from the keyring: no keyring on this machine (nothing on the D-Bus session keeps secrets)")
	disconnect()
}
