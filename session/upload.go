package session

import (
	"errors"
	"os"
	"time"

	"sonde/session/http1"
	"sonde/session/neterr"
)

// An early is what came of reading the answer while the request was sent.
type early struct {
	head *http1.Head
	err  error
}

// upload sends a large body and listens meanwhile: a server that has seen
// enough answers before the end, and may not read the rest.
func (d *doing) upload(out *http1.Request, start time.Time) (*http1.Head, Phase, error) {
	l := d.link
	if l.h2 != nil {
		l.h2.LimitWait(d.s.Settings.FirstByteTimeout)
	}
	l.limit(d.total, d.sooner(d.s.Settings.FirstByteTimeout))
	out.Before = func() error {
		if !l.limitWrite(d.sooner(d.s.Settings.FirstByteTimeout)) {
			return os.ErrDeadlineExceeded
		}
		return nil
	}
	answer := make(chan early, 1)
	go listen(l, d.sent.Method, answer)
	err := l.Send(out)
	d.timer.Send = d.s.now().Sub(start)
	stopped := l.wasStopped()
	switch {
	case err == nil:
		l.limitRead(d.firstByte())
	case neterr.Gone(err) || stopped:
		const grace = time.Second // for an answer that is on its way
		l.limitRead(time.Now().Add(grace))
	default:
		l.limitRead(past())
	}
	got := <-answer
	d.timer.FirstByte = d.s.now().Sub(d.began)
	if err == nil {
		return got.head, PhaseWait, got.err
	}
	if got.head != nil {
		l.spoil()
		return got.head, PhaseWait, nil
	}
	var malformed *http1.HeadError
	if errors.As(got.err, &malformed) || stopped {
		err = got.err // it came first: the sending was ended because of it
	}
	return nil, PhaseSend, err
}

// listen reads the answer's head. If it says that the rest of the request is
// not wanted, or if there will be none, it ends the sending.
func listen(l *link, method string, answer chan<- early) {
	head, err := (*http1.Head)(nil), l.Await()
	if err == nil {
		head, err = l.ReadHead(method)
	}
	if l.h2 == nil && (err != nil || head.Status >= 400) { // HTTP/2 sees to it by itself
		l.stopWriting()
	}
	answer <- early{head, err}
}
