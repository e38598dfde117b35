package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sonde/session/practice"
	"sonde/session/sessiontest"
)

var update = flag.Bool("update", false, "rewrite what scripts expect with what they got")

// TestMain makes the test binary serve as sonde for the scripts and for the
// terminal tests, with everything but the clock as in main.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"sonde": func() {
			os.Exit(run(env{
				args: os.Args[1:],
				in:   os.Stdin, out: os.Stdout, err: os.Stderr,
				lookup: os.LookupEnv,
				now:    time.Now,
			}))
		},
	})
}

// TestScript runs testdata/script: each script carries the answers of its own
// server in server/METHOD/path and starts the real program.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup:               setup,
	})
}

// setup starts the servers a script finds in its environment: URL answers from
// its files, TLSURL does the same over TLS, API is the practice API.
func setup(e *testscript.Env) error {
	dir := filepath.Join(e.WorkDir, "server")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	s, err := sessiontest.NewServer(dir)
	if err != nil {
		return err
	}
	e.Defer(func() { s.Close() })
	p, err := practice.Start(practice.Options{Slow: time.Second})
	if err != nil {
		return err
	}
	e.Defer(func() { p.Close() })
	e.Setenv("URL", s.URL())
	e.Setenv("API", p.URL())
	e.Setenv("HOME", e.WorkDir)
	e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
	e.Setenv("SONDE_KEYRING", "off") // that of whoever runs the tests is theirs
	e.Setenv("NO_COLOR", "1")
	e.Setenv("TERM", "xterm-256color")
	return nil
}
