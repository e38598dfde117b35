package neterr

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ended returns what a read says after the other side has done something to the
// connection.
func ended(t *testing.T, do func(*net.TCPConn)) error {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	near, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer near.Close()
	far, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	do(far.(*net.TCPConn))
	_, err = near.Read(make([]byte, 1))
	return err
}

// TestRealErrors asks what errors mean that sockets gave.
func TestRealErrors(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	_, refused := net.Dial("tcp", ln.Addr().String())
	reset := ended(t, func(c *net.TCPConn) { c.SetLinger(0); c.Close() })
	_, local := ln.Accept()
	for _, tt := range []struct {
		name          string
		err           error
		gone, refused bool
	}{
		{"refused", refused, false, true},
		{"closed", ended(t, func(c *net.TCPConn) { c.Close() }), true, false},
		{"reset", reset, true, false},
		{"closed here", local, true, false},
		{"wrapped", fmt.Errorf("reading: %w", reset), true, false},
		{"nil", nil, false, false},
	} {
		if got := Gone(tt.err); got != tt.gone {
			t.Errorf("%s: Gone(%v) = %v, want %v", tt.name, tt.err, got, tt.gone)
		}
		if got := Refused(tt.err); got != tt.refused {
			t.Errorf("%s: Refused(%v) = %v, want %v", tt.name, tt.err, got, tt.refused)
		}
		if NoRoute(tt.err) {
			t.Errorf("%s: NoRoute(%v) = true, want false", tt.name, tt.err)
		}
	}
	for _, err := range []error{refused, reset} {
		if got := Cause(err); strings.Contains(got, "127.0.0.1") || got == "" {
			t.Errorf("Cause(%v) = %q, want it without addresses", err, got)
		}
	}
}

// TestNumbers has the numbers that no test can make the system report, each as
// package net wraps it.
func TestNumbers(t *testing.T) {
	unreachable := []syscall.Errno{syscall.ENETUNREACH, syscall.EHOSTUNREACH}
	if runtime.GOOS == "windows" {
		unreachable = []syscall.Errno{10051, 10065} // WSAENETUNREACH, WSAEHOSTUNREACH
	}
	for _, number := range unreachable {
		err := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", number)}
		if !NoRoute(err) || Refused(err) || Gone(err) || Cause(err) != number.Error() {
			t.Errorf("%v: got no route %v, refused %v, gone %v, cause %q", err, NoRoute(err), Refused(err), Gone(err), Cause(err))
		}
	}
	for _, tt := range []struct {
		err  error
		gone bool
	}{{io.EOF, true}, {io.ErrUnexpectedEOF, true}, {os.ErrDeadlineExceeded, false}, {io.ErrShortWrite, false}} {
		if got := Gone(tt.err); got != tt.gone {
			t.Errorf("Gone(%v) = %v, want %v", tt.err, got, tt.gone)
		}
	}
	plain := errors.New("something else")
	if got := Cause(&net.OpError{Op: "read", Err: plain}); got != plain.Error() {
		t.Errorf("got cause %q, want %q", got, plain)
	}
	if got := Cause(plain); got != plain.Error() {
		t.Errorf("got cause %q, want %q", got, plain)
	}
	_, timeout := net.DialTimeout("tcp", "127.0.0.1:1", time.Nanosecond)
	if Gone(timeout) || NoRoute(timeout) {
		t.Errorf("%v: got gone %v, no route %v, want neither", timeout, Gone(timeout), NoRoute(timeout))
	}
}
