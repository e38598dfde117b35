package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"sonde/repl/terminal"
)

const goos = runtime.GOOS

// subcommand runs the words that are no base URL.
func subcommand(e env) (code int, ok bool) {
	if len(e.args) == 0 {
		return 0, false
	}
	switch e.args[0] {
	case "completion":
		if text, ok := completion(e.args[1:]); ok {
			return e.write(text), true
		}
		return e.fail(usageError{"completion: bash, zsh or fish is wanted"}, "sonde completion bash"), true
	case "play", "present", "build", "test", "har":
		return e.fail(usageError{e.args[0] + ": lessons and recordings are not part of this version"}, "sonde -f FILE"), true
	}
	return 0, false
}

// completion is what makes a shell complete sonde's flags.
func completion(args []string) (text string, ok bool) {
	if len(args) != 1 {
		return "", false
	}
	var names []string
	var o options
	flagSet(&o).VisitAll(func(f *flag.Flag) {
		if len(f.Name) == 1 {
			names = append(names, "-"+f.Name)
			return
		}
		names = append(names, "--"+f.Name)
	})
	words := strings.Join(append(names, "completion"), " ")
	switch args[0] {
	case "bash":
		return fmt.Sprintf("complete -o default -W '%s' sonde\n", words), true
	case "zsh":
		return fmt.Sprintf("#compdef sonde\n_sonde() { compadd -- %s; _files }\ncompdef _sonde sonde\n", words), true
	case "fish":
		return fmt.Sprintf("complete -c sonde -a '%s'\n", words), true
	}
	return "", false
}

// shellCommand makes a process of a shell command line.
func shellCommand(ctx context.Context, text string) *exec.Cmd {
	if goos == "windows" {
		return exec.CommandContext(ctx, "cmd", "/c", text)
	}
	return exec.CommandContext(ctx, "sh", "-c", text)
}

// ttyName is the terminal that controls the process.
func ttyName() string {
	if goos == "windows" {
		return "CONIN$"
	}
	return "/dev/tty"
}

// canAsk reports whether there is a terminal to ask at.
func canAsk() bool {
	f, err := os.OpenFile(ttyName(), os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	return terminal.IsTerminal(f)
}

// askTTY asks at the controlling terminal.
func askTTY(prompt string) (string, error) {
	f, err := os.OpenFile(ttyName(), os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return terminal.ReadSecretTTY(f, prompt)
}
