package proxy

import "strings"

// words makes what a proxy sent fit for a message: the login it may have echoed
// is masked, blanks are one, and it is short.
func (s Server) words(raw []byte) string {
	const most = 160 // runes
	text := string(raw)
	for _, secret := range s.secrets() {
		text = hide(text, secret)
	}
	text = clean(text)
	runes := 0
	for i := range text {
		if runes == most {
			return text[:i] + "…"
		}
		runes++
	}
	return text
}

// secrets are the forms of the password that a proxy may echo.
func (s Server) secrets() []string {
	if s.Password == "" {
		return nil
	}
	return []string{s.Password, s.basic()}
}

// hide masks a secret in text, and a beginning of it that is long enough to be
// no chance, since what was read may end in the middle of it.
func hide(text, secret string) string {
	start := secret[:min(len(secret), 6)]
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(text, start)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		b.WriteString(mask)
		left := secret[len(start):]
		for len(left) > 0 && len(after) > 0 && after[0] == left[0] {
			left, after = left[1:], after[1:]
		}
		text = after
	}
}

// clean returns text on one line, its blanks made one. Control characters other
// than blanks stay in it: who shows it makes them visible.
func clean(text string) string { return strings.Join(strings.Fields(text), " ") }
