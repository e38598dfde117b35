// Sonde is a prompt for exploring REST APIs: one session keeps the login, the
// headers, the cookies and the connection, and the last answer is at hand for jq.
//
// See sonde --help, and help at its prompt.
package main

import (
	"os"
	"time"
)

func main() {
	os.Exit(run(env{
		args: os.Args[1:],
		in:   os.Stdin, out: os.Stdout, err: os.Stderr,
		lookup: os.LookupEnv,
		now:    time.Now,
	}))
}

// env is what the process is given.
type env struct {
	args         []string
	in, out, err *os.File
	lookup       func(name string) (string, bool)
	now          func() time.Time
}

// get is an environment variable, "" when it is not set.
func (e env) get(name string) string {
	v, _ := e.lookup(name)
	return v
}
