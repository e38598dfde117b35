package session

import (
	"slices"
	"strings"

	"sonde/session/http1"
	"sonde/session/http2"
)

// speak words the request for the version of HTTP the connection speaks.
func (d *doing) speak() {
	p, h2 := d.sent, d.link.h2 != nil
	switch {
	case h2 == (p.Proto == protoHTTP2):
	case !h2: // it was worded for a connection that is gone
		p.Proto, p.Header, p.Secret, p.Sources = "HTTP/1.1", p.plain.Header, p.plain.Secret, p.plain.Sources
	default:
		if lost := p.wordHTTP2(); len(lost) > 0 {
			d.notice(Notice{Kind: NoticeWarning, Text: "left out, for HTTP/2 has no such header: " + strings.Join(lost, ", "), Hint: "set http1 on"})
		}
	}
}

const protoHTTP2 = "HTTP/2"

// wordHTTP2 turns the header into that of HTTP/2 (RFC 9113, section 8.3), and
// returns the names of fields that somebody set and that it cannot have.
func (p *Prepared) wordHTTP2() (lost []string) {
	out := http1.Request{Method: p.Method, Target: p.Target, Header: p.Header}
	fields := http2.Fields(&out, p.URL.Scheme, "") // the authority is that of Host
	marks, sources := make([]bool, len(fields)), make([]Source, len(fields))
	used := make([]bool, len(p.Header))
	for i, f := range fields {
		name := f.Name
		if name == ":authority" {
			name = "Host"
		}
		for k := range p.Header { // in order, so that fields of one name keep their marks
			if !used[k] && isField(p.Header[k].Name, name) {
				marks[i], sources[i], used[k] = p.Secret[k], p.Sources[k], true
				break
			}
		}
	}
	for k, f := range p.Header {
		if !used[k] && p.Sources[k] != FromDefault && !slices.Contains(lost, f.Name) {
			lost = append(lost, f.Name)
		}
	}
	p.plain = &Prepared{Header: p.Header, Secret: p.Secret, Sources: p.Sources}
	p.Proto, p.Header, p.Secret, p.Sources = protoHTTP2, fields, marks, sources
	return lost
}
