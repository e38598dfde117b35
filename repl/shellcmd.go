package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// childGrace is how long the children of a shell command that was ended may keep
// its output open.
const childGrace = 100 * time.Millisecond

// shell runs a shell command; feed, if not nil, writes its standard input. Its
// output is the person's own business and goes out untouched.
func (sh *Shell) shell(ctx context.Context, text string, feed func(io.Writer) error) error {
	if strings.TrimSpace(text) == "" {
		return misused("!", "a shell command is wanted", "`! ls`")
	}
	if sh.Command == nil {
		return failed("!", "shell commands are not run here", "")
	}
	sh.out.separate()
	if err := sh.out.Flush(); err != nil {
		return failed("write", err.Error(), "")
	}
	cmd := sh.Command(ctx, text)
	cmd.Stdout, cmd.Stderr = sh.Out, sh.Err
	cmd.WaitDelay = childGrace
	if sh.Disturbed != nil {
		defer sh.Disturbed()
	}
	if feed == nil {
		cmd.Stdin = sh.In
		return shellError(ctx, text, cmd.Run())
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return failed("!", err.Error(), "")
	}
	if err := cmd.Start(); err != nil {
		return failed("!", err.Error(), "")
	}
	fed := feed(in)
	in.Close()
	err = cmd.Wait()
	// a command that has seen enough, as head has, closes its input
	if fed != nil && !isClosedPipe(fed) {
		return fed
	}
	return shellError(ctx, text, err)
}

// shellError words how a shell command ended.
func shellError(ctx context.Context, text string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if e, ok := errors.AsType[*exec.ExitError](err); ok && e.ExitCode() > 0 {
		return failed("!"+text, fmt.Sprintf("exit code %d", e.ExitCode()), "")
	}
	return failed("!"+text, err.Error(), "")
}
