package session

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sonde/session/http1"
	"sonde/session/secret"
)

// maxRedirectBody is how much of a redirect's body is read to keep its
// connection; of a larger one the connection is closed.
const maxRedirectBody = 64 << 10

// redirect returns the request an answer leads to, nil if it is the final
// one. The error says why a redirect is not followed.
func (d *doing) redirect(head *http1.Head) (*hop, *Error) {
	if d.r.NoFollow || d.s.Settings.Redirects <= 0 || !isRedirect(head.Status) {
		return nil, nil
	}
	location, ok := firstValue(head.Header, "Location")
	if !ok {
		return nil, nil
	}
	if location == "" {
		d.notice(Notice{Kind: NoticeWarning, Text: fmt.Sprintf("the %d has an empty Location; not followed", head.Status)})
		return nil, nil
	}
	from := d.hop.trail.now.hostPort()
	to, err := d.hop.url.resolve(location)
	if err != nil {
		e := asError(err)
		return nil, &Error{Phase: PhaseRedirect, Host: from, Text: "redirect to " + e.Text, Err: e, Sent: true}
	}
	if len(d.hops) >= d.s.Settings.Redirects {
		return nil, &Error{Phase: PhaseRedirect, Host: from, Text: fmt.Sprintf("exceeded %d redirects", d.s.Settings.Redirects), Hint: moreRedirects(len(d.hops)), Sent: true}
	}
	return d.follow(head.Status, to)
}

// moreRedirects returns what to type for more of them to be followed, "" where
// more would be of no use.
func moreRedirects(n int) string {
	const most = 1000 // that can be typed
	if n >= most {
		return ""
	}
	return "redirects " + strconv.Itoa(min(2*n, most))
}

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

func firstValue(fields []Field, name string) (string, bool) {
	for i := range fields {
		if isField(fields[i].Name, name) {
			return fields[i].Value, true
		}
	}
	return "", false
}

// isField says that a field has a name, whatever its case.
func isField(is, name string) bool { return len(is) == len(name) && strings.EqualFold(is, name) }

// follow makes the next request. 307 and 308 repeat method and body; the
// others change them as requests does, and as browsers do.
func (d *doing) follow(status int, to *URL) (*hop, *Error) {
	h := &hop{method: d.hop.method, url: to, content: d.hop.content, dropped: d.hop.dropped, redirect: true, trail: d.hop.trail, user: d.hop.user}
	h.trail.move(to.Origin())
	if status != 307 && status != 308 {
		if h.method != "HEAD" && (status != 301 || h.method == "POST") {
			h.method = "GET"
		}
		h.content, h.dropped = nil, true
	}
	d.s.addKeys(h)
	if h.content != nil && !h.content.Again {
		return nil, &Error{Phase: PhaseRedirect, Host: d.hop.trail.now.hostPort(), Sent: true,
			Text: "the " + strconv.Itoa(status) + " asks for the body again at " + to.String() + ", but it was a stream that cannot be rewound"}
	}
	d.notice(Notice{Kind: NoticeRedirect, Text: strconv.Itoa(status) + " → " + shortURL(to)})
	lost := d.hop.content != nil && h.content == nil
	text := ""
	switch {
	case h.method != d.hop.method && lost:
		text = d.hop.method + " became " + h.method + ", and the body was dropped"
	case h.method != d.hop.method:
		text = d.hop.method + " became " + h.method
	case lost:
		text = "the body was dropped"
	}
	if text != "" {
		d.notice(Notice{Kind: NoticeMethod, Text: "after a " + strconv.Itoa(status) + " " + text})
	}
	return h, nil
}

// shortURL is a URL for a notice: without its secrets, and not longer than a
// screen has room for.
func shortURL(u *URL) string {
	const most = 300
	s := secret.URL(u.String())
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// leave records a redirect that is followed and sees to its connection.
func (d *doing) leave(head *http1.Head) {
	body, whole := d.drain()
	d.timer.Total = d.s.now().Sub(d.began)
	last := &d.attempts[len(d.attempts)-1]
	last.Timing, last.Body = d.timer, body
	d.hops = append(d.hops, Hop{
		Sent: d.facts, Proto: head.Proto, Status: head.Status, Reason: head.Reason,
		Header: head.Header, RawHead: head.Raw, Body: body, Timing: d.timer, Conn: d.link.info,
	})
	d.release(whole)
}

// drain reads what there is of a small body, undecoded, and says whether that
// was all.
func (d *doing) drain() (read []byte, whole bool) {
	body := d.link.Body()
	if body.Length() > maxRedirectBody {
		return nil, false
	}
	buf := make([]byte, 0, 512)
	for body.Received() <= maxRedirectBody {
		buf = slices.Grow(buf, 512)
		n, err := body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err != nil {
			return buf, d.link.reusable()
		}
	}
	return buf, false
}
