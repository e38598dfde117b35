package repl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A Script is text to run line by line.
type Script struct {
	Name string    // "stdin", "-c" or the file's name, as errors show it
	In   io.Reader // read as it is needed, so a script may be typed into a pipe
	Past int       // lines of that name that came before: what -c counts on from

	KeepGoing bool // run on after a failed line; the first failure's code counts
	Check     bool // parse everything, report every syntax error, run nothing
}

// longestLine is how long one line of a script may be.
const longestLine = 64 << 20

// RunScripts runs scripts one after another in the same session, and returns
// the exit code: the first failure's, or 4 or 5 for an answer of that class
// whose status nobody examined, or 0.
func (sh *Shell) RunScripts(ctx context.Context, scripts []Script) int {
	code := ExitOK
	sh.scripted = true
	for i := range scripts {
		c := sh.runScript(ctx, &scripts[i])
		if code == ExitOK {
			code = c
		}
		if c == ExitSignal || c != ExitOK && !scripts[i].KeepGoing && !scripts[i].Check || sh.leave {
			break
		}
	}
	sh.expectSummary()
	return code
}

// ExitCode is the code of a conversation that ended without a failed line.
func (sh *Shell) ExitCode() int {
	if len(sh.failing) == 0 {
		return ExitOK
	}
	return statusExit(sh.failing[0].status)
}

// expectSummary counts the expectations of a script that failed.
func (sh *Shell) expectSummary() {
	if sh.expects.failed > 0 && !sh.Quiet {
		fmt.Fprintf(sh.Err, "%d of %s failed\n", sh.expects.failed, plural(sh.expects.run, "expectation"))
	}
}

// runScript runs one script and returns the code of its first failure.
func (sh *Shell) runScript(ctx context.Context, s *Script) int {
	in := &lines{r: bufio.NewReaderSize(s.In, 64<<10), n: s.Past}
	code := ExitOK
	for !sh.leave {
		text, err := sh.nextLine(in)
		if err != nil && err != io.EOF {
			sh.report(failed("read", err.Error(), ""), place(s.Name, in.n+1))
			return ExitFailed
		}
		if err == io.EOF && text == "" {
			break
		}
		if s.Check {
			err = sh.check(text)
			sh.out.Flush()
		} else {
			err = sh.Eval(ctx, text)
		}
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return ExitSignal
		}
		at := in.first
		if e, ok := errors.AsType[*Failure](sh.unknownToo(err, text)); ok {
			err = e
			at += strings.Count(e.Text[:max(0, min(e.Pos, len(e.Text)))], "\n")
		}
		sh.report(err, place(s.Name, at))
		if code == ExitOK {
			code = exitCode(asFailure(err, "", text))
		}
		if !s.KeepGoing && !s.Check {
			return code
		}
	}
	return code
}

// unknownToo words an error of Parse as Eval does.
func (sh *Shell) unknownToo(err error, text string) error {
	return sh.mask(asFailure(sh.unknown(err, text), "", text), text)
}

// lines reads a script and counts.
type lines struct {
	r     *bufio.Reader
	n     int // lines read so far
	first int // the line the text last handed out began on
}

// nextLine is the next whole line of a script, with the further lines it asks
// for: an open bracket or quote, a heredoc.
func (sh *Shell) nextLine(in *lines) (string, error) {
	text, err := in.read()
	in.first = in.n
	for err == nil {
		until, more := sh.Incomplete(text)
		if !more {
			return text, nil
		}
		for {
			var next string
			if next, err = in.read(); err == io.EOF && next == "" {
				return text, nil // Parse says what is missing
			}
			text += "\n" + next
			if until == "" || next == until || err != nil {
				break
			}
		}
	}
	if err == io.EOF && text != "" {
		return text, nil
	}
	return text, err
}

// read is the next physical line without its line end; a byte order mark at the
// start of the script is skipped.
func (l *lines) read() (string, error) {
	var b []byte
	for {
		part, err := l.r.ReadSlice('\n')
		b = append(b, part...)
		if err == bufio.ErrBufferFull {
			if len(b) > longestLine {
				return "", fmt.Errorf("line %d is longer than %s", l.n+1, sizeText(longestLine))
			}
			continue
		}
		if err != nil && (err != io.EOF || len(b) == 0) {
			return "", err
		}
		break
	}
	l.n++
	s := strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r")
	if l.n == 1 {
		s = strings.TrimPrefix(s, "\ufeff")
	}
	return s, nil
}
