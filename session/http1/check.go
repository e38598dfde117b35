package http1

import (
	"fmt"
	"strings"
)

// An UnfitError says what of a request cannot be sent, and why. Nothing has
// been written.
type UnfitError struct {
	What  string // "method", "target", "header NAME"
	Cause string
}

// Error says what is unfit, and why.
func (e *UnfitError) Error() string { return e.What + ": " + e.Cause }

// CheckMethod returns an UnfitError unless the method is a token (RFC 9110,
// section 9.1).
func CheckMethod(method string) error {
	if method == "" {
		return &UnfitError{"method", "is empty"}
	}
	for i := range len(method) {
		if !IsTokenByte(method[i]) {
			return &UnfitError{"method", fmt.Sprintf("invalid method %s", Clip(method))}
		}
	}
	return nil
}

// CheckTarget returns an UnfitError if the target is empty or has a byte that
// would end it or the line.
func CheckTarget(target string) error {
	if target == "" {
		return &UnfitError{"target", "is empty"}
	}
	for i := range len(target) {
		if c := target[i]; c <= ' ' || c == 0x7f {
			return &UnfitError{"target", fmt.Sprintf("has a blank or control character at byte %d", i+1)}
		}
	}
	return nil
}

// CheckField returns an UnfitError unless the name is a token and the value
// has no control character and no blank at its start (RFC 9110, section 5).
func CheckField(name, value string) error {
	if name == "" {
		return &UnfitError{"header", "the name is empty"}
	}
	for i := range len(name) {
		if !IsTokenByte(name[i]) {
			return &UnfitError{fmt.Sprintf("header %.60q", name), "the name may have letters, digits and !#$%&'*+-.^_`|~ only"}
		}
	}
	if value == "" {
		return nil
	}
	if value[0] == ' ' || value[0] == '\t' {
		return &UnfitError{"header " + name, "the value starts with a blank"}
	}
	for i := range len(value) {
		switch c := value[i]; {
		case c == '\r' || c == '\n':
			return &UnfitError{"header " + name, "the value has a line break"}
		case c < ' ' && c != '\t' || c == 0x7f:
			return &UnfitError{"header " + name, "the value has a control character"}
		}
	}
	return nil
}

// IsTokenByte says that c may stand in a token, such as a method or the name of a
// field (RFC 9110, section 5.6.2).
func IsTokenByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("-_!#$%&'*+.^`|~", c) >= 0
}

// HasToken says that a list of tokens between commas (RFC 9110, section 5.6.1) has
// one, whatever the case of its letters.
func HasToken(list, token string) bool {
	for part := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.Trim(part, " \t"), token) {
			return true
		}
	}
	return false
}

// Clip returns the first 60 bytes of received text in quotes, with everything
// escaped that is no printable ASCII, and … if there is more.
func Clip[T string | []byte](text T) string {
	const most = 60
	if len(text) > most {
		return fmt.Sprintf("%+q…", text[:most])
	}
	return fmt.Sprintf("%+q", text)
}
