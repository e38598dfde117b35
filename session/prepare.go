package session

import (
	"strconv"
	"strings"

	"sonde/session/http1"
	"sonde/session/secret"
)

// Prepared is a request exactly as it goes over the wire.
type Prepared struct {
	Method  string
	URL     *URL
	Target  string // the request-target
	Proto   string
	Header  []Field  // in the order sent
	Secret  []bool   // Secret[i] says that the value of Header[i] is not to be shown
	Content *Content // nil means no body
	Chunked bool     // the body is sent in chunks (RFC 9112, section 7.1)

	host     string   // of a Host header that is not the URL's, "" if it is
	withheld withheld // what did not go along
}

// A hop is one request of a chain of redirects before it is prepared.
type hop struct {
	method   string
	url      *URL
	content  *Content
	dropped  bool // a redirect took the body away
	redirect bool // not the first
	trail    trail
	user     *userinfo // of the URL as typed, nil if there was none
}

// Prepare returns the request that [Session.Do] would send first, without
// sending or changing anything. The error is of phase [PhaseURL] or
// [PhaseRequest].
func (s *Session) Prepare(r *Request) (*Prepared, error) {
	h, err := s.firstHop(r)
	if err != nil {
		return nil, err
	}
	return s.build(r, h)
}

// firstHop resolves the target and adds the parameters.
func (s *Session) firstHop(r *Request) (*hop, error) {
	u, err := s.Resolve(r.Target)
	if err != nil {
		return nil, err
	}
	h := &hop{method: r.Method, url: u, content: r.Content, trail: newTrail(u.Origin()), user: u.user}
	if len(s.Settings.Params) > 0 || len(r.Params) > 0 || len(s.creds.list) > 0 {
		s.addParams(h, r)
	}
	return h, nil
}

// build puts a request together.
func (s *Session) build(r *Request, h *hop) (*Prepared, error) {
	p := &Prepared{Method: h.method, URL: h.url, Target: h.url.RequestTarget(), Proto: "HTTP/1.1", Content: h.content}
	l := newFieldList(8 + len(s.Settings.Headers) + len(r.Headers))
	l.put("Host", h.url.Origin().hostPort(), byDefault, false)
	l.put("User-Agent", s.userAgent, byDefault, false)
	l.put("Accept-Encoding", "gzip, deflate", byDefault, false)
	l.put("Accept", accept(r, h.content), byDefault, false)
	s.addSticky(l, h)
	if err := s.addTyped(p, l, r, h); err != nil {
		return nil, err
	}
	s.addAuth(l, h)
	s.addCookies(l, p, r, h)
	if err := p.addFraming(l, r); err != nil {
		return nil, err
	}
	p.Header, p.Secret = l.fields, l.secret
	p.withheld = s.withheldFrom(r, h)
	out := http1.Request{Method: p.Method, Target: p.Target, Header: p.Header}
	if err := out.Check(); err != nil {
		return nil, unfit(err)
	}
	return p, nil
}

func accept(r *Request, c *Content) string {
	switch {
	case r.Accept != "":
		return r.Accept
	case c != nil && strings.HasPrefix(c.Type, "application/json"):
		return "application/json, */*;q=0.5"
	}
	return "*/*"
}

// addSticky adds the session's headers that may go where we are.
func (s *Session) addSticky(l *fieldList, h *hop) {
	for i := range s.Settings.Headers {
		e := &s.Settings.Headers[i]
		if h.dropped && aboutBody(e.Name) {
			continue
		}
		by := bySession
		if e.Origin != "" || s.secretHeader(*e) {
			if !s.allows(h, e.Origin) {
				continue
			}
			by = byOrigin
		}
		l.put(e.Name, e.Value, by, e.Secret)
	}
}

// allows says that what was given for an origin may go where we are. "" is an
// origin that will be bound to the base's, or else to the request's own.
func (s *Session) allows(h *hop, origin string) bool {
	if origin == "" {
		o := s.baseOrigin()
		if o.IsZero() {
			o = h.trail.first
		}
		return h.trail.allows(o)
	}
	if origin == h.trail.now.String() {
		return h.trail.allows(h.trail.now)
	}
	if len(h.trail.left) == 0 {
		return false
	}
	o, err := OriginOf(origin)
	return err == nil && h.trail.allows(o)
}

