package text

import "unicode/utf8"

// hidden reports whether the rune r of the given size at b[i] must not be drawn as
// it is: it steers the terminal, is invisible, or reorders what stands around it.
// Joiners and variation selectors shape emoji and several scripts; they stay where
// they do that work and are hidden elsewhere, where they only disguise text.
func hidden(b []byte, i int, r rune, size int) bool {
	switch {
	case r <= 0xad:
		return r < 0xa0 || r == 0xad // C1; soft hyphen
	case r < 0x180b:
		return r == 0x034f || r == 0x061c || // grapheme joiner; Arabic letter mark
			r == 0x115f || r == 0x1160 || r == 0x17b4 || r == 0x17b5 // blank fillers and vowels
	case r < 0x200b:
		return r <= 0x180f // Mongolian selectors
	case r == 0x200c || r == 0x200d:
		return !joins(b, i, size)
	case r < 0x2070:
		return r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2060 // separators, bidi, invisible operators
	case r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef:
		return true // no characters, by definition
	case r < 0xfe00:
		return r == 0x3164 // Hangul filler
	case r <= 0xfe0f:
		return !selects(b, i, r)
	case r < 0x10000:
		return r == 0xfeff || r == 0xffa0 || r >= 0xfff0 && r <= 0xfffb // BOM, filler, annotations
	case r < 0xe0000:
		return r >= 0x13430 && r <= 0x1343f || r >= 0x1bca0 && r <= 0x1bca3 || r >= 0x1d173 && r <= 0x1d17a
	case r >= 0xe0100 && r <= 0xe01ef:
		return !selects(b, i, r)
	}
	return r <= 0xe0fff // tags and the rest of that block
}

// joins reports whether the joiner at b[i] stands between two runes that it can
// join: pictographs, or letters of scripts that write with joiners.
func joins(b []byte, i, size int) bool {
	before, n := utf8.DecodeLastRune(b[:i])
	after, _ := utf8.DecodeRune(b[i+size:])
	if cursive(before) && cursive(after) {
		return true
	}
	if before == 0xfe0f && selects(b, i-n, before) {
		before, _ = utf8.DecodeLastRune(b[:i-n])
	}
	return pictograph(before) && pictograph(after)
}

// pictograph reports whether r may be part of an emoji made of several runes.
func pictograph(r rune) bool {
	return r >= 0x2190 && r <= 0x2bff || r >= 0x1f000 && r <= 0x1faff
}

// cursive reports whether r belongs to a script whose letters change with joiners:
// Arabic, Syriac, N'Ko and those of India and its neighbours.
func cursive(r rune) bool {
	return r >= 0x0620 && r <= 0x07ff || r >= 0x08a0 && r <= 0x0dff || r >= 0x0f40 && r <= 0x109f
}

// selects reports whether the variation selector r at b[i] has something to select
// from: emoji style after a symbol or a keycap base, a variant of an ideograph.
func selects(b []byte, i int, r rune) bool {
	before, _ := utf8.DecodeLastRune(b[:i])
	if r >= 0xe0100 || r < 0xfe0e {
		return before >= 0x3400 && before <= 0x9fff || before >= 0x20000 && before <= 0x3ffff
	}
	return pictograph(before) || before == 0x00a9 || before == 0x00ae || before == 0x203c || before == 0x2049 ||
		before == 0x2122 || before == 0x2139 || before == 0x3030 || before == 0x303d ||
		before == 0x3297 || before == 0x3299 ||
		keycap(before)
}

// keycap reports whether r is drawn as a key when U+FE0F and U+20E3 follow.
func keycap(r rune) bool { return r == '#' || r == '*' || r >= '0' && r <= '9' }

// holdLimit bounds Hold. The longest emoji in use take about 40 bytes.
const holdLimit = 64

// Hold returns how many bytes at the end of b have to wait for what follows them:
// a rune that is not complete, a CR that may begin CR LF, or runes that the next
// one may belong to. Cleaning a stream in pieces that end where Hold says gives
// the same as cleaning it whole. Only chains of joined runes longer than 64 bytes
// are cut all the same, so that a stream cannot make its reader wait for ever.
func Hold(b []byte) int {
	end := len(b)
	if end == 0 {
		return 0
	}
	if c := b[end-1]; c < utf8.RuneSelf {
		if c == '\r' || keycap(rune(c)) {
			return 1
		}
		return 0
	}
	part := partial(b)
	for i := end - part; end-i < holdLimit; {
		r, size := utf8.DecodeLastRune(b[:i])
		i -= size
		if i == 0 {
			return end
		}
		if !shapes(r) {
			before, _ := utf8.DecodeLastRune(b[:i])
			if r == '\n' && before == '\r' {
				return end - i + 1 // the two are one line end
			}
			if before != 0x200c && before != 0x200d {
				return end - i
			}
		}
	}
	return part
}

// shapes reports whether r depends on the rune before it.
func shapes(r rune) bool {
	return r == 0x200c || r == 0x200d || r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef
}

// partial returns how many bytes at the end of b begin a rune that needs more.
func partial(b []byte) int {
	for n := 1; n <= 3 && n <= len(b); n++ {
		c := b[len(b)-n]
		if utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}
