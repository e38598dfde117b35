package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sonde/session/practice"
)

// readme is the project's front page.
func readme(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// fences are the contents of the fenced blocks of one kind.
func fences(text, kind string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(text, "\n```"+kind+"\n")
		if !ok {
			return out
		}
		block, after, _ := strings.Cut(rest, "\n```")
		out = append(out, block+"\n")
		text = after
	}
}

// sonde runs the program as a person's shell would.
func sonde(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command("sonde", args...) // TestMain has put it on the path
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "HOME="+dir, "XDG_STATE_HOME="+dir, "TOKEN=anything")
	cmd.Stdin = strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// TestReadmeTranscripts types the lines after "> " of every sonde block on the
// practice API, block by block, and compares what comes out on stdout.
func TestReadmeTranscripts(t *testing.T) {
	blocks := fences(readme(t), "sonde")
	if len(blocks) == 0 {
		t.Fatal("the README shows no session")
	}
	for i, block := range blocks {
		api, err := practice.Start(practice.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer api.Close()
		var typed, want strings.Builder
		for l := range strings.Lines(block) {
			if text, ok := strings.CutPrefix(l, "> "); ok {
				typed.WriteString(text)
			} else {
				want.WriteString(l)
			}
		}
		got, notes, code := sonde(t, typed.String(), "-q", api.URL())
		got = strings.ReplaceAll(got, api.URL(), "http://127.0.0.1:8080")
		if got != want.String() || code != 0 {
			t.Errorf("block %d: code %d\ngot:\n%s\nwant:\n%s\nstderr:\n%s", i+1, code, got, want.String(), notes)
		}
	}
}

// TestReadmeHelp keeps the README's list of commands the program's own.
func TestReadmeHelp(t *testing.T) {
	blocks := fences(readme(t), "help")
	if len(blocks) != 1 {
		t.Fatalf("got %d help blocks, want 1", len(blocks))
	}
	got, _, _ := sonde(t, "help\n")
	if got == blocks[0] {
		return
	}
	if *update {
		text := strings.Replace(readme(t), "\n```help\n"+blocks[0], "\n```help\n"+got, 1)
		if err := os.WriteFile(filepath.Join("..", "..", "README.md"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the README's help is stale; go test ./cmd/sonde -update\ngot:\n%s", got)
}