// addTyped adds the request's own headers.
func (s *Session) addTyped(p *Prepared, l *fieldList, r *Request, h *hop) error {
	for _, e := range r.Headers {
		isHost := strings.EqualFold(e.Name, "Host")
		switch {
		case h.dropped && aboutBody(e.Name), isHost && !h.trail.home():
		case e.Remove && isHost:
			return &Error{Phase: PhaseRequest, Text: "header Host: HTTP/1.1 has no request without it", Hint: "Host:" + h.url.Host}
		case e.Remove:
			l.remove(e.Name)
		case !h.trail.home() && s.secretEdit(e):
		case e.Empty:
			l.put(e.Name, "", byRequest, e.Secret)
		default:
			l.put(e.Name, e.Value, byRequest, e.Secret)
			if isHost {
				p.host = e.Value
			}
		}
	}
	return nil
}

// addAuth adds the credentials of the URL, or else those the session has for
// where we are.
func (s *Session) addAuth(l *fieldList, h *hop) {
	if h.user != nil && h.trail.home() && l.open("Authorization") {
		l.put("Authorization", basic(h.user.name, h.user.password), byDefault, true)
	}
	for i := len(s.creds.list) - 1; i >= 0; i-- {
		a := &s.creds.list[i] // a later one is not bound yet, but newer
		f, ok := a.Auth.header()
		if ok && l.open(f.Name) && s.allows(h, a.Origin) {
			l.put(f.Name, f.Value, byDefault, true)
		}
	}
}

// addFraming adds Content-Type and the field that tells the body's end.
func (p *Prepared) addFraming(l *fieldList, r *Request) error {
	if p.Content == nil {
		if p.Method == "POST" || p.Method == "PUT" || p.Method == "PATCH" {
			if l.open("Content-Length") && l.open("Transfer-Encoding") {
				l.put("Content-Length", "0", byDefault, false)
			}
		}
		return p.checkFraming(l, 0)
	}
	if p.Content.Type != "" && l.open("Content-Type") {
		l.put("Content-Type", p.Content.Type, byDefault, false)
	}
	p.Chunked = p.Content.Length < 0 || l.index("Transfer-Encoding") >= 0 || !l.open("Content-Length") && l.index("Content-Length") < 0
	switch {
	case p.Chunked && l.index("Transfer-Encoding") < 0:
		l.put("Transfer-Encoding", "chunked", byDefault, false)
	case !p.Chunked && l.index("Content-Length") < 0:
		l.put("Content-Length", strconv.FormatInt(p.Content.Length, 10), byDefault, false)
	}
	return p.checkFraming(l, p.Content.Length)
}

// checkFraming refuses a typed Content-Length or Transfer-Encoding that would
// make the server see another body than ours.
func (p *Prepared) checkFraming(l *fieldList, length int64) error {
	for i := range l.fields {
		switch f := &l.fields[i]; {
		case l.ranks[i] == byDefault:
		case strings.EqualFold(f.Name, "Content-Length"):
			if p.Chunked || f.Value != strconv.FormatInt(length, 10) || l.index(f.Name) != i {
				return &Error{Phase: PhaseRequest, Text: "header Content-Length: " + quote(f.Value) + " is not the length of the body; it is set by itself"}
			}
		case strings.EqualFold(f.Name, "Transfer-Encoding"):
			if !p.Chunked || f.Value != "chunked" || l.index(f.Name) != i {
				return &Error{Phase: PhaseRequest, Text: "header Transfer-Encoding: only chunked can be sent, and only with a body"}
			}
		}
	}
	return nil
}

// AppendHead appends the request line and the header as they go over the
// wire. With mask, secrets are masked.
func (p *Prepared) AppendHead(dst []byte, mask bool) []byte {
	if !mask {
		return http1.AppendHead(dst, p.Method, p.Target, p.Header)
	}
	return appendMasked(dst, p.Method, p.Target, p.Header, p.Secret)
}

// AppendHead appends the request line and the header as they went over the
// wire. With mask, secrets are masked.
func (t *Sent) AppendHead(dst []byte, mask bool) []byte {
	if !mask {
		return http1.AppendHead(dst, t.Method, t.Target, t.Header)
	}
	return appendMasked(dst, t.Method, t.Target, t.Header, t.Secret)
}

func appendMasked(dst []byte, method, target string, header []Field, marks []bool) []byte {
	shown := make([]Field, len(header))
	for i, f := range header {
		switch {
		case marks[i] && secret.Name(f.Name):
			f.Value = secret.Header(f.Name, f.Value)
		case marks[i]:
			f.Value = secret.Mask
		}
		shown[i] = f
	}
	return http1.AppendHead(dst, method, secret.URL(target), shown)
}
