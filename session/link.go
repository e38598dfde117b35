package session

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"sonde/session/http1"
	"sonde/session/http2"
)

// A protocol carries exchanges over one connection, one after the other, as
// [http1.Conn] does; whatever version of HTTP it speaks.
type protocol interface {
	Limit(http1.Limits)
	Begin(*http1.Request) error
	Send(*http1.Request) error
	Await() error
	ReadHead(method string) (*http1.Head, error)
	Body() incoming
	Buffered() int
	Reusable() bool
}

// An incoming is the body of an answer, see [http1.Body].
type incoming interface {
	io.Reader
	Length() int64
	Received() int64
	Trailer() []Field
	Transfer(dst io.ReaderFrom, src io.Reader, most int64) (n int64, ok bool, err error)
}

// overHTTP1 and overHTTP2 are the protocols there are.
type (
	overHTTP1 struct{ *http1.Conn }
	overHTTP2 struct{ *http2.Conn }
)

// Body returns the reader of the answer's body.
func (c overHTTP1) Body() incoming { return c.Conn.Body() }

// Body returns the reader of the answer's body.
func (c overHTTP2) Body() incoming { return c.Conn.Body() }

// A link is one open connection. The pool knows only this type and its own
// methods.
type link struct {
	protocol
	h2 *http2.Conn // the protocol, if it is HTTP/2

	key  poolKey
	wire *meter // under TLS
	info ConnInfo
	cost Timing // DNS, Connect and TLS of making it
	weak string // what is weak about the certificate, "" if nothing

	mu       sync.Mutex
	canceled bool   // by the end of a context; for good
	stopped  bool   // no more of this request is to be written
	limited  bool   // a deadline is set
	cancel   func() // interrupt, made once
}

// A meter counts what is written to a connection.
type meter struct {
	net.Conn
	wrote atomic.Int64
}

// Write writes p and counts what of it was written.
func (m *meter) Write(p []byte) (int, error) {
	n, err := m.Conn.Write(p)
	m.wrote.Add(int64(n))
	return n, err
}

// newLink returns a link over top, which is wire itself or TLS over it.
func newLink(key poolKey, wire *meter, top net.Conn, h2 bool, limits http1.Limits) *link {
	l := &link{key: key, wire: wire}
	l.cancel = l.interrupt
	if h2 {
		l.h2 = http2.NewConn(top, key.origin.Scheme)
		l.protocol = overHTTP2{l.h2}
	} else {
		l.protocol = overHTTP1{http1.NewConn(top)}
	}
	l.Limit(limits)
	return l
}

// headLimits returns what an answer's head may not be larger than now.
func (s *Session) headLimits() http1.Limits {
	return http1.Limits{Head: s.Settings.MaxHead, Lines: s.Settings.MaxLines}
}

// refused says that the server has told that it did not look at the request.
func (l *link) refused() bool { return l.h2 != nil && l.h2.Refused() }

// past is a deadline that is over.
func past() time.Time { return time.Unix(1, 0) }

// interrupt ends whatever the connection is doing. It may be called from any
// goroutine, and the connection is of no use afterwards.
func (l *link) interrupt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.canceled = true
	l.wire.SetDeadline(past())
}

// limit sets until when reads and writes may take, zero for no limit.
func (l *link) limit(read, write time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = false
	l.limited = !read.IsZero() || !write.IsZero()
	switch {
	case l.canceled:
	case read.Equal(write):
		l.wire.SetDeadline(read)
	default:
		l.wire.SetReadDeadline(read)
		l.wire.SetWriteDeadline(write)
	}
}

// limitRead changes the limit of reads alone.
func (l *link) limitRead(t time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.canceled {
		l.limited = true
		l.wire.SetReadDeadline(t)
	}
}

// limitWrite changes the limit of writes alone; ok is false if nothing more
// is to be written.
func (l *link) limitWrite(t time.Time) (ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.canceled || l.stopped {
		return false
	}
	l.limited = true
	l.wire.SetWriteDeadline(t)
	return true
}

// stopWriting ends a write that another goroutine is doing, and keeps it from
// starting the next one.
func (l *link) stopWriting() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	l.wire.SetWriteDeadline(past())
}

func (l *link) wasStopped() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stopped
}

// spoil keeps the connection from being used again.
func (l *link) spoil() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.canceled = true
}

func (l *link) close() { l.wire.Close() }

// reusable says that another exchange can follow, and takes the limits off.
func (l *link) reusable() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.canceled || !l.Reusable() {
		return false
	}
	if l.limited {
		l.limited = false
		l.wire.SetDeadline(time.Time{})
	}
	return true
}

// An idleState is what became of a connection while nobody used it.
type idleState int

const (
	idleAlive    idleState = iota
	idleReadable           // something came; on TLS it may be the protocol's own
	idleClosed
)

// probe finds out, without sending anything, whether the server still keeps
// the connection.
func (l *link) probe() idleState {
	state, known := peek(l.wire.Conn)
	if known && (state == idleClosed || l.info.TLSVersion == "") {
		return state
	}
	until := past() // only what TLS has read already, and keeps to itself
	if !known || state == idleReadable {
		const grace = 2 * time.Millisecond // something is there to be read, or nothing will come
		until = time.Now().Add(grace)
	}
	l.wire.SetReadDeadline(until)
	if l.h2 != nil {
		err := l.h2.Probe()
		l.wire.SetReadDeadline(time.Time{})
		if err != nil {
			return idleClosed
		}
		return idleAlive
	}
	err := l.Await()
	l.wire.SetReadDeadline(time.Time{})
	switch {
	case err == nil:
		return idleReadable
	case errors.Is(err, os.ErrDeadlineExceeded):
		return idleAlive
	}
	return idleClosed
}

// describe notes what the TLS handshake agreed on.
func (l *link) describe(state tls.ConnectionState) {
	l.info.TLSVersion = tls.VersionName(state.Version)
	l.info.TLSCipher = tls.CipherSuiteName(state.CipherSuite)
	l.weak = weakness(state)
}
