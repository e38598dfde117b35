// Package text makes text from outside safe to draw and measures how wide it is.
//
// A server chooses every byte of its answers: reason phrases, header values,
// cookies, bodies, even the words of its errors. Some byte sequences move the
// cursor, rename the window or fill the clipboard; others are invisible or turn
// the reading direction around so that a person reads something else than what
// was sent. The Clean functions turn all of those into visible ASCII (`\x1b`,
// `\u202e`) and leave the rest as it is.
//
// Widths are counted in terminal cells per grapheme cluster, so that an emoji
// made of several code points counts as what is seen.
package text

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Clean returns s as one line that is safe to draw: control characters (TAB, LF
// and CR included, as `\t`, `\n` and `\r`), bytes that are not UTF-8, invisible
// characters and those that reorder text are replaced by escapes in ASCII. Text
// that needs no change is returned as it is, without allocating. Cleaning twice
// is the same as cleaning once; the result is at most four times as long.
func Clean(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7f {
			return string(Cleaner{}.Append(make([]byte, 0, len(s)+16), []byte(s)))
		}
	}
	return s
}

// CleanBlock is Clean for text of several lines: TAB and LF stay, and CR LF
// becomes LF.
func CleanBlock(s string) string {
	return string(Cleaner{Block: true}.Append(make([]byte, 0, len(s)+16), []byte(s)))
}

// AppendClean appends Clean of b to dst and returns the longer slice.
func AppendClean(dst, b []byte) []byte { return Cleaner{}.Append(dst, b) }

// AppendCleanBlock appends CleanBlock of b to dst and returns the longer slice.
func AppendCleanBlock(dst, b []byte) []byte { return Cleaner{Block: true}.Append(dst, b) }

// A Cleaner says how text is cleaned. The zero value cleans single lines and
// marks nothing.
type Cleaner struct {
	Block         bool   // keep TAB and LF, draw CR LF as LF
	Before, After []byte // put around each run of escapes, to dim them; may be nil
}

// Append appends the cleaned b to dst and returns the longer slice.
//
// Whether a joiner or a variation selector is kept depends on its neighbours, so
// a stream has to be cut where no such group is split: see Hold.
func (c Cleaner) Append(dst, b []byte) []byte {
	for i := 0; i < len(b); {
		n := i + plain(b[i:])
		dst = append(dst, b[i:n]...)
		if n == len(b) {
			return dst
		}
		size := c.keep(b, n)
		if size == 0 {
			dst, i = c.escapeRun(dst, b, n)
			continue
		}
		if b[n] == '\r' { // before LF: a line end is drawn, not spelled out
			dst, i = append(dst, '\n'), n+size
			continue
		}
		dst, i = append(dst, b[n:n+size]...), n+size
	}
	return dst
}

// keep returns how many bytes at b[i:] can be drawn, 0 if they need an escape.
func (c Cleaner) keep(b []byte, i int) int {
	switch ch := b[i]; {
	case ch >= utf8.RuneSelf:
		start := i
		for i < len(b) && b[i] >= utf8.RuneSelf {
			r, size := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && size == 1 || hidden(b, i, r, size) {
				break
			}
			i += size
		}
		return i - start
	case ch >= 0x20 && ch < 0x7f:
		return 1
	case !c.Block:
		return 0
	case ch == '\n' || ch == '\t':
		return 1
	case ch == '\r' && i+1 < len(b) && b[i+1] == '\n':
		return 2
	}
	return 0
}

// escapeRun appends the escapes of the bytes from i on that need one, and returns
// where the first drawable byte is.
func (c Cleaner) escapeRun(dst, b []byte, i int) ([]byte, int) {
	dst = append(dst, c.Before...)
	for i < len(b) && c.keep(b, i) == 0 {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			dst = appendHex(append(dst, `\x`...), uint32(b[i]), 2)
		} else {
			dst = appendEscape(dst, r)
		}
		i += size
	}
	return append(dst, c.After...), i
}

// appendEscape appends a visible spelling of r as Go and Python write it.
func appendEscape(dst []byte, r rune) []byte {
	switch {
	case r == '\t':
		return append(dst, `\t`...)
	case r == '\n':
		return append(dst, `\n`...)
	case r == '\r':
		return append(dst, `\r`...)
	case r < 0x80:
		return appendHex(append(dst, `\x`...), uint32(r), 2)
	case r < 0x10000:
		return appendHex(append(dst, `\u`...), uint32(r), 4)
	}
	return appendHex(append(dst, `\U`...), uint32(r), 8)
}

func appendHex(dst []byte, v uint32, digits int) []byte {
	for shift := (digits - 1) * 4; shift >= 0; shift -= 4 {
		dst = append(dst, "0123456789abcdef"[v>>shift&15])
	}
	return dst
}

// plain returns how many bytes at the start of b are printable ASCII.
func plain(b []byte) int {
	const (
		high  = 0x8080808080808080
		space = 0x2020202020202020
		ones  = 0x0101010101010101
	)
	i := 0
	for ; i+8 <= len(b); i += 8 {
		v := binary.LittleEndian.Uint64(b[i:])
		// The top bit of a byte of v is set from 0x80 on, of v-space below 0x20, and of
		// v+ones at 0x7f. A borrow or carry reaches only bytes above a hit, so that
		// the lowest hit is exact.
		if hit := (v | (v - space) | (v + ones)) & high; hit != 0 {
			return i + bits.TrailingZeros64(hit)>>3
		}
	}
	for i < len(b) && b[i] >= 0x20 && b[i] < 0x7f {
		i++
	}
	return i
}
