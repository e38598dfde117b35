package proxy

import (
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"sonde/session/neterr"
)

// openTunnel asks an HTTP proxy for a tunnel to the target (RFC 9110, section
// 9.3.6) and returns the connection through it.
func (d *dialing) openTunnel(ctx context.Context, conn net.Conn) (net.Conn, *Error) {
	for _, c := range []byte(d.o.UserAgent) {
		if c < ' ' || c == 0x7f {
			return nil, d.fail(ctx, PhaseProxy, nil, "a control character in User-Agent", "")
		}
	}
	stop := interrupt(ctx, conn)
	defer stop()
	if _, err := io.WriteString(conn, d.connectHead()); err != nil {
		return nil, d.tunnelBroken(ctx, err)
	}
	a, err := readAnswer(conn)
	if err != nil {
		return nil, d.tunnelBroken(ctx, err)
	}
	if a.status < 200 || a.status > 299 {
		return nil, d.refused(ctx, conn, a)
	}
	if !stop() {
		return nil, d.fail(ctx, PhaseProxy, ctx.Err(), "", "")
	}
	if len(a.rest) > 0 {
		return &ahead{Conn: conn, read: a.rest}, nil
	}
	return conn, nil
}

// connectHead returns the request for a tunnel.
func (d *dialing) connectHead() string {
	var b strings.Builder
	b.WriteString("CONNECT " + d.target + " HTTP/1.1\r\nHost: " + d.target + "\r\n")
	if d.o.UserAgent != "" {
		b.WriteString("User-Agent: " + d.o.UserAgent + "\r\n")
	}
	if value, ok := d.Authorization(); ok {
		b.WriteString("Proxy-Authorization: " + value + "\r\n")
	}
	b.WriteString("\r\n")
	return b.String()
}

// tunnelBroken words a connection to the proxy that ended, or an answer that is
// none.
func (d *dialing) tunnelBroken(ctx context.Context, err error) *Error {
	if bad, ok := err.(*answerError); ok {
		text, hint := "CONNECT "+d.target+": "+bad.cause, ""
		if raw := d.words(bad.raw); raw != "" {
			text += ": " + raw
		}
		if d.Scheme == "http" && len(bad.raw) > 1 && bad.raw[0] == 0x15 && bad.raw[1] == 3 { // a TLS alert
			text, hint = "this port speaks TLS, not plain http", d.example("https", d.hasLogin())
		}
		return d.fail(ctx, PhaseProxy, bad.err, text, hint)
	}
	text := neterr.Cause(err)
	if neterr.Gone(err) {
		text = "the proxy closed the connection without an answer"
	}
	return d.fail(ctx, PhaseProxy, err, "CONNECT "+d.target+": "+text, "")
}

// refused words an answer that opens no tunnel.
func (d *dialing) refused(ctx context.Context, conn net.Conn, a *answer) *Error {
	line := strings.TrimSpace(strconv.Itoa(a.status) + " " + d.words([]byte(a.reason)))
	if a.status == 407 {
		return d.loginWanted(ctx, a, line)
	}
	text := "CONNECT " + d.target + ": " + line
	if body := d.words(d.excerpt(ctx, conn, a)); body != "" {
		text += ": " + body
	}
	e := d.fail(ctx, PhaseProxy, nil, text, "")
	e.Status = a.status
	return e
}

// loginWanted words the status 407.
func (d *dialing) loginWanted(ctx context.Context, a *answer, line string) *Error {
	text, hint := "the proxy wants a login", d.example(d.Scheme, true)
	if d.hasLogin() {
		text = "the proxy does not take the login"
	}
	if schemes := a.challenges(); len(schemes) > 0 && !contains(schemes, "basic") {
		text = "the proxy wants a login of another kind than Basic: " + d.words([]byte(strings.Join(schemes, ", ")))
		hint = ""
	}
	e := d.fail(ctx, PhaseProxy, nil, text+" ("+line+")", hint)
	e.Status = a.status
	return e
}

// excerpt returns the first bytes of the body of an answer that opens no
// tunnel: what came with its head, and what comes within a moment.
func (d *dialing) excerpt(ctx context.Context, conn net.Conn, a *answer) []byte {
	const most, moment = 4096, 300 * time.Millisecond
	want := int64(most)
	if n, err := strconv.ParseInt(a.field("Content-Length"), 10, 64); err == nil && n >= 0 {
		want = min(n, most)
	}
	if coding := a.field("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil
	}
	body := a.rest
	if more := want - int64(len(body)); more > 0 {
		conn.SetReadDeadline(time.Now().Add(moment))
		if ctx.Err() == nil { // or the deadline just replaced the context's
			rest, _ := io.ReadAll(io.LimitReader(conn, more)) // what came before an error will do
			body = append(body, rest...)
		}
	}
	body = body[:min(int64(len(body)), want)]
	if strings.EqualFold(a.field("Transfer-Encoding"), "chunked") {
		body = firstChunk(body)
	}
	return body
}

// firstChunk returns the data of the first chunk (RFC 9112, section 7.1) as far
// as it is in b.
func firstChunk(b []byte) []byte {
	line, data, ok := strings.Cut(string(b), "\n")
	size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
	n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 32)
	if !ok || err != nil {
		return nil
	}
	return []byte(data[:min(uint64(len(data)), n)])
}

// ahead is a connection of which some bytes were read already.
type ahead struct {
	net.Conn
	read []byte
}

// Read returns the bytes that were read before it goes on with the connection.
func (a *ahead) Read(p []byte) (int, error) {
	if len(a.read) == 0 {
		return a.Conn.Read(p)
	}
	n := copy(p, a.read)
	a.read = a.read[n:]
	return n, nil
}
