package terminal

// A code names a key. Control characters are their own code, so Ctrl-A is 1;
// a key held with Alt is the key's byte plus altBit; keys without a byte of
// their own follow from keyText on.
type code uint16

const altBit code = 0x100

const (
	keyNone      code = 0 // nothing to do: an unknown sequence, a NUL
	keyTab       code = 9
	keyEnter     code = 13
	keyEsc       code = 27
	keyBackspace code = 127
)

const (
	keyText    code = 0x200 + iota // printable text that arrived together
	keyPaste                       // one bracketed paste
	keyNewline                     // Alt-Enter: a new line, never the end
	keyBackTab
	keyUp
	keyDown
	keyRight
	keyLeft
	keyHome
	keyEnd
	keyDelete
	keyPageUp
	keyPageDown
	keyWordRight
	keyWordLeft
	keyKillWord  // Ctrl-Delete
	pasteStart   // opens a bracketed paste; never leaves the decoder
	interruptKey = code('c' & 0x1f)
	endKey       = code('d' & 0x1f)
)

// ctrl returns the code of a letter typed with Ctrl.
func ctrl(c byte) code { return code(c & 0x1f) }

// alt returns the code of a key typed with Alt.
func alt(c byte) code { return altBit | code(c) }

// A key is one thing the person did.
type key struct {
	code code
	text string // of keyText and keyPaste, cleaned
}

// Modifiers as terminals send them: one plus these bits.
const (
	shiftMod = 1
	altMod   = 2
	ctrlMod  = 4
)

// arrowKey returns the key of a cursor sequence that ends in final, or keyNone.
// Every modifier makes a sideways arrow move by words.
func arrowKey(final byte, mod int) code {
	switch final {
	case 'A':
		return keyUp
	case 'B':
		return keyDown
	case 'C':
		if mod&(altMod|ctrlMod) != 0 {
			return keyWordRight
		}
		return keyRight
	case 'D':
		if mod&(altMod|ctrlMod) != 0 {
			return keyWordLeft
		}
		return keyLeft
	case 'H':
		return keyHome
	case 'F':
		return keyEnd
	}
	return keyNone
}

// tildeKey returns the key of the sequence CSI number ~, or keyNone. Home and
// End are 1 and 4 in tmux, screen and the Linux console, 7 and 8 in rxvt.
func tildeKey(number, mod int) code {
	switch number {
	case 1, 7:
		return keyHome
	case 4, 8:
		return keyEnd
	case 3:
		if mod&(altMod|ctrlMod) != 0 {
			return keyKillWord
		}
		return keyDelete
	case 5:
		return keyPageUp
	case 6:
		return keyPageDown
	case 200:
		return pasteStart
	}
	return keyNone
}

// plainKey returns the key for a character sent with its modifiers spelled
// out, as CSI u and xterm's modifyOtherKeys do.
func plainKey(char, mod int) key {
	switch {
	case char == 13 && mod != 0:
		return key{code: keyNewline}
	case char == 9 && mod&shiftMod != 0:
		return key{code: keyBackTab}
	case char == 127 && mod&ctrlMod != 0:
		return key{code: ctrl('w')}
	case char == 13, char == 9, char == 27:
		return key{code: code(char)}
	case char < 0x20 || char > 0x7f:
		return key{}
	case mod&ctrlMod != 0:
		return key{code: ctrl(byte(char))}
	case mod&altMod != 0:
		return key{code: alt(byte(char))}
	case char == 127:
		return key{code: keyBackspace}
	}
	return key{keyText, string(rune(char))}
}
