package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"sonde/repl"
)

// version is what --version prints.
const version = "0.1.0"

// source is one -f or -c, in the order given.
type source struct {
	file string // "-" is standard input
	text string // of -c
	line bool   // it is a -c
}

// options are the words sonde was started with.
type options struct {
	base      string
	sources   []source
	color     string
	print     string
	noPrint   bool
	session   string
	http1     bool
	raw       bool
	keepGoing bool
	failing   bool
	check     bool
	quiet     bool
	verbose   bool
	stay      bool // -i
	demo      bool
	version   bool
	help      bool
}

// scripted reports whether the lines come from -f or -c.
func (o options) scripted() bool { return len(o.sources) > 0 }

// flagSet names every flag. Their texts are the help.
func flagSet(o *options) *flag.FlagSet {
	fs := flag.NewFlagSet("sonde", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Func("f", "run the script `FILE`; - is stdin; may be given again", func(s string) error {
		o.sources = append(o.sources, source{file: s})
		return nil
	})
	fs.Func("c", "run the `LINE`, or several; may be given again", func(s string) error {
		o.sources = append(o.sources, source{text: s, line: true})
		return nil
	})
	fs.BoolVar(&o.stay, "i", false, "stay at the prompt after -f and -c")
	fs.BoolVar(&o.demo, "demo", false, "start the built-in practice API and use it as base")
	fs.StringVar(&o.color, "color", "auto", "`WHEN` to colour: auto, always, never")
	letters := func(s string) error {
		if !repl.PrintLetters(s) {
			return errors.New("the letters are H B (request head, body), h b (answer), m (timing)")
		}
		o.print, o.noPrint = s, s == ""
		return nil
	}
	fs.Func("p", "what each answer prints, `LETTERS` of HBhbm", letters)
	fs.Func("print", "the same as -p", letters)
	for _, name := range []string{"r", "raw-output"} {
		fs.BoolVar(&o.raw, name, false, "string results of queries without quotes")
	}
	fs.BoolVar(&o.keepGoing, "keep-going", false, "scripts run on after a failed line")
	fs.BoolVar(&o.failing, "fail", false, "an answer of 4xx or 5xx that no expect looked at stops a script at its next request")
	fs.BoolVar(&o.check, "check", false, "parse the script, report every syntax error, send nothing")
	fs.StringVar(&o.session, "session", "", "load the saved session `NAME` before, save it after")
	fs.BoolVar(&o.http1, "http1", false, "do not offer HTTP/2")
	fs.BoolVar(&o.quiet, "q", false, "no notices")
	fs.BoolVar(&o.verbose, "v", false, "more: request heads, redirects in full")
	fs.BoolVar(&o.version, "version", false, "print the version")
	fs.BoolVar(&o.help, "help", false, "print this")
	fs.BoolVar(&o.help, "h", false, "print this")
	return fs
}

// parseFlags reads the words sonde was started with. Flags stand before or after
// the base URL.
func parseFlags(args []string) (options, error) {
	var o options
	fs := flagSet(&o)
	for {
		if err := fs.Parse(args); err != nil {
			return o, usageError{flagWords(err)}
		}
		args = fs.Args()
		if len(args) == 0 {
			return o, nil
		}
		if o.base != "" {
			return o, usageError{"one base URL is enough: " + o.base + " and " + args[0] + " were given"}
		}
		o.base, args = args[0], args[1:]
	}
}

// flagWords words an error of package flag with the dashes people type.
func flagWords(err error) string {
	s := err.Error()
	for _, before := range []string{"flag provided but not defined: -", "flag needs an argument: -"} {
		if name, ok := strings.CutPrefix(s, before); ok {
			dashes := "--"
			if len(name) == 1 {
				dashes = "-"
			}
			if strings.Contains(before, "needs") {
				return dashes + name + " wants a value"
			}
			return "no flag " + dashes + name
		}
	}
	return s
}

// usageError is a wrong word on the command line.
type usageError struct{ text string }

// Error is what was wrong.
func (e usageError) Error() string { return e.text }

// usage is what --help prints.
func usage() string {
	w := new(strings.Builder)
	fmt.Fprint(w, `sonde: a prompt for exploring REST APIs

  sonde [flags] [BASE_URL]           at a terminal the prompt; else stdin is run as a script
  sonde -f FILE [BASE_URL]           run a script file; -i stays at the prompt afterwards
  sonde -c 'get /user' [BASE_URL]    run a line, or several
  sonde --demo                       try it on the built-in practice API: no network, no account
  sonde completion bash|zsh|fish     words for your shell's Tab key

`)
	var o options
	flagSet(&o).VisitAll(func(f *flag.Flag) {
		dashes, name := "--", f.Name
		if len(name) == 1 {
			dashes = "-"
		}
		value, text := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "  %-22s %s\n", strings.TrimSpace(dashes+name+" "+value), text)
	})
	fmt.Fprint(w, `
Exit codes of a script: 0 done, 1 a line failed, 2 wrong words, 4 or 5 an answer
was 4xx or 5xx and no expect looked at its status, 130 Ctrl-C.
At the prompt: help
`)
	return w.String()
}
