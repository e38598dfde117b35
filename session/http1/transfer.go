package http1

import "io"

// Transfer moves up to most bytes of the body from the connection right into
// dst, which lets the system do it without copying where it can. src must be
// the connection under this Conn, without TLS or anything else between. It
// moves nothing, and ok is false, if the body has no known length or some of
// it is already in the buffer; Read is the way then. At the body's end err is
// nil; Read returns io.EOF next.
func (b *Body) Transfer(dst io.ReaderFrom, src io.Reader, most int64) (n int64, ok bool, err error) {
	if b.err != nil || b.framing != byLength || b.left == 0 || b.conn.br.Buffered() > 0 {
		return 0, false, nil
	}
	want := min(most, b.left)
	n, err = dst.ReadFrom(&io.LimitedReader{R: src, N: want})
	b.got += n
	b.left -= n
	switch {
	case err != nil:
	case n < want:
		return n, true, b.cut(io.EOF)
	case b.left == 0:
		b.finish(bodyDone, io.EOF)
	}
	return n, true, err
}
