package keyring

import (
	"encoding/binary"
	"slices"
	"unicode/utf16"
)

// fromUTF16 returns text that is UTF-16, little endian, as UTF-8, and any other
// as it is. Tools of Windows (cmdkey, the Credential Manager) keep passwords so;
// the entry itself does not say. What gives it away is a character of ASCII, of
// which one byte is zero.
func fromUTF16(text string) string {
	if len(text)%2 != 0 {
		return text
	}
	ascii := false
	units := make([]uint16, 0, len(text)/2)
	for data := []byte(text); len(data) > 0; data = data[2:] {
		unit := binary.LittleEndian.Uint16(data)
		if unit == 0 {
			return text
		}
		ascii = ascii || unit < 0x80
		units = append(units, unit)
	}
	runes := utf16.Decode(units)
	if !ascii || slices.Contains(runes, '\ufffd') {
		return text
	}
	return string(runes)
}
