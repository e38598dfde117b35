package terminal

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

const esc = 0x1b

// decode returns the first key in b and how many bytes it took; 0 bytes mean
// that b may be the beginning of a longer sequence. Sequences that are no key,
// such as answers of the terminal or reports of the mouse, are taken whole and
// give keyNone.
func decode(b []byte) (key, int) {
	if len(b) == 0 {
		return key{}, 0
	}
	switch c := b[0]; {
	case c == esc:
		return decodeEsc(b)
	case c == '\n': // Ctrl-J, or Enter typed while the terminal was cooked
		return key{code: keyEnter}, 1
	case c == '\b':
		return key{code: keyBackspace}, 1
	case c < 0x20 || c == 0x7f:
		return key{code: code(c)}, 1
	}
	return decodeText(b)
}

// settle returns what b means when nothing follows: a lone Esc is the key,
// any other unfinished sequence is dropped.
func settle(b []byte) (key, int) {
	if b[0] != esc {
		n := max(1, len(b))
		return key{keyText, string(utf8.RuneError)}, n
	}
	if len(b) == 1 || b[1] == esc {
		return key{code: keyEsc}, 1
	}
	return key{}, len(b)
}

// decodeText takes the printable text at the start of b. It stops in front of
// a rune that is not complete.
func decodeText(b []byte) (key, int) {
	n := 0
	for n < len(b) && b[n] >= 0x20 && b[n] != 0x7f {
		if b[n] >= utf8.RuneSelf && !utf8.FullRune(b[n:]) {
			break
		}
		_, size := utf8.DecodeRune(b[n:])
		n += size
	}
	if n == 0 {
		return key{}, 0
	}
	text := cleanInput(b[:n])
	if text == "" {
		return key{}, n
	}
	return key{keyText, text}, n
}

// cleanInput returns typed or pasted bytes as text: line ends become LF, bytes
// that are no UTF-8 become U+FFFD, and control characters but TAB and LF are
// dropped.
func cleanInput(b []byte) string {
	s := strings.ToValidUTF8(string(b), string(utf8.RuneError))
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

func decodeEsc(b []byte) (key, int) {
	if len(b) < 2 {
		return key{}, 0
	}
	switch c := b[1]; {
	case c == '[':
		return decodeCSI(b)
	case c == 'O':
		return decodeSS3(b)
	case c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X':
		return skipString(b)
	case c == esc:
		return decodeAltSequence(b)
	case c == '\r' || c == '\n':
		return key{code: keyNewline}, 2
	case c == '\b':
		return key{code: alt(0x7f)}, 2
	case c >= utf8.RuneSelf:
		return key{}, 1
	}
	return key{code: alt(b[1])}, 2
}

// decodeAltSequence takes the Esc in front of a cursor sequence, which is how
// some terminals send it with Alt.
func decodeAltSequence(b []byte) (key, int) {
	if len(b) < 3 {
		return key{}, 0
	}
	if b[2] != '[' && b[2] != 'O' {
		return key{code: keyEsc}, 1
	}
	k, n := decodeEsc(b[1:])
	if n == 0 {
		return key{}, 0
	}
	switch k.code {
	case keyLeft:
		k.code = keyWordLeft
	case keyRight:
		k.code = keyWordRight
	case keyEnter:
		k.code = keyNewline
	}
	return k, n + 1
}

// decodeCSI takes a control sequence: parameters, intermediates, a final byte
// (ECMA-48, 5.4).
func decodeCSI(b []byte) (key, int) {
	i := 2
	for i < len(b) && b[i] >= 0x20 && b[i] < 0x40 {
		i++
	}
	if i == len(b) {
		return key{}, 0
	}
	final := b[i]
	switch {
	case final < 0x40 || final > 0x7e: // broken off: what follows is another key
		return key{}, i
	case final == '[' && i == 2: // a function key of the Linux console
		return key{}, wholeOr0(b, i+2)
	case final == 'M' && i == 2: // a mouse report of the oldest kind
		return key{}, wholeOr0(b, i+4)
	}
	return csiKey(b[2:i], final), i + 1
}

// wholeOr0 returns n if b is that long, else 0: more has to come.
func wholeOr0(b []byte, n int) int {
	if len(b) < n {
		return 0
	}
	return n
}

func csiKey(params []byte, final byte) key {
	numbers, ok := csiNumbers(params)
	if !ok {
		return key{} // private sequences are answers, not keys
	}
	mod := max(numbers[1]-1, 0)
	switch final {
	case '~':
		if numbers[0] == 27 {
			return plainKey(numbers[2], mod)
		}
		return key{code: tildeKey(numbers[0], mod)}
	case 'u':
		return plainKey(numbers[0], mod)
	case 'Z':
		return key{code: keyBackTab}
	case '^': // rxvt, with Ctrl
		return key{code: tildeKey(numbers[0], ctrlMod)}
	case 'a', 'b', 'c', 'd': // rxvt, with Shift; an answer has parameters
		if len(params) > 0 {
			return key{}
		}
		return key{code: arrowKey(final-'a'+'A', 0)}
	}
	if numbers[1] == 0 && numbers[0] > 1 {
		mod = numbers[0] - 1
	}
	return key{code: arrowKey(final, mod)}
}

// csiNumbers reads up to three decimal parameters; a missing one is 0. Sub-
// parameters after a colon are passed over.
func csiNumbers(params []byte) (numbers [3]int, ok bool) {
	for i, p := range bytes.SplitN(params, []byte{';'}, len(numbers)+1) {
		if i == len(numbers) {
			break
		}
		p, _, _ = bytes.Cut(p, []byte{':'})
		for _, c := range p {
			if c < '0' || c > '9' || numbers[i] > 1<<20 {
				return numbers, false
			}
			numbers[i] = numbers[i]*10 + int(c-'0')
		}
	}
	return numbers, true
}

// decodeSS3 takes a sequence of the application cursor and keypad modes.
func decodeSS3(b []byte) (key, int) {
	i := 2
	for i < len(b) && (b[i] >= '0' && b[i] <= '9' || b[i] == ';') {
		i++
	}
	if i == len(b) {
		return key{}, 0
	}
	final, mod := b[i], 0
	if i > 2 {
		mod = int(b[i-1]-'0') - 1
	}
	switch {
	case final < 0x40 || final > 0x7e:
		return key{}, i
	case final == 'M':
		return key{code: keyEnter}, i + 1
	case final >= 'j' && final <= 'y': // keypad characters are 0x40 apart
		return key{keyText, string(rune(final - 0x40))}, i + 1
	case final >= 'a' && final <= 'd': // rxvt, with Ctrl
		return key{code: arrowKey(final-'a'+'A', ctrlMod)}, i + 1
	}
	return key{code: arrowKey(final, max(mod, 0))}, i + 1
}

// skipString takes a string sequence (OSC, DCS, APC, PM or SOS) up to BEL or
// ST. Esc followed by anything but a backslash ends it too, as in xterm.
func skipString(b []byte) (key, int) {
	i := bytes.IndexAny(b[2:], "\a\x1b\x18\x1a")
	if i < 0 {
		return key{}, 0
	}
	i += 2
	if b[i] != esc {
		return key{}, i + 1
	}
	if i+1 == len(b) {
		return key{}, 0
	}
	if b[i+1] == '\\' {
		return key{}, i + 2
	}
	return key{}, i
}
