package coding

import (
	"bufio"

	"github.com/andybalholm/brotli"
)

// A brotliCodec reads the one stream that is a br body. Windows above 16 MiB,
// which RFC 7932 does not have, are refused by the library.
type brotliCodec struct{ r *brotli.Reader }

func (b *brotliCodec) reset(in *bufio.Reader) error {
	if b.r == nil {
		b.r = brotli.NewReader(in)
		return nil
	}
	return b.r.Reset(in)
}

// Read implements io.Reader.
func (b *brotliCodec) Read(p []byte) (int, error) { return b.r.Read(p) }
