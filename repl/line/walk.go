package line

import "strings"

// A walk goes through jq text and keeps track of its strings, with programs in
// them, its brackets and its comments. It does not know the rest of jq.
type walk struct {
	text string
	// stop is asked at every byte outside strings, brackets and comments, and at
	// the # of a comment there; true ends the walk at that byte.
	stop func(i int) bool
	// joins are the offsets of the backslashes before a line end that were passed.
	joins []int
}

// A walked says how a walk ended.
type walked struct {
	end  int  // where it stopped; where it gave up; or the end of the text
	open int  // offset of what is still open at the end of the text; -1: nothing
	bad  bool // gave up at a closing bracket that has no partner
}

// from walks from i on.
func (w *walk) from(i int) walked {
	var stack []int // offsets of what is open
	for i < len(w.text) {
		c := w.text[i]
		if n := len(stack); n > 0 && w.text[stack[n-1]] == '"' {
			stack, i = w.inString(stack, i)
			continue
		}
		if len(stack) == 0 && w.stop(i) {
			return walked{end: i, open: -1}
		}
		switch c {
		case '"', '(', '[', '{':
			stack = append(stack, i)
		case ')', ']', '}':
			n := len(stack)
			if n == 0 || closer(w.text[stack[n-1]]) != c {
				return walked{end: i, open: -1, bad: true}
			}
			stack = stack[:n-1]
		case '#':
			i = w.commentEnd(i)
			continue
		case '\\':
			switch rest := w.text[i+1:]; {
			case rest == "", rest == "\r":
				return walked{end: len(w.text), open: i}
			case rest[0] == '\n':
				w.joins = append(w.joins, i)
				i++
			case strings.HasPrefix(rest, "\r\n"):
				w.joins = append(w.joins, i)
				i += 2
			}
		}
		i++
	}
	if n := len(stack); n > 0 {
		return walked{end: i, open: stack[n-1]}
	}
	return walked{end: i, open: -1}
}

// inString takes the next step inside a string.
func (w *walk) inString(stack []int, i int) ([]int, int) {
	switch w.text[i] {
	case '"':
		return stack[:len(stack)-1], i + 1
	case '\\':
		if strings.HasPrefix(w.text[i:], `\(`) {
			stack = append(stack, i+1)
		}
		return stack, min(i+2, len(w.text))
	}
	if n := strings.IndexAny(w.text[i:], `"\`); n >= 0 {
		return stack, i + n
	}
	return stack, len(w.text)
}

// commentEnd is the offset of the line feed that ends the comment at i.
func (w *walk) commentEnd(i int) int {
	if n := strings.IndexByte(w.text[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(w.text)
}

// blanked is text[from:to] with a blank for each backslash that joins two lines.
func (w *walk) blanked(from, to int) string {
	s := w.text[from:to]
	var b []byte
	for _, i := range w.joins {
		if i >= from && i < to {
			if b == nil {
				b = []byte(s)
			}
			b[i-from] = ' '
		}
	}
	if b == nil {
		return s
	}
	return string(b)
}

func closer(open byte) byte {
	switch open {
	case '(':
		return ')'
	case '[':
		return ']'
	case '{':
		return '}'
	}
	return open
}
