package render

import "time"

// Parts are the times one request took, in the order they pass. A part that did
// not happen, such as the handshakes on a connection that was kept, is 0;
// negative times are drawn as 0.
type Parts struct {
	DNS     time.Duration // name lookup
	Connect time.Duration // TCP handshake, with the proxy if there is one
	Proxy   time.Duration // asking the proxy for a way to the server, RFC 9110 section 9.3.6
	TLS     time.Duration // TLS handshake
	Send    time.Duration // writing the request
	Wait    time.Duration // from the request's end to the answer's first byte
	Body    time.Duration // from the first byte to the end of the body
}

// Sum returns what the parts take together.
func (p Parts) Sum() time.Duration {
	var sum time.Duration
	for _, d := range p.times() {
		sum += d
	}
	return sum
}

// times returns the parts, indexed by kind.
func (p Parts) times() [kinds]time.Duration {
	t := [kinds]time.Duration{
		lookup: p.DNS, connect: p.Connect, tunnel: p.Proxy, handshake: p.TLS,
		sending: p.Send, waiting: p.Wait, reading: p.Body,
	}
	for k, d := range t {
		t[k] = max(d, 0)
	}
	return t
}

// A kind is what a stretch of time was spent on.
type kind int

const (
	earlier kind = iota // attempts, pauses and redirects before the request that the parts are of
	lookup
	connect
	tunnel
	handshake
	sending
	waiting
	reading
	kinds
)

// sliver is drawn for what is too short for a cell, broken in the middle of what
// is too long for the scale.
const (
	sliver = "▏"
	broken = "»"
)

// look returns a kind's name and its cell in a bar. The cells differ, so that
// bars can be read without colour too.
func (k kind) look() (name, cell string) {
	switch k {
	case lookup:
		return "DNS", "█"
	case connect:
		return "TCP", "▒"
	case tunnel:
		return "proxy", "▄"
	case handshake:
		return "TLS", "▓"
	case sending:
		return "send", "▌"
	case waiting:
		return "wait", "░"
	case reading:
		return "body", "═"
	}
	return "earlier requests, pauses", "·"
}

// tint returns the colour of a kind. Waiting, most of any picture, has none.
func (s *Style) tint(k kind) []byte {
	switch k {
	case lookup:
		return s.paint.number
	case connect, tunnel:
		return s.paint.constant
	case handshake:
		return s.paint.accent
	case reading:
		return s.paint.str
	case earlier:
		return s.paint.dim
	}
	return nil
}
