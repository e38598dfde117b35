package item

// wordLen is the length of what could be one number or word at the start of
// text.
func wordLen(text string) int {
	for i := range len(text) {
		switch c := text[i]; {
		case isDigit(c), c|0x20 >= 'a' && c|0x20 <= 'z', c == '+', c == '-', c == '.':
		default:
			return i
		}
	}
	return len(text)
}

// numberLen is the length of the longest JSON number that text starts with;
// for one that is incomplete, the length up to where it goes wrong less one,
// so that it never equals the whole.
func numberLen(text string) int {
	i := 0
	if text[0] == '-' {
		i++
	}
	n := digits(text[i:])
	if n == 0 {
		return 0
	}
	if n > 1 && text[i] == '0' {
		n = 1
	}
	i += n
	if i < len(text) && text[i] == '.' {
		n := digits(text[i+1:])
		if n == 0 {
			return i
		}
		i += 1 + n
	}
	if i < len(text) && text[i]|0x20 == 'e' {
		j := i + 1
		if j < len(text) && (text[j] == '+' || text[j] == '-') {
			j++
		}
		n := digits(text[j:])
		if n == 0 {
			return i
		}
		i = j + n
	}
	return i
}

// digits counts the digits that text starts with.
func digits(text string) int {
	i := 0
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i
}
