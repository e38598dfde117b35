package coding

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// zstdWindow is the largest window a content coding may have (RFC 9659,
// section 3), in bytes.
const zstdWindow = 8 << 20

// A zstdCodec reads the frames of a zstd body.
type zstdCodec struct {
	r     *zstd.Decoder
	began bool  // something has been decoded
	err   error // met already, while the library still holds decoded bytes
}

// reset uses the library without its goroutines; they would outlive a body
// that nobody reads to its end.
func (z *zstdCodec) reset(in *bufio.Reader) (err error) {
	z.began, z.err = false, nil
	if z.r == nil {
		z.r, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxMemory(zstdWindow))
		if err != nil {
			return fmt.Errorf("zstd decoder: %w", err)
		}
	}
	return z.r.Reset(in)
}

// Read implements io.Reader. The library tells an error before it hands out
// the block that the error is about, so the block is fetched first.
func (z *zstdCodec) Read(p []byte) (int, error) {
	if z.err != nil {
		return z.rest(p)
	}
	n, err := z.r.Read(p)
	z.began = z.began || n > 0
	if err == nil || err == io.EOF {
		return n, err
	}
	z.err = z.explain(err)
	if n == 0 {
		return z.rest(p)
	}
	return n, nil
}

func (z *zstdCodec) rest(p []byte) (int, error) {
	if n, _ := z.r.Read(p); n > 0 {
		return n, nil
	}
	return 0, z.err
}

func (z *zstdCodec) explain(err error) error {
	switch {
	case errors.Is(err, zstd.ErrMagicMismatch) && z.began:
		return errors.New("zstd: bytes behind the last frame")
	case errors.Is(err, zstd.ErrMagicMismatch):
		return errors.New("not zstd, though Content-Encoding says so")
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return errors.New("zstd: window size exceeded (8 MiB)")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return err
	}
	return fmt.Errorf("zstd: %w", err)
}
