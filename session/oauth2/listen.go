package oauth2

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	visitTime = 10 * time.Second
	visitors  = 16 // connections at a time; browsers open some they do not use
)

// A listener waits on the loopback interface for the one visit of a browser
// that ends a login.
type listener struct {
	redirect string // its address, as the server is told it
	state    string

	net     net.Listener
	visit   time.Duration   // for one connection, from its start to its end
	answers chan url.Values // the parameters of that visit; never more than one
	failed  chan error      // why no more visits can be taken; never more than one
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu        sync.Mutex
	answered  bool
	strangers int // visits to callbackPath that were not for this login
}

// listen starts to listen on a free port. ctx done ends all connections; close
// has to be called in any case.
func listen(ctx context.Context, state string) (*listener, error) {
	var config net.ListenConfig
	n, err := config.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return attend(ctx, n, state, visitTime), nil
}

// attend takes visits at n, each for so long at most.
func attend(ctx context.Context, n net.Listener, state string, visit time.Duration) *listener {
	l := &listener{
		redirect: "http://" + n.Addr().String() + callbackPath, state: state, net: n, visit: visit,
		answers: make(chan url.Values, 1), failed: make(chan error, 1),
	}
	ctx, l.cancel = context.WithCancel(ctx)
	l.running.Go(func() { l.accept(ctx) })
	return l
}

// close ends listening and all connections, and returns when nothing of it runs
// any more. It may be called again.
func (l *listener) close() {
	l.cancel()
	l.net.Close()
	l.running.Wait()
}

// wait returns the parameters of the visit that was waited for, or why there
// was none.
func (l *listener) wait(ctx context.Context, limit time.Duration) (url.Values, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case v := <-l.answers:
		return v, nil
	case err := <-l.failed:
		return nil, fmt.Errorf("listener for the browser: %w", err)
	case <-ctx.Done():
		return nil, fmt.Errorf("browser login: %w", ctx.Err())
	case <-timer.C:
	}
	text := "no answer came through the browser in time"
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.strangers > 0 {
		text = fmt.Sprintf("%s, only %d that did not belong to this login", text, l.strangers)
	}
	return nil, &Error{Endpoint: authEndpoint, Description: text}
}

// accept takes connections side by side: one that a browser opened and does not
// use is not in the way of the one that matters.
func (l *listener) accept(ctx context.Context) {
	slots := make(chan struct{}, visitors)
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		conn, err := l.net.Accept()
		if err != nil {
			l.failed <- err
			return
		}
		l.running.Go(func() {
			l.serve(ctx, conn)
			<-slots
		})
	}
}

// serve answers one request and closes the connection.
func (l *listener) serve(ctx context.Context, conn net.Conn) {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(l.visit)) // of the machine's clock, as deadlines are
	method, target, status := readRequest(conn)
	var answer url.Values
	switch status {
	case 0:
		return
	case 200:
		status, answer = l.judge(method, target)
	}
	conn.Write(page(status, answer.Has("code")))
	if answer != nil {
		// Not before the page is sent: what follows ends all connections.
		l.answers <- answer
	}
}

// judge returns the status for a visit, and the parameters if it is the one
// that was waited for. The first one of that kind is the only one.
func (l *listener) judge(method, target string) (status int, answer url.Values) {
	path, query, _ := strings.Cut(target, "?")
	if path != callbackPath {
		return 404, nil
	}
	if method != "GET" {
		return 405, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	v, err := url.ParseQuery(query)
	if err != nil || repeats(v) || !v.Has("code") && !v.Has("error") ||
		subtle.ConstantTimeCompare([]byte(v.Get("state")), []byte(l.state)) != 1 {
		l.strangers++
		return 400, nil
	}
	if l.answered {
		return 410, nil
	}
	l.answered = true
	return 200, v
}

// repeats says that a parameter is there twice, which RFC 6749 section 3.1 does
// not allow.
func repeats(v url.Values) bool {
	for _, values := range v {
		if len(values) > 1 {
			return true
		}
	}
	return false
}
