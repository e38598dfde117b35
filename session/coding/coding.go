package coding

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
)

// Accept is the value of an Accept-Encoding field that asks for every coding
// of this package.
const Accept = "gzip, deflate, br, zstd"

// inputSize is how many coded bytes are read at once.
const inputSize = 16 << 10

// A kind is a coding this package knows; unknown is the zero value.
type kind int

const (
	unknown kind = iota
	identity
	gzipped
	deflated
	brotlied
	zstandard
	kinds
)

func kindOf(name string) kind {
	for k, n := range [...]string{identity: "identity", gzipped: "gzip", deflated: "deflate", brotlied: "br", zstandard: "zstd"} {
		if n != "" && strings.EqualFold(n, name) {
			return kind(k)
		}
	}
	if strings.EqualFold(name, "x-gzip") { // RFC 9110, section 8.4.1.3
		return gzipped
	}
	return unknown
}

// unknownError says that there is no Reader for a coding. It quotes the name, and
// no more than its beginning if it is long.
func unknownError(name string) error {
	const most = 40
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "") + "…"
	}
	return errors.New("unknown content coding " + strconv.Quote(name))
}

// Decoders makes readers and keeps their memory from body to body. The zero
// value is ready to use. It is not safe for concurrent use, and neither are
// its readers while another of them is being read.
type Decoders struct {
	kept [kinds]*decoder
}

// Reader returns a reader of what in holds without its codings, which are
// named in the order they were applied, that of the field Content-Encoding, in
// any case; identity changes nothing. Nothing is read before the first Read. The
// error, the only one there is, says which is the first name that is not known.
func (d *Decoders) Reader(codings []string, in io.Reader) (io.Reader, error) {
	for _, name := range codings {
		if kindOf(name) == unknown {
			return nil, unknownError(name)
		}
	}
	for i := len(codings) - 1; i >= 0; i-- {
		if k := kindOf(codings[i]); k != identity {
			in = &reader{from: d, kind: k, in: in}
		}
	}
	return in, nil
}

// A reader opens its decoder at the first Read and gives it back at the end,
// so that bodies which nobody reads cost nothing.
type reader struct {
	from *Decoders
	kind kind
	in   io.Reader
	open *decoder
	err  error // how reading ended, nil while it goes on
}

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	if r.open == nil {
		r.open = r.from.take(r.kind)
		if err := r.open.start(r.in); err != nil {
			return 0, r.end(err)
		}
	}
	n, err := r.open.Read(p)
	if err != nil {
		err = r.end(err)
	}
	return n, err
}

func (r *reader) end(err error) error {
	r.err = err
	r.open.source = source{} // lets go of the body
	r.from.kept[r.kind] = r.open
	r.open, r.in = nil, nil
	return err
}

// take hands out the kept decoder, which a body with the same coding twice
// does not find again.
func (d *Decoders) take(k kind) *decoder {
	c := d.kept[k]
	d.kept[k] = nil
	if c == nil {
		c = &decoder{codec: newCodec(k)}
		c.in = bufio.NewReaderSize(&c.source, inputSize)
	}
	return c
}

// A codec decodes one coding, one body after the other.
type codec interface {
	io.Reader

	// reset begins a body that has at least one byte. What the codec keeps of
	// an earlier one is memory only: in is always the same.
	reset(in *bufio.Reader) error
}

func newCodec(k kind) codec {
	switch k {
	case gzipped:
		return new(gzipCodec)
	case deflated:
		return new(deflateCodec)
	case brotlied:
		return new(brotliCodec)
	default:
		return new(zstdCodec)
	}
}

// A decoder is a codec with its input.
type decoder struct {
	codec
	source source
	in     *bufio.Reader
}

func (c *decoder) start(in io.Reader) error {
	c.source = source{in: in}
	c.in.Reset(&c.source)
	if _, err := c.in.Peek(1); err != nil {
		return err
	}
	return c.reset(c.in)
}

// Read tells the error of the input as it is. A decoder may name it otherwise,
// or take it for the end where a body could end.
func (c *decoder) Read(p []byte) (int, error) {
	n, err := c.codec.Read(p)
	if failed := c.source.err; failed != nil && failed != io.EOF && (err == io.EOF || errors.Is(err, failed)) {
		err = failed
	}
	return n, err
}

// A source remembers how its input ended.
type source struct {
	in  io.Reader
	err error
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.in.Read(p)
	if err != nil {
		s.err = err
	}
	return n, err
}
