package session

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"strconv"
	"time"

	"sonde/session/http1"
	"sonde/session/http2"
	"sonde/session/neterr"
)

// ended fills in e if the context's end or a time limit is why something
// failed. The time limit is that for making a connection.
func (s *Session) ended(ctx context.Context, e *Error, err error) bool {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		e.Text, e.Err = "canceled", context.Canceled
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		e.Timeout = true
		e.Text = "no connection"
		if end, ok := ctx.Deadline(); ok && !time.Now().Before(end) {
			<-ctx.Done() // a deadline on the connection can be a moment sooner
		}
		if cause := context.Cause(ctx); cause != nil {
			var limit limitError
			if errors.As(cause, &limit) {
				e.Text += " in " + seconds(time.Duration(limit))
			}
		}
		e.Text += " (" + phaseWords(e.Phase) + ")"
	default:
		return false
	}
	return true
}

// A limitError is the cause of a context that a time limit ended.
type limitError time.Duration

// Error says how long the limit is.
func (e limitError) Error() string { return "limit of " + seconds(time.Duration(e)) }

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

func phaseWords(p Phase) string {
	switch p {
	case PhaseDNS:
		return "looking up the name"
	case PhaseConnect:
		return "connecting"
	case PhaseProxy:
		return "asking the proxy"
	case PhaseTLS:
		return "TLS handshake"
	case PhaseSend:
		return "sending the request"
	case PhaseWait:
		return "waiting for the first byte"
	}
	return "reading the body"
}

// seconds writes a duration as a person would: "60 s", "0.1 s".
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'g', 4, 64) + " s"
}

// isNoHost says that a name does not exist, and never will.
func isNoHost(e *Error) bool {
	var dns *net.DNSError
	return e.Phase == PhaseDNS && errors.As(e.Err, &dns) && dns.IsNotFound
}

// dialError says in words why there is no TCP connection.
func (s *Session) dialError(ctx context.Context, o Origin, err error) *Error {
	e := &Error{Phase: PhaseConnect, Host: o.hostPort(), Err: err}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		e.Phase, e.Host = PhaseDNS, o.Host
	}
	switch {
	case s.ended(ctx, e, err):
	case dns != nil && dns.IsNotFound:
		e.Text, e.Hint = "no such host", s.otherBase(o, "base https://HOST")
	case dns != nil:
		e.Text = "name lookup: " + dns.Err
	case neterr.Refused(err):
		e.Text, e.Hint = "connection refused", s.otherBase(o, "base http://HOST:PORT")
	case o.Scheme == "unix" && (errors.Is(err, fs.ErrNotExist) || socketIn(o.Host) != ""):
		e.Text, e.Hint = "no such socket", socketIn(o.Host)
	case neterr.NoRoute(err):
		e.Text = "no route to it"
	default:
		e.Text = neterr.Cause(err)
	}
	return e
}

// otherBase returns a hint to take another base where that is what was asked: who
// typed a whole URL knows where it is wrong.
func (s *Session) otherBase(o Origin, hint string) string {
	if o != s.baseOrigin() {
		return ""
	}
	return hint
}

// socketIn returns the URL that was meant where a path goes on behind that of a
// socket without a colon between them, "" if none of it is a socket.
func socketIn(path string) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] != '/' {
			continue
		}
		if info, err := os.Stat(path[:i]); err == nil {
			if info.Mode()&fs.ModeSocket == 0 {
				return ""
			}
			return "unix:" + path[:i] + ":" + path[i:]
		}
	}
	return ""
}

// fileCause returns why a file could not be used, without its path.
func fileCause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "no such file"
	}
	return err.Error()
}

// fail says in words why an exchange on a connection broke off.
func (d *doing) fail(phase Phase, err error) *Error {
	e := &Error{Phase: phase, Host: d.hop.trail.now.hostPort(), Err: err, Sent: true}
	var (
		source *http1.SourceError
		head   *http1.HeadError
	)
	switch {
	case d.ctx.Err() != nil:
		e.Text, e.Err = "canceled", d.ctx.Err()
		e.Timeout = errors.Is(e.Err, context.DeadlineExceeded)
	case isTimeout(err):
		e.Timeout, e.Text = true, d.timeoutText(phase)
	case needsHTTP1(err):
		e.Text, e.Hint = err.Error(), "set http1 on"
	case errors.As(err, &source):
		e.Phase, e.Text = PhaseRequest, source.Error()
	case errors.As(err, &head):
		e.Text, e.Raw = head.Error(), head.Raw
		if o := d.hop.trail.now; len(head.Raw) > 1 && head.Raw[0] == 0x15 && head.Raw[1] == 3 && o.Scheme == "http" {
			o.Scheme = "https"
			e.Text, e.Hint = "this port speaks TLS, not plain http", o.String()
		}
	case phase == PhaseWait && neterr.Gone(err):
		e.Text, e.Hint = d.unanswered()
	case phase == PhaseSend && neterr.Gone(err):
		e.Text = "the server closed the connection while the request was being sent"
	default:
		e.Text = tlsCause(err)
	}
	return e
}

// needsHTTP1 says that the server does not take this request over HTTP/2.
func needsHTTP1(err error) bool {
	var end *http2.EndError
	return errors.As(err, &end) && end.Code == http2.CodeHTTP11Required
}

// unanswered words a connection that was closed without an answer. Whether the
// request did something there is not known, and a method that changes things may
// have. An origin that never answered may also be one that speaks TLS.
func (d *doing) unanswered() (text, hint string) {
	text = "the server closed the connection without an answer"
	switch method := d.sent.Method; method {
	case "GET", "HEAD", "OPTIONS":
	default:
		text += "; it may have acted on the request"
		d.final = "; not sent again because " + method + " changes things"
	}
	o := d.hop.trail.now
	if o.Scheme == "http" && !d.link.info.Reused && !d.s.answered(o) {
		o.Scheme = "https"
		return text + "; a port that speaks TLS does that to plain http", o.String()
	}
	return text, ""
}

// answered says that one of the exchanges that are kept came from an origin.
func (s *Session) answered(o Origin) bool {
	for _, x := range s.log.list {
		if from, err := OriginOf(x.Sent.URL); err == nil && from == o {
			return true
		}
	}
	return false
}

// timeoutText names the limit that was reached and what went on then.
func (d *doing) timeoutText(phase Phase) string {
	if !d.total.IsZero() && !time.Now().Before(d.total) {
		if phase == PhaseBody {
			return "no end of the body in " + seconds(d.limit)
		}
		return "no answer in " + seconds(d.limit) + " (" + phaseWords(phase) + ")"
	}
	return "no answer in " + seconds(d.s.Settings.FirstByteTimeout) + " (" + phaseWords(phase) + ")"
}
