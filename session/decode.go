package session

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"strings"

	"sonde/session/http1"
)

const maxCodings = 5

// decoders are kept from answer to answer: a gzip reader is 40 KB.
type decoders struct{ gzip *gzip.Reader }

// decoded returns a reader of the body without its content codings (RFC 9110,
// section 8.4). With a coding it does not know the body stays as it is.
func (d *doing) decoded(x *Exchange, raw *http1.Body) (in io.Reader, coded bool, err *Error) {
	var codings []string
	for i := range x.Header {
		if f := &x.Header[i]; len(f.Name) == len("Content-Encoding") && strings.EqualFold(f.Name, "Content-Encoding") {
			for c := range strings.SplitSeq(f.Value, ",") {
				if c = strings.ToLower(trimBlanks(c)); c != "" && c != "identity" {
					codings = append(codings, c)
				}
			}
		}
	}
	if len(codings) == 0 || raw.Length() == 0 {
		return raw, false, nil
	}
	if len(codings) > maxCodings {
		return nil, false, &Error{Phase: PhaseBody, Host: d.hop.trail.now.hostPort(), Sent: true,
			Text: fmt.Sprintf("too many content codings (%d > %d)", len(codings), maxCodings)}
	}
	in = raw
	for i := len(codings) - 1; i >= 0; i-- {
		switch codings[i] {
		case "gzip", "x-gzip":
			in = &lazyReader{open: d.s.decoders.openGzip, in: in}
		case "deflate":
			in = &lazyReader{open: openDeflate, in: in}
		default:
			d.notice(Notice{Kind: NoticeWarning, Text: "the body is kept as received: unknown content coding " + quote(codings[i])})
			return raw, false, nil
		}
	}
	x.Coding = strings.Join(codings, ", ")
	return in, true, nil
}

// A lazyReader opens its decoder at the first read. A body of no bytes at all
// is empty, whatever its coding.
type lazyReader struct {
	open func(in *bufio.Reader) (io.Reader, error)
	in   io.Reader
	out  io.Reader
}

func (l *lazyReader) Read(p []byte) (int, error) {
	if l.out == nil {
		in := bufio.NewReaderSize(l.in, 16<<10)
		if _, err := in.Peek(1); err != nil {
			return 0, err
		}
		out, err := l.open(in)
		if err != nil {
			return 0, err
		}
		l.out = out
	}
	return l.out.Read(p)
}

// openGzip uses the kept reader for the first coding of an answer.
func (s *decoders) openGzip(in *bufio.Reader) (io.Reader, error) {
	if s.gzip == nil {
		r, err := gzip.NewReader(in)
		if err != nil {
			return nil, noHeader(err)
		}
		r.Multistream(false)
		return &gzipReader{Reader: r, in: in, keep: s}, nil
	}
	r := s.gzip
	s.gzip = nil
	if err := r.Reset(in); err != nil {
		return nil, noHeader(err)
	}
	r.Multistream(false)
	return &gzipReader{Reader: r, in: in, keep: s}, nil
}

// A gzipReader reads the members of a gzip body, and gives its reader back when
// it is done. Bytes behind the last member that start no other are ignored, as
// gzip itself and other clients do.
type gzipReader struct {
	*gzip.Reader
	in   *bufio.Reader
	keep *decoders
}

func (g *gzipReader) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if err != io.EOF {
		return n, err
	}
	if next, _ := g.in.Peek(2); len(next) == 2 && next[0] == 0x1f && next[1] == 0x8b {
		if err := g.Reader.Reset(g.in); err != nil {
			return n, err
		}
		g.Reader.Multistream(false)
		return n, nil
	}
	g.keep.gzip = g.Reader
	return n, io.EOF
}

// openDeflate accepts what the name means, zlib, and what some servers send,
// deflate without its wrapping.
func openDeflate(in *bufio.Reader) (io.Reader, error) {
	head, _ := in.Peek(2)
	if len(head) == 2 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
		return zlib.NewReader(in)
	}
	return flate.NewReader(in), nil
}

func noHeader(err error) error {
	if err == gzip.ErrHeader {
		return fmt.Errorf("not gzip, though Content-Encoding says so")
	}
	return err
}
