package http2

import (
	"strings"

	h2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"sonde/session/http1"
)

// Fields returns what goes over HTTP/2 as the head of a request: the
// pseudo-header fields that stand for its first line and Host (RFC 9113, section
// 8.3.1), then its fields, names in lower case, without those that are about an
// HTTP/1.1 connection. An empty authority means the value of the Host field.
func Fields(r *http1.Request, scheme, authority string) []http1.Field {
	named := "" // by Connection, as being about the connection
	for i := range r.Header {
		switch f := &r.Header[i]; {
		case authority == "" && strings.EqualFold(f.Name, "Host"):
			authority = f.Value
		case strings.EqualFold(f.Name, "Connection"):
			named += "," + f.Value
		}
	}
	fields := make([]http1.Field, 0, len(r.Header)+4)
	fields = append(fields, http1.Field{Name: ":method", Value: r.Method})
	if r.Method == "CONNECT" {
		fields = append(fields, http1.Field{Name: ":authority", Value: r.Target})
	} else {
		fields = append(fields, http1.Field{Name: ":scheme", Value: scheme})
		if authority != "" {
			fields = append(fields, http1.Field{Name: ":authority", Value: authority})
		}
		fields = append(fields, http1.Field{Name: ":path", Value: r.Target})
	}
	for i := range r.Header {
		name, value := strings.ToLower(r.Header[i].Name), r.Header[i].Value
		if name == "te" && strings.EqualFold(strings.Trim(value, " \t"), "trailers") {
			fields = append(fields, http1.Field{Name: name, Value: "trailers"})
			continue
		}
		if name == "host" || name == "te" || hopByHop(name) || named != "" && http1.HasToken(named, name) {
			continue
		}
		fields = append(fields, http1.Field{Name: name, Value: value})
	}
	return fields
}

// sensitive says that the value of a field is kept out of compression tables on
// the way, where it could be guessed at (RFC 7541, section 7.1.3).
func sensitive(name string) bool {
	if strings.HasPrefix(name, ":") {
		return false
	}
	for _, part := range [...]string{"auth", "cookie", "key", "token", "secret", "password"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// appendHead appends the frames of a request's head to c.out, before the first
// one also what a client begins a connection with (RFC 9113, section 3.4). With
// end, no body follows.
func (c *Conn) appendHead(r *http1.Request, end bool) {
	c.mu.Lock()
	greeted, most := c.greeted, c.peer.frame
	if c.peer.tableLow != c.enc.MaxDynamicTableSize() { // both are told, section 4.2 of RFC 7541
		c.enc.SetMaxDynamicTableSize(c.peer.tableLow)
	}
	if c.peer.table != c.peer.tableLow {
		c.enc.SetMaxDynamicTableSize(c.peer.table)
	}
	c.peer.tableLow = c.peer.table
	c.mu.Unlock()
	c.out = c.out[:0]
	if !greeted {
		c.out = append(c.out, h2.ClientPreface...)
		c.frame.WriteSettings(
			h2.Setting{ID: h2.SettingEnablePush, Val: 0},
			h2.Setting{ID: h2.SettingInitialWindowSize, Val: streamWindow},
			h2.Setting{ID: h2.SettingMaxHeaderListSize, Val: c.listSize()},
		)
		c.frame.WriteWindowUpdate(0, connWindow-firstWindow)
	}
	c.packed.Reset()
	for _, f := range Fields(r, c.scheme, "") {
		c.enc.WriteField(hpack.HeaderField{Name: f.Name, Value: f.Value, Sensitive: sensitive(f.Name)})
	}
	part := c.packed.Next(most)
	c.frame.WriteHeaders(h2.HeadersFrameParam{
		StreamID: c.id, BlockFragment: part,
		EndStream: end, EndHeaders: c.packed.Len() == 0,
	})
	for c.packed.Len() > 0 {
		part = c.packed.Next(most)
		c.frame.WriteContinuation(c.id, c.packed.Len() == 0, part)
	}
}
