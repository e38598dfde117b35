package jsontext

import (
	"encoding/json"
	"unsafe"
)

// number reads the number at d.i, RFC 8259 section 6.
func (d *decoder) number() (any, error) {
	start := d.i
	i := start
	if d.b[i] == '-' {
		i++
	}
	first := i
	n := 0
	for i < len(d.b) && '0' <= d.b[i] && d.b[i] <= '9' {
		n = n*10 + int(d.b[i]-'0')
		i++
	}
	digits := i - first
	if digits == 0 || digits > 1 && d.b[first] == '0' {
		d.i = min(first+digits, first+1)
		return nil, d.unexpected("a number without leading zero")
	}
	end, err := fraction(d.b, i)
	if err != nil {
		return nil, err
	}
	d.i = end
	raw := d.b[start:end]
	// 18 digits fit in an int of 64 bits, 9 in one of 32.
	exact := 18
	if ^uint(0)>>63 == 0 {
		exact = 9
	}
	if end == i && digits <= exact && !(first > start && n == 0) {
		if first > start {
			n = -n
		}
		return n, nil
	}
	return json.Number(unsafe.String(unsafe.SliceData(raw), len(raw))), nil
}

// fraction returns the end of the fraction and exponent that may stand at b[i].
func fraction(b []byte, i int) (int, error) {
	if i < len(b) && b[i] == '.' {
		i++
		j := skipDigits(b, i)
		if j == i {
			return i, unexpected(b, i, i, "a digit")
		}
		i = j
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		j := skipDigits(b, i)
		if j == i {
			return i, unexpected(b, i, i, "a digit")
		}
		i = j
	}
	return i, nil
}

func skipDigits(b []byte, i int) int {
	for i < len(b) && '0' <= b[i] && b[i] <= '9' {
		i++
	}
	return i
}
