package session

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"sonde/session/coding"
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
	Sources []Source // Sources[i] says who set Header[i]
	Content *Content // nil means no body
	Chunked bool     // the body is sent in chunks (RFC 9112, section 7.1)
	Origins

	route    route
	login    claim     // whose Authorization it is, if it is one the session has
	plain    *Prepared // of HTTP/2 the header before it was worded for it
	host     string    // of a Host header that is not the URL's, "" if it is
	withheld withheld  // what did not go along
}

// Origins says where the parts of a request come from, besides its header.
type Origins struct {
	Params  []Part // the query's, but for those the URL itself had
	Cookies []Part // in the order sent
	Proxy   Part   // Name "" means none
	CA      Part   // whom a certificate has to be signed by; Name "" means the system's, or no TLS
	Lost    []Lost // who was overridden
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
	params   []Part
	lost     []Lost // parameters
	answered bool   // a challenge to log in was answered already
	dry      bool   // nothing is going to be sent
}

// Prepare returns the request that [Session.Do] would send first, without
// sending or changing anything. The error is of phase [PhaseURL] or
// [PhaseRequest].
func (s *Session) Prepare(r *Request) (*Prepared, error) {
	h, err := s.firstHop(r)
	if err != nil {
		return nil, err
	}
	h.dry = true
	p, err := s.build(r, h)
	if err == nil && s.pool.speaksHTTP2(p.route.key) {
		p.wordHTTP2()
	}
	return p, err
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
	via, failed := s.routeFor(r, h, h.trail.now)
	if failed != nil {
		return nil, failed
	}
	p.route = via
	l := newFieldList(8 + len(s.Settings.Headers) + len(r.Headers))
	l.put("Host", h.url.Origin().authority(), FromDefault, false)
	l.put("User-Agent", s.options.UserAgent, FromDefault, false)
	l.put("Accept-Encoding", coding.Accept, FromDefault, false)
	l.put("Accept", accept(r, h.content), FromDefault, false)
	s.addSticky(l, h)
	if err := s.addTyped(p, l, r, h); err != nil {
		return nil, err
	}
	if err := s.addAuth(p, l, h); err != nil {
		return nil, err
	}
	s.addCookies(l, p, r, h)
	p.throughProxy(l)
	if err := p.addFraming(l, r); err != nil {
		return nil, err
	}
	p.Header, p.Secret, p.Sources = l.fields, l.secret, l.sources
	p.Params, p.Proxy, p.CA = h.params, via.proxy, via.ca
	p.Lost = slices.Concat(l.lost, h.lost, via.lost)
	p.withheld = s.withheldFrom(r, h)
	out := http1.Request{Method: p.Method, Target: p.Target, Header: p.Header}
	if err := out.Check(); err != nil {
		return nil, unfit(err)
	}
	return p, nil
}

// Defaults returns the header fields that every request has unless somebody says
// otherwise, but for Host.
func (s *Session) Defaults() []Field {
	return []Field{
		{Name: "User-Agent", Value: s.options.UserAgent},
		{Name: "Accept-Encoding", Value: coding.Accept},
		{Name: "Accept", Value: "*/*"},
	}
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
		if e.Drop {
			l.remove(e.Name)
			continue
		}
		by := FromSession
		if e.Origin != "" || s.secretHeader(*e) {
			if !s.allows(h, e.Origin) {
				continue
			}
			by = FromOrigin
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
			l.put(e.Name, "", FromRequest, e.Secret)
		case isField(e.Name, "Cookie") && l.joinCookie(e.Value):
		default:
			l.put(e.Name, e.Value, FromRequest, e.Secret)
			if isHost {
				p.host = e.Value
			}
		}
	}
	return nil
}

// throughProxy words the request for a proxy that passes it on itself: with the
// whole URL (RFC 9112, section 3.2.2) and the proxy's own login. A tunnel sees
// neither.
func (p *Prepared) throughProxy(l *fieldList) {
	if !p.route.forwards() {
		return
	}
	p.Target = p.URL.Origin().String() + p.Target
	if value, ok := p.route.key.proxy.Authorization(); ok && l.open("Proxy-Authorization") {
		l.put("Proxy-Authorization", value, p.route.proxy.Source, true)
	}
}

// addFraming adds Content-Type and the field that tells the body's end.
func (p *Prepared) addFraming(l *fieldList, r *Request) error {
	if p.Content == nil {
		if p.Method == "POST" || p.Method == "PUT" || p.Method == "PATCH" {
			if l.open("Content-Length") && l.open("Transfer-Encoding") {
				l.put("Content-Length", "0", FromDefault, false)
			}
		}
		return p.checkFraming(l, 0)
	}
	if p.Content.Type != "" && l.open("Content-Type") {
		l.put("Content-Type", p.Content.Type, FromDefault, false)
	}
	p.Chunked = p.Content.Length < 0 || l.index("Transfer-Encoding") >= 0 || !l.open("Content-Length") && l.index("Content-Length") < 0
	switch {
	case p.Chunked && l.index("Transfer-Encoding") < 0:
		l.put("Transfer-Encoding", "chunked", FromDefault, false)
	case !p.Chunked && l.index("Content-Length") < 0:
		l.put("Content-Length", strconv.FormatInt(p.Content.Length, 10), FromDefault, false)
	}
	return p.checkFraming(l, p.Content.Length)
}

// checkFraming refuses a typed Content-Length or Transfer-Encoding that would
// make the server see another body than ours.
func (p *Prepared) checkFraming(l *fieldList, length int64) error {
	for i := range l.fields {
		switch f := &l.fields[i]; {
		case l.sources[i] == FromDefault:
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

// AppendHead appends the request line and the header as they go over the wire,
// or for HTTP/2, which has no request line, as they are shown. With mask, secrets
// are masked.
func (p *Prepared) AppendHead(dst []byte, mask bool) []byte {
	if p.Proto == protoHTTP2 {
		return appendHTTP2(dst, p, mask)
	}
	if !mask {
		return http1.AppendHead(dst, p.Method, p.Target, p.Header)
	}
	return appendMasked(dst, p.Method, p.Target, p.Header, p.Secret)
}

// appendHTTP2 appends the pseudo-header as a request line, as people read it,
// and the header behind it.
func appendHTTP2(dst []byte, p *Prepared, mask bool) []byte {
	plain := *p
	plain.Proto = "HTTP/1.1"
	head := plain.AppendHead(nil, mask)
	line, rest, _ := bytes.Cut(head, []byte(" HTTP/1.1\r\n"))
	dst = append(append(dst, line...), " HTTP/2\r\n"...)
	return append(dst, rest...)
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
