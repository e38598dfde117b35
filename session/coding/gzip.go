package coding

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
)

// A gzipCodec reads the members of a gzip body. Bytes behind the last member
// that start no other are ignored, as gzip itself and other clients do.
type gzipCodec struct {
	r  *gzip.Reader
	in *bufio.Reader
}

func (g *gzipCodec) reset(in *bufio.Reader) (err error) {
	g.in = in
	if g.r == nil {
		g.r = new(gzip.Reader)
	}
	if err = g.r.Reset(in); err != nil {
		return noHeader(err)
	}
	g.r.Multistream(false)
	return nil
}

// Read implements io.Reader.
func (g *gzipCodec) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	if err != io.EOF {
		return n, err
	}
	if next, _ := g.in.Peek(2); len(next) < 2 || next[0] != 0x1f || next[1] != 0x8b {
		return n, io.EOF
	}
	if err := g.r.Reset(g.in); err != nil {
		return n, cutShort(err)
	}
	g.r.Multistream(false)
	return n, nil
}

// noHeader says what the matter is when the body was never gzip.
func noHeader(err error) error {
	if err == gzip.ErrHeader {
		return errors.New("not gzip, though Content-Encoding says so")
	}
	return cutShort(err)
}

// cutShort turns the end of the input in the middle of something, which some
// decoders call io.EOF, into what it is.
func cutShort(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
