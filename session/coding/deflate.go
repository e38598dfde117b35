package coding

import (
	"bufio"
	"compress/flate"
	"compress/zlib"
	"io"
)

// A deflateCodec accepts what the name means, zlib (RFC 9110, section
// 8.4.1.2), and what some servers send, deflate without its wrapping.
type deflateCodec struct {
	now     io.Reader // the one of the two that reads this body
	wrapped io.Reader // nil until it is needed
	bare    io.Reader // nil until it is needed
}

func (d *deflateCodec) reset(in *bufio.Reader) (err error) {
	if !zlibHeader(in) {
		if d.bare == nil {
			d.bare = flate.NewReader(in)
		} else if err = d.bare.(flate.Resetter).Reset(in, nil); err != nil {
			return err
		}
		d.now = d.bare
		return nil
	}
	if d.wrapped == nil {
		r, err := zlib.NewReader(in)
		if err != nil {
			return cutShort(err)
		}
		d.wrapped = r
	} else if err = d.wrapped.(zlib.Resetter).Reset(in, nil); err != nil {
		return cutShort(err)
	}
	d.now = d.wrapped
	return nil
}

// zlibHeader reports whether the two bytes that begin a zlib stream are there
// (RFC 1950, section 2.2).
func zlibHeader(in *bufio.Reader) bool {
	head, _ := in.Peek(2)
	return len(head) == 2 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0
}

// Read implements io.Reader.
func (d *deflateCodec) Read(p []byte) (int, error) { return d.now.Read(p) }
